"""A Rejection in, an error of Google's services out.

Source of the shapes: Google's error model (google.rpc.Status and its error_details), the Gemini API's guide to errors;
of a used-up day's share: google-gemini/gemini-cli#8437; how it names a field: EvanZhouDev/gemini-ai#3; of images for
a model without eyes: langchain-google#684.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import ceil
from typing import Any

from mmra_api.sandbox.decode_body import reject
from mmra_api.sandbox.wire import Ask, Pause, Rejection
from mmra_api.types import FailureKind

ERRORS: dict[FailureKind, tuple[int, str]] = {
    "bad_request": (400, "INVALID_ARGUMENT"),
    "authentication": (400, "INVALID_ARGUMENT"),
    "too_large": (400, "INVALID_ARGUMENT"),
    "permission": (403, "PERMISSION_DENIED"),
    "not_found": (404, "NOT_FOUND"),
    "rate_limit": (429, "RESOURCE_EXHAUSTED"),
    "quota": (429, "RESOURCE_EXHAUSTED"),
    "server": (500, "INTERNAL"),
    "overloaded": (503, "UNAVAILABLE"),
}
"""Kind to code and status. A bad key is no 401 here: only its details tell it from a bad body."""
QUOTAS: Mapping[FailureKind, str] = {
    "rate_limit": "GenerateRequestsPerMinutePerProjectPerModel",
    "quota": "GenerateRequestsPerDayPerProjectPerModel-FreeTier",
}
"""What alone tells a 429 that ends by itself from one that does not."""
METRIC = "generativelanguage.googleapis.com/generate_content_free_tier_requests"
WORDS: Mapping[FailureKind, str] = {"quota": "You exceeded your current quota, check your plan and billing details"}
FALSE_HOPE = Pause(seconds=36.5, form="s")
"""The service names such a wait also where the quota is a day's and stays used up."""
SERVICE = "generativelanguage.googleapis.com"


def render_error(rejection: Rejection, request_id: str) -> tuple[int, dict[str, Any]]:  # noqa: ARG001 - a ServedFormat's form
    """The status and the body of an error."""
    code, status = ERRORS[rejection.kind]
    words = WORDS.get(rejection.kind)
    message = f"{words} ({rejection.message})" if words else rejection.message
    error: dict[str, Any] = {"code": code, "message": message, "status": status}
    if details := _render_details(rejection):
        error["details"] = details
    return code, {"error": error}


def refuse_images(ask: Ask) -> Rejection:
    """What the service says to images for a model without eyes; it names no place."""
    return reject(f"Image input modality is not enabled: models/{ask.model} does not support image input", None)


def refuse_unknown(name: str, place: str) -> Rejection:
    """What the service says to a field that it does not know."""
    at = f" at {place!r}" if place else ""
    return reject(f"Invalid JSON payload received. Unknown name {name!r}{at}: Cannot find field.", place or None)


def refuse_misfit(message: str, place: str) -> Rejection:
    """What the service says to a value that does not fit; its message has the place in snake case."""
    # The places in `fieldViolations` stay in camelCase; only the sentence is in snake case.
    snake = re.sub(r"[A-Z]", lambda hit: f"_{hit[0].lower()}", place)
    if re.match(r"Expected `\w+` (<=|>=|<) ", message):
        name = snake.rpartition(".")[2]
        return reject(f"* GenerateContentRequest.{snake}: {name} is out of range: {message}", place)
    return reject(f"Invalid value at {snake!r}: {message}", place or None)


def _render_details(rejection: Rejection) -> list[dict[str, Any]]:
    details: list[dict[str, Any]] = []
    if rejection.kind == "authentication":
        told = {"reason": "API_KEY_INVALID", "domain": "googleapis.com", "metadata": {"service": SERVICE}}
        details.append({"@type": _name("ErrorInfo"), **told})
    if rejection.kind == "bad_request" and rejection.param:
        violation = {"field": rejection.param, "description": rejection.message}
        details.append({"@type": _name("BadRequest"), "fieldViolations": [violation]})
    if quota := QUOTAS.get(rejection.kind):
        details.append({"@type": _name("QuotaFailure"), "violations": [{"quotaMetric": METRIC, "quotaId": quota}]})
    if pause := FALSE_HOPE if rejection.kind == "quota" else rejection.pause:
        # Rounded before it is rounded up: a speck that the float leaves over would cost a whole millisecond.
        delay = ceil(round(pause.seconds * 1000, 6)) / 1000
        details.append({"@type": _name("RetryInfo"), "retryDelay": f"{delay:.12g}s"})
    return details


def _name(kind: str) -> str:
    return f"type.googleapis.com/google.rpc.{kind}"
