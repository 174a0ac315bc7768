"""Ten thousand photos: what the programs hold does not grow with what they have done."""

import asyncio
from random import Random

from tests.experiments import Outcome
from tests.faults.lab.crowd import Crowd
from tests.faults.lab.gauges import Gauges, in_megabytes
from tests.faults.lab.laboratory import laboratory

PHOTOS = 10_000
ON_THEIR_WAY = 60  # photos sent and not yet answered: as many as are sent without a pause
MOST_GROWTH = 0.05


async def run(_: Random) -> list[Outcome]:
    """As fast as they are answered, from a hundred people."""
    async with laboratory(people=100, workers=1) as lab:
        crowd, gauges = Crowd(lab.sandbox, lab.people), Gauges(lab)
        watching = asyncio.create_task(gauges.watch())
        for number in range(PHOTOS):
            await crowd.send()
            while number - crowd.replied >= ON_THEIR_WAY:
                await asyncio.sleep(0.05)
                crowd.look(forget=True)
        await crowd.all_answered(60, forget=True)
        watching.cancel()
        watched = ["bot", "worker-0"]
        growth = {name: gauges.growth(name) for name in watched}
        lost = sum(sent.answers == 0 for sent in crowd.sent.values())
        return [
            Outcome(
                "soak: memory of bot and worker grows less than 5% over the last half",
                len(crowd.sent),
                sum(share > MOST_GROWTH for share in growth.values()),
                "; ".join(f"{name} {100 * share:+.1f} %" for name, share in growth.items())
                + f"; largest: {in_megabytes(gauges.largest())}",
            ),
            Outcome(
                "soak: each photo once",
                len(crowd.sent),
                lost + crowd.duplicates + crowd.wrong,
                f"lost {lost}, twice {crowd.duplicates}, another's {crowd.wrong}",
            ),
        ]
