"""The logs of a process, caught: what `set_up` changes is put back afterwards."""

import io
import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from model.common import logs


@contextmanager
def caught() -> Iterator[io.StringIO]:
    """Everything that is written to standard error, and so everything that is logged."""
    stream, root = io.StringIO(), logging.getLogger()
    names = (*logs.OURS, *logs.CHATTY)
    before = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in names}
    hooks = sys.excepthook, sys.unraisablehook, threading.excepthook
    stderr, sys.stderr = sys.stderr, stream
    # The test runner's handlers stay alive: set_up would close them.
    root.handlers[:] = []
    try:
        yield stream
    finally:
        logging.captureWarnings(False)
        sys.stderr = stderr
        root.handlers[:], root.level = before
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
        sys.excepthook, sys.unraisablehook, threading.excepthook = hooks
