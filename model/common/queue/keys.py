"""Every Redis key that Modista uses.

All carry one hash tag, so that a transaction over several of them also holds on Redis Cluster.
"""

PREFIX = "{modista}:"
# A person here is the keyed hash of theirs, see `model.common.redis_tools.keyring`.

PHOTOS = PREFIX + "photos"  # stream of PhotoJob, bot → workers: the front of the queue
WAITING = PREFIX + "photos:waiting"  # stream of PhotoJob: those behind the front
ORDER = PREFIX + "photos:order"  # sorted set: an entry of WAITING by its tag
TAGS = PREFIX + "photos:tags"  # hash: person → their last tag in ORDER; "time" → the virtual time
SINCE = PREFIX + "photos:since"  # sorted set: entry of PHOTOS that waited → since when, in ms
UNANSWERED = PREFIX + "photos:unanswered"  # hash: person → how many jobs of theirs have no answer
PACE = PREFIX + "photos:pace:"  # + person: how far their photos are ahead of the limit; expires
STRIKES = PREFIX + "photos:strikes:"  # + person: decoders that their files cost; expires
SUBMITTED = PREFIX + "photos:submitted:"  # + job id: empty, or why it was refused; expires
REFUSED = PREFIX + "photos:refused"  # hash: sealed chat and person → RefusedPhotos as JSON
ANSWERS = PREFIX + "answers"  # stream of Answer, workers → bot
UNKNOWN = ANSWERS + ":unknown:"  # + answer id: how often Telegram may have taken it; expires
DEAD = PREFIX + "dead"  # stream of entries that were given up, each with its reason; expires
TEMPO = PREFIX + "photos:tempo"  # hash: how fast photos are answered, see lua/photos/finish.lua
BYTES = PREFIX + "bytes"  # hash: "photos", "answers", "dead" → bytes of the images in them
WORKERS = PREFIX + "workers"  # hash: worker name → WorkerStatus as JSON
UPDATES = PREFIX + "updates"  # hash: name → sealed update, taken in but not yet handled
ALBUMS = PREFIX + "albums:"  # + digest of an album: it names the bot; expires
LEASE = PREFIX + "bot:lease"  # the bot that serves, and how often it has renewed this; expires
UPDATES_SEEN = PREFIX + "updates:seen"  # sorted set of handled update ids, by time
RETRAINING = PREFIX + "retraining"  # hash: the one retraining there is, see the slot's Lua
RETRAINING_ALBUM = PREFIX + "retraining:album"  # list of sealed PNGs: its outcome
RETRAINING_ASKED = PREFIX + "retraining:asked:"  # + job id: that job was asked for; expires
RETRAINING_ENDED = PREFIX + "retraining:ended:"  # + token: how that attempt let go; expires
TRAINERS = PREFIX + "trainers"  # hash: trainer name → TrainerStatus as JSON
SEEN = PREFIX + "seen:"  # + workers, trainers: sorted set of their names, by when they were seen
PROBE = PREFIX + "probe"  # written to see whether Redis takes writes; expires
KEY_CHECK = PREFIX + "key"  # sealed: a program that can open it has the right DATA_KEY
CLOCK = PREFIX + "clock"  # Redis's latest time that a worker saw, in ms
MODELS = PREFIX + "models"  # hash: version → sealed ModelEntry
MODELS_FILES = PREFIX + "models:files"  # hash: SHA-256 → a file of a version, see registry/files.py
MODEL_NETWORKS = PREFIX + "models:networks"  # hash: version → a Keras file of an earlier release
MODELS_COMPILED = PREFIX + "models:compiled"  # hash: version → a compiled file of such a release
MODEL_HISTORY = PREFIX + "models:history"  # list of sealed Promotions, the newest first: it serves
MODELS_ASIDE = PREFIX + "models:aside"  # hash: version that the gate refused → kept until, in s
MODELS_REFUSED = PREFIX + "models:refused"  # hash: version → ModelRefusal as JSON, by a worker
NOTICES = PREFIX + "notices"  # stream of Notice as JSON, for the admins
ALARMS = PREFIX + "alarms"  # set of the alarms that admins were told of and that are not over
DAY = PREFIX + "day:"  # + date: hash of what was counted that day; expires
ADMIN_LANGUAGES = PREFIX + "admins:languages"  # hash: person → an admin's language

CORRECTIONS = PREFIX + "corrections"  # hash: correction id → KeptCorrection, sealed
THUMBNAILS = CORRECTIONS + ":thumbnails"  # hash: correction id → the photo's thumbnail, sealed
CONSENT = CORRECTIONS + ":consent"  # hash: person → "asked", "no" or "yes": may photos be kept?
CORRECTIONS_COUNT = CORRECTIONS + ":count"  # hash: "right" and "wrong" → how many answers were so
CORRECTIONS_OF = CORRECTIONS + ":of:"  # + person: sorted set of kept corrections' ids, in order
CORRECTIONS_BY = CORRECTIONS + ":by:"  # + person: sorted set of answers they corrected, by time
UNDONE = CORRECTIONS + ":undone:"  # + person: the last /undo and the answer that it was about
ANSWERED = PREFIX + "answered:"  # + answer id: hash of what was answered and corrected; expires
ANSWERED_OF = ANSWERED + "of:"  # + person: sorted set of their answers' ids, by time; expires
ANSWERED_ORDER = ANSWERED + "order"  # sorted set: "id size" of all remembered answers, by time
ANSWERED_BYTES = ANSWERED + "bytes"  # what these weigh together

WORKERS_GROUP = "workers"  # consumer group on PHOTOS
BOTS_GROUP = "bots"  # consumer group on ANSWERS

# What every script that moves photos is given first, in this order: see lua/photos/fair_queue.lua.
QUEUE = [PHOTOS, WAITING, ORDER, TAGS, SINCE, UNANSWERED, BYTES, WORKERS]


def kept_of(person: str) -> list[str]:
    """What the scripts on a person's kept corrections are given first, in this order."""
    return [CONSENT, CORRECTIONS, THUMBNAILS, CORRECTIONS_OF + person]
