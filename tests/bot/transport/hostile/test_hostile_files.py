"""Files whose senders or servers lie: about their place, their name, their content."""

import logging
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.telegram import GUEST, TOKEN
from bot.transport.client import connect
from bot.transport.downloads import ElsewhereError, address, download
from tests.bot.transport.hostile.file_server import serving
from tests.helpers.bot.running import Parts
from tests.helpers.photos import picture

pytestmark = pytest.mark.usefixtures("hurried")

BASE = "https://api.telegram.org/file/bot1:secret"


class TestPlace:
    @pytest.mark.parametrize(
        "path",
        [
            *("/etc/passwd", "../../etc/passwd", "photos/../../x", "photos/..", ".", "", "a//b"),
            *("https://evil.example/x", "//evil.example/x", "photos/", "/"),
            *(str(Path(__file__).absolute()), f"{BASE}/../x", f"{BASE}/", f"{BASE}//evil/x"),
        ],
    )
    def test_a_path_that_leads_elsewhere_is_refused(self, path: str) -> None:
        with pytest.raises(ElsewhereError):
            address(path, BASE)

    @pytest.mark.parametrize(
        ("path", "encoded"),
        [
            *((path, path) for path in ("photos/file_1.jpg", "a", "...a/b..c")),
            ("documents/file 2.é", "documents/file%202.%C3%A9"),
            ("files/123:token/photos/a.jpg", "files/123:token/photos/a.jpg"),
            ("http:x", "http:x"),
            ("a@evil.example", "a@evil.example"),
            ("a?b#c", "a%3Fb%23c"),
            ("%2e%2e/x", "%252e%252e/x"),
            ("..%2f", "..%252f"),
            ("a\\..\\b", "a%5C..%5Cb"),
            ("a\x00b\n", "a%00b%0A"),
        ],
    )
    def test_any_other_path_is_below_the_base(self, path: str, encoded: str) -> None:
        assert address(path, BASE) == address(f"{BASE}/{path}", BASE) == f"{BASE}/{encoded}"

    async def test_a_path_with_a_colon_is_fetched(self, served: Parts) -> None:
        """As an emulator and Bot API servers have them: the token is part of the path."""
        document = served.sandbox.files.add_document(picture(), "a.jpg", "image/jpeg", None)
        files, name = served.sandbox.files, document["file_id"]
        stored = replace(files._files[name], path=f"files/{TOKEN}/photos/file 1.jpg")
        files._files[name] = files._by_path[stored.path] = stored
        message = await served.sandbox.send_update_content(GUEST.id, {"document": document})
        await served.said(message["message_id"])
        assert served.worker.jobs

    @given(st.text(st.sampled_from("a./\\%:?#@~ \n\x00é")))
    def test_an_address_is_always_below_the_base(self, path: str) -> None:
        try:
            found = address(path, BASE)
        except ElsewhereError:
            return
        below = found.removeprefix(f"{BASE}/")
        assert below != found
        assert not {"", ".", ".."} & set(below.split("/"))
        assert not set(below) & set("\\?#\n\x00")
        assert unquote(below) == path.removeprefix(f"{BASE}/")

    async def test_no_file_of_this_machine_is_read(
        self, served: Parts, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        """The library reads what the server names, if there is such a file here."""
        private = tmp_path / "private.jpg"
        private.write_bytes(picture())
        files = served.sandbox.files
        document = files.add_document(picture(), "a.jpg", "image/jpeg", None)
        name = document["file_id"]
        files._files[name] = replace(files._files[name], path=str(private))
        message = await served.sandbox.send_update_content(GUEST.id, {"document": document})
        assert "couldn’t fetch" in await served.said(message["message_id"])
        assert not served.worker.jobs
        assert "its path leads elsewhere" in caplog.text
        assert "Start it without --local" in caplog.text

    async def test_a_redirection_is_not_followed(self) -> None:
        asked = []

        async def content(request: web.Request) -> web.Response:
            asked.append(request.path)
            raise web.HTTPFound("/file/elsewhere")

        async with serving({}, content) as client:
            assert await download(client, "a", what="u1") is None
        assert "/file/elsewhere" not in asked


class TestNames:
    @pytest.mark.parametrize(
        ("file_name", "taken"),
        [
            ("../../etc/passwd", False),
            ("..\\..\\x.png", True),
            ("/etc/passwd\x00.png", True),
            ("a.png\x00", False),
            ("x" * 4096 + ".png", True),
            ("." * 4096, False),
            ("\u202egnp.exe", False),
            ("<b>&'\";DROP TABLE.png", True),
            ("", False),
            (".png", False),
        ],
    )
    async def test_a_files_name_is_but_a_hint(
        self, served: Parts, file_name: str, taken: bool, caplog: pytest.LogCaptureFixture
    ) -> None:
        data = picture(form="PNG")
        stored = served.sandbox.files.add_document(data, "a", None, None)
        content = {"document": stored | {"file_name": file_name, "mime_type": None}}
        with caplog.at_level(logging.DEBUG, "bot"):
            message = await served.sandbox.send_update_content(GUEST.id, content)
            said = await served.said(message["message_id"])
        assert said == "👟 Sneaker, 93%" if taken else "can’t read that kind of file" in said
        ours = [r.getMessage() for r in caplog.records if r.name.startswith(("bot", "model"))]
        if len(file_name) > 5:
            assert not [line for line in ours if file_name in line]


class TestAnswers:
    """Responses of proxies and broken servers in place of the Bot API's."""

    @pytest.mark.parametrize("status", [200, 404, 500, 502])
    async def test_its_content_does_not_get_into_the_log(
        self, parts: Parts, caplog: pytest.LogCaptureFixture, status: int
    ) -> None:
        page = "<html>a page with a secret in it</html>"

        async def content(_request: web.Request) -> web.Response:
            return web.Response(status=status, text=page)

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", content)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        client = connect(parts.settings.model_copy(update={"telegram_api_url": url}))
        with caplog.at_level(logging.DEBUG):
            async with client.request:
                assert await download(client, "a", what="u1") is None
        await runner.cleanup()
        assert "could not be fetched" in caplog.text
        assert "a page with" not in caplog.text
