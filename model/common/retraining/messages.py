"""The messages of a retraining: the job, its progress and its outcome.

There is one retraining at a time; `model.common.retraining.job_slot` keeps it.
"""

import time
from dataclasses import dataclass, field
from typing import Any, Literal

from model.common.redis_tools.serialization import Id, Serializable

# The networks that can be asked for by name: those of `model.networks.architectures`.
NETWORKS = ("ann", "litenet")
# Those that take small grey images, and so neither photos nor corrections.
FASHION_MNIST_ONLY = frozenset({"ann"})
MOST_EPOCHS = 100

# In their order. From "publishing" on it is too late to cancel.
RetrainStage = Literal[
    "waiting", "loading", "training", "compiling", "measuring", "drawing", "publishing"
]
Verdict = Literal["promoted", "kept", "failed", "cancelled"]
# Why it came to this verdict. Each has its sentence in model/common/languages.
Reason = Literal[
    "better",
    "lost",
    "no-gain",
    "one-person",
    "changed",
    "no-corrections",
    "no-fashion-mnist",
    "died",
    "error",
    "cancelled",
    "unknown-network",
]
# What keeps the corrections to learn from and those to judge by apart; "" where there are none.
SplitBy = Literal["", "people", "pictures"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrainJob(Serializable):
    """One retraining that somebody asked for. Times are Unix seconds.

    `network` None means: fine-tune the current model; else a named network is trained from
    scratch. `epochs` None leaves their number to the training. `message_id` is the message that
    follows the retraining in the chat `chat_id`; both are 0 if it was asked for in a shell.
    `topic` is the forum's topic there, if it has any. `admins` are the admins' names in Redis: the
    corrections of one of them alone can carry a new model.
    """

    id: str
    network: str | None = None
    epochs: int | None = None
    user_id: Id = 0
    user_name: str = ""
    chat_id: Id = 0
    message_id: Id = 0
    topic: Id | None = None
    language: str = "en"
    admins: list[str] = field(default_factory=list)
    asked_at: float = field(default_factory=time.time)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrainProgress(Serializable):
    """A retraining's progress: `share` of the whole, 0 to 1, and what is known of the training.

    `accuracy` is that on the held-back pictures that `accuracy_of` names, "fashion_mnist" or
    "photos".
    """

    stage: RetrainStage
    share: float = 0.0
    epoch: int | None = None
    epochs: int | None = None
    loss: float | None = None
    accuracy: float | None = None
    accuracy_of: str | None = None
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures(Serializable):
    """One model's measurements: accuracies and expected calibration errors, all 0 to 1.

    `photos_auroc` is how well it tells photos of garments from those of other garments,
    `shoes_auroc` from those of other shoes, and `things_auroc` from those of things, of which the
    share `things` is answered "none".

    `counts` says how many pictures are behind each figure, by its name.
    """

    fashion_mnist: float
    photos: float | None = None
    corrections: float | None = None
    fashion_mnist_ece: float
    photos_ece: float | None = None
    photos_auroc: float | None = None
    shoes_auroc: float | None = None
    things: float | None = None
    things_auroc: float | None = None
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Serializable):
    """The outcome of a retraining.

    `detail` is for what no sentence can know: an error's own words, the name that was not found.
    `version` names the new model, which serves if it was promoted, and else is set aside in the
    registry; None if it is not kept. `gained` and `lost` name figures; `lost` also single
    classes of one, as "photos:5". `changes` has the numbers of what was lost, and of the largest
    rises: see `gate.Judgement`. `old` and `new` are missing if nothing was measured. `missing`
    names collections that there was nothing of, neither to train on nor to judge by: "photos",
    "things".
    """

    verdict: Verdict
    reason: Reason
    version: str | None = None
    detail: str = ""
    old: Figures | None = None
    new: Figures | None = None
    trained_on: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    gained: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    changes: dict[str, list[float]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    split_by: SplitBy = ""


CANCELLED = Outcome(verdict="cancelled", reason="cancelled")
DIED = Outcome(verdict="failed", reason="died")
