"""``mmra.toml`` → the user's own services, and limits and prices by service or model.

``load`` reads it, ``check`` finds what is wrong with it, ``messages`` says so to whoever wrote it.
"""

from mmra_api.config.load import FILE, Config, load_config

__all__ = ["FILE", "Config", "load_config"]
