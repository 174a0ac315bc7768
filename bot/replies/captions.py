"""The captions of answers."""

from model.common.corrections.answer_record import AnswerSummary
from model.common.labels import LABELS, NONE_OF_THESE, Label
from model.common.languages.sentences import say
from model.common.prediction import Prediction, percent
from model.common.queue.messages import Answer, Correction

# Where no garment was found, the tip that fits best: a class this likely is there, but small or cut
# off; a second one this likely means several pieces. Neither if it hardly looks like a garment.
LIKELY, SECOND_LIKELY, HARDLY = 0.6, 0.25, 0.1


def sentence(answer: Answer) -> str:
    """Say the answer in the person's language: the caption of its picture."""
    if answer.prediction is None:
        return say(answer.address.language, f"answer-{answer.refusal or 'failed'}")
    return predicted(answer.prediction, answer.address.language)


def corrected(correction: Correction, language: str) -> str:
    """Say what a person said of the answer, and what the answer was."""
    prediction, label = correction.prediction, correction.label
    if label is None:
        return predicted(prediction, language)
    if label == prediction.said:
        return say(
            language,
            "answer-confirmed",
            verdict=prediction.verdict,
            garment=class_name(prediction.label, language),
            percent=percent(prediction.ranked[0][1]),
        )
    return say(
        language,
        "answer-corrected-none" if label == NONE_OF_THESE else "answer-corrected",
        verdict=prediction.verdict,
        garment="" if label == NONE_OF_THESE else class_name(LABELS[label], language),
        before=prediction.label.in_language(language),
    )


def predicted(prediction: Prediction, language: str) -> str:
    """Say what the classifier says of a photo."""
    (first, likeliest), (second, next_likely) = prediction.ranked[:2]
    if prediction.verdict == "unsure":
        return say(
            language,
            "answer-unsure",
            first=first.in_language(language),
            firstpercent=percent(likeliest),
            second=second.in_language(language),
            secondpercent=percent(next_likely),
        )
    said = say(
        language,
        "answer-none" if prediction.verdict == "none" else "answer-sure",
        garment=class_name(first, language),
        percent=percent(likeliest),
    )
    if prediction.verdict == "none":
        return f"{said}\n{say(language, _tip(prediction))}"
    return said


def details(answered: AnswerSummary, language: str) -> str:
    """All ten classes with their shares, and how much the photo looks like a garment."""
    prediction = answered.prediction
    lines = [predicted(prediction, language).partition("\n")[0], ""]
    lines += [
        say(
            language,
            "details-class",
            garment=class_name(label, language),
            percent=100 * probability,
        )
        for label, probability in prediction.ranked
    ]
    score = percent(prediction.garment_score)
    lines += ["", say(language, "details-garment", percent=score)]
    lines.append(say(language, "details-model", version=prediction.model))
    return "\n".join(lines)


def class_name(label: Label, language: str) -> str:
    """The class with its emoji."""
    return f"{label.emoji} {label.in_language(language)}"


def _tip(prediction: Prediction) -> str:
    """Advice for a better photo, if no garment was found in this one."""
    (_, likeliest), (_, next_likely) = prediction.ranked[:2]
    if prediction.garment_score < HARDLY:
        return "tip-plain-ground"
    if likeliest >= LIKELY:
        return "tip-closer"
    return "tip-one-piece" if next_likely >= SECOND_LIKELY else "tip-plain-ground"
