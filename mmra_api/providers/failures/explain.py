"""What is known of a call that was answered with an error → the failure that the user reads, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from mmra_api.errors import CallError
from mmra_api.providers.failures.error_response import ErrorResponse
from mmra_api.providers.wires import FLAGS
from mmra_api.types import Params

SHOWN = 300
"""Characters of a service's message that are passed on: enough for any vendor's sentences, too few for a page."""
PAGES = frozenset({"authentication", "permission", "not_found"})
"""Failures that pages speak of as well: those of a proxy or a firewall."""
MAX_TOKENS = FLAGS["max_tokens"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Who was asked, and where."""

    service: str
    model: str
    base_url: str
    key_variables: tuple[str, ...]


def explain_error(response: ErrorResponse, endpoint: Endpoint, params: Params, flag: str = "") -> CallError:
    """Return the failure; ``flag`` is what the service rejects, where that is known: then it is of kind parameter."""
    kind = "parameter" if flag else response.kind
    advice = _advise_about(flag, response.said, params) if flag else _advise(response, endpoint)
    message = f"{endpoint.service}, HTTP {response.status}: {shorten(response.said)}"
    return CallError(
        kind,
        message + (f" ({advice})" if advice else ""),
        status=response.status,
        retry_after=response.retry_after,
        allowances=response.allowances,
        # Because a gateway that gives up leaves the model writing, and so does an upstream that fails amid its answer.
        maybe_billed=kind == "timeout" or response.status == 200,
    )


def _advise_about(flag: str, said: str, params: Params) -> str:
    """Return what to do about a flag that is rejected; an output budget may have gone out unasked."""
    if flag == MAX_TOKENS and "Use 'max_completion_tokens'" in said:
        return f"the model rejects {flag}: give --extra max_completion_tokens=N in its place"
    if flag == MAX_TOKENS and params.max_tokens is None:
        return f"an output budget goes out unasked, and the model rejects it: give a smaller one with {flag}"
    return f"the model rejects {flag}: leave it out, or give another value"


def _advise(response: ErrorResponse, endpoint: Endpoint) -> str:
    if response.is_page and response.kind in PAGES:
        return "that is a page and not the service's own answer: check the base URL, and what stands between"
    match response.kind:
        case "authentication":
            return f"check {' or '.join(endpoint.key_variables) or 'the API key'}"
        case "not_found":
            return f"check the model id {endpoint.model!r} and the base URL {endpoint.base_url}"
        case "permission":
            return "the key may not use this model"
        case "quota":
            return "add credit or raise the limit in the vendor's console"
        case "too_large":
            return f"a smaller {MAX_TOKENS} may help, as the output budget often counts; or --image-policy uniform:N"
    return ""


def shorten(text: str) -> str:
    """Return as much of a text from outside as is shown; the key must be out of it before, or half of it may stay."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
