"""Message entities: the parts of a text that are more than text. Offsets are UTF-16 code units."""

import re

from telegram import MessageEntity

from bot.sandbox.bot_api.api_errors import bad_request, unsupported
from bot.sandbox.bot_api.objects import ApiObject
from bot.sandbox.bot_api.request import Json

# What Telegram finds by itself in any text, in this order where two overlap.
PATTERNS = (
    ("url", re.compile(r"\bhttps?://[^\s<>\"]+[^\s<>\".,!?;:')\]]")),
    ("email", re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.-]*\w\b")),
    (
        "bot_command",
        re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])"),
    ),
    ("mention", re.compile(r"(?<![\w`])@[A-Za-z0-9_]{4,32}\b")),
    ("hashtag", re.compile(r"(?<![\w&#])#\w*[^\W\d]\w*")),
)
# Custom emoji and mentions by id need more than a sandbox has.
KNOWN_TYPES = frozenset(MessageEntity.ALL_TYPES) - {"custom_emoji", "text_mention"}


class GivenEntity(ApiObject):
    """A MessageEntity that a bot gives itself."""

    type: str = ""
    offset: int = -1
    length: int = 0
    url: str | None = None
    language: str = ""


def utf16_length(text: str) -> int:
    """The length in UTF-16 code units, in which Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def detected(text: str, marked: list[Json] | None = None) -> list[Json]:
    """The entities that Telegram detects, in addition to those already marked."""
    taken = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in marked or []
        if entity["type"] in {"code", "pre", "text_link", "url"}
    ]
    found: list[Json] = []
    for kind, pattern in PATTERNS:
        for match in pattern.finditer(text):
            offset = utf16_length(text[: match.start()])
            length = utf16_length(match.group())
            if any(offset < end and start < offset + length for start, end in taken):
                continue
            taken.append((offset, offset + length))
            found.append({"type": kind, "offset": offset, "length": length})
    return in_order([*(marked or []), *found])


def in_order(entities: list[Json]) -> list[Json]:
    """By place, the longer one first."""
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def checked(text: str, entities: list[Json]) -> list[Json]:
    """Entities that a bot gives itself. Raises ApiError 400 for those that do not fit the text."""
    for entity in entities:
        kind = str(entity.get("type"))
        if kind not in KNOWN_TYPES:
            raise unsupported(f'entities of type "{kind}"')
        given = GivenEntity.model_validate(entity)
        end = given.offset + given.length
        if given.offset < 0 or given.length <= 0 or end > utf16_length(text):
            raise bad_request("can't parse MessageEntity: it lies outside the text")
        if (kind == "text_link") != (given.url is not None):
            raise bad_request(
                "can't parse MessageEntity: a url goes with text_link, and with it alone"
            )
    return in_order(entities)


def trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """The text without white space at its ends, as Telegram sends it, and its entities."""
    start = utf16_length(text) - utf16_length(text.lstrip())
    stripped = text.strip()
    size = utf16_length(stripped)
    kept: list[Json] = []
    for entity in entities:
        begin = max(entity["offset"] - start, 0)
        end = min(entity["offset"] + entity["length"] - start, size)
        if begin < end:
            kept.append({**entity, "offset": begin, "length": end - begin})
    return stripped, kept
