"""What is printed of settings and faults holds no secret."""

import io
import logging
import traceback

import pytest
import structlog
from pydantic import ValidationError

from tenure.kernel.logs import configure_logs
from tenure.kernel.settings import Settings

SECRETS = {
    "database_url": "postgresql://tenure:Hidden1@127.0.0.1:1/x",
    "broker_url": "amqp://tenure:Hidden2@127.0.0.1:1/",
    "cache_url": "redis://:Hidden7@127.0.0.1:1/0",
    "secret_key": "Hidden3" * 5,
    "gateway_key": "Hidden4",
    "oidc_client_secret": "Hidden7",
}
AT_FAULT = {"pool_size": "Hidden5", "broker_queue": "Hidden 6"}


def test_settings_do_not_print_their_secrets() -> None:
    provider = {"oidc_issuer": "https://login.test", "oidc_client_id": "tenure"}
    public = {"public_url": "https://tenure.test"}
    settings = Settings(_env_file=None, **SECRETS, **provider, **public)  # type: ignore[arg-type]
    for printed in (
        repr(settings),
        str(settings),
        f"{settings}",
        repr(settings.payment_gateway),
        repr(settings.identity_provider),
        repr([settings]),
    ):
        assert "Hidden" not in printed
    assert settings.secret_key == SECRETS["secret_key"]


def test_a_setting_at_fault_is_not_repeated() -> None:
    """Whoever puts a secret into the wrong variable does not find it in the log."""
    with pytest.raises(ValidationError) as refusal:
        Settings(_env_file=None, **SECRETS, **AT_FAULT)  # type: ignore[arg-type]
    assert "Hidden" not in str(refusal.value)
    assert "Hidden" not in "".join(traceback.format_exception(refusal.value))


@pytest.mark.parametrize("kind", ["text", "json"])
def test_tracebacks_show_no_local_variables(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault while somebody signs in: the password is a local variable there."""
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    try:
        configure_logs(Settings(_env_file=None, log=kind))  # type: ignore[call-arg,arg-type]
        try:
            _sign_in(SECRETS["gateway_key"])
        except ZeroDivisionError:
            structlog.get_logger().exception("it failed")
    finally:
        root.handlers[:], root.level = handlers, level
        structlog.configure(**before)
    assert "ZeroDivisionError" in written.getvalue()
    assert "it failed" in written.getvalue()
    assert "Hidden" not in written.getvalue()


def _sign_in(password: str) -> float:
    return len(password) / 0
