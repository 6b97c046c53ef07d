"""Optimistic concurrency: a change that names the version it was based on."""

from tenure.kernel.errors import ErrorCode, TenureError


def check_version(version: int, expected: int | None) -> None:
    """Raises CONFLICT where the entity was changed since the caller read it."""
    if expected is not None and version != expected:
        raise TenureError(
            ErrorCode.CONFLICT,
            f"It has been changed since (version {version}, not {expected}). Reload and try again.",
            ("expected_version",),
        )
