"""Files whose senders or servers lie: about their size, their place, their name, their content."""

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.state.file_store import MAX_DOWNLOAD
from bot.sandbox.telegram import GUEST, TOKEN
from bot.settings import BotSettings
from bot.transport import downloads, http, rate_limiter
from bot.transport.client import TelegramClient, connect
from bot.transport.downloads import ElsewhereError, address, download
from tests.helpers.bot.running import Parts
from tests.helpers.photos import picture
from tests.helpers.waiting import until

Handle = Callable[[web.Request], Awaitable[web.StreamResponse]]
BASE = "https://api.telegram.org/file/bot1:secret"


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried again is tried once more."""
    monkeypatch.setattr(downloads, "ATTEMPTS", 2)
    monkeypatch.setattr(rate_limiter, "ATTEMPTS", 1)


@asynccontextmanager
async def serving(file: dict[str, Any], content: Handle) -> AsyncIterator[TelegramClient]:
    """A client of a server that says this of each file, and sends its content so."""

    async def get_file(_request: web.Request) -> web.Response:
        known = {"file_id": "a", "file_unique_id": "b", "file_path": "photos/file_1.jpg"}
        return web.json_response({"ok": True, "result": known | file})

    app = web.Application()
    app.router.add_post(f"/bot{TOKEN}/getFile", get_file)
    app.router.add_get("/file/{path:.*}", content)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        values: dict[str, Any] = {"_env_file": None, "telegram_token": TOKEN}
        client = connect(BotSettings(**values, telegram_api_url=url))
        async with client.request:
            yield client
    finally:
        await runner.cleanup()


class Endless:
    """Sends pieces of a megabyte until nobody wants them; counts them."""

    sent = 0

    async def send(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        response.enable_chunked_encoding()
        await response.prepare(request)
        for _ in range(200):
            await response.write(bytes(1024 * 1024))
            self.sent += 1
        return response


class TestSize:
    async def test_what_never_ends_is_cut_off(self, caplog: pytest.LogCaptureFixture) -> None:
        endless = Endless()
        async with serving({"file_size": 10}, endless.send) as client:
            assert await download(client, "a", what="u1") is None
        assert endless.sent < 60, "what is in the pipe, but not the 200 MB"
        assert "The file of u1 could not be fetched: the answer has more than" in caplog.text

    async def test_a_size_that_the_server_names_is_believed_if_it_is_too_much(self) -> None:
        asked = []

        async def content(request: web.Request) -> web.Response:
            asked.append(request)
            return web.Response(body=b"x")

        async with serving({"file_size": http.MOST_BYTES + 1}, content) as client:
            assert await download(client, "a", what="u1") is None
        assert not asked

    async def test_an_answers_length_is_looked_at_before_the_answer(self) -> None:
        asked = []
        over = asyncio.Event()

        async def content(request: web.Request) -> web.StreamResponse:
            asked.append(request)
            headers = {"Content-Length": str(http.MOST_BYTES + 1)}
            response = web.StreamResponse(headers=headers)
            await response.prepare(request)
            await response.write(b"the rest would come later")
            await over.wait()
            return response

        async with serving({"file_size": 10}, content) as client:
            assert await download(client, "a", what="u1") is None
            over.set()
        assert len(asked) == 1, "asking again would be no use"

    async def test_a_compressed_bomb_is_not_unpacked(self) -> None:
        bomb = gzip.compress(bytes(100 * 1024 * 1024))

        async def content(request: web.Request) -> web.Response:
            assert request.headers["Accept-Encoding"] == "identity"
            return web.Response(body=bomb, headers={"Content-Encoding": "gzip"})

        async with serving({"file_size": len(bomb)}, content) as client:
            assert await download(client, "a", what="u1") is None

    async def test_a_file_of_just_the_limit_is_fetched(self) -> None:
        async def content(_request: web.Request) -> web.Response:
            return web.Response(body=bytes(http.MOST_BYTES))

        async with serving({"file_size": http.MOST_BYTES}, content) as client:
            image = await download(client, "a", what="u1")
        assert image is not None and len(image) == http.MOST_BYTES == MAX_DOWNLOAD

    async def test_a_server_that_drips_is_left(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr(downloads, "MOST_SECONDS", 0.2)

        async def drip(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse()
            await response.prepare(request)
            while True:
                await response.write(b"x")
                await asyncio.sleep(0.02)

        async with serving({"file_size": 10}, drip) as client:
            assert await download(client, "a", what="u1") is None
        assert "it took more than" in caplog.text

    async def test_few_large_files_are_fetched_at_the_same_time(self) -> None:
        running, most = 0, 0
        go_on = asyncio.Event()

        async def content(_request: web.Request) -> web.Response:
            nonlocal running, most
            running += 1
            most = max(most, running)
            await go_on.wait()
            running -= 1
            return web.Response(body=b"x")

        async with serving({"file_size": downloads.LARGE_BYTES}, content) as client:
            tasks = [asyncio.create_task(download(client, "a", what=f"u{i}")) for i in range(12)]
            await until(lambda: running == downloads.MOST_LARGE)
            for _ in tasks:  # meanwhile others would have come, too
                await client.get_file("a")
            go_on.set()
            assert await asyncio.gather(*tasks) == [b"x"] * 12
        assert most == downloads.MOST_LARGE

    async def test_a_sender_who_lies_about_the_size_is_told(
        self, served: Parts, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(http, "MOST_BYTES", 1000)
        stored = served.sandbox.files.add_document(bytes(100_000), "a.png", None, None)
        content = {"document": stored | {"file_size": 10}}
        message = await served.sandbox.send_update_content(GUEST.id, content)
        assert "couldn’t fetch" in await served.said(message["message_id"])
        assert not served.worker.jobs


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
