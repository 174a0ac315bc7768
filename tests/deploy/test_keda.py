"""KEDA scales the workers by what waits in the queue."""

from model.common.queue import keys
from tests.deploy.manifests import named


class TestKeda:
    """KEDA's own schema is not at hand offline: what its documentation asks for, in short."""

    scaled = named("ScaledObject", "worker")
    # Of the trigger redis-streams; pendingEntriesCount and lagCount would be other measures.
    needed = frozenset({"address", "stream", "streamLength"})
    allowed = needed | {"databaseIndex", "enableTLS"}

    def test_it_scales_the_workers_within_bounds(self) -> None:
        assert set(self.scaled) == {"apiVersion", "kind", "metadata", "spec"}
        spec = self.scaled["spec"]
        assert spec["scaleTargetRef"] == {"name": named("Deployment", "worker")["metadata"]["name"]}
        # A stream's length cannot wake a worker where there is none.
        assert 1 <= spec["minReplicaCount"] <= spec["maxReplicaCount"]

    def test_it_looks_at_the_queues_two_streams(self) -> None:
        triggers = self.scaled["spec"]["triggers"]
        assert [each["metadata"]["stream"] for each in triggers] == [keys.PHOTOS, keys.WAITING]
        for trigger in triggers:
            assert set(trigger) == {"type", "metadata", "authenticationRef"}
            assert trigger["type"] == "redis-streams"
            assert self.needed <= trigger["metadata"].keys() <= self.allowed
            # KEDA wants strings, and reads the numbers in them.
            assert all(isinstance(value, str) for value in trigger["metadata"].values())
            assert int(trigger["metadata"]["streamLength"]) > 0

    def test_it_reaches_our_redis_with_our_password(self) -> None:
        service, namespace = named("Service", "redis"), named("Namespace", "modista")
        host = f"{service['metadata']['name']}.{namespace['metadata']['name']}.svc.cluster.local"
        [port] = service["spec"]["ports"]
        for trigger in self.scaled["spec"]["triggers"]:
            assert trigger["metadata"]["address"] == f"{host}:{port['port']}"
            reference = named("TriggerAuthentication", trigger["authenticationRef"]["name"])
            assert reference["spec"] == {
                "secretTargetRef": [
                    {"parameter": "password", "name": "modista", "key": "REDIS_PASSWORD"}
                ]
            }
