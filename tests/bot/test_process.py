"""`python -m bot` as a process: how it starts, what it says, how it ends."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.launcher import redis_server as server
from bot.sandbox.telegram import GUEST, TOKEN
from tests.helpers.bot.running import Parts, assembled
from tests.helpers.redis import connect
from tests.helpers.waiting import LIMIT, until

ROOT = Path(__file__).parents[2]


def environment(**settings: str) -> dict[str, str]:
    """The environment of this process with no settings but these; the .env stays unread."""
    names = ("TELEGRAM_", "REDIS_URL", "ADMIN_IDS", "DATA_DIR", "LOG_LEVEL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(names)}
    return kept | {"PYTHONPATH": str(ROOT)} | settings


def bot(folder: Path, **settings: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bot"],
        cwd=folder,
        env=environment(**settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def redis_server(socket: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(server.command(socket), stdout=subprocess.DEVNULL)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({}, "TELEGRAM_TOKEN is missing"),
        ({"TELEGRAM_TOKEN": "mine-alone"}, "TELEGRAM_TOKEN is wrong"),
        ({"TELEGRAM_TOKEN": TOKEN, "ADMIN_IDS": "me"}, "ADMIN_IDS is wrong"),
        ({"TELEGRAM_TOKEN": TOKEN, "LOG_LEVEL": "loud"}, "LOG_LEVEL is wrong"),
    ],
)
def test_a_wrong_setting_ends_it_with_one_line(
    tmp_path: Path, settings: dict[str, str], sentence: str
) -> None:
    process = bot(tmp_path, **settings)
    output, _ = process.communicate(timeout=LIMIT)
    assert process.returncode == 1
    assert output.startswith(sentence)
    assert output.count("\n") == 1
    assert "mine-alone" not in output


async def test_a_token_that_telegram_does_not_know_ends_it_with_one_line(
    parts: Parts, tmp_path: Path
) -> None:
    url = parts.settings.telegram_api_url
    process = bot(
        tmp_path,
        TELEGRAM_TOKEN="1:unknown",
        TELEGRAM_API_URL=url,
        REDIS_URL=parts.settings.redis_url,
    )
    await until(lambda: process.poll() is not None)
    output = process.communicate()[0]
    assert process.returncode == 1
    assert "TELEGRAM_TOKEN is wrong: Telegram does not accept it" in output
    assert "Traceback" not in output
    assert "unknown" not in output


async def test_a_password_that_redis_does_not_take_ends_it_with_one_sentence(
    parts: Parts, tmp_path: Path
) -> None:
    with connect(parts.settings.redis_url) as client:
        client.config_set("requirepass", "right")
        try:
            process = bot(
                tmp_path,
                TELEGRAM_TOKEN=TOKEN,
                TELEGRAM_API_URL=parts.settings.telegram_api_url,
                REDIS_URL=f"{parts.settings.redis_url}?password=mine-alone",
            )
            await until(lambda: process.poll() is not None)
        finally:
            client.config_set("requirepass", "")
    output = process.communicate()[0]
    assert process.returncode == 1
    assert output.splitlines()[-1].startswith("REDIS_URL is wrong: Redis says invalid")
    assert "Traceback" not in output
    assert "mine-alone" not in output


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_ends_quietly_while_everything_ends_and_never_shows_its_token(
    number: signal.Signals,
) -> None:
    """As Ctrl-C in the Procfile's runner: Redis and Telegram may be gone first."""
    with TemporaryDirectory(prefix="modista-") as name:
        folder = Path(name)
        socket = folder / "redis.sock"
        redis = redis_server(socket)
        async with assembled(f"unix://{socket}") as parts:
            process = bot(
                folder,
                TELEGRAM_TOKEN=TOKEN,
                TELEGRAM_API_URL=parts.settings.telegram_api_url,
                REDIS_URL=parts.settings.redis_url,
                LOG_LEVEL="DEBUG",
            )
            sent = await parts.sandbox.send_text(GUEST.id, "/start")
            await parts.sandbox.next_bot_message(GUEST.id, after=sent["message_id"], timeout=LIMIT)
            redis.kill()
            redis.wait()
        process.send_signal(number)
        output = process.communicate(timeout=LIMIT)[0]
    assert process.returncode == 0
    assert "Stopped." in output
    # What the library notes of a failed poll at DEBUG has one, if there was time for a poll.
    records = re.split(r"^(?=\d{4}-\d\d-\d\d )", output, flags=re.MULTILINE)
    assert not [each for each in records if "Traceback" in each and " DEBUG " not in each]
    assert TOKEN.partition(":")[2] not in output


def test_it_can_be_stopped_while_it_waits_for_telegram(tmp_path: Path) -> None:
    process = bot(tmp_path, TELEGRAM_TOKEN=TOKEN, TELEGRAM_API_URL="http://127.0.0.1:9")
    assert process.stdout
    assert "Waiting for Telegram" in process.stdout.readline()
    process.terminate()
    output = process.communicate(timeout=LIMIT)[0]
    assert process.returncode == 0
    assert "Traceback" not in output


def test_it_brings_in_nothing_heavy() -> None:
    heavy = "{'tensorflow', 'keras', 'matplotlib', 'numpy'}"
    code = f"import sys, bot.__main__; print({heavy} & set(sys.modules))"
    output = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert output.stdout == "set()\n"
