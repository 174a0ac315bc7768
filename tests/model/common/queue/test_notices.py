from typing import Any

import pytest

from model.common.queue import keys, notices
from model.common.queue.notices import Notice, NoticeStream
from tests.helpers.redis import Client, connect, connect_async


def test_a_notice_comes_back_as_it_was() -> None:
    notice = Notice(kind="model-refused", values={"version": "new-1"}, at=5.0)
    assert Notice.from_json(notice.to_json()) == notice


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"kind": 5}'])
def test_what_is_no_notice_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Notice.from_json(text)


async def test_a_notice_is_handed_out_until_it_is_done(redis_url: str) -> None:
    with connect(redis_url) as client:
        _add(client, "one", "two")
    async with connect_async(redis_url) as waiting:
        stream = NoticeStream(waiting)
        for kind in ("one", "two"):
            first, again = await stream.take(1), await stream.take(1)
            assert first and first[1] and first == again
            assert first[1].kind == kind
            await stream.done(first[0])
        assert await stream.take(1) is None


@pytest.mark.parametrize("fields", [{"notice": "no JSON"}, {"x": "y"}, {"notice": "[" * 100_000}])
async def test_what_cannot_be_read_is_buried(redis_url: str, fields: dict[Any, Any]) -> None:
    async with connect_async(redis_url) as client:
        await client.xadd(keys.NOTICES, fields)
        stream = NoticeStream(client)
        assert await stream.take(1) is None
        assert await client.xlen(keys.NOTICES) == 0
        [(_, kept)] = await client.xrange(keys.DEAD)
        assert kept[b"of"] == b"notices" and kept[b"reason"]


def test_the_oldest_go_where_nobody_takes_them(redis_url: str) -> None:
    with connect(redis_url) as client:
        _add(client, *["old"] * 3, *["new"] * notices.MOST)
        assert client.xlen(keys.NOTICES) == notices.MOST
        assert b"old" not in str(client.xrange(keys.NOTICES)).encode()


def _add(client: Client, *kinds: str) -> None:
    for kind in kinds:
        notices.add(client, Notice(kind=kind))
