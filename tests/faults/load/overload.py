"""Ten times the photos that can be answered, for a minute: everybody hears, nothing grows on.

Once with a slow worker, so that the queue fills up, and once with the real one: then it is the bot
that does not keep up with what Telegram has.
"""

import asyncio
from random import Random
from time import monotonic

from tests.experiments import Outcome
from tests.faults.lab.crowd import Crowd
from tests.faults.lab.gauges import Gauges, in_megabytes
from tests.faults.lab.laboratory import Lab, laboratory

PEOPLE = 200
MEASURED = 80  # photos by which the pace is measured
TIMES, SECONDS = 10, 60.0
OVER_WITHIN = 60.0
NORMAL_WITHIN = 3.0  # seconds for a photo's answer once it is over
MOST_MEGABYTES = {"bot": 300, "worker-0": 1500, "redis": 500}
OLDEST = 100.0  # seconds that a photo may have waited
DISTINCT = 24  # photos: the sandbox keeps what it made of them, and has time for the rest


SLOW = ("-m", "tests.faults.lab.stand_in", "slow=1")
REAL = ("-m", "model", "worker")


async def run(_: Random) -> list[Outcome]:
    """Measure the pace, then send ten times as much for a minute, from two hundred people."""
    return [*await _flood(SLOW, "slow worker"), *await _flood(REAL, "real worker")]


async def _flood(worker: tuple[str, ...], name: str) -> list[Outcome]:
    async with laboratory(people=PEOPLE, workers=1, worker=worker) as lab:
        pace = await _pace(lab)
        crowd, gauges = Crowd(lab.sandbox, lab.people, distinct=DISTINCT), Gauges(lab)
        watching = asyncio.create_task(gauges.watch())
        rate = TIMES * pace
        await crowd.send_steadily(int(SECONDS * rate), rate)
        began = monotonic()
        over = await _over(lab, crowd)
        took = monotonic() - began
        watching.cancel()
        late = await _normal(lab)
        told = crowd.told
        answered = sum(sent.answers > 0 for sent in crowd.sent.values())
        silent = len(crowd.sent) - answered - told
        largest = gauges.largest()
        grown = [n for n, most in MOST_MEGABYTES.items() if largest.get(n, 0) > most * 1e6]
        oldest = max(load.oldest for load in gauges.loads)
        waiting = max(load.photos + load.answers for load in gauges.loads)
        return [
            Outcome(
                f"overload, {name}: none is silently dropped",
                len(crowd.sent),
                abs(silent) + crowd.wrong,
                f"{rate:.0f} photos/s for {SECONDS:.0f} s, ten times the {pace:.0f} measured; "
                f"answered {answered}, named in messages as not taken {told}",
            ),
            Outcome(
                f"overload, {name}: memory is bounded",
                len(MOST_MEGABYTES),
                len(grown),
                f"largest: {in_megabytes(largest)}; allowed: {MOST_MEGABYTES} MB",
            ),
            Outcome(
                f"overload, {name}: the oldest photo's age is bounded",
                len(gauges.loads),
                int(oldest > OLDEST),
                f"oldest {oldest:.0f} s, most in the queue {waiting}",
            ),
            Outcome(
                f"overload, {name}: normal again within a minute",
                1,
                int(not over or late is None or late > NORMAL_WITHIN),
                f"all told or answered {took:.0f} s after the last photo; then a photo's answer "
                f"took {'too long' if late is None else f'{late:.2f} s'}",
            ),
        ]


async def _pace(lab: Lab) -> float:
    """Photos a second, with as many in the queue as it takes."""
    crowd = Crowd(lab.sandbox, lab.people, distinct=DISTINCT)
    started = monotonic()
    await asyncio.gather(*(crowd.send() for _ in range(MEASURED)))
    await crowd.all_answered(120)
    return MEASURED / (monotonic() - started)


async def _over(lab: Lab, crowd: Crowd) -> bool:
    """Wait until Telegram holds no update, Redis no photo, and everybody heard."""
    give_up = monotonic() + OVER_WITHIN
    while monotonic() < give_up:
        crowd.look()
        told = crowd.told
        answered = sum(sent.answers > 0 for sent in crowd.sent.values())
        if answered + told >= len(crowd.sent) and not await lab.unanswered():
            return True
        await asyncio.sleep(0.5)
    return False


async def _normal(lab: Lab) -> float | None:
    """Seconds until a single photo is answered."""
    crowd = Crowd(lab.sandbox, lab.people)
    await crowd.send()
    await crowd.all_answered(30)
    return next(iter(crowd.waits()), None)
