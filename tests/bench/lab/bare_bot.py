"""`python -m tests.bench.lab.bare_bot HOW [PICTURE]`: what `bench_bot` compares the bot with.

HOW is
- "answer": a worker that answers every photo at once with the picture in the file PICTURE;
- "call": a bot that only makes the calls which an answer needs: it polls, and for each photo asks
  for its file, downloads it and sends PICTURE with the same words, reply and buttons, through the
  bot's own client;
- "httpx": the same requests by httpx alone, without python-telegram-bot.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import httpx
from telegram import Message, ReplyParameters, Update
from telegram.ext import ExtBot

from bot import logs
from bot.lifecycle import POLL_SECONDS
from bot.replies import keyboards
from bot.replies.captions import predicted
from bot.settings import BotSettings
from bot.transport.client import connect
from bot.transport.downloads import address
from bot.transport.updates import ALLOWED_UPDATES
from model.common.corrections.answer_record import AnswerSummary
from model.common.prediction import Prediction
from model.common.queue import keys
from model.common.queue.job_stream import JobStream
from model.common.queue.messages import Address, Answer
from model.common.redis_tools.connection import connect as connect_redis
from model.common.settings import Settings

PREDICTION = Prediction(
    probabilities=(0.07, *(0.0,) * 6, 0.93, 0.0, 0.0),
    garment_score=0.9,
    verdict="sure",
    model="at once",
)
ANSWERED = AnswerSummary(
    id="u123456789012-1f3a9c04",  # as long as the bot's
    address=Address(chat_id=1, message_id=1, user_id=1, language="en", file_id="photo"),
    prediction=PREDICTION,
)
FILE_NAME = "answer.jpg"


def answer(picture: bytes) -> None:
    """Be the worker, until SIGTERM."""
    client = connect_redis(Settings())
    # Where the bench looks whether there is a worker.
    client.hset(keys.WORKERS, "at once", "{}")
    with JobStream(client, "at-once") as stream:
        while True:
            for each in stream.take(8, 1000):
                stream.finish(each, Answer.to(each.job, prediction=PREDICTION, picture=picture))


async def call(picture: bytes, settings: BotSettings) -> None:
    """Poll and answer through the bot's client, until SIGTERM."""
    running: set[asyncio.Task[None]] = set()
    async with connect(settings) as bot:
        offset = 0
        while True:
            updates = await bot.get_updates(
                offset=offset, timeout=POLL_SECONDS, allowed_updates=ALLOWED_UPDATES
            )
            for update in updates:
                offset = update.update_id + 1
                running.add(task := asyncio.create_task(_serve(bot, update, picture)))
                task.add_done_callback(running.discard)


async def _serve(bot: ExtBot[int], update: Update, picture: bytes) -> None:
    message: Message | None = update.message
    if message is None or not message.photo:
        return
    file = await bot.get_file(message.photo[2].file_id)
    await bot.request.retrieve(address(file.file_path or "", bot.base_file_url))
    await bot.send_photo(
        message.chat_id,
        picture,
        caption=predicted(PREDICTION, "en"),
        reply_parameters=ReplyParameters(message.message_id, allow_sending_without_reply=True),
        reply_markup=keyboards.judging(ANSWERED),
        filename=FILE_NAME,
    )


async def bare_httpx(picture: bytes, settings: BotSettings) -> None:
    """Poll and answer by httpx, until SIGTERM."""
    base = settings.telegram_api_url
    token = settings.telegram_token.get_secret_value()
    running: set[asyncio.Task[None]] = set()
    async with httpx.AsyncClient(timeout=POLL_SECONDS + 20, trust_env=False) as client:

        async def serve(message: dict[str, Any]) -> None:
            file_id = message["photo"][2]["file_id"]
            reply = await client.post(f"{base}/bot{token}/getFile", data={"file_id": file_id})
            path = reply.json()["result"]["file_path"]
            await client.get(f"{base}/file/bot{token}/{path}")
            values = {
                "chat_id": message["chat"]["id"],
                "caption": predicted(PREDICTION, "en"),
                "reply_parameters": json.dumps({"message_id": message["message_id"]}),
                "reply_markup": keyboards.judging(ANSWERED).to_json(),
            }
            files = {"photo": (FILE_NAME, picture, "image/jpeg")}
            answered = await client.post(f"{base}/bot{token}/sendPhoto", data=values, files=files)
            answered.json()

        offset = 0
        while True:
            values = {
                "offset": offset,
                "timeout": POLL_SECONDS,
                "allowed_updates": json.dumps(ALLOWED_UPDATES),
            }
            reply = await client.post(f"{base}/bot{token}/getUpdates", data=values)
            for update in reply.json()["result"]:
                offset = update["update_id"] + 1
                running.add(task := asyncio.create_task(serve(update["message"])))
                task.add_done_callback(running.discard)


def main() -> None:
    """Be what is asked for."""
    how, picture = sys.argv[1], Path(sys.argv[2]).read_bytes()
    if how == "answer":
        answer(picture)
        return
    settings = BotSettings()  # type: ignore[call-arg]  # filled from the environment
    logs.set_up(settings)
    asyncio.run({"call": call, "httpx": bare_httpx}[how](picture, settings))


if __name__ == "__main__":
    main()
