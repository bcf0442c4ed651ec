"""``SERVICE/ID`` → a Provider. A service that speaks a known wire format is one line here; a model is no line."""

from __future__ import annotations

import difflib
import os
from dataclasses import replace
from urllib.parse import urlsplit

from mmra_api.errors import InputError
from mmra_api.providers.base import Provider, Service
from mmra_api.providers.baseline import Baseline
from mmra_api.providers.remote import Remote

PROVIDERS: dict[str, Service] = {
    "openai": Service(
        base_url="https://api.openai.com/v1",
        key_variables=("OPENAI_API_KEY",),
        wire="openai_responses",
        compatible="openai_chat",
        output_limit="max_completion_tokens",
    ),
    "anthropic": Service(base_url="https://api.anthropic.com", key_variables=("ANTHROPIC_API_KEY",), wire="anthropic"),
    "google": Service(
        base_url="https://generativelanguage.googleapis.com",
        key_variables=("GEMINI_API_KEY", "GOOGLE_API_KEY"),
        wire="gemini",
    ),
    "openrouter": Service(base_url="https://openrouter.ai/api/v1", key_variables=("OPENROUTER_API_KEY",)),
    "together": Service(base_url="https://api.together.xyz/v1", key_variables=("TOGETHER_API_KEY",)),
    "mistral": Service(base_url="https://api.mistral.ai/v1", key_variables=("MISTRAL_API_KEY",)),
    "xai": Service(base_url="https://api.x.ai/v1", key_variables=("XAI_API_KEY",)),
    "groq": Service(base_url="https://api.groq.com/openai/v1", key_variables=("GROQ_API_KEY",)),
    "deepinfra": Service(base_url="https://api.deepinfra.com/v1/openai", key_variables=("DEEPINFRA_API_KEY",)),
    "fireworks": Service(base_url="https://api.fireworks.ai/inference/v1", key_variables=("FIREWORKS_API_KEY",)),
    "dashscope": Service(
        base_url="https://dashscope-intl.aliyuncs.com/compatible-mode/v1", key_variables=("DASHSCOPE_API_KEY",)
    ),
    "moonshot": Service(base_url="https://api.moonshot.ai/v1", key_variables=("MOONSHOT_API_KEY",)),
    "nvidia": Service(base_url="https://integrate.api.nvidia.com/v1", key_variables=("NVIDIA_API_KEY",)),
    "huggingface": Service(base_url="https://router.huggingface.co/v1", key_variables=("HF_TOKEN",)),
    "lmstudio": Service(base_url="http://127.0.0.1:1234/v1"),
    "vllm": Service(base_url="http://127.0.0.1:8000/v1"),
    "ollama": Service(base_url="http://127.0.0.1:11434/v1"),
    "sandbox": Service(base_url="http://127.0.0.1:8808/v1"),
}
WITHOUT_VERSION = frozenset({"anthropic", "gemini"})
"""Wire formats whose SDK takes the address without the version that their paths begin with."""
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
    url = _check_url(override or service.base_url)
    elsewhere = url != service.base_url
    if elsewhere and service.compatible:
        service = replace(service, wire=service.compatible)
    if service.wire in WITHOUT_VERSION:
        url = url.removesuffix("/v1").removesuffix("/v1beta")
    needs_key = bool(service.key_variables) and not elsewhere
    return Remote(name, service, model, base_url=url, needs_key=needs_key, timeout=timeout)


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
