"""Whatever is killed at whatever moment: no job is lost, none has two sets of results, none hangs."""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from job_house import LONG, House, check_complete, is_alive, parent_of, until

from soda_core.jobs import FINAL

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from soda_core.jobs import Job

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, and relies on the parent-death signal"),
    pytest.mark.requirement("UWS-2.1-03"),
]


JOBS, CLIENTS, KILLS = 500, 20, 12
"""Of the longest test."""


@pytest.fixture
def house(houses: Callable[[], AbstractContextManager[House]]) -> Iterator[House]:
    """A store of this test alone."""
    with houses() as made:
        yield made


@pytest.fixture(scope="module")
def running(houses: Callable[[], AbstractContextManager[House]]) -> Iterator[House]:
    """A store with a server, for the tests that do not touch the server."""
    with houses() as made:
        made.start()
        yield made


def test_a_killed_child_is_replaced(running: House) -> None:
    """The job goes on in another child, from the beginning."""
    job = running.queue(COUNT=4, SLEEP=0.3)

    os.kill(running.executing(job), signal.SIGKILL)

    check_complete(running, job, 4)
    assert 2 == running.store.get(job.id).attempt


def test_a_child_does_further_jobs_as_long_as_they_are_completed(running: House) -> None:
    """What has failed gets no further job, whatever it may have left in memory."""

    def workers(**parameters: object) -> set[int]:
        before = set(running.workers())
        running.end_of(running.queue(**parameters))
        return set(running.workers()) - before

    workers(REFUSE="no")
    assert [1, 0, 0] == [len(workers()) for _ in range(3)]
    assert [0, 1] == [len(workers(REFUSE="no")), len(workers())]


def test_a_child_that_dies_between_two_jobs_is_not_missed(running: House) -> None:
    """The next job gets another one, and has lost nothing."""
    check_complete(running, running.queue(), 1)
    waiting = [pid for pid in running.workers() if is_alive(pid)]
    for pid in waiting:
        os.kill(pid, signal.SIGKILL)
    until(lambda: not any(map(is_alive, waiting)))
    job = running.queue()

    check_complete(running, job, 1)
    assert 1 == running.store.get(job.id).attempt


def test_a_killed_supervisor_takes_its_child_along(running: House) -> None:
    """The server starts another supervisor, which takes the job."""
    job = running.queue(COUNT=2, SPIN=2 * LONG, SPIN_ATTEMPTS=1)
    child = running.executing(job)

    os.kill(parent_of(child), signal.SIGKILL)

    until(lambda: not is_alive(child))
    check_complete(running, job, 2)


def test_a_killed_server_leaves_no_process_and_its_job_to_the_next(house: House) -> None:
    """The lease ends, and whichever server there is takes the job."""
    server = house.start()
    job = house.queue(COUNT=2, SPIN=2 * LONG, SPIN_ATTEMPTS=1)
    queued = house.queue()
    child = house.executing(job)
    supervisor = parent_of(child)

    server.kill()

    until(lambda: not is_alive(child) and not is_alive(supervisor))
    assert house.store.get(job.id).phase in {"EXECUTING", "SUSPENDED"}
    house.start()
    check_complete(house, job, 2)
    check_complete(house, queued, 1)


def test_a_job_moves_to_another_server(house: House) -> None:
    """Two servers share the store; what the killed one had is done by the other."""
    first, _ = house.start(), house.start()
    jobs = [house.queue(COUNT=3, SLEEP=0.2) for _ in range(4)]
    until(lambda: any(house.store.get(job.id).results for job in jobs))

    first.kill()

    for job in jobs:
        check_complete(house, job, 3)


def test_a_supervisor_that_slept_beyond_its_lease_cannot_finish(house: House) -> None:
    """It wakes to find the job done by another; neither its child nor its files stay."""
    house.start()
    job = house.queue(COUNT=3, SLEEP=0.5)
    child = house.executing(job)
    supervisor = parent_of(child)
    os.kill(supervisor, signal.SIGSTOP)
    try:
        house.start()
        check_complete(house, job, 3)
        done = house.store.get(job.id)
        assert done.attempt >= 2
    finally:
        os.kill(supervisor, signal.SIGCONT)

    until(lambda: not is_alive(child))
    assert done == house.store.get(job.id)


def test_an_abort_ends_what_only_computes(running: House) -> None:
    """The child is killed; what was reported stays."""
    job = running.queue(COUNT=1, SPIN=2 * LONG)
    child = running.executing(job)

    running.store.abort(job.id)

    until(lambda: not is_alive(child))
    assert ("ABORTED", 1) == (running.store.get(job.id).phase, len(running.store.get(job.id).results))


def test_destruction_ends_the_child_and_removes_the_files(running: House) -> None:
    """Nothing is left of a destroyed job."""
    job = running.queue(COUNT=1, SPIN=2 * LONG)
    child = running.executing(job)

    running.store.destroy(job.id)

    until(lambda: not is_alive(child))
    until(lambda: not running.store.doomed())
    assert job.id not in set(running.results.jobs())


def test_a_job_that_runs_too_long_is_aborted(running: House) -> None:
    """The execution duration is enforced on what only computes."""
    job = running.queue(COUNT=1, SPIN=2 * LONG)
    running.store.set_duration(job.id, 1)

    done = running.end_of(job)

    assert "ABORTED" == done.phase
    assert done.failure is not None
    assert "UsageError: the job ran longer than 1 s, the time it may take" == done.failure.message
    until(lambda: not [pid for pid in running.workers() if is_alive(pid)])


def test_a_full_store_ends_the_job_in_words(running: House) -> None:
    """A result that cannot be written leaves no part of a file."""
    if running.is_cluster:
        pytest.skip("a bucket has no limit here; that it is away is tried with the cluster")
    job = running.queue(COUNT=20, FILE_LIMIT=20_000)

    done = running.end_of(job)

    assert "ERROR" == done.phase
    assert done.failure is not None
    assert ("transient", "ServiceUnavailable: the results could not be stored; try again later") == (
        done.failure.kind,
        done.failure.message,
    )


def test_what_kills_every_worker_is_given_up(running: House) -> None:
    """Three deaths are enough."""
    job = running.queue(DIE_UNTIL=9)

    done = running.end_of(job)

    assert ("ERROR", 3) == (done.phase, done.attempt)
    assert done.failure is not None
    assert "ServiceUnavailable: the job was given up after 3 workers died over it" == done.failure.message


@pytest.mark.timeout(600)
def test_many_jobs_while_supervisors_are_killed(house: House) -> None:
    """All are completed, each once, though supervisors die all the time."""
    servers = [house.start(slots=2, losses=0), house.start(slots=2, losses=0)]
    queued: list[Job] = []

    def client(number: int) -> None:
        for turn in range(JOBS // CLIENTS):
            queued.append(house.queue(COUNT=1 + (number + turn) % 3, SLEEP=0.05))
            time.sleep(0.02)

    clients = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in clients:
        thread.start()
    killed = {kill_one(house, servers, random.Random(seed)) for seed in range(KILLS)}  # noqa: S311 - no secret
    for thread in clients:
        thread.join()

    assert len(killed) > 1
    assert JOBS // CLIENTS * CLIENTS == len(queued)
    for job in queued:
        check_complete(house, job, int(dict(job.parameters)["COUNT"]))


def kill_one(house: House, servers: list[subprocess.Popen[bytes]], dice: random.Random) -> int:
    """Wait for a child at work, kill its supervisor, and return which one that was."""
    ours = {server.pid for server in servers}
    time.sleep(dice.random())
    deadline = time.monotonic() + LONG
    while time.monotonic() < deadline:
        with suppress(FileNotFoundError, ProcessLookupError, IndexError):
            supervisor = parent_of(dice.choice([pid for pid in house.workers() if is_alive(pid)]))
            if {parent_of(supervisor), parent_of(parent_of(supervisor))} & ours:  # Celery is in between
                os.kill(supervisor, signal.SIGKILL)
                return supervisor
        if all(house.store.get(job.id).phase in FINAL for job in house.store.list(service="soda")):
            return 0
    pytest.fail("nobody works")
