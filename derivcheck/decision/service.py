"""The child's side of ``worker``: obligations in, outcomes out, until the parent hangs up."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import struct
import sys
import time
import warnings
from typing import Any, BinaryIO

from derivcheck.decision.cascade import decide, deciders
from derivcheck.decision.limits import GRACE, YOUNG_OBJECTS
from derivcheck.decision.outcome import Outcome, Undecided
from derivcheck.decision.parcel import unpack

HEAD = struct.Struct("!I")
READY, MEANWHILE, INTERRUPTED, FINAL = "ready", "meanwhile", "interrupted", "final"
MAX_RECURSION = 5000


class OutOfTime(BaseException):
    """The alarm rang. Not an Exception, so that no library takes it for one of its own."""


def serve(memory: int | None) -> None:
    """Answers requests (parcel, limits, seconds) from standard input until it ends."""
    requests, replies = _take_over_streams()
    _settle_in(memory)
    deciders()
    _send(replies, (READY, os.getpid()))
    while True:
        request = receive(requests)
        if request is None:
            return
        try:
            _send(replies, _answer(request, replies))
        except BrokenPipeError:
            return


def _take_over_streams() -> tuple[BinaryIO, BinaryIO]:
    """Our two pipes; what a library prints goes nowhere instead of into the replies."""
    replies = os.fdopen(os.dup(1), "wb", buffering=0)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return sys.stdin.buffer, replies


def _settle_in(memory: int | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(MAX_RECURSION)
    gc.set_threshold(YOUNG_OBJECTS)
    if hasattr(signal, "SIGPROF"):
        signal.signal(signal.SIGPROF, _ring)
    try:
        import resource
    except ImportError:
        return
    if memory is not None:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        limit = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _ring(*_: Any) -> None:
    raise OutOfTime


def _answer(request: tuple, replies: BinaryIO) -> tuple[str, Outcome, float]:
    """The outcome with the seconds of our own time that it took, marked as interrupted where more time or memory might have led to another."""
    parcel, limits, seconds = request
    started = time.process_time()
    latest: list[Outcome] = []

    def report(outcome: Outcome) -> None:
        latest.append(outcome)
        _send(replies, (MEANWHILE, outcome, 0.0))

    try:
        _alarm(seconds)
        outcome = decide(unpack(parcel), limits, report)
        return FINAL, outcome, time.process_time() - started
    except OutOfTime:
        why = "out of time"
    except MemoryError:
        why = "out of memory"
    except RecursionError:
        why = "nested too deeply"
    except BrokenPipeError:
        raise
    except Exception as error:  # a mistake of ours costs one step, not the document; in-process callers see it raised
        why = f"internal error: {type(error).__name__}: {error}"
    finally:
        _alarm(0)
    outcome = latest[-1] if latest and not isinstance(latest[-1], Undecided) else Undecided((why,))
    return INTERRUPTED, outcome, time.process_time() - started


def _alarm(seconds: float) -> None:
    """Rings after so many seconds of this process's own time; what does not hear it, compiled code that hangs, dies a little later. 0: never."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds and seconds + GRACE)


def _send(stream: BinaryIO, message: Any) -> None:
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    view = memoryview(HEAD.pack(len(data)) + data)
    while view:
        view = view[stream.write(view) or 0 :]


def receive(stream: BinaryIO) -> Any:
    """The next message; None at the end of the stream."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    (length,) = HEAD.unpack(head)
    data = stream.read(length)
    return pickle.loads(data) if len(data) == length else None
