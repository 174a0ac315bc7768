"""The files that Telegram holds: bytes by file_id, and what each is."""

import hashlib
import mimetypes
import re
import secrets
from dataclasses import dataclass
from itertools import count
from pathlib import PurePosixPath
from typing import Literal

from bot.sandbox.bot_api.api_errors import bad_request
from bot.sandbox.bot_api.request import Json
from bot.sandbox.state.photo_sizes import Size

MAX_DOWNLOAD = 20 * 1024 * 1024  # bytes; a bot cannot fetch more through getFile
UNKNOWN_TYPE = "application/octet-stream"
PLAIN_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,10}")

FileKind = Literal["photo", "document", "thumbnail"]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file. `path` is what getFile names and the download's address ends with."""

    file_id: str
    unique_id: str
    kind: FileKind
    path: str
    data: bytes
    mime_type: str

    @property
    def reference(self) -> Json:
        """The fields that every object about a file has."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.data),
        }


class Files:
    """All files, kept in memory as long as the sandbox runs."""

    def __init__(self) -> None:
        self._files: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._photos: dict[str, list[Json]] = {}  # by the file_id of each of its sizes
        self._numbers = count()

    def get(self, file_id: str) -> StoredFile:
        """The file; 400 if there is none."""
        stored = self._files.get(file_id)
        if stored is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        return stored

    def at_path(self, path: str) -> StoredFile | None:
        """The file that a download's address names."""
        return self._by_path.get(path)

    def add_photo(self, sizes: tuple[Size, ...]) -> list[Json]:
        """Keep a photo in its sizes; the array of PhotoSize."""
        photo = [self._add_image(size, "photo") for size in sizes]
        for size in photo:
            self._photos[size["file_id"]] = photo
        return photo

    def add_document(
        self, data: bytes, file_name: str, mime_type: str | None, thumbnail: Size | None
    ) -> Json:
        """Keep a document as it is; the Document."""
        told = None if mime_type == UNKNOWN_TYPE else mime_type
        kind = told or mimetypes.guess_type(file_name)[0] or UNKNOWN_TYPE
        suffix = PurePosixPath(file_name).suffix
        # Only a plain one, since it becomes part of an address.
        stored = self._add(data, "document", suffix if PLAIN_SUFFIX.fullmatch(suffix) else "", kind)
        document = {"file_name": file_name, "mime_type": kind, **stored.reference}
        if thumbnail is not None:
            document["thumbnail"] = self._add_image(thumbnail, "thumbnail")
        return document

    def forget(self, file_id: str) -> None:
        """Drop a file, if it is there: what a long experiment has looked at would fill memory."""
        if stored := self._files.pop(file_id, None):
            del self._by_path[stored.path]
            self._photos.pop(file_id, None)

    def photo(self, file_id: str) -> list[Json]:
        """The photo that a file_id belongs to; 400 if it is none."""
        kind = self.get(file_id).kind
        if kind != "photo":
            raise bad_request(f"can't use file of type {kind.title()} as Photo")
        return self._photos[file_id]

    def _add_image(self, size: Size, kind: FileKind) -> Json:
        stored = self._add(size.data, kind, ".jpg", "image/jpeg")
        return {**stored.reference, "width": size.width, "height": size.height}

    def _add(self, data: bytes, kind: FileKind, suffix: str, mime_type: str) -> StoredFile:
        file_id = secrets.token_urlsafe(36)
        unique_id = hashlib.sha256(data).hexdigest()[:16]
        path = f"{kind}s/file_{next(self._numbers)}{suffix}"
        stored = StoredFile(file_id, unique_id, kind, path, data, mime_type)
        self._files[file_id] = self._by_path[path] = stored
        return stored
