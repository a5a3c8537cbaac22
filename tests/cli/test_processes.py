"""The command line, run in processes of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import pytest
from conftest import end, free_port, wait_until_ready
from small import image

from soda_core.web.waiting import EACH

if TYPE_CHECKING:
    from collections.abc import Iterator

SODALITE = [sys.executable, "-W", "error", "-m", "soda_core.cli"]


def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run `sodalite *words*` to its end."""
    return subprocess.run(
        [*SODALITE, *words],
        cwd=cwd,
        env=_environment(cwd),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def _environment(folder: Path) -> dict[str, str]:
    return os.environ | {"XDG_CACHE_HOME": str(folder / "cache"), "PYTHONWARNINGS": "error"}


@contextmanager
def served(folder: Path, *words: str) -> Iterator[tuple[subprocess.Popen[bytes], str, Path]]:
    """Run `sodalite *words*` on a free port until it answers; gives process, address and log."""
    port, log = free_port(), folder.parent / "served.log"
    command = [*SODALITE, *words, "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder.parent,
            env=_environment(folder.parent),
        )
    try:
        wait_until_ready(process, f"http://127.0.0.1:{port}", log)
        yield process, f"http://127.0.0.1:{port}", log
    finally:
        end(process)


@pytest.fixture(autouse=True, scope="module")
def ctrl_c() -> None:
    """Tests that were started in the background ignore Ctrl-C, and so would all they start."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one image."""
    return image(tmp_path / "sky" / "a.fits").parent


def test_version_comes_without_astropy(tmp_path: Path) -> None:
    """The version is told at once: no slow import is needed for it."""
    code = (
        "import sys; from soda_core.cli.main import main; sys.argv[1:] = ['--version']\n"
        "try: main()\nfinally: print(*sys.modules)"
    )
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    ).stdout
    version, modules = output.splitlines()

    assert re.fullmatch(r"\d+\.\d+\.\S+", version)
    assert set() == set(modules.split()) & {"astropy", "numpy", "sqlalchemy", "starlette", "lxml"}


@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_ends_the_server(folder: Path, workers: str) -> None:
    """The server answers, and ends at Ctrl-C with status 0 and no traceback."""
    with served(folder, "serve", str(folder), "--workers", workers) as (process, url, log):
        contents = {httpx2.get(f"{url}/sync?ID=ivo://sodalite.local/sky%3Fa.fits").content for _ in range(4)}
        process.send_signal(signal.SIGINT)
        status = process.wait(timeout=30)
    text = log.read_text()

    assert {(folder / "a.fits").read_bytes()} == contents
    assert (0, False) == (status, "Traceback" in text), text
    assert f"on {url}/ (Ctrl-C ends it)" in text


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, and relies on the parent-death signal")
def test_server_processes_do_not_outlive_the_one_that_started_them(folder: Path) -> None:
    """Killed without a word it leaves nothing behind, not even who does the jobs, and the port is free."""
    words = ("serve", str(folder), "--workers", "2")
    with served(folder, *words) as (process, url, log):
        job = {"ID": "ivo://sodalite.local/sky?a.fits", "PHASE": "RUN"}
        made = httpx2.post(f"{url}/async", data=job).headers["location"]
        for _ in range(3):  # queued, at work, done
            told = httpx2.get(f"{made}?WAIT=30", timeout=90).text
        family = descendants(process.pid)
        process.kill()
        process.wait()
        deadline = time.monotonic() + 60
        while (left := [pid for pid in family if _is_alive(pid)]) and time.monotonic() < deadline:
            time.sleep(0.1)

    assert "COMPLETED" in told
    assert len(family) > 2
    assert [] == left, log.read_text()
    with pytest.raises(httpx2.TransportError):
        httpx2.get(f"{url}/availability")


def descendants(pid: int) -> list[int]:
    """Return the processes that a process and its children have started."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(word) for file in tasks for word in file.read_text().split()]
    return children + [each for child in children for each in descendants(child)]


def _is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that nobody has buried yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_who_waits_for_a_job_does_not_hold_up_the_end(folder: Path) -> None:
    """Clients with WAIT are answered when the server is told to end, and it ends then."""
    words = ("serve", str(folder), "--workers", "1")
    with (
        served(folder, *words) as (process, url, _),
        ThreadPoolExecutor(EACH + 1) as pool,
    ):
        job = httpx2.post(f"{url}/async", data={"ID": "ivo://sodalite.local/sky?a.fits"}).headers["location"]
        asked = [pool.submit(httpx2.get, f"{job}?WAIT=60", timeout=90) for _ in range(EACH + 1)]
        first, others = wait(asked, return_when=FIRST_COMPLETED)  # one is too many: the others wait
        process.terminate()
        status = process.wait(timeout=30)
        answers = [future.result() for future in asked]

    assert (1, EACH) == (len(first), len(others))
    assert {200} == {answer.status_code for answer in answers}
    assert all("<uws:phase>PENDING</uws:phase>" in answer.text for answer in answers)
    assert status in {0, -signal.SIGTERM}


def test_ctrl_c_ends_the_demo(tmp_path: Path) -> None:
    """The demo serves until Ctrl-C, and ends with status 0."""
    with served(tmp_path / "x", "demo", "--dir", "arch ive") as (process, url, log):
        deadline = time.monotonic() + 60
        while "Ctrl-C ends it." not in log.read_text() and time.monotonic() < deadline:
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        status = process.wait(timeout=30)
    text = log.read_text()

    assert (0, False) == (status, "Traceback" in text), text
    assert f"{url}/capabilities" in text
    assert "sodalite cutout 'arch ive/radio/hydrogen_iquv.fits'" in text


@pytest.mark.parametrize("words", [("serve", "."), ("demo",)])
def test_a_port_in_use_is_told_before_any_work(folder: Path, words: tuple[str, ...]) -> None:
    """Whoever has the port, it is one line and status 1, before files are made or read."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        done = run(*words, "--port", port, cwd=folder)

    told = f"sodalite: port {port} of 127.0.0.1 is in use; choose another with --port\n"
    assert (1, "", told) == (done.returncode, done.stdout, done.stderr)


def test_a_reader_that_has_seen_enough(tmp_path: Path) -> None:
    """A pipe that closes early is no failure to speak of."""
    process = subprocess.Popen(
        [*SODALITE, "schemas", "list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    )
    assert process.stdout
    process.stdout.close()
    _, err = process.communicate(timeout=60)

    assert b"" == err


def test_a_broken_environment_is_told(folder: Path) -> None:
    """A variable that makes no sense is told in one line."""
    command = [*SODALITE, "serve", str(folder)]
    environment = _environment(folder) | {"SODALITE_CUTOUT_THREADS": "x"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)

    assert (1, 1) == (done.returncode, done.stderr.count("\n"))
    assert done.stderr.startswith("sodalite: environment: SODALITE_CUTOUT_THREADS: ")
