"""The check of e-mail addresses, by the package email-validator."""

from email_validator import EmailNotValidError, validate_email

from tenure.kernel.errors import ErrorCode, TenureError


def check_email_address(address: str, *, path: str = "email") -> None:
    """Raises INVALID unless the syntax is that of an address.

    No name server is asked. Domains without a dot and of the test installations (.test) are
    valid, because mail can be delivered to them within a network.
    """
    try:
        validate_email(
            address,
            check_deliverability=False,
            globally_deliverable=False,
            test_environment=True,
        )
    except EmailNotValidError:
        raise TenureError(
            ErrorCode.INVALID, "Provide an e-mail address, such as ana@example.com.", (path,)
        ) from None
