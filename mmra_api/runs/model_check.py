"""``SERVICE/ID`` → does it work? Two tiny real calls: a number to repeat, and two drawn pictures to tell apart.

Number and pictures are drawn anew each time, so that no stored reply can answer.
"""

from __future__ import annotations

import io
import re
import secrets
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mmra_api.config import load_config
from mmra_api.dispatch import Dispatcher, RetryPolicy, open_session
from mmra_api.errors import CallError, InputError
from mmra_api.images import ImageLimits, fit_request, inspect_image
from mmra_api.prompt import FOLDER, Prompter
from mmra_api.providers import resolve
from mmra_api.types import FailureKind, Image, Request, Response, Sample

# Easy to tell apart, and from the white behind them; each has one usual word.
COLOURS = {
    "red": (220, 30, 30),
    "green": (30, 150, 50),
    "blue": (40, 70, 220),
    "yellow": (250, 210, 30),
    "black": (20, 20, 20),
    "orange": (245, 130, 20),
    "purple": (130, 50, 170),
}
TIMEOUT = 120.0
"""Seconds for one call."""
POLICY = RetryPolicy(longest_wait=5.0, longest_asked=10.0, longest_total=20.0)
"""A check is over in seconds, whatever happens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one call showed."""

    about: str
    """``text`` or ``images``."""
    works: bool
    said: str
    """What was asked for and what came, or why nothing came."""
    seconds: float
    kind: FailureKind | None = None
    """Why no reply came; None where one did."""
    response: Response | None = None


async def check(
    model: str,
    *,
    base_url: str | None = None,
    wire: str | None = None,
    config: Path | None = None,
    cache: Path | None = None,
    on_finding: Callable[[Finding], None] = lambda _: None,
) -> list[Finding]:
    """Return what a text call and then a call with two images show; images only where text works.

    ``on_finding`` sees each as it comes. Raises InputError for an unknown service or a malformed address.
    """
    services = load_config(config).services
    provider = resolve(model, base_url=base_url, wire=wire, timeout=TIMEOUT, services=services)
    if not provider.path:
        raise InputError(f"{model!r} is no model at a service: there is nothing to check")
    limits = provider.images
    findings: list[Finding] = []
    # As files, because an image is read from its file when it is sent.
    with tempfile.TemporaryDirectory() as folder:
        # Four digits, and the first is not 0, which a model might leave out.
        number = str(1000 + secrets.randbelow(9000))
        # Always two colours, so that who looks at one picture only cannot pass.
        first, second = secrets.SystemRandom().sample(list(COLOURS), 2)
        # One shape for both, so that nothing but the colour tells them apart.
        shape = secrets.choice(("ellipse", "rectangle"))
        pictures = tuple(draw(colour, shape, Path(folder)) for colour in (first, second))
        async with open_session(cache, policy=POLICY) as session:
            dispatcher = session.connect(provider)
            for about, request, expected in (
                ("text", _write("text", number), [number]),
                ("images", _write("images", "", pictures), [first, second]),
            ):
                findings.append(await _try(dispatcher, about, request, limits, expected))
                on_finding(findings[-1])
                if not findings[-1].works:
                    break
    return findings


def draw(colour: str, shape: str, folder: Path) -> Image:
    """Return a drawn picture: one shape of one colour in the middle of white, of a size that is drawn too."""
    # Here, because Pillow takes long to load, and only a check draws.
    import PIL.Image
    import PIL.ImageDraw

    side = 200 + secrets.randbelow(200)
    picture = PIL.Image.new("RGB", (side, side), "white")
    box = (side // 5, side // 5, side - side // 5, side - side // 5)
    getattr(PIL.ImageDraw.Draw(picture), shape)(box, fill=COLOURS[colour])
    out = io.BytesIO()
    picture.save(out, "PNG")
    file = folder / f"{colour}.png"
    file.write_bytes(out.getvalue())
    return inspect_image(out.getvalue(), path=str(file))


def _write(about: str, question: str, images: tuple[Image, ...] = ()) -> Request:
    sample = Sample(id="check", subtask="check", level=None, kind="open", question=question, gold="", images=images)
    return Prompter(own=FOLDER / f"check.{about}.jinja").write(sample, "IQ")


async def _try(
    dispatcher: Dispatcher, about: str, request: Request, limits: ImageLimits | None, expected: Sequence[str]
) -> Finding:
    begun = time.monotonic()
    try:
        response = await dispatcher.ask(fit_request(request, limits))
    except CallError as error:
        return Finding(about=about, works=False, said=str(error), kind=error.kind, seconds=time.monotonic() - begun)
    works = _read(about, response.text) == list(expected)
    shown = " ".join(response.text.split())[:120] or f"no text (finish reason {response.finish_raw or response.finish})"
    said = f"answered {shown!r}" if works else f"expected {', then '.join(expected)}, but it answered {shown!r}"
    return Finding(about=about, works=works, said=said, seconds=time.monotonic() - begun, response=response)


def _read(about: str, text: str) -> list[str]:
    """Return the numbers or the colours that a reply names, in order."""
    if about == "text":
        # A model may write 1,234 or 1 234 for 1234.
        return re.findall(r"\d+", re.sub(r"(?<=\d)[,.\s](?=\d{3})", "", text))
    return [word for word in re.findall(r"[a-z]+", text.casefold()) if word in COLOURS]
