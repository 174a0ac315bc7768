"""parse_mode MarkdownV2: marks become entities, with Telegram's rules for escaping."""

from dataclasses import dataclass

from bot.sandbox.entities import in_order, utf16_length
from bot.sandbox.errors import ApiError, bad_request, unsupported
from bot.sandbox.parameters import Json

RESERVED = "_*[]()~`>#+-=|{}.!"
# The longer marks first: "__" is an underline, not two italics.
MARKS = {
    "```": "pre",
    "__": "underline",
    "||": "spoiler",
    "*": "bold",
    "_": "italic",
    "~": "strikethrough",
    "`": "code",
    "[": "text_link",
}
LAST_ESCAPABLE = 126


@dataclass(slots=True)
class _Open:
    mark: str
    at: int  # byte offset of the mark
    offset: int  # UTF-16 offset of its content
    start: int  # index into the characters of the result
    language: str = ""


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.place = 0
        self.text: list[str] = []
        self.entities: list[Json] = []
        self.nested: list[_Open] = []

    def parse(self) -> tuple[str, list[Json]]:
        while self.place < len(self.source):
            self._step()
        if self.nested:
            opened = self.nested[-1]
            name = "".join(part.title() for part in MARKS[opened.mark].split("_"))
            raise _wrong(f"Can't find end of {name} entity at byte offset {opened.at}")
        return "".join(self.text), in_order(self.entities)

    def _step(self) -> None:
        character = self.source[self.place]
        following = self.source[self.place + 1 : self.place + 2]
        if character == "\\" and following and ord(following) <= LAST_ESCAPABLE:
            self.text.append(following)
            self.place += 2
        elif self.nested and self._ends(self.nested[-1]):
            self._end(self.nested.pop())
        elif (self._literal() and character != "`") or character not in RESERVED:
            self.text.append(character)
            self.place += 1
        else:
            self._start()

    def _literal(self) -> bool:
        return bool(self.nested) and self.nested[-1].mark in {"`", "```"}

    def _ends(self, opened: _Open) -> bool:
        mark = "]" if opened.mark == "[" else opened.mark
        if not self.source.startswith(mark, self.place):
            return False
        return not (mark == "_" and self.source.startswith("__", self.place))

    def _offset(self) -> int:
        return utf16_length("".join(self.text))

    def _at(self) -> int:
        return len(self.source[: self.place].encode())

    def _start(self) -> None:
        mark = next((m for m in MARKS if self.source.startswith(m, self.place)), None)
        if mark is None:
            if self.source.startswith("![", self.place) or self._quotes():
                raise unsupported("custom emoji and block quotes in MarkdownV2")
            raise _wrong(
                f"Character '{self.source[self.place]}' is reserved and must be escaped "
                "with the preceding '\\'"
            )
        opened = _Open(mark, self._at(), self._offset(), len(self.text))
        self.nested.append(opened)
        self.place += len(mark)
        if mark == "```":
            opened.language = self._language()

    def _quotes(self) -> bool:
        at_line_start = self.place == 0 or self.source[self.place - 1] == "\n"
        return at_line_start and self.source[self.place] == ">"

    def _language(self) -> str:
        """The word between ``` and the end of its line, taken out of the text."""
        line, newline, _ = self.source[self.place :].partition("\n")
        if not newline or "`" in line or " " in line:
            return ""
        self.place += len(line) + 1
        return line

    def _end(self, opened: _Open) -> None:
        kind = MARKS[opened.mark]
        self.place += 1 if opened.mark == "[" else len(opened.mark)
        entity: Json = {"type": kind}
        if kind == "text_link":
            entity["url"] = self._url() or "".join(self.text[opened.start :])
        if opened.language:
            entity["language"] = opened.language
        length = self._offset() - opened.offset
        if length > 0:
            self.entities.append({**entity, "offset": opened.offset, "length": length})

    def _url(self) -> str:
        if not self.source.startswith("(", self.place):
            return ""
        at = self._at()
        self.place += 1
        url: list[str] = []
        while self.place < len(self.source):
            character = self.source[self.place]
            self.place += 1
            if character == ")":
                return "".join(url)
            if character == "\\" and self.place < len(self.source):
                character = self.source[self.place]
                self.place += 1
            url.append(character)
        raise _wrong(f"Can't find end of a URL at byte offset {at}")


def _wrong(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")


def parse(source: str) -> tuple[str, list[Json]]:
    """Text and entities. Raises ApiError 400 "can't parse entities: …"."""
    return _Parser(source).parse()
