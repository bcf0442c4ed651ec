"""The sandbox's replies and errors, read strictly with the vendors' own types: no wrong type, no field they lack.

``reasoning_content`` is the one exception: it is no field of OpenAI's, but of servers that speak its chat format.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pydantic
import pytest
from anthropic.types import ErrorResponse, Message
from google.genai.types import GenerateContentResponse
from openai.types.chat import ChatCompletion
from openai.types.responses import Response

from mmra_api.sandbox import Sandbox
from mmra_api.sandbox.faults import Faults
from tests.providers import schemas

REPLIES: dict[str, type[pydantic.BaseModel]] = {
    "openai_chat": ChatCompletion,
    "openai_responses": Response,
    "anthropic": Message,
    "gemini": GenerateContentResponse,
}
PUBLISHED = {"openai_chat": "CreateChatCompletionResponse", "openai_responses": "Response"}
"""The schemas of OpenAI's description; its error is ErrorResponse in both."""
TAKEN = {"openai_chat": [".choices[].message reasoning_content"]}
ODDS: dict[str, dict[str, Any]] = {
    "openai_chat": {"logprobs": True, "top_logprobs": 2},
    "openai_responses": {"include": ["message.output_text.logprobs"], "top_logprobs": 2},
    "gemini": {"responseLogprobs": True, "logprobs": 2},
}


def find_strangers(value: object, place: str = "") -> Iterator[str]:
    """Yield the fields that a type does not name, at any depth."""
    if isinstance(value, pydantic.BaseModel):
        yield from (f"{place} {name}" for name in value.model_extra or ())
        for name in value.model_fields_set - set(value.model_extra or ()):
            yield from find_strangers(getattr(value, name), f"{place}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from find_strangers(item, f"{place}[]")


def ask(wire, client, each, model: str, number: int):
    body = wire.put(model, each.pictures, each.prompt(), 16 if number % 3 == 0 else 4096)
    odds = ODDS.get(wire.name, {}) if number % 4 == 0 else {}
    if wire.name == "gemini":
        body["generationConfig"] |= odds
    else:
        body |= odds
    return wire.send(client, json.dumps(body).encode(), model)


@pytest.mark.parametrize("model", ["simulated-chatty", "simulated-unruly"])
def test_replies_are_what_the_vendors_types_say(question, connect, spoken, model):
    strangers = set()
    with Sandbox() as sandbox:
        client = connect(sandbox)
        for number in range(100):
            got = ask(spoken, client, question(number), model, number)
            assert got.status == 200, got.body
            strangers |= set(find_strangers(REPLIES[spoken.name].model_validate_json(got.body, strict=True)))
            if spoken.name in PUBLISHED:
                schemas.check_openai(PUBLISHED[spoken.name], strip(got.json))
    assert strangers <= set(TAKEN.get(spoken.name, ()))


def strip(body: dict[str, Any]) -> dict[str, Any]:
    """The body without the exception: the published schema is closed."""
    for choice in body.get("choices", ()):
        choice["message"].pop("reasoning_content", None)
    return body


@pytest.mark.parametrize("fault", ["401", "429", "quota", "500", "503", None])
def test_errors_are_what_the_vendors_types_say(question, connect, spoken, fault):
    """None is a bad body. Google's SDK has no type for errors: their shape is google.rpc.Status."""
    with Sandbox(faults=Faults(always=fault)) as sandbox:
        client = connect(sandbox)
        got = spoken.ask(client, question(0)) if fault else spoken.send(client, b'{"model": 5, "contents": 5}')
    assert got.status >= 400
    if spoken.name in PUBLISHED:
        schemas.check_openai("ErrorResponse", got.json)
    elif spoken.name == "anthropic":
        error = ErrorResponse.model_validate_json(got.body, strict=True)
        assert list(find_strangers(error)) == []
        assert error.request_id
    else:
        assert got.json.keys() == {"error"}
        assert got.json["error"].keys() - {"details"} == {"code", "message", "status"}
        kinds = [each["@type"] for each in got.json["error"].get("details", ())]
        assert all(kind.startswith("type.googleapis.com/google.rpc.") for kind in kinds)


def test_a_stranger_would_be_found():
    usage = {"input_tokens": 1, "output_tokens": 2, "novelty": 3}
    content = [{"type": "text", "text": "A", "novelty": 4}]
    body = {"id": "m", "type": "message", "role": "assistant", "model": "m", "content": content, "usage": usage}
    message = Message.model_validate_json(json.dumps(body | {"stop_reason": None, "stop_sequence": None}), strict=True)
    assert sorted(find_strangers(message)) == [".content[] novelty", ".usage novelty"]
    with pytest.raises(pydantic.ValidationError):
        Message.model_validate_json(json.dumps(body | {"usage": {"input_tokens": "1"}}), strict=True)
