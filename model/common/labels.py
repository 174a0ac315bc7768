"""The ten classes: their names, emoji and order, which is Fashion-MNIST's own."""

from dataclasses import dataclass

LANGUAGES = ("en", "es")


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


LABELS: tuple[Label, ...] = tuple(
    Label(index, name, emoji, {"en": english, "es": spanish})
    for index, (name, emoji, english, spanish) in enumerate(
        [
            ("T-shirt/top", "👕", "T-shirt or top", "Camiseta o top"),
            ("Trouser", "👖", "Trousers", "Pantalón"),
            ("Pullover", "🧶", "Pullover", "Jersey"),
            ("Dress", "👗", "Dress", "Vestido"),
            ("Coat", "🧥", "Coat", "Abrigo"),
            ("Sandal", "👡", "Sandal", "Sandalia"),
            ("Shirt", "👔", "Shirt", "Camisa"),
            ("Sneaker", "👟", "Sneaker", "Zapatilla"),
            ("Bag", "👜", "Bag", "Bolso"),
            ("Ankle boot", "🥾", "Ankle boot", "Botín"),
        ]
    )
)
NAMES: tuple[str, ...] = tuple(label.name for label in LABELS)
# What a person says of a photo that shows none of them.
NONE_OF_THESE = len(LABELS)
