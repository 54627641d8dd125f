"""A POST to an address that somebody typed in: not into the inner network, not past a redirect, not for ever."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from leitai.notify import NotSent, SettingError, http
from leitai.notify.http import Reach, read_reach
from tests.fakes.receivers import Receivers, receivers

HERE = read_reach(["127.0.0.1"])


@pytest.fixture
def side() -> Iterator[Receivers]:
    with receivers(0) as one:
        yield one


@pytest.mark.parametrize(
    "number",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "::1", "fe80::1", "fc00::1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a00:1", "2002:a00:1::1",
     "255.255.255.255", "::"],
)  # fmt: skip
def test_no_inner_address_is_called(number: str) -> None:
    assert not Reach().allows("a.example", ipaddress.ip_address(number))


@pytest.mark.parametrize("number", ["1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_the_world_outside_is_called(number: str) -> None:
    assert Reach().allows("a.example", ipaddress.ip_address(number))


def test_a_setting_opens_a_host_or_a_network() -> None:
    reach = read_reach(["robots.inner.example", "10.1.0.0/16"])
    assert reach.allows("robots.inner.example", ipaddress.ip_address("192.168.0.9"))
    assert reach.allows("any.example", ipaddress.ip_address("10.1.200.1"))
    assert not reach.allows("any.example", ipaddress.ip_address("10.2.0.1"))


@pytest.mark.parametrize("word", ["10.0.0.0/99", "10.1.2.3/8", "http://robot"])
def test_a_setting_that_is_neither_is_told(word: str) -> None:
    with pytest.raises(SettingError, match="LEITAI_MESSAGE_HOSTS"):
        read_reach([word])


@pytest.mark.parametrize(
    "url", ["https://localhost/x", "https://127.0.0.1/x", "https://[::1]/x", "https://2130706433/"]
)
def test_an_address_in_a_private_network_is_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(NotSent, match=r"private network|cannot be reached"):
        http.post(url, b"{}", {}, reach=Reach())


@pytest.mark.parametrize(
    "url",
    ["http://robot.example/x", "ftp://robot.example/", "file:///etc/passwd", "https://", "//x", "",
     "https://a:b@robot.example/", "https://robot.example/a b", "https://robot.example/\r\nX: 1", "https://r:99999/",
     "https://机器人.example/路"],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(NotSent):
        http.parse(url, Reach())


def test_the_call_goes_to_the_very_address_that_was_looked_at(
    side: Receivers, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    inner = socket.getaddrinfo

    def rebinding(host: str, port: int, *rest: object, **more: object) -> list[object]:
        """A name server that says something else the second time it is asked for a name."""
        if host != "robot.example":
            return inner(host, port, *rest, **more)  # type: ignore[arg-type, return-value]
        asked.append(host)
        number = "127.0.0.1" if len(asked) == 1 else "169.254.169.254"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    url = side.url("webhook").replace("127.0.0.1", "robot.example")
    answer = http.post(url, b"{}", {}, reach=read_reach(["robot.example"]))
    assert (answer.status, asked) == (200, ["robot.example"])
    assert side.got[0].headers["Host"] == f"robot.example:{side.port}"


def test_a_redirect_is_an_answer_like_any_other(side: Receivers) -> None:
    side.mode = "redirect"
    assert http.post(side.url("webhook"), b"{}", {}, reach=HERE).status == 302
    assert [one.path for one in side.got] == ["/system/in"]


@pytest.mark.parametrize("mode", ["hang", "drip"])
def test_one_that_answers_too_slowly_is_left(side: Receivers, mode: str) -> None:
    side.mode = mode
    began = time.monotonic()
    with pytest.raises(NotSent, match="no answer in time"):
        http.post(side.url("webhook"), b"{}", {}, reach=HERE, seconds=0.3)
    assert time.monotonic() - began < 5


def test_one_that_is_not_there_is_told_without_its_address() -> None:
    with pytest.raises(NotSent, match="cannot be reached") as fault:
        http.post("http://127.0.0.1:1/secret-path", b"{}", {}, reach=HERE)
    assert "secret-path" not in str(fault.value)


def test_a_long_answer_is_not_read_to_its_end(side: Receivers) -> None:
    class Long(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            try:
                for _ in range(1000):
                    self.wfile.write(b"x" * 10_000)
            except OSError:
                return

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with served(HTTPServer(("127.0.0.1", 0), Long)) as port:
        assert len(http.post(f"http://127.0.0.1:{port}/", b"", {}, reach=HERE).body) == http.MOST


def test_a_certificate_must_be_trusted_and_be_the_hosts_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Plain(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    server = HTTPServer(("127.0.0.1", 0), Plain)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    reach = read_reach(["localhost", "127.0.0.1"])
    with served(server) as port:
        with pytest.raises(NotSent, match="not trusted"):
            http.post(f"https://localhost:{port}/", b"", {}, reach=reach)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        assert http.post(f"https://localhost:{port}/", b"", {}, reach=reach).status == 204
        with pytest.raises(NotSent, match="not trusted"):
            http.post(f"https://127.0.0.1:{port}/", b"", {}, reach=reach)


def certificate(folder: Path) -> None:
    """A certificate for localhost, signed by itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    cert = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


class served:  # noqa: N801
    """A server in a thread, on its port."""

    def __init__(self, server: HTTPServer) -> None:
        self.server = server

    def __enter__(self) -> int:
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()
        return int(self.server.server_address[1])

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(10)
