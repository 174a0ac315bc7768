"""The health port of a process: liveness, readiness and metrics over HTTP.

    /livez     200 while the process's main loop moves, else 503: then a restart may help
    /readyz    200 when it can do its work, else 503; JSON: each check with "ok" or what is wrong
    /metrics   what `model.common.metrics` counts, for Prometheus

It listens where HEALTH_PORT says: the bot there, the worker and the trainer on the next two ports.
There is no password before it, and nothing in it that would want one; all the same it listens on
this machine only unless HEALTH_HOST says otherwise.
"""

import faulthandler
import json
import logging
import os
import signal
import socketserver
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import AF_INET, AF_INET6
from typing import Literal, Self

import redis
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from redis.backoff import NoBackoff
from redis.retry import Retry

from model.common.queue import keys
from model.common.redis_tools.connection import UnwillingError, named
from model.common.settings import Settings
from model.common.supervisor import HEARTBEAT_FD

logger = logging.getLogger(__name__)

Process = Literal["bot", "worker", "trainer"]
# Added to HEALTH_PORT, so that all three can run on one machine.
OFFSETS: Mapping[Process, int] = {"bot": 0, "worker": 1, "trainer": 2}

OK = "ok"
# Seconds without a beat after which a process counts as hung. An attempt to reach a Redis that
# takes connections and says nothing takes 45 seconds: that is Redis's fault, and no restart helps.
SILENT = 60.0
# Seconds without a beat after which `end_when_hung` ends the process.
HUNG = 90
STARTING = 600.0  # seconds until the first beat: a model is loaded, on a slow machine
PATIENCE = 1.0  # seconds that Redis may take with an answer to a check
PROBE_MS = 1000  # how long Redis keeps what is written to see whether it takes writes
REQUEST_SECONDS = 5.0  # until a client that does not finish its request is left

States = Mapping[str, str]


class _Watchdog:
    """Beats put off the alarm that ends this process, and the supervisor that watches it."""

    armed = False
    pipe: int | None = None
    next_write = 0.0

    def beat(self) -> None:
        if self.armed:
            signal.alarm(HUNG)
        if self.pipe is not None and time.monotonic() >= self.next_write:
            self.next_write = time.monotonic() + 1.0
            with suppress(OSError):  # the supervisor is gone, or stopped itself
                os.write(self.pipe, b".")


_watchdog = _Watchdog()


def end_when_hung() -> None:
    """From now on this process dies of SIGALRM once it had no beat of a Health for HUNG seconds.

    The kernel ends it, so C code that does not return is ended, too; where its threads stood is
    written to standard error. Its parent restarts it. A process that is stopped (SIGSTOP) gets no
    signal: `model.common.supervisor`, which gets the beats as well, kills it.
    """
    faulthandler.register(signal.SIGALRM, chain=True)
    _watchdog.armed = True
    if (pipe := os.environ.get(HEARTBEAT_FD, "")).isdecimal():
        os.set_blocking(int(pipe), False)
        os.set_inheritable(int(pipe), False)
        _watchdog.pipe = int(pipe)
    signal.alarm(int(STARTING))


class Health:
    """A process's liveness, by its beats, and its readiness, by its notes and checks.

    A state is OK or a few plain words, which anybody may read. `checks` is asked at each request,
    in a thread of the server's; `notes` are what the process itself says, until it says otherwise.
    """

    def __init__(self, checks: Callable[[], States] = dict, **notes: str) -> None:
        self._checks = checks
        self._notes = notes
        self._silent_at = time.monotonic() + STARTING

    def beat(self) -> None:
        """Record that the main loop moves. Call it at each turn, more often than every SILENT
        seconds.
        """
        self._silent_at = time.monotonic() + SILENT
        _watchdog.beat()

    def note(self, name: str, state: str = OK) -> None:
        """Set the state of `name`."""
        self._notes[name] = state

    def alive(self) -> bool:
        """Whether there was a beat lately."""
        return time.monotonic() < self._silent_at

    def readiness(self) -> dict[str, str]:
        """Each check, with OK or what is wrong."""
        try:
            return {**self._notes, **self._checks()}
        except Exception as error:  # a check that fails does not show that the process is ready
            logger.debug("a check failed", exc_info=error)
            return {**self._notes, "checks": f"failed ({type(error).__name__})"}


def impatient(settings: Settings) -> redis.Redis:
    """A client for checks: it waits neither behind the process's own calls nor as long as they."""
    return redis.Redis.from_url(
        settings.redis_address,
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 0),
    )


class RedisChecks:
    """Checks that Redis answers, takes writes and has the groups: stream → group.

    A replica, and a Redis that is out of memory or disk space, answer but take no writes.
    """

    def __init__(self, client: redis.Redis, groups: Mapping[str, str]) -> None:
        self._client = client
        self._groups = groups

    def __call__(self) -> States:
        """The states of "redis" and, if there are groups to look for, "groups"."""
        try:
            self._client.set(keys.PROBE, "", px=PROBE_MS)
            missing = [group for stream, group in self._groups.items() if not self._has(stream)]
        # The errors' own words may hold addresses; their names say enough.
        except redis.AuthenticationError:
            return {"redis": "refuses our password"}
        except redis.ResponseError as error:
            return {"redis": _refusal(error)}
        except (redis.RedisError, OSError) as error:
            return {"redis": f"does not answer ({type(error).__name__})"}
        groups = f"missing: {', '.join(missing)}" if missing else OK
        return {"redis": OK, **({"groups": groups} if self._groups else {})}

    def _has(self, stream: str) -> bool:
        try:
            groups = self._client.xinfo_groups(stream)
        except redis.ResponseError:  # no such key
            return False
        names = [each["name"] for each in groups]  # type: ignore[union-attr]
        return self._groups[stream].encode() in names


def _refusal(error: redis.ResponseError) -> str:
    """Why Redis does not take a write, without its own words: these may hold names of keys."""
    problem = named(error)
    if isinstance(problem, redis.OutOfMemoryError):
        return "is out of memory"
    return "takes no writes" if isinstance(problem, UnwillingError) else "answers with an error"


@contextmanager
def served(
    health: Health, settings: Settings, process: Process, *, required: bool = False
) -> Iterator[None]:
    """Show `health` for as long as the context lasts, where HEALTH_PORT asks for it.

    A port that cannot be used is only warned of: another worker on this machine has it. Where it
    is `required`, SystemExit with a sentence.
    """
    if not settings.health_port:
        yield
        return
    host, port = settings.health_host, settings.health_port + OFFSETS[process]
    try:
        server = _Server((host, port), health)
    except OSError as error:
        problem = f"port {port} on {host} cannot be used for health checks and metrics ({error})"
        if required:
            raise SystemExit(
                f"HEALTH_PORT or HEALTH_HOST is wrong: {problem}. Choose another. See .env.example."
            ) from None
        logger.warning("%s: this process goes on without", problem)
        yield
        return
    with server:
        logger.info("health checks and metrics on port %d of %s", port, host)
        yield


class _Server(ThreadingHTTPServer):
    """Answers in threads, from the beginning of the `with` to its end."""

    daemon_threads = True  # a slow client does not hold up the process's end

    def __init__(self, address: tuple[str, int], health: Health) -> None:
        self.address_family = AF_INET6 if ":" in address[0] else AF_INET
        self.health = health
        super().__init__(address, _Request)

    def server_bind(self) -> None:
        """As the base's, which would ask the network for this machine's full name as well."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def __enter__(self) -> Self:
        threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.1}, name="health", daemon=True
        ).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002
        """A client that went away is no news; the default prints a traceback past the log."""
        logger.debug("a request to the health checks failed", exc_info=True)


class _Request(BaseHTTPRequestHandler):
    server_version, sys_version = "modista", ""
    timeout = REQUEST_SECONDS
    server: _Server

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/livez":
            alive = self.server.health.alive()
            text = "ok\n" if alive else f"The main loop has not moved for {SILENT:.0f} seconds.\n"
            self._answer(200 if alive else 503, "text/plain; charset=utf-8", text.encode())
        elif path == "/readyz":
            states = self.server.health.readiness()
            ready = all(state == OK for state in states.values())
            text = json.dumps(states) + "\n"
            self._answer(200 if ready else 503, "application/json", text.encode())
        elif path == "/metrics":
            self._answer(200, CONTENT_TYPE_LATEST, generate_latest())
        else:
            text = "There are /livez, /readyz and /metrics.\n"
            self._answer(404, "text/plain; charset=utf-8", text.encode())

    def _answer(self, code: int, kind: str, body: bytes) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: they come every few seconds."""
