"""The cost of a photo as things grow, against its cost while they are small.

A photo costs what the bot's side of the queue, the workers around their model and Redis spend on it
together: see `queue_lab`. Each side has a Redis and workers of its own, and grows in one respect.
Queues are never so short that batches are not full: how a batch is shared is another question. What
a photo costs that is alone is shown next to it, and so is what limits one Redis.
"""

from contextlib import ExitStack

from tests.bench.lab.measure import Measure, alternating
from tests.bench.lab.queue_lab import QueueLab
from tests.bench.lab.queue_worker import Size

# Short rounds, and many: for seconds at a time a busy machine may be half as quick.
ROUNDS = 9
PHOTOS = 300  # of one side in a round
WORKERS = (1, 2, 4, 8)
WORKED = 5  # rounds: they are longer, as the clock of a worker's process has ticks of 10 ms
# Seconds for eight photos: as busy as with a real model, so that each always has photos.
BATCH_SECONDS = 0.08
MANY_CHATS, LONG_QUEUE, MANY_CORRECTIONS = 10_000, 100_000, 100_000
LOOKS, LOOKED = 200, 21  # in a round; rounds
FLAT = 1.1  # times the cost while things are small
# What Telegram's photos and our charts weigh.
PHOTO_BYTES, CHART_BYTES = 50_000, 220_000


def measures() -> list[Measure]:
    """By workers, by chats, by the queue's length and the corrections; and what one Redis bears."""
    return [*_by_workers(), *_by_chats(), *_by_what_is_kept(), *_in_full_size()]


def _by_workers() -> list[Measure]:
    with ExitStack() as stack:
        labs = {
            workers: stack.enter_context(
                QueueLab.of(Size(workers=workers, queue=64 * workers, pause=BATCH_SECONDS))
            )
            for workers in WORKERS
        }
        found = alternating(
            {
                # Each for as long as the others.
                str(workers): lambda lab=lab, workers=workers: lab.ms(200 * workers)  # type: ignore[misc]
                for workers, lab in labs.items()
            },
            WORKED,
        )
    name = "CPU per photo in bot's side, workers and Redis: {} workers against one"
    return [
        *(
            Measure.shown(name.format(number), found[str(number)], "ms", against=found["1"])
            for number in WORKERS[1:-1]
        ),
        Measure.at_most(
            name.format(WORKERS[-1]),
            found[str(WORKERS[-1])],
            "ms",
            against=found["1"],
            times=FLAT,
        ),
    ]


def _by_chats() -> list[Measure]:
    with (
        QueueLab.of(Size(queue=MANY_CHATS)) as one,
        QueueLab.of(Size(queue=MANY_CHATS, chats=MANY_CHATS)) as many,
    ):
        found = alternating(
            {"one": lambda: one.ms(PHOTOS), "many": lambda: many.ms(PHOTOS)}, ROUNDS
        )
    name = f"the same: {MANY_CHATS:,} photos of as many chats waiting, against as many of one chat"
    return [Measure.at_most(name, found["many"], "ms", against=found["one"], times=FLAT)]


def _by_what_is_kept() -> list[Measure]:
    with ExitStack() as stack:
        small, long, kept, alone = (
            stack.enter_context(QueueLab.of(size))
            for size in (
                Size(),
                Size(queue=LONG_QUEUE),
                Size(corrections=MANY_CORRECTIONS),
                Size(queue=1, pause=0),
            )
        )
        held = (long.memory() - small.memory()) / (LONG_QUEUE - small.size.queue)
        labs = {"small": small, "long": long, "kept": kept}
        before = small.memory()
        found = alternating(
            {name: lambda lab=lab: lab.ms(PHOTOS) for name, lab in labs.items()},  # type: ignore[misc]
            ROUNDS,
        )
        remembered = (small.memory() - before) / (PHOTOS * (ROUNDS + 1))  # one to warm up
        looks = alternating(
            {"small": lambda: small.look_ms(LOOKS), "long": lambda: long.look_ms(LOOKS)}, LOOKED
        )
        pause = kept.longest_pause_ms()
        lonely = alone.ms(50)
    return [
        Measure.at_most(
            f"the same: {LONG_QUEUE:,} photos waiting, against {small.size.queue}",
            found["long"],
            "ms",
            against=found["small"],
            times=FLAT,
        ),
        Measure.at_most(
            f"the same: {MANY_CORRECTIONS:,} corrections kept, against none",
            found["kept"],
            "ms",
            against=found["small"],
            times=FLAT,
        ),
        Measure.shown("the same: a photo alone, which shares no batch", lonely, "ms"),
        Measure.at_most(
            f"CPU of a look at the queue, as /metrics takes it: {LONG_QUEUE:,} waiting against 64",
            looks["long"],
            "ms",
            against=looks["small"],
            times=FLAT,
        ),
        Measure.shown(
            f"longest standstill of the bot while /retrain counts {MANY_CORRECTIONS:,} corrections",
            pause,
            "ms",
        ),
        Measure.shown(
            "Redis's memory for a waiting photo, beyond its bytes", held - small.size.photo, "bytes"
        ),
        Measure.shown(
            "and for an answered one: a week that it may be corrected, a day that it is known",
            remembered,
            "bytes",
        ),
    ]


def _in_full_size() -> list[Measure]:
    """Photos and charts of the usual weight: what Redis moves, and how many it could."""
    with QueueLab.of(Size(photo=PHOTO_BYTES, chart=CHART_BYTES)) as lab:
        lab.measure(200)
        costs = [lab.measure(300) for _ in range(ROUNDS)]
    cost = sorted(costs, key=lambda each: each.redis)[ROUNDS // 2]
    weight = f"{PHOTO_BYTES // 1000} kB, its chart {CHART_BYTES // 1000} kB"
    return [
        Measure.shown(f"Redis's CPU for a photo of {weight}", cost.redis, "ms"),
        Measure.shown("photos that one core of Redis takes at that", 1000 / cost.redis, "/s"),
        Measure.shown("what Redis reads for it", cost.read / 1000, "kB"),
        Measure.shown("what Redis sends for it", cost.sent / 1000, "kB"),
        Measure.shown("what Redis appends to its file for it", cost.appended / 1000, "kB"),
        Measure.shown("commands for it, those in scripts included", cost.commands, ""),
    ]
