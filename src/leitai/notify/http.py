"""One POST to an address that somebody typed in: to the outside world only, within a time, no further than there.

Whoever may add a channel names an address that the house's own machine then calls. So that nobody reads the inner
network by it (server-side request forgery, CWE-918), every address that the name stands for is looked at, the call
goes to the very address that was looked at (a name that answers differently the second time gains nothing), and no
redirect is followed. A private network is reached only where LEITAI_MESSAGE_HOSTS names it.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from leitai.rules.kernel import N_

from .sending import NotSent, SettingError

SECONDS = 8.0  # from the look-up of the name to the last byte of the answer
MOST = 65_536  # bytes read of an answer
_AGENT = "Leitai"
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Answer:
    """What came back: the status and at most MOST bytes."""

    status: int
    body: bytes


@dataclass(frozen=True)
class Reach:
    """The hosts and networks inside that messages may go to, beside the whole world outside."""

    names: frozenset[str] = frozenset()
    networks: tuple[_Network, ...] = ()

    def inner(self, host: str) -> bool:
        """Whether a host is named, itself or its number: it may then be called without TLS too."""
        try:
            number = ipaddress.ip_address(host)
        except ValueError:
            return host in self.names
        return any(number in network for network in self.networks)

    def allows(self, host: str, number: _Address) -> bool:
        """Whether a host may be called at this address."""
        if isinstance(number, ipaddress.IPv6Address) and number.ipv4_mapped is not None:
            number = number.ipv4_mapped
        if host in self.names or any(number in network for network in self.networks):
            return True
        if isinstance(number, ipaddress.IPv6Address) and (
            number.sixtofour is not None or number.teredo is not None or number in _NAT64
        ):
            return False  # a way round to an address of the other kind
        return number.is_global and not number.is_multicast


def read_reach(words: Iterable[str]) -> Reach:
    """What LEITAI_MESSAGE_HOSTS names: hosts, and networks such as 10.1.0.0/16. Raises SettingError."""
    names, networks = set(), []
    for word in words:
        try:
            networks.append(ipaddress.ip_network(word))
        except ValueError as fault:
            if "/" in word or ":" in word:
                raise SettingError(
                    f"LEITAI_MESSAGE_HOSTS: {word!r} is neither a host nor a network"
                ) from fault
            names.add(word.lower())
    return Reach(frozenset(names), tuple(networks))


def parse(url: str, reach: Reach) -> SplitResult:
    """The parts of an address that may be called as far as its letters say. Raises NotSent."""
    try:
        parts = urlsplit(url.strip())
        host, _ = (parts.hostname or "").encode("idna").decode(), parts.port
    except (ValueError, UnicodeError) as fault:
        raise NotSent(N_("this is no address of the web")) from fault
    if not host or parts.username is not None or not url.isascii() or any(one <= " " for one in url.strip()):
        raise NotSent(N_("this is no address of the web"))
    if parts.scheme != "https" and not (parts.scheme == "http" and reach.inner(host)):
        raise NotSent(N_("the address must begin with https://"))
    return parts


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, reach: Reach, seconds: float = SECONDS
) -> Answer:
    """POST a body and read the answer, all within so many seconds. Raises NotSent, which holds no address.

    Any status is an answer: what it means is for whoever called. A redirect is not followed.
    """
    parts = parse(url, reach)
    host = (parts.hostname or "").encode("idna").decode()
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    end = time.monotonic() + seconds
    held: list[socket.socket] = []
    cut = threading.Event()
    timer = threading.Timer(seconds, _cut, (held, cut))
    timer.daemon = True
    try:
        held.append(_dial(host, port, reach, end))
        # A time limit on each read is none on all of them: a server that sends a letter a second is cut off here.
        timer.interval = max(0.0, end - time.monotonic())
        timer.start()
        if secure:
            context = ssl.create_default_context()
            held.append(context.wrap_socket(held[0], server_hostname=host, do_handshake_on_connect=False))
            held[-1].do_handshake()
        connection = http.client.HTTPConnection(host, port)
        connection.default_port = 443 if secure else 80  # the one that the header Host leaves out
        connection.sock = held[-1]
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, {"User-Agent": _AGENT, **headers})
        with connection.getresponse() as answer:
            return Answer(answer.status, answer.read(MOST))
    except ssl.SSLCertVerificationError as fault:
        raise NotSent(N_("the receiver's certificate is not trusted")) from fault
    except (OSError, http.client.HTTPException) as fault:
        if cut.is_set() or isinstance(fault, TimeoutError):
            raise NotSent(N_("no answer in time")) from fault
        raise NotSent(N_("the receiver cannot be reached"), type(fault).__name__) from fault
    finally:
        timer.cancel()
        for sock in held:
            sock.close()


def _cut(held: list[socket.socket], cut: threading.Event) -> None:
    cut.set()
    with contextlib.suppress(OSError):
        # Of a TLS socket the plain half: the other thread's read ends at once, with a fault.
        socket.socket.shutdown(held[-1], socket.SHUT_RDWR)


def _dial(host: str, port: int, reach: Reach, end: float) -> socket.socket:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    numbers = [str(one[4][0]).partition("%")[0] for one in found]
    allowed = [one for one in dict.fromkeys(numbers) if reach.allows(host, ipaddress.ip_address(one))]
    if not allowed:
        raise NotSent(N_("the address lies in a private network that LEITAI_MESSAGE_HOSTS does not name"))
    fault: OSError = TimeoutError()
    for number in allowed:
        left = end - time.monotonic()
        if left <= 0:
            break
        try:
            return socket.create_connection((number, port), timeout=left)
        except OSError as told:
            fault = told
    raise fault
