"""The CPU time of each test, which depends less on other processes than the elapsed time does.

`python -m pytest -p tests.cpu_time --cpu-time FILE` appends a line per test to FILE;
`python -m tests.cpu_time FILE` prints the seconds of each test file.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class CpuRecorder:
    """Writes, after each test, what its processes have used since the one before it."""

    file: Path
    servers: list[int]
    before: dict[str, float] = field(default_factory=dict)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Measure a test with the set-up of its fixtures."""
        before = self.before or self._used()
        result = yield
        self.before = self._used()
        used = {name: round(self.before[name] - before[name], 2) for name in before}
        with self.file.open("a") as lines:
            lines.write(json.dumps({"test": item.nodeid} | used) + "\n")
        return result

    def _used(self) -> dict[str, float]:
        return {"tests": tree_seconds([os.getpid()]), "servers": tree_seconds(self.servers)}


def tree_seconds(roots: Iterable[int]) -> float:
    """User and system time so far of these processes and of all that descend from them."""
    children: dict[int, list[int]] = {}
    ticks: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            values = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        pid = int(stat.parent.name)
        children.setdefault(int(values[1]), []).append(pid)
        # The last two are those of its children that have ended.
        ticks[pid] = sum(map(int, values[11:15]))
    found = [pid for pid in roots if pid in ticks]
    for pid in found:
        found.extend(children.get(pid, []))
    return sum(ticks[pid] for pid in found) / TICKS


def pytest_addoption(parser: pytest.Parser) -> None:
    """The file, and the servers to measure as well."""
    parser.addoption("--cpu-time", type=Path, help="append the CPU time of each test to this file")
    parser.addoption(
        "--cpu-time-of", type=int, action="append", default=[], metavar="PID", help="of a server"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Measures in the processes that run tests."""
    file = config.getoption("--cpu-time")
    if file and (hasattr(config, "workerinput") or not config.getoption("numprocesses", None)):
        config.pluginmanager.register(
            CpuRecorder(file.resolve(), config.getoption("--cpu-time-of"))
        )


def main(file: Path) -> None:
    """Print seconds of tests, of servers, number of tests, and name of each test file."""
    tests: Counter[str] = Counter()
    servers: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for line in map(json.loads, file.read_text().splitlines()):
        for name in (line["test"].partition("::")[0], "total"):
            count[name] += 1
            tests[name] += line["tests"]
            servers[name] += line["servers"]
    for name in sorted(count, key=lambda it: tests[it] + servers[it]):
        print(f"{tests[name]:8.1f} {servers[name]:8.1f} {count[name]:6} {name}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
