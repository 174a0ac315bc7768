"""The bot's profile: name, description and short description, per language."""

from typing import Literal

Part = Literal["name", "description", "short_description"]


class Profile:
    """Texts by part and language code ("" for every other language)."""

    def __init__(self, first_name: str) -> None:
        self._texts: dict[tuple[Part, str], str] = {}
        self._first_name = first_name

    def set(self, part: Part, language: str, text: str) -> None:
        """Replace one text; an empty one deletes it."""
        if text:
            self._texts[part, language] = text
        else:
            self._texts.pop((part, language), None)

    def get(self, part: Part, language: str) -> str:
        """The text in the language, else that for every other, else nothing."""
        default = self._first_name if part == "name" else ""
        return self._texts.get((part, language), self._texts.get((part, ""), default))

    def name(self) -> str:
        """The bot's first name."""
        return self.get("name", "")
