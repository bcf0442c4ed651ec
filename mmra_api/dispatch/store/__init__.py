"""Everything that was paid for: cache key → the raw reply.

``key`` says what a call is known by, ``entry`` what is stored of it, ``local`` stores it in a folder (``disk`` keeps
its database safe, ``rows`` reads it whole), ``export`` writes and reads files that travel, ``explain`` says what
differs between two calls, ``hits`` counts what was saved, ``folder`` says where all of it lies.
"""

from __future__ import annotations

from pathlib import Path

from mmra_api.dispatch.store.database import Database, measure
from mmra_api.dispatch.store.entry import Entry, make_entry
from mmra_api.dispatch.store.explain import describe_differences, find_nearest
from mmra_api.dispatch.store.export import Merged, merge_export, write_export
from mmra_api.dispatch.store.folder import find_folder
from mmra_api.dispatch.store.hits import Asked, HitCounter, Hits, read_hits
from mmra_api.dispatch.store.key import Keyed, describe_call, hash_call
from mmra_api.dispatch.store.local import LocalStore
from mmra_api.dispatch.store.protocol import Store
from mmra_api.dispatch.store.rows import check_database, has_database, list_keys, read_row, scan


def open_store(chosen: Path | None = None) -> Store:
    """Return the store that ``--cache`` or the environment name."""
    return LocalStore(find_folder(chosen))


__all__ = [
    "Asked",
    "Database",
    "Entry",
    "HitCounter",
    "Hits",
    "Keyed",
    "Merged",
    "Store",
    "check_database",
    "describe_call",
    "describe_differences",
    "find_folder",
    "find_nearest",
    "has_database",
    "hash_call",
    "list_keys",
    "make_entry",
    "measure",
    "merge_export",
    "open_store",
    "read_hits",
    "read_row",
    "scan",
    "write_export",
]
