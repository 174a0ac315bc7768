"""The largest HEICs of phones, decoded: `python -m tests.bench.pictures.bench_heic`.

Seconds on a core, which the decoder's process limits, and seconds by the clock.
"""

import time

from PIL import Image

from model.photos import malloc
from model.photos.decode import decode_in_place, register_heif
from model.photos.decoder_process import CPU_SECONDS, KEPT, LARGE
from tests.fuzz.files.large import CURRENT_PHONE, PHONE
from tests.fuzz.files.originals import picture
from tests.helpers.photos import encoded

ROUNDS = 8
# Size, noise and quality.
SORTS = ((PHONE, 12, 50), (CURRENT_PHONE, 6, 50), (CURRENT_PHONE, 6, 65))


def main() -> None:
    """Measure."""
    register_heif()
    files = [_heic(picture(*size, noise), quality) for size, noise, quality in SORTS]
    malloc.keep_ready(KEPT, LARGE)  # as the process does
    for ((width, height), _, _), data in zip(SORTS, files, strict=True):
        times = sorted(_seconds(data) for _ in range(ROUNDS))
        clock = max(seconds for _, seconds in times)
        print(
            f"{width * height / 1e6:.0f} megapixels in {len(data) / 1e6:.1f} MB: "
            f"{times[0][0]:.2f} to {times[-1][0]:.2f} s of a core, {CPU_SECONDS} allowed; "
            f"at most {clock:.2f} s by the clock"
        )


def _heic(image: Image.Image, quality: int) -> bytes:
    """In tiles, as phones write it."""
    options = {"enc_params": {"preset": "ultrafast"}, "tile_size": 512}
    return encoded(image, "HEIF", quality=quality, **options)


def _seconds(data: bytes) -> tuple[float, float]:
    core, clock = time.process_time(), time.perf_counter()
    decode_in_place(data)
    return time.process_time() - core, time.perf_counter() - clock


if __name__ == "__main__":
    main()
