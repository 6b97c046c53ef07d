"""Documents of at most 1 MB that are made to be expensive, with their variables."""

from typing import Any

ACCOUNTS = "{ accounts(filter: %s) { nodes { id } } }"
LINE = {"serviceKind": 5, "login": [], "quantity": {}, "unit": None, "reference": True}


def joined(text: str, count: int) -> str:
    """The text repeated `count` times, with # replaced by the index."""
    return " ".join(text.replace("#", str(place)) for place in range(count))


def fragments(count: int, body: str, last: str = "name") -> str:
    """A chain of fragments on Viewer; # in the body is the index of the next fragment."""
    chain = " ".join(
        f"fragment F{it} on Viewer {{ {body.replace('#', str(it + 1))} }}" for it in range(count)
    )
    return f"{{ viewer {{ ...F0 }} }} {chain} fragment F{count} on Viewer {{ {last} }}"


def mesh(count: int) -> str:
    """Fragments that each spread all others."""
    spreads = joined("...F#", count)
    parts = [f"fragment F{index} on Viewer {{ {spreads} }}" for index in range(count)]
    return f"{{ viewer {{ ...F0 }} }} {' '.join(parts)}"


def nested(kind: str, depth: int) -> dict[str, Any]:
    """A variable with nested lists or nested objects."""
    value: Any = "x"
    for _ in range(depth):
        value = [value] if kind == "list" else {"search": value}
    return {"it": value}


LEXED = {
    "comment": "{ viewer { name } } #".ljust(1_000_000, "x"),
    "comments": "{ viewer { name } }" + "#\n" * 400_000,
    "spaces": "{ viewer { name } }".ljust(1_000_000),
    "line breaks": "{ viewer { name } }" + "\n" * 1_000_000,
    "commas": "{ viewer { name } }" + "," * 1_000_000,
    "string": '{ account(number: "%s") { id } }' % ("x" * 1_000_000),
    "block string": '{ account(number: """%s""") { id } }' % ("x\n" * 450_000),
    "indented block string": '{ account(number: """%s""") { id } }'
    % (" " * 40 + "x\n" + " \n" * 60_000),
    "unicode escapes": '{ account(number: "%s") { id } }' % ("\\u0041" * 160_000),
    "long escapes": '{ account(number: "%s") { id } }' % ("\\u{1F98A}" * 110_000),
    "surrogate escapes": '{ account(number: "%s") { id } }' % ("\\uD800" * 10_000),
    "NUL": '{ account(number: "%s") { id } }' % ("\\u0000" * 10_000),
    "string without an end": '{ account(number: "%s' % ("x" * 90_000),
    "name": "{ %s }" % ("x" * 1_000_000),
    "long name": "{ %s }" % ("x" * 90_000),
    "integer": "{ accounts(first: %s) { nodes { id } } }" % ("1" * 90_000),
    "float": "{ accounts(first: 0.%s) { nodes { id } } }" % ("1" * 90_000),
    "exponent": "{ accounts(first: 1e%s) { nodes { id } } }" % ("9" * 9_000),
    "byte order marks": "\ufeff" * 90_000,
    "braces": "{" * 90_000,
    "brackets": "{ nodes(ids: %s) { id } }" % ("[" * 90_000),
    "tokens": "{ viewer { %s } }" % ("name " * 19_000),
}

PARSED = {
    "a field repeated": "{ viewer { %s } }" % ("name " * 1_990),
    "an object repeated": "{ %s }" % ("viewer { name } " * 499),
    "a field with arguments repeated": "{ %s }" % ('node(id: "x") { id } ' * 200),
    "fields in conflict": "{{ {} }}".format(joined('node(id: "#") { id }', 200)),
    "type names": "{ %s }" % ("__typename " * 1_990),
    "aliases": "{{ {} }}".format(joined("a#: __typename", 600)),
    "aliases in fragments": "{{ viewer {{ ...A }} }} fragment A on Viewer {{ {} }}".format(
        joined("a#: name", 500)
    ),
    "unknown fields": "{{ {} }}".format(joined("accountz#", 1_990)),
    "long unknown fields": "{{ {} }}".format(joined("a" * 400 + "#", 200)),
    "unknown arguments": "{{ viewer({}) {{ name }} }}".format(joined("a#: 1", 600)),
    "an argument repeated": "{ account(%s) { id } }" % ('number: "x" ' * 600),
    "directives": "{ viewer { name %s } }" % ("@include(if: true) " * 270),
    "unknown directives": "{ viewer { name %s } }" % ("@x " * 990),
    "directives of the operation": "query %s { viewer { name } }" % ("@x " * 990),
    "variables": "query({}) {{ viewer {{ name }} }}".format(joined("$v#: Int", 490)),
    "used variables": "query({}) {{ viewer {{ name {} }} }}".format(
        joined("$v#: Boolean!", 150), joined("@include(if: $v#)", 150)
    ),
    "a variable repeated": "query(%s) { viewer { name } }" % ("$v: Int " * 490),
    "undefined variables": "{{ nodes(ids: [{}]) {{ id }} }}".format(joined("$v#", 900)),
    "variables of unknown types": "query({}) {{ viewer {{ name }} }}".format(
        joined("$v#: T#", 490)
    ),
    "nested types": "query($v: {}Int{}) {{ viewer {{ name }} }}".format("[" * 900, "]" * 900),
    "operations": joined("query Q# { viewer { name } }", 240),
    "anonymous operations": joined("{ viewer { name } }", 320),
    "subscriptions": joined("subscription S# { events { id } events { id } }", 120),
    "unused fragments": "{ viewer { name } } " + joined("fragment F# on Viewer { name }", 240),
    "a fragment repeated": "{ viewer { name } } " + joined("fragment F on Viewer { name }", 240),
    "fragments on unknown types": "{ viewer { name } } "
    + joined("fragment F# on T# { name }", 240),
    "a fragment spread often": "{{ {} }} fragment A on Viewer {{ {} }}".format(
        "viewer { ...A } " * 100, "name " * 1_000
    ),
    "a chain of fragments": fragments(190, "name ...F#"),
    "fragments that double": fragments(160, "...F# ...F#"),
    "a circle of fragments": mesh(28),
    "a fragment in itself": "{ viewer { ...A } } fragment A on Viewer { %s }" % ("...A " * 600),
    "unknown spreads": "{{ viewer {{ {} }} }}".format(joined("...F#", 900)),
    "inline fragments within one another": "{{ viewer {{ {} name {} }} }}".format(
        "... { " * 480, "} " * 480
    ),
    "inline fragments": "{ viewer { %s } }" % ("... { name } " * 490),
    "levels": "{ accounts %s }" % ("{ nodes { parent " * 150 + "{ id }" + "} }" * 150),
    "lists in a list": "{ nodes(ids: %s) { id } }" % ("[" * 900 + "]" * 900),
    "objects in an object": ACCOUNTS % ("{a: " * 480 + "1" + "}" * 480),
    "unknown fields of an object": ACCOUNTS % ("{{{}}}".format(joined("a#: 1", 600))),
    "unknown fields of objects": "mutation { recordUsage(input: [%s]) { errors { code } } }"
    % (("{{{}}} ".format(joined("a#: 1", 90))) * 7),
    "a field of an object repeated": ACCOUNTS % ("{%s}" % ('search: "x" ' * 600)),
    "unknown enum values": ACCOUNTS % ("{status: [%s]}" % ("CLOSEDD " * 1_900)),
    "wrong ids": "{ nodes(ids: [%s]) { id } }" % ("{} " * 990),
    "the schema many times": "{{ {} }}".format(
        joined(
            "a#: __schema { types { name fields { name args { name description } } "
            "inputFields { name } } }",
            25,
        )
    ),
    "a type many times": "{{ {} }}".format(
        joined('a#: __type(name: "Account") { fields { args { name } type { name } } }', 31)
    ),
    "types of fields of types": (
        "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"
    ),
    "items by defaults": """query($n: Int = 100) { accounts(first: $n) { nodes {
      services(first: $n) { nodes { id } } children(first: $n) { nodes { id } }
      bills(last: $n) { nodes { id } } } } }""",
}

OF_VARIABLES: dict[str, tuple[str, dict[str, Any]]] = {
    "whole floats": (
        (
            "query($n: Int) { accounts(first: $n) { nodes { children(last: $n) { nodes { children "
            "{ nodes { id } } } } } } }"
        ),
        {"n": 100.0},
    ),
    "ids": ("query($it: [ID!]!) { nodes(ids: $it) { id } }", {"it": ["x"] * 120_000}),
    "statuses": (
        "query($it: [Status!]) { accounts(filter: {status: $it}) { nodes { id } } }",
        {"it": ["X"] * 100_000},
    ),
    "lines": (
        "mutation($it: [RecordUsageInput!]!) { recordUsage(input: $it) { errors { code } } }",
        {"it": [LINE] * 9_000},
    ),
    "lists within lists": ("query($it: [ID!]!) { nodes(ids: $it) { id } }", nested("list", 900)),
    "objects within objects": (
        "query($it: AccountFilter) { accounts(filter: $it) { totalCount } }",
        nested("object", 900),
    ),
    "unknown fields": (
        "query($it: AccountFilter) { accounts(filter: $it) { totalCount } }",
        {"it": {f"a{place}": 1 for place in range(50_000)}},
    ),
    "a long text": (
        "query($it: Int) { accounts(first: $it) { totalCount } }",
        {"it": "x" * 1_000_000},
    ),
    "a long number": (
        (
            "query($it: Decimal) "
            "{ authorizeService(serviceKind: 5, login: 6, amount: $it) { denial } }"
        ),
        {"it": "1" * 900_000},
    ),
    "NUL": ("query($it: String!) { account(number: $it) { id } }", {"it": "\0" * 100_000}),
}
