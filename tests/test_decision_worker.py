"""The worker: quick, lazy, hard to kill for good, and no trace of it left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from derivcheck.decision import service
from derivcheck.decision.outcome import Agreed, Proved, Refuted, Undecided
from derivcheck.decision.worker import Worker, _Threaded
from tests.test_decision_cases import read_obligation

TRUE = read_obligation(["(x + 1)**2 == x**2 + 2*x + 1"])
FALSE = read_obligation(["(x + 1)**2 == x**2 + 1"])


@pytest.fixture
def worker():
    with Worker(deadline=2.0) as made:
        yield made


def process(worker: Worker) -> subprocess.Popen:
    return worker._child._process


def test_outcomes_come_back(worker: Worker) -> None:
    assert worker.decide(TRUE) == Proved("modular")
    assert isinstance(worker.decide(FALSE), Refuted)


def test_what_was_decided_is_remembered(worker: Worker) -> None:
    first = worker.decide(FALSE)
    worker._drop()
    assert worker.decide(FALSE) is first
    assert worker._child is None


def test_an_interrupted_outcome_is_not_remembered(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    worker.decide(FALSE)
    monkeypatch.setattr(worker._child, "receive", lambda end: (service.INTERRUPTED, Undecided(("out of time",)), 1.0))
    assert worker.decide(TRUE) == Undecided(("out of time",))
    worker._drop()
    assert worker.decide(TRUE) == Proved("modular")


def test_nothing_starts_before_it_is_needed() -> None:
    with Worker() as worker:
        assert worker._child is None
        worker.warm()
        assert worker._child is not None


def test_a_warm_round_trip_is_short(worker: Worker) -> None:
    trivial = [read_obligation([f"x + {k}*y == {k}*y + x"]) for k in range(2, 53)]
    worker.decide(trivial.pop())
    times = []
    for each in trivial:
        started = time.perf_counter()
        worker.decide(each)
        times.append(time.perf_counter() - started)
    assert sorted(times)[25] < 0.005


def test_a_killed_child_is_replaced(worker: Worker) -> None:
    worker.decide(FALSE)
    first = process(worker)
    first.kill()
    first.wait()
    assert worker.decide(TRUE) == Proved("modular")
    assert process(worker).pid != first.pid


def test_a_child_that_dies_at_work_costs_one_step(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    worker.decide(FALSE)
    child = worker._child
    monkeypatch.setattr(child, "send", lambda message: child._process.kill() or True)
    assert worker.decide(TRUE) == Undecided(("the worker process died",))
    assert worker.decide(TRUE) == Proved("modular")


@pytest.mark.skipif(os.name != "posix", reason="a stopped process is how a hang is played here")
def test_a_child_that_hangs_is_killed_at_its_deadline() -> None:
    import signal

    with Worker(deadline=0.3) as worker:
        worker.decide(FALSE)
        process(worker).send_signal(signal.SIGSTOP)
        started = time.perf_counter()
        assert worker.decide(TRUE) == Undecided(("out of time",))
        assert time.perf_counter() - started < 2
        assert worker.decide(TRUE) == Proved("modular")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs an alarm")
def test_compiled_code_that_hears_no_alarm_dies_of_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that spends its time where no Python code runs is ended by the system, and the step is out of time."""
    hang = "from derivcheck.decision import service; service.decide = lambda *_: pow(3, 10**9); service.serve(None)"
    popen = subprocess.Popen
    monkeypatch.setattr("derivcheck.decision.worker.PATIENCE", 1000.0)
    monkeypatch.setattr(subprocess, "Popen", lambda command, **rest: popen([*command[:-1], f"{command[-1].split('from')[0]}{hang}"], **rest))
    with Worker(deadline=0.1) as worker:
        assert worker.decide(TRUE) == Undecided(("out of time",))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs an alarm")
def test_work_that_takes_too_long_is_interrupted() -> None:
    """The alarm stops Python code, and the child lives on; what was known before the slow decider started is kept."""
    slow = read_obligation(["sum(k, 1, oo, x**k*cos(k*y)/gamma(k + 1/3)) == exp(x)*sin(y)**3 + f(x)"])
    with Worker(deadline=0.05) as worker:
        outcome = worker.decide(slow)
        assert isinstance(outcome, Undecided | Agreed | Refuted)
        assert isinstance(worker.decide(FALSE), Refuted | Undecided)


@pytest.mark.skipif(sys.platform != "linux", reason="address space is limited on Linux")
def test_memory_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        "from derivcheck.decision import service\n"
        "service.decide = lambda *_: bytearray(3 << 30)\n"
        "import io, pickle, sys\n"
        "service._settle_in(1 << 30)\n"
        "print(service._answer((service_parcel, None, 5.0), io.BytesIO())[1].reasons[0])\n"
    )
    code = f"from derivcheck.decision.parcel import pack\nfrom tests.test_decision_worker import TRUE\nservice_parcel = pack(TRUE)\n{code}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "out of memory"


def test_a_mistake_of_ours_costs_one_step(monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    from derivcheck.decision.parcel import pack

    def fail(*_: object) -> None:
        raise ZeroDivisionError("in a test")

    monkeypatch.setattr(service, "decide", fail)
    kind, outcome, cost = service._answer((pack(TRUE), None, 5.0), io.BytesIO())
    assert (kind, outcome) == (service.INTERRUPTED, Undecided(("internal error: ZeroDivisionError: in a test",)))
    assert cost < 5.0


def test_what_is_decided_for_a_step_shares_its_deadline(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    worker.decide(FALSE)
    worker.begin()
    monkeypatch.setattr(worker._child, "receive", lambda end: (service.INTERRUPTED, Undecided(("out of time",)), worker.deadline))
    assert worker.decide(TRUE) == Undecided(("out of time",))
    assert worker.is_exhausted
    worker._drop()
    assert worker.decide(TRUE) == Undecided(("out of time",))
    worker.begin()
    assert not worker.is_exhausted
    assert worker.decide(TRUE) == Proved("modular")


def test_a_step_pays_also_for_what_was_decided_before_it(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    worker.decide(FALSE)
    monkeypatch.setattr(worker._child, "receive", lambda end: (service.FINAL, Proved("modular"), worker.deadline))
    worker.decide(TRUE)
    worker._drop()
    worker.begin()
    assert worker.decide(TRUE) == Proved("modular")
    assert worker.is_exhausted


def test_nothing_is_left_behind() -> None:
    with Worker() as worker:
        worker.decide(TRUE)
        child = process(worker)
    assert child.poll() is not None


def test_an_interrupted_caller_leaves_no_child(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    worker.decide(FALSE)
    child = worker._child

    def interrupt(end: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(child, "receive", interrupt)
    with pytest.raises(KeyboardInterrupt):
        worker.decide(TRUE)
    assert child._process.poll() is not None
    assert worker.decide(TRUE) == Proved("modular")


def test_the_parent_loads_no_mathematics() -> None:
    code = (
        "import sys; from derivcheck.decision.worker import Worker; from tests.test_decision_cases import read_obligation\n"
        "heavy = {'numpy', 'mpmath', 'sympy'}; before = heavy & set(sys.modules)\n"
        "from derivcheck.term.build import symbol, relation; from derivcheck.term.obligation import Obligation, Statement\n"
        "worker = Worker(); print(type(worker.decide(Obligation(Statement(relation('=', symbol('x'), symbol('y')))))).__name__); worker.close()\n"
    )
    code = code.replace("; from tests.test_decision_cases import read_obligation", "")
    code += "print(heavy & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["Refuted", "set()"]


def test_pipes_that_cannot_be_polled_are_read_by_a_thread() -> None:
    """The way of Windows, on any system."""
    read, write = os.pipe()
    with os.fdopen(read, "rb", buffering=0) as stream:
        reader = _Threaded(stream)
        assert reader(stream, 5, time.monotonic() + 0.05) is None
        os.write(write, b"outcome")
        assert reader(stream, 3, time.monotonic() + 5) == b"out"
        assert reader(stream, 9, time.monotonic() + 5) == b"come"
        os.close(write)
        assert reader(stream, 1, time.monotonic() + 5) == b""
