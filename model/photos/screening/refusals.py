"""Why a file is no picture for us."""

from model.common.queue.messages import RefusalReason


class Refused(Exception):
    """The bytes are no picture for us. `reason` is for programs, str() a sentence for people."""

    def __init__(self, reason: RefusalReason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason: RefusalReason = reason


def no_picture() -> Refused:
    """It is something else altogether."""
    return Refused(
        "unreadable", "This is not a picture that can be read: send a JPEG, PNG or WebP."
    )


def damaged() -> Refused:
    """It is a picture's file, but not a whole one."""
    return Refused("unreadable", "The picture is damaged or incomplete: send it once more.")


def unusual(what: str) -> Refused:
    """It is of a sort that nobody's camera makes, `what`, and that no bound can be given for."""
    return Refused("unreadable", f"This is {what}, which cannot be read: send a JPEG, PNG or WebP.")


def too_large(pixels: int) -> Refused:
    """It has more than so many pixels."""
    return Refused(
        "too_large",
        f"The picture is too large: send one of at most {pixels // 1_000_000} megapixels.",
    )


def too_much() -> Refused:
    """Its pixels are not too many, but too much is written of them."""
    return Refused("too_large", "The picture's file is too large: send a smaller one, or a JPEG.")
