"""The outcome of an answer, for the log and the metrics."""

import logging
import time

from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from model.common import metrics
from model.common.queue.messages import Answer

log = logging.getLogger(__name__)

# The first that fits.
REASONS: dict[type[Exception], str] = {
    Forbidden: "forbidden",
    ChatMigrated: "moved",
    BadRequest: "refused",
    TelegramError: "too_old",
    Exception: "error",
}


def note_sent(answer: Answer, sending: float) -> float:
    """Count an answer that Telegram accepted after `sending` seconds, and say so in the log.

    Return the seconds since its photo came.
    """
    metrics.SECONDS.labels("sending").observe(sending)
    whole = max(0.0, time.time() - answer.sent_at)
    if answer.correction:
        log.info("correction sent job=%s seconds=%.2f", answer.id, whole)
        return whole
    # A refusal by the worker is an answer, too.
    verdict = answer.prediction.verdict if answer.prediction else answer.refusal
    metrics.ANSWERED.labels(verdict).inc()
    metrics.WHOLE.observe(whole)
    log.info(
        "photo sent job=%s verdict=%s seconds=%.2f sending_ms=%.0f",
        *(answer.id, verdict, whole, 1000 * sending),
    )
    return whole


def note_given_up(answer: Answer, error: Exception) -> None:
    """Count an answer that Telegram will never take, by the reason, and say so in the log."""
    reason = next(name for kind, name in REASONS.items() if isinstance(error, kind))
    metrics.GIVEN_UP.labels(reason).inc()
    said = "is given up as too old" if reason == "too_old" else "cannot be sent"
    log.warning("Answer %s %s: %s", answer.id, said, error)
