"""A wire format and a body → nothing, or an error where the body does not fit what the vendor publishes for machines.

OpenAI publishes an OpenAPI description; Anthropic's and Google's request types stand in their SDKs. None of them
refuses unknown fields by itself and looks into every list, so that is done here.
"""

from __future__ import annotations

import json
import os
import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typing_extensions

SPEC = Path(__file__).parents[2].parent / "shared" / "specs" / "openai-subset.json"
REQUESTS = {"openai_chat": "CreateChatCompletionRequest", "openai_responses": "CreateResponse"}
UNTYPED = {"temperature": (float, 0, 1), "top_p": (float, 0, 1), "top_k": (int, 0, 2**31)}
"""Fields of Anthropic's Messages that the SDK's types leave out, because the version 2026-10-21 of the API takes them
no longer; the version 2023-06-01 takes them, in these ranges."""


def check_body(wire: str, body: Mapping[str, Any]) -> None:
    """Raise AssertionError, or the ValidationError of jsonschema or pydantic, where a body does not fit.

    Where the description of OpenAI's formats is not beside this checkout, their bodies are not checked.
    """
    if wire in REQUESTS:
        check_openai(REQUESTS[wire], body)
    else:
        {"anthropic": check_anthropic, "gemini": check_gemini}[wire](body)


def check_openai(name: str, body: Mapping[str, Any]) -> None:
    if has_spec():
        make_validator(name).validate(body)


def has_spec() -> bool:
    """Return whether OpenAI's description is there; fail the test where MMRA_REQUIRE_SPEC asks for it and it is not."""
    if os.environ.get("MMRA_REQUIRE_SPEC") and not SPEC.exists():
        pytest.fail(f"MMRA_REQUIRE_SPEC is set, but there is no {SPEC}")
    return SPEC.exists()


@cache
def make_validator(name: str) -> Any:
    from jsonschema import Draft202012Validator
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT202012

    spec = json.loads(SPEC.read_text())
    schemas = spec["components"]["schemas"]
    merged = {part["$ref"] for each in schemas.values() for part in each.get("allOf", []) if "$ref" in part}
    spec["components"]["schemas"] = {
        each: schema if f"#/components/schemas/{each}" in merged else close(schema) for each, schema in schemas.items()
    }
    registry = Registry().with_resource("urn:oai", Resource.from_contents(spec, default_specification=DRAFT202012))
    return Draft202012Validator({"$ref": f"urn:oai#/components/schemas/{name}"}, registry=registry)


def close(schema: Any, *, part: bool = False) -> Any:
    """Return a schema that refuses fields it does not name, at any depth; a part of an ``allOf`` names only some."""
    if isinstance(schema, list):
        return [close(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {
        name: [close(each, part=True) for each in value] if name == "allOf" else close(value)
        for name, value in schema.items()
    }
    named = isinstance(schema.get("properties"), dict) or "allOf" in schema
    if named and not part and schema.get("type", "object") == "object" and "additionalProperties" not in schema:
        closed["unevaluatedProperties"] = False
    return closed


def check_anthropic(body: Mapping[str, Any]) -> None:
    from anthropic.types.message_create_params import MessageCreateParamsNonStreaming

    for name, (kind, low, high) in UNTYPED.items():
        if name in body:
            assert isinstance(body[name], kind), f"{name}: {body[name]!r}"
            assert low <= body[name] <= high, f"{name}: {body[name]!r}"
    typed = {name: value for name, value in body.items() if name not in UNTYPED}
    check_type(typed, MessageCreateParamsNonStreaming, "body")


def check_type(value: Any, hint: Any, place: str) -> None:
    """Check a value against a type, every item of every list and every field of every TypedDict, none unknown."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if typing_extensions.is_typeddict(hint):
        check_fields(value, hint, place)
    elif origin in {typing.Required, typing.NotRequired, typing_extensions.Required, typing.Annotated}:
        check_type(value, arguments[0], place)
    elif origin in {typing.Union, types.UnionType}:
        check_choices(value, arguments, place)
    elif isinstance(origin, type) and origin is not dict and issubclass(origin, Iterable | Sequence):
        assert isinstance(value, list), f"{place}: no list but {value!r}"
        for number, item in enumerate(value):
            check_type(item, arguments[0], f"{place}[{number}]")
    elif getattr(origin, "__name__", "") == "SequenceNotStr":
        check_type(value, types.GenericAlias(list, arguments[0]), place)
    else:
        check_leaf(value, hint)


def check_fields(value: Any, hint: Any, place: str) -> None:
    fields = typing_extensions.get_type_hints(hint, include_extras=True)
    assert isinstance(value, dict), f"{place}: no object but {value!r}"
    unknown = value.keys() - fields.keys()
    assert not unknown, f"{place}: unknown {sorted(unknown)}"
    required = {name for name, each in fields.items() if "Required[" in str(each) and "NotRequired[" not in str(each)}
    assert not required - value.keys(), f"{place}: without {sorted(required - value.keys())}"
    for name, item in value.items():
        check_type(item, fields[name], f"{place}.{name}")


def check_choices(value: Any, hints: Iterable[Any], place: str) -> None:
    reasons = []
    for hint in hints:
        try:
            return check_type(value, hint, place)
        except (AssertionError, ValueError) as error:  # pydantic's ValidationError is a ValueError
            reasons.append(str(error))
    raise AssertionError(f"{place}: fits none of {len(reasons)} types: " + "; ".join(reasons)[:2000])


def check_leaf(value: Any, hint: Any) -> None:
    import pydantic

    if isinstance(hint, type) and hint.__module__ != "builtins":  # a file, or a block of a reply: nothing that is JSON
        assert isinstance(value, hint), f"no {hint.__name__} but {value!r}"
    else:
        pydantic.TypeAdapter(hint).validate_python(value, strict=True)


def check_gemini(body: Mapping[str, Any]) -> None:
    """Check the fields of a ``GenerateContentRequest``; the SDK's types refuse what they do not name."""
    from google.genai import types as google

    kinds: dict[str, Any] = {
        "contents": [google.Content],
        "systemInstruction": google.Content,
        "generationConfig": google.GenerationConfig,
        "safetySettings": [google.SafetySetting],
    }
    assert "contents" in body, "the body has no contents"
    assert not body.keys() - kinds.keys(), f"unknown {sorted(body.keys() - kinds.keys())}"
    for name, value in body.items():
        kind = kinds[name]
        if isinstance(kind, list):
            assert isinstance(value, list), f"{name}: no list but {value!r}"
            assert value or name != "contents", "the contents are empty"
        for item in value if isinstance(kind, list) else [value]:
            check_model(item, kind[0] if isinstance(kind, list) else kind)


def check_model(value: Any, kind: Any) -> None:
    """Read a value strictly, and make sure that it is what was read: names as the API spells them, nothing left out."""
    read = kind.model_validate_json(json.dumps(value), strict=True)
    again = json.loads(read.model_dump_json(by_alias=True, exclude_unset=True))
    level = value.get("thinkingConfig", {}).get("thinkingLevel")
    if isinstance(level, str) and level.islower():  # the SDK writes it in capitals, Google's guide in small letters
        again["thinkingConfig"]["thinkingLevel"] = again["thinkingConfig"]["thinkingLevel"].lower()
    assert plain(again) == plain(value), f"read as {again!r} but is {value!r}"


def plain(value: Any) -> Any:
    """Return a value in base64's usual alphabet: the SDK reads both, and writes the one for addresses."""
    if isinstance(value, str):
        return value.translate(str.maketrans("-_", "+/"))
    if isinstance(value, list):
        return [plain(each) for each in value]
    return {name: plain(item) for name, item in value.items()} if isinstance(value, dict) else value
