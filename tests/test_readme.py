"""Every example of the README does what the README says."""

from __future__ import annotations

import doctest
import re
import shlex
import tomllib
from pathlib import Path

import pytest

from derivcheck.cli import main
from derivcheck.config import load_config
from derivcheck.registry import names

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
# The documents of the README; the text before each names the file. The first one has wrong steps, on each line that is asked for.
DOCUMENT = re.compile(r"Given this file, `([\w.]+)`,\s+```\w+\n(.*?)^```$", re.M | re.S)


def blocks(language: str) -> list[str]:
    return [text for name, text in FENCE.findall(README) if name == language]


def commands() -> list[tuple[str, str]]:
    """Each command shown after a prompt, and what is shown below it."""
    shown = [part.partition("\n") for block in blocks("console") for part in re.split(r"^\$ ", block, flags=re.M)[1:]]
    return [(command, output) for command, _, output in shown]


@pytest.mark.parametrize(("command", "output"), commands(), ids=[command for command, _ in commands()])
def test_a_command_prints_what_is_shown(
    command: str, output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    documents = DOCUMENT.findall(README)
    for name, text in documents:
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    program, *arguments = shlex.split(command)
    assert program == "derivcheck"
    assert main(arguments) == int(documents[0][0] in command)
    assert capsys.readouterr().out == output


@pytest.mark.parametrize("example", blocks("python"))
def test_the_library_answers_what_is_shown(example: str) -> None:
    test = doctest.DocTestParser().get_doctest(example, {}, "README.md", "README.md", 0)
    assert test.examples and doctest.DocTestRunner().run(test).failed == 0


def test_the_configuration_shown_is_one(tmp_path: Path) -> None:
    (shown,) = blocks("toml")
    (tmp_path / "derivcheck.toml").write_text(shown, encoding="utf-8")
    config = load_config(tmp_path, {})
    assert all(getattr(config, key.replace("-", "_")) for key in tomllib.loads(shown))


def test_the_commands_to_set_up_stand_alone() -> None:
    """``.ci/run`` runs them: the first installs and checks, the second installs and tests."""
    checks, tests = "".join(blocks("sh")).splitlines()
    assert checks.endswith("derivcheck check derivations/") and tests.endswith("pytest")


def test_what_is_listed_is_there() -> None:
    tables = re.findall(r"^\| `([\w-]+)` \|", README, re.M)
    assert set(names("reports")) <= set(tables)
    assert all((ROOT / path).exists() for path in re.findall(r"\]\(([^)]+)\)", README))
    rooms = re.findall(r"`(\w+/|\w+\.py)`", README.split("## The house")[1])
    assert all((ROOT / "derivcheck" / room).exists() or (ROOT / room).exists() or room == "kernel.py" for room in rooms)


def test_the_hook_shown_is_offered() -> None:
    offered = re.findall(r"^- id: (\S+)", (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"), re.M)
    assert set(re.findall(r"- id: (\S+)", "".join(blocks("yaml")))) == set(offered)
