"""The broker between servers and workers: what goes through it, and how."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from celery import Celery
from kombu.exceptions import KombuError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kombu import Connection

__all__ = ["TASK", "Broker", "BrokerAway", "Line", "app_of"]

TASK = "sodalite.job"
"""Name of the only message. It carries the id of a job and nothing else."""

VISIBLE = 6 * 3600
"""Seconds after which Redis gives a message to somebody else; whoever gets it late finds nothing to do."""

PATIENCE = 3
"""Seconds in which the broker must answer who sends."""


REDIS_BOUNDS = "socket_connect_timeout", "socket_timeout"
AMQP_BOUNDS = "read_timeout", "write_timeout"
"""What the transports call this patience."""


class BrokerAway(Exception):
    """The broker does not answer."""


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is, and the queue in it."""

    url: str
    queue: str = "sodalite"

    @property
    def is_redis(self) -> bool:
        """Whether it speaks the language of Redis, as Valkey does."""
        return self.url.startswith("redis")


def app_of(broker: Broker) -> Celery:
    """Return a Celery application without results, events or commands: the job list has it all."""
    app = Celery("sodalite", broker=broker.url, set_as_current=False)
    app.conf.update(
        accept_content=["json"],
        broker_connection_max_retries=None,
        broker_connection_retry_on_startup=True,
        broker_transport_options={"visibility_timeout": VISIBLE} if broker.is_redis else {},
        task_acks_late=True,
        task_default_queue=broker.queue,
        task_ignore_result=True,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_enable_remote_control=False,
        worker_prefetch_multiplier=1,
        worker_send_task_events=False,
    )
    return app


class Line:
    """The sending end; after an error it is closed, and opened again by the next use."""

    def __init__(self, broker: Broker) -> None:
        self._queue = broker.queue
        self._app = app_of(broker)
        names = REDIS_BOUNDS if broker.is_redis else AMQP_BOUNDS
        self._app.conf.broker_transport_options |= {"max_retries": 0, **dict.fromkeys(names, PATIENCE)}
        self._connection: Connection | None = None

    def send(self, job_ids: Iterable[str]) -> None:
        """Send a message for each job; raises `BrokerAway`."""
        with self._opened() as connection:
            for job_id in job_ids:
                self._app.send_task(TASK, (job_id,), connection=connection, retry=False)

    def length(self) -> int:
        """Return how many messages wait in the queue; raises `BrokerAway`."""
        with self._opened() as connection:
            try:
                with connection.channel() as channel:
                    return int(channel.queue_declare(self._queue, passive=True).message_count)
            except connection.channel_errors:  # there is no such queue, or not any more
                return 0

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.release()
            self._connection = None

    @contextmanager
    def _opened(self) -> Iterator[Connection]:
        """Give the connection; what goes wrong with it closes it."""
        if self._connection is None:
            self._connection = self._app.connection_for_write(connect_timeout=PATIENCE)
        connection = self._connection
        try:
            yield connection
        except (KombuError, OSError, *connection.connection_errors, *connection.channel_errors) as error:
            self.close()
            raise BrokerAway(str(error) or type(error).__name__) from error
