"""SIGTERM at any moment: the batch in hand is finished, no new one taken, gone in ten seconds.

And SIGSTOP: a suspended process is replaced.
"""

import asyncio
from random import Random
from time import monotonic

import psutil

from model.common.queue import keys
from model.common.supervisor import SILENT
from tests.experiments import Outcome
from tests.faults.lab.crowd import Crowd
from tests.faults.lab.laboratory import Lab, laboratory
from tests.faults.lab.programs import Program, python

ROUNDS = 8
LEAVES_WITHIN = 10.0
PER_SECOND = 5.0


async def run(random: Random) -> list[Outcome]:
    """Stop and start bot, worker and trainer in turn while photos come in."""
    async with laboratory(people=20, workers=1, trainer=True) as lab:
        crowd = Crowd(lab.sandbox, lab.people)
        sending = asyncio.create_task(crowd.send_steadily(10_000, PER_SECOND))
        took: dict[str, list[float]] = {}
        problems: list[str] = []
        for _ in range(ROUNDS):
            for program in (lab.workers[0], lab.bot, lab.trainer):
                if program is None:
                    continue
                await asyncio.sleep(random.uniform(0.5, 2.5))
                seconds, found = await _stopped(lab, program)
                took.setdefault(program.name, []).append(seconds)
                problems += found
                program.start()
            await lab.ready()
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        await crowd.all_answered(60)
        # While its worker is stopped again and again, the queue may be too slow for some.
        told = crowd.told
        lost = abs(sum(sent.answers == 0 for sent in crowd.sent.values()) - told)
        slowest = ", ".join(f"{name} {max(times):.1f} s" for name, times in took.items())
        return [
            Outcome(
                "graceful stop: in hand finished, nothing new taken, gone within 10 s",
                sum(map(len, took.values())),
                len(problems),
                f"slowest: {slowest}" + (f"; {'; '.join(problems)}" if problems else ""),
            ),
            Outcome(
                "graceful stop: each photo once",
                len(crowd.sent),
                lost + crowd.duplicates + crowd.wrong,
                f"lost {lost}, twice {crowd.duplicates}; named in messages as not taken {told}",
            ),
        ]


async def _stopped(lab: Lab, program: Program) -> tuple[float, list[str]]:
    """How long it took, and what was wrong about it."""
    began = monotonic()
    code = await program.end(2 * LEAVES_WITHIN)
    seconds = monotonic() - began
    problems = []
    if code != 0:
        problems.append(f"{program.name} ended with {code}")
    if seconds > LEAVES_WITHIN:
        problems.append(f"{program.name} took {seconds:.1f} s")
    if program in lab.workers and (held := await _in_hand(lab)):
        problems.append(f"{held} photos were left in hand")
    return seconds, problems


async def suspended(_: Random) -> list[Outcome]:
    """The only worker is suspended, under its supervisor, with photos waiting."""
    worker = ("-m", "model.common.supervisor", *python("-m", "model", "worker"))
    async with laboratory(people=4, workers=1, worker=worker) as lab:
        crowd = Crowd(lab.sandbox, lab.people)
        await crowd.send()
        await crowd.all_answered(60)
        [victim] = psutil.Process(lab.workers[0].process.pid).children()
        victim.suspend()
        began = monotonic()
        for _person in lab.people:
            await crowd.send()
        answered = await crowd.all_answered(SILENT + 90)
        return [
            Outcome(
                "a worker that is suspended is killed and replaced",
                len(crowd.sent),
                len(crowd.unanswered()) + victim.is_running() + (not answered),
                f"answered {monotonic() - began:.0f} s after it was suspended; it is killed once "
                f"silent for {SILENT:.0f} s",
            )
        ]


async def _in_hand(lab: Lab) -> int:
    summary = await lab.client.xpending(keys.PHOTOS, keys.WORKERS_GROUP)
    return int(summary["pending"])
