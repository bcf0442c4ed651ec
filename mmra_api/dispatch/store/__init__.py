"""Everything that was paid for: cache key → the raw reply.

In goes a call as it was keyed, with its reply; out comes the same, for good. ``protocol`` says what every backend
promises. ``local`` is the backend in a folder: ``database`` stores the calls, ``disk`` keeps that database safe,
``rows`` reads it whole. ``key`` says what a call is known by, ``entry`` what is stored of it. ``export`` writes and
reads files that travel, ``merge`` adds them to a store, ``explain`` says what differs between two calls, ``hits``
counts what was answered from here, ``folder`` says where all of it lies.
"""

from mmra_api.dispatch.store.entry import Entry, StoredRow, make_entry
from mmra_api.dispatch.store.explain import describe_differences, find_nearest
from mmra_api.dispatch.store.export import write_export
from mmra_api.dispatch.store.folder import find_folder, open_store
from mmra_api.dispatch.store.hits import Asked, HitCounter, Hits
from mmra_api.dispatch.store.key import Keyed, describe_call, hash_call
from mmra_api.dispatch.store.local import LocalStore
from mmra_api.dispatch.store.merge import Merged, merge_export
from mmra_api.dispatch.store.protocol import Added, Store

__all__ = [
    "Added",
    "Asked",
    "Entry",
    "HitCounter",
    "Hits",
    "Keyed",
    "LocalStore",
    "Merged",
    "Store",
    "StoredRow",
    "describe_call",
    "describe_differences",
    "find_folder",
    "find_nearest",
    "hash_call",
    "make_entry",
    "merge_export",
    "open_store",
    "write_export",
]
