"""Which corrections are learned from and which judge, by people and near-duplicates."""

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from model.common.corrections.split import BITS, NEAR, Split, distance, is_held_back, split
from model.common.corrections.store import KeptCorrection

# Pictures that have nothing in common, each with three near-duplicates of its own.
PICTURES = [Random(number).getrandbits(BITS) for number in range(30)]
COPIES = [0, 1, 1 << 127, 0b11111 << 64]


def hexadecimal(bits: int) -> str:
    return f"{bits:032x}"


@st.composite
def many(draw: st.DrawFn, most: int = 40, first: int = 0) -> list[KeptCorrection]:
    """Corrections by up to six people of up to thirty pictures, the later ones by later dates."""
    kept = []
    for number in range(draw(st.integers(0, most))):
        picture = draw(st.sampled_from(PICTURES)) ^ draw(st.sampled_from(COPIES))
        correction = KeptCorrection(
            id=f"c{first + number}",
            label=draw(st.integers(0, 3)),
            predicted=9,
            model="m",
            person=f"p{draw(st.integers(0, 5))}",
            date=float(first + number),
            fingerprint=draw(st.sampled_from(["", hexadecimal(picture)])),
        )
        kept.append(correction)
    return kept


def of(number: int, person: str, label: int = 5, picture: int | None = None) -> KeptCorrection:
    bits = Random(1000 + number).getrandbits(BITS) if picture is None else picture
    return KeptCorrection(
        id=f"c{number}",
        label=label,
        predicted=7,
        model="m",
        person=person,
        date=float(number),
        fingerprint=hexadecimal(bits),
    )


def ids(side: list[KeptCorrection]) -> set[str]:
    return {each.id for each in side}


def near(one: KeptCorrection, other: KeptCorrection) -> bool:
    both = one.fingerprint and other.fingerprint
    return bool(both) and distance(one.fingerprint, other.fingerprint) <= NEAR


@given(many())
def test_no_person_and_no_near_duplicate_is_on_both_sides(kept: list[KeptCorrection]) -> None:
    sides = split(kept)
    for held in sides.held_back:
        for learned in sides.learned:
            assert not near(held, learned)
            assert sides.by == "pictures" or held.person != learned.person
    assert not ids(sides.learned) & ids(sides.held_back)


@given(many())
def test_each_picture_counts_once(kept: list[KeptCorrection]) -> None:
    sides = split(kept)
    shown = [*sides.learned, *sides.held_back]
    for number, one in enumerate(shown):
        assert not any(near(one, other) for other in shown[number + 1 :])
    left_out = [each for each in kept if each.id not in ids(shown)]
    assert all(any(near(each, other) for other in kept if other != each) for each in left_out)


@given(many(), st.randoms(use_true_random=False))
def test_the_order_does_not_matter(kept: list[KeptCorrection], random: Random) -> None:
    shuffled = random.sample(kept, len(kept))
    assert split(shuffled) == split(kept)


@given(many(), many(most=10, first=100))
def test_what_was_learned_from_never_judges_later(
    before: list[KeptCorrection], later: list[KeptCorrection]
) -> None:
    # Later pictures of their own: one that joins two earlier ones can move them.
    later = [replace(each, fingerprint="") for each in later]
    was, now = split(before), split(before + later)
    assert not ids(was.learned) & ids(now.held_back)


def test_fifteen_copies_of_one_picture_are_one_correction() -> None:
    copies = [of(number, "alone", picture=PICTURES[0] ^ (1 << number % 5)) for number in range(15)]
    assert split(copies) == Split([copies[0]], [], "pictures")


def test_every_third_person_is_held_back() -> None:
    kept = [of(number, f"p{number % 6}") for number in range(24)]
    sides = split(kept)
    assert {each.person for each in sides.held_back} == {"p1", "p4"}
    assert (len(sides.learned), len(sides.held_back), sides.by) == (16, 8, "people")


def test_two_people_with_one_picture_are_on_one_side() -> None:
    kept = [of(0, "p0"), of(1, "p1", picture=PICTURES[0]), of(2, "p2"), of(3, "p3"), of(4, "p4")]
    shared = of(5, "p2", picture=PICTURES[0] ^ 1)
    assert ids(split(kept).held_back) == {"c1", "c4"}
    assert ids(split([*kept, shared]).held_back) == {"c4"}


def test_one_person_alone_is_judged_by_other_pictures_of_theirs() -> None:
    kept = [of(number, "alone", label=number % 2) for number in range(12)]
    sides = split(kept)
    assert sides.by == "pictures"
    for label in (0, 1):
        places = [each.id for each in kept if each.label == label]
        held = {each for place, each in enumerate(places) if is_held_back(place)}
        assert {each.id for each in sides.held_back if each.label == label} == held
    assert split([]) == Split([], [], "pictures")
