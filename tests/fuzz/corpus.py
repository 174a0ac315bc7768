"""All inputs, in an order that is always the same: `inputs(count, seed)`."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from random import Random

from tests.fuzz.files.bombs import Maker, bombs
from tests.fuzz.files.large import large
from tests.fuzz.files.mutations import ALL, spliced
from tests.fuzz.files.notes import noted
from tests.fuzz.files.originals import originals
from tests.fuzz.files.strangers import empty, extreme, strangers

SPLICED = 15  # one file in fifteen
TWICE = 4  # one file in four is damaged once more


@dataclass(frozen=True, slots=True)
class Input:
    """One file. `sort` is what the report counts it under, `name` what it is."""

    sort: str
    name: str
    data: bytes


SORTS: tuple[tuple[str, Maker], ...] = (
    *(("no picture", strangers), ("no picture", empty), ("a line", extreme)),
    ("absurd notes", noted),
    *((f"a bomb of {about}", maker) for about, maker in bombs().items()),
)


def specials() -> Iterator[Input]:
    """Every file that is made for its own sake, once, the sorts in turn; not the large ones."""
    rows = zip_longest(*(_of_sort(sort, maker) for sort, maker in SORTS))
    return (each for row in rows for each in row if each)


def _of_sort(sort: str, maker: Maker) -> Iterator[Input]:
    return (Input(sort, name, data) for name, data in maker())


def damaged(count: int, seed: int) -> Iterator[Input]:
    """`count` damaged files. Each depends only on the seed and its number."""
    whole = originals()
    for number in range(count):
        chance = Random(f"{seed}/{number}")
        # Every original has its turn.
        kind, data = whole[number % len(whole)]
        if chance.randrange(SPLICED) == 0:
            other_kind, other = chance.choice(whole)
            how, changed = f"spliced with {other_kind}", spliced(data, other, chance)
        else:
            mutation = chance.choice(ALL)
            how, changed = mutation.__name__, mutation(data, chance)
            if changed and chance.randrange(TWICE) == 0:
                second = chance.choice(ALL)
                how, changed = f"{how}, {second.__name__}", second(changed, chance)
        yield Input(f"damaged {kind}", f"{seed}/{number}: {how}", changed)


def inputs(count: int, seed: int) -> Iterator[Input]:
    """`count` files: up to half special, whole and large ones in this order, the others damaged."""
    made = 0
    for each in islice(chain(specials(), _whole(), _large()), count // 2):
        made += 1
        yield each
    yield from damaged(count - made, seed)


def _whole() -> Iterator[Input]:
    return (Input("whole", kind, data) for kind, data in originals())


def _large() -> Iterator[Input]:
    return (Input("large", name, data) for name, data in large())
