"""The status, body and headers of a call that was answered with an error → what is known about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mmra_api.providers.failures.classify import classify
from mmra_api.providers.failures.rate_headers import (
    has_daily_quota,
    has_no_quota,
    read_allowances,
    read_retry_after,
    read_retry_info,
)
from mmra_api.providers.wires import as_dict, dicts
from mmra_api.types import Allowance, FailureKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorResponse:
    """What a service says when it gives no reply."""

    status: int
    kind: FailureKind
    said: str
    """On one line, without the key, whole."""
    error: Mapping[str, Any]
    """The object in which it says so; empty where it is none."""
    is_page: bool
    """True for HTML: something on the way there speaks, not the service."""
    retry_after: float | None
    """Seconds."""
    allowances: tuple[Allowance, ...]


def read_error_response(
    status: int, body: object, headers: dict[str, str], tidy: Callable[[object], str]
) -> ErrorResponse:
    """Read an error; ``tidy`` makes a text from outside fit to be shown. Never raises: no shape is unknown."""
    whole = as_dict(body)
    inner = whole.get("error")
    error = inner if isinstance(inner, dict) else whole
    metadata = error.get("metadata")
    texts = [error.get("message") or inner or body, as_dict(metadata).get("raw")]  # OpenRouter: what the upstream says
    if _is_redirect(status) and headers.get("location"):
        texts = [f"it sends calls on to {headers['location']}, which is not followed"]
    said = " · ".join(tidy(text) for text in texts if text) or "no message"
    kind = classify(status, [*_list_reasons(error), *map(error.get, ("code", "type", "status"))], metadata, said)
    if _is_redirect(status):
        kind = "not_found"  # for every call: nothing is there
    # Because waiting a minute helps against neither, and the circuit breaker must end the run.
    if kind == "rate_limit" and (has_daily_quota(body) or has_no_quota(headers)):
        kind = "quota"
    # A router puts the headers of its upstream into the body; its own, which are about the router, count first.
    passed_on = {name.lower(): str(value) for name, value in as_dict(as_dict(metadata).get("headers")).items()}
    asked = read_retry_after(passed_on | headers)
    return ErrorResponse(
        status=status,
        kind=kind,
        said=said,
        error=error,
        is_page=isinstance(body, str) and body.lstrip().startswith("<"),
        retry_after=read_retry_info(body) if asked is None else asked,
        allowances=read_allowances(headers),
    )


def _is_redirect(status: int) -> bool:
    return 300 <= status < 400


def _list_reasons(error: Mapping[str, Any]) -> list[object]:
    """Return what says more than the code of a failure: Google's and Anthropic's details, OpenRouter's reason."""
    details = error.get("details")
    return [
        *(each.get("reason") for each in dicts(details)),
        as_dict(details).get("error_code"),
        as_dict(error.get("metadata")).get("reason"),
    ]
