"""The ten classes: their names, emoji and order, which is Fashion-MNIST's own."""

import re
from dataclasses import dataclass

from model.common.languages import LANGUAGES, words


@dataclass(frozen=True, slots=True)
class Label:
    """One class. `name` is the data set's own spelling, used wherever machines read."""

    index: int
    name: str
    emoji: str
    names: dict[str, str]

    def in_language(self, language: str) -> str:
        """The name for people; English for a language that we do not speak."""
        return self.names.get(language, self.names["en"])


def _slug(name: str) -> str:
    """The name as it appears in a message's id: "T-shirt/top" is t-shirt-top."""
    return re.sub("[^a-z]+", "-", name.lower())


LABELS: tuple[Label, ...] = tuple(
    Label(
        index,
        name,
        emoji,
        {language: words(language, "class-")[_slug(name)] for language in LANGUAGES},
    )
    for index, (name, emoji) in enumerate(
        [
            *(("T-shirt/top", "👕"), ("Trouser", "👖"), ("Pullover", "🧶"), ("Dress", "👗")),
            *(("Coat", "🧥"), ("Sandal", "👡"), ("Shirt", "👔"), ("Sneaker", "👟")),
            *(("Bag", "👜"), ("Ankle boot", "🥾")),
        ]
    )
)
NAMES: tuple[str, ...] = tuple(label.name for label in LABELS)
# What a person says of a photo that shows none of them.
NONE_OF_THESE = len(LABELS)
