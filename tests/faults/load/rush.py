"""Everybody at once: 2,500 people send a photo in the same moment.

Telegram takes 30 messages a second, so the last of them hears late whatever the bot does; but who
is refused hears it before the others' answers are sent.
"""

from collections.abc import Iterable, Iterator
from random import Random
from time import monotonic

from bot.transport.rate_limiter import MESSAGES_PER_SECOND
from tests.experiments import Outcome
from tests.faults.lab.crowd import Crowd, Sent
from tests.faults.lab.laboratory import laboratory

PEOPLE = 2500
DISTINCT = 24  # photos, see `overload`
GRACE = 20.0  # seconds beyond what Telegram's pace takes: to take the photos in, and to look
WITHIN = 300.0


async def run(_random: Random) -> list[Outcome]:
    """One photo of each, with the limits as shipped and the real worker."""
    async with laboratory(people=PEOPLE, workers=1, settings={}) as lab:
        crowd = Crowd(lab.sandbox, lab.people, distinct=DISTINCT)
        began = monotonic()
        for _ in range(PEOPLE):
            await crowd.send()
        sending = monotonic() - began
        await crowd.all_answered(WITHIN)
        await lab.drained()
        crowd.look()
    sent = list(crowd.sent.values())
    told = sorted(_waits(each for each in sent if each.said))
    answered = sorted(_waits(each for each in sent if each.answers))
    pace = len(told) / MESSAGES_PER_SECOND
    return [
        Outcome(
            "2,500 people at once: everybody is answered or told",
            len(sent),
            len(crowd.unanswered()) + crowd.wrong + crowd.duplicates + len(sent) - PEOPLE,
            f"answered {len(answered)}, the last after {max(answered, default=0):.0f} s; sent "
            f"within {sending:.0f} s",
        ),
        Outcome(
            "2,500 people at once: refusals are told as fast as Telegram takes messages",
            len(told),
            sum(wait > pace + GRACE for wait in told),
            f"{len(told)} refused: {pace:.0f} s at {MESSAGES_PER_SECOND} messages/s, {GRACE:.0f} "
            f"more allowed; half were told within {told[len(told) // 2] if told else 0:.0f} s, the "
            f"last after {max(told, default=0):.0f} s",
        ),
    ]


def _waits(sent: Iterable[Sent]) -> Iterator[float]:
    return (each.answered_at - each.at for each in sent if each.answered_at is not None)
