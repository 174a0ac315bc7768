"""Every sentence, by its id, in one of the languages."""

from functools import cache

from fluent.runtime import FluentBundle, FluentResource

from model.common.languages import DEFAULT, LANGUAGES, text


def say(language: str, message: str, **values: str | int | float) -> str:
    """Return the sentence with its variables filled in; in English where we lack the language.

    Raises KeyError for an id that no locale has, ValueError for a variable that is missing.
    """
    bundle = _bundle(language if language in LANGUAGES else DEFAULT)
    pattern = bundle.get_message(message).value
    said, problems = bundle.format_pattern(pattern, values)
    if problems:
        raise ValueError(f"The message {message} cannot be formatted: {problems[0]}")
    return str(said)


@cache
def _bundle(language: str) -> FluentBundle:
    # Isolation marks are for mixed directions of writing; in captions they show up as boxes.
    bundle = FluentBundle([language], use_isolating=False)
    bundle.add_resource(FluentResource(text(language)))
    return bundle
