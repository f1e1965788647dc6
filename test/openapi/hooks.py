"""What schemathesis needs to know of the relay: how calls are signed, and which values lead past the first check."""

import base64
import hashlib
import hmac
import json
import os
import time
from datetime import datetime, timezone

import schemathesis
from hypothesis import strategies
from requests.auth import AuthBase

NETWORK = os.environ["RELAY_NETWORK"]
READ_TOKEN = os.environ["RELAY_READ_TOKEN"]
HOOK_TOKEN = os.environ["RELAY_HOOK_TOKEN"]
KEY = base64.b64decode(os.environ["RELAY_SECRET"].removeprefix("whsec_"))


class Signature(AuthBase):
    """Signs the bytes that are sent. The generated id stays; the time is right, as a sender's clock is."""

    def __call__(self, request):
        body = request.body or b""
        if isinstance(body, str):
            body = body.encode()
        event_id = request.headers.get("webhook-id", "evt-1")
        if isinstance(event_id, bytes):
            event_id = event_id.decode("latin-1")
        timestamp = str(int(time.time()))
        signed = f"{event_id}.{timestamp}.".encode("latin-1") + body
        digest = base64.b64encode(hmac.digest(KEY, signed, hashlib.sha256)).decode()
        request.headers["webhook-id"] = event_id
        request.headers["webhook-timestamp"] = timestamp
        request.headers["webhook-signature"] = f"v1,{digest}"
        return request


class Bearer(AuthBase):
    def __call__(self, request):
        request.headers["Authorization"] = f"Bearer {READ_TOKEN}"
        return request


def now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


schemathesis.openapi.format("date-time", strategies.builds(now))


# The times in the document's examples: an event of that age would be refused one day.
EXAMPLE_TIMES = {"timestamp": "2026-11-21T05:00:00.123Z", "domain_date_created": "2026-11-21 05:00:00"}


def with_time_of_now(body):
    """The time comes as late as an event's own does. Times that were generated stay."""
    times = {"timestamp": now(), "domain_date_created": now()[:19].replace("T", " ")}
    fresh = {name: times[name] for name, example in EXAMPLE_TIMES.items() if body.get(name) == example}
    return {**body, **fresh}


@schemathesis.hook
def before_call(context, case, kwargs):
    # Every network but one is unknown, and an unknown one ends at the first check.
    case.path_parameters["network"] = NETWORK
    if "token" in case.path_parameters:
        case.path_parameters["token"] = HOOK_TOKEN
    if isinstance(case.body, dict):
        case.body = with_time_of_now(case.body)
    kwargs["auth"] = Bearer() if case.method == "GET" else Signature()


met: dict[str, set[int]] = {}


@schemathesis.hook
def after_call(context, case, response):
    met.setdefault(f"{case.method} {case.path}", set()).add(response.status_code)
    with open(os.environ["MET_STATUSES"], "w", encoding="utf-8") as file:
        json.dump({route: sorted(statuses) for route, statuses in met.items()}, file)
