"""One check of e-mail addresses, used for accounts, for imported lines and for users."""

import pytest

from tenure.accounts.rules import checked_email
from tenure.identity.rules import email_key
from tenure.importing.lines import parse_account_line
from tenure.kernel.email_addresses import check_email_address
from tenure.kernel.errors import ErrorCode, TenureError

VALID = ["ana@example.com", "a.b+c@example.com", "jörg@müller.de", "ana@intranet", "ana@x.test"]
INVALID = [
    "ana",
    "ana@",
    "@example.com",
    "ana@@example.com",
    "ana..b@example.com",
    "ana,ben@example.com",
    "Ana <ana@example.com>",
    "ana@example.com.",
    "ana@-example.com",
    "ana@[127.0.0.1]",
]


@pytest.mark.parametrize("address", VALID)
def test_an_address_is_stored_as_it_was_given(address: str) -> None:
    assert checked_email(address) == address
    assert email_key(address) == address
    line = parse_account_line({"number": "A-1", "name": "Ana", "email": address})
    assert line.email == address


@pytest.mark.parametrize("address", INVALID)
def test_a_wrong_address_is_refused_everywhere_with_the_same_words(address: str) -> None:
    message = "Provide an e-mail address, such as ana@example.com."
    for check in (check_email_address, checked_email, email_key):
        with pytest.raises(TenureError) as error:
            check(address)
        assert (error.value.code, error.value.path) == (ErrorCode.INVALID, ("email",))
        assert error.value.message == message
    with pytest.raises(ValueError, match=message):
        parse_account_line({"number": "A-1", "name": "Ana", "email": address})
