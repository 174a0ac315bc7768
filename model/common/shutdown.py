"""Shutdown of a long-running process: orderly when told to, at once when a part of it dies."""

import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

logger = logging.getLogger(__name__)

LAST_SECONDS = 8.0  # after the signal to stop; what is unfinished then, another process takes over


class StopSignal:
    """SIGTERM or SIGINT: true once one came. From then on the process has LAST_SECONDS.

    Before `ready` there is nothing in hand, and a signal ends the process at once.
    """

    def __init__(self) -> None:
        self.ready = False
        self._came = False
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note)
        # The interpreter itself writes there: this works even while the main thread hangs.
        signal.set_wakeup_fd(writing)
        threading.Thread(target=self._leave_in_time, args=[reading], daemon=True).start()

    def __call__(self) -> bool:
        """Whether it came."""
        return self._came

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._came = True
        if not self.ready:
            os._exit(0)

    def _leave_in_time(self, reading: int) -> None:
        os.read(reading, 1)
        time.sleep(LAST_SECONDS)
        logger.warning("out of time: another process will finish the work in hand")
        os._exit(0)


@contextmanager
def dying_of_errors() -> Iterator[None]:
    """Inside, an unexpected error in any thread ends the process.

    A process that has lost a part of itself seems to work and does not.
    """

    def note(ended: threading.ExceptHookArgs) -> None:
        name = ended.thread.name if ended.thread else "a thread"
        logger.critical("the thread %r died", name, exc_info=ended.exc_value)
        crash()

    before, threading.excepthook = threading.excepthook, note
    try:
        yield
    except Exception:
        logger.critical("the main loop died", exc_info=True)
        crash()
    finally:
        threading.excepthook = before


def crash() -> NoReturn:
    """Exit at once as if crashed, to be restarted."""
    logging.shutdown()
    os.kill(os.getpid(), signal.SIGKILL)
    raise SystemExit(1)  # never reached: for the type checker
