"""Status, headers and body of a call that was answered with an error → facts, by which the dispatcher decides.

``kinds`` tells what happened, ``error_response`` reads the whole, ``rate_headers`` reads limits and waits,
``parameter_errors`` names the flag that a service rejects.
"""

from mmra_api.providers.failures.error_response import Refusal, read_refusal
from mmra_api.providers.failures.parameter_errors import BARE, EXAMPLES, find_flag, map_fields
from mmra_api.providers.failures.rate_headers import read_allowances

__all__ = ["BARE", "EXAMPLES", "Refusal", "find_flag", "map_fields", "read_allowances", "read_refusal"]
