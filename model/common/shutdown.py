"""Orderly shutdown of a long-running process."""

import logging
import os
import signal
import threading
import time
from types import FrameType

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
        logger.warning("out of time: what is in hand goes to another process")
        os._exit(0)
