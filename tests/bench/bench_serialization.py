"""The cost of JSON and of sealing for one photo: `python -m tests.bench.bench_serialization`.

Two messages are written and read: PhotoJob, from the bot to the worker, and Answer, back. Prints
the µs of all four steps, as they are, and by msgspec where that is installed; then those of sealing
and opening both with a photo of 100 kB and a chart of 40 kB.
"""

import importlib.util
import os
import timeit
from collections.abc import Callable
from typing import Any

from model.common.prediction import Prediction
from model.common.queue.messages import Address, Answer, PhotoJob
from model.common.redis_tools.keyring import Keyring

ADDRESS = Address(
    chat_id=-1001234567890,
    message_id=12345,
    user_id=987654321,
    language="es",
    file_id="A" * 80,  # as long as Telegram's are
)
PREDICTION = Prediction(
    probabilities=tuple(0.1 + n * 1e-9 / 3 for n in range(10)),
    garment_score=0.98321,
    verdict="sure",
    model="photos-3",
)
JOB = PhotoJob(id="u123456789-1f3a9c04", address=ADDRESS)
ANSWER = Answer.to(JOB, prediction=PREDICTION)


def microseconds(call: Callable[[], object], times: int = 20_000) -> float:
    """The best of five rounds, per call."""
    return min(timeit.repeat(call, number=times, repeat=5)) / times * 1e6


def way(write: Callable[[Any], Any], read: Callable[[type, Any], object]) -> float:
    """Both messages, written and read."""
    total = 0.0
    for message in (JOB, ANSWER):
        kind, text = type(message), write(message)
        assert read(kind, text) == message
        total += microseconds(lambda message=message: write(message))  # type: ignore[misc]
        total += microseconds(lambda kind=kind, text=text: read(kind, text))  # type: ignore[misc]
    return total


def main() -> None:
    """Measure."""
    ours = way(lambda message: message.to_json(), lambda kind, text: kind.from_json(text))  # type: ignore[attr-defined]
    print(f"pydantic: {ours:.1f} µs")
    if importlib.util.find_spec("msgspec"):
        msgspec: Any = importlib.import_module("msgspec")
        decoders: dict[type, Any] = {
            kind: msgspec.json.Decoder(kind) for kind in (PhotoJob, Answer)
        }
        encode = msgspec.json.Encoder().encode
        other = way(encode, lambda kind, text: decoders[kind].decode(text))
        print(f"msgspec: {other:.1f} µs")
    keyring = Keyring("a key for measuring, and for nothing else")
    sealed = 0.0
    for data, times in ((os.urandom(100_000), 1), (os.urandom(40_000), 1), (b"m" * 600, 2)):
        box = keyring.seal(data, "there")
        sealed += times * microseconds(lambda data=data: keyring.seal(data, "there"))  # type: ignore[misc]
        sealed += times * microseconds(lambda box=box: keyring.open(box, "there"))  # type: ignore[misc]
    print(f"sealing: {sealed:.1f} µs")


if __name__ == "__main__":
    main()
