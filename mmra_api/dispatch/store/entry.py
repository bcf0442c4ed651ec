"""A stored call: made of a reply, packed into the bytes of its row and read back, and checked where it is doubtful."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from mmra_api.dispatch.store.key import Keyed, hash_call
from mmra_api.errors import StoreError
from mmra_api.types import Reply

LARGEST = 256 * 2**20
"""Bytes of JSON that one stored call may take: far above any reply, far below what a hostile file could unfold to."""
KEYED_TYPES = {"service": str, "base_url": str, "path": str, "body": dict, "trial": int}
"""What ``Keyed`` must look like in a row that somebody else may have written."""
MALFORMED = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What msgspec raises on bytes that are not the JSON they should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One stored call."""

    keyed: Keyed
    reply: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)
    stored: str
    """UTC, ISO 8601."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRow:
    """One row of a store, read to be looked at: ``entry`` is None where ``fault`` says what is wrong with it."""

    key: str
    """64 hex digits; for a row of a foreign form its number or what stands for its key."""
    entry: Entry | None = None
    fault: str = ""
    size: int = 0
    """Bytes stored."""


def make_entry(keyed: Keyed, reply: Reply) -> Entry:
    """Return what is stored of a call that was answered now."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    return Entry(keyed=keyed, reply=reply.body, headers=dict(reply.headers), stored=now)


def pack(entry: Entry) -> bytes:
    """Return the bytes of a row. Raises StoreError for a call larger than ``LARGEST``, which could not be read back."""
    try:
        text = msgspec.json.encode(entry)
    except RecursionError as error:
        raise StoreError("a reply cannot be stored: it is nested too deeply") from error
    if len(text) > LARGEST:
        raise StoreError(f"a reply of {len(text) >> 20} MiB cannot be stored: the most is {LARGEST >> 20} MiB")
    return zlib.compress(text, 6)  # a reply shrinks to about a third; higher levels cost time and gain nothing


def unpack(value: bytes) -> Entry:
    """Read the bytes of a row. Raises ValueError with the reason when they are damaged."""
    unfold = zlib.decompressobj()  # and no plain decompress: a few bytes may unfold to more than the memory holds
    try:
        text = unfold.decompress(value, LARGEST + 1)
    except zlib.error as error:
        raise ValueError(f"its bytes are damaged: {error}") from error
    if len(text) > LARGEST:
        raise ValueError(f"it unfolds to more than {LARGEST >> 20} MiB")
    if not unfold.eof:
        raise ValueError("its bytes are cut short")
    try:
        return msgspec.json.decode(text, type=Entry)
    except MALFORMED as error:
        raise ValueError(f"its JSON is damaged: {error}") from error


def find_fault(key: str, entry: Entry) -> str:
    """Return what is wrong with a stored call, or an empty text. The key is computed again from the stored call."""
    keyed = entry.keyed
    if keyed.keys() != KEYED_TYPES.keys() or not all(type(keyed[name]) is KEYED_TYPES[name] for name in KEYED_TYPES):
        return "its call does not have the fields service, base_url, path, body and trial"
    try:
        digest = hash_call(keyed)
    except RecursionError:
        return "its call is nested too deeply"
    if digest != key:
        return f"its key is not the hash of its call, which is {digest}"
    try:
        aware = datetime.fromisoformat(entry.stored).tzinfo is not None
    except ValueError:
        aware = False
    return "" if aware else f"its time {entry.stored[:40]!r} is no time with a zone in ISO 8601"
