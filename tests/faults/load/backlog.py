"""A restart of the bot while Telegram has not taken thousands of answers: each is read once."""

import asyncio
import io
from random import Random
from time import monotonic

from PIL import Image

from model.common.queue import keys
from model.common.queue.messages import Address, Answer
from model.common.redis_tools.keyring import Keyring
from tests.experiments import Outcome
from tests.faults.lab.gauges import Gauges, in_megabytes
from tests.faults.lab.laboratory import KEY, Lab, laboratory

PEOPLE = 100
ANSWERS = 2100
MEGABYTES = 0.1  # of each answer's picture
TAKEN_WITHIN = 120.0  # seconds
SENT_WITHIN = 300.0
READ_AT_MOST = 1.25  # times what the answers weigh
FIRST_WITHIN = 10.0  # seconds from the bot's start, that of Python among them
MOST_MEGABYTES = 500  # of the bot: 2,000 answers in hand, and what it needs itself


async def run(random: Random) -> list[Outcome]:
    """A bot that has taken 2,000 answers, none of which Telegram takes, is killed."""
    async with laboratory(people=PEOPLE, workers=1) as lab:
        picture = _picture(random)
        await lab.bot.end(10)
        weight = await _fill(lab, picture)
        lab.sandbox.faults.add("sendPhoto", "502", times=None)
        lab.bot.start()
        taken = await _taken(lab)
        await lab.bot.pause()
        lab.sandbox.faults.clear()
        before = await _read(lab)
        gauges, began = Gauges(lab), monotonic()
        lab.bot.start()
        watching = asyncio.create_task(gauges.watch())
        left = await lab.drained(SENT_WITHIN)
        took = monotonic() - began
        watching.cancel()
        read = await _read(lab) - before
        posted = [at for at in lab.sandbox.posted.values() if at > began]
        largest = gauges.largest()
    first = min(posted, default=began + SENT_WITHIN) - began
    return [
        Outcome(
            "restart with 220 MB of answers: each is sent once",
            ANSWERS,
            left + abs(len(posted) - ANSWERS),
            f"{taken} were in the hands of the bot that was killed; all sent {took:.0f} s later",
        ),
        Outcome(
            "restart with 220 MB of answers: what the bot reads and holds is bounded",
            2,
            (read > READ_AT_MOST * weight) + (largest["bot"] > MOST_MEGABYTES * 1e6),
            f"{weight / 1e6:.0f} MB waited, {read / 1e6:.0f} MB were read; largest: "
            f"{in_megabytes(largest)}",
        ),
        Outcome(
            f"restart with 220 MB of answers: the first within {FIRST_WITHIN:.0f} s",
            1,
            int(first > FIRST_WITHIN),
            f"{first:.1f} s after the bot was started",
        ),
    ]


async def _fill(lab: Lab, picture: bytes) -> int:
    """Put answers into Redis, as workers do; what they weigh, in bytes."""
    keyring, weight = Keyring(KEY), 0
    for number in range(ANSWERS):
        person = lab.people[number % PEOPLE]
        address = Address(chat_id=person, message_id=1, user_id=person, language="en")
        answer = Answer(id=f"backlog-{number}", address=address, picture=picture)
        fields = answer.to_fields(keyring)
        await lab.client.xadd(keys.ANSWERS, fields)  # type: ignore[arg-type]
        await lab.client.hincrby(keys.BYTES, "answers", len(fields[b"body"]))  # type: ignore[misc]
        weight += sum(map(len, fields.values()))
    return weight


async def _taken(lab: Lab) -> int:
    """How many answers the bot has in hand, once they are no longer more."""
    give_up, taken = monotonic() + TAKEN_WITHIN, 0
    while monotonic() < give_up:
        await asyncio.sleep(2)
        before, pending = taken, await lab.client.xpending(keys.ANSWERS, keys.BOTS_GROUP)
        taken = int(pending["pending"])
        if taken == before > 0:
            break
    return taken


async def _read(lab: Lab) -> int:
    """Bytes that Redis has sent to all its clients."""
    return int((await lab.client.info("stats"))["total_net_output_bytes"])


def _picture(random: Random) -> bytes:
    """A JPEG of about 100 kB."""
    side, file = 10, io.BytesIO()
    while file.tell() < MEGABYTES * 1e6:
        side += 10
        file = io.BytesIO()
        noise = Image.frombytes("RGB", (side, side), random.randbytes(3 * side * side))
        noise.save(file, "JPEG", quality=85)
    return file.getvalue()
