"""Signatures, schedules, URLs and addresses."""

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from tenure.kernel.clock import real_now
from tenure.kernel.encryption import Cipher, UndecryptableError
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.webhooks.deliveries.rules import LEASE, PAUSES, message_of, signed_headers
from tenure.webhooks.endpoints.rules import checked_url, is_public, new_secret
from tenure.webhooks.sending.client import TIMEOUT_SECONDS

# The example of the Standard Webhooks specification.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE_ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
SENT_AT = datetime.fromtimestamp(1614265330, UTC)
BODY = '{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_signature_of_the_specification() -> None:
    assert signed_headers([SECRET], MESSAGE_ID, BODY, SENT_AT) == {
        "content-type": "application/json",
        "webhook-id": MESSAGE_ID,
        "webhook-timestamp": "1614265330",
        "webhook-signature": SIGNATURE,
    }


def test_two_secrets_make_two_signatures() -> None:
    """Receivers with either secret accept the message, and others do not."""
    secrets = [new_secret(), new_secret()]
    headers = signed_headers(secrets, MESSAGE_ID, BODY, real_now())
    assert headers["webhook-signature"].count(" ") == 1
    for secret in secrets:
        Verifier(secret).verify(BODY, headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(new_secret()).verify(BODY, headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(secrets[0]).verify(BODY.replace("2", "3"), headers)


def test_body_is_compact_json_in_utf_8() -> None:
    assert message_of("test", SENT_AT, {"name": "Élodie"}) == (
        '{"type":"test","timestamp":"2021-02-25T15:02:10Z","data":{"name":"Élodie"}}'
    )


def test_secrets_have_the_form_of_the_specification() -> None:
    """24 to 64 random bytes in base64, with a prefix."""
    secret = new_secret()
    assert secret.startswith("whsec_")
    assert len(secret) == len("whsec_") + 44
    assert secret != new_secret()


def test_pauses_and_lease() -> None:
    """The pauses of issue 13, and a lease that outlasts every attempt."""
    seconds, minutes, hours = 5, [5, 30], [2, 5, 10, 14, 20, 24]
    assert (
        timedelta(seconds=seconds),
        *(timedelta(minutes=it) for it in minutes),
        *(timedelta(hours=it) for it in hours),
    ) == PAUSES
    assert timedelta(seconds=TIMEOUT_SECONDS) * 2 < LEASE
    assert TIMEOUT_SECONDS == 15


def test_encryption() -> None:
    cipher = Cipher("key " * 10, "one purpose")
    encrypted = cipher.encrypt(SECRET)
    assert SECRET not in encrypted
    assert encrypted != cipher.encrypt(SECRET)
    assert Cipher("key " * 10, "one purpose").decrypt(encrypted) == SECRET
    for other in (Cipher("kez " * 10, "one purpose"), Cipher("key " * 10, "another")):
        with pytest.raises(UndecryptableError):
            other.decrypt(encrypted)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255",
        "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1",
        "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1",
        "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "2606:4700::1%eth0", "fc00::1",
        "fd12:3456::1", "fec0::1", "ff02::1", "ff0e::1", "2001:db8::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "::a00:1", "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "2002:7f00:1::", "2002:a00:1::1",
        "2001:0:4136:e378:8000:63bf:f5ff:fffe", "100::1", "", "localhost", "1.2.3",
        "2130706433", "0x7f000001",
    ],
)  # fmt: skip
def test_addresses_that_are_never_sent_to(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "1.1.1.1", "172.32.0.1", "2606:4700:4700::1111", "::ffff:8.8.8.8",
     "64:ff9b::808:808"],
)  # fmt: skip
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com", "https://example.com/", "https://example.com:8443/a/b?c=d",
        "https://münchen.example/", "https://8.8.8.8/x", "https://[2606:4700::1111]/",
    ],
)  # fmt: skip
def test_urls(url: str) -> None:
    assert checked_url(f" {url} ", allow_private=False) == url


@pytest.mark.parametrize(
    ("url", "code"),
    [
        (None, ErrorCode.REQUIRED), ("", ErrorCode.REQUIRED), ("  ", ErrorCode.REQUIRED),
        ("https://example.com/" + "x" * 2000, ErrorCode.OUT_OF_RANGE),
        ("example.com", ErrorCode.INVALID), ("/path", ErrorCode.INVALID),
        ("ftp://example.com/", ErrorCode.INVALID), ("file:///etc/passwd", ErrorCode.INVALID),
        ("https://", ErrorCode.INVALID), ("https:///path", ErrorCode.INVALID),
        ("https://example.com:99999/", ErrorCode.INVALID),
        ("https://example.com:0/", ErrorCode.INVALID),
        ("https://exa\nmple.com/", ErrorCode.INVALID),
        ("https://user:secret@example.com/", ErrorCode.INVALID),
        ("https://user@example.com/", ErrorCode.INVALID),
        ("https://example.com/#part", ErrorCode.INVALID),
        ("https://example.com/#", ErrorCode.INVALID),
        ("http://example.com/", ErrorCode.INVALID),
        ("https://localhost/", ErrorCode.INVALID), ("https://LOCALHOST./", ErrorCode.INVALID),
        ("https://a.localhost/", ErrorCode.INVALID),
        ("https://metadata.google.internal/", ErrorCode.INVALID),
        ("https://127.0.0.1/", ErrorCode.INVALID), ("https://[::1]/", ErrorCode.INVALID),
        ("https://[::ffff:10.0.0.1]/", ErrorCode.INVALID),
        ("https://169.254.169.254/latest/meta-data/", ErrorCode.INVALID),
    ],
)  # fmt: skip
def test_refused_urls(url: str | None, code: ErrorCode) -> None:
    with pytest.raises(TenureError) as error:
        checked_url(url, allow_private=False)
    assert (error.value.code, error.value.path) == (code, ("url",))
    assert "secret" not in error.value.message


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/x", "https://localhost/", "http://[::1]/"])
def test_private_urls_where_the_operator_allows_them(url: str) -> None:
    assert checked_url(url, allow_private=True) == url
