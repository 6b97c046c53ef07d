"""`tenure import-usage`: every line is rated, was rated before, or is named with its reason; a file
can come again.
"""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenure.events.models import EventKind
from tenure.importing import usage
from tenure.importing.reading import Position, Record
from tenure.importing.usage import import_usage
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.unit import Runtime
from tests.builders import account, catalog_offer, purchased_offer, service
from tests.checks import events, nothing_written
from tests.conftest import ANA, NOON
from tests.importing.conftest import Put, reasons, rejects

HEADER = "service_kind,login,quantity,unit,occurred_at,reference,description"


@pytest.fixture
async def carla(runtime: Runtime) -> int:
    """An account whose internet is rated at 0.05 a megabyte."""
    async with runtime.unit(ANA) as unit:
        await catalog_offer(unit, "data", usage_rate=Decimal("0.05"), usage_unit="MB")
        owner = await account(unit)
        await purchased_offer(unit, owner, await service(unit, owner, "carla"), code="data")
        return owner


def line(reference: str, **more: object) -> dict[str, object]:
    """Ten megabytes of Carla's."""
    given = {"service_kind": "internet", "login": "carla", "quantity": "10", "unit": "MB"}
    return given | {"occurred_at": NOON.isoformat(), "reference": reference} | more


async def imported(runtime: Runtime, file: object) -> tuple[int, int, int]:
    """Taken, there already, rejected."""
    tally = await import_usage(runtime, file)  # type: ignore[arg-type]
    assert rejects(tally.rejects) == tally.rejected
    return tally.taken, tally.known, tally.rejected


async def test_a_file_and_the_file_again(runtime: Runtime, carla: int, put: Put) -> None:
    """Rules 6.4: by reference, also within the file."""
    file = put(
        line("1"),
        line("2", quantity=2.5, description=None),
        line("1"),
        "",
        line("3", description="Film night"),
    )
    assert await imported(runtime, file) == (3, 1, 0)
    async with nothing_written(runtime):
        assert await imported(runtime, file) == (0, 4, 0)
    recorded = await events(runtime, EventKind.USAGE)
    assert [(it.quantity, it.amount, it.actor) for it in recorded] == [
        (10, Decimal("0.50"), "import"),
        (Decimal("2.5"), Decimal("0.13"), "import"),
        (10, Decimal("0.50"), "import"),
    ]
    assert recorded[2].description == "Film night"


async def test_csv(runtime: Runtime, carla: int, put: Put) -> None:
    """The same keys as columns; an empty cell is a null."""
    rows = [f"internet,carla,10,MB,2026-11-10T12:00:00Z,{number}," for number in range(2)]
    file = put(
        HEADER,
        *rows,
        "internet,CARLA,1,MB,2026-11-10T13:00:00+01:00,2,Film night",
        name="usage.csv",
    )
    assert await imported(runtime, file) == (3, 0, 0)
    assert {it.occurred_at for it in await events(runtime, EventKind.USAGE)} == {NOON}


async def test_every_bad_line_is_named(runtime: Runtime, carla: int, put: Put) -> None:
    """With its number, its reference and why; the others go on."""
    later = (NOON + timedelta(days=1)).isoformat()
    file = put(
        line("1"),
        "{not json",
        line("2", login="nobody"),
        line("3", quantity="0"),
        line("4", quantity="much"),
        line("5", occurred_at="2026-11-10T12:00:00"),
        line("6", occurred_at=1762776000),
        line("7", occurred_at=later),
        line("8", unit="SMS"),
        line("9", colour="red"),
        line("10", login=7),
        line("", login="carla"),
        ["no", "line"],
        line("11"),
    )
    assert await imported(runtime, file) == (2, 0, 12)
    assert reasons(file) == {
        2: "This is not JSON: Expecting property name enclosed in double quotes at character 2.",
        3: "login: No internet service has the login nobody.",
        4: "quantity: Enter a quantity greater than 0.",
        5: 'quantity: Give a decimal, like "25.00".',
        6: 'occurred_at: Give a time with its zone, like "2026-11-10T12:00:00Z".',
        7: 'occurred_at: Give a time with its zone, like "2026-11-10T12:00:00Z".',
        8: "occurred_at: Usage can't be in the future. It is 2026-11-10 12:00:00 UTC now.",
        9: "unit: Nothing rates SMS of this service: its usage is rated by MB.",
        10: "colour: There is no field of this name.",
        11: "login: Give a text.",
        12: "reference: This must not be empty.",
        13: "Give an object with the fields of the format.",
    }
    text = file.with_name(f"{file.name}.rejected").read_text()
    named = {bad["line"]: bad["reference"] for bad in map(json.loads, text.splitlines())}
    assert list(named.values()) == [None, "4", "5", "6", "9", "10", None, "2", "3", "7", "8", ""]


async def test_lists_follow_each_other(
    runtime: Runtime, carla: int, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of any length, whatever stands at the seams."""
    monkeypatch.setattr(usage, "MAX_LINES", 3)
    lines = [line(str(number), unit="SMS" if number % 4 == 0 else "MB") for number in range(10)]
    file = put(*lines, *lines)
    assert await imported(runtime, file) == (7, 7, 6)
    steps: list[int] = []
    await import_usage(runtime, file, steps.append)
    assert sum(steps) == file.stat().st_size


async def test_a_file_that_is_no_usage(runtime: Runtime, put: Put) -> None:
    """Refused as a whole, in a sentence."""
    with pytest.raises(TenureError) as refusal:
        await import_usage(runtime, put("number,name", name="x.csv"))
    assert refusal.value.code is ErrorCode.INVALID
    assert refusal.value.message.startswith(
        "The first line must name the columns; it lacks login, occurred_at,"
    )


TEXT = st.text(max_size=20) | st.sampled_from(
    ["carla", "MB", "10", "2026-11-10T12:00:00Z", "a\0", "\ud83d"]
)
ANYTHING = (
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT | st.lists(TEXT, max_size=2)
)


@given(content=ANYTHING | st.dictionaries(st.sampled_from(sorted(line("1"))) | TEXT, ANYTHING))
def test_whatever_is_no_line_is_refused_in_a_sentence(content: object) -> None:
    """Reading alone never fails."""
    refused: list[str] = []

    class Rejects:
        """Takes what is rejected."""

        def add(self, place: Position, reason: str, **key: str | None) -> None:
            """As the file would."""
            refused.append(reason)

    under_way = usage.UsageImport(None, None, Rejects())  # type: ignore[arg-type]
    under_way._read_record(Record(Position(1, 0), Position(2, 9), content))
    assert len(refused) + len(under_way.chunk) == 1
    assert all(0 < len(reason) < 2000 and "\n" not in reason for reason in refused)
