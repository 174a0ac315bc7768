"""End to end: people send photos in the sandbox, the bot, a worker and Redis answer them.

All programs are the real ones, each a process, on the cores that there are; the sandbox and its
people run in this process, and take a share of them that a Telegram would not: it is shown apart.
Times are those of one clock, from the moment in which the sandbox has a photo to the moment in
which it has taken the answer.
"""

import asyncio
import re
import statistics
from dataclasses import dataclass
from itertools import cycle
from time import monotonic, process_time

from model.common.health import OFFSETS
from tests.bench.bench_photo import photos
from tests.bench.lab.measure import Measure, quantile
from tests.faults.lab.laboratory import UNLIMITED, Lab, laboratory
from tests.helpers.endpoints import free_port, get

CEILING = 30  # messages that Telegram lets a bot send in a second
SECONDS = {CEILING: 60, 5: 30}  # for how long photos are sent, by how many in a second
GRACE = 0.5  # seconds after the last photo in which answers still count as kept up
ALONE = 40  # photos that are sent when nothing else happens
PEOPLE = 200
# Of a photo's way, as `model.common.metrics` names them, and the program that does it.
STEPS = {
    "fetching": "bot",
    "preparing": "worker",
    "predicting": "worker",
    "drawing": "worker",
    "sending": "bot",
}


@dataclass(frozen=True, slots=True)
class Pace:
    """Results of photos sent at one pace: seconds that each waited, photos answered a second."""

    waits: list[float]
    answered: float
    cpu: dict[str, float]  # ms of a core for one photo, by program

    @property
    def median_ms(self) -> float:
        """Of the waits."""
        return 1000 * statistics.median(self.waits)

    @property
    def p95_ms(self) -> float:
        """What 95 of 100 photos waited at most."""
        return 1000 * quantile(self.waits, 0.95)


class Senders:
    """The people, who take turns."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._people = cycle(lab.people)
        self._files = cycle(photos()[1])

    async def send(self) -> tuple[int, int, float]:
        """One more photo: its chat, its message, when the sandbox had it."""
        person = next(self._people)
        message = await self._lab.sandbox.send_photo(person, next(self._files))
        return person, message["message_id"], monotonic()

    async def steadily(self, count: int, per_second: float) -> Pace:
        """Send `count` photos at this rate and wait until all are answered."""
        before = _cpu(self._lab)
        started = monotonic()
        sent = []
        for number in range(count):
            await asyncio.sleep(max(0.0, started + number / per_second - monotonic()))
            sent.append(await self.send())
        times = [await self._answered(person, message) for person, message, _ in sent]
        cpu = {name: 1000 * (now - before[name]) / count for name, now in _cpu(self._lab).items()}
        waits = [answered - at for answered, (_, _, at) in zip(times, sent, strict=True)]
        seconds = count / per_second
        in_time = sum(at <= started + seconds + GRACE for at in times)
        self._clear()
        return Pace(waits, in_time / seconds, cpu)

    async def alone(self, count: int) -> list[float]:
        """Seconds that each of `count` photos waits on an idle system."""
        waits = []
        for _ in range(count):
            await asyncio.sleep(0.3)
            person, message, at = await self.send()
            waits.append(await self._answered(person, message) - at)
        self._clear()
        return waits

    async def _answered(self, person: int, message: int) -> float:
        """When the answer to the photo was there."""
        reply = await self._lab.sandbox.reply_to(person, message, timeout=30)
        if "photo" not in reply:
            raise RuntimeError(f"A photo was not answered: {reply.get('text')}")
        return self._lab.sandbox.posted[person, reply["message_id"]]

    def _clear(self) -> None:
        """Let go of what was sent: a sandbox keeps all of it."""
        sandbox = self._lab.sandbox
        for person in self._lab.people:
            sandbox.conversations[person].messages.clear()
        sandbox.files = type(sandbox.files)()


def measures() -> list[Measure]:
    """Thirty photos a second, five, and one alone."""
    return asyncio.run(_measured())


async def _measured() -> list[Measure]:
    port = free_port()
    settings = UNLIMITED | {"HEALTH_PORT": str(port)}
    async with laboratory(people=PEOPLE, workers=1, settings=settings) as lab:
        senders = Senders(lab)
        await senders.steadily(2 * PEOPLE, 10)  # every cache is filled, every chat known
        before = await _steps(port)
        alone = await senders.alone(ALONE)
        after = await _steps(port)
        few = await senders.steadily(5 * SECONDS[5], 5)
        many = await senders.steadily(CEILING * SECONDS[CEILING], CEILING)
    steps = {name: 1000 * (after[name] - before[name]) / ALONE for name in STEPS}
    return [
        Measure.at_least(
            f"photos at {CEILING}/s for {SECONDS[CEILING]} s, answered {GRACE} s after the last",
            many.answered,
            "/s",
            limit=CEILING,
        ),
        Measure.at_most(
            f"{CEILING}/s: 95 of 100 are answered within", many.p95_ms, "ms", limit=500
        ),
        Measure.shown(f"{CEILING}/s: median", many.median_ms, "ms"),
        *(
            Measure.shown(f"{CEILING}/s: CPU for a photo, {name}", ms, "ms")
            for name, ms in many.cpu.items()
        ),
        Measure.at_most("5/s: median", few.median_ms, "ms", limit=120),
        Measure.shown("5/s: 95 of 100 are answered within", few.p95_ms, "ms"),
        Measure.at_most(
            "one photo alone: median, against the sum of its steps",
            1000 * statistics.median(alone),
            "ms",
            limit=25,
            against=sum(steps.values()),
        ),
        *(Measure.shown(f"one photo alone: {name}", ms, "ms") for name, ms in steps.items()),
    ]


def _cpu(lab: Lab) -> dict[str, float]:
    """Seconds of a core that each program used so far."""
    programs = {"bot": lab.bot, "worker": lab.workers[0], "Redis": lab.redis_server}
    used = {name: program.cpu_seconds() for name, program in programs.items()}
    return used | {"sandbox and its people": process_time()}


async def _steps(port: int) -> dict[str, float]:
    """Seconds that photos spent in each step so far, as the programs count them."""
    shown = {}
    for process in ("bot", "worker"):
        _, shown[process] = await asyncio.to_thread(get, port + OFFSETS[process], "/metrics")
    return {step: _sum(shown[process], step) for step, process in STEPS.items()}


def _sum(text: str, step: str) -> float:
    pattern = rf'^modista_step_seconds_sum{{step="{step}"}} (\S+)$'
    found = re.search(pattern, text, re.MULTILINE)
    return float(found[1]) if found else 0.0
