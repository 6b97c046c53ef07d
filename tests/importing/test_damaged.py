"""Files that are damaged, hostile or written by a spreadsheet: no line is lost without a word, and
no file is harmed.
"""

import json
import os
from pathlib import Path

import pytest

from tenure.importing.lines import COLUMNS
from tenure.importing.parsing import Header
from tenure.importing.run import import_file
from tenure.importing.usage import import_usage
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.unit import Runtime
from tests.importing.conftest import Put, imported, reasons

UNCLOSED = "A quote that is opened in this line is not closed, or is followed by more text."
NO_UTF_8 = (
    "This is not UTF-8: byte 5 of the line is 0xe9. Save the file as UTF-8 (it may be Windows-1252 "
    "or Latin-1)."
)
CARD = {
    "kind": "CREDIT_CARD",
    "token": "tok_ok",
    "last_four": "4242",
    "expiration_month": 10,
    "expiration_year": 2026,
}


def rejected(file: Path) -> list[dict[str, object]]:
    """The lines of the file of rejects."""
    text = file.with_name(f"{file.name}.rejected").read_text()
    return [json.loads(line) for line in text.splitlines()]


def names_in(directory: Path) -> list[str]:
    """What is in it."""
    return sorted(it.name for it in directory.iterdir())


@pytest.mark.parametrize("opens", ['2,"Two', '2,"Two"s', '2,"Two\n,x"', '2,"Two\n3a,x",y'])
async def test_an_unclosed_quote_swallows_no_line(runtime: Runtime, put: Put, opens: str) -> None:
    """The line where the quote opened is named with its number; those behind it are read on their
    own.
    """
    file = put("number,name", "1,One", opens, "3,Three", '4,"Four"', "5,Five", name="x.csv")
    tally = await import_file(runtime, file)
    assert tally.taken == 4
    first = rejected(file)[0]
    assert (first["line"], first["number"]) == (3, "2")
    assert first["reason"] in (
        UNCLOSED,
        "name: the cell continues on the next line. Close its quote on the same line.",
    )
    # Every line is taken or named.
    assert tally.taken + tally.rejected == file.read_text().count("\n") - 1


async def test_a_cell_with_json_may_have_several_lines(runtime: Runtime, put: Put) -> None:
    services = '[{""kind"":\n""tv""}]'
    file = put("number,name,services", f'1,One,"{services}"', "2,Two,", name="x.csv")
    assert await imported(runtime, file) == (2, 0, 0)


async def test_windows_1252_is_named(runtime: Runtime, put: Put) -> None:
    """In a line of CSV, in JSON, and in the first line of a file."""
    file = put("number,name", b"1,Ren\xe9", "2,Two", name="x.csv")
    assert await imported(runtime, file) == (1, 0, 1)
    words = NO_UTF_8.replace("byte 5", "byte 6")
    assert rejected(file) == [{"line": 2, "number": "1", "reason": words}]
    file = put(b'{"number": "7", "name": "Ren\xe9"}', name="x.jsonl")
    assert await imported(runtime, file) == (0, 0, 1)
    assert rejected(file) == [
        {"line": 1, "number": "7", "reason": NO_UTF_8.replace("byte 5", "byte 29")}
    ]
    with pytest.raises(TenureError) as refusal:
        await import_file(runtime, put(b"nam\xe9,number", name="y.csv"))
    assert refusal.value.message == "Line 1: " + NO_UTF_8.replace("byte 5", "byte 4")


@pytest.mark.parametrize("by", [",", ";", "\t", "|"])
async def test_the_header_of_a_spreadsheet_is_understood(
    runtime: Runtime, put: Put, by: str
) -> None:
    """Other separators, capitals, blanks and hyphens."""
    header = by.join([" Number", "NAME ", "Credit Limit", "billing-day of MONTH"])
    assert await imported(runtime, put(header, by.join("1 One 25.00 3".split()), name="x.csv")) == (
        1,
        0,
        0,
    )


@pytest.mark.parametrize("spelling", ["email", "E-Mail", "e-mail", "E Mail"])
def test_the_column_of_the_e_mail_may_have_a_hyphen(spelling: str) -> None:
    assert Header.of(f"Number,Name,{spelling}", COLUMNS).columns == ["number", "name", "email"]
    with pytest.raises(ValueError, match="names a column twice"):
        Header.of(f"number,name,email,{spelling}", COLUMNS)


async def test_each_rejected_line_says_its_number(runtime: Runtime, put: Put) -> None:
    """Where it can be read: also of what is not JSON, of a number that is no text, and of too few
    cells.
    """
    file = put('{"number": "7", "name": "x"', {"number": 8, "name": "x"}, "nonsense")
    assert await imported(runtime, file) == (0, 0, 3)
    assert [line["number"] for line in rejected(file)] == ["7", "8", None]
    file = put("number,name", "9", "10,a,b", name="x.csv")
    assert await imported(runtime, file) == (0, 0, 2)
    assert [line["number"] for line in rejected(file)] == ["9", "10"]


async def test_a_card_that_expired_is_refused_as_by_the_api(runtime: Runtime, put: Put) -> None:
    """Rules 7.1, and 6.3 for the fees: a fee finer than its currency."""
    file = put(
        {"number": "1", "name": "x", "payment_method": CARD},
        {"number": "2", "name": "x", "payment_method": CARD | {"expiration_month": 11}},
        {
            "number": "3",
            "name": "x",
            "currency": "JPY",
            "offers": [{"code": "A", "monthly_fee": "100.5"}],
        },
    )
    assert await imported(runtime, file) == (1, 0, 2)
    words = "The card expired at the end of 10/2026. Ask the customer for a valid card."
    assert reasons(file) == {
        1: f"payment_method.expiration_year: {words}",
        3: "offer A: monthly_fee: 100.5 has too many decimals for JPY. Use 101, for example.",
    }


async def test_control_characters_of_a_line_are_escaped(runtime: Runtime, put: Put) -> None:
    """In reasons and in numbers: line breaks, escape sequences of terminals, marks that reorder
    text.
    """
    file = put(
        {"\n": False, "number": "1\x1b[31m", "name": "x"},
        {"number": "2", "name": "x", "parent": "\u202e\x07"},
        "[\x1b",
    )
    assert await imported(runtime, file) == (0, 0, 3)
    for line in rejected(file):
        assert all(str(value).isprintable() for value in line.values())
    assert reasons(file)[1].startswith(
        "number: Control characters cannot be kept.; \\n: There is no field"
    )
    assert rejected(file)[0]["number"] == "1\\x1b[31m"


@pytest.mark.parametrize("importer", [import_file, import_usage])
async def test_what_is_no_regular_file_is_refused(
    runtime: Runtime, tmp_path: Path, importer: object
) -> None:
    """A directory, a pipe without a writer, a device: at once, and without a file of rejects."""
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "directory.csv").mkdir()
    for file in (tmp_path / "pipe.csv", tmp_path / "directory.csv", Path("/dev/null")):
        with pytest.raises(TenureError) as refusal:
            await importer(runtime, file)  # type: ignore[operator]
        assert refusal.value.code == ErrorCode.INVALID
    assert names_in(tmp_path) == ["directory.csv", "pipe.csv"]


async def test_no_link_is_followed_for_the_rejects(
    runtime: Runtime, put: Put, tmp_path: Path
) -> None:
    """The link is replaced; what it names stays as it is. Nothing unfinished is left."""
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (tmp_path / "accounts.jsonl.rejected").symlink_to(victim)
    file = put("nonsense")
    assert await imported(runtime, file) == (0, 0, 1)
    assert victim.read_text() == "mine"
    assert not (tmp_path / "accounts.jsonl.rejected").is_symlink()
    assert names_in(tmp_path) == ["accounts.jsonl", "accounts.jsonl.rejected", "victim"]
    assert (tmp_path / "accounts.jsonl.rejected").stat().st_mode & 0o777 == 0o600


async def test_no_empty_file_of_rejects_is_left(runtime: Runtime, put: Put, tmp_path: Path) -> None:
    """Where the whole file is refused, where nothing is rejected, and where a former run rejected
    something.
    """
    with pytest.raises(TenureError):
        await import_file(runtime, put("no header", name="x.csv"))
    assert await imported(runtime, put("nonsense")) == (0, 0, 1)
    assert await imported(runtime, put({"number": "1", "name": "One"})) == (1, 0, 0)
    assert names_in(tmp_path) == ["accounts.jsonl", "x.csv"]
