"""The bot in the sandbox's group: its greeting, whom it answers, and who may correct what."""

from typing import Any

from tests.helpers.bot.corrections import SANDAL, Correcting
from tests.helpers.bot.running import Parts
from tests.helpers.bot.sandbox import ADMIN, BOT, GUEST, Person, Sandbox
from tests.helpers.photos import picture
from tests.helpers.waiting import LIMIT

NAME = BOT["username"]


def written(sandbox: Sandbox) -> list[dict[str, Any]]:
    """What the bot wrote in the group."""
    messages = sandbox.messages(sandbox.group.id)
    return [message for message in messages if message["from"]["id"] == BOT["id"]]


async def until_written(sandbox: Sandbox, count: int) -> list[dict[str, Any]]:
    found = await sandbox.events.until(lambda: len(written(sandbox)) >= count or None, LIMIT)
    assert found, "the bot did not write"
    return written(sandbox)


async def test_a_group_is_greeted_once_with_what_the_bot_sees(served: Parts) -> None:
    sandbox = served.sandbox
    sandbox.change_group(GUEST.id, joined=True)
    [greeting] = await until_written(sandbox, 1)
    assert "In this group I only see what is meant for me" in greeting["text"]
    assert f"@{NAME}" in greeting["text"]
    await sandbox.send_text(GUEST.id, "/what", chat_id=sandbox.group.id)
    assert len(await until_written(sandbox, 2)) == 2


async def test_the_greeting_is_in_the_language_of_who_added_it(served: Parts) -> None:
    served.sandbox.set_language(GUEST.id, "es")
    served.sandbox.change_group(GUEST.id, joined=True)
    [greeting] = await until_written(served.sandbox, 1)
    assert "En este grupo solo veo lo que va dirigido a mí" in greeting["text"]


async def test_without_privacy_mode_the_greeting_says_that_it_sees_all(parts: Parts) -> None:
    parts.sandbox.set_privacy(False)
    async with parts.bot():
        parts.sandbox.change_group(GUEST.id, joined=True)
        [greeting] = await until_written(parts.sandbox, 1)
    assert "I can see all messages in this group" in greeting["text"]


async def test_a_blocked_bot_is_not_greeting_a_person(served: Parts) -> None:
    served.sandbox.block(GUEST.id, True)
    served.sandbox.block(GUEST.id, False)
    assert (await served.said(await served.send_photo())) == "👟 Sneaker, 93%"
    assert len(served.from_bot()) == 1


async def test_a_mention_and_a_question_are_answered_in_the_group(served: Parts) -> None:
    sandbox = served.sandbox
    sandbox.change_group(GUEST.id, joined=True)
    await until_written(sandbox, 1)
    group = sandbox.group.id
    unnamed = await sandbox.send_photo(GUEST.id, picture(), chat_id=group)
    await sandbox.send_photo(GUEST.id, picture(), f"@{NAME}", chat_id=group)
    assert len(await until_written(sandbox, 2)) == 2
    await sandbox.send_text(ADMIN.id, "/what", chat_id=group, reply_to=unnamed["message_id"])
    *_, answer = await until_written(sandbox, 3)
    assert answer["reply_to_message"]["message_id"] == unnamed["message_id"]
    assert answer["caption"] == "👟 Sneaker, 93%"


async def test_an_album_is_answered_by_one_message_in_a_topic_of_the_supergroup(
    served: Parts,
) -> None:
    sandbox = served.sandbox
    sandbox.change_group(GUEST.id, joined=True)
    await until_written(sandbox, 1)
    sandbox.upgrade_group(ADMIN.id)
    sandbox.set_privacy(False)
    for caption in (None, f"@{NAME}", None):
        await sandbox.send_photo(
            GUEST.id, picture(), caption, "7", chat_id=sandbox.group.id, topic=101, album_size=3
        )
    [answer] = await until_written(sandbox, 1)
    assert answer["caption"].startswith("3 photos: ")
    assert answer["message_thread_id"] == 101


async def corrected(chat: Correcting, who: Person, **sent: Any) -> str | None:
    """What the bot says to this person's correction of a photo in the group."""
    sandbox = chat.parts.sandbox
    sandbox.change_group(GUEST.id, joined=True)
    await until_written(sandbox, 1)
    group = sandbox.group.id
    await sandbox.send_photo(ADMIN.id, picture(), f"@{NAME}", chat_id=group, **sent)
    [_, answer] = await until_written(sandbox, 2)
    rows = answer["reply_markup"]["inline_keyboard"]
    [data] = [each["callback_data"] for row in rows for each in row if each["text"] == SANDAL]
    said = await sandbox.callback(who.id, answer["message_id"], data, chat_id=group)
    return said.text if said else None


async def test_an_anonymous_admin_corrects_what_they_sent(idle: Correcting) -> None:
    # Nobody of the group is an admin of the bot.
    async with idle.parts.worker.working(), idle.parts.bot(admin_ids=frozenset()):
        said = await corrected(idle, ADMIN, anonymous=True)
    assert said == "Thank you! I’m redrawing the picture."


async def test_other_members_do_not_correct_what_the_group_sent(idle: Correcting) -> None:
    async with idle.parts.worker.working(), idle.parts.bot(admin_ids=frozenset()):
        said = await corrected(idle, GUEST, anonymous=True)
    assert said == "Only the person who sent the photo, or an admin, can correct this answer."
