"""Telegram misbehaves: every kind of trouble, at every call on the way of a photo."""

import asyncio
from random import Random
from statistics import median

from tests.experiments import Outcome
from tests.faults.lab.crowd import Crowd
from tests.faults.lab.laboratory import Lab, laboratory
from tests.helpers.bot.faults import FaultKind

WITHIN = 45.0  # seconds
GIVEN_UP_WITHIN = 150.0  # seconds until the bot says that it cannot fetch a file
PASSING: tuple[FaultKind, ...] = ("429", "500", "502", "drop", "lost", "delay")
CALLS = ("getUpdates", "getFile", "file", "sendPhoto", "sendChatAction")
SLOW = 15.0  # seconds that the slow chat's every answer takes
OTHERS_WITHIN = 5.0  # seconds: the others do not notice


async def run(_: Random) -> list[Outcome]:
    """Passing troubles, lasting ones, one slow chat."""
    async with laboratory(people=6, workers=1) as lab:
        crowd = Crowd(lab.sandbox, lab.people)
        outcomes = [await _passing(lab, crowd, kind) for kind in PASSING]
        outcomes.append(await _lasting(lab, crowd))
        outcomes.append(await _files_gone(lab))
        outcomes.append(await _gone(lab))
        outcomes.append(await _slow_chat(lab))
        return outcomes


async def _passing(lab: Lab, crowd: Crowd, kind: FaultKind) -> Outcome:
    """Twice in a row at each call, with photos of everybody on their way."""
    before, twice = len(crowd.sent), crowd.duplicates
    for call in CALLS:
        lab.sandbox.faults.add(call, kind, times=2, retry_after=1, seconds=2.0)
        for _ in lab.people:
            await crowd.send()
        await asyncio.sleep(1)
    await crowd.all_answered(WITHIN)
    lab.sandbox.faults.clear()
    lost = sum(sent.answers == 0 for sent in crowd.sent.values())
    duplicates = crowd.duplicates - twice
    # Where the answer to sendPhoto is lost, nobody can know that the message is there.
    unexpected = duplicates if kind != "lost" else max(0, duplicates - 2)
    return Outcome(
        f"Telegram: {kind}, twice in a row at each call",
        len(crowd.sent) - before,
        lost + unexpected + crowd.wrong,
        f"calls {', '.join(CALLS)}; duplicates {duplicates}",
    )


async def _lasting(lab: Lab, crowd: Crowd) -> Outcome:
    """Half a minute of nothing but errors: afterwards everything is answered."""
    before = len(crowd.sent)
    lab.sandbox.faults.add("*", "502", times=None)
    for _ in range(20):
        await crowd.send()
    await asyncio.sleep(30)
    lab.sandbox.faults.clear()
    await crowd.all_answered(WITHIN)
    lost = sum(sent.answers == 0 for sent in crowd.sent.values())
    return Outcome("Telegram: nothing but 502 for 30 s", len(crowd.sent) - before, lost)


async def _files_gone(lab: Lab) -> Outcome:
    """Telegram does not give a file, however often: its sender is told, the next is answered."""
    crowd = Crowd(lab.sandbox, lab.people)
    lab.sandbox.faults.add("getFile", "500", times=None)
    refused = await crowd.send(lab.people[0])
    told = await crowd.all_answered(GIVEN_UP_WITHIN)
    lab.sandbox.faults.clear()
    await crowd.send(lab.people[0])
    went_on = await crowd.all_answered(WITHIN)
    return Outcome(
        "Telegram: getFile never works", 2, (not told) + (not went_on), f"said {refused.said}"
    )


async def _gone(lab: Lab) -> Outcome:
    """Somebody blocks the bot with a photo on its way: given up with a reason, not stuck."""
    leaver = lab.people[1]
    gone, crowd = Crowd(lab.sandbox, [leaver]), Crowd(lab.sandbox, lab.people[2:])
    since = lab.bot.written()
    lab.sandbox.faults.add("sendPhoto", "forbidden", times=None, chat_id=leaver)
    lab.sandbox.faults.add("sendMessage", "forbidden", times=None, chat_id=leaver)
    await gone.send()
    for _ in crowd.people:
        await crowd.send()
    await crowd.all_answered(WITHIN)
    for _ in range(int(WITHIN)):
        if reason := "blocked by the user" in lab.bot.output(since):
            break
        await asyncio.sleep(1)
    left = await lab.drained()
    lab.sandbox.faults.clear()
    others = len(crowd.unanswered())
    return Outcome(
        "Telegram: 403, the chat is gone",
        len(crowd.sent) + 1,
        others + left + (not reason),
        f"left in Redis {left}; the reason is {'' if reason else 'not '}in the log",
    )


async def _slow_chat(lab: Lab) -> Outcome:
    """One chat's answers take long: the others do not wait for them."""
    slow, others = lab.people[0], lab.people[1:]
    delayed, crowd = Crowd(lab.sandbox, [slow]), Crowd(lab.sandbox, others)
    lab.sandbox.faults.add("sendPhoto", "delay", times=3, seconds=SLOW, chat_id=slow)
    for _ in range(3):
        await delayed.send()
    for _ in range(4 * len(others)):
        await crowd.send()
        await asyncio.sleep(0.1)
    await crowd.all_answered(WITHIN)
    late = [wait for wait in crowd.waits() if wait > OTHERS_WITHIN]
    answered = await delayed.all_answered(3 * SLOW + WITHIN)
    lab.sandbox.faults.clear()
    waits = crowd.waits()
    return Outcome(
        "Telegram: one slow chat does not delay the others",
        len(crowd.sent) + len(delayed.sent),
        len(late) + len(crowd.unanswered()) + (not answered),
        f"{SLOW:.0f} s for each of the slow one's; the others' "
        f"median {median(waits or [0]):.2f} s, slowest {max(waits, default=0):.2f} s",
    )
