"""Where the cache lies, and the store that lies there."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from mmra_api.dispatch.store.local import LocalStore
from mmra_api.dispatch.store.protocol import Store

FOLDER_VARIABLE = "MMRA_CACHE"


def find_folder(chosen: Path | None = None) -> Path:
    """Return the cache folder: ``--cache``, MMRA_CACHE, ``./cache`` in a checkout, or else the user's data folder.

    The *data* folder, because folders for caches are wiped by cleaners, and these replies were paid for.
    """
    if chosen is not None:
        return chosen
    if os.environ.get(FOLDER_VARIABLE):
        return Path(os.environ[FOLDER_VARIABLE])
    here = Path.cwd()
    # Both marks of a checkout: a folder named cache may be anybody's.
    if (here / "cache" / "README.md").is_file() and (here / "mmra_api").is_dir():
        return here / "cache"
    return platformdirs.user_data_path("mmra", appauthor=False)


def open_store(chosen: Path | None = None) -> Store:
    """Return the store that ``--cache`` or the environment names; nothing is made or opened yet."""
    return LocalStore(find_folder(chosen))
