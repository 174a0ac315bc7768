"""Photos that kill a worker: tried a few times, set aside, told; neighbours are answered."""

import asyncio
import io
import json
from random import Random
from typing import Any

from PIL import Image

from tests.experiments import Outcome
from tests.faults.lab.crowd import Crowd
from tests.faults.lab.laboratory import Lab, laboratory
from tests.faults.lab.programs import python
from tests.faults.lab.stand_in import MARK

# A dead worker's photo comes to another after 20 s, and is handed out three times.
WITHIN = 150.0
FAILED = "Something went wrong with this photo"
NEIGHBOURS = 7


async def run(_: Random) -> list[Outcome]:
    """One that kills while it is predicted, one while it is decoded; then what an operator does."""
    worker = ("-m", "tests.faults.lab.stand_in", "poison")
    async with laboratory(people=8, workers=2, worker=worker) as lab:
        outcomes = []
        for data, kind in ((_red(), "predicted"), (_red((0, 0, 200)) + MARK, "decoded")):
            outcomes.append(await _poisoned(lab, data, kind))
        outcomes.append(await _dead_letters(lab))
        return outcomes


async def _poisoned(lab: Lab, data: bytes, kind: str) -> Outcome:
    crowd = Crowd(lab.sandbox, lab.people[1:])
    victim = lab.people[0]
    deaths = sum(len(worker.exits) for worker in lab.workers)
    # The poison and its neighbours all at once, so that they may share a batch.
    poison = await lab.sandbox.send_document(victim, data, "poison.jpg", "image/jpeg")
    for _ in range(NEIGHBOURS):
        await crowd.send()
    await crowd.all_answered(WITHIN)
    try:
        told = await lab.sandbox.reply_to(victim, poison["message_id"], timeout=WITHIN)
        sentence = str(told.get("text"))
    except TimeoutError:
        sentence = "nothing"
    deaths = sum(len(worker.exits) for worker in lab.workers) - deaths
    left = await lab.drained()
    return Outcome(
        f"poison does not spread: killed while it is {kind}",
        1 + NEIGHBOURS,
        len([each for each in crowd.sent.values() if each.answers != 1])
        + (not sentence.startswith(FAILED))
        + left
        + (not 1 <= deaths <= 3),
        f"{deaths} workers died of it; neighbours answered "
        f"{sum(each.answers for each in crowd.sent.values())} of {NEIGHBOURS}; "
        f"its sender reads: {sentence!r}",
    )


async def _dead_letters(lab: Lab) -> Outcome:
    """List, show, discard one; retry the other, once the workers are mended."""
    listed = await _listed(lab)
    problems = [] if len(listed) == 2 else [f"{len(listed)} are listed"]
    first, second = (str(each["id"]) for each in listed)
    shown = json.loads(await _command(lab, "show", first, "--json"))
    if shown.get("job") != listed[0]["job"]:
        problems.append("show shows another")
    await _command(lab, "discard", second)
    for worker in lab.workers:
        await worker.stop()
        worker.mend("-m", "tests.faults.lab.stand_in", "slow=0")
        worker.start()
    before = lab.sandbox.messages(lab.people[0])[-1]["message_id"]
    await _command(lab, "retry", first)
    try:
        answer = await lab.sandbox.next_bot_message(lab.people[0], after=before, timeout=WITHIN)
        problems += [] if "photo" in answer else ["the retried one was not answered"]
    except TimeoutError:
        problems.append("the retried one got no answer")
    left = await _listed(lab)
    problems += [f"{len(left)} are left"] if left else []
    return Outcome(
        "dead letters: list, show, discard, retry",
        5,
        len(problems),
        "; ".join(problems) or "the retried photo got its answer",
    )


async def _listed(lab: Lab) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (await _command(lab, "list", "--json")).splitlines()]


async def _command(lab: Lab, *arguments: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *python("-m", "model", "dead-letters", *arguments),
        env=lab.bot.environment,
        cwd=lab.folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"dead-letters {' '.join(arguments)}: {errors.decode()[-500:]}")
    return output.decode()


def _red(colour: tuple[int, int, int] = (250, 10, 10)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (320, 400), colour).save(file, "JPEG", quality=95)
    return file.getvalue()
