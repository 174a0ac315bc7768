"""The largest pictures that are taken, each in a process of its own: what memory they need."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from model.photos import decode
from tests.helpers.photos import RED, chunk, encoded, near, png

ROOT = Path(__file__).parents[3]
PEAK = """
import sys
from pathlib import Path
from model.photos import decode

def peak():
    [line] = [l for l in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in l]
    return int(line.split()[1]) // 1000

before = peak()
image = decode.decode(Path(sys.argv[1]).read_bytes())
print(*image.size, *image.getpixel((400, 100)), peak() - before, peak())
"""
on_linux = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="peaks are told by Linux alone"
)


def decoded_elsewhere(
    data: bytes, folder: Path
) -> tuple[tuple[int, int], tuple[int, ...], int, int]:
    """Size and a pixel of the picture; the MB that it took, and those of the whole process."""
    (folder / "large").write_bytes(data)
    program = [sys.executable, "-c", PEAK, str(folder / "large")]
    answer = subprocess.run(program, check=True, capture_output=True, text=True, cwd=ROOT)
    width, height, *found, taken, whole = map(int, answer.stdout.split())
    return (width, height), tuple(found), taken, whole


@on_linux
@pytest.mark.parametrize(
    ("depth", "colour", "row", "wanted", "most"),
    [
        (8, 6, bytes((200, 30, 40, 0)), (255, 255, 255), 210),
        (8, 3, b"\1", (255, 255, 255), 100),
        (16, 0, b"\x80\x80", (128, 128, 128), 130),
    ],
    ids=["RGBA", "palette with transparency", "16-bit grey"],
)
def test_the_largest_that_is_taken_lies_in_memory_once(
    tmp_path: Path, depth: int, colour: int, row: bytes, wanted: tuple[int, ...], most: int
) -> None:
    palette = chunk(b"PLTE", bytes(6)) + chunk(b"tRNS", bytes((255, 0)))
    more = palette if colour == 3 else b""
    data = png(12_000, 3000, depth=depth, colour=colour, row=row * 12_000, more=more)

    size, found, taken, _ = decoded_elsewhere(data, tmp_path)

    assert size == (800, 200)
    assert found == wanted
    assert taken < most


QUICK: dict[str, dict[str, object]] = {
    "AVIF": {"speed": 10},
    "HEIF": {"enc_params": {"preset": "ultrafast"}},
    "WEBP": {"method": 0},
    "PNG": {"compress_level": 1},
}


@on_linux
@pytest.mark.parametrize("kind", decode.FORMATS)
def test_a_panorama_is_answered_within_512_mb(kind: str, tmp_path: Path) -> None:
    small = Image.new("RGB", (16, 16), RED)
    # Pillow finds no palette for this many pixels: their sum overflows.
    large = (small.quantize(2) if kind == "GIF" else small).resize((12_000, 3000))
    data = encoded(large, kind, **QUICK.get(kind, {}))

    size, found, _, whole = decoded_elsewhere(data, tmp_path)

    assert size == (800, 200)
    assert near(found[:3], RED)  # type: ignore[arg-type]
    assert whole < 512


@on_linux
@pytest.mark.parametrize(("size", "progressive"), [((12_000, 9000), False), ((8000, 6000), True)])
def test_a_jpeg_may_be_larger(size: tuple[int, int], progressive: bool, tmp_path: Path) -> None:
    data = encoded(Image.new("RGB", size, RED), "JPEG", progressive=progressive)

    bounded, _, _, whole = decoded_elsewhere(data, tmp_path)

    assert bounded == (800, 600)
    assert whole < 512
