"""Reading a stream by a consumer group."""

from typing import Any

import redis

from model.common.queue.messages import Fields

Entry = tuple[bytes, Fields]


def group_is_missing(error: redis.ResponseError) -> bool:
    """Whether it must be made: the first time, or after FLUSHALL."""
    # UNBLOCKED is what newer servers say to a reader whose stream is deleted under it.
    return str(error).startswith(("NOGROUP", "UNBLOCKED"))


def entries_in(reply: Any) -> list[Entry]:
    """The entries in the reply to an XREADGROUP of one stream."""
    return list(reply[0][1]) if reply else []
