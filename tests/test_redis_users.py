"""Each program's user of Redis may do what the program does, and nothing else.

The users are those of docker-compose.yml and of Kubernetes, on a real Redis.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import redis

from bot.sandbox.telegram import ADMIN, GUEST
from model.common.corrections.aof_rewrite import rewrite
from model.common.corrections.store import CorrectionStore
from model.common.health import RedisChecks
from model.common.queue import keys, notices
from model.common.queue.heartbeats import TRAINERS, TrainerStatus
from model.common.queue.notices import Notice
from model.common.redis_tools.server_check import check
from model.common.registry.registry import Registry
from model.common.retraining.job_slot import Slot
from model.common.retraining.messages import Outcome, RetrainProgress
from tests.helpers.bot.corrections import KEEP, SANDAL, Correcting
from tests.helpers.bot.running import assembled
from tests.helpers.model.worker import Running
from tests.helpers.models import publish
from tests.helpers.redis import Client, connect, connect_async
from tests.helpers.servers import persistent
from tests.helpers.waiting import until

ROOT = Path(__file__).parents[1]
USERS = ROOT / "deploy" / "kubernetes" / "users.acl"
PASSWORDS = {"default": "for-people", "bot": "one", "worker": "two", "trainer": "three"}


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="modista-") as name:
        yield Path(name)


@pytest.fixture(scope="module")
def operator(folder: Path) -> Iterator[redis.Redis]:
    """Who may do all, on a Redis with these users."""
    users = folder / "users.acl"
    users.write_text(USERS.read_text("utf-8") % tuple(PASSWORDS.values()), "utf-8")
    with persistent(folder, "--aclfile", str(users), password=PASSWORDS["default"]) as client:
        yield client


def url(folder: Path, user: str) -> str:
    return f"unix://{user}:{PASSWORDS[user]}@{folder}/redis.sock"


async def test_every_program_goes_its_whole_way(folder: Path, operator: redis.Redis) -> None:
    operator.flushall()
    operator.acl_log_reset()
    with connect(url(folder, "worker")) as working, connect(url(folder, "trainer")) as training:
        check(working)
        async with assembled(url(folder, "bot")) as parts, parts.bot():
            chat = Correcting(parts, CorrectionStore(working), working)
            with Running(working):
                first = await chat.answered()
                await chat.correct(first, SANDAL)
                await until(lambda: _asked(chat))
                question = _asked(chat)
                await chat.press(int(question["message_id"]), KEEP)
                await chat.until_kept(1)
                await _retrained(chat, training)
                assert await chat.ask("/undo")
                assert (await chat.forget()).startswith("Deleted")
                for command in ("/status", "/models", "/rollback", "/privacy", "/details"):
                    await chat.ask(command, ADMIN.id)
                await parts.sandbox.send_document(GUEST.id, b"none", "a.jpg", "image/jpeg")
                await until(lambda: operator.xlen(keys.PHOTOS) == 0)
        assert RedisChecks(working, {keys.PHOTOS: keys.WORKERS_GROUP})()["redis"] == "ok"
        async with connect_async(url(folder, "bot")) as speaking:
            await rewrite(speaking)
        Registry(working).refuse("new-1", "damaged")
    assert operator.acl_log() == [], "something that a program does was refused"


def _asked(chat: Correcting) -> Any:
    found = [m for m in chat.parts.from_bot() if m.get("text", "").startswith("One question")]
    return found[0] if found else None


async def _retrained(chat: Correcting, training: Client) -> None:
    """An admin asks for a retraining; what a trainer does about it, and its attempt."""
    check(training)
    TRAINERS.publish(training, TrainerStatus(name="t", photos=(1, 2)))
    number = int((await chat.ask("/retrain litenet", ADMIN.id))["message_id"])
    [first, *_] = chat.message(number, ADMIN.id)["reply_markup"]["inline_keyboard"][0]
    await chat.send(number, first["callback_data"], ADMIN.id)
    slot = Slot(training)
    assert slot.take("one") and slot.keep("one") == "held"
    assert slot.release("one", counted=False) == "released"
    assert slot.take("two")
    assert slot.report("two", RetrainProgress(stage="training", share=0.5)) == "held"
    store = CorrectionStore(training)
    assert len(store.thumbnails([kept.id for kept in store.all()])) == 1
    registry = Registry(training)
    assert registry.uncompiled() == []
    publish(registry, "new-1", "new-2")
    registry.promote("new-1", by="a trainer")
    assert registry.read("new-1") and registry.read_compiled("new-1")
    outcome = Outcome(verdict="kept", reason="no-gain")
    assert slot.finish("two", outcome, [b"a picture"])
    await until(lambda: slot.look() is None)
    notices.add(training, Notice(kind="model-refused", values={"version": "a", "reason": "unfit"}))
    TRAINERS.withdraw(training, "t")


def test_every_command_of_a_script_is_somebodys() -> None:
    """Of bot and model: what is new in one of them is to be in users.acl as well."""
    scripts = [each for room in ("bot", "model") for each in (ROOT / room).rglob("*.lua")]
    calls = {
        name.lower()
        for script in scripts
        for name in re.findall(r"redis\.p?call\('(\w+)'", script.read_text("utf-8"))
    }
    programs = USERS.read_text("utf-8").partition("user bot")[2]
    assert len(scripts) > 20
    assert calls <= set(re.findall(r"\+(\w+)", programs))


@pytest.mark.parametrize(
    ("user", "command"),
    [
        ("worker", ("HGETALL", keys.UPDATES)),
        ("worker", ("HGETALL", keys.RETRAINING)),
        ("worker", ("LPUSH", keys.MODEL_HISTORY, "a model")),
        ("worker", ("SMEMBERS", keys.CORRECTIONS_BY + "somebody")),
        ("trainer", ("XRANGE", keys.PHOTOS, "-", "+")),
        ("trainer", ("HGET", keys.UPDATES, "u1")),
        ("trainer", ("HGETALL", keys.ANSWERED + "a")),
        *((user, ("GET", "another:program")) for user in ("bot", "worker", "trainer")),
        *((user, ("FLUSHALL",)) for user in ("bot", "worker", "trainer")),
        *((user, ("KEYS", "*")) for user in ("bot", "worker", "trainer")),
        *((user, ("CONFIG", "SET", "dir", "/tmp")) for user in ("bot", "worker", "trainer")),
        *((user, ("ACL", "LIST")) for user in ("bot", "worker", "trainer")),
        *((user, ("SAVE",)) for user in ("bot", "worker", "trainer")),
    ],
)
def test_what_a_program_does_not_do_is_refused(
    folder: Path, operator: redis.Redis, user: str, command: tuple[str, ...]
) -> None:
    with redis.Redis.from_url(url(folder, user)) as client:
        client.ping()
        with pytest.raises(redis.exceptions.NoPermissionError):
            client.execute_command(*command)


def test_a_person_without_a_password_may_do_nothing(folder: Path, operator: redis.Redis) -> None:
    with (
        redis.Redis(unix_socket_path=str(folder / "redis.sock")) as client,
        pytest.raises(redis.AuthenticationError),
    ):
        client.ping()
