import logging
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import redis

from bot.launcher import redis_server
from model.common import health, metrics
from model.common.health import OK, Health, RedisChecks
from model.common.queue import keys
from model.common.settings import Settings
from tests.helpers.endpoints import free_port, get, ready
from tests.helpers.redis import connect
from tests.helpers.waiting import eventually

PASSWORD = "no-check-shows-this"


def settings(**values: Any) -> Settings:
    return Settings(**{"_env_file": None, **values})


@pytest.fixture
def port() -> int:
    return free_port()


def test_each_process_has_a_port_of_its_own(port: int) -> None:
    chosen = settings(health_port=port)
    with (
        health.served(Health(), chosen, "bot"),
        health.served(Health(), chosen, "worker"),
        health.served(Health(), chosen, "trainer"),
    ):
        assert [get(port + offset, "/livez") for offset in range(3)] == [(200, "ok\n")] * 3
    assert [get(port + offset, "/livez") for offset in range(3)] == [(0, "")] * 3


def test_without_a_port_nothing_listens(port: int) -> None:
    with health.served(Health(), settings(), "bot", required=True):
        assert "health" not in [thread.name for thread in threading.enumerate()]


def test_a_process_whose_loop_stands_still_does_not_live(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    signs = Health()
    now = 1000.0
    monkeypatch.setattr("model.common.health.time.monotonic", lambda: now)
    signs = Health()
    now += health.STARTING - 1
    assert signs.alive(), "a model may still be loading"
    signs.beat()
    now += health.SILENT - 1
    assert signs.alive()
    now += 2
    assert not signs.alive()
    with health.served(signs, settings(health_port=port), "bot"):
        status, text = get(port, "/livez")
        assert status == 503 and "has not moved" in text
        signs.beat()
        assert get(port, "/livez") == (200, "ok\n")


def test_it_is_ready_once_every_check_is_ok(port: int) -> None:
    checked = {"redis": "does not answer (TimeoutError)"}
    signs = Health(lambda: checked, model="is being loaded")
    with health.served(signs, settings(health_port=port), "bot"):
        assert ready(port) == (503, {"model": "is being loaded", **checked})
        signs.note("model")
        assert ready(port)[0] == 503
        checked["redis"] = OK
        assert ready(port) == (200, {"model": "ok", "redis": "ok"})


def test_a_check_that_fails_is_named_without_its_words(port: int) -> None:
    def check() -> dict[str, str]:
        raise RuntimeError(PASSWORD)

    with health.served(Health(check), settings(health_port=port), "bot"):
        assert ready(port) == (503, {"checks": "failed (RuntimeError)"})


def test_metrics_are_shown_for_prometheus(port: int) -> None:
    metrics.SECONDS.labels("drawing").observe(0.02)
    with health.served(Health(), settings(health_port=port), "bot"):
        status, text = get(port, "/metrics")
    assert status == 200
    assert "# TYPE modista_photos_received_total counter" in text
    assert 'modista_step_seconds_bucket{le="0.025",step="drawing"}' in text
    assert "process_resident_memory_bytes" in text


@pytest.mark.parametrize("path", ["/", "/metrics/x", "/livez/../etc/passwd", "//", "/%00"])
def test_nothing_else_is_there(port: int, path: str) -> None:
    with health.served(Health(), settings(health_port=port), "bot"):
        status, text = get(port, path)
    assert status == 404
    assert path.strip("/") not in text or path.strip("/") == ""


def test_one_slow_client_holds_up_nobody_and_not_the_end(port: int) -> None:
    with (
        health.served(Health(), settings(health_port=port), "bot"),
        socket.create_connection(("127.0.0.1", port)) as slow,
    ):
        slow.sendall(b"GET /live")
        assert get(port, "/livez") == (200, "ok\n")
        assert get(port, "/readyz") == (200, "{}\n")


def test_what_is_no_request_is_refused_and_leaves_no_trace(
    port: int, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    with health.served(Health(), settings(health_port=port), "bot"):
        caplog.clear()
        for nonsense in (b"\x16\x03\x01\x02\x00\n\n", b"POST /livez HTTP/1.1\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", port)) as client:
                client.sendall(nonsense)
                assert b" 200 " not in client.recv(1000)
        assert get(port, "/livez") == (200, "ok\n")
    assert not caplog.records
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("host", ["127.0.0.1", "no.such.host.invalid"])
def test_a_port_that_cannot_be_used_is_a_sentence_or_a_warning(
    port: int, host: str, caplog: pytest.LogCaptureFixture
) -> None:
    chosen = settings(health_port=port, health_host=host)
    with socket.create_server(("127.0.0.1", port)):
        needed = health.served(Health(), chosen, "bot", required=True)
        with pytest.raises(SystemExit, match=f"or HEALTH_HOST is wrong: port {port}"), needed:
            pass
        with health.served(Health(), chosen, "bot"):
            assert f"port {port} on {host} cannot be used" in caplog.text


def test_a_version_6_address_will_do(port: int) -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("no IPv6 here")
    chosen = settings(health_port=port, health_host="::1")
    with health.served(Health(), chosen, "bot"), socket.create_connection(("::1", port)) as client:
        client.sendall(b"GET /livez HTTP/1.0\r\n\r\n")
        assert b" 200 " in client.recv(1000)


# Redis, as it comes and goes.


@pytest.fixture
def folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="modista-") as name:
        yield Path(name)


def test_redis_is_ok_with_its_groups_alone(redis_url: str) -> None:
    asking = health.impatient(settings(redis_url=redis_url))
    checks = RedisChecks(asking, {keys.PHOTOS: keys.WORKERS_GROUP})
    assert checks() == {"redis": OK, "groups": "missing: workers"}
    with connect(redis_url) as client:
        client.xadd(keys.PHOTOS, {"meta": "", "body": ""})
        assert checks() == {"redis": OK, "groups": "missing: workers"}
        client.xgroup_create(keys.PHOTOS, keys.WORKERS_GROUP)
        assert checks() == {"redis": OK, "groups": OK}
        client.flushall()
    assert checks() == {"redis": OK, "groups": "missing: workers"}
    assert RedisChecks(asking, {})() == {"redis": OK}


def test_a_redis_that_is_away_hangs_or_refuses_is_said_so(folder: Path) -> None:
    socket_path = folder / "redis.sock"
    url = f"unix://:{PASSWORD}@{socket_path}"
    asking = health.impatient(settings(redis_url=url))
    checks = RedisChecks(asking, {keys.PHOTOS: keys.WORKERS_GROUP})
    assert checks() == {"redis": "does not answer (ConnectionError)"}
    process = subprocess.Popen(redis_server.command(socket_path), stdout=subprocess.DEVNULL)
    try:
        client = redis.Redis(unix_socket_path=str(socket_path))
        eventually(lambda: _answers(client))
        client.config_set("requirepass", "another")
        said = checks()
        assert said == {"redis": "refuses our password"}
        client.config_set("requirepass", PASSWORD)
        assert checks()["redis"] == OK
        process.send_signal(signal.SIGSTOP)
        assert checks() == {"redis": "does not answer (TimeoutError)"}
    finally:
        process.kill()
        process.wait()


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False


@pytest.mark.parametrize(
    ("setting", "value", "usual", "words"),
    [
        ("maxmemory", "1", "0", "is out of memory"),
        ("min-replicas-to-write", "1", "0", "takes no writes"),
    ],
)
def test_a_redis_that_takes_no_writes_makes_nobody_ready(
    redis_url: str, setting: str, value: str, usual: str, words: str
) -> None:
    checks = RedisChecks(health.impatient(settings(redis_url=redis_url)), {})
    assert checks() == {"redis": OK}
    with connect(redis_url) as client:
        client.config_set(setting, value)
        try:
            assert checks() == {"redis": words}
        finally:
            client.config_set(setting, usual)
    assert checks() == {"redis": OK}


HANGS = """
import ctypes, time
from model.common import health
health.HUNG = 1
health.end_when_hung()
signs = health.Health()
for _ in range(15):
    time.sleep(0.1)
    signs.beat()
print("alive", flush=True)
ctypes.PyDLL(None).sleep(60)  # holds the interpreter's lock, so that no thread of Python's runs
"""


def test_a_process_without_beats_is_ended_even_by_c_code_that_does_not_return() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", HANGS], capture_output=True, text=True, timeout=30, check=False
    )
    assert ended.stdout == "alive\n", "beats keep it alive"
    assert ended.returncode == -signal.SIGALRM
    assert 'File "<string>"' in ended.stderr, "it is said where it hung"
