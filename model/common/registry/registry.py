"""The models that may serve, in Redis: publish, promote, roll back.

    registry = Registry(connect(url))
    entry = registry.publish(ModelEntry(version="photos-3", …), keras_bytes, compiled_bytes)
    registry.promote(entry.version, by="Ada")   # every worker swaps to it between two batches
    registry.rollback(by="Ada")                 # and back to the one that served before

A version is a Keras file, its compiled form, and the config of both; published, it never changes.
What serves is written in one place, the newest entry of the history; without any it is the model
that ships. That one is always there: its files are next to the code, not in Redis. Every change is
one transaction.

Calls raise redis-py's own errors if Redis is away, and may then be repeated.
"""

from model.common.registry.errors import UnknownModelError
from model.common.registry.promotions import Promotions
from model.common.registry.versions import Versions


class Registry(Versions, Promotions):
    """The models there are and the one that serves, for workers, trainer, bot and shell.

    Its parts: `versions` and `promotions`.
    """

    def learned_until(self) -> float:
        """Until when the current model knows corrections, Unix seconds; 0 if it knows none."""
        try:
            entry = self.get(self.current())
        except UnknownModelError:
            return 0.0
        return entry.created_at if entry.trained_on.get("corrections") else 0.0
