"""The process that is watched: takes files one by one, does with each what the worker does.

On stdin comes, for each file, its length in four bytes and then its bytes; on stdout goes a line of
JSON. It says how the file ended, the CPU seconds, the peak of memory in MB while it was in hand,
and which decoders were opened.
"""

import json
import resource
import struct
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from PIL import Image, ImageFile

from model.common.prediction import Prediction
from model.photos.decode import LONGEST_SIDE, Refused, decode, stretched
from model.serving.chart import Chart

STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
SIDES = (64, 128)  # px, as the networks see them
PREDICTION = Prediction(probabilities=(0.1,) * 10, garment_score=0.5, verdict="none", model="none")


def main() -> None:
    """Work until there is no more."""
    opened = _watched()
    chart = Chart()
    stdin, stdout = sys.stdin.buffer, sys.stdout
    stdout.write(json.dumps({"ended": "ready", "cpu": 0.0, "peak": _peak(), "opened": []}) + "\n")
    stdout.flush()
    while head := stdin.read(4):
        data = stdin.read(struct.unpack(">I", head)[0])
        opened.clear()
        with suppress(OSError):
            CLEAR.write_text("5")  # forgets the peak up to now
        started = time.process_time()
        ended = _through(data, chart)
        answer = {
            "ended": ended,
            "cpu": time.process_time() - started,
            "peak": _peak(),
            "opened": sorted(opened),
        }
        del data
        stdout.write(json.dumps(answer) + "\n")
        stdout.flush()


def _through(data: bytes, chart: Chart) -> str:
    """Decode, prepare and draw: "image", the reason of the refusal, or what else was raised."""
    try:
        image = decode(data)
    except Refused as refused:
        whole = str(refused).endswith(".") and refused.reason in ("unreadable", "too_large")
        return refused.reason if whole else f"a refusal without a sentence: {refused!r}"
    except BaseException as error:
        return f"raised {error!r}"
    if image.mode != "RGB" or not 1 <= min(image.size) <= max(image.size) <= LONGEST_SIDE:
        return f"an image out of bounds: {image.mode} {image.size}"
    try:
        for side in SIDES:
            stretched(image, (side, side))
        chart.draw(PREDICTION, image, "en")
    except BaseException as error:
        return f"raised, after decoding, {error!r}"
    return "image"


def _watched() -> set[str]:
    """A set to which every decoder adds its format as it is opened, whoever opens it."""
    opened: set[str] = set()
    start = ImageFile.ImageFile.__init__

    def watching(self: ImageFile.ImageFile, *args: Any, **options: Any) -> None:
        opened.add(str(self.format))
        start(self, *args, **options)

    ImageFile.ImageFile.__init__ = watching  # type: ignore[method-assign]
    Image.init()  # all decoders that there are
    return opened


def _peak() -> int:
    """The most memory that the process had, in MB: since it was forgotten, where there is Linux."""
    if not STATUS.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1_000_000
    lines = STATUS.read_text().splitlines()
    return next(int(line.split()[1]) // 1000 for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    main()
