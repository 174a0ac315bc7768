"""The files that the sandbox holds."""

import pytest

from bot.sandbox.bot_api.api_errors import ApiError
from bot.sandbox.state.file_store import Files
from bot.sandbox.state.photo_sizes import sizes
from tests.helpers.photos import gradient


def test_a_forgotten_file_is_gone_and_its_address_is_not_used_again() -> None:
    files = Files()
    [first, *_] = files.add_photo(sizes(gradient()))
    path = files.get(first["file_id"]).path
    files.forget(first["file_id"])
    files.forget("one that never was")
    assert files.at_path(path) is None
    with pytest.raises(ApiError):
        files.get(first["file_id"])
    later = files.add_document(b"x", "x.jpg", None, None)
    assert files.get(later["file_id"]).path != path
    paths = {files.get(size["file_id"]).path for size in files.add_photo(sizes(gradient()))}
    assert path not in paths
    assert len(paths) > 1
