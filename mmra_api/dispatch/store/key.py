"""Request → cache key: the hash of exactly what would go on the wire, every image by its fingerprint."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from mmra_api.images import embed_fingerprint
from mmra_api.providers import Provider
from mmra_api.types import Request

Keyed = dict[str, Any]
"""``{service, base_url, path, body, trial}``: a call as it was keyed, that is, what its key is the hash of.

Stored beside the reply, so that anybody can compute the key again. The body is what goes on the wire, but each image is
replaced by its fingerprint.
"""


def describe_call(provider: Provider, request: Request) -> Keyed:
    """Return what identifies a call. Timeouts, retries, concurrency and the API key are no part of it."""
    return {
        "service": provider.service,
        "base_url": provider.base_url,
        "path": provider.path,
        "body": provider.encode(request, embed_fingerprint),
        "trial": request.trial,
    }


def hash_call(keyed: Keyed) -> str:
    """Return the cache key: SHA-256 of the canonical JSON (sorted names, no white space), 64 hex digits."""
    # Sorted, so that the order in which a wire format happens to write its fields is no part of the key.
    return hashlib.sha256(msgspec.json.encode(keyed, order="sorted")).hexdigest()
