"""A garment's look: colours, pattern, proportions and pose."""

from dataclasses import dataclass
from typing import Literal, get_args

Colour = tuple[int, int, int]
Pattern = Literal["plain", "stripes", "pinstripes", "dots", "checks"]
PATTERNS: tuple[Pattern, ...] = get_args(Pattern)

WHITE: Colour = (255, 255, 255)
INK: Colour = (24, 28, 46)


@dataclass(frozen=True, slots=True)
class Style:
    """One look of a garment.

    `colour` is the cloth's and `accent` the pattern's and the trimmings', both 8-bit sRGB.
    `rotation` in degrees, clockwise. `scale` in (0, 1] is the part of the picture's side that the
    garment's longer side takes. `stretch` in [0.6, 1.6] widens (above 1) or narrows it; `flare` in
    [-0.3, 0.3] widens it towards the bottom or, below 0, the top. `mirrored` swaps left and right.
    Raises ValueError outside of these.
    """

    colour: Colour = (76, 141, 214)
    accent: Colour = (255, 255, 255)
    pattern: Pattern = "plain"
    rotation: float = 0.0
    scale: float = 0.92
    stretch: float = 1.0
    flare: float = 0.0
    mirrored: bool = False

    def __post_init__(self) -> None:
        if not all(0 <= channel <= 255 for channel in (*self.colour, *self.accent)):
            raise ValueError("A style's colours have channels from 0 to 255.")
        if self.pattern not in PATTERNS:
            raise ValueError(f"A style's pattern is one of {', '.join(PATTERNS)}.")
        if not 0 < self.scale <= 1:
            raise ValueError("A style's scale is above 0 and at most 1.")
        if not (0.6 <= self.stretch <= 1.6 and -0.3 <= self.flare <= 0.3):
            raise ValueError("A style's stretch is 0.6 to 1.6 and its flare -0.3 to 0.3.")


def mix(one: Colour, other: Colour, part: float) -> Colour:
    """`part` (0 to 1) of the other colour in the one."""
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


# Each class as it looks in the picture of /classes, in the order of LABELS.
OWN_STYLES: tuple[Style, ...] = (
    Style((66, 145, 226), (240, 247, 255)),
    Style((63, 92, 143), (222, 170, 92)),
    Style((232, 168, 56), (255, 240, 208), "stripes"),
    Style((226, 84, 96), (255, 226, 222), "dots"),
    Style((187, 138, 91), (92, 62, 40)),
    Style((201, 125, 72), (118, 66, 36)),
    Style((226, 238, 250), (122, 168, 218), "pinstripes"),
    Style((42, 172, 158), (255, 122, 77)),
    Style((150, 62, 104), (238, 196, 120)),
    Style((129, 80, 52), (64, 40, 30)),
)
