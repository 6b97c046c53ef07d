"""Replaced names stay replaced, and lines end at column 100, in all sources."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests import source
from tests.shared import ROOT
from tests.test_architecture import report_breaches

MAX_COLUMNS = 100
# Addresses cannot be split.
UNSPLITTABLE = re.compile(r"https?://\S{80}")

# Identifiers and file names that were replaced, with the term that replaced them. Ordinary words of
# English text are not affected: only names are compared, without leading underscores.
REPLACED = {
    "Workplace": "Runtime",
    "carry_out": "run_in_unit, or the name of the operation",
    "is_passing": "is_transient",
    "PASSING_STATES": "TRANSIENT_SQLSTATES",
    "among": "in_ids",
    "among_words": "in_texts",
    "table_of": "rows_as_table",
    "BREATH": "WRITER_PAUSE_SECONDS",
    "breath": "pause",
    "let_others_write": "yield_to_writer",
    "one_at_a_time": "advisory_lock",
    "at_once": "max_concurrent_units, or concurrent",
    "look_less_often": "raise_gc_threshold",
    "keep_what_is_loaded": "freeze_gc",
    "HANDS": "CONCURRENCY",
    "MOST_HANDS": "MAX_WORKERS_PER_RUN",
    "further_hands": "extra_workers",
    "hand": "worker, or database of a worker",
    "hands": "workers",
    "work_off": "run_chunks",
    "in_vain": "empty_claims",
    "to_the_end": "keep_polling",
    "crew": "supervisor",
    "elsewhere": "brokered",
    "messenger": "wake_up_sender",
    "nudge": "wake_up",
    "let_go": "released_since",
    "Telling": "EventContext",
    "Why": "HoldReason",
    "told": "recorded, or shown",
    "grounds": "own_holds",
    "gravest": "strongest",
    "beaten": "overridden",
    "Reach": "AffectedAccounts",
    "THE_TURN": "CLAIM_LOCK",
    "unhindered": "runnable",
    "barred": "blocked",
    "let_pay": "assign_payer",
    "let_pay_themselves": "unassign_payer",
    "pass_on": "transfer",
    "set_aside": "quarantine",
    "aside": "quarantined",
    "look_at_overdue": "review_overdue",
    "looking": "connection",
    "wish": "request",
    "amended": "prepared",
    "entity_to_change": "locked_entity",
    "Worked": "Computed",
    "WayUp": "Ancestors",
    "CountBelow": "DescendantCount",
    "leads_to": "relation",
    "FirstOf": "FirstPresent",
    "standing": "status, or account_balance",
    "Known": "DocumentCache",
    "Line": "ImportLine or BillLine",
    "Tally": "ImportCounts",
    "promise": "deferred action",
    "promises": "deferred actions",
    "verb": "action or operation",
    "verbs": "actions or operations",
    "reckon": "compute",
    "room": "package",
    "house": "code base",
    "law": "rule or check",
    "give_back": "release_key",
    "ROOM_TO_GROW": "UPDATED_IN_PLACE",
    "KEEPING_ITS_KEY": "NO_KEY_UPDATE",
    "NON_BLOCKING_LOCK": "NO_KEY_UPDATE",
    "kept_body": "stored_body",
    "TAKEN_FOR_DEAD_AFTER": "LEASE",
}
REPLACED_IN_PAGE = {
    "asItGoes": "useLiveJobRuns",
    "reckoning": "explainCharge",
    "Deaf": "Offline",
    "Hearing": "Online",
    "Caution": "Warning",
}


def python_files() -> list[Path]:
    """All sources and tests in Python; packages of npm contain Python too."""
    files = [*(ROOT / "backend" / "tenure").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    return sorted(file for file in files if "node_modules" not in file.parts)


@cache
def names(file: Path) -> list[tuple[str, int]]:
    """The identifiers that a Python file defines or uses, each with its line."""
    found: list[tuple[str, int]] = []
    for node in ast.walk(source.tree(file)):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                found.append((name, node.lineno))
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.append((name, node.lineno))
            case ast.ClassDef(name=name):
                found.append((name, node.lineno))
            case ast.alias(name=name, asname=alias):
                found.append((alias or name, node.lineno))
            case ast.keyword(arg=str(name)):
                found.append((name, node.value.lineno))
    return found


def test_no_line_is_too_long() -> None:
    def breaches() -> Iterator[str]:
        for file in [*python_files(), *source.screens()]:
            for number, line in enumerate(file.read_text().splitlines(), start=1):
                if len(line) > MAX_COLUMNS and not UNSPLITTABLE.search(line):
                    yield f"{source.named(file)}:{number}: {len(line)} columns"

    report_breaches(breaches(), f"Split the line: lines end at column {MAX_COLUMNS}.")


def test_no_replaced_name() -> None:
    """docs/glossary.md: one term for one thing."""

    def breaches() -> Iterator[str]:
        for file in python_files():
            if file == Path(__file__):
                continue
            for name, line in [*names(file), (file.stem, 1)]:
                if (term := REPLACED.get(name.strip("_"))) is not None:
                    yield f"{source.named(file)}:{line}: {name}: use {term}"
        for file in source.screens():
            for name, term in REPLACED_IN_PAGE.items():
                if re.search(rf"\b{name}\b", file.read_text()):
                    yield f"{source.named(file)}: {name}: use {term}"

    report_breaches(breaches(), "The terms are in docs/glossary.md.")
