"""Redis restarts, loses its groups, or is another, empty one: the programs go on by themselves."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random

import redis

from model.common.queue import keys
from tests.experiments import Outcome
from tests.faults.lab.crowd import Crowd
from tests.faults.lab.laboratory import Lab, laboratory

AWAY = 10.0  # seconds that Redis stays away
ANSWERED_WITHIN = 45.0  # the longest pause of a program that waits, and then some
BUSY = 0.2  # of a core, in a program that does nothing but wait
CHATTY = 12  # lines that a program may write while Redis is away

Change = Callable[[Lab], Awaitable[None]]


async def restart(lab: Lab) -> None:
    """Away for a while, and back with what it had."""
    await lab.redis_server.pause()
    await asyncio.sleep(AWAY)
    lab.redis_server.start()


async def failover(lab: Lab) -> None:
    """Away for a while, and another, empty one in its place."""
    await lab.redis_server.pause()
    for file in lab.folder.glob("*.aof*"):
        file.unlink()
    for file in lab.folder.glob("appendonlydir/*"):
        file.unlink()
    await asyncio.sleep(AWAY)
    lab.redis_server.start()


async def no_groups(lab: Lab) -> None:
    """Somebody destroys the consumer groups under their readers."""
    for stream, group in ((keys.PHOTOS, keys.WORKERS_GROUP), (keys.ANSWERS, keys.BOTS_GROUP)):
        await lab.client.xgroup_destroy(stream, group)
    await asyncio.sleep(AWAY)


async def flush(lab: Lab) -> None:
    """Somebody empties it."""
    await lab.client.flushall()
    await asyncio.sleep(AWAY)


async def run(_: Random) -> list[Outcome]:
    """Each of the four changes, with the same programs; photos before and after."""
    async with laboratory(people=5, workers=1, trainer=True) as lab:
        crowd = Crowd(lab.sandbox, lab.people)
        watched = [program for program in lab.programs if program is not lab.redis_server]
        pids = [program.process.pid for program in watched]
        outcomes = []
        for change in (restart, failover, no_groups, flush):
            outcomes.append(await _seen_through(lab, crowd, change))
        now = [program.process.pid for program in watched]
        died = sum(before != after for before, after in zip(pids, now, strict=True))
        status = await lab.client.hlen(keys.WORKERS)  # type: ignore[misc]
        consumers = await _consumers(lab)
        outcomes.append(
            Outcome(
                "no program dies of Redis, and no worker stays behind as a zombie",
                len(watched),
                died + abs(status - 1) + max(0, consumers - 1),
                f"workers shown {status}, consumers {consumers}, programs that ended {died}",
            )
        )
        return outcomes


async def _seen_through(lab: Lab, crowd: Crowd, change: Change) -> Outcome:
    """Change something, then see photos answered, and how busy the programs were meanwhile."""
    for _ in range(5):
        await crowd.send()
    await crowd.all_answered(ANSWERED_WITHIN)
    before = len(crowd.unanswered())
    watched = [program for program in lab.programs if program is not lab.redis_server]
    used = {program: program.cpu_seconds() for program in watched}
    written = {program: program.written() for program in watched}
    await change(lab)
    busy = {p.name: (p.cpu_seconds() - used[p]) / AWAY for p in watched}
    lines = {p.name: p.output(written[p]).count("\n") for p in watched}
    for _ in range(5):
        await crowd.send()
    after = 0 if await crowd.all_answered(ANSWERED_WITHIN) else len(crowd.unanswered())
    restless = [name for name, share in busy.items() if share > BUSY]
    chatty = [name for name, count in lines.items() if count > CHATTY]
    said = [p.name for p in watched if "Traceback" in p.output(written[p])]
    name = change.__name__.replace("_", " ")
    return Outcome(
        f"Redis: {name}: answers go on, no busy loop, no flood of lines, no traceback",
        10,
        before + after + len(restless) + len(chatty) + len(said),
        f"busy {_shares(busy)}; lines {lines}"
        + (f"; tracebacks in {', '.join(said)}" if said else "")
        + (f"; unanswered {before + after}" if before + after else ""),
    )


def _shares(busy: dict[str, float]) -> str:
    return ", ".join(f"{name} {100 * share:.0f} %" for name, share in busy.items())


async def _consumers(lab: Lab) -> int:
    try:
        return len(await lab.client.xinfo_consumers(keys.PHOTOS, keys.WORKERS_GROUP))
    except redis.ResponseError:
        return 0
