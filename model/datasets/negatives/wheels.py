"""Things held out of the training: a bicycle, a car, and keys."""

import math
from random import Random

from model.datasets.negatives.sketch import Pen, colour, dark, light, near


def bicycle(random: Random, pen: Pen) -> None:
    """A bicycle from the side."""
    frame, tyre = colour(random, saturation=(0, 0.9), value=(0.15, 0.9)), (34, 34, 38)
    reach, width = random.uniform(0.36, 0.42), random.uniform(0.03, 0.05)
    back, front = (-0.56, 0.42), (0.56, 0.42)
    for x, y in (back, front):
        for spoke in range(random.randint(6, 14)):
            wire = pen.at(x, y, 1, spoke * 29)
            wire.line(((0, 0), (0, -reach)), (160, 162, 166), 0.008)
        pen.ring(x, y, reach, tyre, 0.05)
        pen.dot(x, y, 0.05, tyre)
    pedals, saddle, head = (-0.1, 0.42), (-0.22, -0.24), (0.42, -0.24)
    for line in (
        (back, pedals),
        (back, saddle),
        (pedals, saddle),
        (pedals, head),
        (saddle, head),
        (head, front),
    ):
        pen.line(line, frame, width)
    pen.line((saddle, (-0.26, -0.38)), tyre, width)
    pen.box(-0.42, -0.45, -0.12, -0.38, tyre, radius=0.04)
    bar = random.choice(
        (
            ((0.42, -0.24), (0.38, -0.48), (0.24, -0.5)),
            ((0.42, -0.24), (0.4, -0.42), (0.6, -0.42), (0.6, -0.28)),
        )
    )
    pen.line(bar, dark(frame, 0.3), width)
    pen.ring(*pedals, 0.11, (90, 92, 96), 0.03)
    pen.line((pedals, (pedals[0] + 0.1, pedals[1] + 0.17)), (90, 92, 96), 0.03)


def car(random: Random, pen: Pen) -> None:
    """A car from the side."""
    paint, glass = colour(random, saturation=(0, 0.9), value=(0.15, 0.98)), (120, 150, 170)
    roof, back = random.randint(270, 350), random.randint(180, 300)
    front, sill = random.randint(620, 720), roof + 30
    pen.path(
        f"M 30 600 Q 20 480 110 460 L {back - 20} 450 Q {back + 60} {roof} {back + 120} {roof} "
        f"L {front - 90} {roof} Q {front} {roof} {front + 90} 450 "
        "Q 960 470 975 560 L 970 640 L 40 640 Z",
        paint,
    )
    pen.path(
        f"M {back + 40} 450 Q {back + 90} {sill} {back + 130} {sill} L 480 {sill} L 480 450 Z",
        glass,
    )
    pen.path(
        f"M 510 450 L 510 {sill} L {front - 95} {sill} Q {front - 20} {sill} {front + 50} 450 Z",
        glass,
    )
    pen.line(((-0.01, -0.4), (-0.01, 0.25)), dark(paint, 0.4), 0.012)
    pen.line(((-0.95, 0.05), (0.92, 0.05)), dark(paint, 0.2), 0.012)
    pen.box(0.05, -0.03, 0.15, 0.0, dark(paint, 0.5))
    pen.ellipse(0.9, 0.06, 0.05, 0.05, (250, 244, 210))
    pen.ellipse(-0.93, 0.02, 0.03, 0.06, (200, 40, 40))
    rim = random.randint(4, 8)
    for x in (-0.55, 0.55):
        pen.dot(x, 0.27, 0.23, dark(paint, 0.75))
        pen.dot(x, 0.28, 0.2, (30, 30, 34))
        pen.dot(x, 0.28, 0.12, (180, 182, 186))
        for spoke in range(rim):
            arm = pen.at(x, 0.28, 1, 360 * spoke / rim)
            arm.line(((0, 0), (0, -0.1)), (90, 92, 96), 0.02)


def keys(random: Random, pen: Pen) -> None:
    """Keys on a ring."""
    metals = ((196, 170, 100), (176, 178, 184), (150, 120, 84))
    pen.ring(0, -0.45, 0.32, (150, 152, 158), 0.045)
    count = random.randint(1, 4)
    for index in range(count):
        lean = (index - (count - 1) / 2) * 32 + random.uniform(-8, 8)
        key = pen.at(0.26 * math.sin(math.radians(-lean)), -0.2, 0.9, lean)
        tone = near(random, random.choice(metals))
        teeth = [(0.07, 0.4)]
        for notch in range(7):
            teeth.append((0.07 + random.uniform(0.0, 0.06), 0.45 + notch * 0.08))
            teeth.append((0.05, 0.49 + notch * 0.08))
        key.polygon(
            [(-0.07, 0.25), (0.07, 0.25), *teeth, (0.0, 1.15), (-0.07, 1.08)], dark(tone, 0.08)
        )
        if random.random() < 0.5:
            key.dot(0, 0.1, 0.25, tone)
        else:
            key.box(-0.24, -0.12, 0.24, 0.32, tone, radius=0.1)
        key.dot(0, 0.0, 0.07, dark(tone, 0.7))
        key.line(((0, 0.35), (0, 1.0)), light(tone, 0.3), 0.02)
