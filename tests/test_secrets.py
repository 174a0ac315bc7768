"""No secret, and nothing that people sent, is seen of the running programs, whatever goes wrong.

The real bot, worker and trainer run at LOG_LEVEL=DEBUG, with Redis and Telegram failing under them;
all that they write, show on their ports and have on their command lines is searched.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import httpx
import psutil
import pytest
import redis
from pydantic import SecretStr

from bot.launcher import redis_server as server
from bot.sandbox.server import serve
from model.common.health import OFFSETS
from model.common.queue import keys
from model.common.redis_tools.connection import connect
from model.common.registry.serving_config import SHIPPED
from model.common.retraining.job_slot import Slot
from model.common.retraining.messages import RetrainJob
from model.common.settings import Settings
from tests.helpers.bot.faults import FaultKind
from tests.helpers.bot.sandbox import ADMIN, TOKEN, Person, Sandbox
from tests.helpers.endpoints import free_port, get, ready
from tests.helpers.photos import picture

ROOT = Path(__file__).parents[1]
PASSWORD = "kestrel/p@ss w%rd+ü"
WRONG = "osprey-is-another-password"
KEY = "heron-seals-what-people-let-us-keep-0123"
WEBHOOK_SECRET = "bittern-is-what-telegram-and-we-know"
ASKER = Person(1001, "Zuleikha")
WORDS = "nobody else is to read this"
SECRETS = (
    *(TOKEN, TOKEN.partition(":")[2], quote(TOKEN, safe="")),
    *(PASSWORD, quote(PASSWORD, safe=""), repr(PASSWORD.encode())[2:-1], "kestrel", WRONG),
    *(KEY, WEBHOOK_SECRET),
    # What people sent: no secret of ours, and no business of the logs.
    *(WORDS, ASKER.first_name, "vacation.jpg"),
)
MODULES = {"bot": ["bot"], "worker": ["model", "worker"], "trainer": ["model", "trainer"]}
# TensorFlow's start on a busy machine.
PATIENCE = 90


@dataclass
class Programs:
    """The three programs, and everything that was seen of them."""

    folder: Path
    settings: dict[str, str]
    port: int
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"unix://:{quote(PASSWORD, safe='')}@{self.folder}/redis.sock"

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text("utf-8")

    def start(self, name: str, **settings: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as file:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", *MODULES[name]],
                cwd=self.folder,  # where no .env is
                env=os.environ | {"PYTHONPATH": str(ROOT)} | self.settings | settings,
                stdout=file,
                stderr=subprocess.STDOUT,
            )

    def look(self) -> None:
        """Note all that can be seen from outside now, but for the logs."""
        for process in self.running.values():
            family = [psutil.Process(process.pid)] if process.poll() is None else []
            for each in [*family, *(child for one in family for child in one.children(True))]:
                self.seen.append(Path(f"/proc/{each.pid}/cmdline").read_text("utf-8", "replace"))
        for offset in OFFSETS.values():
            for path in ("/livez", "/readyz", "/metrics"):
                self.seen.append(get(self.port + offset, path)[1])

    async def ended(self, name: str) -> int:
        """The exit code, once there is one."""
        return await asyncio.to_thread(self.running[name].wait, PATIENCE)


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await asyncio.to_thread(condition):  # noqa: ASYNC110 - no event for it
            await asyncio.sleep(0.05)


@asynccontextmanager
async def redis_server(folder: Path, password: str) -> AsyncIterator[subprocess.Popen[bytes]]:
    """A server that wants this password, which is on nobody's command line."""
    arguments = server.command(folder / "redis.sock")
    process = await asyncio.to_thread(subprocess.Popen, arguments, stdout=subprocess.DEVNULL)
    client = redis.Redis(unix_socket_path=str(folder / "redis.sock"))
    try:
        await until(lambda: _serves(client))
        client.config_set("requirepass", password)
        yield process
    finally:
        process.kill()
        process.wait()
        client.close()


def _serves(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False


def _is_ready(port: int) -> bool:
    return ready(port)[0] == 200


@asynccontextmanager
async def programs(url: str, **settings: str) -> AsyncIterator[Programs]:
    """The programs, none of them running yet; all of them ended at the end."""
    with TemporaryDirectory(prefix="modista-") as name:
        made = Programs(Path(name), {}, free_port())
        made.settings |= {
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API_URL": url,
            "ADMIN_IDS": str(ADMIN.id),
            "REDIS_URL": made.url,
            "DATA_KEY": KEY,
            "LOG_LEVEL": "DEBUG",
            "HEALTH_PORT": str(made.port),
            "DATA_DIR": str(made.folder),
        } | settings
        try:
            yield made
        finally:
            for process in made.running.values():
                process.kill()
                process.wait()


async def things_go_wrong_at_telegram(sandbox: Sandbox, made: Programs) -> None:
    faults: tuple[tuple[str, FaultKind], ...] = (
        *(("sendPhoto", "500"), ("sendPhoto", "drop"), ("sendPhoto", "429")),
        *(("getFile", "502"), ("file", "drop"), ("sendMessage", "unknown")),
        *(("getUpdates", "unknown"), ("getUpdates", "500"), ("getUpdates", "drop")),
    )
    for method, kind in faults:
        sandbox.faults.add(method, kind)
    sent = await sandbox.send_photo(ASKER.id, picture(), caption=WORDS)
    await sandbox.reply_to(ASKER.id, sent["message_id"], timeout=PATIENCE)
    sent = await sandbox.send_document(ASKER.id, b"no picture", "vacation.jpg", "image/jpeg")
    await sandbox.reply_to(ASKER.id, sent["message_id"], timeout=PATIENCE)
    sandbox.faults.clear()
    sandbox.faults.add("sendPhoto", "forbidden")
    await sandbox.send_photo(ASKER.id, picture("blue"))
    await until(lambda: not sandbox.faults.waiting)
    # One that nobody handles: it ends in a traceback.
    sandbox.faults.add("sendMessage", "413", times=None)
    await sandbox.send_text(ASKER.id, WORDS)
    await until(lambda: "Traceback" in made.log("bot"))
    sandbox.faults.clear()
    made.look()


async def a_retraining_fails(made: Programs) -> None:
    """There is nothing to learn from; the child's process says so."""
    settings = Settings(_env_file=None, redis_url=made.url, data_key=SecretStr(KEY))  # type: ignore[call-arg]
    slot = Slot(connect(settings))
    slot.ask(RetrainJob(id="one", chat_id=ADMIN.id, message_id=1, user_name=ASKER.first_name))
    await until(lambda: psutil.Process(made.running["trainer"].pid).children(True))
    made.look()
    await until(lambda: (snapshot := slot.look()) is None or snapshot.outcome)


async def forged_posts_come(url: str) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        for secret in (WRONG, WEBHOOK_SECRET[:-1]):
            header = {"X-Telegram-Bot-Api-Secret-Token": secret}
            response = await client.post(url, headers=header, json={"message": WORDS})
            assert response.status_code >= 400
        header = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET}
        await client.post(url, headers=header, json={"update_id": WORDS})


@pytest.mark.skipif(not SHIPPED.is_file(), reason="no model ships yet")
@pytest.mark.timeout(600)
@pytest.mark.parametrize("form", ["text", "json"])
async def test_no_secret_is_seen_whatever_goes_wrong(form: str) -> None:
    webhook_port = free_port()
    webhook = f"http://127.0.0.1:{webhook_port}/telegram"
    # Once by polling, once by webhook: a secret more.
    posted = {
        "WEBHOOK_URL": webhook,
        "WEBHOOK_SECRET": WEBHOOK_SECRET,
        "WEBHOOK_PORT": str(webhook_port),
    }
    settings = {"LOG_FORMAT": form} | (posted if form == "json" else {})
    people = (ASKER, ADMIN)
    async with (
        serve(Sandbox(people), port=0) as (sandbox, url),
        programs(url, **settings) as made,
    ):
        async with redis_server(made.folder, PASSWORD) as process:
            for name in MODULES:
                made.start(name)
            for offset in OFFSETS.values():
                await until(partial(_is_ready, made.port + offset))
            await things_go_wrong_at_telegram(sandbox, made)
            with redis.Redis.from_url(made.url) as client:
                assert client.hlen(keys.WORKERS) == 1
                if form == "json":
                    await forged_posts_come(webhook)
                    await a_retraining_fails(made)
            process.send_signal(signal.SIGSTOP)
            await until(lambda: ready(made.port + 1)[0] == 503)
            made.look()
            process.kill()
            process.wait()
            await until(lambda: "does not answer" in ready(made.port)[1].get("redis", ""))
            await sandbox.send_text(ASKER.id, WORDS)
            await until(lambda: "Redis does not serve" in made.log("worker"))
            made.look()
        async with redis_server(made.folder, WRONG):
            assert await made.ended("worker") == 1
            assert await made.ended("trainer") == 1
            await until(lambda: ready(made.port)[1].get("redis") == "refuses our password")
            made.look()
            made.running["bot"].terminate()
            assert await made.ended("bot") == 0
            made.start("bot")
            assert await made.ended("bot") == 1
        logs = {name: made.log(name) for name in MODULES}
    for name, text in logs.items():
        assert "REDIS_URL" in text.splitlines()[-1], name
        for secret in SECRETS:
            assert secret not in text, (name, secret)
    shown = "\n".join(made.seen)
    assert "modista_photos_answered_total" in shown
    for secret in SECRETS:
        assert secret not in shown, secret
    if form == "json":
        for text in logs.values():
            # The last line is for a person who starts the program: what is wrong, what to do.
            for line in text.splitlines():
                assert line.startswith(("REDIS_URL", "Redis refuses")) or json.loads(line)
        assert "model.retraining.attempt" in shown
