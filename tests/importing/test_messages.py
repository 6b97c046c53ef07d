"""The messages for values of a line that have the wrong type."""

from typing import Annotated

import pytest
from pydantic import BaseModel, StringConstraints, ValidationError

from tenure.importing.messages import reasons


class Parsed(BaseModel):
    """A line whose errors Pydantic words with braces in them."""

    code: Annotated[str, StringConstraints(pattern=r"^\d{4}$")]


def test_an_unknown_error_keeps_the_message_of_pydantic() -> None:
    with pytest.raises(ValidationError) as fault:
        Parsed.model_validate({"code": "x"})
    assert reasons(fault.value) == r"code: String should match pattern '^\d{4}$'"
