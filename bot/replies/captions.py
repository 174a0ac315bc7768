"""What an answer says in words: the captions of its picture."""

from bot.i18n.messages import say
from model.common.labels import LABELS, NONE_OF_THESE, Label
from model.common.prediction import Prediction
from model.common.queue.messages import Answer, Correction, RefusalReason

REFUSALS: dict[RefusalReason, str] = {
    "unreadable": "answer-unreadable",
    "too_large": "answer-too-large",
    "failed": "answer-failed",
}


def sentence(answer: Answer) -> str:
    """Say the answer in the person's language: the caption of its picture."""
    if answer.prediction is None:
        return say(answer.language, REFUSALS[answer.refusal or "failed"])
    return predicted(answer.prediction, answer.language)


def corrected(correction: Correction, language: str) -> str:
    """Say what a person said of the answer, and what the answer was."""
    before = predicted(correction.prediction, language)
    if correction.label is None:
        return before
    if correction.label == correction.prediction.said:
        return say(language, "answer-confirmed", before=before)
    if correction.label == NONE_OF_THESE:
        return say(language, "answer-corrected-none", before=before)
    label = LABELS[correction.label]
    return say(
        language,
        "answer-corrected",
        emoji=label.emoji,
        garment=label.in_language(language),
        before=before,
    )


def predicted(prediction: Prediction, language: str) -> str:
    """Say what the classifier says of a photo."""
    if prediction.verdict == "none":
        return say(language, "answer-none")
    first, second = prediction.ranked[:2]
    if prediction.verdict == "unsure":
        return say(
            language,
            "answer-unsure",
            first=first[0].in_language(language),
            firstpercent=percent(first[1]),
            second=second[0].in_language(language),
            secondpercent=percent(second[1]),
        )
    label: Label = first[0]
    return say(
        language,
        "answer-sure",
        emoji=label.emoji,
        garment=label.in_language(language),
        percent=percent(first[1]),
    )


def percent(probability: float) -> int:
    """Round to whole percents, halves up."""
    return int(100 * probability + 0.5)
