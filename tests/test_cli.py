"""The command line: what is checked, what is printed, and the exit status."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from types import ModuleType

import pytest
from jsonschema import Draft202012Validator

import derivcheck
from derivcheck.cli import main
from derivcheck.config import Config, UsageError, load_config
from derivcheck.diagnostic import ClaimReport, FileReport, Place, Problem, Verdict
from derivcheck.source import Source

ROOT = Path(__file__).parent.parent
SCHEMA = json.loads(files("derivcheck").joinpath("reports/schema.json").read_text(encoding="utf-8"))
NOTHING: Mapping[str, str | bytes] = {}
CODES = {"sign": "DC101", "factor": "DC102"}


def said(source: Source, config: Config, watch: object, worker: object) -> FileReport:
    """A stand-in for the hall: a line ``verdict`` or ``wrong sign`` is a claim of that verdict; ``boom`` is a fault of ours."""
    claims, problems = [], []
    for number in range(1, source.line_count + 1):
        verdict, _, error = source.line(number).partition(" ")
        if verdict == "boom":
            raise ZeroDivisionError("by nothing")
        if verdict == "interrupt":
            raise KeyboardInterrupt
        if verdict == "problem":
            problems.append(Problem(number, "odd"))
        if verdict in list(Verdict):
            claims.append(_claim(number, Verdict(verdict), error or None))
    return FileReport(source.path, tuple(claims), tuple(problems), seconds=config.timeout)


def _claim(number: int, verdict: Verdict, error: str | None) -> ClaimReport:
    claim = ClaimReport(Place(number, 1), Place(number, 2), "=", "a", "b", verdict, error, CODES.get(error or ""))
    match verdict:
        case Verdict.WRONG:
            return replace(claim, error=error or "other", confidence="certain", message="it is not so")
        case Verdict.CARRIED:
            return replace(claim, inherits=Place(1, 1))
        case Verdict.UNDECIDED | Verdict.UNREADABLE:
            return replace(claim, reason="who knows")
    return claim


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs ``check`` on files of the given contents in a folder of their own: status, output, errors."""
    hall = ModuleType("derivcheck.check")
    hall.check = said  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "derivcheck.check", hall)
    monkeypatch.setattr(derivcheck, "check", hall, raising=False)
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "DERIVCHECK_TRACEBACK"):
        monkeypatch.delenv(name, raising=False)

    def check(*arguments: str, files: Mapping[str, str | bytes] = NOTHING) -> tuple[int, str, str]:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        status = main(["check", *arguments])
        return status, *capsys.readouterr()

    return check


@pytest.mark.parametrize(
    ("text", "options", "status"),
    [
        ("proved", (), 0),
        ("wrong sign", (), 1),
        ("wrong sign", ("--exit-zero",), 0),
        ("undecided\nunreadable\ncarried", (), 0),
        ("undecided", ("--fail-on", "undecided"), 1),
        ("wrong", ("--fail-on", "undecided"), 0),
        ("wrong", ("--fail-on", "undecided,wrong"), 1),
        ("wrong sign", ("--select", "DC102"), 0),
        ("wrong sign", ("--select", "sign,factor"), 1),
        ("wrong sign", ("--select", "dc1"), 1),
        ("wrong sign", ("--ignore", "sign"), 0),
        ("wrong sign\nwrong factor", ("--ignore", "DC101"), 1),
        ("problem", (), 0),
        ("boom", (), 3),
        ("boom", ("--exit-zero",), 3),
        ("", (), 0),
    ],
)
def test_the_exit_status(run: Run, text: str, options: tuple[str, ...], status: int) -> None:
    assert run("a.md", *options, files={"a.md": text})[0] == status


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("missing.md",), "no such file or folder: missing.md"),
        (("a.md", "missing.md"), "missing.md"),
        (("--select", "sgn", "a.md"), "did you mean 'sign'?"),
        (("--fail-on", "wrnog", "a.md"), "did you mean 'wrong'?"),
        (("--output-format", "jsn", "a.md"), "did you mean 'json'?"),
        (("--timeout", "-1", "a.md"), "positive"),
        (("--timeout", "soon", "a.md"), "soon"),
        (("--jobs", "3", "a.md"), "--jobs"),
    ],
)
def test_misuse_is_said_before_any_work(run: Run, arguments: tuple[str, ...], words: str) -> None:
    status, output, errors = run(*arguments, files={"a.md": "boom"})
    assert (status, output) == (2, "") and words in errors


def test_one_bad_document_leaves_the_others_alone(run: Run) -> None:
    contents = {"a.md": "boom", "b.md": b"\x89PNG\0\0\xff", "c.md": "wrong sign"}
    status, output, _ = run("a.md", "b.md", "c.md", "--output-format", "json", files=contents)
    report = json.loads(output)
    assert status == 3 and [document["complete"] for document in report["documents"]] == [False, False, True]
    assert "ZeroDivisionError" in report["documents"][0]["problems"][0]["message"]
    assert report["summary"]["wrong"] == 1
    Draft202012Validator(SCHEMA).validate(report)


def test_a_fault_of_ours_shows_its_traceback_on_request(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Traceback" not in run("a.md", files={"a.md": "boom"})[2]
    monkeypatch.setenv("DERIVCHECK_TRACEBACK", "1")
    assert "Traceback" in run("a.md")[2]


def test_problems_of_the_bytes_and_of_the_text_stand_together(run: Run) -> None:
    status, output, _ = run("a.md", "--output-format", "concise", files={"a.md": b"problem\n\xe9\nproblem\n"})
    assert status == 0 and [line.split(":")[1] for line in output.splitlines()] == ["1", "2", "3"]


def test_a_file_above_the_limit_is_not_read(run: Run) -> None:
    contents = {"a.md": "wrong\n" * 300, "b.md": "proved", "derivcheck.toml": "max-bytes = 1000"}
    status, output, _ = run("a.md", "b.md", files=contents)
    assert status == 3 and "larger than 0.001 MB" in output and "1 proved, 0 agrees, 0 wrong" in output


def test_a_file_that_cannot_be_read_is_a_problem(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str, limit: int) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("derivcheck.cli._read", refuse)
    status, output, _ = run("a.md", "--output-format", "concise", files={"a.md": "proved"})
    assert (status, output) == (3, "a.md:1: problem: cannot be read: Permission denied\n")


def test_folders_are_searched_for_known_suffixes(run: Run) -> None:
    found = ("a.md", "b/c.tex", "b/d.ipynb", "h.MD")
    passed = ("e.txt", "f.py", "node_modules/g.md", ".git/h.md", ".i.md")
    run(".", files=dict.fromkeys((*found, *passed), "proved"))

    def documents(*arguments: str) -> list[str]:
        return [document["path"] for document in json.loads(run(*arguments, "--output-format", "json")[1])["documents"]]

    assert sorted(documents()) == sorted(documents(".")) == sorted(found)
    assert sorted(documents(".", "e.txt", "e.txt")) == sorted([*found, "e.txt"])
    assert documents("b") == ["b/c.tex", "b/d.ipynb"]
    Path("derivcheck.toml").write_text('extend-suffixes = ["txt"]')
    assert sorted(documents(".")) == sorted([*found, "e.txt"])


def test_a_folder_without_documents_is_said(run: Run) -> None:
    status, output, errors = run(".", files={"a.py": "wrong"})
    assert status == 0 and "0 documents" in output and errors == "warning: no documents found\n"
    assert json.loads(run(".", "--output-format", "json")[1])["documents"] == []


def test_standard_input_has_the_format_of_its_name(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def typed(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    typed("wrong sign")
    assert run("-", "--output-format", "concise") == (1, "-:1:1: DC101 sign: it is not so\n", "")
    typed("wrong sign")
    assert run("-", "--stdin-filename", "x.tex", "--output-format", "concise")[1].startswith("x.tex:1:1:")


def test_an_interruption_prints_what_is_known(run: Run) -> None:
    contents = {"a.md": "wrong sign", "b.md": "interrupt", "c.md": "wrong"}
    status, output, errors = run("a.md", "b.md", "c.md", files=contents)
    assert status == 130 and "1 document, 1 claim" in output and "after 1 of 3" in errors
    assert len(json.loads(run("a.md", "b.md", "--output-format", "json")[1])["documents"]) == 1


def test_findings_are_what_is_wrong_and_what_fails_the_run(run: Run) -> None:
    text = "wrong sign\nundecided\nproved\ncarried\nwrong factor"
    _, output, _ = run("a.md", "--output-format", "concise", files={"a.md": text})
    assert output == "a.md:1:1: DC101 sign: it is not so\na.md:5:1: DC102 factor: it is not so\n"
    _, output, _ = run("a.md", "--output-format", "concise", "--fail-on", "undecided", "--ignore", "factor")
    assert output == "a.md:1:1: DC101 sign: it is not so\na.md:2:1: undecided: who knows\n"
    assert "    1  DC101 sign\n" in run("a.md", "--statistics")[1]


def test_json_lists_every_claim_whatever_is_selected(run: Run) -> None:
    _, output, _ = run("a.md", "--output-format", "json", "--ignore", "sign", files={"a.md": "wrong sign\nproved"})
    assert [claim["verdict"] for claim in json.loads(output)["documents"][0]["claims"]] == ["wrong", "proved"]


def test_colours_follow_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[" not in run("a.md", files={"a.md": "wrong sign"})[1]
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[31m" in run("a.md")[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in run("a.md")[1]


def test_the_settings_reach_the_hall(run: Run) -> None:
    output = run("a.md", "--timeout", "2.5", "--no-cache", "--output-format", "json", files={"a.md": ""})[1]
    assert json.loads(output)["documents"][0]["seconds"] == 2.5


def test_help_shows_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--help"]) == 0
    shown = capsys.readouterr().out
    assert "--no-cache" not in shown and "--jobs" not in shown and "concise|json|text" in shown
    assert main(["--help"]) == 0
    assert "grade" not in capsys.readouterr().out
    assert main(["--version"]) == 0
    assert derivcheck.__version__ in capsys.readouterr().out


def configured(folder: Path, name: str, content: str) -> Config:
    (folder / name).write_text(content, encoding="utf-8")
    return load_config(folder, {})


def test_the_nearest_configuration_counts(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert configured(tmp_path, "derivcheck.toml", "timeout = 3").timeout == 3.0
    assert load_config(inner, {}).timeout == 3.0
    assert configured(tmp_path / "a", "pyproject.toml", "[project]\nname = 'derivcheck'").timeout == 3.0
    found = configured(tmp_path / "a", "pyproject.toml", "[tool.derivcheck]\nfail-on = ['undecided']\nselect = ['sign']")
    assert (found.fail_on, found.select, found.timeout) == ((Verdict.UNDECIDED,), ("sign",), 1.0)
    assert load_config(inner, {"select": ("factor",), "timeout": None}).select == ("factor",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("time-out = 3", "unknown setting 'time-out'; did you mean 'timeout'?"),
        ("timeout = true", "timeout: True is not a positive number"),
        ("select = 3", "select: 3 is not a list"),
        ("select = ['nothing']", "no rule 'nothing'"),
        ("fail-on = ['bad']", "'bad' is not one of proved"),
        ("timeout = ", "not TOML"),
    ],
)
def test_a_wrong_configuration_is_said_with_its_place(tmp_path: Path, content: str, words: str) -> None:
    with pytest.raises(UsageError, match=r"derivcheck\.toml") as caught:
        configured(tmp_path, "derivcheck.toml", content)
    assert words in str(caught.value)


def real(*arguments: str, **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "derivcheck", *arguments], capture_output=True, text=True, cwd=ROOT, timeout=60, **more)  # type: ignore[call-overload]


def test_the_real_hall_reports_a_document() -> None:
    done = real("check", "-", "--output-format", "json", input="Let $x = 2$.\n\n$$x + 1 = 3$$\n")
    report = json.loads(done.stdout)
    Draft202012Validator(SCHEMA).validate(report)
    assert done.returncode == 0 and [claim["line"] for claim in report["documents"][0]["claims"]] == [1, 3]


def test_a_closed_pipe_is_survived(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("$1 = 2$\n\n" * 50)
    command = f'"{sys.executable}" -m derivcheck check --output-format json "{tmp_path}/a.md" | head -c 10'
    done = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.stdout == '{\n "schema' and done.stderr == ""


def test_a_terminal_that_knows_no_such_letter_gets_its_number(tmp_path: Path) -> None:
    (tmp_path / "é.md").write_text("$ö$\n$$ x", encoding="utf-8")
    done = real("check", f"{tmp_path}/é.md", env=os.environ | {"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0 and "\\xe9.md:2" in done.stdout


def test_help_is_quick() -> None:
    """Under a tenth of a second on a quiet machine; ten times that is allowed here, so that only a heavy import fails it."""
    started = time.perf_counter()
    real("--help")
    assert time.perf_counter() - started < 1


def test_the_library_reads_texts_and_files(tmp_path: Path) -> None:
    assert [claim.verdict for claim in derivcheck.check_text("Let $x = 2$.").claims] == [Verdict.GIVEN]
    path = tmp_path / "a.md"
    path.write_bytes(b"\xe9 $x$")
    report = derivcheck.check_file(path)
    assert report.path == str(path) and [problem.line for problem in report.problems] == [1]
