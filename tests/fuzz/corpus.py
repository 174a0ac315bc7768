"""All inputs, in an order that is always the same: `inputs(count, seed)`."""

from collections.abc import Iterator
from dataclasses import dataclass
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
    """Every file that is made for its own sake, once; the large ones not among them."""
    for sort, maker in SORTS:
        for name, data in maker():
            yield Input(sort, name, data)


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
    """`count` files: special ones and whole ones first, then large ones, then damaged ones."""
    made = 0
    for each in _undamaged():
        if made == count:
            return
        made += 1
        yield each
    yield from damaged(count - made, seed)


def _undamaged() -> Iterator[Input]:
    yield from specials()
    for kind, data in originals():
        yield Input("whole", kind, data)
    for name, data in large():
        yield Input("large", name, data)
