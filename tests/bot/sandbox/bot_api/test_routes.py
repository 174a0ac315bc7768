"""The Bot API is as strict as Telegram, and stricter where Telegram hides a mistake."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.sandbox.bot_api import objects, request
from bot.sandbox.bot_api.api_errors import ApiError
from bot.sandbox.bot_api.method import METHODS
from bot.sandbox.bot_api.request import Given
from tests.bot.sandbox.conftest import Http
from tests.helpers.bot.sandbox import GUEST, TOKEN, Sandbox
from tests.helpers.photos import gradient

TO_GUEST: dict[str, Any] = {"chat_id": GUEST.id, "text": "Hello"}


async def test_a_wrong_token_is_401(http: Http) -> None:
    status, body = await http.post("getMe", token="1:wrong")
    assert (status, body) == (401, {"ok": False, "error_code": 401, "description": "Unauthorized"})


async def test_an_unknown_method_is_404(http: Http) -> None:
    assert await http.refused("sendNothing") == (404, "Not Found")


async def test_an_unknown_address_is_404_in_json(http: Http) -> None:
    async with http.session.get(f"{http.url}/nowhere") as answer:
        assert answer.status == 404
        assert (await answer.json())["description"] == "Not Found"


@pytest.mark.parametrize("name", ["getme", "GETME", "getMe"])
async def test_method_names_have_no_case(http: Http, name: str) -> None:
    assert (await http.call(name))["username"] == "modista_sandbox_bot"


async def test_other_verbs_than_get_and_post_are_refused(http: Http) -> None:
    async with http.session.put(f"{http.url}/bot{TOKEN}/getMe") as answer:
        assert answer.status == 405


@pytest.mark.parametrize("method", sorted(method.name for method in METHODS.values()))
async def test_every_method_refuses_an_unknown_parameter(http: Http, method: str) -> None:
    status, description = await http.refused(method, chat_idd=1)
    assert status == 400
    assert description == f'Bad Request: unknown parameter "chat_idd" of {method}'


async def test_parameters_may_stand_in_the_query_a_form_or_json(http: Http) -> None:
    address = f"{http.url}/bot{TOKEN}/sendMessage"
    for given_as in ({"params": TO_GUEST}, {"data": TO_GUEST}, {"json": TO_GUEST}):
        async with http.session.post(address, **given_as) as answer:  # type: ignore[arg-type]
            assert (await answer.json())["result"]["text"] == "Hello"
    async with http.session.get(address, params=TO_GUEST) as answer:
        assert (await answer.json())["result"]["text"] == "Hello"
    form = aiohttp.FormData({"chat_id": "1001"})
    form.add_field("text", "Hello", content_type="text/plain")
    assert (await http.post("sendMessage", data=form))[1]["result"]["text"] == "Hello"


async def test_a_null_in_json_is_an_absent_parameter(http: Http) -> None:
    assert "reply_markup" not in await http.call("sendMessage", **TO_GUEST, reply_markup=None)


@pytest.mark.parametrize(
    ("body", "description"),
    [
        ({"data": "{", "headers": {"Content-Type": "application/json"}}, "valid JSON"),
        ({"data": "[1]", "headers": {"Content-Type": "application/json"}}, "JSON object"),
        ({"data": "x", "headers": {"Content-Type": "text/csv"}}, 'content type "text/csv"'),
        ({"data": b"\xff", "headers": {"Content-Type": "application/json"}}, "UTF-8"),
        ({"data": {"text": "a"}, "params": {"text": "b"}}, 'parameter "text" is given twice'),
        (
            {"data": "text=%ff", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
            "UTF-8",
        ),
        (
            {
                "data": b"--x\r\nnonsense",
                "headers": {"Content-Type": "multipart/form-data; boundary=x"},
            },
            "multipart",
        ),
        ({"data": b"x", "headers": {"Content-Type": "multipart/form-data"}}, "multipart"),
    ],
)
async def test_a_malformed_body_is_400(http: Http, body: dict[str, Any], description: str) -> None:
    status, answer = await http.post("sendMessage", **body)
    assert status == 400
    assert description in answer["description"]


@pytest.mark.parametrize(
    ("method", "missing", "description"),
    [
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": 1001}, "message text is empty"),
        ("sendMessage", {"chat_id": 1001, "text": " \n "}, "message text is empty"),
        ("sendPhoto", {"chat_id": 1001}, "there is no photo in the request"),
        ("editMessageText", {"chat_id": 1001, "text": "x"}, "message identifier is not specified"),
        ("setMyCommands", {}, 'parameter "commands" is required'),
    ],
)
async def test_a_missing_parameter_is_400(
    http: Http, method: str, missing: dict[str, Any], description: str
) -> None:
    assert await http.refused(method, **missing) == (400, f"Bad Request: {description}")


@pytest.mark.parametrize(
    ("method", "wrong", "description"),
    [
        ("getUpdates", {"offset": "soon"}, 'parameter "offset" must be an Integer'),
        ("getUpdates", {"timeout": 1.5}, 'parameter "timeout" must be an Integer'),
        ("getUpdates", {"allowed_updates": "message"}, "must be a JSON array"),
        ("getUpdates", {"allowed_updates": ["messages"]}, 'unknown update type "messages"'),
        ("getUpdates", {"allowed_updates": [["message"]]}, "unknown update type"),
        ("sendMessage", {**TO_GUEST, "disable_notification": "maybe"}, "must be a Boolean"),
        ("sendMessage", {**TO_GUEST, "reply_markup": [1]}, "must be a JSON object"),
        (
            "sendMessage",
            {**TO_GUEST, "reply_parameters": {"message": 1}},
            'unknown field "message"',
        ),
        ("sendMessage", {**TO_GUEST, "parse_mode": "BBCode"}, "unsupported parse_mode"),
        ("sendMessage", {**TO_GUEST, "business_connection_id": "x"}, "does not support"),
        ("sendMessage", {**TO_GUEST, "allow_paid_broadcast": True}, "does not support"),
        ("sendMessage", {**TO_GUEST, "text": "\ud800"}, "UTF-8"),
        ("sendMessage", {"chat_id": 7, "text": "x"}, "chat not found"),
        ("sendMessage", {"chat_id": "@somebody", "text": "x"}, "chat not found"),
        ("sendPhoto", {"chat_id": 1001, "photo": "attach://p"}, "no file is attached"),
        ("sendPhoto", {"chat_id": 1001, "photo": "nonsense"}, "wrong file_id"),
        ("sendPhoto", {"chat_id": 1001, "photo": "https://example.org/a.jpg"}, "HTTP URL"),
        ("sendChatAction", {"chat_id": 1001, "action": "dancing"}, "wrong parameter action"),
        ("sendMediaGroup", {"chat_id": 1001, "media": []}, "2-10"),
        ("sendMediaGroup", {"chat_id": 1001, "media": [{}, {}]}, "does not support"),
        (
            "getFile",
            {"file_id": "nonsense"},
            "wrong file_id or the file is temporarily unavailable",
        ),
        ("getChatMember", {"chat_id": 7, "user_id": 7}, "chat not found"),
        ("answerCallbackQuery", {"callback_query_id": "1"}, "query is too old"),
        ("deleteMessage", {"chat_id": 1001, "message_id": 1}, "message to delete not found"),
        ("setMyShortDescription", {"short_description": "x" * 121}, "too long"),
    ],
)
async def test_a_wrong_parameter_is_400(
    http: Http, method: str, wrong: dict[str, Any], description: str
) -> None:
    status, said = await http.refused(method, **wrong)
    assert status == 400
    assert said.startswith("Bad Request: ")
    assert description in said


async def test_an_upload_that_nothing_names_is_an_unknown_parameter(http: Http) -> None:
    form = aiohttp.FormData({"chat_id": "1001", "text": "Hello"})
    form.add_field("stray", b"bytes", filename="stray.bin")
    status, body = await http.post("sendMessage", data=form)
    assert status == 400
    assert 'unknown parameter "stray"' in body["description"]


async def test_a_file_may_be_attached_by_name(http: Http, sandbox: Sandbox) -> None:
    form = aiohttp.FormData({"chat_id": "1001", "photo": "attach://mine"})
    form.add_field("mine", gradient(), filename="mine.jpg")
    assert (await http.post("sendPhoto", data=form))[0] == 200
    assert len(sandbox.messages(GUEST.id)) == 1


async def test_more_than_50_mb_is_413(http: Http) -> None:
    form = aiohttp.FormData({"chat_id": "1001"})
    form.add_field("photo", b"\0" * request.MAX_BODY, filename="large.bin")
    form.add_field("caption", "one byte too many")
    status, body = await http.post("sendPhoto", data=form)
    assert (status, body["description"]) == (413, "Request Entity Too Large")
    status, body = await http.post("sendMessage", data=b"\0" * (request.MAX_BODY + 1))
    assert (status, body["description"]) == (413, "Request Entity Too Large")


async def test_a_client_that_dies_while_it_sends_leaves_no_traceback(
    http: Http, caplog: pytest.LogCaptureFixture
) -> None:
    server = urlsplit(http.url)
    _, writer = await asyncio.open_connection(server.hostname, server.port)
    head = (
        f"POST /bot{TOKEN}/sendPhoto HTTP/1.1\r\nHost: {server.netloc}\r\nContent-Length: 9999\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n"
    )
    writer.write(head.encode())
    await writer.drain()
    await asyncio.sleep(0.1)
    writer.transport.abort()
    await http.call("getMe")
    await asyncio.sleep(0.1)
    assert not caplog.records


async def test_requests_are_remembered_without_their_bytes(http: Http, sandbox: Sandbox) -> None:
    form = aiohttp.FormData({"chat_id": "1001"})
    form.add_field("photo", b"12345", filename="p.jpg")
    await http.post("sendPhoto", data=form)
    [(method, given_parameters)] = sandbox.requests
    assert method == "sendPhoto"
    assert given_parameters == {"chat_id": "1001", "photo": "<p.jpg: 5 bytes>"}


names = st.text(min_size=1, max_size=20)
values = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["1001", "true", "-1", "attach://photo", "HTML", "MarkdownV2", "{}", "[]"]),
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(["type", "media", "text", "command", "caption", "inline_keyboard"]),
                inner,
                max_size=4,
            ),
        ),
        max_leaves=8,
    ).map(request.as_text),
)


@given(method=st.sampled_from(sorted(METHODS)), name=names)
def test_no_unknown_name_slips_through(method: str, name: str) -> None:
    known = METHODS[method]
    if name in known.parameters.model_fields:
        return
    with pytest.raises(ApiError) as raised:
        known.parse(Given({name: "x"}))
    assert raised.value.code == 400


@settings(max_examples=300, deadline=None)
@given(data=st.data(), method=st.sampled_from(sorted(METHODS)))
def test_whatever_a_bot_sends_is_answered_or_refused(data: st.DataObject, method: str) -> None:
    """Nothing but an ApiError comes out: anything else would be the sandbox's own mistake."""
    known = METHODS[method]
    fields = known.parameters.model_fields
    required = {name: values for name, field in fields.items() if field.is_required()}
    optional = dict.fromkeys(fields.keys() - required, values)
    given_texts = data.draw(st.fixed_dictionaries(required, optional=optional))
    given_texts.pop("timeout", None)  # nobody needs to wait here
    if "chat_id" in given_texts:
        given_texts["chat_id"] = str(GUEST.id)
    try:
        raw = Given()
        for name, value in given_texts.items():
            raw.add(name, value)
        asyncio.run(_act(method, raw))
    except ApiError as error:
        assert error.code in {400, 404, 409}


async def _act(method: str, raw: Given) -> None:
    known = METHODS[method]
    await known.act(Sandbox(), known.parse(raw))


@given(st.integers(min_value=-(10**18), max_value=10**18))
@example(0)
def test_integers_are_read_as_they_were_written(number: int) -> None:
    assert objects.integer(str(number)) == number


@given(st.text(max_size=6))
def test_what_is_no_integer_is_refused(text: str) -> None:
    if text.isascii() and text.removeprefix("-").removeprefix("+").isdigit():
        return
    with pytest.raises(ValueError, match="Integer"):
        objects.integer(text)
