"""One person cannot take it all: others come between, and there is a limit for each."""

import asyncio
from random import Random

from tests.experiments import Outcome
from tests.faults.lab.crowd import Crowd, not_taken
from tests.faults.lab.laboratory import laboratory

MANY = 300
OTHERS = 8
# Photos that may be answered before a newcomer's: the front of the queue, what is sent meanwhile,
# and the other newcomers.
FRONT = 32 + 24 + OTHERS
FLOOD = 150
TAKEN_WITHIN = 60.0  # seconds until the bot has taken in all photos of the flood


TEXTS = 1300
UNDISTURBED = 3.0  # seconds for another's photo while the texts are worked through
TOLD_WITHIN = 60.0


async def run(_: Random) -> list[Outcome]:
    """A flood without limits, one against them, and one of texts."""
    return [await _order(), await _limits(), await _texts()]


async def _order() -> Outcome:
    """Three hundred photos of one person wait; then come those of others."""
    worker = ("-m", "tests.faults.lab.stand_in", "slow=0.4")
    async with laboratory(people=OTHERS + 1, workers=1, worker=worker) as lab:
        flood, crowd = Crowd(lab.sandbox, lab.people[:1]), Crowd(lab.sandbox, lab.people[1:])
        for _ in range(MANY):
            await flood.send()
        async with asyncio.timeout(TAKEN_WITHIN):
            while await lab.unanswered() + sum(s.answers for s in flood.sent.values()) < MANY:
                flood.look()
                await asyncio.sleep(0.1)
        flood.look()
        before = sum(sent.answers for sent in flood.sent.values())
        for _ in lab.people[1:]:
            await crowd.send()
        await crowd.all_answered(120)
        flood.look()
        meanwhile = sum(sent.answers for sent in flood.sent.values()) - before
        all_of_it = await flood.all_answered(120)
        return Outcome(
            "fair order: a flood of one does not delay the others",
            OTHERS,
            len(crowd.unanswered()) + max(0, meanwhile - FRONT) + (not all_of_it),
            f"{MANY - before} photos of one waited; {meanwhile} of them were answered before the "
            f"last of {OTHERS} newcomers, {FRONT} allowed; slowest newcomer "
            f"{max(crowd.waits(), default=0):.1f} s",
        )


async def _limits() -> Outcome:
    """With the limits as they are shipped, one person sends more than a minute's worth."""
    async with laboratory(people=2, workers=1, settings={}) as lab:
        flood, other = Crowd(lab.sandbox, lab.people[:1]), Crowd(lab.sandbox, lab.people[1:])
        for _ in range(FLOOD):
            await flood.send()
        await other.send()
        heard = await other.all_answered(60)
        answered, told = 0, 0
        for _ in range(300):
            flood.look()
            answered = sum(sent.answers for sent in flood.sent.values())
            told = flood.told
            if answered + told >= FLOOD:
                break
            await asyncio.sleep(0.2)
        return Outcome(
            "limits: one person's flood is refused in words",
            FLOOD,
            abs(FLOOD - answered - told) + (not heard) + (answered > FLOOD * 2 // 3),
            f"answered {answered}, named in messages as not taken {told}; "
            f"another's photo took {max(other.waits(), default=0):.1f} s",
        )


async def _texts() -> Outcome:
    """With the limits as they are shipped, one person writes over a thousand texts."""
    async with laboratory(people=2, workers=1, settings={}) as lab:
        flood, other = lab.people[0], Crowd(lab.sandbox, lab.people[1:])
        await other.send()
        await other.all_answered(60)
        usual = other.waits()[0]
        for number in range(TEXTS):
            await lab.sandbox.send_text(flood, f"hello {number}")
        for _ in range(5):
            await other.send()
            await other.all_answered(60)
        slowest = max(other.waits())
        replied, told = 0, 0
        for _ in range(int(TOLD_WITHIN)):
            texts = [m["text"] for m in lab.sandbox.messages(flood) if m["from"]["is_bot"]]
            told = sum(map(not_taken, texts))
            replied = sum(not not_taken(text) for text in texts)
            if replied + told >= TEXTS:
                break
            await asyncio.sleep(1)
        return Outcome(
            "one person's texts do not delay another's photo, and all are answered or named",
            TEXTS + 5,
            abs(TEXTS - replied - told) + sum(wait > UNDISTURBED for wait in other.waits()),
            f"{TEXTS} texts at once, answered {replied}, named as left out {told}; another's photo "
            f"took {usual:.1f} s before, then at most {slowest:.1f} s",
        )
