"""The decoder's process: it decodes as this one would, and no file harms more than itself."""

import os
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest

from model.photos.decode import decode
from model.photos.decoder import Decoder
from model.photos.formats import FORMATS
from model.photos.refusals import DecoderLost, Refused
from tests.helpers.model.obedient_decoder import NO, order
from tests.helpers.photos import encoded, png, quarters

OBEDIENT = "tests.helpers.model.obedient_decoder"


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    with Decoder() as process:
        yield process


@pytest.fixture
def obedient() -> Iterator[Decoder]:
    # It has to end by its own limits.
    with Decoder(OBEDIENT, patience=3600.0) as process:
        yield process


class TestWhatItDecodes:
    @pytest.mark.parametrize("size", [(64, 32), (1, 1), (800, 800), (3000, 2000)])
    @pytest.mark.parametrize("kind", FORMATS)
    def test_is_what_this_process_would(
        self, kind: str, size: tuple[int, int], decoder: Decoder
    ) -> None:
        quick = {"speed": 10} if kind == "AVIF" else {}
        data = encoded(quarters(*size), kind, **quick)

        image = decoder.decode(data)

        assert image.mode == "RGB"
        assert np.array_equal(np.asarray(image), np.asarray(decode(data)))

    def test_it_learns_heic_once(self) -> None:
        data = encoded(quarters(), "HEIF")
        with Decoder() as decoder:
            first = decoder.pid
            decoder.decode(data)
            second = decoder.pid
            decoder.decode(data)

            assert first != second == decoder.pid

    def test_an_image_is_its_own(self, decoder: Decoder) -> None:
        image = decoder.decode(encoded(quarters()))
        before = image.tobytes()

        decoder.decode(encoded(quarters().rotate(180)))

        assert image.tobytes() == before

    def test_a_long_file_leaves_no_memory_behind(self, decoder: Decoder) -> None:
        decoder.decode(encoded(quarters()) + bytes(30_000_000))

        assert os.fstat(decoder._files).st_size == 0


class TestWhatItRefuses:
    @pytest.mark.parametrize(
        ("data", "reason", "sentence"),
        [
            (b"a letter", "unreadable", "not a picture"),
            (encoded(quarters())[:60], "unreadable", "damaged"),
            (png(6001, 6001, depth=8, colour=2), "too_large", "at most 36 megapixels"),
            (b"BM" + bytes(130_000_000), "too_large", "file is too large"),
        ],
        ids=["no picture", "half a picture", "too many pixels", "too many bytes"],
    )
    def test_in_words_and_goes_on(
        self, data: bytes, reason: str, sentence: str, decoder: Decoder
    ) -> None:
        pid = decoder.pid

        with pytest.raises(Refused, match=sentence) as refused:
            decoder.decode(data)

        assert refused.value.reason == reason
        assert not isinstance(refused.value, DecoderLost)
        assert decoder.pid == pid

    @pytest.mark.parametrize(
        ("what", "reason"),
        [("loop", "too_large"), ("grow", "too_large"), ("crash", "unreadable")],
    )
    def test_a_file_that_is_its_end(self, what: str, reason: str, obedient: Decoder) -> None:
        pid = obedient.pid

        with pytest.raises(DecoderLost) as lost:
            obedient.decode(order(what))

        assert lost.value.reason == reason
        assert obedient.pid != pid
        assert obedient.decode(order("nothing")).size == (NO, 1)

    def test_but_not_for_a_core_that_is_busy(self, obedient: Decoder) -> None:
        assert obedient.decode(order("wait")).size == (NO, 1)

    def test_one_that_hangs(self) -> None:
        with Decoder(OBEDIENT, patience=3.0) as obedient:
            with pytest.raises(DecoderLost) as lost:
                obedient.decode(order("hang"))

            assert lost.value.reason == "too_large"
            assert obedient.decode(order("nothing")).size == (NO, 1)

    def test_a_refusal_of_its_own_costs_no_process(self, obedient: Decoder) -> None:
        pid = obedient.pid

        with pytest.raises(Refused, match="damaged"):
            obedient.decode(order("damaged"))

        assert obedient.pid == pid


@pytest.mark.parametrize(
    "what",
    ["see the environment", "read a file", "write a file", "connect", "cut off the pixels"],
)
def test_what_it_cannot_do(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_SECRET", "key")

    with Decoder(OBEDIENT) as obedient:
        assert obedient.decode(order(what)).size == (NO, 1)


def test_a_program_that_does_not_start_is_told_of() -> None:
    with pytest.raises(RuntimeError, match="decoder does not start"), Decoder("no.such.program"):
        pass


def test_it_ends_with_its_worker() -> None:
    with Decoder() as decoder:
        pid = decoder.pid

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_lower_limit_of_the_operators_stays() -> None:
    program = (
        "import resource\n"
        "from model.photos.decoder import Decoder\n"
        "resource.setrlimit(resource.RLIMIT_AS, (400_000_000,) * 2)\n"
        "with Decoder() as decoder:\n"
        "    print(*resource.prlimit(decoder.pid, resource.RLIMIT_AS))\n"
    )
    command = [sys.executable, "-c", program]
    limits = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert limits.split() == ["400000000", "400000000"]
