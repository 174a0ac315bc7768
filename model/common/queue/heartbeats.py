"""The workers' hash: who is at work, and with which model."""

from model.common.queue.keys import WORKERS
from model.common.queue.messages import WorkerStatus
from model.common.queue.presence import Presence

_workers = Presence(WORKERS, WorkerStatus, alive=30.0)

publish, withdraw, alive = _workers.publish, _workers.withdraw, _workers.alive
