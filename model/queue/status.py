"""The workers' hash: who is at work, and with which model."""

from model.queue.keys import WORKERS
from model.queue.messages import WorkerStatus
from model.queue.presence import Presence

_workers = Presence(WORKERS, WorkerStatus, alive=30.0)

publish, withdraw, alive = _workers.publish, _workers.withdraw, _workers.alive
