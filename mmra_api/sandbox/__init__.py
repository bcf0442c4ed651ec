"""Samples in, a loopback service out that answers for them as providers do, for the demo, rehearsals and fault tests.

It speaks the providers' wire formats (OpenAI's two, Anthropic's, Google's) over real HTTP with simulated models,
injectable faults and counters. It imports nothing of the program but its types and errors, so that it cannot agree
with a bug of the program.

    call → key → limits → wire format reads → simulated model → fault → wire format renders → reply

``server`` is the socket, ``service`` the way of a call, ``wire`` its types. ``limiter`` (with ``token_bucket``) keeps
limits, ``faults`` says what goes wrong, ``counters`` what happened. A wire format is a module (``openai_chat`` …); what
is named after it holds its bodies, limits and errors. ``models`` says how good the simulated models are, ``styles`` and
``wordings`` how they talk, ``answer_key`` what they know, ``chance`` what looks random. ``check_replies`` and
``judge_replies`` answer the program's own questions.
"""

from __future__ import annotations

from collections.abc import Iterable
from threading import Thread
from types import TracebackType
from typing import Self

from mmra_api.errors import InputError
from mmra_api.sandbox.answer_key import AnswerKey
from mmra_api.sandbox.counters import Counters
from mmra_api.sandbox.faults import Faults, parse_faults
from mmra_api.sandbox.limiter import SandboxLimits
from mmra_api.sandbox.models import MODELS
from mmra_api.sandbox.server import Server
from mmra_api.sandbox.service import Service
from mmra_api.types import Sample

__all__ = ["MODELS", "Counters", "Faults", "Sandbox", "parse_faults"]


class Sandbox:
    """A service on 127.0.0.1 for the length of a ``with`` block.

    ``samples`` are the questions that its models can see through; about others they guess. ``seed`` decides all that
    looks like chance. ``latency`` is the seconds that every reply takes, ``port`` 0 is any free port.
    ``need_key=False`` lets calls without an API key in.

    Any model id is known but those that start with ``missing``; one that starts with ``blind`` takes text only. The key
    ``bad-key`` is wrong, ``broke-key`` has no money left; the faults ``401`` and ``quota`` bring these about amid a
    run. What the vendors document that they turn down, such as too large images, is turned down.

    It answers 429 beyond ``at_once`` calls in work at one time, ``rpm`` requests or ``tpm`` tokens a minute;
    ``rate_headers`` tells the limits with every reply, ``retry_after=False`` names no time with these 429s. More in
    ``limiter.SandboxLimits``. Raises InputError for settings that cannot be.
    """

    def __init__(
        self,
        samples: Iterable[Sample] = (),
        *,
        faults: Faults = Faults(),  # noqa: B008 - frozen: one default for all
        seed: int = 0,
        latency: float = 0.0,
        port: int = 0,
        at_once: int | None = None,
        rpm: int | None = None,
        tpm: int | None = None,
        rate_headers: bool = False,
        retry_after: bool = True,
        need_key: bool = True,
    ) -> None:
        if latency < 0 or not 0 <= port <= 65535:
            raise InputError(f"the sandbox needs latency >= 0 and port 0 to 65535; got {latency=}, {port=}")
        limits = SandboxLimits(at_once=at_once, rpm=rpm, tpm=tpm, rate_headers=rate_headers, retry_after=retry_after)
        key = AnswerKey(samples)
        self._service = Service(key, faults=faults, seed=seed, latency=latency, limits=limits, need_key=need_key)
        self._port = port
        self._server: Server | None = None
        self._thread: Thread | None = None

    def __enter__(self) -> Self:
        """Start to serve; raises InputError when the port cannot be had."""
        if self._server:
            raise InputError("this sandbox is serving already: use one `with` block at a time")
        try:
            self._server = Server(self._port, self._service)
        except OSError as error:
            message = f"cannot listen on 127.0.0.1:{self._port}: {error.strerror}; give another port, or 0 for any"
            raise InputError(message) from error
        # The socket listens since the line above, so that a call made at once waits in its queue instead of being
        # refused. The thread looks for the end every 0.02 s; http.server's default of half a second would be added to
        # every test.
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), name="sandbox", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server and self._thread:
            self._server.close()
            self._thread.join()
        self._server = self._thread = None

    @property
    def base_url(self) -> str:
        """What a client of OpenAI's formats takes as its base URL: ``http://127.0.0.1:PORT/v1``."""
        return f"{self.root_url}/v1"

    @property
    def root_url(self) -> str:
        """What a client takes that adds the version, Anthropic's or Google's: ``http://127.0.0.1:PORT``.

        It serves as ``AZURE_OPENAI_ENDPOINT`` too.
        """
        if self._server is None:
            raise InputError("the sandbox is not serving: use it in a `with` block")
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def counters(self) -> Counters:
        """A snapshot of what happened since the start or the last reset; readable after the end too."""
        return self._service.counts.snapshot()

    def reset(self) -> None:
        """Set all counters to zero and forget which bodies were seen."""
        self._service.reset()
