"""The cascade in a child process with a deadline. The parent never loads numpy, mpmath or sympy.

The child is a plain interpreter on two pipes, not a ``multiprocessing`` process: it works from inside daemonic pool
workers and threads, re-imports nobody's main module, and starts the same way on every system. It is warned by an alarm
at its deadline (where there are alarms), killed a little later, and replaced at the next request. The deadline counts the
child's own time, so that verdicts do not depend on what else the machine is doing; only a child that gets none of it is
given up by the clock on the wall.
"""

from __future__ import annotations

import os
import pickle
import queue
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from dataclasses import replace
from math import inf
from pathlib import Path
from types import TracebackType
from typing import Any

from derivcheck.decision.budget import SHARE, Budget
from derivcheck.decision.limits import GRACE, Limits
from derivcheck.decision.outcome import Outcome, Undecided
from derivcheck.decision.parcel import pack
from derivcheck.decision.renaming import in_old_names, renamed
from derivcheck.term.obligation import Obligation

START = 30.0
PATIENCE = 3.0 if os.name == "posix" else 1.0
"""Deadlines by the wall's clock until a child is given up; where its own time cannot be told, there is but this clock."""
REMEMBERED = 4096
_HEAD = struct.Struct("!I")
_GONE = object()
OUT_OF_TIME = Undecided(("out of time",))


class Worker:
    """Decides obligations in a child process, one at a time; a step that hangs or dies costs that step only.

    *Units*: ``deadline`` seconds of processor time for one obligation, and for a step as a whole (see ``Budget``);
    ``memory`` bytes of address space (None: no limit; ignored where the system has no such limit). Nothing is started before the
    first ``warm`` or ``decide``.
    """

    def __init__(self, deadline: float = 1.0, memory: int | None = 2 * 2**30, limits: Limits | None = None) -> None:
        self.deadline = deadline
        self.memory = memory
        self.limits = limits or Limits(smallest=False)
        self._child: _Child | None = None
        self._known: dict[tuple[int, bool], tuple[Outcome, float]] = {}
        self.budget = Budget(deadline)
        self._charged: set[tuple[int, bool]] = set()

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def warm(self) -> None:
        """Starts the child, without waiting for it: it loads its libraries while the caller reads the document."""
        if self._child is not None and not self._child.is_alive():
            self._drop()
        if self._child is None:
            self._child = _Child(self.memory)

    def open(self, seconds: float = inf) -> None:
        """A document begins, which is worth so many seconds of processor time beyond what each of its steps has."""
        self.budget = Budget(self.deadline, seconds, SHARE * seconds)

    def begin(self, explains: bool = False) -> None:
        """A step begins, or explaining one does: what is done for it shares one deadline. Before the first step each obligation has its own."""
        self.budget.begin(explains)
        self._charged.clear()

    @property
    def is_exhausted(self) -> bool:
        """Whether the step's time is up: an outcome that was not waited for may have been another."""
        return self.budget.is_spent

    def decide(self, obligation: Obligation, smallest: bool = False) -> Outcome:
        """The outcome; ``Undecided`` with the reason if the child had to be stopped before it knew more.

        ``smallest``: with a counterexample at the smallest sizes that show it. What was asked before is not decided again: an outcome depends on the obligation and the limits alone. Nameless variables
        are renamed on this side: the child numbers its own from 1, and must meet none of these.
        """
        plain, old = renamed(obligation)
        return in_old_names(self._decided(plain, replace(self.limits, smallest=smallest or self.limits.smallest)), old)

    def _decided(self, obligation: Obligation, limits: Limits) -> Outcome:
        key = obligation.digest, limits.smallest
        known = self._known.get(key)
        if known is not None:
            self._charge(key, known[1])
            return known[0]
        if self.is_exhausted:
            return OUT_OF_TIME
        self.warm()
        try:
            outcome, cost, is_final = self._ask(obligation, limits, self.budget.left)
        except BaseException:
            self._drop()
            raise
        self._charge(key, cost)
        if is_final:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[key] = outcome, cost
        return outcome

    def _charge(self, asked: tuple[int, bool], cost: float) -> None:
        """Takes what an obligation costs off the step's time, once, and also where its outcome was known: whatever was decided before, a step has the same time."""
        if asked not in self._charged:
            self._charged.add(asked)
            self.budget.charge(cost)

    def _ask(self, obligation: Obligation, limits: Limits, seconds: float) -> tuple[Outcome, float, bool]:
        """The outcome, what it cost, and whether the child had the time to come to it."""
        child = self._child
        if not child.is_ready and child.receive(time.monotonic() + START) is _GONE:
            self._drop()
            return Undecided(("the worker process does not start",)), 0.0, False
        child.is_ready = True
        latest: Outcome = OUT_OF_TIME
        if not child.send((pack(obligation), limits, seconds)):
            latest = Undecided(("the worker process died",))
        end = time.monotonic() + seconds * PATIENCE + GRACE
        while True:
            message = child.receive(end)
            if message is _GONE or message is None:
                died = message is _GONE and not child.overran()
                self._drop()
                return (Undecided(("the worker process died",)) if died and isinstance(latest, Undecided) else latest), seconds, False
            kind, outcome, cost = message
            if kind != "meanwhile":
                return outcome, cost, kind == "final"
            latest = outcome if not isinstance(outcome, Undecided) else latest

    def _drop(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child = None

    def close(self) -> None:
        """Lets the child go; it ends when its input ends, and is killed if it is busy."""
        self._drop()


class _Child:
    """One child process and its two pipes."""

    def __init__(self, memory: int | None) -> None:
        self.is_ready = False
        here = str(Path(__file__).parents[2])
        paths = [here, *(path for path in sys.path if path != here)]
        code = f"import sys; sys.path[:] = {paths!r}; from derivcheck.decision.service import serve; serve({memory!r})"
        self._process = subprocess.Popen(
            [sys.executable, "-S", "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            bufsize=0,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._read = _polled if os.name == "posix" else _Threaded(self._process.stdout)

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def send(self, message: Any) -> bool:
        """False if the child is gone."""
        data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        view = memoryview(_HEAD.pack(len(data)) + data)
        try:
            while view:
                view = view[self._process.stdin.write(view) :]
        except OSError:
            return False
        return True

    def receive(self, end: float) -> Any:
        """The next message; None at the end of the time; _GONE if the child is gone."""
        head = self._exactly(_HEAD.size, end)
        if not isinstance(head, bytes):
            return head
        data = self._exactly(_HEAD.unpack(head)[0], end)
        return pickle.loads(data) if isinstance(data, bytes) else data

    def _exactly(self, count: int, end: float) -> Any:
        parts = b""
        while len(parts) < count:
            part = self._read(self._process.stdout, count - len(parts), end)
            if not part:
                return _GONE if part == b"" else None
            parts += part
        return parts

    def overran(self) -> bool:
        """Whether the child, which is gone, went because its time was up."""
        return self._process.wait() == -getattr(signal, "SIGVTALRM", 1)

    def kill(self) -> None:
        """Ends the child at once and waits until it is gone, so that no zombie stays."""
        self._process.kill()
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def _polled(stream: Any, count: int, end: float) -> bytes | None:
    """Up to so many bytes; nothing at the end of the stream, None at the end of the time."""
    poll = select.poll()
    poll.register(stream, select.POLLIN | select.POLLHUP)
    if not poll.poll(max(0.0, end - time.monotonic()) * 1000):
        return None
    return os.read(stream.fileno(), count)


class _Threaded:
    """The same by a reading thread, for systems whose pipes cannot be polled."""

    def __init__(self, stream: Any) -> None:
        self._bytes: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._rest = b""
        threading.Thread(target=self._pump, args=(stream,), daemon=True).start()

    def _pump(self, stream: Any) -> None:
        while True:
            try:
                part = os.read(stream.fileno(), 65536)
            except (OSError, ValueError):
                part = b""
            self._bytes.put(part)
            if not part:
                return

    def __call__(self, stream: Any, count: int, end: float) -> bytes | None:
        if not self._rest:
            try:
                self._rest = self._bytes.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                return None
        part, self._rest = self._rest[:count], self._rest[count:]
        return part
