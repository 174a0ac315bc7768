"""The Bot API's errors: an HTTP status, a description, and sometimes parameters."""

from typing import Any


class ApiError(Exception):
    """A refusal in the Bot API's shape. The HTTP status is `code`."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def to_json(self) -> dict[str, Any]:
        """The body of the answer."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(reason: str) -> ApiError:
    """400: the request is wrong, and would be wrong again."""
    return ApiError(400, f"Bad Request: {reason}")


def unsupported(what: str) -> ApiError:
    """400 for what Telegram has and the sandbox has not: said, never silently ignored."""
    return bad_request(f"the sandbox does not support {what}")


def forbidden(reason: str) -> ApiError:
    """403: the person does not want to hear from the bot."""
    return ApiError(403, f"Forbidden: {reason}")


def migrated(chat_id: int) -> ApiError:
    """400: the group is a supergroup now, with another id."""
    reason = "Bad Request: group chat was upgraded to a supergroup chat"
    return ApiError(400, reason, migrate_to_chat_id=chat_id)


def conflict(reason: str) -> ApiError:
    """409: two ways of receiving updates stand in each other's way."""
    return ApiError(409, f"Conflict: {reason}")
