"""`python -m tests.faults [NAME…] [--json FILE] [--seed N]`: makes the experiments, one by one."""

import asyncio
import sys
import time
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from typing import Annotated

import typer

from tests.experiments import Outcome, report
from tests.faults.failures import (
    kills,
    poison,
    redis_away,
    slow_disk,
    stop,
    telegram_faults,
    two_bots,
    window,
)
from tests.faults.load import backlog, fairness, overload, rush, soak

Experiment = Callable[[Random], Awaitable[list[Outcome]]]

EXPERIMENTS: dict[str, Experiment] = {
    "kills": kills.run,
    "window": window.run,
    "redis": redis_away.run,
    "disk": slow_disk.run,
    "telegram": telegram_faults.run,
    "overload": overload.run,
    "rush": rush.run,
    "fairness": fairness.run,
    "poison": poison.run,
    "stop": stop.run,
    "stopped": stop.suspended,
    "two": two_bots.run,
    "backlog": backlog.run,
    "soak": soak.run,
}


def main(
    names: Annotated[list[str] | None, typer.Argument(help="Which; all without.")] = None,
    *,
    json: Annotated[Path | None, typer.Option(help="Write the outcomes there, too.")] = None,
    seed: Annotated[int, typer.Option(help="Of the random moments.")] = 0,
) -> None:
    """Break what can break, and see whether the promises hold."""
    chosen = names or list(EXPERIMENTS)
    if unknown := [name for name in chosen if name not in EXPERIMENTS]:
        raise SystemExit(
            f"There is no experiment {unknown[0]!r}: choose of {', '.join(EXPERIMENTS)}."
        )
    outcomes: list[Outcome] = []
    for name in chosen:
        print(f"{name} …", end=" ", flush=True, file=sys.stderr)
        started = time.monotonic()
        found = asyncio.run(_made(name, Random(f"{name} {seed}")))
        print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)
        if len(chosen) > 1:
            # At once: the next may take long, and somebody may end it.
            report(found, None, title=f"What holds in the experiment {name}")
        outcomes += found
    raise SystemExit(report(outcomes, json, title="What holds when something breaks"))


async def _made(name: str, random: Random) -> list[Outcome]:
    """An experiment's outcomes; one that fails is a promise that was not kept."""
    try:
        return await EXPERIMENTS[name](random)
    except Exception as error:  # the other experiments are still to be made
        traceback.print_exc()
        return [Outcome(f"{name}: the experiment could be made", 1, 1, f"{error!r}")]


if __name__ == "__main__":
    typer.run(main)
