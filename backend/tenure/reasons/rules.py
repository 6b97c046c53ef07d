"""Checks of reasons."""

import re
from collections.abc import Sequence

from tenure.holds.models import Status
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.text import required_text
from tenure.reasons.models import LONGEST_CODE

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]*")


def checked_code(value: str) -> str:
    """The code. Raises REQUIRED, OUT_OF_RANGE, or INVALID for other characters."""
    code = required_text(value, path="code", longest=LONGEST_CODE)
    if not CODE.fullmatch(code):
        message = "Use letters, digits and the characters _ . - only."
        raise TenureError(ErrorCode.INVALID, message, ("code",))
    return code


def checked_label(value: str | None) -> str:
    """The label. Raises REQUIRED, INVALID or OUT_OF_RANGE."""
    return required_text(value, path="label")


def checked_statuses(statuses: Sequence[Status] | None) -> list[Status]:
    """The statuses, each once, in the order of their definition. Raises REQUIRED if empty."""
    if not statuses:
        message = "Name at least one status."
        raise TenureError(ErrorCode.REQUIRED, message, ("applies_to",))
    return [status for status in Status if status in statuses]
