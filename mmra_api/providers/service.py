"""What a service is: an entry of the table, or of the user's own configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mmra_api.images import ImageLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """An API endpoint: a line in PROVIDERS, or an entry of the user's ``mmra.toml``."""

    base_url: str
    """May hold ``${VARIABLE}``, an environment variable that must be set."""
    key_variables: tuple[str, ...] = ()
    """The environment variables that may hold the API key, the first that is set; none for services without keys."""
    key_needed: bool = True
    """False where the service may be open to all, as one on your own machine is."""
    address_variable: str = ""
    """The environment variable by which the vendor's own tools are sent to another address."""
    wire: str = "openai_chat"
    """The wire format: the name of a module beside this one."""
    compatible: str = ""
    """The wire format at another address than the service's own, where that differs: a server that is compatible."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Fields of the body that the service calls otherwise than its wire format does."""
    max_tokens: int | None = None
    """The output budget where the user states none and the service's own default would cut a model that reasons."""
    images: ImageLimits = field(default_factory=ImageLimits)
    """What it documents about images."""
