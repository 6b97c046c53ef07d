"""Every line that cannot be taken is named with its reason, and leaves nothing behind; the others
go on.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from tenure.accounts.models import Account
from tenure.catalog.actions import create_offer
from tenure.catalog.models import Offer, OfferKind
from tenure.importing.lines import COLUMNS, parse_account_line
from tenure.importing.run import import_file
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.unit import Runtime
from tests.checks import nothing_written
from tests.conftest import ANA
from tests.importing.conftest import Put, imported, reasons

OK = {"number": "1", "name": "One"}
CARD = {
    "kind": "CREDIT_CARD",
    "token": "tok_ok",
    "last_four": "4242",
    "expiration_month": 1,
    "expiration_year": 2030,
}
OBJECT = "Give an object with the fields of the format."
CONTACT = {"kind": "BILLING", "name": "Ana"}

BAD = [
    ("not json", "This is not JSON: Expecting value at character 1."),
    ("[]", OBJECT),
    ("null", OBJECT),
    (
        '{"number": "1", "name": "x", "credit_limit": NaN}',
        "This is not JSON that can be read: NaN is no number.",
    ),
    ("[" * 100_000, "This is not JSON that can be read: it is nested too deeply."),
    (
        b'{"number": "1", "name": "\xff"}',
        (
            "This is not UTF-8: byte 26 of the line is 0xff. Save the file as UTF-8 (it may be "
            "Windows-1252 or Latin-1)."
        ),
    ),
    (OK | {"name": "a\nb"}, "name: Line breaks cannot be kept here."),
    (
        OK | {"services": [{"kind": "tv", "login": " "}]},
        (
            "services.0.login: A login needs a visible character. Omit it for a service without "
            "a login."
        ),
    ),
    (
        OK | {"services": [{"kind": "tv", "login": "a"}, {"kind": "TV", "login": "a\u200b"}]},
        "The tv login a\u200b is taken.",
    ),
    (
        b'{"number": "1", "name": "' + b"x" * 1024 * 1024 + b'"}',
        "The line is longer than a megabyte.",
    ),
    ({"name": "x"}, "number: This is required."),
    (OK | {"name": None}, "name: This is required."),
    (OK | {"name": " "}, "name: This must not be empty."),
    (OK | {"name": "x" * 256}, "name: Provide at most 255 characters."),
    (OK | {"name": "a\0b"}, "name: Control characters cannot be kept."),
    (OK | {"name": "\ud800"}, "name: Control characters cannot be kept."),
    (OK | {"number": 1}, "number: Give a text."),
    (OK | {"nope": 1}, "nope: There is no field of this name."),
    (OK | {"email": "ada"}, "email: Provide an e-mail address, such as ana@example.com."),
    (
        OK | {"currency": "usd"},
        "currency: Give a currency by its three capital letters (ISO 4217).",
    ),
    (OK | {"created_on": "2026-11-11"}, "created_on is in the future."),
    (OK | {"created_on": "0001-01-01"}, "created_on: Give a day from 1900-01-01 on."),
    (OK | {"created_on": 5}, "created_on: Give a date as YYYY-MM-DD."),
    (
        OK | {"billing_day_of_month": 32},
        "billing_day_of_month: The billing day must be from 1 to 31.",
    ),
    (OK | {"billing_day_of_month": True}, "billing_day_of_month: Give a number."),
    (OK | {"credit_limit": "-1"}, "credit_limit: Provide a number of at least 0."),
    (OK | {"credit_limit": "1e99"}, "credit_limit: Provide a number of at most 1,000,000,000,000."),
    (
        OK | {"credit_limit": "0.0000001"},
        "credit_limit: Provide a number with at most six decimals.",
    ),
    (OK | {"credit_limit": True}, 'credit_limit: Give a decimal, like "25.00".'),
    (OK | {"status": "active"}, "status: Give 'ACTIVE', 'INACTIVE' or 'CLOSED'."),
    (OK | {"parent": "2"}, "There is no account 2, the parent."),
    (OK | {"parent": "1"}, "An account cannot be its own parent."),
    (OK | {"parent_pays": True}, "parent_pays needs a parent."),
    (
        OK | {"payment_method": {"kind": "DIRECT_DEBIT"}},
        "payment_method.token: A card or direct debit requires a token from the payment gateway.",
    ),
    (
        OK | {"payment_method": {"kind": "INVOICE", "brand": "v"}},
        "payment_method.brand: Only a credit card has brand.",
    ),
    (
        OK | {"payment_method": CARD | {"token": "4111 1111 1111 1111"}},
        (
            "payment_method.token: Card numbers aren't accepted. Use the token from the payment "
            "gateway."
        ),
    ),
    (
        OK | {"services": [{"kind": "tv", "login": "a"}, {"kind": "tv", "login": "A"}]},
        "The tv login A is taken.",
    ),
    (OK | {"services": {}}, "services: Give a list."),
    (OK | {"services": ["tv"]}, f"services.0: {OBJECT}"),
    (OK | {"payment_method": "card"}, f"payment_method: {OBJECT}"),
    (OK | {"notes": [{"text": 5}]}, "notes.0.text: Give a text."),
    (OK | {"contacts": [CONTACT] * 101}, "contacts: Give at most 100."),
    (OK | {"rank": "IRON"}, "rank: Give 'PLATINUM', 'GOLD', 'SILVER' or 'BRONZE'."),
    (OK | {"parent": "2", "parent_pays": "maybe"}, "parent_pays: Give true or false."),
    (OK | {"parent": "2", "parent_pays": []}, "parent_pays: Give true or false."),
    (OK | {"billing_day_of_month": "first"}, "billing_day_of_month: Give a whole number."),
    (OK | {"billing_day_of_month": 1.5}, "billing_day_of_month: Give a whole number."),
    (OK | {"billing_day_of_month": []}, "billing_day_of_month: Give a whole number."),
    (OK | {"billing_day_of_month": "9" * 5000}, "billing_day_of_month: Give a whole number."),
    (OK | {"credit_limit": "NaN"}, 'credit_limit: Give a decimal, like "25.00".'),
    (
        OK | {"created_on": "2026-02-31"},
        "created_on: There is no such day. Give a date as YYYY-MM-DD.",
    ),
    (
        OK | {"a{b}": 1, "c": 1, "d": 1, "e": 1},
        (
            "a{b}: There is no field of this name.; c: There is no field of this name.; "
            "d: There is no field of this name.; and 1 more"
        ),
    ),
]


@pytest.mark.parametrize(("line", "reason"), BAD)
async def test_a_bad_line_is_rejected_and_the_next_one_taken(
    runtime: Runtime, put: Put, line: object, reason: str
) -> None:
    file = put("", line)
    async with nothing_written(runtime):
        assert await imported(runtime, file) == (0, 0, 1)
    assert reasons(file) == {2: reason}
    assert await imported(runtime, put(line, OK | {"number": "good"})) == (1, 0, 1)


async def test_what_is_there_stands_against_a_line(runtime: Runtime, put: Put) -> None:
    async with runtime.unit(ANA) as unit:
        await create_offer(unit, code="TV", name="TV", kind=OfferKind.CHARGE, service_kind="tv")
        await create_offer(unit, code="OFF", name="Off", kind=OfferKind.DISCOUNT)
    first = [
        {"number": "closed", "name": "x", "status": "CLOSED"},
        {
            "number": "euro",
            "name": "x",
            "currency": "EUR",
            "services": [{"kind": "tv", "login": "Ada"}],
        },
        {"number": "below", "name": "x", "parent": "euro", "parent_pays": True, "currency": "EUR"},
    ]
    assert await imported(runtime, put(*first)) == (3, 0, 0)
    against = [
        (OK | {"parent": "closed", "parent_pays": True}, "The paying account is closed."),
        (
            OK | {"parent": "below", "parent_pays": True},
            "The payer is billed in EUR, this bill unit in USD. The currencies must match.",
        ),
        (OK | {"services": [{"kind": "tv", "login": "ADA"}]}, "The tv login ADA is taken."),
        (
            OK | {"offers": [{"code": "TV"}]},
            "TV is for tv services. Choose a service of this kind.",
        ),
        (
            OK | {"offers": [{"code": "OFF", "monthly_fee": "1"}]},
            "OFF is a discount offer and can't have fees.",
        ),
        (
            OK | {"currency": "EUR", "offers": [{"code": "OFF"}]},
            "OFF is sold in USD; the account is billed in EUR.",
        ),
        (OK | {"number": "closed"}, "There is an account closed already, with different content."),
    ]
    file = put(*(line for line, _ in against))
    async with nothing_written(runtime):
        assert await imported(runtime, file) == (0, 0, len(against))
    assert reasons(file) == {place: reason for place, (_, reason) in enumerate(against, 1)}


async def test_a_circle_of_parents_is_said_to_be_one(runtime: Runtime, put: Put) -> None:
    parents = {"a": "b", "b": "c", "c": "a", "d": "a"}
    file = put(
        *({"number": number, "name": "x", "parent": parent} for number, parent in parents.items())
    )
    assert await imported(runtime, file) == (0, 0, 4)
    assert reasons(file) == {
        1: "The parent b is below a itself.",
        2: "The parent c is below b itself.",
        3: "The parent a is below c itself.",
        4: "There is no account a, the parent.",
    }


async def test_a_rejected_line_takes_nothing_from_the_others(runtime: Runtime, put: Put) -> None:
    """Neither its login, nor its number, nor the offer that it would have put into the catalog."""
    service = {"kind": "tv", "login": "ada", "offers": [{"code": "NEW", "monthly_fee": "1"}]}
    bad = OK | {"services": [service], "created_on": "2030-01-01"}
    good = OK | {"services": [service | {"offers": [{"code": "NEW", "monthly_fee": "2"}]}]}
    assert await imported(runtime, put(bad, good)) == (1, 0, 1)
    async with runtime.database.reading() as session:
        assert list(await session.scalars(select(Offer.monthly_fee))) == [2]


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("", "The first line must name the columns; it lacks name, number."),
        ("number:name", "The first line must name the columns; it lacks name, number."),
        (
            "number,name,nope",
            "The format has no column 'nope'. It has: " + ", ".join(sorted(COLUMNS.all)) + ".",
        ),
        ("number,name,name", "The first line names a column twice."),
    ],
)
async def test_a_file_that_is_no_such_csv_is_refused_as_a_whole(
    runtime: Runtime, put: Put, header: str, reason: str
) -> None:
    with pytest.raises(TenureError) as refusal:
        await import_file(runtime, put(header, name="x.csv"))
    assert (refusal.value.code, refusal.value.message) == (ErrorCode.INVALID, reason)


TEXT = st.text(max_size=20) | st.sampled_from(
    ["1", "2", "3", "a\0", "\ud83d", "😀" * 200, "ACTIVE", "USD", "tv", "DSL"]
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
STATUS = st.sampled_from(["ACTIVE", "INACTIVE", "CLOSED"])
NUMBERS = st.sampled_from(["1", "2", "3", "4"])
OFFER = st.fixed_dictionaries(
    {"code": st.sampled_from(["A", "B"])},
    optional={"monthly_fee": st.decimals(0, 99, places=2).map(str), "name": TEXT},
)
SERVICE = st.fixed_dictionaries(
    {"kind": st.sampled_from(["tv", "internet"])},
    optional={
        "login": st.sampled_from(["ada", "ADA", "ben"]),
        "status": STATUS,
        "offers": st.lists(OFFER, max_size=2),
    },
)
LIKELY = st.fixed_dictionaries(
    {"number": NUMBERS, "name": st.sampled_from(["Ada", "ß😀"])},
    optional={
        "parent": NUMBERS,
        "parent_pays": st.booleans(),
        "status": STATUS,
        "currency": st.sampled_from(["USD", "EUR"]),
        "services": st.lists(SERVICE, max_size=2),
        "offers": st.lists(OFFER, max_size=2),
        "billing_day_of_month": st.integers(0, 32),
    },
)
SPOILT = st.tuples(
    LIKELY, st.sampled_from(["name", "parent", "services", "status", "payment_method"]), ANYTHING
).map(lambda drawn: drawn[0] | {drawn[1]: drawn[2]})
FUZZ = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@FUZZ
@given(lines=st.lists(LIKELY | SPOILT | ANYTHING | st.binary(max_size=30), max_size=12))
async def test_whatever_the_file_holds_every_line_is_taken_there_or_rejected(
    runtime: Runtime, put: Put, lines: list[object]
) -> None:
    file = put(*lines)
    before = await _accounts(runtime)
    tally = await import_file(runtime, file)
    assert await _accounts(runtime) == before + tally.taken
    again = await import_file(runtime, file)
    assert (again.taken, again.known + again.rejected) == (
        0,
        tally.taken + tally.known + tally.rejected,
    )


@FUZZ
@given(
    text=st.text(alphabet=st.sampled_from('number,name\n"1a[]{}\0é\\'), max_size=60),
    header=st.booleans(),
)
async def test_whatever_a_csv_holds(runtime: Runtime, put: Put, text: str, header: bool) -> None:
    file = put(("number,name,services\n" if header else "") + text, name="fuzz.csv")
    try:
        tally = await import_file(runtime, file)
    except TenureError:
        assert not header
    else:
        assert (await import_file(runtime, file)).taken == 0 <= tally.taken


@given(content=ANYTHING | SPOILT)
def test_whatever_is_no_line_is_refused_in_a_sentence(content: object) -> None:
    reason = "a line"
    try:
        parse_account_line(content)
    except ValueError as refusal:
        reason = str(refusal)
    assert 0 < len(reason) < 2000
    assert "\n" not in reason


async def _accounts(runtime: Runtime) -> int:
    async with runtime.database.reading() as session:
        return int((await session.execute(select(func.count()).select_from(Account))).scalar_one())
