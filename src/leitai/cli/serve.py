"""`leitai run | serve | intake | worker`: the processes of a running house."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import datetime
from typing import Annotated, Any

import typer

from .django import fail, setup

Host = Annotated[str, typer.Option(help="address to listen on")]
Port = Annotated[int, typer.Option(help="port to listen on")]
Workers = Annotated[int, typer.Option(min=1, help="processes")]


def add_to(app: typer.Typer) -> None:
    """Place these commands at the top level."""
    for command in (run, serve, intake, worker):
        app.command()(command)


def _granian(interface: str, target: str, host: str, port: int, workers: int, *more: str) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", interface, "--host", host, "--port", str(port),
        "--workers", str(workers), "--no-ws", "--log-level", "warning", *more, target,
    ]  # fmt: skip


def _pages(host: str, port: int, workers: int) -> list[str]:
    return _granian("wsgi", "leitai.config.wsgi:application", host, port, workers, "--blocking-threads", "4")


def _door(host: str, port: int) -> list[str]:
    return _granian("rsgi", "leitai.intake.app:app", host, port, 1)


def serve(host: Host = "127.0.0.1", port: Port = 8000, workers: Workers = 2) -> None:
    """The pages. Set LEITAI_INTAKE_URL where the ballot door runs apart."""
    command = _pages(host, port, workers)
    typer.echo(f"the pages answer on http://{host}:{port}/   (Ctrl-C stops)")
    sys.stdout.flush()
    os.execv(command[0], command)


def intake(host: Host = "127.0.0.1", port: Port = 8001) -> None:
    """The ballot door, in a process of its own. Set LEITAI_WEB_URL to where the pages answer."""
    command = _door(host, port)
    typer.echo(f"the ballot door answers on http://{host}:{port}/   (Ctrl-C stops)")
    sys.stdout.flush()
    os.execv(command[0], command)


def worker() -> None:
    """The drive: rules applied, clocks told, occasions planned. Any number may run."""
    setup()
    from django.conf import settings

    from leitai.drive.worker import work
    from leitai.lake.sealing import seal_due_days
    from leitai.notify import SettingError, gateway

    try:
        sender = gateway(settings.NOTIFY)
    except SettingError as fault:
        raise fail(fault) from None

    def seal(place: Any, now: datetime) -> None:
        seal_due_days(place, settings.LAKE, now)

    typer.echo("the worker runs   (Ctrl-C stops)")
    sys.stdout.flush()
    work(sender=sender, jobs=[seal])


def run(
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option(help="port of the pages; the ballot door takes the next")] = 8000,
) -> None:
    """Everything in one command: database, places, pages, ballot door and worker. Ctrl-C stops it all."""
    setup()
    from django.core.management import call_command

    from leitai.apps.people import queries as people

    pages, door = _free(host, port), 0
    door = _free(host, pages + 1)
    call_command("migrate", interactive=False, verbosity=0)
    if not people.places():
        _bring_up_samples()
    shown = f"http://{'localhost' if host in ('127.0.0.1', '::1') else host}"
    reached = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    environment = os.environ | {
        "LEITAI_HOSTS": os.environ.get("LEITAI_HOSTS") or f"{host},{reached},localhost,127.0.0.1,[::1]",
        "LEITAI_INTAKE_URL": os.environ.get("LEITAI_INTAKE_URL") or f"{shown}:{door}",
        "LEITAI_WEB_URL": os.environ.get("LEITAI_WEB_URL") or f"{shown}:{pages}",
    }
    commands = {
        "pages": _pages(host, pages, 2),
        "ballot door": _door(host, door),
        "worker": [sys.executable, "-m", "leitai", "worker"],
    }
    stopping: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda got, _: stopping.append(got))
    # Children are out of the terminal's reach, so that Ctrl-C comes to this process alone, which stops them in order.
    running = {
        name: subprocess.Popen(command, env=environment, start_new_session=True)
        for name, command in commands.items()
    }
    failed = ""
    try:
        if _answers(f"http://{reached}:{pages}/healthz", running["pages"], stopping):
            _announce(shown, pages, door)
        while not stopping and not failed:
            failed = next((name for name, one in running.items() if one.poll() is not None), "")
            time.sleep(0.2)
    finally:
        _stop(list(running.values()))
    if failed:
        raise fail(f"the {failed} stopped by itself; its messages are above", 1)
    typer.echo("stopped")


def _bring_up_samples() -> None:
    """Every place that brings a seeded year of its own."""
    from leitai.demo.script import DemoError, read_script

    from .demo import bring_up
    from .places import place_dir, places

    typer.echo("bringing up the sample places; this is done once", err=True)
    for name in places():
        try:
            script = read_script(place_dir(name) / "demo.yaml")
        except DemoError:
            continue
        if script.seeded is not None:
            bring_up(name)


def _announce(shown: str, pages: int, door: int) -> None:
    from leitai.apps.ballots import queries as ballots
    from leitai.apps.people import queries as people

    from .demo import links_file, logins_file

    links = dict(json.loads(links_file().read_text())) if links_file().exists() else {}
    typer.echo(f"\nLeitai answers on {shown}:{pages}/   (ballot door {shown}:{door}/, Ctrl-C stops)")
    for place in people.places():
        typer.echo(f"  {place.name_zh} {place.name_en}: {shown}:{pages}/{place.key}/")
        points = ballots.points_of(place, "")
        point = points.filter(unit__posts__role="clerk").first() or points.first()
        if point is not None:
            typer.echo(f"    a verdict on {point.unit.key}: {shown}:{pages}/b/{ballots.code_of(point)}")
        if place.key in links:
            typer.echo(f"    an enterprise's own page: {shown}:{pages}{links[place.key]}")
    path = logins_file()
    if path.exists():
        typer.echo(f"\nSign in at {shown}:{pages}/login/ as")
        for login, password, role in json.loads(path.read_text()):
            typer.echo(f"  {role:<14} {login:<22} {password}")
    sys.stdout.flush()


def _free(host: str, port: int) -> int:
    """This port, or the next that nobody listens on."""
    for one in range(port, port + 50):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, one))
            except OSError:
                continue
            return one
    raise fail(f"--port {port}: neither it nor the next fifty are free on {host}")


def _answers(url: str, process: subprocess.Popen[bytes], stopping: list[int]) -> bool:
    """Whether the pages answer, asked until they do, they die, or we are told to stop."""
    while process.poll() is None and not stopping:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for one in processes:
        if one.poll() is None:
            one.send_signal(signal.SIGINT)
    deadline = time.monotonic() + 10
    for one in processes:
        try:
            one.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            one.kill()
            one.wait()
