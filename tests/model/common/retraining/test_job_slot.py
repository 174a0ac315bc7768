import subprocess
from pathlib import Path

from bot.launcher import redis_server
from model.common.queue import keys
from model.common.retraining.job_slot import MOST_ATTEMPTS, Slot, Snapshot
from model.common.retraining.messages import Outcome, RetrainJob, RetrainProgress
from tests.helpers.redis import Client, connect
from tests.helpers.waiting import eventually

PROMOTED = Outcome(verdict="promoted", reason="better", version="v2")
SHORT = 0.05


def job(name: str = "one", chat_id: int = 5) -> RetrainJob:
    return RetrainJob(id=name, chat_id=chat_id, message_id=7, user_name="Ana")


def seen(slot: Slot) -> Snapshot:
    found = slot.look()
    assert found is not None
    return found


def test_a_job_goes_from_asking_to_clearing(client: Client) -> None:
    slot = Slot(client)
    assert slot.look() is None
    assert slot.ask(job()) == "asked"
    assert seen(slot).state == "waiting"
    taken = slot.take("t1")
    assert taken
    assert taken.job.id == "one" and taken.state == "running" and taken.attempts == 1
    progress = RetrainProgress(stage="training", share=0.5, epoch=1, epochs=2, loss=0.3)
    assert slot.report("t1", progress) == "held"
    assert seen(slot).progress == progress
    assert slot.finish("t1", PROMOTED, [b"\x89one", b"two"])
    done = seen(slot)
    assert (done.state, done.outcome, done.progress) == ("finished", PROMOTED, None)
    assert slot.album() == [b"\x89one", b"two"]
    slot.clear("another")
    assert seen(slot).outcome == PROMOTED
    slot.clear("one")
    assert slot.look() is None and slot.album() == []


def test_a_second_job_has_to_wait_until_the_first_was_told(client: Client) -> None:
    slot = Slot(client)
    slot.ask(job())
    assert slot.ask(job("two")) == "busy"
    slot.take("t1")
    assert slot.ask(job("two")) == "busy"
    slot.finish("t1", PROMOTED)
    assert slot.ask(job("two")) == "busy"
    slot.clear("one")
    assert slot.ask(job("two")) == "asked"
    assert seen(slot).outcome is None


def test_asking_again_with_the_same_id_starts_nothing(client: Client) -> None:
    slot = Slot(client)
    slot.ask(job())
    assert slot.ask(job()) == "known"
    slot.take("t1")
    slot.finish("t1", PROMOTED)
    slot.clear("one")
    assert slot.ask(job()) == "known"
    assert slot.look() is None


def test_a_shells_outcome_gives_way(client: Client) -> None:
    slot = Slot(client)
    slot.ask(job(chat_id=0))
    slot.take("t1")
    assert slot.ask(job("two")) == "busy"
    slot.finish("t1", PROMOTED, [b"picture"])
    assert slot.ask(job("two")) == "asked"
    assert seen(slot).job.id == "two" and slot.album() == []


def test_only_one_attempt_holds_the_job(client: Client) -> None:
    slot = Slot(client)
    slot.ask(job())
    assert slot.take("t1")
    assert slot.take("t2") is None
    assert slot.take("t1"), "the reply to the first may have been lost"
    assert seen(slot).attempts == 1
    assert slot.keep("t2") == "lost"
    assert slot.report("t2", RetrainProgress(stage="loading")) == "lost"
    assert not slot.finish("t2", PROMOTED)
    assert slot.release("t2", counted=True) == "lost"
    assert slot.keep("t1") == "held"


def test_a_silent_trainers_job_is_taken_up_again_and_then_given_up(client: Client) -> None:
    slot = Slot(client, lease=SHORT)
    slot.ask(job())
    slot.take("t1")
    slot.report("t1", RetrainProgress(stage="training"))
    again = eventually(lambda: slot.take("t2"))
    assert again.attempts == MOST_ATTEMPTS == 2
    assert again.progress is None
    assert not slot.finish("t1", PROMOTED), "it was taken for dead"
    eventually(lambda: seen(slot).state == "finished")
    outcome = seen(slot).outcome
    assert outcome and (outcome.verdict, outcome.reason) == ("failed", "died")


def test_a_sign_of_life_keeps_the_job(client: Client) -> None:
    slot = Slot(client)
    slot.ask(job())
    slot.take("t1")
    client.hincrbyfloat(keys.RETRAINING, "beat", -15)
    assert seen(slot).silent >= 15
    assert slot.keep("t1") == "held"
    assert seen(slot).silent < 15
    client.hset(keys.RETRAINING, "beat", "0")
    assert slot.keep("t1") == "held", "nobody has taken it meanwhile"
    assert seen(slot).state == "running"


def test_after_a_restart_of_redis_a_trainer_may_first_come_back(tmp_path: Path) -> None:
    process = subprocess.Popen(redis_server.command(tmp_path / "r.sock"), stdout=subprocess.DEVNULL)
    try:
        with connect(f"unix://{tmp_path}/r.sock") as client:
            slot = Slot(client)
            eventually((tmp_path / "r.sock").exists)
            slot.ask(job())
            slot.take("t1")
            client.hset(keys.RETRAINING, "beat", "0")
            assert seen(slot).state == "running"
            assert slot.keep("t1") == "held"
    finally:
        process.terminate()
        process.wait()


def test_an_orderly_end_does_not_count(client: Client) -> None:
    slot = Slot(client)
    slot.ask(job())
    for number in range(5):
        assert slot.take(f"t{number}")
        assert slot.release(f"t{number}", counted=False) == "released"
        assert seen(slot).state == "waiting" and seen(slot).attempts == 0


def test_the_last_attempts_death_is_the_outcome(client: Client) -> None:
    slot = Slot(client)
    slot.ask(job())
    last = Outcome(verdict="failed", reason="died", detail="SIGKILL")
    for number in range(MOST_ATTEMPTS):
        assert seen(slot).state == "waiting"
        slot.take(f"t{number}")
        slot.release(f"t{number}", counted=True, died=last)
    assert seen(slot).outcome == last


def test_a_repeated_release_changes_nothing(client: Client) -> None:
    slot = Slot(client)
    slot.ask(job())
    slot.take("t1")
    assert slot.release("t1", counted=True) == "released"
    slot.take("t2")
    assert slot.release("t1", counted=True) == "released", "the first reply may have been lost"
    assert slot.keep("t2") == "held"


def test_an_attempt_that_finished_is_known_even_when_its_outcome_was_told(
    client: Client,
) -> None:
    slot = Slot(client)
    slot.ask(job())
    slot.take("t1")
    assert slot.finish("t1", PROMOTED)
    for _ in ("finished", "cleared"):
        assert slot.keep("t1") == "finished"
        assert slot.release("t1", counted=True) == "finished"
        assert slot.finish("t1", PROMOTED), "the first reply may have been lost"
        slot.clear("one")
    assert slot.look() is None
    assert slot.keep("t2") == "lost"


class TestCancelling:
    def test_nothing_to_cancel(self, client: Client) -> None:
        assert Slot(client).cancel("Ana") == "idle"

    def test_a_waiting_job_ends_at_once(self, client: Client) -> None:
        slot = Slot(client)
        slot.ask(job())
        assert slot.cancel("Ana") == "cancelled"
        found = seen(slot)
        assert found.state == "finished" and found.cancelled_by == "Ana"
        assert b"Ana" not in b"".join(client.hvals(keys.RETRAINING))  # type: ignore[arg-type]
        assert found.outcome and found.outcome.verdict == "cancelled"
        assert slot.cancel("Ana") == "finished"

    def test_a_running_job_ends_as_its_trainer_lets_go(self, client: Client) -> None:
        slot = Slot(client)
        slot.ask(job())
        slot.take("t1")
        assert slot.cancel("Ana") == "cancelling"
        assert slot.cancel("Eva") == "cancelling"
        assert slot.keep("t1") == "cancelled"
        assert slot.report("t1", RetrainProgress(stage="publishing")) == "cancelled"
        assert slot.release("t1", counted=True) == "released"
        found = seen(slot)
        assert found.cancelled_by == "Ana"
        assert found.outcome and found.outcome.verdict == "cancelled"

    def test_a_dead_trainer_does_not_hold_it_up(self, client: Client) -> None:
        slot = Slot(client, lease=SHORT)
        slot.ask(job())
        slot.take("t1")
        slot.cancel("Ana")
        eventually(lambda: seen(slot).state == "finished")
        outcome = seen(slot).outcome
        assert outcome and outcome.verdict == "cancelled"

    def test_publishing_is_too_late(self, client: Client) -> None:
        slot = Slot(client)
        slot.ask(job())
        slot.take("t1")
        assert slot.report("t1", RetrainProgress(stage="publishing")) == "held"
        assert slot.cancel("Ana") == "late"
        assert seen(slot).cancelled_by is None
        assert slot.finish("t1", PROMOTED)
        assert seen(slot).outcome == PROMOTED


def test_what_is_no_retraining_is_cleared_away(client: Client) -> None:
    slot = Slot(client)
    for junk in ({"state": "waiting"}, {"state": "finished", "job": "[]", "attempts": 0}):
        client.hset(keys.RETRAINING, mapping=junk)
        assert slot.look() is None
        assert slot.ask(job(str(junk))) == "asked"
        client.delete(keys.RETRAINING)
