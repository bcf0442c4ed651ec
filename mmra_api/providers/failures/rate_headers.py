"""A service's headers, or the body of its error → how long it asks to wait, and what it says about its limits."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from mmra_api.providers.wires import dicts
from mmra_api.types import Allowance, AllowanceUnit

UNITS: dict[str, AllowanceUnit] = {
    "requests": "requests",
    "req": "requests",
    "tokens": "tokens",
    "input-tokens": "input_tokens",
    "output-tokens": "output_tokens",
}
FORMS = ("x-ratelimit-{part}-{unit}", "anthropic-ratelimit-{unit}-{part}", "x-ratelimit-{part}-{unit}-minute")
"""OpenAI's form, which most compatible services use, Anthropic's, and Mistral's."""
HEADERS = tuple(
    (unit, [form.format(part=part, unit=name) for part in ("limit", "remaining", "reset")])
    for form in FORMS
    for name, unit in UNITS.items()
)
"""Each unit in each form, and the names of its three headers: written once, because every reply is searched for all."""
DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|h|m|s)")
SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
RETRY_INFO = "google.rpc.RetryInfo"
QUOTA_FAILURE = "google.rpc.QuotaFailure"


def read_retry_after(headers: Mapping[str, str], *, now: datetime | None = None) -> float | None:
    """Return the wait in seconds that a service asks for, or None when it asks for nothing that can be read.

    Read are ``retry-after-ms``, and ``retry-after`` in seconds or as a date; header names in lower case.
    """
    milliseconds = _read_header(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    text = headers.get("retry-after")
    seconds = _read_header(text)
    if seconds is not None or not text:
        return seconds
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return _until(moment, now)


def read_retry_info(body: Any) -> float | None:
    """Return the wait in seconds that Google's RetryInfo asks for, wherever it stands in the body of an error."""
    for found in _find_details(body, 0):
        asked = _read_duration(str(found.get("retryDelay", "")))
        if asked is not None:
            return asked
    return None


def has_no_quota(headers: Mapping[str, str]) -> bool:
    """Return whether a limit of calls is zero: at Mistral the plan lacks the model, and waiting does not help."""
    return any(_read_header(headers.get(form.format(part="limit", unit="req"))) == 0 for form in FORMS)


def has_daily_quota(body: Any) -> bool:
    """Return whether Google's QuotaFailure names a quota of the day: its RetryInfo asks for seconds all the same."""
    violations = [each for found in _find_details(body, 0, QUOTA_FAILURE) for each in dicts(found.get("violations"))]
    return any("PerDay" in str(each.get("quotaId", "")) for each in violations)


def _find_details(body: Any, depth: int, kind: str = RETRY_INFO) -> Iterator[dict[str, Any]]:
    if isinstance(body, dict) and str(body.get("@type", "")).endswith(kind):
        yield body
    elif isinstance(body, dict | list) and depth < 6:  # error → details → the entry; some wrap it in a list
        for inner in body.values() if isinstance(body, dict) else body:
            yield from _find_details(inner, depth + 1, kind)


def read_allowances(headers: Mapping[str, str], *, now: datetime | None = None) -> tuple[Allowance, ...]:
    """Return the limits that the headers state, in lower case; by OpenAI's and Anthropic's documentation, per minute.

    Groq's ``requests`` are per day: as a limit per minute that number is far too high, and errors teach the rest.
    """
    found = []
    for unit, (of_limit, of_remaining, of_reset) in HEADERS:
        limit, remaining = _read_header(headers.get(of_limit)), _read_header(headers.get(of_remaining))
        if limit is not None or remaining is not None:
            reset = _read_reset(headers.get(of_reset), now)
            # A limit of 0 is no rate to keep to: what it means, ``has_no_quota`` says.
            found.append(Allowance(unit=unit, limit=limit or None, remaining=remaining, reset=reset))
    return tuple(found)


def _read_reset(text: str | None, now: datetime | None) -> float | None:
    """Read a time until, in one of the forms in use: ``6m0s``, ``1.5`` (seconds), RFC 3339, seconds of the epoch."""
    if not text:
        return None
    number = _read_header(text)
    if number is not None:
        if (
            number > 1e9
        ):  # 30 years: nobody waits so long, it is a date in seconds since 1970, or above 1e11 in thousandths
            moment = number / 1000 if number > 1e11 else number
            return max(0.0, moment - (now or datetime.now(UTC)).timestamp())
        return number
    duration = _read_duration(text)
    if duration is not None:
        return duration
    try:
        return _until(datetime.fromisoformat(text), now)
    except ValueError:
        return None


def _read_duration(text: str) -> float | None:
    """Read ``1h2m3.5s`` or ``120ms``; None for anything else."""
    parts = DURATION.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return None
    return sum(float(number) * SECONDS[unit] for number, unit in parts)


def _until(moment: datetime, now: datetime | None) -> float:
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())


def _read_header(text: str | None) -> float | None:
    if not text:  # as for nearly every name that is asked for; raising an error for each would take longer
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 <= number < math.inf else None
