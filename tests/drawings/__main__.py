"""Writes the pictures that the bot ships: the cards of /classes, and photos to try it with."""

from bot.handlers.photos import SAMPLES
from model.common.pictograms import CARDS
from tests.drawings.assets import SAMPLED, cards
from tests.drawings.scenes import scene

if __name__ == "__main__":
    cards().save(CARDS, optimize=True)
    for file, drawn in zip(SAMPLES, SAMPLED, strict=True):
        scene(*drawn).save(file, quality=90)
