"""A path and a body → one call through a vendor's own SDK → the bytes and headers of its reply, or why there are none.

``client`` says what a call can end with, ``stainless`` and ``google`` hold the SDKs, ``keys`` keeps the API key out
of everything that is said, ``addresses`` finds where a service is asked.
"""

from mmra_api.providers.transport.addresses import Address, check_template, drop_version, find_address
from mmra_api.providers.transport.client import ErrorStatus, NoReply, Sdk
from mmra_api.providers.transport.keys import ApiKey
from mmra_api.providers.transport.stainless import CONNECT

__all__ = [
    "CONNECT",
    "Address",
    "ApiKey",
    "ErrorStatus",
    "NoReply",
    "Sdk",
    "check_template",
    "drop_version",
    "find_address",
]
