"""Where the parts of a chart are, in pixels: the photo, the heading and the rows of bars."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    """Positions and sizes in pixels. A row is a line of text and, below it, its bar."""

    width: int
    height: int  # at least; more where a photo stands above the rows
    margin: int
    photo: tuple[int, int]  # the largest size of the photo
    left: int  # of the rows, which end at the right margin
    kicker_size: int  # of the letters in the line above the title
    title_size: int
    text_size: int  # of the letters in the rows
    kicker: int  # the heights of the lines
    title: int
    line: int
    bar: int
    gap: int  # below a bar

    @property
    def column(self) -> int:
        """How wide the rows are."""
        return self.width - self.margin - self.left

    @property
    def row(self) -> int:
        """From one row to the next."""
        return self.line + self.bar + self.gap


# On a phone a picture is some 330 px wide: letters of 29 px of 800, or of 19 of 512, are 12 px
# there. These are larger, as some show it at 270 px.
LEFT = Layout(
    width=800, height=464, margin=24, photo=(312, 416), left=360,
    kicker_size=30, title_size=46, text_size=34, kicker=38, title=66, line=45, bar=14, gap=11,
)  # fmt: skip
# Smaller, as the photo has the whole width: an enlarged one would cost more and show no more.
ABOVE = Layout(
    width=512, height=0, margin=20, photo=(472, 472), left=20,
    kicker_size=21, title_size=34, text_size=24, kicker=28, title=48, line=32, bar=10, gap=8,
)  # fmt: skip
# All ten classes, for a screen on a desk.
WHOLE = Layout(
    width=800, height=592, margin=24, photo=(312, 416), left=360,
    kicker_size=20, title_size=34, text_size=20, kicker=28, title=46, line=28, bar=10, gap=9,
)  # fmt: skip
