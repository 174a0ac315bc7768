"""The API of the web chat's page in `web/`."""

import asyncio
import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from aiohttp import web

from bot.sandbox.bot_api.api_errors import ApiError
from bot.sandbox.bot_api.inline_keyboards import has_button
from bot.sandbox.bot_api.request import Json, Upload, read
from bot.sandbox.chats import Sent
from bot.sandbox.state.callbacks import CallbackAnswer
from bot.sandbox.state.group import SUPERGROUP_ID
from bot.sandbox.state.photo_sizes import UnreadableImageError
from bot.sandbox.telegram import BOT, Person, Sandbox
from bot.sandbox.web_requests import ChatError, json_object, number, other_content

WEB = Path(__file__).parent / "web"
HEARTBEAT_SECONDS = 15.0
# Shown by a browser; anything else a person sent is only ever downloaded.
SHOWN = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
NO_SCRIPTS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, max-age=31536000, immutable",
}
DOWNLOADED = {"Content-Disposition": "attachment", "Content-Type": "application/octet-stream"}


class Chat:
    """The request handlers."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    async def people(self, _: web.Request) -> web.StreamResponse:
        """Who there is."""
        bot = {key: BOT[key] for key in ("id", "first_name", "username")}
        people = [asdict(person) for person in self.sandbox.people.values()]
        group = self.sandbox.group
        described = {**asdict(group), "supergroup": group.id == SUPERGROUP_ID}
        return web.json_response({"bot": bot, "people": people, "group": described})

    async def change_group(self, request: web.Request) -> web.StreamResponse:
        """What somebody does with the group: its bot, its kind, the bot's privacy mode."""
        person, body = self._person(request), await json_object(request)
        match body:
            case {"joined": bool(joined)}:
                self.sandbox.change_group(person.id, joined=joined)
            case {"supergroup": True}:
                self.sandbox.upgrade_group(person.id)
            case {"privacy": bool(privacy)}:
                self.sandbox.set_privacy(privacy)
            case _:
                raise ChatError("Give joined, supergroup or privacy, as true or false.")
        return await self.people(request)

    async def change_person(self, request: web.Request) -> web.StreamResponse:
        """Another language."""
        match await json_object(request):
            case {"language_code": str(language)} if language:
                person = self.sandbox.set_language(self._person(request).id, language)
            case _:
                raise ChatError("Give a language_code, such as en or es.")
        return web.json_response(asdict(person))

    async def messages(self, request: web.Request) -> web.StreamResponse:
        """The whole chat."""
        chat_id = self._chat(self._person(request), request.query.get("chat"))
        return web.json_response({"messages": self.sandbox.messages(chat_id)})

    async def commands(self, request: web.Request) -> web.StreamResponse:
        """The command menu, and what the bot says of itself in an empty chat."""
        person = self._person(request)
        found = self.sandbox.commands_for(person.id)
        description = self.sandbox.profile.get("description", person.language_code)
        return web.json_response({"commands": found, "description": description})

    async def send(self, request: web.Request) -> web.StreamResponse:
        """A text, a photo or a document from the person."""
        person = self._person(request)
        given = await read(request)
        texts, uploads = given.texts, given.uploads
        chat_id = self._chat(person, texts.get("chat"))
        where: Sent = {
            "chat_id": chat_id,
            "reply_to": number(texts, "reply_to"),
            "topic": number(texts, "topic"),
            "anonymous": "anonymous" in texts,
        }
        if text := texts.get("text", "").strip():
            message = await self.sandbox.send_text(person.id, text, **where)
        elif photo := uploads.get("photo"):
            message = await self._photo(person, photo, texts, where)
        elif other := other_content(texts):
            message = await self.sandbox.send_update_content(person.id, other, **where)
        elif forwarded := number(texts, "forward"):
            if forwarded not in self.sandbox.conversations[chat_id].messages:
                raise ChatError("That message is no longer here.")
            message = await self.sandbox.forward(person.id, forwarded, chat_id=chat_id)
        elif document := uploads.get("document"):
            named = (document.file_name, document.mime_type, texts.get("caption"))
            message = await self.sandbox.send_document(person.id, document.data, *named, **where)
        else:
            raise ChatError("Send a text, a photo or a document.")
        return web.json_response({"message": message})

    async def _photo(
        self, person: Person, photo: Upload, texts: dict[str, str], where: Sent
    ) -> Json:
        where["album_size"] = number(texts, "album_size") or 0
        caption, album = texts.get("caption"), texts.get("album")
        try:
            return await self.sandbox.send_photo(person.id, photo.data, caption, album, **where)
        except UnreadableImageError as error:
            raise ChatError(
                "This is not a photo that can be read. Send it as a file instead."
            ) from error

    async def edit(self, request: web.Request) -> web.StreamResponse:
        """Another text in place of one that the person sent."""
        person, body = self._person(request), await json_object(request)
        chat_id = self._chat(person, body.get("chat"))
        message_id, text = int(request.match_info["message_id"]), body.get("text")
        message = self.sandbox.conversations[chat_id].messages.get(message_id, {})
        if not isinstance(text, str) or not text.strip() or "text" not in message:
            raise ChatError("Only a text can be edited, to another text.")
        if message["from"]["id"] != person.id:
            raise ChatError("That message is somebody else's.")
        edited = await self.sandbox.edit_text(person.id, message_id, text.strip(), chat_id=chat_id)
        return web.json_response({"message": edited})

    async def callback(self, request: web.Request) -> web.StreamResponse:
        """A pressed button; waits for the bot's answer."""
        person = self._person(request)
        match body := await json_object(request):
            case {"message_id": int(message_id), "data": str(data)}:
                chat_id = self._chat(person, body.get("chat"))
            case _:
                raise ChatError("Give the button's message_id and data.")
        message = self.sandbox.conversations[chat_id].messages.get(message_id, {})
        if not has_button(message, data):
            raise ChatError("The message has no such button any more.")
        answer = await self.sandbox.callback(person.id, message_id, data, chat_id=chat_id)
        return web.json_response(asdict(answer or CallbackAnswer()))

    async def events(self, request: web.Request) -> web.StreamResponse:
        """What happens from now on, as Server-Sent Events."""
        person = self._person(request)
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        # Somebody closed the page: nothing is wrong with that.
        with self.sandbox.events.listen(person.id) as queue, suppress(ConnectionResetError):
            await response.prepare(request)
            await response.write(b": open\n\n")
            while True:
                try:
                    async with asyncio.timeout(HEARTBEAT_SECONDS):
                        event = await queue.get()
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                if event is None:
                    break
                await response.write(f"data: {json.dumps(event)}\n\n".encode())
        return response

    async def file(self, request: web.Request) -> web.StreamResponse:
        """A file that somebody or the bot sent."""
        try:
            stored = self.sandbox.files.get(request.match_info["file_id"])
        except ApiError as error:
            raise ChatError("There is no such file.", 404) from error
        shown = stored.mime_type in SHOWN
        headers = {"Content-Type": stored.mime_type} if shown else DOWNLOADED
        return web.Response(body=stored.data, headers=NO_SCRIPTS | headers)

    async def page(self, _: web.Request) -> web.StreamResponse:
        """The web chat itself."""
        return web.FileResponse(WEB / "index.html", headers={"X-Frame-Options": "DENY"})

    def _chat(self, person: Person, wanted: object) -> int:
        """The chat that is meant: the person's private one, or the group."""
        if wanted in (None, "", person.id, str(person.id)):
            return person.id
        if str(wanted) == str(self.sandbox.group.id):
            return self.sandbox.group.id
        raise ChatError("There is no such chat any more.", 404)

    def _person(self, request: web.Request) -> Person:
        person = self.sandbox.people.get(int(request.match_info["id"]))
        if person is None:
            raise ChatError(f"There is no person {request.match_info['id']}.", 404)
        return person


def add_routes(app: web.Application, sandbox: Sandbox) -> None:
    """Serve the web chat of `sandbox`."""
    chat = Chat(sandbox)
    person = r"/chat/people/{id:\d{1,18}}"
    app.router.add_routes(
        [
            web.get("/", chat.page),
            web.static("/web", WEB),
            web.get("/chat/people", chat.people),
            web.patch(person, chat.change_person),
            web.get(f"{person}/messages", chat.messages),
            web.post(f"{person}/messages", chat.send),
            web.patch(rf"{person}/messages/{{message_id:\d{{1,18}}}}", chat.edit),
            web.patch(f"{person}/group", chat.change_group),
            web.get(f"{person}/commands", chat.commands),
            web.post(f"{person}/callback", chat.callback),
            web.get(f"{person}/events", chat.events),
            web.get("/chat/files/{file_id}", chat.file),
        ]
    )
    app.on_response_prepare.append(_never_stale)


async def _never_stale(_: web.Request, response: web.StreamResponse) -> None:
    """Let browsers ask each time: another version of the page brings other files."""
    response.headers.setdefault("Cache-Control", "no-cache")
