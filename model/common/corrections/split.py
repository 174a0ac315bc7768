"""Which corrections are learned from, and which are held back to judge a new model by."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from model.common.corrections.store import KeptCorrection

# One person in this many is held back.
HOLD_BACK_EVERY = 3
# Photos whose fingerprints differ in this many of their bits at most are near-duplicates.
# `python -m tests.bench.training.bench_fingerprint` says how often distinct photos are.
NEAR = 5
BITS = 128


@dataclass(frozen=True, slots=True)
class Split:
    """Both sides, the oldest first; of near-duplicates the oldest alone stands for all.

    `by` says what keeps the sides apart: all corrections of one person's photos are on one side,
    or, where that leaves nobody to judge by, all near-duplicates of a picture.
    """

    learned: list[KeptCorrection]
    held_back: list[KeptCorrection]
    by: Literal["people", "pictures"]


def split(corrections: Iterable[KeptCorrection]) -> Split:
    """Hold back every third person, by the date of their first correction.

    A person whose photos include a near-duplicate of another's is on one side with them: that from
    which is learned, unless all of them are held back. Where nobody is, every third picture of
    each class is held back. Later corrections by others do not bring back to the judges what was
    learned from before, so that no model is judged by what an earlier one was trained on.
    """
    ordered = sorted(corrections, key=lambda each: (each.date, each.id))
    groups = _near_duplicates(ordered)
    people = {name: place for place, name in enumerate(dict.fromkeys(c.person for c in ordered))}
    links = _Links()
    for group in groups:
        for one, other in pairwise(group):
            links.join(one.person, other.person)
    learning = {links.of(name) for name, place in people.items() if not is_held_back(place)}
    one_each = [group[0] for group in groups]
    held = {each.id for each in one_each if links.of(each.person) not in learning}
    by: Literal["people", "pictures"] = "people"
    if not held:
        by, seen = "pictures", Counter[int]()
        for each in one_each:
            if is_held_back(seen[each.label]):
                held.add(each.id)
            seen[each.label] += 1
    return Split(
        [each for each in one_each if each.id not in held],
        [each for each in one_each if each.id in held],
        by,
    )


def is_held_back(place: int) -> bool:
    """Whether who or what has this place is held back: of the first three, the second."""
    return place % HOLD_BACK_EVERY == 1


def distance(one: str, other: str) -> int:
    """The bits in which two fingerprints differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


class _Links:
    """Which of many belong together, by pairs: union-find (Galler and Fischer 1964)."""

    def __init__(self) -> None:
        self._above: dict[Hashable, Hashable] = {}

    def of(self, one: Hashable) -> Hashable:
        """The one that stands for all that belong together with it."""
        while (above := self._above.get(one, one)) != one:
            self._above[one] = self._above.get(above, above)
            one = above
        return one

    def join(self, one: Hashable, other: Hashable) -> None:
        self._above[self.of(one)] = self.of(other)


def _near_duplicates(ordered: Sequence[KeptCorrection]) -> list[list[KeptCorrection]]:
    """The corrections in groups that show the same, each and all of them in the given order."""
    links = _Links()
    alike: dict[str, list[int]] = defaultdict(list)
    for number, each in enumerate(ordered):
        if each.fingerprint:
            alike[each.fingerprint].append(number)
    bands: dict[tuple[int, int], list[str]] = defaultdict(list)
    for fingerprint, numbers in alike.items():
        for one, other in pairwise(numbers):
            links.join(one, other)
        for band in _bands(fingerprint):
            for other_print in bands[band]:
                if distance(fingerprint, other_print) <= NEAR:
                    links.join(numbers[0], alike[other_print][0])
            bands[band].append(fingerprint)
    groups: dict[Hashable, list[KeptCorrection]] = defaultdict(list)
    for number, each in enumerate(ordered):
        groups[links.of(number)].append(each)
    return list(groups.values())


def _bands(fingerprint: str) -> list[tuple[int, int]]:
    """Parts of the bits, with their places: two that are near have one in common.

    So only those that share one are compared, not all pairs.
    """
    bits, ends = int(fingerprint, 16), [BITS * n // (NEAR + 1) for n in range(NEAR + 2)]
    return [(low, (bits >> low) & ((1 << high - low) - 1)) for low, high in pairwise(ends)]
