"""What is posted to a target: the event as JSON, or the request as LINK sent it."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from linksms_cli.sms.dlr.receiving import StoredCallback
from linksms_cli.sms.forward.due import Due
from linksms_cli.sms.forward.signing import signature
from linksms_cli.sms.forward.target import ForwardAs, Target
from linksms_cli.sms.receiver_url import ReceiverUrl

# How the body is to be read: nothing else of what came is passed on as a header.
_KEPT = {"content-type": "Content-Type", "content-encoding": "Content-Encoding"}


class Posting(NamedTuple):
    """One request to a target."""

    method: str
    url: str
    body: bytes
    headers: Mapping[str, str]


def posting(
    target: Target,
    due: Due,
    *,
    keys: Sequence[bytes],
    record: Callable[[StoredCallback], Mapping[str, Any]],
    now: datetime,
) -> Posting:
    """Return the request that forwards something; `record` makes the JSON object of an event.

    `webhook-id` and `webhook-timestamp` are always there, `webhook-signature` if there are keys.
    """
    leads = ReceiverUrl.parse(target.url)
    headers = dict(leads.headers)
    if target.form is ForwardAs.RAW:
        came = due.callback
        path, method, body = leads.with_query(came.query), came.method, came.body
        headers |= {_KEPT[name]: value for name, value in came.headers if name in _KEPT}
    else:
        path, method = leads.path, "POST"
        headers["Content-Type"] = "application/json"
        body = json.dumps(record(due.told), ensure_ascii=False).encode("utf-8", "surrogatepass")
    headers |= dict(target.headers)
    stamp = int(now.timestamp())
    headers |= {"webhook-id": due.webhook_id, "webhook-timestamp": str(stamp)}
    if keys:
        headers["webhook-signature"] = signature(keys, due.webhook_id, stamp, body)
    return Posting(method, leads.url(path), body, headers)
