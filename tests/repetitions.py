"""How often tests repeat something random: few times by default, many times with CI=true.

The rules themselves are tested the same way in both cases.
"""

import os

from tests.shared import IN_CI


def repetitions(setting: str, few: int, many: int) -> int:
    """The number in this environment variable. Without it `many` with CI=true, else `few`."""
    return int(os.environ.get(setting) or (many if IN_CI else few))
