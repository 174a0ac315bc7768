"""Dataclasses as JSON and back; on the way back pydantic refuses values of a wrong type."""

from functools import cache
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

# Telegram's ids need 52 bits; Redis and Python's own libraries take 63.
Id = Annotated[int, Field(ge=-(2**63), lt=2**63)]


class Serializable:
    """The base of a dataclass that is kept in Redis as one JSON object.

    Fields that it does not know are left out, so that a newer program may add one while an older
    one still reads.
    """

    __slots__ = ()
    __pydantic_config__ = ConfigDict(extra="ignore", allow_inf_nan=False)

    def to_json(self) -> str:
        """As it is kept in Redis."""
        kind: Any = type(self)
        return _adapter(kind).dump_json(self).decode()

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read what `to_json` wrote; ValueError, without any of its values, for anything else."""
        kind: Any = cls
        try:
            read: Self = _adapter(kind).validate_json(text, strict=True)
        except ValidationError as error:
            [first, *_] = error.errors(
                include_url=False, include_context=False, include_input=False
            )
            where = ".".join(str(part) for part in first["loc"])[:100]
            problem = f"{where}: {first['msg']}" if where else first["msg"]
            raise ValueError(f"This is not a {cls.__name__}: {problem}.") from None
        return read


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
