"""Which modules a command loads: exact, where a time would be a matter of luck."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MATHEMATICS = ("sympy", "numpy", "mpmath", "flint", "latex2sympy2", "antlr4")
HEAVY = (*MATHEMATICS, "markdown_it", "jinja2", "rich", "multiprocessing", "asyncio", "hypothesis")


def loaded(*arguments: str, text: str = "") -> set[str]:
    """The modules in memory after a command."""
    code = "import sys; from derivcheck.cli import main; main(sys.argv[1:]); print('\\n--', *sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], input=text, capture_output=True, text=True, cwd=ROOT, timeout=60, check=True
    )
    return set(done.stdout.rsplit("\n--", 1)[1].split())


@pytest.mark.parametrize("arguments", [("--help",), ("check", "--help"), ("--version",)])
def test_help_loads_no_room(arguments: tuple[str, ...]) -> None:
    modules = loaded(*arguments)
    ours = {name for name in modules if name.startswith("derivcheck.")}
    assert ours == {f"derivcheck.{name}" for name in ("cli", "config", "diagnostic", "registry", "report", "source")}
    assert not modules.intersection(HEAVY) and "tomllib" not in modules


def test_the_library_loads_nothing_until_it_is_asked() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import derivcheck, sys; print(*(name for name in sys.modules if name.startswith('derivcheck')))"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert done.stdout.split() == ["derivcheck"]


def test_a_run_loads_one_report_format_and_leaves_mathematics_to_the_worker() -> None:
    modules = loaded("check", "--output-format", "concise", "-", text="Let $x = 1$.\n\n$$y = x + 1 = 2$$\n")
    assert {name for name in modules if name.startswith("derivcheck.reports.")} == {"derivcheck.reports.concise"}
    assert not modules.intersection(MATHEMATICS)
