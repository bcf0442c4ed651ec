"""Status, headers and body of a call that was answered with an error → facts, by which the dispatcher decides.

``error_response`` reads the whole, and ``classify`` tells what happened: a service's own word for a failure is a row
there. ``rate_headers`` reads limits and waits, ``parameter_errors`` finds the flag that a service rejects, ``explain``
says what to do.
"""

from mmra_api.providers.failures.error_response import read_error_response
from mmra_api.providers.failures.explain import Endpoint, explain_error, shorten
from mmra_api.providers.failures.parameter_errors import find_flag
from mmra_api.providers.failures.rate_headers import read_allowances

__all__ = ["Endpoint", "explain_error", "find_flag", "read_allowances", "read_error_response", "shorten"]
