"""``SERVICE/ID`` → a Provider: Request ↔ wire body ↔ Response, and one call.

A service is a line in ``services``, a wire format a file in ``wires/``, a parameter a row in the format's table there,
a model no line at all. ``provider`` says what a provider is, ``lookup`` finds one by its name, ``remote`` makes one of
a service and a wire format, ``transport/`` holds the vendors' SDKs, keys and addresses, and ``failures/`` turns what a
service says into facts.
"""

from mmra_api.providers.baseline import Baseline
from mmra_api.providers.lookup import TIMEOUT, choose_wire, find_service, resolve
from mmra_api.providers.provider import Provider, ProviderFacts
from mmra_api.providers.remote import Remote
from mmra_api.providers.service import Service
from mmra_api.providers.services import PROVIDERS
from mmra_api.providers.transport import Address, check_template, find_address

__all__ = [
    "PROVIDERS",
    "TIMEOUT",
    "Address",
    "Baseline",
    "Provider",
    "ProviderFacts",
    "Remote",
    "Service",
    "check_template",
    "choose_wire",
    "find_address",
    "find_service",
    "resolve",
]
