"""A Redis whose disk is slow, killed with photos on their way: what it took is still there.

The shipped settings (`appendfsync always`), with each fsync delayed by a library that is preloaded.
"""

import asyncio
import os
import shutil
import subprocess
from pathlib import Path
from random import Random

import redis

from tests.experiments import Outcome
from tests.faults.failures.kills import Confirmed
from tests.faults.lab.crowd import Crowd
from tests.faults.lab.laboratory import laboratory

DELAYS = (0.3, 1.5)  # seconds that an fsync takes
KILLS = 4  # for each delay
AFTER = (0.2, 2.0)  # seconds from the first photo to the kill
PATIENCE = 240.0
SHIM = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>
static int slowly(const char *name, int file) {
  int (*call)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  usleep(atoi(getenv("FSYNC_MICROSECONDS")));
  return call(file);
}
int fsync(int file) { return slowly("fsync", file); }
int fdatasync(int file) { return slowly("fdatasync", file); }
"""


async def run(random: Random) -> list[Outcome]:
    """Kills at random moments while photos come in, for each delay."""
    compiler = shutil.which("cc")
    if compiler is None:
        return [Outcome("slow disk: skipped, there is no C compiler", 1, 0)]
    return [await _killed(random, seconds, compiler) for seconds in DELAYS]


async def _killed(random: Random, seconds: float, compiler: str) -> Outcome:
    async with laboratory(people=4, workers=1) as lab:
        shim = _compiled(lab.folder, compiler)
        await lab.redis_server.end(10)
        lab.redis_server.environment |= {
            "LD_PRELOAD": str(shim),
            "FSYNC_MICROSECONDS": str(round(1e6 * seconds)),
        }
        lab.redis_server.start()
        crowd = Crowd(lab.sandbox, lab.people)
        confirmed = Confirmed(redis.Redis.from_url(lab.redis_url))
        lab.sandbox.updates.on_confirm = confirmed.note
        for _ in range(KILLS):
            for _ in lab.people:
                await crowd.send()
            await asyncio.sleep(random.uniform(*AFTER))
            while not lab.redis_server.kill():
                await asyncio.sleep(0.05)
        await crowd.all_answered(PATIENCE)
        unanswered = len(crowd.unanswered())
        return Outcome(
            f"a Redis that is killed while an fsync takes {seconds} s loses no photo",
            len(crowd.sent),
            unanswered + crowd.wrong + confirmed.missing,
            f"{KILLS} kills; appendfsync always, as shipped; {confirmed.updates} updates looked up "
            f"when they were confirmed, {confirmed.missing} missing; unanswered {unanswered}",
        )


def _compiled(folder: Path, compiler: str) -> Path:
    source, library = folder / "fsync.c", folder / "fsync.so"
    source.write_text(SHIM)
    command = [compiler, "-shared", "-fPIC", "-o", os.fspath(library), os.fspath(source), "-ldl"]
    subprocess.run(command, check=True, capture_output=True)
    return library
