"""What the bot says of itself: description and short description, per language."""

from typing import Literal

Part = Literal["description", "short_description"]


class Profile:
    """Texts by part and language code ("" for every other language)."""

    def __init__(self) -> None:
        self._texts: dict[tuple[Part, str], str] = {}

    def set(self, part: Part, language: str, text: str) -> None:
        """Replace one text; an empty one deletes it."""
        self._texts[part, language] = text

    def get(self, part: Part, language: str) -> str:
        """The text in the language, else that for every other, else nothing."""
        return self._texts.get((part, language)) or self._texts.get((part, ""), "")
