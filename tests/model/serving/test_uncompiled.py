"""A worker waits for a version that has yet to be compiled."""

from typing import Any

import pytest

from model.common.queue import keys
from model.common.registry.errors import UncompiledModelError
from model.common.registry.registry import Registry
from model.serving import live_model
from model.serving.live_model import Served
from tests.helpers.redis import Client
from tests.model.serving.stand_ins import fake


class TestAVersionThatIsNotCompiled:
    @pytest.fixture(autouse=True)
    def uncompiled(self, loaded: list[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """The names of versions that have yet to be compiled."""
        names = ["new-2"]

        def load(_: Registry, version: str) -> Any:
            if version in names:
                raise UncompiledModelError(version)
            return fake(version)

        monkeypatch.setattr(live_model, "load", load)
        return names

    def test_it_is_waited_for_in_silence(
        self, registry: Registry, client: Client, uncompiled: list[str]
    ) -> None:
        registry.promote("new-1", by="Ada")
        registry.promote("new-2", by="Ada")
        served = Served(registry)
        for _ in range(3):
            served.look()
        assert served.version == "new-1"
        assert client.xlen(keys.NOTICES) == 0

        uncompiled.clear()
        served.look()
        assert served.version == "new-2"

    def test_after_a_while_the_admins_hear_of_it_and_it_is_still_waited_for(
        self,
        registry: Registry,
        client: Client,
        uncompiled: list[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(live_model, "COMPILED_WITHIN", -1.0)
        registry.promote("new-2", by="Ada")
        served = Served(registry)
        for _ in range(3):
            served.look()
        assert registry.refused()["new-2"].reason == "uncompiled"
        assert client.xlen(keys.NOTICES) == 1, "once"

        uncompiled.clear()
        served.look()
        assert served.version == "new-2"
