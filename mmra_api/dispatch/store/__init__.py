"""Everything that was paid for: cache key → the raw reply.

``key`` says what a call is known by, ``entry`` what is stored of it, ``local`` stores it in a folder (``disk`` keeps
its database safe, ``rows`` reads it whole), ``export`` writes and reads files that travel, ``explain`` says what
differs between two calls, ``hits`` counts what was saved, ``folder`` says where all of it lies.
"""

from mmra_api.dispatch.store.entry import Entry
from mmra_api.dispatch.store.explain import describe_differences, find_nearest
from mmra_api.dispatch.store.export import Merged, merge_export, write_export
from mmra_api.dispatch.store.folder import find_folder
from mmra_api.dispatch.store.hits import Asked, Saved, Savings, read_saved
from mmra_api.dispatch.store.key import Keyed, describe_call, hash_call
from mmra_api.dispatch.store.local import Store, measure
from mmra_api.dispatch.store.rows import check_database, has_database, list_keys, read_row, scan

__all__ = [
    "Asked",
    "Entry",
    "Keyed",
    "Merged",
    "Saved",
    "Savings",
    "Store",
    "check_database",
    "describe_call",
    "describe_differences",
    "find_folder",
    "find_nearest",
    "has_database",
    "hash_call",
    "list_keys",
    "measure",
    "merge_export",
    "read_row",
    "read_saved",
    "scan",
    "write_export",
]
