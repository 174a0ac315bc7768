"""The web chat's words: each is there in every language, with the same gaps to fill."""

import inspect
import json
import re
from html.parser import HTMLParser

from bot.sandbox import web_chat, web_requests
from bot.sandbox.web_chat import WEB
from model.common.languages import LANGUAGES

GAP = re.compile(r"\{(\w+)\}")


def rows() -> list[list[str]]:
    source = (WEB / "words.js").read_text(encoding="utf-8")
    found = re.findall(r"^  (\[\".*\]),$", source, re.MULTILINE)
    return [json.loads(row) for row in found]


class _Texts(HTMLParser):
    """What index.html says: its texts and labels."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent = tag
        self.found += [value for name, value in attrs if name == "aria-label" and value]

    def handle_data(self, data: str) -> None:
        if self._silent not in {"title", "script", "style"} and data.strip():
            self.found.append(" ".join(data.split()))


def test_every_row_has_every_language_and_the_same_gaps() -> None:
    assert len(rows()) > 80
    for row in rows():
        assert len(row) == len(LANGUAGES)
        assert all(each.strip() for each in row)
        assert len({tuple(sorted(GAP.findall(each))) for each in row}) == 1, row


def test_what_the_page_says_is_translated() -> None:
    english = {row[0] for row in rows()}
    said = set()
    for path in WEB.rglob("*.js"):
        source = path.read_text(encoding="utf-8")
        for call in re.findall(r"\bt\(([^;]*?)\)", source):
            said |= set(re.findall(r'"([^"]+)"', call.partition(", {")[0]))
    page = _Texts()
    page.feed((WEB / "index.html").read_text(encoding="utf-8"))
    # Its own name, the button of a dialogue, and what a browser without scripts shows.
    own = {"Modista", "bot", "OK", "This chat needs JavaScript."}
    assert said - english == set()
    assert set(page.found) - english - own == set()


def test_what_the_server_says_to_people_is_translated() -> None:
    source = inspect.getsource(web_chat) + inspect.getsource(web_requests)
    said = {*re.findall(r'ChatError\(\s*"([^"]+)"', source), web_requests.TOO_LARGE}
    assert len(said) > 8
    # A page of ours never asks so; what the browser fetches by itself shows no sentence.
    own = {
        each
        for each in said
        if each.startswith(("Give ", "The request's body", "There is no such file"))
    }
    assert said - own - {row[0] for row in rows()} == set()
