"""The same jobs behind another broker: RabbitMQ, which dies and forgets as others do."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from typing import TYPE_CHECKING

import pytest
from databases import fresh
from job_house import House, check_complete, opened, parent_of, until
from servers import RabbitMQ

from soda_core.jobs.broker import Broker, BrokerAway, Line
from soda_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, and relies on the parent-death signal"),
    pytest.mark.requirement("UWS-2.1-03"),
]


@pytest.fixture(scope="module")
def rabbit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitMQ]:
    """A broker."""
    pytest.importorskip("celery", reason="Celery is not installed")
    server = RabbitMQ(tmp_path_factory.mktemp("rabbitmq"))
    try:
        server.start()
        yield server
    finally:
        server.end()


@pytest.fixture(scope="module")
def house(rabbit: RabbitMQ, postgresql: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A deployment with a worker."""
    folder = tmp_path_factory.mktemp("house")
    with fresh(postgresql) as place:
        settings = Settings(jobs=place, results=str(folder / "results"), broker=rabbit.url)
        with opened(folder, settings) as made:
            made.start()
            yield made


def test_jobs_go_through(house: House) -> None:
    """More of them than there are workers."""
    jobs = [house.queue(COUNT=2) for _ in range(5)]

    for job in jobs:
        check_complete(house, job, 2)


def test_a_broker_that_is_killed_loses_no_job(house: House, rabbit: RabbitMQ) -> None:
    """What runs goes on, what waits is done when it is back, and nobody who queues a job has to wait."""
    running, waiting = house.queue(COUNT=4, SLEEP=0.3), house.queue()
    house.executing(running)

    rabbit.kill()
    late = house.queue(COUNT=2)
    rabbit.start()

    check_complete(house, running, 4)
    check_complete(house, waiting, 1)
    check_complete(house, late, 2)
    assert 1 == house.store.get(running.id).attempt


def test_a_broker_that_has_forgotten_all_loses_no_job(house: House, rabbit: RabbitMQ) -> None:
    """Its messages are only hints, and are sent again."""
    jobs = [house.queue(COUNT=3, SLEEP=0.2) for _ in range(3)]
    house.executing(jobs[0])

    rabbit.kill()
    shutil.rmtree(rabbit.folder / "data")
    rabbit.start()

    for job in jobs:
        check_complete(house, job, 3)


def test_a_worker_that_is_killed_loses_no_job(house: House) -> None:
    """Another one takes it when the lease is over, whatever the broker thinks of its message."""
    job = house.queue(COUNT=2, SPIN=600, SPIN_ATTEMPTS=1)
    child = house.executing(job)

    os.kill(parent_of(child), signal.SIGKILL)

    check_complete(house, job, 2)
    assert 2 == house.store.get(job.id).attempt


def test_a_broker_that_does_not_answer_is_not_waited_for(rabbit: RabbitMQ) -> None:
    """Who sends has other things to do: the connection is given up, and opened anew when it answers again."""
    line = Line(Broker(rabbit.url, "other"))
    line.send(["a"])
    os.kill(rabbit.pid, signal.SIGSTOP)
    try:
        with pytest.raises(BrokerAway):
            line.length()
    finally:
        os.kill(rabbit.pid, signal.SIGCONT)

    line.send(["b"])
    until(lambda: line.length() == 2)
    line.close()
