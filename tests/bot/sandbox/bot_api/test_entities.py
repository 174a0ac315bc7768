"""Formatting: tags and marks become entities, mistakes are refused in Telegram's words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.bot_api import entities, html_text
from bot.sandbox.bot_api.api_errors import ApiError
from bot.sandbox.bot_api.request import Json


def shown(text: str, found: list[Json]) -> list[tuple[str, str]]:
    """Each entity's type with the text that it covers."""
    units = text.encode("utf-16-le")
    return [
        (
            entity["type"],
            units[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode(
                "utf-16-le"
            ),
        )
        for entity in found
    ]


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("<b>Bold</b> &amp; plain", "Bold & plain", [("bold", "Bold")]),
        ("👟 <b>Sneaker</b>", "👟 Sneaker", [("bold", "Sneaker")]),
        ("<b>a<i>b</i></b>", "ab", [("bold", "ab"), ("italic", "b")]),
        ("<u>a</u><s>b</s><tg-spoiler>c</tg-spoiler>", "abc",
         [("underline", "a"), ("strikethrough", "b"), ("spoiler", "c")]),
        ('<span class="tg-spoiler">c</span>', "c", [("spoiler", "c")]),
        ('<a href="https://example.org/?a=1&amp;b=>">link</a>', "link", [("text_link", "link")]),
        ("<pre><code class='language-python'>x</code></pre>", "x", [("pre", "x")]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", "q")]),
        ("&lt;b&gt; &nbsp; &#65;&#x1F45F; 1 & 2", "<b> &nbsp; A👟 1 & 2", []),
        ("<B>loud</B>", "loud", [("bold", "loud")]),
        ("<b></b>nothing", "nothing", []),
    ],
)  # fmt: skip
def test_html(source: str, text: str, expected: list[tuple[str, str]]) -> None:
    parsed, found = html_text.parse(source)
    assert parsed == text
    assert shown(parsed, found) == expected


def test_html_keeps_addresses_and_languages() -> None:
    _, [link] = html_text.parse('<a href="https://example.org/?a=1&amp;b=2">x</a>')
    assert link["url"] == "https://example.org/?a=1&b=2"
    _, [block] = html_text.parse('<pre><code class="language-c">x</code></pre>')
    assert block["language"] == "c"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("é<div>x</div>", 'Unsupported start tag "div" at byte offset 2'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("1 < 2", "Unclosed start tag at byte offset 2"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_wrong_html(source: str, reason: str) -> None:
    with pytest.raises(ApiError) as raised:
        html_text.parse(source)
    assert raised.value.description == f"Bad Request: can't parse entities: {reason}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/start", [("bot_command", "/start")]),
        ("👟 /classes@modista_bot, please", [("bot_command", "/classes@modista_bot")]),
        ("a/b and /é", []),
        ("see https://example.org/a.", [("url", "https://example.org/a")]),
        ("#shoe by @somebody, me@example.org",
         [("hashtag", "#shoe"), ("mention", "@somebody"), ("email", "me@example.org")]),
    ],
)  # fmt: skip
def test_what_telegram_finds_by_itself(text: str, expected: list[tuple[str, str]]) -> None:
    assert shown(text, entities.detected(text)) == expected


def test_nothing_is_found_inside_code() -> None:
    text, found = html_text.parse("<code>/start</code> /help")
    assert shown(text, entities.detected(text, found)) == [
        ("code", "/start"),
        ("bot_command", "/help"),
    ]


def test_white_space_at_the_ends_goes_and_entities_follow() -> None:
    text, found = entities.trimmed(*html_text.parse("\n <b> 👟 x </b> "))
    assert text == "👟 x"
    assert shown(text, found) == [("bold", "👟 x")]


@pytest.mark.parametrize(
    ("entity", "reason"),
    [
        ({"type": "bold", "offset": 0, "length": 9}, "outside the text"),
        ({"type": "bold", "offset": -1, "length": 1}, "outside the text"),
        ({"type": "bold", "offset": "0", "length": 1}, "must be an Integer"),
        ({"type": "text_link", "offset": 0, "length": 1}, "a url goes with text_link"),
        ({"type": "custom_emoji", "offset": 0, "length": 1}, "does not support"),
        ({"type": "bold", "offset": 0, "length": 1, "colour": "red"}, 'unknown field "colour"'),
    ],
)
def test_entities_that_do_not_fit_are_refused(entity: Json, reason: str) -> None:
    with pytest.raises(ApiError, match=reason):
        entities.checked("text", [entity])


@given(st.text())
def test_any_text_is_parsed_or_refused(source: str) -> None:
    try:
        text, found = html_text.parse(source)
    except ApiError:
        return
    entities.checked(text, found)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_escaped_text_comes_out_as_it_was(text: str) -> None:
    tags = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert html_text.parse(tags) == (text, [])
