"""The language that a person is spoken to in."""

from telegram import User

from model.common.languages import DEFAULT, LANGUAGES


def language_of(user: User | None) -> str:
    """Choose one of LANGUAGES by the person's Telegram setting: es-MX is served in Spanish."""
    code = (user.language_code or "") if user else ""
    spoken = code.lower().replace("_", "-").split("-")[0]
    return spoken if spoken in LANGUAGES else DEFAULT
