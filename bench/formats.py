"""The wire formats and the fitting of images: time a request and a reply take, beside a floor in the same run.

The floor of a body is base64 and JSON of the same images, of a reply the SDK's own reading into its types, of a
conversion Pillow's decoding, scaling and coding at one quality.
"""

from __future__ import annotations

import asyncio
import base64
import io
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import msgspec
import PIL.Image
from published import table

from mmra_api.images import embed_bytes, embed_fingerprint, find_limits, fit_request, inspect_image
from mmra_api.providers import PROVIDERS, resolve
from mmra_api.providers.wires import WireFormat, load_wire
from mmra_api.sandbox import Sandbox
from mmra_api.types import Image, Request, Response

MODELS = {
    "openai_responses": "openai/m",
    "openai_chat": "vllm/m",
    "anthropic": "anthropic/m",
    "gemini": "google/m",
}
ROUNDS = 15
TEXT = "Which of the options describes the relation of the two images? Answer with its letter. " * 4


def main() -> None:
    """Print three tables."""
    with tempfile.TemporaryDirectory() as folder:
        pair = [draw(Path(folder), number, (1024, 768)) for number in range(2)]
        photo = draw(Path(folder), 7, (4000, 3000))
        request = Request(parts=("Image 1:", pair[0], "Image 2:", pair[1], TEXT))
        print("a request of two images, ms")
        table(["", "for the key", "for the wire", "as JSON", "floor: base64 and JSON"], list(time_bodies(request)))
        print("\na reply, microseconds")
        table(["", "decode", "the SDK's types"], list(time_replies(request)))
        print("\nan image of 4000 x 3000 pixels, ms")
        table(["", "plan", "convert", "floor: decode, scale, code"], list(time_fitting(photo)))


def draw(folder: Path, number: int, size: tuple[int, int]) -> Image:
    """Save a JPEG with the grain of a photograph."""
    coarse = PIL.Image.effect_noise((size[0] // 8, size[1] // 8), 60 + number).resize(size).convert("RGB")
    file = folder / f"{number}.jpg"
    coarse.save(file, quality=90)
    return inspect_image(file.read_bytes(), path=str(file))


def time_bodies(request: Request) -> Iterator[list[str]]:
    """Yield what a cache key's body, a body for the wire and its JSON take."""
    images = [part for part in request.parts if isinstance(part, Image)]

    def floor() -> bytes:
        texts = [base64.b64encode(Path(image.path).read_bytes()).decode("ascii") for image in images]
        return msgspec.json.encode({"text": TEXT, "images": texts})

    for wire, model in MODELS.items():
        provider = resolve(model)
        body = provider.encode(request, embed_bytes)
        yield [
            wire,
            show(partial(provider.encode, request, embed_fingerprint)),
            show(partial(provider.encode, request, embed_bytes)),
            show(partial(msgspec.json.encode, body)),
            show(floor),
        ]


def time_replies(request: Request) -> Iterator[list[str]]:
    """Yield what reading a reply of the sandbox takes, and what the SDK takes to read it into its own types."""
    for wire, content in asyncio.run(collect_replies(request)).items():
        read, peer = partial(read_reply, load_wire(wire), content), find_peer(wire)
        yield [
            wire,
            show(read, scale=1e6, times=300),
            show(partial(peer, content), scale=1e6, times=300),
        ]


def read_reply(wire: WireFormat, content: bytes) -> Response:
    """Read a reply as a call does, from the bytes that arrived."""
    return wire.decode(msgspec.json.decode(content))


async def collect_replies(request: Request) -> dict[str, bytes]:
    """Return a reply of the sandbox in each format."""
    replies = {}
    with Sandbox() as sandbox:
        for wire, model in MODELS.items():
            provider = resolve(f"{model.partition('/')[0]}/simulated-chatty", base_url=sandbox.base_url, wire=wire)
            replies[wire] = msgspec.json.encode((await provider.send(request)).body)
            await provider.close()
    return replies


def find_peer(wire: str) -> Callable[[bytes], object]:
    """Return how the vendor's SDK reads a reply."""
    from anthropic.types import Message
    from google.genai.types import GenerateContentResponse
    from openai.types import responses
    from openai.types.chat import ChatCompletion

    readers: dict[str, Callable[[bytes], object]] = {
        "openai_responses": responses.Response.model_validate_json,
        "openai_chat": ChatCompletion.model_validate_json,
        "anthropic": Message.model_validate_json,
        "gemini": GenerateContentResponse.model_validate_json,
    }
    return readers[wire]


def time_fitting(photo: Image) -> Iterator[list[str]]:
    """Yield what planning and conversion take under a policy."""
    request = Request(parts=(photo, photo, TEXT))
    for service, policy in (("anthropic", "uniform:1568"), ("groq", "fit"), ("groq", "uniform:512")):
        limits = find_limits(policy, PROVIDERS[service].images)
        planned = fit_request(request, limits).parts[0]
        assert isinstance(planned, Image)
        assert planned.fit is not None
        sides = planned.fit.width, planned.fit.height
        yield [
            f"{service}, {policy}: {sides[0]} x {sides[1]}",
            show(partial(fit_request, request, limits)),
            show(partial(embed_bytes, planned), times=1),
            show(partial(convert_plainly, photo, sides), times=1),
        ]


def convert_plainly(photo: Image, sides: tuple[int, int]) -> None:
    """Decode, scale and code once."""
    with PIL.Image.open(photo.path) as picture:
        picture.resize(sides, resample=PIL.Image.Resampling.LANCZOS).save(io.BytesIO(), "JPEG", quality=95)


def show(work: Callable[[], object], *, scale: float = 1e3, times: int = 20) -> str:
    """Return the median of some rounds, in seconds times ``scale``."""
    taken = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for _ in range(times):
            work()
        taken.append((time.perf_counter() - begun) / times)
    return f"{statistics.median(taken) * scale:,.3g}"


if __name__ == "__main__":
    main()
