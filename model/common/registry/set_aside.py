"""Versions that the gate refused: they are kept for a week, and do not serve."""

import time

from model.common.queue import keys
from model.common.redis_tools.connection import SealingPipeline
from model.common.registry import history, records
from model.common.registry.errors import NotAsideError
from model.common.registry.transactions import Transactions


class SetAside(Transactions):
    """Look at them, keep them for longer, delete them when their week is over."""

    def aside(self) -> dict[str, float]:
        """Until when each version is kept that was set aside, Unix seconds."""
        now = time.time()
        return {name: until for name, until in records.aside(self._redis).items() if until >= now}

    def keep_aside(self, version: str) -> float:
        """Have its week begin again; until when it is kept. Raises NotAsideError."""
        until = time.time() + history.ASIDE_SECONDS

        def note(pipe: SealingPipeline) -> None:
            if version not in self.aside():
                raise NotAsideError(version)
            pipe.multi()
            pipe.hset(keys.MODELS_ASIDE, version, str(until))

        self._change(note, keys.MODELS_ASIDE)
        return until

    def drop_expired(self) -> None:
        """Delete what was set aside a week ago."""

        def drop(pipe: SealingPipeline) -> None:
            now = time.time()
            over = {name for name, until in records.aside(pipe).items() if until < now}
            there = records.readable(pipe)
            pipe.multi()
            records.drop(pipe, over, there)

        self._change(drop, keys.MODELS, keys.MODELS_ASIDE)
