"""What must be changed before it is sent, by table; and that the result keeps every limit."""

from __future__ import annotations

import io
import json
import math
from dataclasses import replace

import PIL.Image
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmra_api.errors import CallError, InputError
from mmra_api.images.convert import convert
from mmra_api.images.facts import inspect_image
from mmra_api.images.fit import _measure_room, fit_request
from mmra_api.images.limits import UNIFORM_REQUEST, ImageLimits, find_limits
from mmra_api.providers.lookup import resolve
from mmra_api.providers.services import PROVIDERS
from mmra_api.types import Image, Params, Request

JPEG = Image(digest="0" * 64, media_type="image/jpeg", width=4000, height=3000, size=3_000_000)
PNG = replace(JPEG, media_type="image/png", width=800, height=600, size=900_000)


def fit(image: Image, limits: ImageLimits | None, count: int = 1) -> Image:
    request = fit_request(Request(parts=("Look:", *[image] * count)), limits)
    assert request.parts[0] == "Look:"
    return images_of(request)[0]


def images_of(request: Request) -> list[Image]:
    return [part for part in request.parts if isinstance(part, Image)]


def cap(image: Image) -> int:
    """Return the most bytes that an image may take, which must be changed for them."""
    assert image.fit is not None
    assert image.fit.max_bytes is not None
    return image.fit.max_bytes


@pytest.mark.parametrize(
    ("image", "limits", "expected"),
    [
        (JPEG, ImageLimits(), None),
        (JPEG, ImageLimits(max_side=4000, max_bytes=3_000_000), None),
        (JPEG, ImageLimits(max_side=2000), ("image/jpeg", 2000, 1500, "pixels")),
        (replace(JPEG, width=30, height=9001), ImageLimits(max_side=3000), ("image/jpeg", 9, 3000, "pixels")),
        (replace(JPEG, width=1, height=9001), ImageLimits(max_side=3000), ("image/jpeg", 1, 3000, "pixels")),
        (JPEG, ImageLimits(max_pixels=3_000_000), ("image/jpeg", 2000, 1500, "pixels")),
        (JPEG, ImageLimits(max_bytes=1_000_000), ("image/jpeg", 2000, 1500, "bytes")),
        (JPEG, ImageLimits(max_bytes=2_250_000), ("image/jpeg", 3000, 2250, "bytes")),
        (replace(JPEG, size=9_000_000), ImageLimits(max_bytes=1_500_000), ("image/jpeg", 2000, 1500, "bytes")),
        (PNG, ImageLimits(formats=("jpeg",)), ("image/jpeg", 800, 600, "format")),
        (replace(PNG, media_type="image/gif"), ImageLimits(formats=("jpeg", "png")), ("image/png", 800, 600, "format")),
        (replace(PNG, media_type="image/bmp"), ImageLimits(), ("image/png", 800, 600, "format")),
        (replace(PNG, media_type="image/bmp"), ImageLimits(formats=("bmp",)), None),
        (replace(PNG, media_type="image/bmp"), ImageLimits(max_bytes=500_000), ("image/jpeg", 800, 600, "format")),
        (replace(PNG, feature="16-bit"), ImageLimits(), ("image/png", 800, 600, "16-bit")),
        (replace(PNG, feature="animated"), ImageLimits(max_side=400), ("image/png", 400, 300, "animated")),
        (replace(JPEG, feature="CMYK"), ImageLimits(), ("image/jpeg", 4000, 3000, "CMYK")),
        (PNG, ImageLimits(max_side=400), ("image/png", 400, 300, "pixels")),
        (replace(PNG, media_type="image/bmp", feature="animated"), None, None),
    ],
)
def test_only_what_is_not_taken_is_changed(image, limits, expected):
    done = fit(image, limits).fit
    assert (done and (done.media_type, done.width, done.height, done.reason)) == expected


def test_images_of_one_request_share_its_bytes_when_they_are_too_many_together():
    limits = ImageLimits(max_request_bytes=9_000_000)
    assert fit(JPEG, limits, count=2).fit is None
    shared = fit(JPEG, limits, count=4)
    assert shared.fit.reason == "bytes"
    assert 4 * cap(shared) * 4 / 3 < 9_000_000
    longer = images_of(fit_request(Request(parts=("x" * 2_000_000, *[JPEG] * 4)), limits))[0]
    assert cap(longer) < cap(shared), "the text needs room too"


GROQ = PROVIDERS["groq"].images


def plan(*images: Image, limits: ImageLimits = GROQ, text: str = "Look:") -> list[Image]:
    numbered = [replace(image, digest=f"{number:064x}") for number, image in enumerate(images)]
    return images_of(fit_request(Request(parts=(text, *numbered)), limits))


ICON = replace(JPEG, width=100, height=100, size=5000)
PHOTO = replace(JPEG, size=2_990_000)


def test_what_need_not_change_is_sent_as_it_is_beside_what_must():
    photo, inks = plan(replace(JPEG, size=2_000_000), replace(ICON, feature="CMYK"))
    assert photo.fit is None
    assert cap(inks) < 50_000
    photo, *icons = plan(PHOTO, *[ICON] * 4)
    assert not any(icon.fit for icon in icons)
    assert cap(photo) > 2_500_000, "it has what the icons leave, not a fifth"
    large, small = plan(PHOTO, replace(JPEG, size=1_000_000))
    assert small.fit is None
    assert 1_500_000 < cap(large) < 2_000_000
    assert len({cap(image) for image in plan(PHOTO, PHOTO, ICON)[:2]}) == 1, "the larger ones share equally"


@pytest.mark.parametrize("length", [0, 374, 700, 2000, 20_000])
def test_a_prompt_of_usual_length_leaves_the_pictures_as_they_are(length):
    assert plan(JPEG, JPEG, PHOTO, text="x" * length) == plan(JPEG, JPEG, PHOTO)


@pytest.mark.parametrize(
    ("image", "limits", "sides"),
    [
        pytest.param(replace(JPEG, width=5761, height=5760, size=2_000_000), GROQ, (5760, 5759), id="pixels"),
        pytest.param(
            replace(JPEG, width=6000, height=6000, size=2_000_000, feature="CMYK"),
            ImageLimits(max_bytes=3_000_000),
            (6000, 6000),
            id="inks",
        ),
        pytest.param(
            replace(PNG, width=70_000, height=300, feature="16-bit"),
            ImageLimits(formats=("jpeg",)),
            (65_500, 280),
            id="sides that a JPEG can have",
        ),
    ],
)
def test_no_pixel_is_given_up_without_need(image, limits, sides):
    (sent,) = plan(image, limits=limits)
    assert (sent.fit.width, sent.fit.height) == sides


HARD = '\x00"\\é日🙂' * 300


@pytest.mark.parametrize("name", [name for name in PROVIDERS if PROVIDERS[name].images.max_request_bytes])
@pytest.mark.parametrize("text", ["Look:", HARD])
@pytest.mark.parametrize("more", [0, 1, 3])
def test_a_body_of_as_many_images_as_are_taken_keeps_its_limit(name, text, more, monkeypatch):
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "https://x.example")
    limits = PROVIDERS[name].images
    assert limits.max_request_bytes is not None
    count = limits.max_images or 500
    params = Params(extra={"user": HARD}, system=text)
    spare = measure(limits, count, text, params)
    images = [replace(ICON, size=spare // count + more, digest=f"{number:064x}") for number in range(count)]
    request = fit_request(Request(parts=(text, *images), params=params), limits)

    body = resolve(f"{name}/m", base_url="http://127.0.0.1:9").encode(request, lambda image: image.digest)
    sent = images_of(request)
    base64 = sum(4 * math.ceil((cap(image) if image.fit else image.size) / 3) for image in sent)
    assert len(json.dumps(body)) - 64 * count + base64 <= limits.max_request_bytes
    assert (sent[0].fit is None) == (more == 0)


def measure(limits: ImageLimits, count: int, text: str, params: Params) -> int:
    return int(_measure_room(Request(parts=(text, *[ICON] * count), params=params), count, limits))


def test_a_request_of_thousands_of_images_is_planned_in_one_pass(monkeypatch):
    equal, calls = Image.__eq__, []

    def note_and_compare(one: Image, other: object) -> bool:
        calls.append(one)
        return equal(one, other)

    monkeypatch.setattr(Image, "__eq__", note_and_compare)
    plan(*[replace(ICON, media_type="image/gif")] * 3600, limits=PROVIDERS["google"].images)
    assert not calls


def test_many_images_may_have_a_limit_of_their_own():
    limits = ImageLimits(max_side=8000, many_images=(2, 1000))
    assert fit(JPEG, limits, count=2).fit is None
    assert fit(JPEG, limits, count=3).fit.width == 1000


def test_the_longest_side_holds_for_many_images_too():
    assert fit(JPEG, ImageLimits(max_side=100, many_images=(1, 2000)), count=2).fit.width == 100


def test_many_images_that_would_be_smaller_than_elsewhere_are_not_sent():
    own = ImageLimits(max_side=8000, many_images=(20, 2000), max_images=100)
    assert find_limits("uniform:2000", own).max_images == 100
    large = find_limits("uniform:4000", own)
    assert fit(replace(JPEG, size=9000), large, count=20).fit is None
    with pytest.raises(CallError, match="21 images, but the service takes 20"):
        fit(JPEG, large, count=21)


def test_as_many_images_as_are_taken_go_as_they_are():
    assert fit(JPEG, ImageLimits(max_images=5), count=5).fit is None


def test_more_images_than_are_taken_is_a_failure_before_anything_is_sent():
    with pytest.raises(CallError, match=r"3 images, but the service takes 2 .*nothing was sent") as caught:
        fit(JPEG, ImageLimits(max_images=2), count=3)
    assert caught.value.kind == "too_large"
    assert caught.value.attempts == 0


def test_the_policies():
    own = ImageLimits(max_side=8000, max_images=5)
    assert find_limits("as-is", own) is None
    assert find_limits("fit", own) is own
    alike = find_limits("uniform:1024", own)
    assert alike is not None
    assert (alike.max_side, alike.max_images, alike.formats) == (1024, 5, ("jpeg", "png"))
    assert find_limits("uniform:1024", ImageLimits()) == replace(alike, max_images=None), "the same for every service"


@pytest.mark.parametrize(
    "policy", ["", "Fit", "uniform", "uniform:", "uniform:0", "uniform:-5", "uniform:abc", "fit:9"]
)
def test_an_unknown_policy_is_refused(policy):
    with pytest.raises(InputError, match=r"choose as-is, fit or uniform:N"):
        find_limits(policy, ImageLimits())


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (ImageLimits(max_side=900), "takes 900 pixels"),
        (ImageLimits(max_pixels=10_000), "takes 100 pixels"),
        (ImageLimits(max_bytes=1000), "takes 1,000 bytes an image"),
        (ImageLimits(max_request_bytes=1000), "takes 1,000 bytes a request"),
        (ImageLimits(formats=("jpeg",)), "does not take png"),
    ],
)
def test_a_service_that_cannot_take_what_is_uniform_is_refused(limits, said):
    with pytest.raises(InputError, match=said):
        find_limits("uniform:1024", limits)


@pytest.mark.parametrize("name", PROVIDERS)
def test_uniform_images_are_taken_by_every_service(name):
    assert find_limits("uniform:1568", PROVIDERS[name].images).max_request_bytes == UNIFORM_REQUEST


KINDS = st.sampled_from(["image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp"])
SIDES = st.integers(1, 12_000)
LIMITS = st.builds(
    ImageLimits,
    max_bytes=st.none() | st.integers(1000, 20_000_000),
    max_side=st.none() | st.integers(16, 9000),
    max_pixels=st.none() | st.integers(256, 40_000_000),
    max_request_bytes=st.none() | st.integers(100_000, 50_000_000),
)


@given(st.lists(st.tuples(KINDS, SIDES, SIDES, st.integers(20, 40_000_000)), min_size=1, max_size=6), LIMITS)
def test_what_is_planned_keeps_every_limit(images, limits):
    parts = tuple(
        Image(digest=f"{number}" * 64, media_type=kind, width=width, height=height, size=size)
        for number, (kind, width, height, size) in enumerate(images)
    )
    request = fit_request(Request(parts=parts), limits)
    assert [part.digest for part in images_of(request)] == [part.digest for part in parts]
    assert fit_request(request.__class__(parts=parts), limits) == request
    for part in images_of(request):
        sent, bound = part.sent, part.fit.max_bytes if part.fit else part.size
        assert max(sent.width, sent.height) <= (limits.max_side or 12_000)
        assert sent.width * sent.height <= max(limits.max_pixels or 12_000**2, max(sent.width, sent.height))
        assert bound is None or bound <= (limits.max_bytes or bound)
    total = sum(map(bound_bytes, images_of(request)))
    assert total * 4 / 3 <= (limits.max_request_bytes or 10**14)


def bound_bytes(image: Image) -> float:
    if image.fit is None:
        return image.size
    if image.fit.media_type == "image/png":
        return image.fit.height * (3 * image.fit.width + 1) * 1.03 + 5000
    return image.fit.max_bytes or 0


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(["PNG", "JPEG", "BMP", "GIF"]), st.integers(60, 400), st.integers(60, 400), st.integers(3, 40))
def test_what_is_sent_keeps_its_bytes(form, width, height, kilobytes):
    """Noise is the worst that can be asked of a picture's size."""
    out = io.BytesIO()
    PIL.Image.effect_noise((width, height), 120).convert("RGB").save(out, form)
    image = inspect_image(out.getvalue())
    planned = fit(image, ImageLimits(formats=("jpeg", "png"), max_bytes=kilobytes * 1000)).fit
    if planned is None:
        assert image.size <= kilobytes * 1000
        return
    sent = convert(out.getvalue(), planned)
    assert len(sent) <= kilobytes * 1000
    again = inspect_image(sent)
    assert (again.media_type, again.width, again.height) == (planned.media_type, planned.width, planned.height)
