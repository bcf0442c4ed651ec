"""Write the facts into docs/services.md and docs/services/*.md: all that stands between their marks.

They come from the table of services and from the wire formats themselves. Run it after changing either.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mmra_api.cli.services import describe_limits
from mmra_api.prompt import Prompter
from mmra_api.providers import PROVIDERS, Remote, Service
from mmra_api.providers.wires import FLAGS, Field, load_wire
from mmra_api.types import Image, Request, Sample

OVERVIEW = Path(__file__).with_name("services.md")
PAGES = Path(__file__).with_name("services")
NOT_OFFERED = {"sandbox"}
"""Services of the table that nobody sells."""
BLOCK = re.compile(r"(<!-- facts: (\w+) -->\n).*?(<!-- /facts -->)", re.DOTALL)
WIRES = {
    "openai_responses": "Responses",
    "openai_chat": "chat completions",
    "anthropic": "Messages",
    "gemini": "generateContent",
}
"""Wire formats in the order of the overview, and what their vendors call them."""
FORMULAS = {
    "count_openai": "OpenAI's formula",
    "count_anthropic": "Anthropic's formula",
    "count_google": "Google's formula",
}
"""Whose formula a function of ``providers.wires.tokens`` is; a wire format may bring its own."""
SHARED = {"openai", "azure-openai", "anthropic", "google"}
"""Services whose own models the formula is about."""
PAIRS = 1024
REASONING = 1000
"""Output tokens of a reply by a model that reasons: an assumption, stated on every page."""
BARE = 4
"""Output tokens of a reply that is a letter: the letter, its mark and the end, rounded up."""
IMAGES = tuple(Image(digest=mark * 64, media_type="image/jpeg", width=1024, height=768, size=250_000) for mark in "ab")
SAMPLE = Sample(
    id="typical",
    subtask="RP",
    level="entity",
    kind="choice",
    question="Where does the dog in the first image stand, compared with the dog in the second image?",
    options={
        "A": "In front of the door, not behind it",
        "B": "Beside the table, not under it",
        "C": "To the left of its owner, not to the right",
        "D": "In the same place in both images",
    },
    gold="A",
    images=IMAGES,
)
"""What the costs are counted for; every page says how large it is."""


def main() -> None:
    """Write every page anew."""
    for path, text in write_all().items():
        if path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path}")


def write_all() -> dict[Path, str]:
    """Return every page as it should be. Raises ValueError for a block that nobody fills, OSError for no page."""
    pages = {OVERVIEW: fill(OVERVIEW, {"services": write_services(), "flags": write_flags()})}
    for name in offered():
        path = PAGES / f"{name}.md"
        pages[path] = fill(path, {"service": write_service(name), "cost": write_cost(name)})
    return pages


def offered() -> list[str]:
    """Return the services that have a page."""
    return [name for name in PROVIDERS if name not in NOT_OFFERED]


def fill(path: Path, blocks: Mapping[str, str]) -> str:
    """Return a page with its blocks written anew."""
    text = path.read_text(encoding="utf-8")
    found = [match[2] for match in BLOCK.finditer(text)]
    if sorted(found) != sorted(blocks):
        raise ValueError(f"{path}: it has the blocks {', '.join(found) or '(none)'}, not {', '.join(blocks)}")
    return BLOCK.sub(lambda match: match[1] + blocks[match[2]] + match[3], text)


def write_services() -> str:
    """Return the table of the overview."""
    rows = [("service", "key", "wire format", "page")]
    for name in offered():
        service = PROVIDERS[name]
        rows.append((f"`{name}`", _key(service), _wire(service), f"[{name}.md](services/{name}.md)"))
    return _table(rows)


def write_flags() -> str:
    """Return the table of flags: where each stands in every wire format, by the formats' own tables of fields."""
    rows = [("flag", *WIRES.values())]
    rows += [(f"`{flag}`", *(_name_places(wire, param) for wire in WIRES)) for param, flag in FLAGS.items()]
    return _table(rows)


def write_service(name: str) -> str:
    """Return what the table says about a service."""
    service = PROVIDERS[name]
    renamed = ", ".join(f"`{theirs}` for `{ours}`" for ours, theirs in service.renamed.items())
    rows = {
        "key": _key(service),
        "address": f"`{service.base_url}`" + (f", or `{service.address_variable}`" * bool(service.address_variable)),
        "wire format": _wire(service),
        "fields renamed": renamed if service.wire == "openai_chat" or service.compatible else "",
        "sent unasked": _sent_unasked(name),
        "images": describe_limits(service.images),
    }
    return _table([("", ""), *((label, text) for label, text in rows.items() if text)])


def write_cost(name: str) -> str:
    """Return the tokens of a full run."""
    request = Prompter().write(SAMPLE, "IQ")
    wire = PROVIDERS[name].wire
    low, high = load_wire(wire).count_input(request)
    rows = [
        (f"{PAIRS:,} pairs, setting IQ, style direct", "tokens"),
        ("input", f"{_round(PAIRS * low)} to {_round(PAIRS * high)}"),
        ("output, a bare letter", _round(PAIRS * BARE)),
        (f"output, {REASONING:,} tokens of reasoning a reply", _round(PAIRS * (REASONING + BARE))),
    ]
    length = sum(len(part) for part in request.parts if isinstance(part, str))
    other = "" if name in SHARED else ", which this service need not share"
    return (
        f"{_table(rows)}\nCounted for two images of {IMAGES[0].width:,} x {IMAGES[0].height} pixels and a prompt of "
        f"{length} characters by {_name_formula(wire)}{other}.\n"
        f"`mmra run mmra --model {name}/<id> --dry-run` counts the real data, and calls nobody.\n"
    )


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:]]) + "\n"


def _name_formula(wire: str) -> str:
    return FORMULAS.get(load_wire(wire).count_input.__name__, "a formula of its own")


def _key(service: Service) -> str:
    names = ", else ".join(f"`{name}`" for name in service.key_variables)
    return (names or "none") + ("" if service.key_needed else ", not needed")


def _wire(service: Service) -> str:
    elsewhere = f"; {WIRES[service.compatible]} at another address" if service.compatible else ""
    return WIRES[service.wire] + elsewhere


def _sent_unasked(name: str) -> str:
    """Return what stands in a body beside the question: a request without any parameter shows it."""
    service = PROVIDERS[name]
    remote = Remote("any", service, load_wire(service.wire), "<id>", base_url="", needs_key=False, timeout=1)
    fields = _leaves(remote.encode(Request(parts=("Which?", IMAGES[0])), lambda image: image.digest))
    found = {field: value for field, value in fields if field != "model" and ("[]" not in field or "detail" in field)}
    return ", ".join(f"{_say(field)} {json.dumps(value)}" for field, value in found.items()) or "nothing"


def _name_places(wire: str, param: str) -> str:
    places = [_name_place(field) for field in load_wire(wire).FIELDS if field.param == param]
    return ", ".join(places) or "no place"


def _name_place(field: Field) -> str:
    match field.where:
        case "image":
            return f"`{field.path}` of each image"
        case "system message":
            return "a message of the role `system`"
    return f"`{field.path}`"


def _leaves(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the fields of a body by their places, with their values; the items of a list share one place."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _leaves(item, f"{place}.{name}" if place else name)
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for item in value:
            yield from _leaves(item, f"{place}[]")
    else:
        yield place, value


def _say(field: str) -> str:
    holder, _, name = field.rpartition("[].")
    return f"`{name}` of each image" if "content" in holder else f"`{field}`"


def _round(tokens: int) -> str:
    return f"{tokens / 1e6:,.1f} M" if tokens >= 1e6 else f"{tokens / 1e3:,.0f} k"


if __name__ == "__main__":
    main()
