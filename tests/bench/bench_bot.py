"""The cost of a photo in the bot: `python -m tests.bench bot`.

The real bot, `python -m bot` with a real Redis, against the bare calls that a photo needs: a
program that polls, asks for the file, downloads it and sends the picture through the bot's own
client, and nothing else; and against the same requests made with httpx alone. Each is a process
of its own and talks to the sandbox, in this process, over HTTP, while people send photos at a
steady pace. What a photo costs is the CPU time of the program, its share of polling included.
A stand-in answers the bot's photos at once, with the picture that the bare calls send.
"""

import asyncio
import statistics
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from unittest.mock import patch

from bot.sandbox.server import serve
from bot.sandbox.state.photo_sizes import Size
from model.photos.decode import decode
from model.serving.chart import Chart
from tests.bench.bench_photo import photos
from tests.bench.lab.bare_bot import PREDICTION
from tests.bench.lab.measure import Measure
from tests.faults.lab.laboratory import laboratory
from tests.faults.lab.programs import Program, python
from tests.faults.lab.watched import WatchedSandbox

PEOPLE = 100
PER_SECOND = 15
PHOTOS = 150  # of each side in a round
ROUNDS = 3
MEGABYTES = 100
# How Telegram offers a photo: four sizes, of which the bot takes the third.
SIZES = ((67, 90), (240, 320), (600, 800), (960, 1280))

BARE = {"call": "the bare calls with its client", "httpx": "the same requests by httpx alone"}


class Side:
    """One program and its sandbox."""

    def __init__(self, program: Program, sandbox: WatchedSandbox, people: list[int]) -> None:
        self.program = program
        self._sandbox = sandbox
        self._people = cycle(people)

    async def cost(self, files: list[bytes]) -> float:
        """Milliseconds of CPU a photo, for `files` sent at PER_SECOND, all answered."""
        before = self.program.cpu_seconds()
        started = monotonic()
        sent = []
        for number, file in enumerate(files):
            await asyncio.sleep(max(0.0, started + number / PER_SECOND - monotonic()))
            person = next(self._people)
            sent.append((person, await self._sandbox.send_photo(person, file)))
        for person, message in sent:
            reply = await self._sandbox.reply_to(person, message["message_id"], timeout=30)
            if "photo" not in reply:
                raise RuntimeError(f"A photo was not answered: {reply.get('text')}")
        # What follows an answer belongs to it: it is acknowledged, its update forgotten.
        await asyncio.sleep(0.5)
        spent = self.program.cpu_seconds() - before
        self._clear()
        return 1000 * spent / len(files)

    def _clear(self) -> None:
        """Let go of what was sent: a sandbox keeps all of it."""
        for conversation in self._sandbox.conversations.values():
            conversation.messages.clear()
        self._sandbox.files = type(self._sandbox.files)()


def measures() -> list[Measure]:
    """A photo in the bot, and the bot's memory after all of them."""
    return asyncio.run(_measured())


async def _measured() -> list[Measure]:
    what, files = photos()
    print(f"(the photos: {what})", end=" ", flush=True)
    several = [file for file, _ in zip(cycle(files), range(PHOTOS), strict=False)]
    found: dict[str, list[float]] = {"bot": [], **{how: [] for how in BARE}}
    async with _sides(files[0]) as sides:
        for number in range(ROUNDS + 1):  # the first one fills caches
            for name, side in sides.items():
                cost = await side.cost(several)
                if number:
                    found[name].append(cost)
        memory = sides["bot"].program.memory() / 1e6
    costs = {name: statistics.median(figures) for name, figures in found.items()}
    return [
        Measure.at_most(
            f"CPU for a photo in the bot at {PER_SECOND}/s, against {BARE['call']}",
            costs["bot"],
            "ms",
            against=costs["call"],
            times=1.45,
        ),
        Measure.shown(f"CPU for a photo in the bot, against {BARE['httpx']}", costs["bot"], "ms",
                      against=costs["httpx"]),
        Measure.at_most(
            f"the bot's memory after {(ROUNDS + 1) * PHOTOS} photos", memory, "MB", limit=MEGABYTES
        ),
    ]  # fmt: skip


@asynccontextmanager
async def _sides(photo: bytes) -> AsyncIterator[dict[str, Side]]:
    """The bot and the bare programs, all running, each with a sandbox of its own."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="modista-bench-")))
        picture = folder / "answer.jpg"
        picture.write_bytes(Chart().draw(PREDICTION, decode(photo), "en"))
        bare = ("-m", "tests.bench.lab.bare_bot")
        lab = await stack.enter_async_context(
            laboratory(people=PEOPLE, worker=(*bare, "answer", str(picture)))
        )
        stack.enter_context(patch("bot.sandbox.state.photo_sizes.sizes", _four_sizes))
        sides = {"bot": Side(lab.bot, lab.sandbox, lab.people)}
        for how in BARE:
            people = tuple(lab.sandbox.people.values())
            sandbox = WatchedSandbox(people=people)
            _, url = await stack.enter_async_context(serve(sandbox))
            settings = lab.bot.environment | {"TELEGRAM_API_URL": url}
            program = Program(how, python(*bare, how, str(picture)), folder, settings)
            program.start()
            stack.push_async_callback(program.stop)
            while not sandbox.updates.polled:  # noqa: ASYNC110 - it has no event for it
                await asyncio.sleep(0.05)
            sides[how] = Side(program, sandbox, lab.people)
        yield sides


def _four_sizes(data: bytes) -> tuple[Size, ...]:
    """As Telegram offers a photo, without the work of scaling it."""
    return tuple(Size(data, *sides) for sides in SIZES)
