"""A Rejection in, an error of Google's services out.

Source of the shapes: Google's error model (google.rpc.Status and its error_details), the Gemini API's guide to errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any

from mmra_api.sandbox.wire import Rejection
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
"""What tells a 429 that ends by itself from one that does not."""
SERVICE = "generativelanguage.googleapis.com"


def render_error(rejection: Rejection, request_id: str) -> tuple[int, dict[str, Any]]:  # noqa: ARG001 - a Wire's form
    """The status and the body of an error."""
    code, status = ERRORS[rejection.kind]
    error: dict[str, Any] = {"code": code, "message": rejection.message, "status": status}
    if details := _render_details(rejection):
        error["details"] = details
    return code, {"error": error}


def _render_details(rejection: Rejection) -> list[dict[str, Any]]:
    details: list[dict[str, Any]] = []
    if rejection.kind == "authentication":
        told = {"reason": "API_KEY_INVALID", "domain": "googleapis.com", "metadata": {"service": SERVICE}}
        details.append({"@type": _name("ErrorInfo"), **told})
    if rejection.kind == "bad_request" and rejection.param:
        violation = {"field": rejection.param, "description": rejection.message}
        details.append({"@type": _name("BadRequest"), "fieldViolations": [violation]})
    if quota := QUOTAS.get(rejection.kind):
        details.append({"@type": _name("QuotaFailure"), "violations": [{"quotaId": quota}]})
    if rejection.pause:
        delay = ceil(round(rejection.pause.seconds * 1000, 6)) / 1000
        details.append({"@type": _name("RetryInfo"), "retryDelay": f"{delay:.12g}s"})
    return details


def _name(kind: str) -> str:
    return f"type.googleapis.com/google.rpc.{kind}"
