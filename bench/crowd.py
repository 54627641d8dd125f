"""Many people at one door at once: a client that keeps connections open, and is not what is measured.

    python -m bench.crowd PORT SECONDS CONNECTIONS PROCESS [FILE OF CODES]

Each connection sends a request, waits for its answer and sends the next. With codes each request is a verdict
with a key of its own, every tenth a bad one; without, an empty POST. A second passes before anything is
counted. Prints JSON: answers a second, milliseconds at the median and the 99th percentile, the share that the client
has of its core and that PROCESS has with its children of theirs, and how many answers were other than 204 or 303.
"""

from __future__ import annotations

import itertools
import json
import os
import secrets
import select
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import perf_counter, process_time

WARM = 1.0
GOOD = (b"HTTP/1.1 303", b"HTTP/1.1 204")
HEAD = "Host: 127.0.0.1\r\nUser-Agent: Mozilla/5.0 (Linux; Android 14) Mobile\r\nAccept: text/html\r\n"
EMPTY = f"POST / HTTP/1.1\r\n{HEAD}Content-Length: 0\r\n\r\n".encode()


def empties() -> Iterator[bytes]:
    """An empty POST, again and again."""
    return itertools.repeat(EMPTY)


def verdicts(codes: list[str]) -> Iterator[bytes]:
    """One verdict after the other, at point after point; the keys are those of this run."""
    run = secrets.token_hex(4)
    kind = "Content-Type: application/x-www-form-urlencoded\r\n"
    for number, code in enumerate(itertools.cycle(codes)):
        grade = "dissatisfied" if number % 10 == 9 else "satisfied"
        body = f"grade={grade}&once={run}{number * 2654435761 % 2**32:08x}{number:08x}&lang=zh"
        yield (f"POST /b/{code} HTTP/1.1\r\n{HEAD}{kind}Content-Length: {len(body)}\r\n\r\n{body}".encode())


def spent(process: int) -> float:
    """The processor seconds of a process and its children."""
    total, ticks = 0.0, os.sysconf("SC_CLK_TCK")
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            if process in (int(path.parent.name), int(fields[1])):
                total += (int(fields[11]) + int(fields[12])) / ticks
    return total


def crowd(
    port: int, seconds: float, connections: int, process: int, requests: Iterator[bytes]
) -> dict[str, float]:
    """What so many connections saw of the door in so many seconds."""
    poll, sockets, sent = select.epoll(), {}, {}
    for _ in range(connections):
        one = socket.create_connection(("127.0.0.1", port))
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        one.setblocking(False)
        sockets[one.fileno()] = one
        poll.register(one.fileno(), select.EPOLLIN)
    for number, one in sockets.items():
        sent[number] = perf_counter()
        one.send(next(requests))
    took: list[float] = []
    wrong, start = 0, perf_counter() + WARM
    end, used, door = start + seconds, 0.0, 0.0
    while (now := perf_counter()) < end:
        if not used and now >= start:
            used, door = process_time(), spent(process)
            took.clear()
        for number, _event in poll.poll(0.1):
            one = sockets[number]
            answer = one.recv(4096)
            if not answer:
                raise ConnectionError("the door hung up")
            now = perf_counter()
            took.append(now - sent[number])
            wrong += not answer.startswith(GOOD)
            sent[number] = now
            one.send(next(requests))
    took.sort()
    share = (process_time() - used) / seconds
    return {
        "speed": len(took) / seconds,
        "median": took[len(took) // 2] * 1000,
        "p99": took[len(took) * 99 // 100] * 1000,
        "client": share,
        "door": (spent(process) - door) / seconds,
        "wrong": wrong,
    }


if __name__ == "__main__":
    given = sys.argv[1:]
    sent_ = verdicts(Path(given[4]).read_text().split()) if len(given) > 4 else empties()
    print(json.dumps(crowd(int(given[0]), float(given[1]), int(given[2]), int(given[3]), sent_)))
