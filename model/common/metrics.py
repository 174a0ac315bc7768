"""Prometheus counters and timers. Every process serves them under /metrics: see `health`.

Counters live as long as their process. Names end in their unit, as Prometheus wants it.
"""

from prometheus_client import Counter, Gauge, Histogram

# The bot's part.
RECEIVED = Counter("modista_photos_received", "Photos that reached the bot, each once.")
ANSWERED = Counter("modista_photos_answered", "Answers that Telegram accepted.", ["verdict"])
REFUSED = Counter(
    "modista_photos_refused",
    "Photos that got a sentence instead; with the reason at_once, messages of any kind.",
    ["reason"],
)
SEND_RETRIED = Counter("modista_sends_retried", "Answers that Telegram did not take at once.")
GIVEN_UP = Counter("modista_answers_given_up", "Answers that Telegram will never take.", ["reason"])
DUPLICATES = Counter("modista_updates_repeated", "Updates that Telegram delivered once more.")

# The worker's part.
RETRIED = Counter("modista_photos_retried", "Photos that were worked on once more.")
DEAD = Counter("modista_photos_dead", "Photos that were given up: see dead-letters.")
DECODERS_LOST = Counter("modista_decoders_lost", "Decoders that a file exhausted or crashed.")
BATCH = Histogram(
    "modista_batch_photos", "Photos in a batch.", buckets=(1, 2, 3, 4, 5, 6, 7, 8, 16, 32)
)

# Both: step is queued, preparing, predicting, drawing (worker), fetching or sending (bot).
SECONDS = Histogram(
    "modista_step_seconds",
    "Seconds that a photo spent in a step on its way.",
    ["step"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
)

# The bot's: from the photo's arrival in the queue, over all steps, to Telegram's "ok".
WHOLE = Histogram(
    "modista_photo_seconds",
    "Seconds from a photo in the queue to its answer in the chat.",
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 3600),
)

# The worker's: which model serves.
MODEL = Gauge(
    "modista_model", "1 for the version of the model that this process serves.", ["version"]
)

# The trainer's part.
ATTEMPTS = Counter("modista_retraining_attempts", "Attempts at a retraining.", ["ended"])
