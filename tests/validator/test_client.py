"""The client cannot be hurt by what it talks to, and hurts nobody."""

from __future__ import annotations

import base64
import gzip
import shutil
import ssl
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from volint.client import Client
from volint.exchange import Request
from volint.manners import Credentials, Limits, NoAnswer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SMALL = Limits(rate=1000, timeout=3, body=1 << 20)
WHO = Credentials(token="secret")  # noqa: S106 - of nobody
BOMB = gzip.compress(bytes(64 << 20))


class Hostile(BaseHTTPRequestHandler):
    """Answers that a validator may meet."""

    def do_GET(self) -> None:
        """Answer by the path."""
        getattr(self, self.path.strip("/").partition("?")[0].replace("-", "_"))()

    def begin(self, status: int = 200, **headers: str) -> None:
        """Send the head of an answer."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def endless(self) -> None:
        """Send bytes until the client has enough."""
        self.begin(Content_Type="text/xml")
        try:
            while True:
                self.wfile.write(bytes(1 << 16))
        except OSError:
            self.close_connection = True

    def slow(self) -> None:
        """Send a byte now and then."""
        self.begin(Content_Type="text/xml")
        try:
            for _ in range(100):
                self.wfile.write(b" ")
                time.sleep(0.2)
        except OSError:
            self.close_connection = True

    def bomb(self) -> None:
        """Send few bytes that unpack to many."""
        self.begin(Content_Encoding="gzip", Content_Length=str(len(BOMB)))
        self.wfile.write(BOMB)

    def no_gzip(self) -> None:
        """Say that text is packed."""
        self.begin(Content_Encoding="gzip", Content_Length="5")
        self.wfile.write(b"plain")

    def around(self) -> None:
        """Lead back to where the client is."""
        self.begin(302, Location="/around", Content_Length="0")

    def away(self) -> None:
        """Lead to a file."""
        self.begin(302, Location="file:///etc/hostname", Content_Length="0")

    def there(self) -> None:
        """Lead to the next."""
        self.begin(303, Location="/who", Content_Length="0")

    def who(self) -> None:
        """Tell who asks."""
        told = (self.headers.get("Authorization") or "nobody").encode()
        self.begin(Content_Length=str(len(told)))
        self.wfile.write(told)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def hostile() -> Iterator[str]:
    """The address of a server of such answers."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hostile)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(hostile: str) -> Iterator[Client]:
    """A client of that server, with small limits."""
    made = Client(hostile, SMALL)
    yield made
    made.close()


@pytest.mark.parametrize("path", ["endless", "bomb"])
def test_no_more_is_read_than_the_cap(client: Client, hostile: str, path: str) -> None:
    """A body that is too long is cut."""
    answer = client.send(Request(f"{hostile}/{path}"))

    assert answer.cut
    assert len(answer.body) <= SMALL.body


def test_a_slow_body_is_given_up(client: Client, hostile: str) -> None:
    """The seconds of the limit are for the whole answer."""
    answer = client.send(Request(f"{hostile}/slow"))

    assert answer.cut
    assert 1 <= len(answer.body) < 100


@pytest.mark.parametrize(
    ("path", "words"), [("around", "redirects"), ("away", "no address of the web"), ("no-gzip", "broke off")]
)
def test_what_cannot_be_followed_is_no_answer(client: Client, hostile: str, path: str, words: str) -> None:
    """Loops, other schemes and broken encodings end in one sentence."""
    with pytest.raises(NoAnswer, match=words):
        client.send(Request(f"{hostile}/{path}"))


def test_redirects_are_recorded(client: Client, hostile: str) -> None:
    """A report can tell the way that was gone."""
    answer = client.send(Request(f"{hostile}/there"))

    assert (f"303 to {hostile}/who",) == answer.hops
    assert "redirected: 303" in answer.summary


def test_the_private_network_is_closed_from_a_public_target(hostile: str) -> None:
    """A document of a public service cannot send the validator to where it runs."""
    client = Client("http://8.8.8.8/service", SMALL)

    with pytest.raises(NoAnswer, match="private network"):
        client.send(Request(f"{hostile}/who"))
    client.close()


def test_credentials_stay_with_the_target(hostile: str) -> None:
    """A token is sent to the origin that was asked for, and to no other."""
    own, other = (Client(url, SMALL, WHO) for url in (hostile, "http://127.0.0.1:9"))

    assert "Bearer secret" == own.send(Request(f"{hostile}/who")).text
    assert "nobody" == other.send(Request(f"{hostile}/who")).text
    assert "secret" not in own.send(Request(f"{hostile}/who")).request.curl
    own.close()
    other.close()


def test_the_same_question_is_asked_once(client: Client, hostile: str) -> None:
    """Answers to plain GETs are kept."""
    first, second = (client.send(Request(f"{hostile}/who")) for _ in range(2))

    assert first is second
    assert 1 == client.sent


def test_a_name_and_a_password_stay_with_the_target(hostile: str) -> None:
    """Basic authentication goes to the origin that was asked for, and into no report."""
    who = Credentials(user="somebody", password="secret")  # noqa: S106 - of nobody
    own, other = (Client(url, SMALL, who) for url in (hostile, "http://127.0.0.1:9"))
    answer = own.send(Request(f"{hostile}/who"))

    assert f"Basic {base64.b64encode(b'somebody:secret').decode()}" == answer.text
    assert "nobody" == other.send(Request(f"{hostile}/who")).text
    assert "secret" not in answer.request.curl
    own.close()
    other.close()


def certificate(folder: Path, name: str) -> Path:
    """Make a key and a certificate that it signs itself, both in one file."""
    path = folder / f"{name}.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
    ]
    command += ["-keyout", str(folder / "key"), "-out", str(folder / "cert"), "-days", "2"]
    command += ["-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    path.write_bytes((folder / "key").read_bytes() + (folder / "cert").read_bytes())
    return path


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_a_client_certificate_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that demands a certificate answers to who has one, and to nobody else."""
    server_file, client_file = certificate(tmp_path, "server"), certificate(tmp_path, "client")
    monkeypatch.setenv("SSL_CERT_FILE", str(server_file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server_file)
    context.load_verify_locations(client_file)
    context.verify_mode = ssl.CERT_REQUIRED
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hostile)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    url = f"https://127.0.0.1:{server.server_address[1]}"
    try:
        known, unknown = Client(url, SMALL, Credentials(certificate=str(client_file))), Client(url, SMALL)

        assert 200 == known.send(Request(f"{url}/who")).status
        with pytest.raises(NoAnswer):
            unknown.send(Request(f"{url}/who"))
        known.close()
        unknown.close()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
