"""The registry's errors; str() of each says in a sentence what is wrong and what to do."""

from model.common.registry.entry import Doubt

MOST_BYTES = 100_000_000  # a network of ours has some megabytes, and Redis holds them in memory


class RegistryError(Exception):
    """The request cannot be carried out."""


class UnknownModelError(RegistryError):
    """There is no such version."""

    def __init__(self, version: str) -> None:
        super().__init__(f"There is no model {version}: `models` lists them.")
        self.version = version


class DamagedModelError(RegistryError):
    """The version's bytes are not those that were published."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"The file of model {version} is damaged: publish it again under a new name."
        )
        self.version = version


class UncompiledModelError(RegistryError):
    """The version has no compiled form: a release that did not compile published it."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"Model {version} is not compiled: a trainer does that when it starts, "
            "`python -m model trainer`."
        )
        self.version = version


class DoubtfulModelError(RegistryError):
    """Something speaks against the version, and the request did not say "anyway"."""

    def __init__(self, version: str, doubt: Doubt) -> None:
        why = "The gate refused" if doubt == "refused" else "Nobody ever measured"
        super().__init__(
            f"{why} {version}: `promote {version} --anyway` has it serve all the same."
        )
        self.version = version


class ServesError(RegistryError):
    """The version serves, and so cannot be discarded."""

    def __init__(self, version: str) -> None:
        super().__init__(f"{version} serves: promote another model before you discard it.")
        self.version = version


class NotAsideError(RegistryError):
    """The version was not set aside, or serves since."""

    def __init__(self, version: str) -> None:
        super().__init__(f"{version} is not set aside: it stays in the registry without that.")
        self.version = version


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
