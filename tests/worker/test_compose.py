"""docker-compose.yml without Docker: parsed, and its commands run on the local servers."""

import re
import signal
import subprocess
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest
import yaml

from tenure.kernel.secret_files import SECRETS
from tenure.kernel.settings import GatewaySettings, Settings
from tests import programs
from tests.server import free_port
from tests.shared import ROOT
from tests.waiting import PATIENCE
from tests.worker.processes import Installation, Process

OURS = {"migrate": 1, "web": 1, "worker": 2, "scheduler": 1}
PORT = "8000"
# What is not ours to set: the servers of the tests stand for those of the file.
OF_THE_TESTS = {
    *("TENURE_DATABASE_URL", "TENURE_DATABASE_PASSWORD"),
    *("TENURE_BROKER_URL", "TENURE_BROKER_PASSWORD"),
}

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_there_are_two_workers_and_each_service_that_stays_has_a_health_check() -> None:
    ours = {name: service for name, service in SERVICES.items() if "build" in service}
    assert {
        name: service.get("deploy", {}).get("replicas", 1) for name, service in ours.items()
    } == OURS
    assert [name for name, service in SERVICES.items() if "healthcheck" not in service] == [
        "migrate"
    ]


def test_whatever_is_waited_for_is_there_and_can_be_waited_for() -> None:
    for service in SERVICES.values():
        for name, waited in service.get("depends_on", {}).items():
            condition = "service_completed_successfully" if name == "migrate" else "service_healthy"
            assert waited == {"condition": condition}
    assert {
        volume.split(":")[0] for one in SERVICES.values() for volume in one.get("volumes", [])
    } == set(COMPOSE["volumes"])


def test_the_settings_are_ours_and_the_servers_are_those_of_the_file() -> None:
    for name in OURS:
        given = settings_of(name)
        settings = Settings(
            _env_file=None,
            **{key.removeprefix("TENURE_").lower(): value for key, value in given.items()},
        )
        assert {f"TENURE_{field.upper()}" for field in settings.model_fields_set} == set(given)
        assert settings.database_url == "postgresql://tenure:tenure@postgres:5432/tenure"
        assert settings.broker_url == "amqp://tenure:tenure@rabbitmq:5672/"


@pytest.mark.parametrize("name", OURS)
def test_every_setting_is_handed_on_to_every_service(name: str) -> None:
    """A secret is a variable or a file: the files of the host are not those of a container."""
    handed_on = SERVICES[name]["environment"]
    missing = [
        field
        for field in Settings.model_fields
        if f"TENURE_{field.upper()}" not in handed_on
        and not (field.endswith("_file") and field.removesuffix("_file") in SECRETS)
    ]
    assert missing == []
    unknown = [
        key for key in handed_on if key.removeprefix("TENURE_").lower() not in Settings.model_fields
    ]
    assert unknown == []


def test_what_the_operator_sets_reaches_the_service() -> None:
    """TENURE_GATEWAY=stripe ran as `simulated`, in silence."""
    chosen = {
        "TENURE_GATEWAY": "stripe",
        "TENURE_GATEWAY_KEY": "sk_test_1",
        "TENURE_CLOCK": "settable",
        "TENURE_POOL_SIZE": "20",
        "TENURE_LOG": "text",
        "POSTGRES_PASSWORD": "p@ss/#",
        "RABBITMQ_PASSWORD": "r@b#/",
        "TENURE_PUBLIC_URL": "https://tenure.test",
    }
    for name in OURS:
        given = settings_of(name, chosen)
        settings = Settings(
            _env_file=None,
            **{key.removeprefix("TENURE_").lower(): value for key, value in given.items()},
        )
        assert settings.payment_gateway == GatewaySettings("stripe", "sk_test_1")
        assert (settings.clock, settings.pool_size, settings.log) == ("settable", 20, "text")
        assert settings.public_url == "https://tenure.test"
        assert settings.database_url == "postgresql://tenure:p%40ss%2F%23@postgres:5432/tenure"
        assert settings.broker_url == "amqp://tenure:r%40b%23%2F@rabbitmq:5672/"
        assert (
            SERVICES["postgres"]["environment"]["POSTGRES_PASSWORD"]
            == (SERVICES[name]["environment"]["TENURE_DATABASE_PASSWORD"])
        )


@pytest.mark.parametrize("document", ["README.md", "docs/operations.md"])
def test_every_setting_is_documented(document: str) -> None:
    """In the first column of a table."""
    lines = (ROOT / document).read_text().splitlines()
    table = [line.split("|")[1] for line in lines if line.startswith("| `TENURE_")]
    named = set(re.findall(r"`(TENURE_\w+)`", " ".join(table)))
    assert named == {f"TENURE_{name.upper()}" for name in Settings.model_fields}


def test_the_image_runs_as_nobody_special_from_files_that_exist() -> None:
    assert re.findall(r"^USER (.*)$", DOCKERFILE, re.MULTILINE) == ["tenure"]
    assert 'ENTRYPOINT ["tenure"]' in DOCKERFILE
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE)
    assert [path for line in copied for path in line.split() if not (ROOT / path).exists()] == []
    let_in = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    assert {path.partition("/")[0] for line in copied for path in line.split()} == let_in


@pytest.mark.parametrize("broker_url", ["rabbitmq"], indirect=True)
async def test_each_command_works(installed: Installation) -> None:
    assert installed.start(*command("migrate"), **local("migrate")).it.wait(60) == 0
    web = installed.start(*command("web"), "--port", (port := str(free_port())), **local("web"))
    web.until_says("Tenure serves")
    for name in ("worker", "scheduler"):
        installed.ready(*command(name), **local(name))
        said = healthy(installed, name)
        assert [line for line in said.stderr.splitlines() if "not built" not in line] == []
    web.until_says("Application startup complete")
    assert healthy(installed, "web", port).returncode == 0
    running: list[Process] = installed.started[1:]
    # Uvicorn hands the signal on to itself when it has finished.
    assert [process.stop() for process in running] == [-signal.SIGTERM, 0, 0]


def command(name: str) -> list[str]:
    """What follows `tenure`, the entry point of the image."""
    return [str(word) for word in SERVICES[name]["command"]]


def settings_of(name: str, chosen: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """The settings of a service, filled in as compose does from the variables in `chosen`.

    A variable without a value in the file is handed on, and left out where it is not set.
    """
    variable = re.compile(r"\$\{(\w+):([-?])([^}]*)\}")

    def value_of(found: re.Match[str]) -> str:
        return chosen.get(found[1]) or (found[3] if found[2] == "-" else "given" * 8)

    environment = SERVICES[name]["environment"]
    filled = {
        key: chosen.get(key) if value is None else variable.sub(value_of, str(value))
        for key, value in environment.items()
    }
    given = {key: value for key, value in filled.items() if value is not None}
    assert not any("$" in value for value in given.values())
    return given


def local(name: str) -> dict[str, str]:
    """Its settings, but for the servers."""
    return {
        key.lower(): value for key, value in settings_of(name).items() if key not in OF_THE_TESTS
    }


def healthy(
    installed: Installation, name: str, port: str = PORT
) -> subprocess.CompletedProcess[str]:
    """How its health check ends, here rather than in a container."""
    kind, program, *arguments = [
        str(word).replace(PORT, port) for word in SERVICES[name]["healthcheck"]["test"]
    ]
    assert kind == "CMD"
    environment = installed.environment() | {
        key.upper(): value for key, value in local(name).items()
    }
    if program == "tenure":
        return programs.run(
            *arguments, environment=environment, folder=installed.folder, timeout=PATIENCE
        )
    return installed.run(*arguments, environment=environment)
