"""Every sentence that the bot says, by its id, in the person's language.

The sentences themselves are in `model/common/languages/`, one Fluent file per language.
"""

from functools import cache

from fluent.runtime import FluentBundle, FluentResource
from telegram import User

from model.common import languages
from model.common.languages import DEFAULT, LANGUAGES


def language_of(user: User | None) -> str:
    """Choose one of LANGUAGES by the person's Telegram setting: es-MX is served in Spanish."""
    code = (user.language_code or "") if user else ""
    spoken = code.lower().replace("_", "-").split("-")[0]
    return spoken if spoken in LANGUAGES else DEFAULT


def say(language: str, message: str, **values: str | int | float) -> str:
    """Return the sentence with its variables filled in.

    Raises KeyError for an id that no locale has, ValueError for a variable that is missing.
    """
    bundle = _bundle(language if language in LANGUAGES else DEFAULT)
    pattern = bundle.get_message(message).value
    text, problems = bundle.format_pattern(pattern, values)
    if problems:
        raise ValueError(f"The message {message} cannot be formatted: {problems[0]}")
    return str(text)


@cache
def _bundle(language: str) -> FluentBundle:
    # Isolation marks are for mixed directions of writing; in captions they show up as boxes.
    bundle = FluentBundle([language], use_isolating=False)
    bundle.add_resource(FluentResource(languages.text(language)))
    return bundle
