"""The collection for Postman and Insomnia holds the requests of the guide, and they run."""

import json

import httpx

from tenure.kernel.actor import Role
from tests.demonstration import DemoServer
from tests.partners.collection import FILE, text_of_collection
from tests.partners.guide import examples
from tests.waiting import PATIENCE

# An agent may not send them.
OF_ADMINS = {"setClock", "createWebhook", "webhooks", "startImport"}


def test_the_collection_is_current() -> None:
    assert FILE.read_text() == text_of_collection(), "Run `python -m tests.partners.collection`."


def test_every_request_of_the_guide_is_in_the_collection() -> None:
    """A block that repeats its request has it once."""
    items = [item for folder in json.loads(FILE.read_text())["item"] for item in folder["item"]]
    assert len(items) == sum(example.block.requests for example in examples())


def test_requests_run_as_they_stand(demo_server: DemoServer) -> None:
    """Without those that need the id of a deferred action, which the user fills in."""
    token = {"Authorization": f"Bearer {demo_server.tokens[Role.AGENT]}"}
    with httpx.Client(base_url=demo_server.address, headers=token, timeout=PATIENCE) as client:
        for folder in json.loads(FILE.read_text())["item"]:
            for item in folder["item"]:
                asked = item["request"]
                document = asked["body"]["graphql"]["query"]
                if "{{action}}" in document:
                    continue
                headers = {header["key"]: header["value"] for header in asked["header"]}
                answer = client.post("/graphql", json={"query": document}, headers=headers).json()
                codes = [it["extensions"]["code"] for it in answer.get("errors", ())]
                expected = ["FORBIDDEN"] if item["name"] in OF_ADMINS else []
                assert (item["name"], codes) == (item["name"], expected)
