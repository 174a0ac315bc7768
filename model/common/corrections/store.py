"""The corrections that are kept to learn from: written by workers, read to train."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from model.common.lua import lua_script
from model.common.prediction import LabelIndex
from model.common.queue import keys
from model.common.redis_tools.connection import Client
from model.common.redis_tools.keyring import Keyring, Unsealable
from model.common.redis_tools.serialization import Serializable

logger = logging.getLogger(__name__)

# Kept of one person; with more, their oldest goes. Nobody alone can fill Redis, or train a model.
MOST_OF_ONE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCorrection(Serializable):
    """A correction of a photo whose thumbnail its sender lets us keep.

    `label` is what it shows and `predicted` what the bot said, both 0 to 9 or NONE_OF_THESE.
    `model` is the version that predicted, `date` Unix time in seconds. `person` is the keyed hash
    of the photo's sender, `by` that of who said it, and `fingerprint` tells near-duplicates, see
    `model.photos.fingerprint`; both are "" where an earlier release kept it.
    """

    id: str
    label: LabelIndex
    predicted: LabelIndex
    model: str
    person: str
    date: float
    by: str = ""
    fingerprint: Annotated[str, Field(pattern="^([0-9a-f]{32})?$")] = ""

    @property
    def voice(self) -> str:
        """Whose word it is."""
        return self.by or self.person


class CorrectionStore:
    """The kept corrections, for the worker, the trainer and the shell; `book` is the bot's side.

    Every call can raise redis.RedisError.
    """

    def __init__(self, client: Client) -> None:
        self.keyring = client.keyring
        self._redis = client
        self._keep = client.register_script(lua_script("corrections/keep"))

    def keep(
        self, correction: KeptCorrection, thumbnail: bytes, *, turn: int | None = None
    ) -> bool:
        """Keep the correction with its thumbnail, a JPEG; another of the same id is replaced.

        False, and nothing is kept, if the person's consent is not "yes" at this moment, or where
        `turn` is given and the answer's record is no longer at it: somebody changed their mind.
        """
        kept = self._keep(
            keys=[*keys.kept_of(correction.person), keys.ANSWERED + correction.id],
            args=[
                *(correction.person, correction.id),
                self.keyring.seal_record(correction, keys.CORRECTIONS),
                self.keyring.seal(thumbnail, keys.THUMBNAILS + correction.id),
                *("" if turn is None else turn, MOST_OF_ONE),
            ],
        )
        return bool(kept)

    def all(self) -> list[KeptCorrection]:
        """Every kept correction, the oldest first. What another key sealed is left out."""
        entries: Any = self._redis.hgetall(keys.CORRECTIONS)
        return opened(self.keyring, entries)

    def thumbnails(self, ids: Sequence[str]) -> dict[str, bytes]:
        """The JPEG of each of these corrections that is still there."""
        if not ids:
            return {}
        found: Any = self._redis.hmget(keys.THUMBNAILS, list(ids))
        thumbnails = {}
        for correction_id, sealed in zip(ids, found, strict=True):
            if sealed is not None:
                try:
                    place = keys.THUMBNAILS + correction_id
                    thumbnails[correction_id] = self.keyring.open(sealed, place)
                except Unsealable:
                    logger.warning("the thumbnail of %s was sealed with another key", correction_id)
        return thumbnails


def opened(keyring: Keyring, entries: dict[bytes, bytes]) -> list[KeptCorrection]:
    """The corrections in the hash, the oldest first, without those that another key sealed."""
    corrections, foreign = [], 0
    for data in entries.values():
        try:
            corrections.append(keyring.open_as(KeptCorrection, data, keys.CORRECTIONS))
        except Unsealable:
            foreign += 1
    if foreign:
        logger.warning("%d corrections were sealed with another DATA_KEY", foreign)
    return sorted(corrections, key=lambda correction: (correction.date, correction.id))
