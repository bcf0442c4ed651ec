"""Request → Response: asked once, politely.

What happens to a request, in order:

1. Equal to one in flight here? It shares that one's reply (``dispatcher``).
2. In the store? Its reply is read again, and nothing is asked (``store/``).
3. Is another process asking? It waits for that one's lease (``coordination/``).
4. It waits in one queue for a slot, the rate limits and the budget (``limits/``, ``cost/``).
5. The provider makes one call.
6. A reply is stored durably before anything else is done with it.
7. A failure is classified by its facts; the policy decides on another attempt (``retry``), and where every call
   fails alike before any answer, the circuit breaker ends the run (``circuit_breaker``).
"""

from mmra_api.dispatch.cost import Budget
from mmra_api.dispatch.dispatcher import Dispatcher, Status
from mmra_api.dispatch.retry import FATAL, HOPELESS, RetryPolicy

__all__ = ["FATAL", "HOPELESS", "Budget", "Dispatcher", "RetryPolicy", "Status"]
