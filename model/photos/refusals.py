"""The reasons for which a file is refused as a picture."""

from typing import Literal

# Each is also a RefusalReason of the queue, which the decoder's process does not import.
Reason = Literal["unreadable", "too_large", "paused"]


class Refused(Exception):
    """The file is refused as a picture. `reason` is for programs, str() a sentence for people."""

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason: Reason = reason


class DecoderLost(Refused):
    """The file took too much time or memory, or crashed the decoder: it had to be replaced."""


def no_picture() -> Refused:
    """It is something else altogether."""
    return Refused(
        "unreadable", "This is not a picture that can be read: send a JPEG, PNG or WebP."
    )


def damaged(kind: type[Refused] = Refused) -> Refused:
    """It is a picture's file, but not a whole one."""
    return kind("unreadable", "The picture is damaged or incomplete: send it once more.")


def too_large(pixels: int) -> Refused:
    """It has too many pixels."""
    return Refused(
        "too_large",
        f"The picture is too large: send one of at most {pixels // 1_000_000} megapixels.",
    )


def too_much(kind: type[Refused] = Refused) -> Refused:
    """Its pixels are not too many, but decoding them takes too much time or memory."""
    return kind("too_large", "The picture's file is too large: send a smaller one, or a JPEG.")
