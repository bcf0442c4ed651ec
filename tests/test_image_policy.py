"""Images that a service does not take, through a whole run."""

from __future__ import annotations

import io
import json

import PIL.Image
import pytest

from mmra_api.errors import InputError
from mmra_api.images.convert import convert
from mmra_api.images.limits import find_limits
from mmra_api.report.aggregate import summarise
from mmra_api.report.compare import compare
from mmra_api.report.notes import captions
from mmra_api.run import evaluate
from mmra_api.runs.estimates import quote
from mmra_api.sandbox import Sandbox
from mmra_api.types import Image

FORMS = ("PNG", "BMP", "TIFF", "AVIF", "JPEG")


@pytest.fixture
def own(tmp_path):
    """Return questions whose second image is in a format of each kind, 40 x 30 pixels."""
    folder = tmp_path / "own"
    folder.mkdir()
    lines = []
    for number, form in enumerate(FORMS):
        for place, each in enumerate(("PNG", form)):
            noise = PIL.Image.effect_noise((40, 30), 30 + 10 * number + place).convert("RGB")
            noise.save(folder / f"{number}-{place}", each)
        images = [f"{number}-{place}" for place in range(2)]
        lines.append({"id": f"q{number}", "images": images, "question": "Alike?", "answer": "Yes"})
    (folder / "own.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return str(folder / "own.jsonl")


@pytest.fixture
def ask(job, own):
    async def run(sandbox, **fields):
        return await evaluate(
            job(**{"benchmark": own, "model": "anthropic/simulated-strong", "base_url": sandbox.base_url} | fields)
        )

    return run


def sent(run) -> dict[str, list[Image]]:
    return {record.sample: [part for part in record.prompt if isinstance(part, Image)] for record in run.records()}


async def test_what_a_service_does_not_take_is_converted_recorded_and_counted(ask, job, own):
    with Sandbox() as sandbox:
        run = await ask(sandbox)
        assert sandbox.counters.images == 10
        assert not sandbox.counters.rejections, "the sandbox takes JPEG, PNG, WebP and GIF only"
        again = await ask(sandbox, offline=True)
        assert sandbox.counters.paid == 5
    changed = {sample: images[1].fit.reason for sample, images in sent(run).items() if images[1].fit}
    assert changed == {"q1": "format", "q2": "format", "q3": "format"}
    assert all(images[0].fit is None for images in sent(run).values())
    assert {record.response.source for record in again.records()} == {"cache"}
    summaries = summarise(run.info, run.records())
    assert (summaries[0].images, summaries[0].fitted) == (10, {"format": 3})
    said = " ".join(captions(summaries, compare(summaries)))
    assert "3 of 10" in said
    assert "(--image-policy fit): format 3" in said


async def test_as_they_are_they_are_refused_by_the_service(ask):
    with Sandbox() as sandbox:
        run = await ask(sandbox, image_policy="as-is")
        assert sandbox.counters.paid == 2
    assert run.info.image_policy == "as-is"
    failures = {record.sample: record.failure.kind for record in run.records() if record.failure}
    assert failures == dict.fromkeys(("q1", "q2", "q3"), "bad_request")


async def test_limits_of_the_users_own_are_kept(ask, tmp_path):
    (config := tmp_path / "my.toml").write_text("[services.anthropic.images]\nmax_side = 20\n")
    with Sandbox() as sandbox:
        run = await ask(sandbox, config=config)
    for images in sent(run).values():
        assert [(image.fit.width, image.fit.height) for image in images] == [(20, 15)] * 2


async def test_too_many_images_fail_before_anything_is_sent(ask, tmp_path):
    (config := tmp_path / "my.toml").write_text("[services.anthropic.images]\nmax_images = 1\n")
    with Sandbox() as sandbox:
        run = await ask(sandbox, config=config)
        assert sandbox.counters.calls == 0
    assert {record.failure.kind for record in run.records()} == {"too_large"}


async def test_uniform_images_are_the_same_for_every_service(ask, own):
    with Sandbox() as sandbox:
        runs = [
            await ask(sandbox, model=f"{service}/simulated-strong", image_policy="uniform:16")
            for service in ("anthropic", "google", "groq", "openai")
        ]
        assert sandbox.counters.paid == 20
    assert all(sent(run) == sent(runs[0]) for run in runs)
    images = [image for pair in sent(runs[0]).values() for image in pair]
    assert {(image.fit.width, image.fit.height) for image in images} == {(16, 12)}


async def test_another_policy_is_another_question(ask):
    with Sandbox() as sandbox:
        for policy in ("fit", "uniform:39", "uniform:38", "uniform:38"):
            await ask(sandbox, image_policy=policy)
        assert sandbox.counters.paid == 15


async def test_what_is_sent_alike_is_asked_once_whatever_the_limits(ask, tmp_path):
    (config := tmp_path / "my.toml").write_text("[services.anthropic.images]\nmax_bytes = 3000000\n")
    with Sandbox() as sandbox:
        await ask(sandbox)
        await ask(sandbox, config=config)
        assert sandbox.counters.paid == sandbox.counters.unique_bodies == 5


async def test_a_quote_counts_what_would_be_sent(job, own):
    with Sandbox() as sandbox:
        fields = {"benchmark": own, "model": "anthropic/m", "base_url": sandbox.base_url}
        whole, small = (quote(job(**fields, image_policy=policy)) for policy in ("fit", "uniform:10"))
    assert whole.calls == small.calls == 5
    assert small.tokens[1].input < whole.tokens[1].input


@pytest.mark.parametrize(
    ("policy", "said"), [("shrink", "choose as-is"), ("uniform:8001", "takes 8,000 pixels a side")]
)
def test_a_policy_that_cannot_be_is_refused(job, own, policy, said):
    with pytest.raises(InputError, match=said):
        quote(job(benchmark=own, model="anthropic/m", image_policy=policy))


def test_what_uniform_promises_holds_for_photographs_of_any_size():
    """The share of a pair's image in the smallest request keeps a good quality at usual sizes."""
    from mmra_api.images.facts import inspect_image
    from mmra_api.images.fit import fit_request
    from mmra_api.images.limits import ImageLimits
    from mmra_api.types import Request

    out = io.BytesIO()
    PIL.Image.effect_noise((3000, 2000), 60).convert("RGB").save(out, "JPEG", quality=98)
    image = inspect_image(out.getvalue())
    limits = find_limits("uniform:1024", ImageLimits())
    planned = fit_request(Request(parts=(image, image)), limits).parts[0].fit
    assert planned is not None
    assert planned.max_bytes is not None
    assert len(convert(out.getvalue(), planned)) <= planned.max_bytes <= 1_500_000
