"""Every command refuses invalid settings with one line each, which says what is expected."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from tenure.cli import commands
from tenure.cli.running import load_settings
from tenure.kernel.settings import Settings
from tenure.policies import queries as policies
from tests.kernel.test_settings import COMMANDS

KEY = "k" * 32
ESCAPED_DATABASE = (
    "TENURE_DATABASE_URL cannot be read: write @, : and % of the user and the password as "
    "%40, %3A and %25, or set TENURE_DATABASE_PASSWORD."
)
CACHE = "TENURE_CACHE_URL must be redis://HOST:PORT/DATABASE, rediss://…, or empty."
ESCAPED_BROKER = (
    "TENURE_BROKER_URL cannot be read: write @, #, /, ? and % of the user and the password as "
    "%40, %23, %2F, %3F and %25, or set TENURE_BROKER_PASSWORD."
)
DATABASE = "TENURE_DATABASE_URL must be sqlite:///PATH or postgresql://USER@HOST:PORT/NAME."
BROKER = (
    "TENURE_BROKER_URL must be redis://HOST:PORT/DATABASE or amqp://USER:PASSWORD@HOST:PORT/VHOST, "
    "or empty."
)
ORIGIN = "it must be https://HOST or https://HOST:PORT, without user, path, query and fragment."
POSTGRES = "postgresql://tenure@db.test/tenure"

OIDC = {
    "public_url": "https://tenure.test",
    "oidc_issuer": "https://login.test",
    "oidc_client_id": "tenure",
}
MAPPED = {"oidc_role_claim": "groups"}
EXACTLY = (
    "it must be https://HOST, with a port and a path where there are any, as the provider writes "
    "it."
)
ISSUER, QUERY = f"login.test': {EXACTLY}", f"login.test?x': {EXACTLY}"
ROLES = (
    "it must be VALUE=ROLE, separated by commas, each value once. Roles are VIEWER, AGENT, "
    "MANAGER, ADMIN."
)

RunCommand = Callable[..., list[str]]

REFUSED: list[tuple[dict[str, str], str]] = [
    ({"clock": "fast"}, "TENURE_CLOCK is 'fast': it must be 'real' or 'settable'."),
    (
        {"statement_timeout": "inf"},
        "TENURE_STATEMENT_TIMEOUT is 'inf': it must be less than or equal to 3600.",
    ),
    (
        {"lock_timeout": "1e12"},
        "TENURE_LOCK_TIMEOUT is '1e12': it must be less than or equal to 3600.",
    ),
    ({"log": "xml"}, "TENURE_LOG is 'xml': it must be 'text', 'json' or ''."),
    (
        {"pool_size": "many"},
        (
            "TENURE_POOL_SIZE is 'many': it must be a valid integer, unable to parse string as "
            "an integer."
        ),
    ),
    (
        {"gateway": "strype"},
        "TENURE_GATEWAY is strype: it must be simulated or stripe, or a plug-in's.",
    ),
    (
        {"gateway": "stripe"},
        "TENURE_GATEWAY_KEY must be set with the gateway stripe: its secret key (sk_… or rk_…).",
    ),
    (
        {"gateway_url": "pay.test:99"},
        (
            "TENURE_GATEWAY_URL is 'pay.test:99': it must be https://HOST, with a port and a "
            "path where there are any."
        ),
    ),
    ({"public_url": "tenure.test"}, f"TENURE_PUBLIC_URL is 'tenure.test': {ORIGIN}"),
    ({"public_url": "ftp://tenure.test"}, f"TENURE_PUBLIC_URL is 'ftp://tenure.test': {ORIGIN}"),
    ({"public_url": "https://"}, f"TENURE_PUBLIC_URL is 'https://': {ORIGIN}"),
    ({"public_url": "https://t.test/x"}, f"TENURE_PUBLIC_URL is 'https://t.test/x': {ORIGIN}"),
    ({"public_url": "https://t.test?x=1"}, f"TENURE_PUBLIC_URL is 'https://t.test?x=1': {ORIGIN}"),
    ({"public_url": "https://t.test#x"}, f"TENURE_PUBLIC_URL is 'https://t.test#x': {ORIGIN}"),
    (
        {"public_url": "https://u:Hidden@t.test"},
        f"TENURE_PUBLIC_URL is 'https://…@t.test': {ORIGIN}",
    ),
    (
        {"allowed_origins": "*"},
        (
            "TENURE_ALLOWED_ORIGINS names '*', which is no origin. List each as https://HOST or "
            "https://HOST:PORT, separated by commas; * is refused."
        ),
    ),
    (
        {"oidc_client_id": "tenure"},
        "TENURE_OIDC_ISSUER must be set with the other TENURE_OIDC_….",
    ),
    (
        {"oidc_issuer": "https://login.test"},
        "TENURE_OIDC_CLIENT_ID must be set with TENURE_OIDC_ISSUER.",
    ),
    (
        {"oidc_issuer": "https://login.test", "oidc_client_id": "tenure"},
        (
            "TENURE_PUBLIC_URL must be set with TENURE_OIDC_ISSUER: the provider sends users back "
            "to its path /auth/oidc/callback."
        ),
    ),
    ({**OIDC, "oidc_issuer": "http://login.test"}, f"TENURE_OIDC_ISSUER is 'http://{ISSUER}"),
    ({**OIDC, "oidc_issuer": "https://login.test?x"}, f"TENURE_OIDC_ISSUER is 'https://{QUERY}"),
    (
        {**OIDC, "oidc_scopes": "email profile"},
        "TENURE_OIDC_SCOPES must contain openid, like 'openid email profile'.",
    ),
    (
        {**OIDC, "oidc_role_claim": "groups"},
        "Set both of TENURE_OIDC_ROLE_CLAIM and TENURE_OIDC_ROLES.",
    ),
    ({**OIDC, **MAPPED, "oidc_roles": "staff"}, f"TENURE_OIDC_ROLES has 'staff': {ROLES}"),
    ({**OIDC, **MAPPED, "oidc_roles": "a=OWNER"}, f"TENURE_OIDC_ROLES has 'a=OWNER': {ROLES}"),
    (
        {**OIDC, **MAPPED, "oidc_roles": "a=AGENT,a=ADMIN"},
        f"TENURE_OIDC_ROLES has 'a=ADMIN': {ROLES}",
    ),
    (
        {**OIDC, "oidc_default_role": "OWNER"},
        (
            "TENURE_OIDC_DEFAULT_ROLE is 'OWNER': it must be 'VIEWER', 'AGENT', 'MANAGER', "
            "'ADMIN' or ''."
        ),
    ),
    (
        {"password_sign_in": "false"},
        "TENURE_OIDC_ISSUER must be set with TENURE_PASSWORD_SIGN_IN=false: nobody could sign in.",
    ),
    ({"database_url": "mysql://u:Hidden@db.test/x"}, DATABASE),
    ({"database_url": "tenure.db"}, DATABASE),
    ({"database_url": "postgresql://tenure:Hid@den@db.test/x"}, ESCAPED_DATABASE),
    ({"database_url": "postgresql://tenure:p@Hidden:x@db.test/x"}, ESCAPED_DATABASE),
    ({"database_url": "postgresql://tenure@db.test:99999/x"}, ESCAPED_DATABASE),
    (
        {"database_url": f"{POSTGRES}?sslmode=on"},
        (
            "TENURE_DATABASE_URL has sslmode=on: it must be one of disable, allow, prefer, "
            "require, "
            "verify-ca, verify-full."
        ),
    ),
    (
        {"database_url": f"{POSTGRES}?sslrootcert=/nowhere/root.crt"},
        "TENURE_DATABASE_URL has sslrootcert=/nowhere/root.crt, but there is no such file.",
    ),
    (
        {"database_url": f"{POSTGRES}?sslmode=verify-full"},
        (
            "TENURE_DATABASE_URL has sslmode=verify-full, which needs the certificate of the "
            "authority "
            "that signed the server's: add sslrootcert=FILE."
        ),
    ),
    (
        {"database_url": f"{POSTGRES}?connect_timeout=soon"},
        "TENURE_DATABASE_URL has connect_timeout=soon: it must be a whole number of seconds.",
    ),
    (
        {"database_url": f"{POSTGRES}?ssl=require&sslmode=require"},
        "TENURE_DATABASE_URL has ssl and sslmode: take ssl out.",
    ),
    (
        {"database_url": f"{POSTGRES}?sslmode=require&sslmode=disable"},
        "TENURE_DATABASE_URL has the option sslmode more than once.",
    ),
    ({"broker_url": "kafka://broker.test"}, BROKER),
    ({"broker_url": "redis://"}, BROKER),
    ({"cache_url": "amqp://tenure:Hidden@cache.test/"}, CACHE),
    ({"cache_url": "redis://:Hidden@cache.test:x/0"}, CACHE),
    ({"cache_url": "redis://:Hidden@cache.test/main"}, CACHE),
    ({"broker_url": "redis://broker.test:x/0"}, BROKER),
    ({"broker_url": "amqp://tenure:Hid#den@broker.test/"}, ESCAPED_BROKER),
    ({"broker_url": "amqp://tenure:12#Hidden@broker.test/"}, ESCAPED_BROKER),
    ({"broker_url": "amqp://tenure:Hid/den@broker.test/"}, ESCAPED_BROKER),
    ({"broker_url": "redis://:12?Hidden@broker.test/0"}, ESCAPED_BROKER),
    (
        {"broker_url": "redis://broker.test/main"},
        "TENURE_BROKER_URL must end with the number of a database: redis://HOST/0.",
    ),
    (
        {"broker_url": "amqp://tenure@broker.test/"},
        "TENURE_BROKER_URL has a user and no password: set TENURE_BROKER_PASSWORD.",
    ),
    (
        {"database_password": "Hidden"},
        (
            "TENURE_DATABASE_PASSWORD is set, but TENURE_DATABASE_URL names SQLite, which has no "
            "passwords."
        ),
    ),
    (
        {"database_password": "Hidden", "database_url": "postgresql://tenure:Hidden@db.test/x"},
        (
            "TENURE_DATABASE_PASSWORD is set, but TENURE_DATABASE_URL has a password too: "
            "set only one "
            "of them."
        ),
    ),
    (
        {"database_password": "Hidden", "database_url": "postgresql://db.test/x"},
        (
            "TENURE_DATABASE_PASSWORD is set, but TENURE_DATABASE_URL has no user: "
            "postgresql://USER@HOST:PORT/NAME."
        ),
    ),
    (
        {"broker_password": "Hidden"},
        "TENURE_BROKER_PASSWORD is set, but TENURE_BROKER_URL is empty.",
    ),
    (
        {"broker_password": "Hidden", "broker_url": "redis://:Hidden@broker.test/0"},
        (
            "TENURE_BROKER_PASSWORD is set, but TENURE_BROKER_URL has a password too: set only "
            "one of them."
        ),
    ),
    (
        {"secret_key_file": "nowhere.txt"},
        "TENURE_SECRET_KEY_FILE is 'nowhere.txt', which cannot be used: No such file or directory.",
    ),
    (
        {"gateway_key_file": "."},
        "TENURE_GATEWAY_KEY_FILE is '.', which cannot be used: Is a directory.",
    ),
    (
        {"database_url": POSTGRES, "database_password_file": "empty.txt"},
        "TENURE_DATABASE_PASSWORD_FILE is 'empty.txt', which cannot be used: it is empty.",
    ),
    (
        {"broker_url_file": "lines.txt"},
        "TENURE_BROKER_URL_FILE is 'lines.txt', which cannot be used: it has more than one line.",
    ),
    (
        {"broker_url": "redis://h", "broker_password_file": "binary.txt"},
        (
            "TENURE_BROKER_PASSWORD_FILE is 'binary.txt', which cannot be used: it is no text in "
            "UTF-8."
        ),
    ),
    (
        {"secret_key": KEY, "secret_key_file": "key.txt"},
        "TENURE_SECRET_KEY and TENURE_SECRET_KEY_FILE are both set: set only one of them.",
    ),
]


@pytest.fixture
def run_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> RunCommand:
    """Runs a command that is refused in a folder with files. Returns the lines of stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PGSSLROOTCERT", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name, content in (
        ("empty.txt", b"\n"),
        ("lines.txt", b"redis://one\nredis://two\n"),
        ("binary.txt", b"\xff\xfe"),
        ("key.txt", f"{KEY}\n".encode()),
        ("lines.jsonl", b""),
    ):
        (tmp_path / name).write_bytes(content)

    def run(*command: str, **settings: str) -> list[str]:
        for name, value in settings.items():
            monkeypatch.setenv(f"TENURE_{name.upper()}", value)
        monkeypatch.setattr(sys, "argv", ["tenure", *command])
        monkeypatch.setattr("tenure.kernel.logs.configure_logs", lambda _settings: None)
        with pytest.raises(SystemExit) as exit_:
            commands.main()
        out, err = capsys.readouterr()
        assert (exit_.value.code, out) == (1, "")
        assert not (tmp_path / "tenure.db").exists()
        return err.splitlines()

    return run


@pytest.mark.parametrize(("settings", "line"), REFUSED)
def test_each_is_refused_in_one_line(
    run_command: RunCommand, settings: dict[str, str], line: str
) -> None:
    """None of the lines holds a secret."""
    assert run_command("migrate", **settings) == [f"tenure: {line}"]
    assert "Hidden" not in line


def test_an_option_that_the_driver_does_not_know_is_refused(run_command: RunCommand) -> None:
    [line] = run_command("migrate", database_url=f"{POSTGRES}?channel_binding=require")
    assert line.startswith(
        "tenure: TENURE_DATABASE_URL has the option 'channel_binding', which is not supported: "
        "take it out. Supported are application_name, connect_timeout, "
    )


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_refuses_in_the_same_words(
    run_command: RunCommand, command: list[str]
) -> None:
    """A line for each setting at fault."""
    assert run_command(*command, clock="fast", public_url="tenure.test") == [
        "tenure: TENURE_CLOCK is 'fast': it must be 'real' or 'settable'.",
        f"tenure: TENURE_PUBLIC_URL is 'tenure.test': {ORIGIN}",
    ]


@pytest.mark.parametrize("command", [it for it in COMMANDS if it != ["check"]], ids=" ".join)
def test_every_command_refuses_an_unknown_gateway_and_origins(
    run_command: RunCommand, command: list[str]
) -> None:
    """`tenure check` reports it too: tests/payments/gateways, tests/web/test_refusals."""
    lines = run_command(*command, gateway="stripe", allowed_origins="x")
    assert [line.partition(" names ")[0].partition(" must ")[0] for line in lines] == [
        "tenure: TENURE_ALLOWED_ORIGINS",
        "tenure: TENURE_GATEWAY_KEY",
    ]


@pytest.mark.parametrize("command", ["migrate", "worker"])
def test_a_plugin_that_cannot_be_loaded_is_one_line(
    run_command: RunCommand, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 9: it says which plug-in, and why."""

    def load() -> object:
        raise ImportError("no module\nnamed rules")

    broken = SimpleNamespace(name="discounts", value="discounts.hooks", load=load)
    monkeypatch.setattr(policies, "entry_points", lambda group: [broken])  # noqa: ARG005
    policies.installed.cache_clear()
    try:
        assert run_command(command) == [
            (
                "tenure: The plug-in discounts (discounts.hooks) cannot be loaded: "
                "ImportError: no module named rules"
            )
        ]
    finally:
        policies.installed.cache_clear()


def test_a_damaged_env_file_is_one_line(run_command: RunCommand) -> None:
    Path(".env").write_bytes(b"TENURE_CLOCK=\xff\n")
    assert run_command("migrate") == ["tenure: .env is no text in UTF-8."]


def test_misspelt_names_are_warned_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the environment and in .env; variables that Kubernetes sets are ignored."""
    monkeypatch.chdir(tmp_path)
    Path(".env").write_text("TENURE_CLOK=settable\nTENURE_LOG=text\nOTHER=1\n")
    for name, value in {
        "TENURE_GATEWAI": "stripe",
        "tenure_secretkey": "Hidden",
        "TENURE_COLOUR": "red",
        "TENURE_PORT": "tcp://10.0.0.1:8000",
        "TENURE_SERVICE_HOST": "10.0.0.1",
        "TENURE_PORT_8000_TCP_ADDR": "10.0.0.1",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("tenure.kernel.logs.configure_logs", lambda _settings: None)
    with capture_logs() as logged:
        settings = load_settings()
    assert settings.log == "text"
    assert [(entry["log_level"], entry["event"]) for entry in logged] == [
        ("warning", line)
        for line in (
            "TENURE_CLOK (.env) is no setting and has no effect. Did you mean TENURE_CLOCK?",
            "TENURE_COLOUR is no setting and has no effect.",
            "TENURE_GATEWAI is no setting and has no effect. Did you mean TENURE_GATEWAY?",
            "TENURE_SECRETKEY is no setting and has no effect. Did you mean TENURE_SECRET_KEY?",
        )
    ]


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compose hands on a variable that is empty where the operator has set none."""
    for name in Settings.model_fields:
        monkeypatch.setenv(f"TENURE_{name.upper()}", "")
    assert Settings(_env_file=None) == Settings.model_construct()
