"""The methods by which the bot receives: updates by polling or webhook, and files."""

import re
from urllib.parse import urlsplit

from bot.sandbox.bot_api.api_errors import bad_request, conflict
from bot.sandbox.bot_api.method import method
from bot.sandbox.bot_api.objects import Array, Integer, Parameters, filled
from bot.sandbox.bot_api.request import Json
from bot.sandbox.state.file_store import MAX_DOWNLOAD
from bot.sandbox.telegram import Sandbox

LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


class _Poll(Parameters):
    offset: Integer = 0
    limit: Integer = 100
    timeout: Integer = 0
    allowed_updates: Array | None = None


class _WebhookDeletion(Parameters):
    drop_pending_updates: bool = False


class _Webhook(_WebhookDeletion):
    url: str
    allowed_updates: Array | None = None
    ip_address: str = ""
    max_connections: Integer = 40
    secret_token: str = ""


class _File(Parameters):
    file_id: str


@method
async def get_updates(sandbox: Sandbox, given: _Poll) -> list[Json]:
    """Wait for updates; the offset confirms all before it."""
    if sandbox.webhook.url:
        raise conflict(WEBHOOK_ACTIVE)
    if given.allowed_updates is not None:
        sandbox.updates.allow(given.allowed_updates)
    return await sandbox.updates.poll(given.offset, given.limit, given.timeout)


@method
async def set_webhook(sandbox: Sandbox, given: _Webhook) -> bool:
    """Have updates sent to an address. Like a local Bot API server, it takes http for this host."""
    if given.url:
        _check_url(given.url)
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", given.secret_token):
        raise bad_request("secret token contains unallowed characters")
    if not 1 <= given.max_connections <= 100:
        raise bad_request("max_connections must be from 1 to 100")
    if given.allowed_updates is not None:
        sandbox.updates.allow(given.allowed_updates)
    if given.drop_pending_updates:
        sandbox.updates.pending.clear()
    sandbox.updates.end_poll(conflict("terminated by setWebhook request"))
    sandbox.webhook.set(given.url, given.secret_token, given.max_connections)
    sandbox.updates.arrived.set()
    return True


@method
async def delete_webhook(sandbox: Sandbox, given: _WebhookDeletion) -> bool:
    """Back to getUpdates."""
    if given.drop_pending_updates:
        sandbox.updates.pending.clear()
    sandbox.webhook.set("", "", 40)
    return True


@method
async def get_webhook_info(sandbox: Sandbox, given: Parameters) -> Json:  # noqa: ARG001 - it takes none
    """The webhook, and what went wrong with it last."""
    webhook = sandbox.webhook
    return {
        "url": webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(sandbox.updates.pending),
        **filled(
            max_connections=webhook.max_connections if webhook.url else 0,
            allowed_updates=sorted(sandbox.updates.allowed) if webhook.url else [],
            last_error_date=webhook.last_error_date,
            last_error_message=webhook.last_error_message,
        ),
    }


@method
async def get_file(sandbox: Sandbox, given: _File) -> Json:
    """Where to download a file."""
    stored = sandbox.files.get(given.file_id)
    if len(stored.data) > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {**stored.reference, "file_path": stored.path}


def host_name(url: str) -> str | None:
    """The host that an address names, if it names one."""
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _check_url(url: str) -> None:
    host = host_name(url)
    if not host:
        raise bad_request("bad webhook: invalid URL specified")
    scheme = urlsplit(url).scheme
    if scheme != "https" and (scheme != "http" or host not in LOCAL_HOSTS):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
