"""What is kept in Redis as JSON: dataclasses that become JSON, and come back from it."""

import json
from dataclasses import MISSING, asdict, fields
from typing import Any, Self


class Record:
    """The base of a dataclass that is kept as one JSON object."""

    __slots__ = ()

    def to_json(self) -> str:
        """As it is kept in Redis."""
        return json.dumps(asdict(self))  # type: ignore[call-overload]

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read what `to_json` wrote; ValueError where it is something else."""
        return cls(**known(cls, json.loads(text)))


def known(record: type[Any], values: Any, **more: Any) -> dict[str, Any]:
    """The values that `record` has fields for; ValueError where a needed one is missing.

    Others are left out, so that a newer version may add a field while an older one still reads.
    """
    if not isinstance(values, dict):
        raise ValueError(f"This is not a {record.__name__}.")
    values = values | more
    found = {f.name: values[f.name] for f in fields(record) if f.name in values}
    needed = {f.name for f in fields(record) if f.default is f.default_factory is MISSING}
    if missing := needed - found.keys():
        raise ValueError(f"This is not a {record.__name__}: {', '.join(sorted(missing))} missing.")
    return found
