"""parse_mode HTML: tags become entities, with the strictness and the words of Telegram's parser."""

import re
from dataclasses import dataclass

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
# Plain text, an end tag, or a start tag with its attributes.
TOKEN = re.compile(r"""([^<]+)|</([^\s>]*)\s*>|<(?!/)([^\s>]*)((?:[^>"']|"[^"]*"|'[^']*')*)>""")
ATTRIBUTE = re.compile(r"""\s*([^\s=/>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9.-]+)))?""")
LARGEST_CODE_POINT = 0x10FFFF


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    start: int  # where its content begins in the text


def parse(source: str) -> tuple[str, list[Json]]:
    """Text and entities. Raises ApiError 400 "can't parse entities: …"."""
    text, place = "", 0
    nested: list[_Open] = []
    found: list[Json] = []
    while place < len(source):
        at = f"at byte offset {len(source[:place].encode())}"
        closes = source.startswith("</", place)
        if closes and not nested:
            raise _wrong(f"Unexpected end tag {at}")
        match = TOKEN.match(source, place)
        if match is None:
            raise _wrong(f"Unclosed {'end' if closes else 'start'} tag {at}")
        plain, end, start, attributes = match.groups()
        if plain is not None:
            text += REFERENCE.sub(_referred, plain)
        elif start is not None:
            tag = start.lower()
            nested.append(_Open(tag, _argument(tag, attributes, at), len(text)))
        else:
            opened, tag = nested.pop(), end.lower()
            if tag != opened.tag:
                raise _wrong(
                    f'Unmatched end tag {at}, expected "</{opened.tag}>", found "</{tag}>"'
                )
            content = text[opened.start :]
            if content and (entity := _entity(opened, content, nested)):
                offset, length = utf16_length(text[: opened.start]), utf16_length(content)
                found.append({**entity, "offset": offset, "length": length})
        place = match.end()
    if nested:
        raise _wrong(f'Can\'t find end tag corresponding to start tag "{nested[-1].tag}"')
    return text, in_order(found)


def _wrong(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")


def _referred(match: re.Match[str]) -> str:
    name, decimal, hexadecimal = match.groups()
    if name:
        return REFERENCES[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if 0 < code <= LARGEST_CODE_POINT else match.group()


def _argument(tag: str, attributes: str, at: str) -> str:
    """The one attribute that matters for the tag, if it is there; Telegram ignores others."""
    if tag in {"tg-emoji", "tg-time"}:
        raise unsupported(f"the tag <{tag}>")
    if tag not in TYPES:
        raise _wrong(f'Unsupported start tag "{tag}" {at}')
    if ATTRIBUTE.sub("", attributes).strip():
        raise _wrong(f'Empty attribute name in the tag "{tag}" {at}')
    found = {
        name.lower(): REFERENCE.sub(_referred, "".join(quoted))
        for name, *quoted in ATTRIBUTE.findall(attributes)
    }
    if tag == "span" and found.get("class") != "tg-spoiler":
        raise _wrong(f'Tag "span" must have class "tg-spoiler" {at}')
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


def _entity(opened: _Open, content: str, nested: list[_Open]) -> Json | None:
    """What becomes of a tag that is closed; None for one that leaves plain text."""
    kind = TYPES[opened.tag]
    if opened.tag == "a":
        url = opened.argument or content
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
