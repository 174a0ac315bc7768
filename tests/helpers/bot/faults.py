"""Faults on request, as they happen on a real network and a real Telegram."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal, get_args

from bot.sandbox.bot_api.api_errors import ApiError, forbidden, migrated

FaultKind = Literal[
    "413",
    "429",
    "500",
    "502",
    "504",
    "forbidden",
    "unknown",
    "migrated",
    "drop",
    "lost",
    "garbled",
    "late",
    "delay",
]
KINDS: tuple[FaultKind, ...] = get_args(FaultKind)
FILE = "file"  # the name under which a file's download is asked for a fault
ANY = "*"


@dataclass(slots=True)
class Fault:
    """One fault that waits for its request.

    Kinds: "413" (a proxy's page: the request is too large), "429" (with `retry_after` seconds),
    "500", "502", "504" (the request is done, but a gateway's page says that it took too long),
    "forbidden" (403), "unknown" (404, as of a server that lacks the method),
    "migrated" (400: the group is the supergroup `moved_to` now), "drop" (the connection closes
    before anything is done), "lost" (the request is done, then the connection closes without an
    answer), "garbled" (the request is done, and answered with a page), "late" (the request is done,
    and answered after `seconds`), "delay" (the request waits `seconds` first).
    `times` says for how many requests; None means for all until cleared. With a `chat_id` only
    requests about that chat count.
    """

    method: str
    kind: FaultKind
    times: int | None = 1
    retry_after: int = 1
    seconds: float = 1.0
    chat_id: int | None = None
    moved_to: int | None = None

    def error(self) -> ApiError | None:
        """The refusal to answer with, if this fault is one."""
        match self.kind:
            case "429":
                seconds = self.retry_after
                return ApiError(
                    429, f"Too Many Requests: retry after {seconds}", retry_after=seconds
                )
            case "500" | "502":
                return ApiError(int(self.kind), HTTPStatus(int(self.kind)).phrase)
            case "forbidden":
                return forbidden("bot was blocked by the user")
            case "migrated":
                return migrated(self.moved_to or 0)
            case "unknown":
                return ApiError(404, "Not Found")
            case _:
                return None


class Faults:
    """The faults that wait, in the order in which they were added."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def add(
        self,
        method: str,
        kind: FaultKind | int,
        times: int | None = 1,
        *,
        retry_after: int = 1,
        seconds: float = 1.0,
        chat_id: int | None = None,
        moved_to: int | None = None,
    ) -> Fault:
        """Ask for a fault. `method` is a Bot API method, "file" for downloads, or "*" for any.

        Raises ValueError for a kind that there is not, or for numbers that make no sense.
        """
        known = next((each for each in KINDS if each == str(kind)), None)
        if known is None:
            raise ValueError(f"There is no fault {kind!r}: choose one of {', '.join(KINDS)}.")
        if times is not None and times < 1:
            raise ValueError("times must be at least 1, or None for all requests.")
        if retry_after < 1 or seconds < 0:
            raise ValueError("retry_after and seconds are times to wait, in seconds.")
        if (known == "migrated") != (moved_to is not None):
            raise ValueError("moved_to is the new id of a chat that is migrated.")
        fault = Fault(method, known, times, retry_after, seconds, chat_id, moved_to)
        self.waiting.append(fault)
        return fault

    def take(self, method: str, chat_id: str = "") -> Fault | None:
        """The fault for this request, used up by one."""
        for fault in self.waiting:
            if fault.method != ANY and fault.method.lower() != method.lower():
                continue
            if fault.chat_id is not None and str(fault.chat_id) != chat_id:
                continue
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
            return fault
        return None

    def clear(self) -> None:
        """No more faults."""
        self.waiting.clear()
