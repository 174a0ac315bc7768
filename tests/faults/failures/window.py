"""The window for duplicates: from an answer's acceptance to its removal from Redis."""

import threading
import time
from random import Random
from statistics import median, quantiles

import redis

from bot.sandbox.state.conversation import Conversation
from model.common.queue import keys
from tests.experiments import Outcome
from tests.faults.failures.kills import WINDOW
from tests.faults.lab.crowd import Crowd
from tests.faults.lab.laboratory import laboratory
from tests.faults.lab.watched import Json, WatchedSandbox

PHOTOS = 150
WITHIN = 30.0  # seconds for one photo
FORGOTTEN = f"XDEL {keys.ANSWERS}"


class Acknowledgements:
    """When Redis forgot each answer, by Unix time in seconds: what its MONITOR tells."""

    def __init__(self, url: str) -> None:
        self.at: list[float] = []
        self._client = redis.Redis.from_url(url)
        self._watching = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()
        self._watching.wait(WITHIN)

    def _watch(self) -> None:
        try:
            with self._client.monitor() as monitor:  # type: ignore[no-untyped-call]
                self._watching.set()
                for command in monitor.listen():
                    if command["command"].startswith(FORGOTTEN):
                        self.at.append(float(command["time"]))
        except redis.RedisError:
            return  # the experiment is over


async def run(_: Random) -> list[Outcome]:
    """One photo after the other: each answer's acceptance and acknowledgement belong together."""
    taken: list[float] = []
    async with laboratory(people=5) as lab:

        def noting(conversation: Conversation, content: Json) -> Json:
            message = WatchedSandbox.post(lab.sandbox, conversation, content)
            taken.append(time.time())
            return message

        lab.sandbox.post = noting  # type: ignore[method-assign]
        crowd, acknowledged = Crowd(lab.sandbox, lab.people), Acknowledgements(lab.redis_url)
        for _number in range(PHOTOS):
            await crowd.send()
            await crowd.all_answered(WITHIN)
            await lab.drained()
    lasted = [end - begin for begin, end in zip(taken, acknowledged.at, strict=False)]
    return [
        Outcome(
            f"the window for duplicates is below {1000 * WINDOW:.0f} ms",
            len(lasted),
            sum(seconds > WINDOW for seconds in lasted) + abs(PHOTOS - len(lasted)),
            f"from Telegram's taking an answer to Redis's forgetting it: median "
            f"{1000 * median(lasted or [0]):.1f} ms, 95% within "
            f"{1000 * quantiles(lasted or [0, 0], n=20)[-1]:.1f} ms, longest "
            f"{1000 * max(lasted, default=0):.1f} ms",
        )
    ]
