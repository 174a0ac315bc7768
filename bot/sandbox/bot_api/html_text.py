"""parse_mode HTML: tags become entities, with the strictness and the words of Telegram's parser."""

import re
from dataclasses import dataclass, field

from bot.sandbox.bot_api.api_errors import ApiError, bad_request, unsupported
from bot.sandbox.bot_api.entities import in_order, utf16_length
from bot.sandbox.bot_api.request import Json

TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
# Telegram decodes these and numeric references; any other stays as it is written.
REFERENCES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE = re.compile(r"&(?:(lt|gt|amp|quot)(?![A-Za-z0-9])|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));?")
START_TAG = re.compile(r"""<([^\s>]*)((?:[^>"']|"[^"]*"|'[^']*')*)>""")
PLAIN = re.compile(r"[^<&]+|&")
END_TAG = re.compile(r"</([^\s>]*)\s*>")
ATTRIBUTE = re.compile(r"""\s*([^\s=/>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9.-]+)))?""")
LARGEST_CODE_POINT = 0x10FFFF


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    at: int  # byte offset of the tag
    offset: int  # UTF-16 offset of its content


@dataclass(slots=True)
class _Result:
    text: list[str] = field(default_factory=list)
    length: int = 0  # UTF-16 code units so far
    entities: list[Json] = field(default_factory=list)

    def add(self, text: str) -> None:
        self.text.append(text)
        self.length += utf16_length(text)


def parse(source: str) -> tuple[str, list[Json]]:
    """Text and entities. Raises ApiError 400 "can't parse entities: …"."""
    result = _Result()
    nested: list[_Open] = []
    place = 0
    while place < len(source):
        if source[place] == "&" and (match := REFERENCE.match(source, place)):
            result.add(_referred(match))
        elif source.startswith("</", place):
            match = _end(source, place, nested, result)
        elif source[place] == "<":
            match = _start(source, place, nested, result)
        else:
            match = PLAIN.match(source, place)
            assert match is not None  # noqa: S101 - every other character matches
            result.add(match.group())
        place = match.end()
    if nested:
        tag = nested[-1].tag
        raise _wrong(f'Can\'t find end tag corresponding to start tag "{tag}"')
    return "".join(result.text), in_order(result.entities)


def _wrong(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")


def _bytes_before(source: str, place: int) -> int:
    return len(source[:place].encode())


def _referred(match: re.Match[str]) -> str:
    name, decimal, hexadecimal = match.groups()
    if name:
        return REFERENCES[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if 0 < code <= LARGEST_CODE_POINT else match.group()


def _start(source: str, place: int, nested: list[_Open], result: _Result) -> re.Match[str]:
    at = _bytes_before(source, place)
    match = START_TAG.match(source, place)
    if match is None:
        raise _wrong(f"Unclosed start tag at byte offset {at}")
    tag = match.group(1).lower()
    if tag in {"tg-emoji", "tg-time"}:
        raise unsupported(f"the tag <{tag}>")
    if tag not in TYPES:
        raise _wrong(f'Unsupported start tag "{tag}" at byte offset {at}')
    argument = _argument(tag, match.group(2), at)
    nested.append(_Open(tag, argument, at, result.length))
    return match


def _argument(tag: str, attributes: str, at: int) -> str:
    """The one attribute that matters for the tag, if it is there; Telegram ignores others."""
    found: dict[str, str] = {}
    place = 0
    while attributes[place:].strip():
        match = ATTRIBUTE.match(attributes, place)
        if match is None:
            raise _wrong(f'Empty attribute name in the tag "{tag}" at byte offset {at}')
        value = next((group for group in match.groups()[1:] if group is not None), "")
        found[match.group(1).lower()] = REFERENCE.sub(_referred, value)
        place = match.end()
    if tag == "span" and found.get("class") != "tg-spoiler":
        raise _wrong(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
    match tag:
        case "a":
            return found.get("href", "")
        case "code":
            language = found.get("class", "")
            return language[9:] if language.startswith("language-") else ""
        case "blockquote":
            return "expandable" if "expandable" in found else ""
        case _:
            return ""


def _end(source: str, place: int, nested: list[_Open], result: _Result) -> re.Match[str]:
    at = _bytes_before(source, place)
    if not nested:
        raise _wrong(f"Unexpected end tag at byte offset {at}")
    match = END_TAG.match(source, place)
    if match is None:
        raise _wrong(f"Unclosed end tag at byte offset {at}")
    opened, tag = nested.pop(), match.group(1).lower()
    if tag != opened.tag:
        raise _wrong(
            f'Unmatched end tag at byte offset {at}, expected "</{opened.tag}>", found "</{tag}>"'
        )
    length = result.length - opened.offset
    if length > 0 and (entity := _entity(opened, nested, result)):
        result.entities.append({**entity, "offset": opened.offset, "length": length})
    return match


def _entity(opened: _Open, nested: list[_Open], result: _Result) -> Json | None:
    kind = TYPES[opened.tag]
    if opened.tag == "a":
        url = opened.argument or "".join(result.text)[-(result.length - opened.offset) :]
        # A link without a usable address is sent as plain text.
        return {"type": kind, "url": url} if re.match(r"(https?|tg)://|[\w-]+\.\w", url) else None
    if opened.tag == "blockquote" and opened.argument:
        return {"type": "expandable_blockquote"}
    if opened.tag == "code" and nested and nested[-1].tag == "pre":
        # <pre><code class="language-…"> is one entity: the outer one takes the language.
        nested[-1].argument = opened.argument
        return None if opened.argument else {"type": "code"}
    if opened.tag == "pre" and opened.argument:
        return {"type": "pre", "language": opened.argument}
    return {"type": kind}
