"""Files whose senders or servers lie about their size."""

import asyncio
import gzip

import pytest
from aiohttp import web

from bot.sandbox.state.file_store import MAX_DOWNLOAD
from bot.sandbox.telegram import GUEST
from bot.transport import downloads, http
from bot.transport.downloads import download
from tests.bot.transport.hostile.file_server import serving
from tests.helpers.bot.running import Parts
from tests.helpers.waiting import until

pytestmark = pytest.mark.usefixtures("hurried")


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
