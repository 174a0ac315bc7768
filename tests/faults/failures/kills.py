"""No photo is lost or answered to the wrong person, whatever process is killed."""

import asyncio
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from time import monotonic
from typing import Any

import redis

from model.common.queue import keys
from tests.experiments import Outcome
from tests.faults.lab.crowd import Crowd, Sent
from tests.faults.lab.laboratory import Lab, laboratory
from tests.faults.lab.programs import Program
from tests.faults.lab.watched import Json

PHOTOS, PER_SECOND, KILLS = 1000, 4.0, 60
# After the last kill: photos of a dead worker come to another after 20 s, and some die thrice.
PATIENCE = 240.0
# A bot that dies so soon after Telegram took a reply may not have heard of it, or not noted it.
WINDOW = 0.25
KILLS_A_DUPLICATE = 100  # at most one avoidable duplicate in this many kills


@dataclass
class Killer:
    """Kills one program after the other, at random moments; `bot_died` says when the bot did."""

    lab: Lab
    random: Random
    killed: dict[str, int] = field(default_factory=dict)
    bot_died: list[float] = field(default_factory=list)
    redis_died: list[float] = field(default_factory=list)

    async def kill(self, times: int, within: float) -> None:
        """`times` kills spread over `within` seconds, none of a program that is down."""
        victims = self._victims(times)
        started = monotonic()
        for number, victim in enumerate(victims):
            moment = (number + self.random.random()) * within / times
            await asyncio.sleep(max(0.0, started + moment - monotonic()))
            while not victim.kill():
                await asyncio.sleep(0.05)
            if victim is self.lab.bot:
                self.bot_died.append(monotonic())
            if victim is self.lab.redis_server:
                self.redis_died.append(monotonic())
            kind = victim.name.split("-")[0]
            self.killed[kind] = self.killed.get(kind, 0) + 1

    def _victims(self, times: int) -> list[Program]:
        programs = self.lab.programs
        victims = [programs[number % len(programs)] for number in range(times)]
        self.random.shuffle(victims)
        return victims


@dataclass
class Confirmed:
    """Looks, at the moment when the bot confirms updates to Telegram, whether Redis has them."""

    client: redis.Redis
    updates: int = 0
    missing: int = 0
    unknown: int = 0  # Redis was away, so nobody can say

    def note(self, updates: list[Json]) -> None:
        """Every one is held, or was handled."""
        try:
            held: Any = self.client.hkeys(keys.UPDATES)
            handled: Any = self.client.zrange(keys.UPDATES_SEEN, 0, -1)
        except (redis.RedisError, OSError):
            self.unknown += len(updates)
            return
        numbers = {name.decode().split("-")[0] for name in [*held, *handled]}
        self.updates += len(updates)
        self.missing += sum(f"u{update['update_id']}" not in numbers for update in updates)


async def run(random: Random) -> list[Outcome]:
    """A thousand photos of twenty people, sixty kills."""
    async with laboratory(people=20, workers=2, trainer=True) as lab:
        crowd, killer = Crowd(lab.sandbox, lab.people), Killer(lab, random)
        confirmed = Confirmed(redis.Redis.from_url(lab.redis_url))
        lab.sandbox.updates.on_confirm = confirmed.note
        sending = asyncio.create_task(crowd.send_steadily(PHOTOS, PER_SECOND))
        await killer.kill(KILLS, PHOTOS / PER_SECOND)
        await sending
        await crowd.all_answered(PATIENCE)
        # Whatever is still on its way, a second answer above all, has time to arrive.
        await asyncio.sleep(5)
        crowd.look()
        left = await lab.drained()
        return [*_outcomes(crowd, killer, left), _intake(confirmed)]


def _outcomes(crowd: Crowd, killer: Killer, left: int) -> list[Outcome]:
    sent = list(crowd.sent.values())
    killed = sum(killer.killed.values())
    who = ", ".join(f"{kind} {times}" for kind, times in sorted(killer.killed.items()))
    waits = crowd.waits()
    said = "; ".join(f"{times} × {text!r}" for text, times in crowd.said().items())
    unread = sum(bool(each.said) or each.answers == 0 for each in sent)
    twice = [gap for each in sent for gap in _gaps(each, crowd, killer)]
    avoidable = [gap for gap in twice if gap is None or gap > WINDOW]
    heard = [gap for gap in twice if gap is not None]
    return [
        Outcome(
            "no photo lost",
            len(sent),
            unread + left,
            f"{killed} kills ({who}); slowest answer {waits[-1] if waits else 0:.1f} s; "
            f"left in Redis {left}{'; said ' + said if said else ''}",
        ),
        Outcome(
            "none answered with another's picture",
            sum(each.answers for each in sent),
            crowd.wrong,
            "the number in each answer's picture, read again, is that of the photo it replies to",
        ),
        Outcome(
            "at most one avoidable duplicate in 100 kills",
            killed,
            max(0, len(avoidable) - max(1, killed // KILLS_A_DUPLICATE)),
            f"{len(twice)} duplicates, {len(avoidable)} avoidable; the others' bot died "
            f"{', '.join(f'{1000 * gap:.0f}' for gap in sorted(heard)) or 'never'} ms after "
            "Telegram took the first",
        ),
    ]


def _gaps(sent: Sent, crowd: Crowd, killer: Killer) -> list[float | None]:
    """For each duplicate: how long after the answer before it the bot died; None if it did not."""
    posted = sorted(crowd.sandbox.posted[sent.person, number] for number in sent.replies)
    gaps: list[float | None] = []
    for first, second in pairwise(posted):
        deaths = [died - first for died in killer.bot_died if first <= died <= second]
        gaps.append(min(deaths, default=None))
    return gaps


def _intake(confirmed: Confirmed) -> Outcome:
    return Outcome(
        "updates are in Redis before Telegram is told",
        confirmed.updates,
        confirmed.missing,
        f"looked up at the moment of each confirmation; {confirmed.unknown} more came while Redis "
        "was away",
    )
