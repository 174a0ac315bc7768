"""The process that is watched: takes files one by one, does with each what the worker does.

On stdin comes, for each file, its length in four bytes and then its bytes; on stdout goes a line of
JSON. It says how the file ended, the CPU seconds of this process and its decoder's, the decoder's
peak of memory in MB while the file was in hand, and which of Pillow's decoders were opened.
"""

import json
import os
import resource
import struct
import sys
import time
from contextlib import suppress
from pathlib import Path

from model.common.prediction import Prediction
from model.photos.decode import LONGEST_SIDE
from model.photos.decoder import Decoder
from model.photos.refusals import Refused
from model.photos.resizing import stretched
from model.serving.chart import Chart
from tests.fuzz import watched_decoder

PROCESSES = Path("/proc")
SIDES = (64, 128)  # px, as the networks see them
PREDICTION = Prediction(probabilities=(0.1,) * 10, garment_score=0.5, verdict="none", model="none")


def main() -> None:
    """Work until there is no more."""
    chart = Chart()
    stdin, stdout = sys.stdin.buffer, sys.stdout
    with Decoder("tests.fuzz.watched_decoder") as decoder:
        stdout.write(json.dumps({"ended": "ready", "cpu": 0.0, "peak": 0, "opened": []}) + "\n")
        stdout.flush()
        while head := stdin.read(4):
            data = stdin.read(struct.unpack(">I", head)[0])
            stdout.write(json.dumps(_fate(data, decoder, chart)) + "\n")
            stdout.flush()


def _fate(data: bytes, decoder: Decoder, chart: Chart) -> dict[str, object]:
    watched_decoder.forget(decoder.pixels)
    with suppress(OSError):
        (PROCESSES / str(decoder.pid) / "clear_refs").write_text("5")  # forgets the peak up to now
    started, pid = _cpu(decoder), decoder.pid
    ended = _through(data, decoder, chart)
    return {
        "ended": ended,
        "cpu": _cpu(decoder) - started,
        "peak": _peak(decoder.pid if decoder.pid == pid else None),
        "opened": sorted(watched_decoder.opened(decoder.pixels)),
    }


def _through(data: bytes, decoder: Decoder, chart: Chart) -> str:
    """Decode, prepare and draw: "image", the reason of the refusal, or what else was raised."""
    try:
        image = decoder.decode(data)
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


def _cpu(decoder: Decoder) -> float:
    """CPU seconds of this process, of the decoder, and of all decoders before it."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    user, system = (PROCESSES / str(decoder.pid) / "stat").read_text().split()[13:15]
    ticks = int(user) + int(system)
    return time.process_time() + ended.ru_utime + ended.ru_stime + ticks / os.sysconf("SC_CLK_TCK")


def _peak(pid: int | None) -> int:
    """The most memory that the decoder had, in MB: since it was forgotten, or of all that ended."""
    if pid is None:
        return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1000
    lines = (PROCESSES / str(pid) / "status").read_text().splitlines()
    return next(int(line.split()[1]) // 1000 for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    main()
