"""Parameters that a model rejects, in the vendors' own words over real HTTP: the message names the flag."""

from __future__ import annotations

from typing import Any

import pytest

from mmra_api.errors import CallError
from mmra_api.images import inspect_image
from mmra_api.providers.failures.parameter_errors import find_flag
from mmra_api.providers.wires import WIRES, Field, load_wire
from mmra_api.types import Params, Request


def openai(said: str, param: str | None = None, code: str | None = None) -> dict[str, Any]:
    return {"error": {"message": said, "type": "invalid_request_error", "param": param, "code": code}}


def anthropic(said: str) -> dict[str, Any]:
    return {"type": "error", "error": {"type": "invalid_request_error", "message": said}}


def google(said: str) -> dict[str, Any]:
    return {"error": {"code": 400, "message": said, "status": "INVALID_ARGUMENT"}}


def pydantic(*places: str) -> dict[str, Any]:
    return {
        "detail": [{"type": "x", "loc": ["body", each], "msg": "Extra inputs are not permitted"} for each in places]
    }


CHAT: dict[str, Any] = {"temperature": 0.0, "top_p": 0.5, "max_tokens": 9, "stop": ("END",), "effort": "low", "seed": 3}
CHAT |= {"system": "Be brief.", "logprobs": 5}
RESPONSES = {"temperature": 0.0, "top_p": 0.5, "max_tokens": 9, "effort": "low", "system": "Be brief.", "logprobs": 5}
CLAUDE = {"temperature": 0.0, "top_p": 0.5, "max_tokens": 9, "stop": ("END",), "effort": "low", "system": "Be brief."}
CLAUDE |= {"thinking_budget": 512}
GEMINI = CLAUDE | {"seed": 3, "logprobs": 5, "image_detail": "low"}
R = "openai:openai_responses"
ASKED = {"openai": CHAT, R: RESPONSES, "anthropic": CLAUDE, "google": GEMINI}
"""All that a format has a place for; other services are asked in chat completions."""
REJECTED: list[tuple[str, dict[str, Any], str]] = [
    (
        "openai",
        openai(
            "Unsupported value: 'temperature' does not support 0 with this model.", "temperature", "unsupported_value"
        ),
        "--temperature",
    ),
    ("openai", openai("Unsupported parameter: 'top_p' is not supported with this model.", "top_p"), "--top-p"),
    ("openai", openai("Unsupported parameter: 'stop' is not supported with this model.", "stop"), "--stop"),
    ("openai", openai("Unrecognized request argument supplied: reasoning_effort"), "--effort"),
    ("openai", openai("Unrecognized request argument supplied: novelty"), "--extra novelty"),
    ("openai", openai("Unrecognized request arguments supplied: novelty, seed"), "--model-seed"),
    ("openai", openai("seed is not supported by this model"), "--model-seed"),
    (
        "openai",
        openai("Unsupported value: 'messages[0].role' does not support 'system' with this model.", "messages[0].role"),
        "--system",
    ),
    (
        "anthropic",
        anthropic(
            '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and '
            '"output_config.effort" to control thinking behavior.'
        ),
        "--thinking-budget",
    ),
    ("openai", openai("Unrecognized request arguments supplied: logprobs, top_logprobs"), "--logprobs"),
    ("openai", openai("Invalid value for 'top_logprobs': must be at most 3.", "top_logprobs"), "--logprobs"),
    ("openai", openai("max_tokens is too large: 9", "max_completion_tokens"), "--max-tokens"),
    ("openai", openai("It must be positive.", "seed"), "--model-seed"),
    (
        R,
        openai("Unsupported parameter: 'temperature' is not supported with this model.", "temperature"),
        "--temperature",
    ),
    (
        R,
        openai("Unsupported parameter: 'reasoning.effort' is not supported with this model.", "reasoning.effort"),
        "--effort",
    ),
    (R, openai("Invalid 'max_output_tokens': integer below minimum value.", "max_output_tokens"), "--max-tokens"),
    (R, openai("It is too long.", "instructions"), "--system"),
    ("anthropic", anthropic("temperature: Input should be less than or equal to 1"), "--temperature"),
    ("anthropic", anthropic("`temperature` may only be set to 1 when thinking is enabled."), "--temperature"),
    ("anthropic", anthropic("`top_p` is deprecated for this model."), "--top-p"),
    (
        "anthropic",
        anthropic("max_tokens: 100000 > 64000, which is the maximum allowed number of output tokens for m"),
        "--max-tokens",
    ),
    (
        "anthropic",
        anthropic("thinking.budget_tokens: Input should be greater than or equal to 1024"),
        "--thinking-budget",
    ),
    ("anthropic", anthropic("`max_tokens` must be greater than `thinking.budget_tokens`."), "--thinking-budget"),
    ("anthropic", anthropic("stop_sequences: each stop sequence must contain non-whitespace"), "--stop"),
    ("anthropic", anthropic("output_config: Extra inputs are not permitted"), "--effort"),
    (
        "anthropic",
        anthropic("output_config.effort 'max' is not supported when thinking is disabled on this model."),
        "--effort",
    ),
    ("anthropic", anthropic("system: text content blocks must be non-empty"), "--system"),
    ("google", google("Thinking level is not supported for this model."), "--effort"),
    (
        "google",
        google("Unknown name \"thinkingLevel\" at 'generation_config.thinking_config': Cannot find field."),
        "--effort",
    ),
    (
        "google",
        google("The thinking budget 512000 is invalid. Please choose a value between 512 and 24576."),
        "--thinking-budget",
    ),
    ("google", google("Logprobs is not enabled for models/m"), "--logprobs"),
    (
        "google",
        google("Unable to submit request because it has a topP value of 2 but the supported range is from 0 to 1."),
        "--top-p",
    ),
    (
        "google",
        google("* GenerateContentRequest.generation_config.temperature: temperature must be in the range [0.0, 2.0]."),
        "--temperature",
    ),
    ("google", google("it has a maxOutputTokens value of 9 but the supported range is from 16"), "--max-tokens"),
    (
        "google",
        google("Invalid value at 'generation_config.media_resolution' (TYPE_ENUM), \"MEDIA_RESOLUTION_X\""),
        "--image-detail",
    ),
    ("google", google("Invalid value at 'generation_config.stop_sequences'"), "--stop"),
    ("google", google("System instruction is not supported for this model."), "--system"),
    ("groq", openai("`reasoning_effort` is not supported with this model"), "--effort"),
    ("groq", openai("'temperature' : value must be at most 2"), "--temperature"),
    ("xai", {"code": "invalid-argument", "error": "Invalid `temperature`: 5"}, "--temperature"),
    ("mistral", pydantic("reasoning_effort"), "--effort"),
    ("mistral", pydantic("random_seed"), "--model-seed"),
    ("mistral", pydantic("top_logprobs", "logprobs"), "--logprobs"),
    ("fireworks", openai("Extra inputs are not permitted, field: 'seed', value: 3"), "--model-seed"),
    ("openai", openai("Unknown parameter: 'novelty'.", "novelty"), "--extra novelty"),
    ("openai", openai("Unrecognized request argument supplied: other_thing"), "--extra other_thing"),
    ("anthropic", anthropic("novelty: Extra inputs are not permitted"), "--extra novelty"),
    ("google", google('Invalid JSON payload received. Unknown name "novelty": Cannot find field.'), "--extra novelty"),
    (
        R,
        openai("include: message.output_text.logprobs is not supported with reasoning models.", "include"),
        "--logprobs",
    ),
    (R, openai("max_tokens: must be at least 16"), "--max-tokens"),
    ("openai", openai("Unsupported parameter: top-p"), "--top-p"),
    ("openai", openai("'messages[0].role' does not support 'system' with this model."), "--system"),
    ("vllm", openai("System role not supported"), "--system"),
    ("google", google("Developer instruction is not enabled for models/m"), "--system"),
    ("google", google("Budget 0 is invalid. This model only works in thinking mode."), "--thinking-budget"),
    ("anthropic", anthropic("thinking_budget is out of range"), "--thinking-budget"),
    (
        "anthropic",
        anthropic('"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive".'),
        "--thinking-budget",
    ),
    (
        "anthropic",
        anthropic("This model does not support the effort parameter."),
        "--effort",
    ),
    (
        "xai",
        {"code": "invalid-argument", "error": "Model m does not support parameter reasoningEffort."},
        "--effort",
    ),
    (
        "xai",
        {"code": "invalid-argument", "error": "Model m does not support parameter stop."},
        "--stop",
    ),
    (
        "xai",
        {"code": "x", "error": "Argument not supported on this model: stop"},
        "--stop",
    ),
]


@pytest.mark.parametrize(("service", "body", "flag"), REJECTED)
async def test_a_rejected_parameter_is_named_by_its_flag(serve, fail, service, body, flag):
    status = 422 if "detail" in body else 400
    url, _ = serve(status, body=body)
    asked = ASKED.get(service, CHAT)
    error = await fail(service, url, Params(**asked, extra={"novelty": 1, "other_thing": 2}))
    assert error.kind == "parameter", error
    assert f"(the model rejects {flag}: leave it out, or give another value)" in str(error)
    assert error.status == status


@pytest.mark.parametrize(("service", "body", "flag"), REJECTED)
def test_what_was_not_sent_cannot_be_meant(service, body, flag):
    error = body.get("error", body)
    inner = error if isinstance(error, dict) else {}
    bare = {"model": "m", "messages": [], "input": []}
    for wire in map(load_wire, WIRES):
        assert not find_flag(inner, str(inner.get("message") or body), bare, wire.FIELDS)


@pytest.mark.parametrize(
    ("service", "param"),
    [("openai", "messages[0].content[1].image_url.detail"), (R, "input[0].content[1].detail")],
)
async def test_the_detail_of_an_image_can_be_rejected_too(serve, connect, picture, tmp_path, service, param):
    said = "Invalid value: 'original'. Supported values are: 'low', 'high', and 'auto'."
    url, _ = serve(400, body=openai(said, param, "invalid_value"))
    provider = connect(service, url)
    file = tmp_path / "picture.png"
    file.write_bytes(picture(0))
    shown = inspect_image(file.read_bytes(), path=str(file))
    request = Request(parts=("Hi", shown), params=Params(image_detail="original"))
    with pytest.raises(CallError, match="rejects --image-detail"):
        await provider.send(request)


INNOCENT = [
    ("openai", openai("The system could not read the image; please stop sending it.", "messages[0].content[1]")),
    ("openai", openai("Invalid image.", "messages[0].content[1].image_url.url", "invalid_base64_image")),
    (
        "openai",
        openai("You uploaded an unsupported image. In detail: it has no seed of reason.", None, "invalid_image_format"),
    ),
    (R, openai("The effort was in vain; the instructions of the reasoning system stop here.", "input")),
    ("anthropic", anthropic("messages.0.content.0.image.source.base64.data: the image has 8001 pixels a side")),
    ("anthropic", anthropic("Our system is not able to process this image, so it had to stop. thinking helps.")),
    ("anthropic", anthropic("messages: at least one message is required")),
    ("google", google("Unable to process input image. Please stop and retry; the system is full of detail and seed.")),
    ("google", google("* GenerateContentRequest.contents: contents is not specified")),
    ("xai", {"code": "invalid-argument", "error": "The system failed to fetch the image and had to stop."}),
    ("mistral", pydantic("messages")),
]


INNOCENT += [
    ("openai", openai("Invalid prompt: 'What is the temperature' was flagged as it is.")),
    ("openai", openai("The outdoor temperature reading could not be understood.")),
    ("openai", openai("Could not finish the message because max_tokens or model output limit was reached.")),
    (R, openai("Failed to download image. See the page 'reasoning'.", "input[0].content[1].image_url")),
]
"""Failures of one sample in whose words a field's name occurs."""


@pytest.mark.parametrize(("service", "body"), INNOCENT)
async def test_a_word_that_merely_occurs_is_no_parameter(serve, fail, service, body):
    url, _ = serve(400, body=body)
    error = await fail(service, url, Params(**ASKED.get(service, CHAT)))
    assert error.kind == "bad_request"
    assert "leave it out" not in str(error)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, "authentication"), (403, "permission"), (404, "not_found"), (429, "rate_limit"), (500, "server")],
)
async def test_another_failure_that_mentions_a_parameter_is_what_it_is(serve, fail, status, kind):
    url, _ = serve(status, body=openai("'temperature' is not the point", "temperature"))
    assert (await fail("openai", url, Params(temperature=0.0))).kind == kind


def test_a_field_of_a_new_format_is_known_by_its_table():
    fields = (Field("max_tokens", "options.num_predict"), Field("top_p", "options.p"))
    sent = {"model": "m", "options": {"num_predict": 9, "p": 0.5}, "novelty": 1}
    for said, flag in {
        "num_predict must be larger": "--max-tokens",
        "unknown parameter: p": "--top-p",
        "'novelty' is unknown": "--extra novelty",
        "'options' is unknown": "",
    }.items():
        assert find_flag({}, said, sent, fields, {"novelty": 1}) == flag


async def test_an_output_budget_of_another_name(serve, fail):
    said = "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead."
    error = await fail("vllm", serve(400, body=openai(said, "max_tokens"))[0], Params(max_tokens=9))
    assert "(the model rejects --max-tokens: give --extra max_completion_tokens=N in its place)" in str(error)


async def test_an_output_budget_that_nobody_asked_for(serve, fail):
    url, _ = serve(400, body=anthropic("max_tokens: 16384 > 8192, which is the maximum for this model"))
    unasked, asked = await fail("anthropic", url), await fail("anthropic", url, Params(max_tokens=16384))
    assert "goes out unasked, and the model rejects it: give a smaller one with --max-tokens" in str(unasked)
    assert "the model rejects --max-tokens: leave it out" in str(asked)


@pytest.mark.parametrize(
    ("service", "extra", "body", "flag"),
    [
        (
            "anthropic",
            {"thinking": {"type": "adaptive"}},
            anthropic("thinking.type: adaptive is not taken"),
            "thinking",
        ),
        ("vllm", {"seed": 1}, openai("Unrecognized request argument supplied: seed"), "seed"),
        ("google", {"temperature": 1}, google('Unknown name "temperature": Cannot find field.'), "temperature"),
    ],
)
async def test_what_came_by_extra_is_named_so(serve, fail, service, extra, body, flag):
    error = await fail(service, serve(400, body=body)[0], Params(extra=extra))
    assert f"(the model rejects --extra {flag}: leave it out, or give another value)" in str(error)


@pytest.mark.parametrize(
    "said",
    [
        "Prompt contains 9000 tokens, more than this server takes: reduce the prompt or max tokens",
        "Total number of tokens in your prompt and max output tokens exceed what is allowed",
        "Request blocked: system message contains unsafe text",
        'Unsafe content: "the temperature is rising"',
        "Your prompt 'Does the seed must grow?' was flagged",
    ],
)
async def test_what_is_said_of_the_question_is_about_no_flag(serve, fail, said):
    error = await fail("vllm", serve(400, body=openai(said))[0], Params(**CHAT))
    assert error.kind != "parameter", error


@pytest.mark.parametrize(
    ("extra", "said", "param"),
    [
        (
            {"response_format": {"type": "text"}},
            "Invalid content type. image_url is not taken.",
            "messages[0].content[1].type",
        ),
        ({"response_format": {"type": "text"}}, "messages.0.content.0.image.source: 'type' not supported", None),
        ({"metadata": {"image": "x"}}, "'image' could not be decoded", "messages[0].content[1].image"),
        ({"response_format": {"schema": {"content": {}}}}, "a refusal naming 'messages.0.content'", None),
    ],
)
async def test_a_field_of_the_question_is_none_of_the_users_own(serve, fail, extra, said, param):
    error = await fail("vllm", serve(400, body=openai(said, param))[0], Params(extra=extra))
    assert error.kind == "bad_request", error
