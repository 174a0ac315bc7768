"""A Redis that answers and will not work is as one that is away: its connection is dropped."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import redis

from model.common.redis_tools.connection import UnwillingError, named
from tests.helpers.redis import connect, connect_async

WRITE = "return redis.call('SET', KEYS[1], '1')"
Refuse = Callable[[redis.Redis], None]


@contextmanager
def refusing(client: redis.Redis, setting: str, value: str, usual: str) -> Iterator[None]:
    client.config_set(setting, value)
    try:
        yield
    finally:
        client.config_set(setting, usual)


@contextmanager
def without_replicas(client: redis.Redis) -> Iterator[None]:
    with refusing(client, "min-replicas-to-write", "1", "0"):
        yield


@contextmanager
def as_replica(client: redis.Redis) -> Iterator[None]:
    client.replicaof("127.0.0.1", 1)
    try:
        yield
    finally:
        client.replicaof("NO", "ONE")


@contextmanager
def without_rights(client: redis.Redis) -> Iterator[None]:
    client.acl_setuser("default", enabled=True, commands=["-set"])
    try:
        yield
    finally:
        client.acl_setuser("default", enabled=True, categories=["+@all"])


@pytest.fixture
def operator(redis_url: str) -> Iterator[redis.Redis]:
    """Somebody with a connection of their own."""
    client = redis.Redis.from_url(redis_url)
    yield client
    client.close()


TROUBLES = [without_replicas, as_replica, without_rights]


@pytest.mark.parametrize("trouble", TROUBLES)
def test_an_unwilling_server_is_as_one_that_is_away(
    redis_url: str, operator: redis.Redis, trouble: Callable[..., Iterator[None]]
) -> None:
    with connect(redis_url) as client:
        before = client.client_id()
        with trouble(operator):  # type: ignore[attr-defined]
            with pytest.raises(UnwillingError):
                client.set("x", "1")
            with pytest.raises(UnwillingError):
                client.eval(WRITE, 1, "x")
            with pytest.raises(UnwillingError), client.pipeline() as transaction:
                transaction.set("x", "1")
                transaction.execute()
        assert client.set("x", "1")
        assert client.client_id() != before


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_the_same_for_the_bot(
    redis_url: str, operator: redis.Redis, trouble: Callable[..., Iterator[None]]
) -> None:
    async with connect_async(redis_url) as client:
        before = await client.client_id()
        with trouble(operator):  # type: ignore[attr-defined]
            with pytest.raises(UnwillingError):
                await client.set("x", "1")
            with pytest.raises(UnwillingError):
                await client.eval(WRITE, 1, "x")  # type: ignore[misc]
        assert await client.set("x", "1")
        assert await client.client_id() != before


async def test_a_command_of_the_bot_makes_no_task(redis_url: str) -> None:
    loop = asyncio.get_running_loop()
    made = []

    def make(loop: asyncio.AbstractEventLoop, coroutine: Any, **options: Any) -> Any:
        made.append(coroutine)
        return asyncio.Task(coroutine, loop=loop, **options)

    async with connect_async(redis_url) as client:
        await client.ping()  # type: ignore[misc]
        loop.set_task_factory(make)
        await client.set("x", "1")
        loop.set_task_factory(None)
    assert not made


async def test_a_server_that_stops_reading_is_left() -> None:
    over = asyncio.Event()

    async def read_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    server = await asyncio.start_server(read_nothing, "127.0.0.1", limit=1)
    port = server.sockets[0].getsockname()[1]
    async with connect_async(f"redis://127.0.0.1:{port}") as client:
        connection_class: Any = client.connection_pool.connection_class
    link = connection_class(port=port, driver_info=None)
    await link.connect()
    link.socket_timeout = 0.05  # not before: to connect may take longer
    with pytest.raises(redis.TimeoutError):
        await link.send_packed_command([bytes(50_000_000)], check_health=False)
    assert not link.is_connected
    over.set()
    server.close()


def test_out_of_memory_is_told_from_it_and_keeps_the_connection(
    redis_url: str, operator: redis.Redis
) -> None:
    with connect(redis_url) as client:
        before = client.client_id()
        with refusing(operator, "maxmemory", "1", "0"):
            with pytest.raises(redis.OutOfMemoryError):
                client.set("x", "1")
            with pytest.raises(redis.OutOfMemoryError):
                client.eval(WRITE, 1, "x")
        assert client.client_id() == before


WORDS = {
    "MISCONF Errors writing to the AOF file: No space left on device": UnwillingError,
    "ERR Error running script (call to f_1): @user_script:1: -READONLY You can't": UnwillingError,
    "ERR user_script:1: -OOM command not allowed when used": redis.OutOfMemoryError,
    "BUSY Redis is busy running a script. You can only call SCRIPT KILL": UnwillingError,
    "TRYAGAIN Multiple keys request during rehashing of slot": UnwillingError,
    "BUSYGROUP Consumer Group name already exists": redis.ResponseError,
    "NOGROUP No such key": redis.ResponseError,
    "ERR unknown command 'LOADINGS'": redis.ResponseError,
}


@pytest.mark.parametrize("words", WORDS)
def test_an_error_is_known_by_its_words(words: str) -> None:
    assert type(named(redis.ResponseError(words))) is WORDS[words]


def test_a_node_of_a_cluster_says_which_other_has_what_we_keep() -> None:
    """Redis's own reply, from a socket that says nothing else."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    link, _ = server.accept()
                except OSError:
                    return
                with link:
                    while asked := link.recv(65536):
                        link.sendall(b"+OK\r\n" * asked.count(b"CLIENT"))
                        link.sendall(b"-MOVED 866 10.0.0.7:6380\r\n" * asked.count(b"$3\r\nGET"))

        threading.Thread(target=serve, daemon=True).start()
        with (
            connect(f"redis://127.0.0.1:{server.getsockname()[1]}") as client,
            pytest.raises(UnwillingError, match=r"a node of a cluster.*10\.0\.0\.7:6380"),
        ):
            client.get("x")
