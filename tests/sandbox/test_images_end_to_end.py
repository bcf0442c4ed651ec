"""Images that a vendor refuses, through whole runs: as they are they are refused, fitted they are answered and noted.

The sandbox states the vendors' limits by itself, so that a fitting that is broken, or left out, fails here.
"""

from __future__ import annotations

import io
import json
import random
from collections import Counter
from collections.abc import Callable

import pytest
from PIL import Image as Pillow

from mmra_api.run import evaluate
from mmra_api.sandbox import Sandbox
from mmra_api.types import Image


def save(picture: Pillow.Image, form: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def draw(width: int, height: int, form: str = "PNG", shade: int = 90) -> bytes:
    return save(Pillow.new("L", (width, height), shade), form)


def draw_noise(side: int, seed: int) -> bytes:
    noise = random.Random(seed).randbytes(3 * side * side)
    return save(Pillow.frombytes("RGB", (side, side), noise), compress_level=1)


def draw_moving() -> bytes:
    later = Pillow.new("RGB", (9, 9), "red")
    return save(Pillow.new("RGB", (9, 9), "blue"), "GIF", save_all=True, append_images=[later])


Draw = Callable[[], list[bytes]]
CASES: dict[tuple[str, str], tuple[Draw, dict[str, int], str]] = {
    ("openai", "a BMP and a PNG"): (lambda: [draw(9, 9, "BMP"), draw(9, 9)], {"format": 1}, "bad_request"),
    ("openai", "a moving GIF and a still one"): (
        lambda: [draw_moving(), draw(9, 9, "GIF")],
        {"animated": 1},
        "bad_request",
    ),
    ("anthropic", "a wide and a narrow one"): (lambda: [draw(8001, 9), draw(8000, 9)], {"pixels": 1}, "bad_request"),
    ("anthropic", "many images"): (lambda: [draw(2001, 9)] + [draw(2000, 9)] * 20, {"pixels": 1}, "bad_request"),
    ("anthropic", "a large one"): (lambda: [draw_noise(1170, 1), draw(9, 9)], {"bytes": 1}, "too_large"),
    ("google", "a GIF and a PNG"): (lambda: [draw(9, 9, "GIF"), draw(9, 9)], {"format": 1}, "bad_request"),
    ("google", "two that are large together"): (
        lambda: [draw_noise(1640, 1), draw_noise(1640, 2)],
        {"bytes": 2},
        "too_large",
    ),
}
"""Service and name → the images of a question, what is changed in how many of them, and as what they are refused."""
SPEAKING = [
    (service, name, wire)
    for service, name in CASES
    for wire in (("openai_chat", "openai_responses") if service == "openai" else (None,))
]


@pytest.mark.parametrize(("service", "name", "wire"), SPEAKING)
async def test_what_a_vendor_refuses_is_refused_as_it_is_and_answered_when_fitted(job, tmp_path, service, name, wire):
    drawn, changed, refused = CASES[service, name]
    pictures = drawn()
    for number, data in enumerate(pictures):
        (tmp_path / f"{number}").write_bytes(data)
    names = [str(number) for number in range(len(pictures))]
    line = {"id": "q", "images": names, "question": "Are they alike?", "answer": "Yes"}
    (own := tmp_path / "own.jsonl").write_text(json.dumps(line))
    model = f"{service}/simulated-strong"
    ended = {}
    with Sandbox() as sandbox:
        for policy in ("as-is", "fit"):
            fields = {"benchmark": str(own), "model": model, "base_url": sandbox.base_url, "wire": wire}
            run = await evaluate(job(**fields, image_policy=policy))
            (ended[policy],) = run.records()
        counters = sandbox.counters
    assert (counters.paid, counters.images) == (1, len(pictures))
    assert sum(counters.rejections.values()) == 1
    assert (ended["as-is"].failure.kind, find_changes(ended["as-is"])) == (refused, {})
    assert (ended["fit"].failure, find_changes(ended["fit"])) == (None, changed)


def find_changes(record) -> dict[str, int]:
    """How many images of a record were changed before they were sent, by reason."""
    return dict(Counter(part.fit.reason for part in record.prompt if isinstance(part, Image) and part.fit))


@pytest.mark.parametrize("wire", ["openai_responses", "openai_chat"])
async def test_azures_endpoint_can_be_rehearsed(job, jsonl, tmp_path, monkeypatch, wire):
    own = str(jsonl(tmp_path / "own", 3))
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "any")
    with Sandbox() as sandbox:
        monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", sandbox.root_url)
        run = await evaluate(job(benchmark=own, model="azure-openai/simulated-strong", wire=wire))
        assert (sandbox.counters.paid, sandbox.counters.images) == (3, 6)
    assert [record.failure for record in run.records()] == [None] * 3
