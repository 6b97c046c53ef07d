"""A document is parsed and validated once; its variables are checked for each request."""

from collections.abc import Iterator
from unittest.mock import Mock

import pytest
from strawberry.schema import schema as strawberrys

from tenure.graphql.http.documents import CACHE_CHARACTERS, VALIDATED_DOCUMENTS
from tests.graphql.caller import Caller

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

VIEWER = "query Who { viewer { name } }"
PAGES = (
    "query($n: Int) { accounts(first: 100) { "
    "nodes { children(first: $n) { nodes { services { nodes { id } } } } } } }"
)


@pytest.fixture(autouse=True)
def nothing_is_known() -> Iterator[None]:
    """As after a start."""
    VALIDATED_DOCUMENTS.clear()
    yield
    VALIDATED_DOCUMENTS.clear()


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """Notes what is parsed and what is validated."""
    work = Mock()
    for name in ("parse", "validate"):
        getattr(work, name).side_effect = getattr(strawberrys, name)
        monkeypatch.setattr(strawberrys, name, getattr(work, name))
    return work


async def test_the_second_time_nothing_is_parsed_or_validated(ask: Caller, work: Mock) -> None:
    for _ in range(3):
        assert await ask(VIEWER) == {"viewer": {"name": "ana@example.com"}}
    assert (work.parse.call_count, work.validate.call_count) == (1, 1)


async def test_another_text_is_another_document(ask: Caller, work: Mock) -> None:
    assert await ask(VIEWER) == {"viewer": {"name": "ana@example.com"}}
    assert await ask(VIEWER.replace("name", "role")) == {"viewer": {"role": "ADMIN"}}
    assert (work.parse.call_count, work.validate.call_count) == (2, 2)


@pytest.mark.parametrize(
    "document", ["query {", "{ nobody }", "{ viewer { " + "name " * 1990 + "} }"]
)
async def test_what_is_refused_is_not_kept(ask: Caller, document: str) -> None:
    _, first = await ask.answer(document)
    assert not VALIDATED_DOCUMENTS
    _, again = await ask.answer(document)
    assert first == again != []


async def test_a_known_document_may_ask_for_too_much_another_time(ask: Caller) -> None:
    assert await ask(PAGES, n=1) == {"accounts": {"nodes": []}}
    assert PAGES in VALIDATED_DOCUMENTS
    assert VALIDATED_DOCUMENTS.currsize == len(PAGES)
    assert await ask.code(PAGES, n=100) == "QUERY_TOO_COMPLEX"
    assert await ask(PAGES, n=1) == {"accounts": {"nodes": []}}


async def test_who_asks_is_looked_at_each_time(ask: Caller) -> None:
    await ask(VIEWER)
    assert await ask.acting_as(None).code(VIEWER) == "UNAUTHENTICATED"


async def test_variables_are_looked_at_each_time(ask: Caller) -> None:
    document = "query($number: String!) { account(number: $number) { id } }"
    assert await ask(document, number="x") == {"account": None}
    assert await ask.code(document, number=1) == "INVALID"
    assert await ask.code(document, number="a\0b") == "INVALID"


async def test_what_was_asked_longest_ago_makes_room(ask: Caller) -> None:
    texts = [
        f"{{ viewer {{ name }} }} # {place} {'x' * (CACHE_CHARACTERS // 4)}" for place in range(5)
    ]
    for text in texts:
        assert await ask(text) == {"viewer": {"name": "ana@example.com"}}
    assert [text in VALIDATED_DOCUMENTS for text in texts] == [False, False, True, True, True]
    assert VALIDATED_DOCUMENTS.currsize <= CACHE_CHARACTERS
