"""The requests of the partner guide as a collection for Postman and Insomnia (format 2.1).

`python -m tests.partners.collection` writes docs/examples/tenure.postman_collection.json.
"""

import json
import re
from typing import Any

from graphql import FieldNode, OperationDefinitionNode, parse

from tests.partners.guide import ADDRESS, GUIDE, examples

FILE = GUIDE.parent / "examples" / "tenure.postman_collection.json"
FORMAT = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
# A document that a shell block sends, with the options of its request.
REQUEST = re.compile(r"\bask\b([^\n]*)<<'?EOF'?[^\n]*\n(.*?)\nEOF$", re.MULTILINE | re.DOTALL)
HEADER = re.compile(r"--header '([^:']+): ([^']*)'")


def collection() -> dict[str, Any]:
    """The collection: a folder for each chapter of the guide, with its requests in order."""
    folders: dict[str, list[dict[str, Any]]] = {}
    for example in examples():
        for options, document in REQUEST.findall(example.block.text):
            folders.setdefault(example.block.chapter, []).append(_item(options, document))
    return {
        "info": {
            "name": "Tenure",
            "description": "The requests of docs/partners.md. Set the variables `tenure` and "
            "`token`; `action` is the id of a deferred action, `file` that of an uploaded file.",
            "schema": FORMAT,
        },
        "auth": {
            "type": "bearer",
            "bearer": [{"key": "token", "value": "{{token}}", "type": "string"}],
        },
        "variable": [
            {"key": "tenure", "value": ADDRESS},
            {"key": "token", "value": ""},
            {"key": "action", "value": ""},
            {"key": "file", "value": ""},
        ],
        "item": [{"name": chapter, "item": items} for chapter, items in folders.items()],
    }


def text_of_collection() -> str:
    """The content of the file."""
    return json.dumps(collection(), indent=2, ensure_ascii=False) + "\n"


def _item(options: str, document: str) -> dict[str, Any]:
    query = document.replace("$ACTION", "{{action}}").replace("$FILE", "{{file}}")
    return {
        "name": _name(document),
        "request": {
            "method": "POST",
            "header": [{"key": key, "value": value} for key, value in HEADER.findall(options)],
            "url": "{{tenure}}/graphql",
            "body": {"mode": "graphql", "graphql": {"query": query, "variables": ""}},
        },
    }


def _name(document: str) -> str:
    """The root fields of a document, for example `viewer, clock`."""
    operation = parse(document).definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    fields = operation.selection_set.selections
    return ", ".join(it.name.value for it in fields if isinstance(it, FieldNode))


if __name__ == "__main__":
    FILE.write_text(text_of_collection())
