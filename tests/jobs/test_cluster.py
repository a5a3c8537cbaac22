"""The parts of a cluster are killed, wiped and cut off: no job is lost, none is done twice in its results."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from databases import fresh
from job_house import House, check_complete, is_alive, until
from servers import Valkey, Wire, restart
from sqlalchemy.exc import SQLAlchemyError

from soda_core.jobs import JobStore
from soda_core.jobs.database import Database

if TYPE_CHECKING:
    from soda_core.jobs import Job

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, and relies on the parent-death signal"),
    pytest.mark.requirement("UWS-2.1-03"),
]


def test_jobs_go_on_when_the_broker_has_forgotten_all(cluster: House, valkey: Valkey) -> None:
    """What runs goes on without it, what waits is sent again, and nobody who queues a job has to wait."""
    running, waiting = cluster.queue(COUNT=4, SLEEP=0.3), cluster.queue()
    cluster.executing(running)

    valkey.kill()
    late = cluster.queue(COUNT=2)
    shutil.rmtree(valkey.folder / "appendonlydir")
    valkey.start()

    check_complete(cluster, running, 4)
    check_complete(cluster, waiting, 1)
    check_complete(cluster, late, 2)
    assert 1 == cluster.store.get(running.id).attempt


def test_a_broker_that_comes_back_with_its_messages_does_no_job_twice(cluster: House, valkey: Valkey) -> None:
    """A message that comes twice finds nothing to do."""
    jobs = [cluster.queue(COUNT=3, SLEEP=0.4) for _ in range(4)]
    cluster.executing(jobs[0])

    valkey.kill()
    valkey.start()

    for job in jobs:
        check_complete(cluster, job, 3)
    assert [1] * 4 == [cluster.store.get(job.id).attempt for job in jobs]


def test_jobs_survive_the_death_of_the_database(cluster: House, postgresql_server: Any) -> None:  # noqa: ANN401 - of a package that need not be there
    """Every process connects again; what was being done meanwhile is reported, or done anew."""
    jobs = [cluster.queue(COUNT=4, SLEEP=0.3) for _ in range(3)]
    cluster.executing(jobs[0])

    os.kill(postgresql_server.get_pid(), signal.SIGKILL)
    until(lambda: not _answers(cluster.store, jobs[0]))
    restart(postgresql_server)

    until(lambda: _answers(cluster.store, jobs[0]))
    for job in jobs:
        check_complete(cluster, job, 4)


def _answers(store: JobStore, job: Job) -> bool:
    with suppress(SQLAlchemyError):
        return bool(store.get(job.id).id)
    return False


def test_a_bucket_that_is_away_for_a_moment_is_asked_again(cluster: House, wire: Wire) -> None:
    """The job goes on as if nothing had been."""
    job = cluster.queue(COUNT=6, SLEEP=0.2)
    cluster.executing(job)

    wire.cut()
    time.sleep(0.5)
    wire.mend()

    check_complete(cluster, job, 6)


def test_a_bucket_that_stays_away_ends_the_job_in_words(cluster: House, wire: Wire) -> None:
    """What was stored before stays listed, and nothing else."""
    job = cluster.queue(COUNT=90, SLEEP=0.2)
    cluster.executing(job)

    wire.cut()
    done = cluster.end_of(job)
    wire.mend()

    assert "ERROR" == done.phase
    assert done.failure is not None
    assert ("transient", "ServiceUnavailable: the results could not be stored; try again later") == (
        done.failure.kind,
        done.failure.message,
    )
    assert 0 < len(done.results) < 90


def test_a_worker_that_is_told_to_end_gives_its_job_back(cluster: House) -> None:
    """It costs no life of the job, and the next worker goes on."""
    worker = cluster.servers[-1]
    job = cluster.queue(COUNT=2, SPIN=600, SPIN_ATTEMPTS=1)
    child = cluster.executing(job)

    worker.terminate()

    assert 0 == worker.wait(60)
    assert not is_alive(child)
    assert ("SUSPENDED", ()) == (cluster.store.get(job.id).phase, cluster.store.get(job.id).results)
    cluster.start()
    check_complete(cluster, job, 2)
    assert 2 == cluster.store.get(job.id).attempt


def test_a_process_that_is_stopped_within_a_step_holds_up_nobody_for_long(postgresql: str) -> None:
    """The database ends its transaction; when it wakes it has lost."""
    with fresh(postgresql) as place:
        sleeper, store = Database(place), JobStore(place)
        job = store.create("soda", [], run=True)

        with pytest.raises(SQLAlchemyError), sleeper.gated("claim"):
            claimed = store.claim("w", 10)

        assert claimed is not None
        assert job.id == claimed.id
        sleeper.close()
        store.close()


MANY = 500
"""Jobs of the long test."""


@pytest.mark.timeout(900)
def test_very_many_jobs_while_workers_are_killed(cluster: House) -> None:
    """Twenty clients queue jobs at workers, one of which is killed and replaced again and again."""
    cluster.start(slots=2, losses=0)
    queued: list[Job] = []

    def client() -> None:
        for turn in range(MANY // 20):
            queued.append(cluster.queue(COUNT=1 + turn % 3, SLEEP=0.02))
            time.sleep(0.05)

    clients = [threading.Thread(target=client) for _ in range(20)]
    for thread in clients:
        thread.start()
    for _ in range(5):
        victim = cluster.start(slots=2, losses=0)
        time.sleep(4)
        victim.kill()
    for thread in clients:
        thread.join()

    assert MANY // 20 * 20 == len(queued)
    for job in queued:
        check_complete(cluster, job, int(dict(job.parameters)["COUNT"]))
