"""Pictures without a garment: always the same by their arguments, and never two alike."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.datasets import negatives

KINDS = (*negatives.TRAINING_KINDS, *negatives.HELD_OUT_KINDS)
SIZE = (80, 100)
SOME = 6


def pixels(kind: str, seed: int, size: tuple[int, int] = SIZE) -> np.ndarray:
    return np.asarray(negatives.picture(kind, seed, size))


def test_what_is_held_out_is_never_trained_on() -> None:
    assert len(set(KINDS)) == len(KINDS) >= 16
    assert 0.5 < len(negatives.TRAINING_KINDS) / len(KINDS) < 0.7


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_arguments_draw_the_same_picture(kind: str) -> None:
    picture = negatives.picture(kind, 3, SIZE)

    assert picture.mode == "RGB" and picture.size == SIZE
    assert (np.asarray(picture) == pixels(kind, 3)).all()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "plain colour"])
def test_no_two_seeds_draw_alike(kind: str) -> None:
    drawn = [pixels(kind, seed).astype(int) for seed in range(SOME)]

    for n, one in enumerate(drawn):
        assert one.std() > 2, f"seed {n} is all but one colour"
        for other in drawn[:n]:
            assert np.abs(one - other).mean() > 2


def test_plain_colours_are_black_and_white_too_and_differ() -> None:
    means = [pixels("plain colour", seed).mean() for seed in range(30)]

    assert min(means) < 3 and max(means) > 252
    assert len({round(mean) for mean in means}) > 10


def test_a_seed_draws_another_picture_of_each_kind() -> None:
    drawn = [pixels(kind, 5).astype(int) for kind in KINDS]

    for n, one in enumerate(drawn):
        assert all(np.abs(one - other).mean() > 2 for other in drawn[:n]), KINDS[n]


def test_pictures_go_round_the_kinds() -> None:
    kinds = ("mug", "sea", "chat")

    images, named = negatives.pictures(kinds, 7, seed=2, size=SIZE)
    again, _ = negatives.pictures(kinds, 7, seed=2, size=SIZE)
    other, _ = negatives.pictures(kinds, 7, seed=3, size=SIZE)

    assert named == ["mug", "sea", "chat", "mug", "sea", "chat", "mug"]
    assert [image.size for image in images] == [SIZE] * 7
    assert len({image.tobytes() for image in images}) == 7
    assert [image.tobytes() for image in images] == [image.tobytes() for image in again]
    assert all(a.tobytes() != b.tobytes() for a, b in zip(images, other, strict=True))


def test_no_pictures_of_no_kind_are_no_error() -> None:
    assert negatives.pictures((), 0, seed=0) == ([], [])


def test_pictures_of_no_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="name at least one"):
        negatives.pictures((), 1, seed=0)


def test_an_unknown_kind_is_refused_in_a_sentence() -> None:
    with pytest.raises(ValueError, match=r"^There is no kind 'umbrella': they are chat, .*\.$"):
        negatives.picture("umbrella", 0)


@pytest.mark.parametrize("size", [(0, 10), (10, 0), (-1, 5)])
def test_a_size_without_pixels_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="at least one pixel"):
        negatives.picture("mug", 0, size)


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(KINDS),
    seed=st.integers(-(2**40), 2**40),
    size=st.tuples(st.integers(1, 300), st.integers(1, 300)),
)
def test_any_seed_and_size_draws(kind: str, seed: int, size: tuple[int, int]) -> None:
    picture = negatives.picture(kind, seed, size)

    assert picture.mode == "RGB" and picture.size == size


@pytest.mark.parametrize("size", [(1, 1), (8, 8), (900, 30), (30, 900)])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_draws_at_every_shape(kind: str, size: tuple[int, int]) -> None:
    assert negatives.picture(kind, 1, size).size == size
