"""The bot's start: from process start to its first getUpdates.

The real bot, `python -m bot`, with a Redis and a sandbox that are there; next to it a Python that
imports `telegram.ext` and ends. Both are seconds of the clock, in turn.
"""

import asyncio
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from bot.launcher import redis_server
from bot.sandbox.server import serve
from tests.bench.bench_queue import wait_for
from tests.bench.lab.measure import Measure, alternating
from tests.faults.lab.laboratory import KEY
from tests.faults.lab.programs import Program, python
from tests.helpers.bot.sandbox import TOKEN, Sandbox

ROUNDS = 7
MORE = 0.5  # seconds that the bot may take beyond the import
WITHIN = 60.0  # seconds in which it has to poll


def measures() -> list[Measure]:
    """The bot's start."""
    with TemporaryDirectory(prefix="modista-bench-") as name:
        folder = Path(name)
        socket = folder / "redis.sock"
        redis = subprocess.Popen(redis_server.command(socket), stdout=subprocess.DEVNULL)
        url = f"unix://{socket}"
        try:
            wait_for(url)
            sides = {"bot": lambda: asyncio.run(_until_it_polls(folder, url)), "import": _import}
            found = alternating(sides, ROUNDS)
        finally:
            redis.terminate()
            redis.wait()
    return [
        Measure.at_most(
            "the bot's start, until it polls, against `import telegram.ext`",
            found["bot"],
            "s",
            limit=round(found["import"] + MORE, 2),
            against=found["import"],
        )
    ]


async def _until_it_polls(folder: Path, redis_url: str) -> float:
    """Seconds from the process's start to its first poll. TimeoutError where none comes."""
    async with serve(Sandbox()) as (sandbox, url):
        settings = {"REDIS_URL": redis_url, "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": url}
        settings["DATA_KEY"] = KEY
        bot = Program("bot", python("-m", "bot"), folder, settings)
        started = monotonic()
        bot.start()
        try:
            async with asyncio.timeout(WITHIN):
                while not sandbox.updates.polled:  # noqa: ASYNC110 - it has no event for it
                    await asyncio.sleep(0.002)
            return monotonic() - started
        finally:
            await bot.stop()


def _import() -> float:
    """Seconds that a Python takes which imports python-telegram-bot and ends."""
    started = monotonic()
    subprocess.run([sys.executable, "-c", "import telegram.ext"], check=True)
    return monotonic() - started
