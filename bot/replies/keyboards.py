"""The buttons under an answer, and under the question whether its photo may be kept.

A button's data is its verb and what it is about, such as `is:3:u42-1f3a9c04`. Telegram allows 64
bytes, and lets a person send any data that they like: nothing in it is to be believed.
"""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.i18n.messages import say
from model.common.corrections.answer_record import AnswerRecord
from model.common.corrections.book import Consent
from model.common.labels import LABELS, NONE_OF_THESE
from model.common.prediction import Prediction

MOST_BYTES = 64


def of_record(record: AnswerRecord) -> InlineKeyboardMarkup:
    """What fits the answer: its classes, what was said of it, or right and wrong."""
    answered = record.answered
    if record.menu_open:
        return classes(answered.id, answered.language)
    if record.choice:
        return chosen(answered.id, answered.language, right=record.verdict == "right")
    return judging(answered.id, answered.language)


def judging(answer_id: str, language: str) -> InlineKeyboardMarkup:
    """Right, wrong: under every answer."""
    return _markup(
        [
            (say(language, "button-right"), f"right:{answer_id}"),
            (say(language, "button-wrong"), f"wrong:{answer_id}"),
        ]
    )


def fits(answer_id: str) -> bool:
    """Whether every button about this answer is short enough."""
    return len(f"is:{NONE_OF_THESE}:{answer_id}".encode()) <= MOST_BYTES


def classes(answer_id: str, language: str) -> InlineKeyboardMarkup:
    """The ten classes in two columns, none of them, and back."""
    buttons = [_class(index, answer_id, language) for index in range(len(LABELS))]
    rows = [buttons[i : i + 2] for i in range(0, len(buttons), 2)]
    none = (say(language, "button-none"), f"is:{NONE_OF_THESE}:{answer_id}")
    return _markup(*rows, [none], [_back(answer_id, language)])


def two(answer_id: str, language: str, prediction: Prediction) -> InlineKeyboardMarkup:
    """The two classes that an unsure answer named: which of them is right?"""
    named = [label.index for label, _ in prediction.ranked[:2]]
    rows = [[_class(index, answer_id, language)] for index in named]
    return _markup(*rows, [_back(answer_id, language)])


def chosen(answer_id: str, language: str, *, right: bool) -> InlineKeyboardMarkup:
    """What stands under a judged answer: the way to change it."""
    text = say(language, "button-was-right" if right else "button-was-wrong")
    return _markup([(text, f"wrong:{answer_id}")])


def consent(user_id: int, language: str, state: Consent | None) -> InlineKeyboardMarkup:
    """The answers that a person can still give to whether their photos may be kept."""
    yes = (say(language, "button-keep"), f"keep:yes:{user_id}")
    no = (say(language, "button-do-not-keep"), f"keep:no:{user_id}")
    allow = (say(language, "button-keep-after-all"), f"keep:yes:{user_id}")
    stop = (say(language, "button-keep-no-longer"), f"keep:no:{user_id}")
    return _markup({"yes": [stop], "no": [allow]}.get(state or "asked", [yes, no]))


def _class(index: int, answer_id: str, language: str) -> tuple[str, str]:
    label = LABELS[index]
    return f"{label.emoji} {label.in_language(language)}", f"is:{index}:{answer_id}"


def _back(answer_id: str, language: str) -> tuple[str, str]:
    return say(language, "button-back"), f"back:{answer_id}"


def _markup(*rows: list[tuple[str, str]]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(text, callback_data=data) for text, data in row] for row in rows]
    )
