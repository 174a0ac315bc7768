"""Nothing that people send lies in Redis in clear: not in its memory, nor in the files it keeps."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import redis

from bot.sandbox.server import serve
from bot.settings import BotSettings
from model.common.corrections.store import CorrectionStore
from model.common.queue import keys
from model.common.queue.messages import Answer, PhotoJob
from model.common.registry.registry import Registry
from tests.helpers.bot.corrections import SANDAL, SNEAKER, Correcting
from tests.helpers.bot.retraining import Chat
from tests.helpers.bot.running import Parts, Worker
from tests.helpers.bot.sandbox import ADMIN, TOKEN, Person, Sandbox
from tests.helpers.models import publish
from tests.helpers.photos import gradient
from tests.helpers.redis import KEYRING, connect
from tests.helpers.servers import persistent
from tests.helpers.waiting import until

ASKER = Person(7_204_518_336, "Zuleikha")
WORDS = "nobody else is to read this"
CAPTION = "my grandmother's slippers"
PHOTO = gradient((400, 300))
CHART = gradient((300, 400))
# What is looked for: the middle of each picture, and all that says who it was.
SECRETS = (
    *(PHOTO[len(PHOTO) // 2 :][:64], CHART[len(CHART) // 2 :][:64]),
    *(WORDS.encode(), CAPTION.encode(), ASKER.first_name.encode(), str(ASKER.id).encode()),
)


def in_memory(client: redis.Redis) -> bytes:
    """Every key with its value, as Redis would write it into a snapshot."""
    found: Any = client.scan_iter("*", count=1000)
    return b"\n".join(part for key in found for part in (key, client.dump(key) or b""))  # type: ignore[misc]


def in_files(folder: Path) -> bytes:
    """All that Redis has written to its disk."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert any("aof" in file.name for file in files)
    return b"\n".join(file.read_bytes() for file in files)


def shown(data: bytes) -> list[bytes]:
    """The secrets that show."""
    return [secret for secret in SECRETS if secret in data]


@dataclass
class Scene:
    """A person's chat with the bot, over a Redis with files."""

    chat: Correcting
    client: redis.Redis
    folder: Path
    registry: Registry

    def everywhere(self) -> bytes:
        return in_memory(self.client) + in_files(self.folder)


@asynccontextmanager
async def scene(admin: Person = ADMIN) -> AsyncIterator[Scene]:
    with TemporaryDirectory(prefix="modista-") as name, persistent(Path(name)) as client:
        client.config_set("rdbcompression", "no")  # in what is compressed nothing would show
        url = f"unix://{name}/redis.sock"
        async with serve(Sandbox((ASKER, ADMIN)), port=0) as (sandbox, address):
            settings = BotSettings(
                _env_file=None,  # type: ignore[call-arg]
                telegram_token=TOKEN,  # type: ignore[arg-type]
                telegram_api_url=address,
                redis_url=url,
                admin_ids=str(admin.id),  # type: ignore[arg-type]
            )
            parts = Parts(sandbox, settings, Worker(url))
            with connect(url) as sealing:
                chat = Correcting(parts, CorrectionStore(sealing), sealing)
                parts.worker.answer = lambda job: _answer(chat, job)
                yield Scene(chat, client, Path(name), Registry(sealing))


def _answer(chat: Correcting, job: PhotoJob) -> Answer:
    if job.correction:
        return chat.answer(job)
    return Answer.to(job, prediction=SNEAKER, picture=CHART)


async def test_nothing_shows_while_it_waits_when_it_is_answered_or_corrected() -> None:
    async with scene() as at:
        parts = at.chat.parts
        async with parts.bot():
            # Without a worker, a photo waits; it is looked for in every place that it passes.
            number = await parts.send_photo(PHOTO, who=ASKER.id, caption=CAPTION)
            await parts.sandbox.send_text(ASKER.id, WORDS)
            await until(lambda: at.client.xlen(keys.PHOTOS) == 1)
            assert shown(in_memory(at.client)) == []
            assert KEYRING.person(ASKER.id).encode() in in_memory(at.client), "we look at the data"
            async with parts.worker.working():
                answer = int((await parts.reply(number, ASKER.id))["message_id"])
                await at.chat.correct(answer, SANDAL, ASKER.id)
                await until(lambda: len(parts.worker.jobs) == 2)
                await parts.sandbox.send_text(ASKER.id, "/retrain")
                await until(lambda: at.client.hlen(keys.UPDATES) == 0)
        assert shown(at.everywhere()) == []


async def test_nothing_shows_whatever_else_people_and_admins_do(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A group with an album, files, floods, presses, a retraining, a promotion, a dead letter."""
    async with scene(admin=ASKER) as at:
        parts, sandbox = at.chat.parts, at.chat.parts.sandbox
        sandbox.group.title = WORDS
        caplog.set_level(logging.DEBUG, "bot")
        caplog.set_level(logging.DEBUG, "model")
        async with parts.bot(photos_waiting=3):
            await Chat(parts).begin(who=ASKER.id)
            sandbox.change_group(ASKER.id, joined=True)
            place = sandbox.group.id
            for number in range(2):
                caption = None if number else f"@modista_sandbox_bot {CAPTION}"
                await sandbox.send_photo(ASKER.id, PHOTO, caption, "a", chat_id=place)
            await sandbox.send_document(ASKER.id, PHOTO, f"{CAPTION}.jpg", "image/jpeg")
            for _ in range(3):  # more than may wait
                await parts.send_photo(PHOTO, who=ASKER.id, caption=CAPTION)
            for command in (f"/retrain {WORDS}", "/undo", "/status", "/stats", "/models"):
                await sandbox.send_text(ASKER.id, command)
            await until(lambda: at.client.hlen(keys.UPDATES) == 0)
            await sandbox.send_text(ASKER.id, "/cancel")
            publish(at.registry, "new-1")
            at.registry.promote("new-1", ASKER.first_name)
            at.client.xadd(keys.PHOTOS, {"meta": "odd", "body": "odd"})
            async with parts.worker.working():
                await until(lambda: at.client.xlen(keys.PHOTOS) == 0)
                await until(lambda: at.client.xlen(keys.ANSWERS) == 0)
                await sandbox.send_text(ASKER.id, f"/details {WORDS}")
                await until(lambda: at.client.hlen(keys.UPDATES) == 0)
        assert len(parts.worker.jobs) == 3
        assert at.client.xlen(keys.DEAD) == 1
        assert shown(at.everywhere()) == []
        assert str(place).encode() not in at.everywhere()
        names = {ASKER.first_name, WORDS, CAPTION}
        assert [name for name in names if name in caplog.text] == []


async def test_after_forget_nothing_of_the_person_is_left_not_even_sealed() -> None:
    async with scene() as at:
        parts, chat = at.chat.parts, at.chat
        async with parts.bot(), parts.worker.working():
            name = KEYRING.person(ASKER.id).encode()
            await parts.reply(await parts.send_photo(PHOTO, who=ASKER.id), ASKER.id)
            assert name in in_memory(at.client)
            await chat.forget(ASKER.id)
            await until(lambda: at.client.hlen(keys.UPDATES) == 0)
            await until(lambda: name not in in_memory(at.client))
            # The file is rewritten at once: what was deleted leaves it, sealed as it was.
            await until(lambda: name not in in_files(at.folder))
        assert shown(at.everywhere()) == []
