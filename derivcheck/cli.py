"""The command line: ``derivcheck check``, ``explain`` and ``rules``. Exit status 2 for misuse, 3 for a document that could not be processed, 1 for a
wrong step, else 0."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from derivcheck import __version__
from derivcheck.config import Config, UsageError, load_config
from derivcheck.diagnostic import FileReport, Place, Problem, Verdict
from derivcheck.registry import load, names
from derivcheck.report import Page, ReportFormat, Style
from derivcheck.source import Source

if TYPE_CHECKING:
    from derivcheck.account import Seen
    from derivcheck.decision.worker import Worker
    from derivcheck.document import Decoded
    from derivcheck.explain import Target

STDIN = "-"
SKIPPED_FOLDERS = frozenset(("node_modules", "__pycache__", "venv", "site-packages"))
PATIENCE = 1.0
INTERRUPTED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="derivcheck")
def cli() -> None:
    """A linter for mathematics: reads the derivations in documents and says which step is wrong, why, and what would hold."""


@cli.command()
@click.argument("paths", nargs=-1, metavar="[PATH ...]")
@click.option("--output-format", metavar=f"[{'|'.join(names('reports'))}]", help="How to report (default: text).")
@click.option("--select", multiple=True, metavar="RULE", help="Report only these rules, by code, beginning of a code, or name.")
@click.option("--ignore", multiple=True, metavar="RULE", help="Do not report these rules.")
@click.option("--fail-on", multiple=True, metavar="VERDICT", help="Verdicts that fail the run (default: wrong).")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 where a step fails the run.")
@click.option("--timeout", type=float, metavar="SECONDS", help="How long to think about one step (default: 1).")
@click.option("--document-timeout", type=float, metavar="SECONDS", help="How long to think about the long steps of one document (default: 5).")
@click.option("--statistics", is_flag=True, help="Count the findings of each rule.")
@click.option("--stdin-filename", metavar="NAME", help="The name of what is read from standard input, for its format.")
@click.option("--no-cache", is_flag=True, hidden=True)
def check(paths: tuple[str, ...], **options: object) -> None:
    """Check every step of the mathematics in files, in folders, or in standard input (-).

    Folders are searched for Markdown, LaTeX and notebooks; other files, such as plain text, are read when named. Without a
    path, the current folder is searched.
    """
    _tune()
    settings = {name: options[name] for name in ("output_format", "select", "ignore", "fail_on", "timeout", "document_timeout")}
    config = load_config(Path.cwd(), settings)
    found = list(dict.fromkeys(_documents(paths or (".",), config)))
    if not found:
        click.echo("warning: no documents found", err=True)
    run = _Run(config, bool(options["statistics"]), str(options["stdin_filename"] or STDIN))
    status = run.all(found)
    sys.exit(0 if status == 1 and options["exit_zero"] else status)


@cli.command()
@click.argument("what", metavar="RULE | FILE:LINE[:COLUMN]")
@click.option("--timeout", type=float, metavar="SECONDS", help="How long to think about one step (default: 1).")
def explain(what: str, timeout: float | None) -> None:
    """Show the page of a rule (sign, DC101), or how the claims of a line were read, linked and decided.

    A line of a notebook is that of a cell: notebook.ipynb:cell 3:5.
    """
    from derivcheck.explain import rule_page, target

    _prepare_output()
    wanted = target(what)
    if wanted is None and os.path.exists(what):
        raise UsageError(f"name a line as well: {what}:LINE")
    if wanted is None:
        click.echo(rule_page(what), nl=False)
        return
    _tune()
    sys.exit(_explained(wanted, load_config(Path.cwd(), {"timeout": timeout})))


@cli.command()
def rules() -> None:
    """List the rules: code, name, and what each is about."""
    from derivcheck.explain import rule_list

    _prepare_output()
    click.echo(rule_list(), nl=False)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command line; its exit status."""
    try:
        cli.main(args=list(arguments) if arguments is not None else None, prog_name="derivcheck", standalone_mode=False)
    except UsageError as error:
        click.echo(f"error: {error}", err=True)
        return 2
    except click.ClickException as error:
        error.show()
        return 2
    except click.Abort:
        return INTERRUPTED
    except SystemExit as exit:
        return int(exit.code or 0)
    return 0


def run() -> NoReturn:
    """The console script: as ``main``, but the process ends at once. What a document left in memory takes long to clear away piece by piece."""
    status = main()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (BrokenPipeError, ValueError):
        pass
    os._exit(status)


def _documents(paths: Sequence[str], config: Config) -> Iterator[str]:
    """The documents to check, in order: files as named, folders searched. Errors: UsageError for what does not exist."""
    for path in paths:
        if path == STDIN or (os.path.exists(path) and not os.path.isdir(path)):
            yield path
        elif os.path.isdir(path):
            yield from _inside(path, _suffixes(config))
        else:
            raise UsageError(f"no such file or folder: {path}")


def _suffixes(config: Config) -> tuple[str, ...]:
    """The suffixes that a folder is searched for; plain text only where the configuration asks for it."""
    formats = [load("documents", name) for name in names("documents") if name != "plain"]
    return (*(suffix for entry in formats for suffix in entry.suffixes), *config.extend_suffixes)  # type: ignore[attr-defined]


def _inside(folder: str, suffixes: tuple[str, ...]) -> Iterator[str]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in SKIPPED_FOLDERS)
        for name in sorted(files):
            if name.lower().endswith(suffixes) and not name.startswith("."):
                yield os.path.normpath(os.path.join(place, name))


def _tune() -> None:
    """Lets the interpreter look for garbage less often: documents make many small objects and drop few."""
    from derivcheck.decision.limits import YOUNG_OBJECTS

    gc.set_threshold(YOUNG_OBJECTS)


def _explained(wanted: Target, config: Config) -> int:
    """Prints the account of the claims at a place; the exit status. Errors: UsageError where there is no such place."""
    from derivcheck.decision.worker import Worker
    from derivcheck.explain import drawn, explained

    name = wanted.path
    if not os.path.isfile(name):
        raise UsageError(f"{name} is a folder" if os.path.isdir(name) else f"no such file: {name}")
    decoded = _opened(name, config)
    source, report, found = Source(name, decoded.text), FileReport(name), []
    if decoded.complete:
        with Worker(deadline=config.timeout) as worker:
            report, found = explained(source, wanted, lambda watch: _guarded(source, config, worker, watch))
    report = decoded.completed(report)
    for problem in () if report.complete else report.problems:
        click.echo(f"error: {name}:{problem.line}: {problem.message}", err=True)
    line, style = _lines(source), Style(_is_colored(), _width())
    click.echo("\n".join(drawn(name, one, line(one.report.place), style) for one in found), nl=False)
    return 3 if not report.complete else int(any(one.report.verdict in config.fail_on for one in found))


class _Run:
    """One run over documents: what is printed and the exit status."""

    def __init__(self, config: Config, statistics: bool, stdin_name: str) -> None:
        self.config, self.stdin_name = config, stdin_name
        self.style = Style(_is_colored(), _width(), statistics)
        format = load("reports", config.output_format)
        assert isinstance(format, ReportFormat)
        self.format = format
        self.pages: list[Page] = []
        self.started = time.monotonic()

    def all(self, paths: Sequence[str]) -> int:
        """Checks and prints every document; the exit status. An interruption prints what is known."""
        from derivcheck.decision.worker import Worker

        _prepare_output()
        interrupted = False
        try:
            with Worker(deadline=self.config.timeout) as worker:
                for number, path in enumerate(paths, 1):
                    self._progress(f"checking {number} of {len(paths)}: {path}", number)
                    page = self._page(path, worker)
                    self._progress("", number)
                    self.pages.append(page)
                    sys.stdout.write(self.format.document(page, self.style))
        except KeyboardInterrupt:
            interrupted = True
            self._progress("", len(self.pages))
            click.echo(f"interrupted after {len(self.pages)} of {len(paths)} documents", err=True)
        except BrokenPipeError:
            _close_output()
            return self.status
        try:
            sys.stdout.write(self.format.end(self.pages, self.style))
            sys.stdout.flush()
        except BrokenPipeError:
            _close_output()
        return INTERRUPTED if interrupted else self.status

    @property
    def status(self) -> int:
        if not all(page.report.complete for page in self.pages):
            return 3
        return int(any(claim.verdict in self.config.fail_on for page in self.pages for claim in page.findings))

    def _page(self, path: str, worker: Worker) -> Page:
        report, source = self._checked(path, worker)
        shown = {Verdict.WRONG, *self.config.fail_on}
        findings = (claim for claim in report.claims if claim.verdict in shown)
        return Page(report, tuple(c for c in findings if self.config.selects(c.code, c.error)), _lines(source))

    def _checked(self, path: str, worker: Worker) -> tuple[FileReport, Source]:
        """The report of one document and its text; whatever goes wrong with one leaves the others alone."""
        name = self.stdin_name if path == STDIN else path
        decoded = _opened(path, self.config)
        source = Source(name, decoded.text)
        report = _guarded(source, self.config, worker) if decoded.complete else FileReport(name)
        return decoded.completed(report), source

    def _progress(self, message: str, number: int) -> None:
        """Says on a terminal what is being done, once the work is long."""
        if sys.stderr.isatty() and time.monotonic() - self.started > PATIENCE and (number > 1 or not message):
            sys.stderr.write(f"\r\x1b[2K{message[:79]}")
            sys.stderr.flush()


def _opened(path: str, config: Config) -> Decoded:
    """The text of a document from its path or from standard input; what keeps it from being read is a problem of it."""
    from derivcheck.document import Decoded, decode

    try:
        data = _read(path, config.max_bytes)
    except OSError as error:
        return Decoded("", (Problem(1, f"cannot be read: {error.strerror or error}"),), complete=False)
    if len(data) > config.max_bytes:
        limit = config.max_bytes / 1_000_000
        return Decoded("", (Problem(1, f"larger than {limit:g} MB (the setting max-bytes): not read"),), complete=False)
    return decode(data)


def _guarded(source: Source, config: Config, worker: Worker, watch: Callable[[Seen], None] | None = None) -> FileReport:
    """The report of a document, with each claim shown to ``watch``. A fault of ours becomes a problem of that document: here, at the outermost place, and nowhere else."""
    try:
        worker.warm()
        from derivcheck.check import check

        return check(source, config, watch, worker)
    except Exception as error:
        if os.environ.get("DERIVCHECK_TRACEBACK") == "1":
            import traceback

            traceback.print_exc()
        return _refused(source.path, f"internal error: {type(error).__name__}: {error} (DERIVCHECK_TRACEBACK=1 shows where)")


def _refused(path: str, message: str) -> FileReport:
    return FileReport(path, problems=(Problem(1, message),), complete=False)


def _read(path: str, limit: int) -> bytes:
    """The bytes of a file or of standard input, one more than the limit at most."""
    if path == STDIN:
        return sys.stdin.buffer.read(limit + 1)
    with open(path, "rb") as file:
        return file.read(limit + 1)


def _lines(source: Source) -> Callable[[Place], str]:
    """The text of a line of a document, in a notebook within its cell."""
    from derivcheck.document import read

    document = cache(lambda: read(source))
    return lambda place: source.line(place.line) if place.cell is None else document().line(place)


def _is_colored() -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def _width() -> int:
    from shutil import get_terminal_size

    return min(max(get_terminal_size((120, 24)).columns, 60), 160)


def _prepare_output() -> None:
    """What the terminal's encoding cannot show is shown by its number."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def _close_output() -> None:
    """Sends what is still to be flushed nowhere: the reader is gone (Python library reference, signal, "Note on SIGPIPE")."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
