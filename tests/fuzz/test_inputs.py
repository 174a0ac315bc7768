"""A part of `python -m tests.fuzz`: each special file once, and a few hundred damaged ones."""

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.photos.decode import LONGEST_SIDE, decode
from model.photos.decoder import Decoder
from model.photos.formats import FORMATS
from model.photos.refusals import Refused
from tests.fuzz import corpus
from tests.fuzz.corpus import SORTS, damaged, inputs
from tests.fuzz.files.bombs import Maker
from tests.fuzz.files.mutations import ALL, spliced
from tests.fuzz.files.originals import originals
from tests.fuzz.watching import Watched

# Made when the first test wants them: all processes collect the tests, few run these.
ORIGINALS = st.deferred(lambda: st.sampled_from(originals()))
SHORT_ROUND = int(re.findall(r"make fuzz INPUTS=(\d+)", Path(".ci/run").read_text())[0])


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    with Decoder() as process:
        yield process


def is_bounded(data: bytes, decoder: Decoder) -> bool:
    """Whether it ends in a refusal with a sentence (False), or in an image as it should be."""
    try:
        image = decoder.decode(data)
    except Refused as refused:
        assert refused.reason in ("unreadable", "too_large")
        assert str(refused).endswith(".")
        return False
    assert image.mode == "RGB"
    assert 1 <= min(image.size) <= max(image.size) <= LONGEST_SIDE
    return True


def test_whole_files_are_answered_as_this_process_would(decoder: Decoder) -> None:
    refused = [kind for kind, data in originals() if not is_bounded(data, decoder)]

    # In each size one without its header, as it lies on a clipboard.
    assert refused == ["BMP"] * 2
    for kind, data in originals():
        if kind != "BMP":
            assert decoder.decode(data).tobytes() == decode(data).tobytes()


@settings(max_examples=300, deadline=None)
@given(
    original=ORIGINALS,
    mutations=st.lists(st.sampled_from(ALL), min_size=1, max_size=3),
    seed=st.integers(0, 2**32),
)
def test_damaged_files_end_in_an_image_or_a_refusal(
    original: tuple[str, bytes], mutations: list[object], seed: int, decoder: Decoder
) -> None:
    chance, data = Random(seed), original[1]
    for mutation in mutations:
        data = mutation(data, chance) if data else data  # type: ignore[operator]

    is_bounded(data, decoder)


@settings(max_examples=100, deadline=None)
@given(
    original=ORIGINALS,
    other=ORIGINALS,
    seed=st.integers(0, 2**32),
)
def test_two_files_in_one_do(
    original: tuple[str, bytes], other: tuple[str, bytes], seed: int, decoder: Decoder
) -> None:
    is_bounded(spliced(original[1], other[1], Random(seed)), decoder)


@settings(max_examples=100, deadline=None)
@given(beginning=ORIGINALS.map(lambda original: original[1][:24]), noise=st.binary(max_size=300))
def test_noise_behind_a_beginning_does(beginning: bytes, noise: bytes, decoder: Decoder) -> None:
    is_bounded(beginning + noise, decoder)


@pytest.fixture(scope="module")
def watched() -> Iterator[Watched]:
    """One process for all of them, as it is when there is no fault."""
    with Watched() as process:
        yield process


@pytest.mark.parametrize(("sort", "maker"), SORTS)
def test_special_files_do_and_the_process_lives(sort: str, maker: Maker, watched: Watched) -> None:
    starts = watched.starts or 1
    for name, data in maker():
        fate = watched.fate(data)
        assert fate.answered, f"{name}: {fate.ended}"
        assert set(fate.opened) <= set(FORMATS), name
        assert fate.peak <= 512, name
    assert watched.starts == starts


class TestCorpus:
    def test_is_the_same_with_the_same_seed(self) -> None:
        first, second = list(damaged(50, 7)), list(damaged(50, 7))

        assert first == second
        assert first != list(damaged(50, 8))

    def test_damages_most_files(self) -> None:
        whole = {data for _, data in originals()}

        unharmed = sum(each.data in whole for each in damaged(500, 0))

        assert unharmed < 50

    def test_has_as_many_as_asked_for(self) -> None:
        assert len(list(inputs(30, 0))) == 30

    def test_a_short_round_has_some_of_everything(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # To make them all takes long: a hundred of each sort stand for them.
        many = [(sort, lambda: ((str(number), b"") for number in range(100))) for sort, _ in SORTS]
        monkeypatch.setattr(corpus, "SORTS", many)

        sorts = {each.sort for each in inputs(SHORT_ROUND, 0)}

        assert sorts >= {sort for sort, _ in SORTS}
        assert sorts >= {f"damaged {kind}" for kind in FORMATS}

    @pytest.mark.parametrize("kind", FORMATS)
    def test_has_all_formats(self, kind: str) -> None:
        assert kind in {name for name, _ in originals()}
