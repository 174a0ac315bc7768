"""The import of TensorFlow, without its startup messages and without optional libraries.

tests/bench/bench_start.py measures what leaving these out saves.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from model.common.stderr import silenced

# Keras imports these with it, where they are installed, for plots, for looking like scikit-learn
# and for turning pictures, none of which is asked of it here. matplotlib takes a third of a second
# and 30 MB, the other two a second and 70 MB.
UNASKED = ("matplotlib", "sklearn", "scipy")


def import_tensorflow() -> None:
    """Import TensorFlow and wake its devices, in silence; what went wrong is shown.

    It takes some seconds. Later imports of TensorFlow and Keras find it done. Raises ImportError
    if it is not installed.
    """
    # It applies once TensorFlow's logging is set up; some messages come before that.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    with silenced(), _without(UNASKED):
        import tensorflow as tf  # noqa: PLC0415 - that is what this function is for

        # Listing the devices complains at length if there is no graphics card.
        tf.config.list_logical_devices()


@contextmanager
def _without(libraries: Iterable[str]) -> Iterator[None]:
    """Hide libraries that are not imported yet, as if they were not installed."""
    absent = [name for name in libraries if name not in sys.modules]
    # None is Python's own sign for a module that is not to be found.
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in absent:
            sys.modules.pop(name, None)
