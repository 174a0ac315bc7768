"""The buttons that decide on a candidate: a model that nobody promoted yet."""

from hashlib import sha256

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from model.common.languages.sentences import say
from model.common.registry.entry import Doubt

# What begins the data of the buttons; after it an action, and marks of versions.
PREFIX = "candidate:"
# What the second question's button says, by what speaks against the version.
PROMOTE: dict[Doubt, str] = {
    "": "candidate-promote",
    "refused": "candidate-promote-refused",
    "unmeasured": "candidate-promote-unmeasured",
}


def mark(version: str) -> str:
    """A version in a button's data, which has 64 bytes: less than a version's name may have."""
    return sha256(version.encode()).hexdigest()[:16]


def ask(version: str) -> str:
    """The data of a button that asks whether the version is to serve."""
    return f"{PREFIX}ask:{mark(version)}"


def under_verdict(version: str, language: str, *, kept: bool = False) -> InlineKeyboardMarkup:
    """Keep it aside, unless that was `kept` to already; promote it anyway; discard it."""

    def button(message: str, data: str) -> InlineKeyboardButton:
        return InlineKeyboardButton(say(language, message), callback_data=data)

    keep = [button("candidate-keep", f"{PREFIX}keep:{mark(version)}")]
    others = [
        button("candidate-anyway", ask(version)),
        button("candidate-discard", f"{PREFIX}discard:{mark(version)}"),
    ]
    return InlineKeyboardMarkup([others] if kept else [keep, others])


def under_question(version: str, current: str, doubt: Doubt, language: str) -> InlineKeyboardMarkup:
    """Promote it in place of the current version, or leave it."""
    promote = f"{PREFIX}promote:{mark(version)}:{mark(current)}"
    yes = InlineKeyboardButton(say(language, PROMOTE[doubt]), callback_data=promote)
    no = InlineKeyboardButton(say(language, "candidate-leave"), callback_data=f"{PREFIX}leave")
    return InlineKeyboardMarkup.from_column([yes, no])
