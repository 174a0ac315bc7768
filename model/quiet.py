"""TensorFlow without the notes that it writes to stderr as it starts."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


def import_tensorflow() -> None:
    """Import TensorFlow and wake its devices, in silence; what went wrong is shown.

    It takes some seconds. Later imports of TensorFlow and Keras find it done. Raises ImportError
    where it is not installed.
    """
    # Heeded from the moment that TensorFlow's own logging stands; some notes come before that.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    with held_back():
        import tensorflow as tf  # noqa: PLC0415 - that is what this function is for

        # The first look at the devices complains, at length, where there is no graphics card.
        tf.config.list_logical_devices()


@contextmanager
def held_back() -> Iterator[None]:
    """Keep what is written to stderr, by native code too, and show it only after an error."""
    sys.stderr.flush()
    with tempfile.TemporaryFile() as kept:
        stderr = os.dup(2)
        os.dup2(kept.fileno(), 2)
        failed = True
        try:
            yield
            failed = False
        finally:
            sys.stderr.flush()
            os.dup2(stderr, 2)
            os.close(stderr)
            if failed:
                kept.seek(0)
                os.write(2, kept.read())
