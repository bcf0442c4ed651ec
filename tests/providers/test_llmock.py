"""Every wire format through its real SDK over real HTTP to llmock, an independent mock that grades a client's retries.

Its verdict must be clean, and a careless client must get a bad one. Every fault says Retry-After where the verdict is
strict: without it the grader takes random waits for a constant interval.
"""

from __future__ import annotations

import asyncio
import base64
import random
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from llmock.journal import RequestRecord, fingerprint
from llmock.pytest_plugin import LLMock
from llmock.scenarios import Delay, Match
from llmock.simulation import MockResponseSettings
from llmock.testing import LLMockServer
from llmock.verdict import MAX_ATTEMPTS, judge

from mmra_api.dispatch.retry import ATTEMPTS, RetryPolicy
from mmra_api.errors import CallError, Stopped
from mmra_api.images.embed import embed_bytes
from mmra_api.images.facts import inspect_image
from mmra_api.providers.lookup import resolve
from mmra_api.providers.provider import Provider
from mmra_api.providers.services import PROVIDERS
from mmra_api.types import Event, Request, Response

SPOKEN = {
    "openai_chat": ("openai", "openai"),
    "openai_responses": ("openai", "openai"),
    "anthropic": ("anthropic", "anthropic"),
    "gemini": ("google", "gemini"),
}
"""Our name of the service, and llmock's, by wire format."""
WIRES = tuple(SPOKEN)
ENDS = {
    "openai_chat": "/chat/completions",
    "openai_responses": "/responses",
    "anthropic": "/v1/messages",
    "gemini": ":generateContent",
}
"""Of the paths."""
FINAL = {
    400: "bad_request",
    401: "authentication",
    402: "quota",
    403: "permission",
    404: "not_found",
    422: "bad_request",
}
"""What a status means that asking again does not change."""
GOOGLE_HAS = {400, 401, 403, 404}
"""Those of them that Google sends; llmock gives the others a word of its own choice."""
PASSING = (408, 409, 429, 500, 502, 503, 504, 529)
SOON = 0.25
"""Seconds that a fault asks to wait: the grader forgives 0.05 and a twentieth, so less would let anything pass."""


@pytest.fixture(scope="module")
def server() -> Iterator[LLMockServer]:
    import anthropic  # noqa: F401 - a first import takes seconds, in which a call would time out or a quota refill
    import openai  # noqa: F401
    from google import genai  # noqa: F401

    with LLMockServer() as server:
        yield server
    assert not [each for each in threading.enumerate() if each.name.startswith("llmock-server")]


@pytest.fixture
def mock(server: LLMockServer, check_body) -> Iterator[LLMock]:
    """A mock without faults or memory, whose replies repeat the question; all that reached it is checked at the end."""
    fresh = LLMock(server).reset()
    server.app.state.mock_response_settings = MockResponseSettings(response_style="echo")
    yield fresh
    for record in fresh.requests:
        if record.body is not None:  # it keeps no body of more than 256 KiB
            check_body(find_spoken(record.path), record.body)


def find_spoken(path: str) -> str:
    """Return the wire format of a path, by what stands in the vendors' references, not by our table."""
    (found,) = [wire for wire, end in ENDS.items() if path.partition("?")[0].endswith(end)]
    return found


@pytest.fixture
def ask_about(tmp_path, picture):
    def make(number: int, *contents: bytes) -> Request:
        images = []
        for place, content in enumerate(contents or (picture(2 * number), picture(2 * number + 1, "JPEG"))):
            file = tmp_path / f"{number}-{place}.image"
            file.write_bytes(content)
            images.append(inspect_image(content, path=str(file)))
        named = [part for place, image in enumerate(images, start=1) for part in (f"Image {place}:", image)]
        return Request(parts=(*named, f"Question {number}?"))

    return make


@pytest.fixture
def steady(monkeypatch):
    """Retries wait for as long as they may at most, instead of a random part of it."""
    monkeypatch.setattr(random, "uniform", lambda low, high: high)


@pytest.fixture
def hasty(monkeypatch):
    """Retries wait for as long as they are asked to, and not a moment longer."""
    monkeypatch.setattr(random, "uniform", lambda low, high: low)
    monkeypatch.setattr("mmra_api.dispatch.limits.adaptive.FIRST_PAUSE", 0.0)


def connect(wire: str, mock: LLMock, *, model: str = "some-model", timeout: float = 20.0) -> Provider:
    ours, theirs = SPOKEN.get(wire, (wire, wire))
    chosen = wire if wire in WIRES else None
    return resolve(f"{ours}/{model}", base_url=mock.base_url(theirs), wire=chosen, timeout=timeout)


@pytest.fixture
def ask_all(dispatching):
    """Return a function that asks; it returns how each request ended, and every call that was made for them."""

    async def ask(provider: Provider, folder, requests, *, first_wait: float = 0.01) -> tuple[list, list[Event]]:
        events: list[Event] = []
        policy = RetryPolicy(first_wait=first_wait)
        async with dispatching(provider, folder, policy=policy, on_event=events.append) as dispatcher:
            ended = await asyncio.gather(*map(dispatcher.ask, requests), return_exceptions=True)
        return ended, events

    return ask


def read_parts(record: RequestRecord) -> list[str | bytes]:
    """Return what a call held, texts and the bytes of images, in order."""
    (message,) = record.body.get("messages") or record.body.get("input") or record.body["contents"]
    return [_read_part(part) for part in message.get("content") or message["parts"]]


def _read_part(part) -> str | bytes:
    if "text" in part:
        text: str = part["text"]
        return text
    held = part.get("image_url") or part.get("source") or part["inlineData"]
    data = held if isinstance(held, str) else held.get("url") or held["data"]
    return base64.b64decode(data.rpartition(",")[2], validate=True)


def count_attempts(mock: LLMock) -> Counter[str]:
    """Return how many calls came for each question."""
    return Counter(str(read_parts(record)[-1]) for record in mock.requests)


@pytest.mark.parametrize("wire", WIRES)
async def test_after_faults_every_request_ends_with_its_reply(ask_all, mock, tmp_path, ask_about, wire):
    faults = (429, 503, 500, 529, 409, 504, 500, 429)  # at most one that counts as a timeout: a second one is final
    for status in faults:
        mock.fail(status, retry_after=SOON)
    requests = [ask_about(number) for number in range(10)]
    ended, events = await ask_all(connect(wire, mock), tmp_path / "cache", requests)

    assert [type(each) for each in ended] == [Response] * 10, ended
    assert all(f"Question {number}?" in each.text for number, each in enumerate(ended))
    verdict = mock.verdict()
    verdict.assert_ok(strict=True)
    assert (len(verdict.calls), verdict.attempts, verdict.faults) == (10, 18, 8)
    kinds = Counter(event.kind for event in events)
    assert kinds == {"ok": 10, "rate_limit": 2, "overloaded": 2, "server": 3, "timeout": 1}
    assert count_attempts(mock) == {
        request.parts[-1]: each.attempts for request, each in zip(requests, ended, strict=True)
    }
    assert {record.sdk_retry_count for record in mock.requests} <= {0, None}

    again, _ = await ask_all(connect(wire, mock), tmp_path / "cache", requests)
    assert [each.text for each in again] == [each.text for each in ended]
    assert len(mock.requests) == 18


@pytest.mark.parametrize("wire", WIRES)
async def test_images_arrive_whole_and_in_order_at_every_attempt(ask_all, mock, tmp_path, ask_about, picture, wire):
    contents = [picture(3), picture(1, "JPEG"), picture(2, "WEBP"), picture(3)]
    request = ask_about(7, *contents)
    mock.fail(503, retry_after=0.01, times=2)
    await ask_all(connect(wire, mock), tmp_path / "cache", [request])
    named = [part for place, content in enumerate(contents, start=1) for part in (f"Image {place}:", content)]
    assert [read_parts(record) for record in mock.requests] == [[*named, "Question 7?"]] * 3


@pytest.mark.parametrize("wire", WIRES)
async def test_a_large_body_arrives_as_it_was_made(ask_all, mock, tmp_path, ask_about, wire):
    """llmock keeps only the hash of a body of more than 256 KiB."""
    noise = random.Random(5).randbytes(3 * 400 * 400)
    request, provider = ask_about(0, _draw(noise), _draw(noise[::-1])), connect(wire, mock)
    mock.fail(503, retry_after=0.01)
    await ask_all(provider, tmp_path / "cache", [request])
    expected = fingerprint("POST", mock.last_request.path, provider.encode(request, embed_bytes))
    assert [(record.body, record.fingerprint) for record in mock.requests] == [(None, expected)] * 2


def _draw(pixels: bytes) -> bytes:
    import io

    import PIL.Image

    out = io.BytesIO()
    PIL.Image.frombytes("RGB", (400, 400), pixels).save(out, "PNG")
    return out.getvalue()


async def ask_each(ask_all, wire: str, mock: LLMock, folder, request, statuses) -> dict[int, tuple]:
    """Return by status how a request to a model that fails with it ended, and every call that was made for it."""
    asked = [
        ask_all(connect(wire, mock, model=f"fails-{status}"), folder / f"{status}" / "cache", [request])
        for status in statuses
    ]
    return {
        status: (ended, events)
        for status, ((ended,), events) in zip(statuses, await asyncio.gather(*asked), strict=True)
    }


@pytest.mark.parametrize("wire", WIRES)
async def test_what_no_retry_mends_is_called_once(ask_all, mock, tmp_path, ask_about, wire):
    statuses = [status for status in FINAL if wire != "gemini" or status in GOOGLE_HAS]
    for status in statuses:
        mock.fail(status, model=f"fails-{status}", times=None)
    found = await ask_each(ask_all, wire, mock, tmp_path, ask_about(0), statuses)
    assert {status: type(ended) for status, (ended, _) in found.items()} == dict.fromkeys(statuses, CallError)
    facts = {status: (each.kind, each.status, each.attempts, len(events)) for status, (each, events) in found.items()}
    assert facts == {status: (FINAL[status], status, 1, 1) for status in statuses}
    assert Counter(record.status for record in mock.requests) == dict.fromkeys(statuses, 1)
    mock.assert_resilient(strict=True)


@pytest.mark.parametrize("wire", WIRES)
async def test_what_a_retry_mends_is_called_twice(ask_all, mock, tmp_path, ask_about, wire):
    for status in PASSING:
        mock.fail(status, model=f"fails-{status}", retry_after=SOON)
    found = await ask_each(ask_all, wire, mock, tmp_path, ask_about(0), PASSING)
    assert {status: type(ended) for status, (ended, _) in found.items()} == dict.fromkeys(PASSING, Response)
    facts = {status: (each.attempts, len(events)) for status, (each, events) in found.items()}
    assert facts == dict.fromkeys(PASSING, (2, 2))
    assert Counter(record.status for record in mock.requests) == {200: len(PASSING)} | dict.fromkeys(PASSING, 1)
    mock.assert_resilient(strict=True)


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize(("status", "kind"), [(503, "overloaded"), (500, "server"), (504, "timeout")])
async def test_a_service_that_stays_down_is_given_up(ask_all, mock, tmp_path, ask_about, hasty, wire, status, kind):
    mock.fail(status, retry_after=0.01, times=None)
    (error,), events = await ask_all(connect(wire, mock), tmp_path / "cache", [ask_about(0)])
    assert isinstance(error, CallError), error
    assert (error.kind, error.status) == (kind, status)
    assert 1 < error.attempts == len(events) == len(mock.requests) <= MAX_ATTEMPTS
    mock.assert_resilient(strict=True)


async def test_a_rate_that_stays_refused_is_given_up(ask_all, mock, tmp_path, ask_about, hasty):
    """llmock calls more than ten attempts a storm, however long they wait; that is all it may find."""
    mock.fail(429, retry_after=0.01, times=None)
    (error,), events = await ask_all(connect("openai_chat", mock), tmp_path / "cache", [ask_about(0)])
    assert error.kind == "rate_limit"
    assert error.attempts == len(events) == len(mock.requests) == ATTEMPTS["rate_limit"]
    found = [finding.code for finding in mock.verdict().findings]
    assert found == (["retry_storm"] if ATTEMPTS["rate_limit"] > MAX_ATTEMPTS else [])


@pytest.mark.parametrize("wire", WIRES)
async def test_a_bad_key_ends_every_request_without_a_retry(ask_all, mock, tmp_path, ask_about, wire):
    mock.fail(401, times=None)
    requests = [ask_about(number) for number in range(8)]
    ended, events = await ask_all(connect(wire, mock), tmp_path / "cache", requests)
    assert all(isinstance(each, CallError | Stopped) for each in ended), ended
    refused = [each for each in ended if isinstance(each, CallError)]
    assert {(each.kind, each.attempts) for each in refused} == {("authentication", 1)}
    assert len(refused) == len(events) == len(mock.requests)
    mock.assert_resilient(strict=True)


async def test_exhausted_credit_is_no_rate_to_wait_for(ask_all, mock, tmp_path, ask_about):
    """The grader looks at the status alone, and would have a 429 tried again; it warns of that, and of no more."""
    mock.fail(429, code="insufficient_quota", times=None)
    (error,), _ = await ask_all(connect("openai_chat", mock), tmp_path / "cache", [ask_about(0)])
    assert (error.kind, len(mock.requests)) == ("quota", 1)
    assert [finding.code for finding in mock.verdict().findings] == ["gave_up"]


async def test_without_a_time_to_wait_the_waits_grow(ask_all, mock, tmp_path, ask_about, steady):
    mock.fail(500).fail(502).fail(500)
    requests = [ask_about(0)]
    (response,), _ = await ask_all(connect("openai_chat", mock), tmp_path / "cache", requests, first_wait=0.15)
    assert response.attempts == len(mock.requests) == 4
    assert {record.retry_after for record in mock.requests} == {None}
    mock.assert_resilient(strict=True)


@pytest.mark.parametrize("wire", ["openai_chat", "anthropic"])
async def test_a_quota_that_is_used_up_is_waited_for(ask_all, mock, tmp_path, ask_about, monkeypatch, wire):
    monkeypatch.setenv(PROVIDERS[SPOKEN[wire][0]].key_variables[0], "some-key")
    # Two calls a second come back, so four calls find too few even where this machine is slow to make them.
    mock.limits(rpm=120)
    _use_up(mock, SPOKEN[wire][1], 120)
    requests = [ask_about(number) for number in range(4)]
    ended, events = await ask_all(connect(wire, mock), tmp_path / "cache", requests)
    assert [type(each) for each in ended] == [Response] * 4, ended
    verdict = mock.verdict()
    verdict.assert_ok(strict=True)
    assert len(verdict.calls) == 4
    assert 1 <= verdict.faults == len([event for event in events if event.kind == "rate_limit"])
    assert verdict.attempts == len(events) == sum(each.attempts for each in ended)


def _use_up(mock: LLMock, name: str, calls: int) -> None:
    """Take a quota of calls, as another program with the same key would."""
    for key in ("some-key", "Bearer some-key"):
        for _ in range(calls):
            mock._server.state.limiter.admit(name, key, 0)


async def test_a_call_given_up_is_counted_and_made_once_more(ask_all, mock, tmp_path, ask_about):
    """llmock answers a call although its client has hung up, so that it sees two calls that both went well."""
    mock.add(*(Delay(6.0, match=Match(model=wire)) for wire in WIRES))
    asked = [
        ask_all(connect(wire, mock, model=wire, timeout=4.0), tmp_path / wire / "cache", [ask_about(0)])
        for wire in WIRES
    ]
    for (response,), events in await asyncio.gather(*asked):
        assert isinstance(response, Response), response
        assert [(event.kind, event.maybe_billed) for event in events] == [("timeout", True), ("ok", False)]
    async with asyncio.timeout(30):  # a call that was given up is on the mock's list only when its answer is done
        while len(mock.requests) < 2 * len(WIRES):  # noqa: ASYNC110 - the mock notes calls in threads of its own
            await asyncio.sleep(0.05)
    assert Counter((record.model, record.status) for record in mock.requests) == {(wire, 200): 2 for wire in WIRES}
    mock.assert_resilient(strict=True)


@pytest.mark.parametrize("service", ["groq", "mistral", "together", "xai"])
async def test_services_with_errors_of_their_own_form(ask_all, mock, tmp_path, ask_about, service):
    mock.fail(503, retry_after=0.01)
    (response,), _ = await ask_all(connect(service, mock), tmp_path / "cache", [ask_about(0)])
    assert isinstance(response, Response), response
    mock.fail(401, times=None)
    (error,), _ = await ask_all(connect(service, mock), tmp_path / "cache", [ask_about(1)])
    assert (error.kind, error.attempts) == ("authentication", 1)
    assert count_attempts(mock) == {"Question 0?": 2, "Question 1?": 1}
    mock.assert_resilient(strict=True)


async def pester(mock: LLMock, request: Request, times: int, wire: str = "openai_chat") -> None:
    """Call at once again and again, whatever comes back."""
    provider = connect(wire, mock)
    for _ in range(times):
        with pytest.raises(CallError):
            await provider.send(request)
    await provider.close()


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize(
    ("fault", "times", "code", "severity"),
    [
        ({"status": 429, "retry_after": 60}, 2, "retry_after_ignored", "error"),
        ({"status": 400}, 2, "retried_non_retryable", "error"),
        ({"status": 500}, MAX_ATTEMPTS + 1, "retry_storm", "error"),
        ({"status": 503}, 1, "gave_up", "warning"),
    ],
)
async def test_the_verdict_on_a_careless_client_is_bad(mock, ask_about, wire, fault, times, code, severity):
    mock.fail(**fault, times=None)
    await pester(mock, ask_about(0), times, wire)
    found = {(finding.code, finding.severity) for finding in mock.verdict().findings}
    assert (code, severity) in found
    with pytest.raises(AssertionError, match=code):
        mock.assert_resilient(strict=True)


@pytest.mark.parametrize(
    ("waits", "found"),
    [((0.5, 1.0), []), ((0.01, 0.02), ["no_backoff"]), ((1.0, 1.0), ["no_backoff"]), ((1.0, 0.5), ["no_backoff"])],
)
async def test_what_the_grader_thinks_of_waits(mock, ask_about, waits, found):
    """The last case is one that random waits bring about: why ``steady`` makes ours the longest they may be."""
    mock.fail(500, times=None)
    await pester(mock, ask_about(0), 3)
    starts = [0.0, waits[0], sum(waits)]
    records = [replace(each, started_at=at, ended_at=at) for each, at in zip(mock.requests, starts, strict=True)]
    assert [b.started_at - a.ended_at for a, b in pairwise(records)] == pytest.approx(waits)
    assert [finding.code for finding in judge(records).findings] == found
