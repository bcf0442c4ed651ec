"""A path and a body → one call through a vendor's own SDK.

``client`` says what a call can end with, ``stainless`` and ``google`` hold the SDKs, ``keys`` keeps the API key out
of everything that is said, ``addresses`` finds where a service is asked.
"""

from mmra_api.providers.transport.addresses import Address, check_template, drop_version, find_address
from mmra_api.providers.transport.client import Refused, Sdk, Unreached
from mmra_api.providers.transport.keys import Secret
from mmra_api.providers.transport.stainless import CONNECT

__all__ = [
    "CONNECT",
    "Address",
    "Refused",
    "Sdk",
    "Secret",
    "Unreached",
    "check_template",
    "drop_version",
    "find_address",
]
