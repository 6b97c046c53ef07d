"""docker-compose.yml without an engine: it is parsed, and each service's command is run by hand on the local servers."""

import re
import signal
import subprocess
from typing import Any

import pytest
import yaml

from tenure.kernel.settings import Settings
from tests.shared import ROOT
from tests.worker.processes import Installation, Process, free_port

OURS = {"migrate": 1, "web": 1, "worker": 2, "scheduler": 1}
PORT = "8000"
# What is not ours to set: the servers of the tests stand for those of the file.
OF_THE_TESTS = {"TENURE_DATABASE_URL", "TENURE_BROKER_URL"}

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


def settings_of(name: str) -> dict[str, str]:
    """Its settings, with what compose would put in for the variables."""
    variable = re.compile(r"\$\{(\w+):([-?])([^}]*)\}")
    filled = {
        key: variable.sub(lambda found: found[3] if found[2] == "-" else "given" * 8, str(value))
        for key, value in SERVICES[name]["environment"].items()
    }
    assert not any("$" in value for value in filled.values())
    return filled


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
    return installed.run(
        *(["-m", "tenure"] if program == "tenure" else []), *arguments, environment=environment
    )
