"""TensorFlow without the notes that it writes to stderr as it starts, and without what it need not.

What it need not: tests/bench/bench_start.py measures what that saves.
"""

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

# Keras imports these with it, where they are installed, for plots, for looking like scikit-learn
# and for turning pictures, none of which is asked of it here. matplotlib takes a third of a second
# and 30 MB, the other two, which a worker's image lacks, a second and 70 MB.
UNASKED = ("matplotlib", "sklearn", "scipy")


def import_tensorflow(*, threads: int = 0) -> None:
    """Import TensorFlow and wake its devices, in silence; what went wrong is shown.

    It takes some seconds. Later imports of TensorFlow and Keras find it done. It works on so many
    `threads`, with 0 as many as it likes, and can be told once: RuntimeError after that. Raises
    ImportError where it is not installed.
    """
    # Heeded from the moment that TensorFlow's own logging stands; some notes come before that.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    with held_back(), _without(UNASKED):
        import tensorflow as tf  # noqa: PLC0415 - that is what this function is for

        if threads:
            tf.config.threading.set_intra_op_parallelism_threads(threads)
            tf.config.threading.set_inter_op_parallelism_threads(threads)
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


@contextmanager
def _without(libraries: Iterable[str]) -> Iterator[None]:
    """Libraries that nobody has imported yet are as if they were not installed, for so long."""
    absent = [name for name in libraries if name not in sys.modules]
    # None is Python's own sign for a module that is not to be found.
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in absent:
            sys.modules.pop(name, None)
