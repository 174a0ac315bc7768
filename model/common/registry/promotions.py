"""Promotions and rollbacks: which version serves, and which were refused."""

import time

from model.common.queue import keys, notices
from model.common.queue.notices import Notice
from model.common.redis_tools.connection import SealingPipeline
from model.common.registry import history, records
from model.common.registry.entry import ModelRefusal, Promotion, shipped
from model.common.registry.errors import (
    ChangedError,
    DoubtfulModelError,
    NothingToRollBackError,
    UnknownModelError,
)
from model.common.registry.transactions import Transactions, transaction


class Promotions(Transactions):
    """Promote, roll back, and refuse what cannot serve."""

    def current(self) -> str:
        """The version that should serve."""
        return history.current(self._redis)

    def promotion(self) -> Promotion | None:
        """How the current version came to serve; None if none was ever promoted."""
        return next(iter(history.promotions(self._redis, 1)), None)

    def since(self) -> float:
        """Since when the current version is to serve, Unix seconds; 0 if it always was."""
        promotion = self.promotion()
        return promotion.at if promotion else 0.0

    def history(self) -> list[Promotion]:
        """Promotions and rollbacks, the newest first."""
        return history.promotions(self._redis)

    def doubted(self) -> dict[str, Promotion]:
        """The versions that somebody promoted against a doubt, with their last such promotion."""
        return {each.version: each for each in reversed(self.history()) if each.doubt}

    def before(self) -> list[str]:
        """What a rollback would go to, and what would follow, down to the shipped version."""
        return history.before(records.entries(self._redis), self.history(), self.refused())

    @transaction(keys.MODELS, keys.MODEL_HISTORY, keys.MODELS_REFUSED, keys.MODELS_ASIDE)
    def promote(
        self,
        pipe: SealingPipeline,
        version: str,
        by: str,
        *,
        instead_of: str | None = None,
        anyway: bool = False,
    ) -> None:
        """Let every worker swap to this version. Raises UnknownModelError.

        With `instead_of`, only while that version is the current one: else raises ChangedError.
        One that the gate refused, or that was never measured, is promoted `anyway` or not at all:
        raises DoubtfulModelError; the history says that it was. Of the current version only a
        refused one can be promoted again: then it is tried again.
        """
        now = time.time()
        entry = shipped() if version == shipped().version else records.entries(pipe).get(version)
        if entry is None or records.aside(pipe).get(version, now) < now:
            raise UnknownModelError(version)
        current = history.current(pipe)
        if version == current and version not in records.refused(pipe):
            return
        if instead_of not in (None, current):
            raise ChangedError(current)
        if entry.doubt and not anyway:
            raise DoubtfulModelError(version, entry.doubt)
        pipe.multi()
        history.switch(pipe, Promotion(version=version, by=by, at=now, doubt=entry.doubt))
        pipe.hdel(keys.MODELS_ASIDE, version)

    @transaction(keys.MODELS, keys.MODEL_HISTORY, keys.MODELS_REFUSED)
    def rollback(self, pipe: SealingPipeline, by: str, *, of: str | None = None) -> str:
        """Go back to the version that served before the current one, and say which that is.

        Repeated, it goes further back. What was dropped meanwhile, or refused, is passed over. With
        `of`, only while that version is the current one. Raises NothingToRollBackError,
        ChangedError.
        """
        past = history.promotions(pipe)
        current = past[0].version if past else shipped().version
        if of not in (None, current):
            raise ChangedError(current)
        under = history.before(records.entries(pipe), past, records.refused(pipe))
        if not under:
            raise NothingToRollBackError
        pipe.multi()
        history.switch(pipe, Promotion(version=under[0], by=by, at=time.time(), rollback=True))
        return under[0]

    @transaction(keys.MODELS_REFUSED)
    def refuse(self, pipe: SealingPipeline, version: str, reason: str, detail: str = "") -> bool:
        """A worker says that it cannot serve this version; the first to say so tells the admins.

        `reason` is an id that the bot has a sentence for (see `model.serving.live_model`),
        `detail` is for the operator. Whether this call was the first.
        """
        if pipe.hexists(keys.MODELS_REFUSED, version):
            return False
        refusal = ModelRefusal(reason=reason, detail=detail, at=time.time())
        pipe.multi()
        pipe.hset(keys.MODELS_REFUSED, version, refusal.to_json())
        told = Notice(kind="model-refused", values={"version": version, "reason": reason})
        notices.add(pipe, told)
        return True

    def refused(self) -> dict[str, ModelRefusal]:
        """The versions that a worker could not serve."""
        return records.refused(self._redis)
