"""Collects the cases of ``tests/data`` as tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness import Block, Case, bless, cases, is_case_file, run
from tests.runners import RUNNERS


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--bless", action="store_true", help="write what comes out into the >>> blocks of the cases that run")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    return CaseFile.from_parent(parent, path=file_path) if is_case_file(file_path) else None


def pytest_sessionfinish(session: pytest.Session) -> None:
    for path, results in session.stash.get(BLESSED, {}).items():
        bless(path, results)


BLESSED = pytest.StashKey[dict[Path, list[tuple[Block, str]]]]()


class CaseFile(pytest.File):
    """A file of cases."""

    def collect(self) -> Iterator[pytest.Item]:
        for case in cases(self.path.read_text(encoding="utf-8")):
            yield CaseItem.from_parent(self, name=case.title, case=case)


class CaseItem(pytest.Item):
    """One case: every exit must give what is written."""

    def __init__(self, *, case: Case, **arguments: object) -> None:
        super().__init__(**arguments)
        self.case = case

    def runtest(self) -> None:
        results = [(block, run(self.case, block, RUNNERS)) for block in self.case.exits]
        if self.config.getoption("--bless"):
            self.session.stash.setdefault(BLESSED, {}).setdefault(self.path, []).extend(results)
            return
        for block, result in results:
            assert result == block.text, f"at the exit {block.name!r}"

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.case.entry.start - 2, self.case.title
