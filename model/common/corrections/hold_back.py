"""The choice of corrections that are held back to judge a new model instead of teaching it."""

# One correction in this many of a class is held back.
HOLD_BACK_EVERY = 3


def is_held_back(place: int) -> bool:
    """Whether the correction is, at this place among those of its class by date, from 0.

    Later corrections do not change on which side an earlier one is, so that a model is not judged
    by what the one before it was trained on. Of a class's first three the second is held back: two
    of them are enough to have one to judge by.
    """
    return place % HOLD_BACK_EVERY == 1


def learned(count: int) -> int:
    """How many of a class's corrections are learned from."""
    return sum(not is_held_back(place) for place in range(count))
