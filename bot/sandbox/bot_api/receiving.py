"""The methods by which the bot receives: updates by polling or webhook, and files."""

import re
from urllib.parse import urlsplit

from bot.sandbox.bot_api.api_errors import bad_request, conflict
from bot.sandbox.bot_api.method import method
from bot.sandbox.bot_api.parameters import Json, array, boolean, integer, string
from bot.sandbox.state.file_store import MAX_DOWNLOAD
from bot.sandbox.telegram import Sandbox

LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


@method(
    "getUpdates",
    optional={"offset": integer, "limit": integer, "timeout": integer, "allowed_updates": array},
)
async def get_updates(sandbox: Sandbox, given: Json) -> list[Json]:
    """Wait for updates; the offset confirms all before it."""
    if sandbox.webhook.url:
        raise conflict(WEBHOOK_ACTIVE)
    if "allowed_updates" in given:
        sandbox.updates.allow(given["allowed_updates"])
    return await sandbox.updates.poll(
        given.get("offset", 0), given.get("limit", 100), given.get("timeout", 0)
    )


@method(
    "setWebhook",
    required={"url": string},
    optional={
        "allowed_updates": array,
        "drop_pending_updates": boolean,
        "ip_address": string,
        "max_connections": integer,
        "secret_token": string,
    },
    unsupported=("certificate",),
)
async def set_webhook(sandbox: Sandbox, given: Json) -> bool:
    """Have updates sent to an address. Like a local Bot API server, it takes http for this host."""
    url, secret = given["url"], given.get("secret_token", "")
    if url:
        _check_url(url)
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
        raise bad_request("secret token contains unallowed characters")
    connections = given.get("max_connections", 40)
    if not 1 <= connections <= 100:
        raise bad_request("max_connections must be from 1 to 100")
    if "allowed_updates" in given:
        sandbox.updates.allow(given["allowed_updates"])
    if given.get("drop_pending_updates"):
        sandbox.updates.pending.clear()
    sandbox.updates.end_poll(conflict("terminated by setWebhook request"))
    sandbox.webhook.set(url, secret, connections)
    return True


@method("deleteWebhook", optional={"drop_pending_updates": boolean})
async def delete_webhook(sandbox: Sandbox, given: Json) -> bool:
    """Back to getUpdates."""
    if given.get("drop_pending_updates"):
        sandbox.updates.pending.clear()
    sandbox.webhook.set("", "", 40)
    return True


@method("getWebhookInfo")
async def get_webhook_info(sandbox: Sandbox, given: Json) -> Json:  # noqa: ARG001 - it takes none
    """The webhook, and what went wrong with it last."""
    webhook = sandbox.webhook
    info: Json = {
        "url": webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(sandbox.updates.pending),
    }
    if webhook.url:
        info["max_connections"] = webhook.max_connections
        info["allowed_updates"] = sorted(sandbox.updates.allowed)
    if webhook.last_error_date is not None:
        info["last_error_date"] = webhook.last_error_date
        info["last_error_message"] = webhook.last_error_message
    return info


@method("getFile", required={"file_id": string})
async def get_file(sandbox: Sandbox, given: Json) -> Json:
    """Where to download a file."""
    stored = sandbox.files.get(given["file_id"])
    if len(stored.data) > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {**stored.reference, "file_path": stored.path}


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        host = None
    if not host:
        raise bad_request("bad webhook: invalid URL specified")
    if parts.scheme != "https" and (parts.scheme != "http" or host not in LOCAL_HOSTS):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")


METHODS = (get_updates, set_webhook, delete_webhook, get_webhook_info, get_file)
