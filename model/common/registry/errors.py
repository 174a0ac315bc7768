"""The registry's errors; str() of each says in a sentence what is wrong and what to do."""

from typing import ClassVar

from model.common.registry.entry import Doubt

MOST_BYTES = 100_000_000  # a network of ours has some megabytes, and Redis holds them in memory


class RegistryError(Exception):
    """The request cannot be carried out."""


class _VersionError(RegistryError):
    """An error whose sentence names a version."""

    sentence: ClassVar[str]

    def __init__(self, version: str) -> None:
        super().__init__(self.sentence.format(version=version))


class UnknownModelError(_VersionError):
    """There is no such version."""

    sentence = "There is no model {version}: `models` lists them."


class DamagedModelError(_VersionError):
    """The version's bytes are not those that were published."""

    sentence = "The file of model {version} is damaged: publish it again under a new name."


class UncompiledModelError(_VersionError):
    """The version has no compiled form: a release that did not compile published it."""

    sentence = (
        "Model {version} is not compiled: a trainer does that when it starts, "
        "`python -m model trainer`."
    )


class ServesError(_VersionError):
    """The version serves, and so cannot be discarded."""

    sentence = "{version} serves: promote another model before you discard it."


class NotAsideError(_VersionError):
    """The version was not set aside, or serves since."""

    sentence = "{version} is not set aside: it stays in the registry without that."


class DoubtfulModelError(RegistryError):
    """Something speaks against the version, and the request did not say "anyway"."""

    def __init__(self, version: str, doubt: Doubt) -> None:
        why = "The gate refused" if doubt == "refused" else "Nobody ever measured"
        super().__init__(
            f"{why} {version}: `promote {version} --anyway` has it serve all the same."
        )


class NothingToRollBackError(RegistryError):
    """No model served before this one."""

    def __init__(self) -> None:
        super().__init__("No model served before this one: there is nothing to roll back to.")


class ChangedError(RegistryError):
    """Another model serves than the one that was to be rolled back."""

    def __init__(self, current: str) -> None:
        super().__init__(f"Meanwhile {current} serves: nothing was changed.")
        self.current = current


class TakenOverError(RegistryError):
    """The retraining is no longer this attempt's: it was taken for dead."""

    def __init__(self) -> None:
        super().__init__("Another attempt has taken this retraining over: nothing was changed.")


class UnpublishableError(RegistryError):
    """The version's name or its file cannot be taken."""
