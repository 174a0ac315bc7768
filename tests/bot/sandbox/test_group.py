"""The sandbox's group: who is told what, by the rules of privacy mode, and under which id."""

from typing import Any

import pytest

from bot.sandbox.state.group import FIRST_ID, SUPERGROUP_ID
from tests.bot.sandbox.conftest import Http
from tests.helpers.bot.sandbox import ADMIN, BOT, GUEST, Sandbox
from tests.helpers.photos import picture

NAME = BOT["username"]


@pytest.fixture
async def group(sandbox: Sandbox) -> Sandbox:
    """The bot is in the group, and was told so."""
    sandbox.change_group(GUEST.id, joined=True)
    sandbox.updates.pending.clear()
    return sandbox


def told(sandbox: Sandbox) -> list[dict[str, Any]]:
    """The messages that wait for the bot."""
    return [each["message"] for each in sandbox.updates.pending if "message" in each]


async def said(sandbox: Sandbox, text: str, **more: Any) -> bool:
    """Whether the bot is told of this text in the group."""
    before = len(told(sandbox))
    await sandbox.send_text(GUEST.id, text, chat_id=sandbox.group.id, **more)
    return len(told(sandbox)) > before


async def test_the_bot_is_told_that_it_was_added_and_removed(sandbox: Sandbox) -> None:
    sandbox.change_group(ADMIN.id, joined=True)
    sandbox.change_group(ADMIN.id, joined=True)
    sandbox.change_group(ADMIN.id, joined=False)
    changes = [each["my_chat_member"] for each in sandbox.updates.pending if "message" not in each]
    assert [change["new_chat_member"]["status"] for change in changes] == ["member", "left"]
    assert [change["old_chat_member"]["status"] for change in changes] == ["left", "member"]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("hello", False),
        (f"what is this, @{NAME}?", True),
        (f"@{NAME}x is another", False),
        ("/what", True),
        (f"/what@{NAME}", True),
        ("/what@another_bot", False),
    ],
)
async def test_with_privacy_mode_the_bot_gets_what_is_meant_for_it(
    group: Sandbox, text: str, meant: bool
) -> None:
    assert await said(group, text) == meant
    group.set_privacy(False)
    assert await said(group, text)


async def test_a_reply_to_the_bot_is_meant_for_it_and_one_to_a_person_is_not(
    group: Sandbox, http: Http
) -> None:
    sent = await http.call("sendMessage", chat_id=FIRST_ID, text="hi")
    assert await said(group, "and you?", reply_to=sent["message_id"])
    theirs = group.messages(FIRST_ID)[-1]
    assert not await said(group, "me?", reply_to=theirs["message_id"])


async def test_of_an_album_the_photo_with_the_mention_is_meant_for_the_bot(group: Sandbox) -> None:
    for caption in (None, f"@{NAME}", None):
        await group.send_photo(GUEST.id, picture(), caption, "7", chat_id=group.group.id)
    assert [message["caption"] for message in told(group)] == [f"@{NAME}"]


async def test_both_people_see_what_is_written(group: Sandbox) -> None:
    with group.events.listen(ADMIN.id) as theirs, group.events.listen(GUEST.id) as mine:
        await said(group, "hello")
    events = [queue.get_nowait() for queue in (theirs, mine)]
    assert {event["chat"] for event in events if event} == {FIRST_ID}


async def test_an_admin_can_write_in_the_groups_name(group: Sandbox) -> None:
    await group.send_text(ADMIN.id, "/what", chat_id=FIRST_ID, anonymous=True)
    [message] = told(group)
    assert message["from"]["username"] == "GroupAnonymousBot"
    assert message["sender_chat"]["id"] == FIRST_ID


async def test_a_supergroup_goes_on_under_another_id(group: Sandbox, http: Http) -> None:
    group.upgrade_group(ADMIN.id)
    assert [
        sorted({*message} & {"migrate_to_chat_id", "migrate_from_chat_id"})
        for message in told(group)
    ] == [
        ["migrate_to_chat_id"],
        ["migrate_from_chat_id"],
    ]
    _, refused = await http.post("sendMessage", json={"chat_id": FIRST_ID, "text": "hi"})
    assert refused["parameters"] == {"migrate_to_chat_id": SUPERGROUP_ID}
    await group.send_text(GUEST.id, f"@{NAME}", chat_id=SUPERGROUP_ID, topic=101)
    sent = await http.call("sendMessage", chat_id=SUPERGROUP_ID, text="hi", message_thread_id=101)
    assert sent["is_topic_message"]


async def test_a_bot_that_is_no_member_can_neither_write_nor_read(
    sandbox: Sandbox, http: Http
) -> None:
    assert not await said(sandbox, f"@{NAME}")
    code, reason = await http.refused("sendMessage", chat_id=FIRST_ID, text="hi")
    assert (code, reason) == (403, "Forbidden: bot is not a member of the group chat")


async def test_members_have_a_standing(group: Sandbox, http: Http) -> None:
    status = [
        (await http.call("getChatMember", chat_id=FIRST_ID, user_id=person.id))["status"]
        for person in (ADMIN, GUEST)
    ]
    assert status == ["creator", "member"]
    await http.refused("getChatMember", chat_id=FIRST_ID, user_id=5)


async def test_an_albums_photos_come_together_as_telegram_has_them(sandbox: Sandbox) -> None:
    for _ in range(3):
        assert not told(sandbox)
        await sandbox.send_photo(GUEST.id, picture(), None, "7", album_size=3)
    assert len(told(sandbox)) == 3
