"""``SERVICE/ID`` → a Provider. A service that speaks a known wire format is one line here; a model is no line."""

from __future__ import annotations

import difflib
import os
from urllib.parse import urlsplit

from mmra_api.errors import InputError
from mmra_api.providers.base import Provider, Service
from mmra_api.providers.baseline import Baseline
from mmra_api.providers.openai_client import OpenAIChat

PROVIDERS: dict[str, Service] = {
    "openai": Service(
        base_url="https://api.openai.com/v1",
        key_variable="OPENAI_API_KEY",
        output_limit="max_completion_tokens",
    ),
    "openrouter": Service(base_url="https://openrouter.ai/api/v1", key_variable="OPENROUTER_API_KEY"),
    "together": Service(base_url="https://api.together.xyz/v1", key_variable="TOGETHER_API_KEY"),
    "mistral": Service(base_url="https://api.mistral.ai/v1", key_variable="MISTRAL_API_KEY"),
    "xai": Service(base_url="https://api.x.ai/v1", key_variable="XAI_API_KEY"),
    "groq": Service(base_url="https://api.groq.com/openai/v1", key_variable="GROQ_API_KEY"),
    "vllm": Service(base_url="http://127.0.0.1:8000/v1"),
    "ollama": Service(base_url="http://127.0.0.1:11434/v1"),
    "sandbox": Service(base_url="http://127.0.0.1:8808/v1"),
}
TIMEOUT = 600.0
"""Seconds for one call; reasoning models think for minutes, and a call given up may be billed all the same."""


def resolve(spec: str, *, base_url: str | None = None, timeout: float = TIMEOUT) -> Provider:
    """Return the provider for ``SERVICE/ID``; the id passes through untouched.

    ``base_url`` replaces the service's own (a proxy, a compatible server, the sandbox); then no key is required.
    Raises InputError for an unknown service or a malformed name or address.
    """
    name, slash, model = spec.partition("/")
    if not slash or not model.strip():
        raise InputError(f"model {spec!r}: write SERVICE/ID, for example openai/<id> or baseline/random")
    if name == Baseline.service:
        return Baseline(model)
    service = PROVIDERS.get(name)
    if service is None:
        near = difflib.get_close_matches(name, [*PROVIDERS, Baseline.service], n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        known = ", ".join([*PROVIDERS, Baseline.service])
        raise InputError(
            f"unknown service {name!r} in {spec!r}; {hint}known are {known} (any other: openai/… --base-url)"
        )
    override = base_url or (os.environ.get("OPENAI_BASE_URL") if name == "openai" else None)
    return OpenAIChat(
        name,
        service,
        model,
        base_url=_check_url(override or service.base_url),
        needs_key=bool(service.key_variable) and override is None,
        timeout=timeout,
    )


def _check_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port or an IPv6 address that is none
        usable = False
    if not usable:
        raise InputError(f"base URL {url!r}: give the address up to the version, for example http://127.0.0.1:8000/v1")
    if parts.username or parts.password or parts.query:
        raise InputError("the base URL may hold no user name, password or query; secrets go into the environment")
    return url.rstrip("/")
