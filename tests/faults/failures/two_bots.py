"""Two bots on one token and one Redis: one serves, the other takes over when it is gone."""

import asyncio
import signal
from random import Random
from time import monotonic

from bot.transport.lease import LASTS
from tests.experiments import Outcome
from tests.faults.lab.crowd import Crowd
from tests.faults.lab.laboratory import Lab, laboratory
from tests.faults.lab.programs import Program, python

WITHIN = 60.0
# Seconds beyond the lease's, or where nothing is to be waited for: a look, a poll, a photo.
GRACE = 5.0


async def run(_: Random) -> list[Outcome]:
    """The one that serves is stopped, then killed, then suspended, with photos on their way."""
    async with laboratory(people=5, workers=1, settings={}) as lab:
        second = Program("bot-2", python("-m", "bot"), lab.folder, lab.bot.environment)
        second.start()
        try:
            return await _taken_over(lab, second)
        finally:
            await second.stop()


async def _taken_over(lab: Lab, second: Program) -> list[Outcome]:
    crowd = Crowd(lab.sandbox, lab.people)
    waits = "this one waits" in await _said(second, "this one waits")
    took: dict[str, float] = {}
    await _some(crowd)
    await lab.bot.end(10)
    took["stopped"] = await _answered_again(crowd)
    lab.bot.start()
    await _said(lab.bot, "this one waits")
    await second.pause()  # SIGKILL, and it stays away
    took["killed"] = await _answered_again(crowd)
    second.start()
    await asyncio.sleep(GRACE)
    before = second.written()
    lab.bot.process.send_signal(signal.SIGSTOP)
    took["suspended"] = await _answered_again(crowd)
    lab.bot.process.send_signal(signal.SIGCONT)
    await _some(crowd)
    await asyncio.sleep(GRACE)
    crowd.look()
    lost = sum(sent.answers == 0 for sent in crowd.sent.values())
    most = {"stopped": GRACE, "killed": LASTS + GRACE, "suspended": LASTS + GRACE}
    late = [how for how, seconds in took.items() if seconds > most[how]]
    times = ", ".join(f"{how} {seconds:.1f} s" for how, seconds in took.items())
    return [
        Outcome(
            "two bots, one Redis: each photo once",
            len(crowd.sent),
            lost + crowd.duplicates + crowd.wrong + (not waits),
            f"lost {lost}, twice {crowd.duplicates}",
        ),
        Outcome(
            f"two bots, one Redis: the other takes over within the lease's {LASTS:.0f} s",
            len(took),
            len(late) + ("serves now" not in second.output(before)),
            f"until a photo is answered after the first was {times}",
        ),
    ]


async def _some(crowd: Crowd) -> None:
    for _ in range(10):
        await crowd.send()
    await crowd.all_answered(WITHIN)


async def _answered_again(crowd: Crowd) -> float:
    """Seconds until photos that are sent now are answered."""
    began = monotonic()
    await _some(crowd)
    return monotonic() - began


async def _said(program: Program, words: str) -> str:
    """What the program wrote, once these words are in it or after WITHIN."""
    for _ in range(int(WITHIN / 0.1)):
        if program.log.exists() and words in program.output():
            break
        await asyncio.sleep(0.1)
    return program.output()
