"""The buttons under an answer, and under the question whether its photo may be kept.

A button's data is its verb and what it is about, such as `is:3:u42-1f3a9c04`. Telegram allows 64
bytes. People can send any data they like, so none of it is trusted.
"""

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.replies.captions import class_name
from model.common.corrections.answer_record import AnswerRecord, AnswerSummary
from model.common.corrections.book import Consent
from model.common.labels import LABELS, NONE_OF_THESE
from model.common.languages.sentences import say

MOST_BYTES = 64
# Of 815 garments one of the three likeliest classes was right for 802.
LIKELIEST = 3
# The numbers of an album's photos in one row of buttons.
NUMBERS_IN_ROW = 5

Button = tuple[str, str]  # its text and its data


def of_record(record: AnswerRecord) -> InlineKeyboardMarkup:
    """What fits the answer: all classes, what was said of it, or the likeliest classes."""
    answered = record.answered
    if record.menu_open:
        return classes(answered, without=record.choice.label if record.choice else None)
    if record.choice:
        return chosen(answered.id, answered.address.language, right=record.verdict == "right")
    return judging(answered)


def album(records: Sequence[AnswerRecord | None], selected: int) -> InlineKeyboardMarkup:
    """A number for each photo of an album; below them, the buttons of the `selected` one.

    What was said of a photo shows at its number. One that nothing is known of has no button.
    """
    markup = numbers(records, selected, "one")
    record = records[selected - 1] if 0 < selected <= len(records) else None
    if record is None:
        return markup
    return InlineKeyboardMarkup([*markup.inline_keyboard, *of_record(record).inline_keyboard])


def numbers(
    records: Sequence[AnswerRecord | None], selected: int, verb: str
) -> InlineKeyboardMarkup:
    """A number for each photo of an album that is remembered; each button's data has the `verb`."""
    buttons = [
        (_number(number, record, selected), f"{verb}:{record.answered.id}")
        for number, record in enumerate(records, 1)
        if record
    ]
    rows = -(-len(buttons) // NUMBERS_IN_ROW)
    width = -(-len(buttons) // rows) if rows else 1
    return _markup(*(buttons[i : i + width] for i in range(0, len(buttons), width)))


def judging(answered: AnswerSummary) -> InlineKeyboardMarkup:
    """The buttons under every answer: the three likeliest classes, and the way to the others.

    What the answer named is confirmed by its button. Whatever it named, one press says what the
    photo shows, for nearly all photos.
    """
    language, prediction = answered.address.language, answered.prediction
    buttons = [_class(label.index, answered) for label, _ in prediction.ranked[:LIKELIEST]]
    if prediction.verdict == "sure":
        name = prediction.label.in_language(language)
        buttons[0] = f"✓ {name}", buttons[0][1]
    buttons.append((say(language, "button-more"), f"more:{answered.id}"))
    rows = _pairs(buttons)
    if prediction.verdict == "none":
        none = say(language, "button-none-right")
        rows.append([(none, f"is:{NONE_OF_THESE}:{answered.id}")])
    return _markup(*rows)


def fits(answer_id: str) -> bool:
    """Whether every button about this answer is short enough."""
    return len(f"is:{NONE_OF_THESE}:{answer_id}".encode()) <= MOST_BYTES


def classes(answered: AnswerSummary, *, without: int | None = None) -> InlineKeyboardMarkup:
    """The classes in two columns, the likeliest first, none of them, and back.

    The one that stands already is left out: `without`, or else what a sure answer named.
    """
    language, prediction = answered.address.language, answered.prediction
    if without is None and prediction.verdict != "unsure":
        without = prediction.said
    ranked = [label.index for label, _ in prediction.ranked]
    rows = _pairs([_class(index, answered) for index in ranked if index != without])
    if without != NONE_OF_THESE:
        rows.append([(say(language, "button-none"), f"is:{NONE_OF_THESE}:{answered.id}")])
    return _markup(*rows, [(say(language, "button-back"), f"back:{answered.id}")])


def chosen(answer_id: str, language: str, *, right: bool) -> InlineKeyboardMarkup:
    """The button under a corrected or confirmed answer: the way to change it."""
    text = say(language, "button-was-right" if right else "button-was-wrong")
    return _markup([(text, f"more:{answer_id}")])


def consent(user_id: int, language: str, state: Consent | None) -> InlineKeyboardMarkup:
    """The answers that a person can still give to whether their photos may be kept."""
    yes = (say(language, "button-keep"), f"keep:yes:{user_id}")
    no = (say(language, "button-do-not-keep"), f"keep:no:{user_id}")
    allow = (say(language, "button-keep-after-all"), f"keep:yes:{user_id}")
    stop = (say(language, "button-keep-no-longer"), f"keep:no:{user_id}")
    return _markup({"yes": [stop], "no": [allow]}.get(state or "asked", [yes, no]))


def privacy(language: str) -> InlineKeyboardMarkup:
    """The button below the summary about privacy: the full text."""
    return _markup([(say(language, "button-details"), "privacy:details")])


def forget(user_id: int, language: str) -> InlineKeyboardMarkup:
    """The buttons that confirm or cancel the deletion of a person's data."""
    yes = (say(language, "button-forget"), f"forget:yes:{user_id}")
    return _markup([yes, (say(language, "button-forget-not"), f"forget:no:{user_id}")])


def sample(language: str) -> InlineKeyboardMarkup:
    """Below the greeting: a picture to try."""
    return _markup([(say(language, "button-sample"), "sample:")])


def _number(number: int, record: AnswerRecord, selected: int) -> str:
    said = f"{number} ✓" if record.choice else str(number)
    return f"› {said} ‹" if number == selected else said


def _class(index: int, answered: AnswerSummary) -> Button:
    return class_name(LABELS[index], answered.address.language), f"is:{index}:{answered.id}"


def _pairs(buttons: list[Button]) -> list[list[Button]]:
    return [buttons[i : i + 2] for i in range(0, len(buttons), 2)]


def _markup(*rows: list[Button]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(text, callback_data=data) for text, data in row] for row in rows]
    )
