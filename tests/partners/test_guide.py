"""Every example of docs/partners.md runs on the demonstration data and answers what it shows."""

import ast
import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from tenure.graphql.http import errors
from tenure.kernel.actor import Role
from tenure.kernel.errors import ErrorCode
from tests import source
from tests.demonstration import DemoServer
from tests.partners.guide import GUIDE, Example, blocks, examples, session
from tests.services import CURL
from tests.shared import ROOT
from tests.waiting import PATIENCE

# The test vector of the Standard Webhooks libraries.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE = "msg_p5jXN8AQM9LWM0D4loKWxJek"
SENT_AT = 1614265330
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
OTHER = "v1," + base64.b64encode(bytes(32)).decode()
# Signatures, time of receipt, body, and whether the message is genuine.
DELIVERIES = [
    (SIGNATURE, SENT_AT, BODY, True),
    (f"{OTHER} {SIGNATURE}", SENT_AT + 299, BODY, True),
    (OTHER, SENT_AT, BODY, False),
    (SIGNATURE.removeprefix("v1,"), SENT_AT, BODY, False),
    ("", SENT_AT, BODY, False),
    (SIGNATURE, SENT_AT, BODY + b" ", False),
    (SIGNATURE, SENT_AT + 301, BODY, False),
    (SIGNATURE, SENT_AT - 301, BODY, False),
]


@pytest.fixture(scope="module")
def outputs(demo_server: DemoServer, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What each example prints, when all run in one shell in the order of the guide."""
    CURL.need()
    folder = tmp_path_factory.mktemp("outputs")
    environment = {name: text for name, text in os.environ.items() if "TENURE" not in name}
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
    environment["TENURE_DATABASE_URL"] = f"sqlite:///{demo_server.database}"
    done = subprocess.run(
        ["bash", "-c", session(demo_server.address, folder)],
        check=False,
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return [(folder / str(number)).read_text() for number in range(len(examples()))]


def test_every_example_answers_what_the_guide_shows(outputs: Sequence[str]) -> None:
    for example, output in zip(examples(), outputs, strict=True):
        if example.answers is not None:
            shown, printed = documents(example.answers), documents(output)
            assert len(printed) == len(shown), example.block.text
            for expected, answer in zip(shown, printed, strict=True):
                assert matches(expected, answer), f"{example.block.text}\n{answer}"


def test_no_example_fails_unless_the_guide_shows_it(outputs: Sequence[str]) -> None:
    for example, output in zip(examples(), outputs, strict=True):
        shown = set(re.findall(r'"code": ?"([A-Z_]+)"', example.answers or ""))
        assert set(re.findall(r'"code":"([A-Z_]+)"', output)) == shown, output


def test_the_first_change_takes_five_requests() -> None:
    assert requests_in("Five requests to the first change") == 5
    assert numbered_steps("Five requests to the first change") == 5


def test_a_customer_takes_eleven_requests() -> None:
    assert requests_in("A customer in eleven requests") == 11
    assert numbered_steps("A customer in eleven requests") == 11


def test_the_table_of_user_errors_is_complete() -> None:
    assert listed_codes("In the payload of a mutation") == sorted(ErrorCode)


def test_the_table_of_graphql_errors_is_complete() -> None:
    """The constants of errors.py, the codes of `request_error`, and user errors of queries."""
    listed = set(listed_codes("Codes of GraphQL errors"))
    assert request_codes() - listed == set()
    assert listed - request_codes() - set(ErrorCode) == set()


def test_the_mutation_of_the_readme_runs(demo_server: DemoServer) -> None:
    [block] = [it for it in blocks((ROOT / "README.md").read_text()) if it.language == "graphql"]
    headers = {
        "Authorization": f"Bearer {demo_server.tokens[Role.AGENT]}",
        "Tenure-Dry-Run": "true",
    }
    answer = httpx.post(
        f"{demo_server.address}/graphql",
        json={"query": block.text},
        headers=headers,
        timeout=PATIENCE,
    ).json()
    assert answer["data"]["changeAccountStatus"] == {
        "account": {"status": "INACTIVE", "holds": [{"effect": "INACTIVE", "cause": "MANUAL"}]},
        "errors": [],
    }


@pytest.mark.parametrize(("signatures", "now", "body", "genuine"), DELIVERIES)
def test_verification_in_python(signatures: str, now: int, body: bytes, genuine: bool) -> None:
    namespace: dict[str, Any] = {}
    exec(verification("python"), namespace)
    assert namespace["is_genuine"](SECRET, headers(signatures), body, now=now) is genuine


@pytest.mark.parametrize("language", ["js", "bash"])
def test_verification_in_other_languages(language: str, tmp_path: Path) -> None:
    CURL.need()
    run = {"js": run_in_node, "bash": run_in_bash}[language]
    assert run(tmp_path) == [genuine for *_, genuine in DELIVERIES]


def test_the_stream_of_events_sends_what_was_missed(demo_server: DemoServer) -> None:
    """The command of the guide, which does not end by itself, is ended at its first event."""
    CURL.need()
    [block] = [it for it in blocks() if it.chapter == "Subscriptions"]
    token = {"TENURE": demo_server.address, "TOKEN": demo_server.tokens[Role.AGENT]}
    first_event = "RXZlbnQ6MQ=="  # Event:1
    command = block.text.replace("kinds:", f'after: \\"{first_event}\\", kinds:')
    with subprocess.Popen(
        ["bash", "-c", f"exec {command}"], env=os.environ | token, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        lines = (line for line in process.stdout if line.startswith("data:"))
        event = json.loads(next(lines).removeprefix("data:"))["data"]["accountEvents"]
        process.terminate()
    assert event["kind"] == "STATUS_CHANGE"


def test_the_contents_link_to_chapters() -> None:
    text = GUIDE.read_text()
    anchors = {
        re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^## (.+)$", text, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) - anchors == set()
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (GUIDE.parent / target).exists(), target


def documents(text: str) -> list[Any]:
    """The JSON values in a text, one after the other."""
    decoder, found = json.JSONDecoder(), []
    text = text.strip()
    while text:
        value, end = decoder.raw_decode(text)
        found.append(value)
        text = text[end:].strip()
    return found


def matches(shown: Any, printed: Any) -> bool:
    """True if the values are equal; `…` stands for any value."""
    if shown == "…":
        return True
    if isinstance(shown, dict):
        return (
            isinstance(printed, dict)
            and shown.keys() == printed.keys()
            and all(matches(value, printed[name]) for name, value in shown.items())
        )
    if isinstance(shown, list):
        return (
            isinstance(printed, list)
            and len(shown) == len(printed)
            and all(map(matches, shown, printed))
        )
    return bool(shown == printed)


def in_chapter(chapter: str) -> list[Example]:
    return [example for example in examples() if example.block.chapter == chapter]


def requests_in(chapter: str) -> int:
    return sum(example.block.requests for example in in_chapter(chapter))


def numbered_steps(chapter: str) -> int:
    part = GUIDE.read_text().split(f"\n## {chapter}\n")[1].split("\n## ")[0]
    numbers = [int(number) for number in re.findall(r"^\*\*(\d+)\. ", part, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    return len(numbers)


def listed_codes(introduction: str) -> list[str]:
    """The codes in the first column of the table after a text."""
    table = GUIDE.read_text().split(introduction)[1].split("\n\n")[1]
    return sorted(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE))


def request_codes() -> set[str]:
    """The codes of GraphQL errors that the code names."""
    constants = {name for name, value in vars(errors).items() if name == value}
    calls = (
        node
        for file in source.modules("graphql")
        for node in ast.walk(source.tree(file))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "request_error"
    )
    literals = {
        argument.value
        for call in calls
        for argument in call.args[1:2]
        if isinstance(argument, ast.Constant)
    }
    return constants | literals


def verification(language: str) -> str:
    [block] = [it for it in blocks() if it.chapter == "Webhooks" and it.language == language]
    return block.text


def headers(signatures: str) -> dict[str, str]:
    return {
        "webhook-id": MESSAGE,
        "webhook-timestamp": str(SENT_AT),
        "webhook-signature": signatures,
    }


def run_in_node(folder: Path) -> list[bool]:
    cases = [[headers(given), now, body.decode()] for given, now, body, _ in DELIVERIES]
    calls = (
        f"const cases = {json.dumps(cases)}\n"
        f"const of = ([headers, now, body]) => isGenuine({SECRET!r}, headers, body, now)\n"
        "console.log(JSON.stringify(cases.map(of)))\n"
    )
    program = folder / "verify.mjs"
    program.write_text(verification("js") + calls)
    return list(json.loads(output_of("node", str(program))))


def run_in_bash(folder: Path) -> list[bool]:
    calls = []
    for number, (given, now, body, _) in enumerate(DELIVERIES):
        (folder / str(number)).write_bytes(body)
        call = f"is_genuine {SECRET} {MESSAGE} {SENT_AT} {given!r} {folder}/{number}"
        calls.append(f"NOW={now}; if {call}; then echo true; else echo false; fi")
    printed = output_of("bash", "-c", "\n".join([verification("bash"), *calls]))
    return [line == "true" for line in printed.split()]


def output_of(*command: str) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout
