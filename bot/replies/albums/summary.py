"""The caption of the one message that answers an album."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.replies.captions import class_name
from model.common.corrections.answer_record import AnswerRecord
from model.common.labels import LABELS, NONE_OF_THESE
from model.common.languages.sentences import say
from model.common.prediction import Prediction
from model.common.queue.messages import RefusalReason


@dataclass(frozen=True, slots=True)
class Finding:
    """The result for one photo of an album.

    `label` is a person's correction. Without a prediction the photo was refused, or its answer is
    no longer known.
    """

    prediction: Prediction | None = None
    label: int | None = None
    refusal: RefusalReason | None = None

    @classmethod
    def of_record(cls, record: AnswerRecord | None) -> "Finding":
        """From the record of an answer."""
        if record is None:
            return cls()
        return cls(record.answered.prediction, record.choice.label if record.choice else None)


def summary(findings: Sequence[Finding], language: str, *, correctable: bool) -> str:
    """The counts of the classes, the most frequent first, and of photos that failed to open."""
    counted = Counter(_kind(each) for each in findings)
    garments = [(kind, count) for kind, count in counted.most_common() if isinstance(kind, int)]
    parts = [
        say(language, "album-part", count=count, garment=class_name(LABELS[kind], language))
        for kind, count in garments
    ]
    parts += [
        say(language, f"album-{kind}", count=counted[kind])
        for kind in ("unsure", "none", "gone")
        if counted[kind]
    ]
    lines = [say(language, "album-summary", count=len(findings), parts=", ".join(parts))]
    for number, finding in enumerate(findings, 1):
        if finding.refusal:
            reason = say(language, f"answer-{finding.refusal}")
            lines.append(say(language, "album-refused", number=number, reason=reason))
    if correctable:
        lines.append(say(language, "album-tap"))
    return "\n".join(lines)


def _kind(finding: Finding) -> int | str:
    """The index of a class, or "unsure", "none" or "gone"."""
    if finding.label is not None:
        return "none" if finding.label == NONE_OF_THESE else finding.label
    if finding.prediction is None:
        return "gone"
    verdict = finding.prediction.verdict
    return finding.prediction.said if verdict == "sure" else verdict
