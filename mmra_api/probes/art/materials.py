"""A material and a tint in, what to fill a shape with out: tiles made from seeded noise, and the sheen of metal."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageDraw, ImageOps

from mmra_api.probes.art.canvas import Fade, Paint, Texture
from mmra_api.probes.art.palette import CREAM, Color, Rgb, darker, lighter, mix, sheer
from mmra_api.probes.randomness import Rng, stream

# At least half of a sheet's short side, which is 1024 when it is drawn: the eye sees few repeats.
TILE = 512
TINTS: dict[str, tuple[Rgb, ...]] = {
    "wood": ((188, 134, 82), (150, 98, 58), (214, 168, 112)),
    "metal": ((160, 170, 186), (190, 194, 202)),
    "glass": ((150, 206, 222), (150, 214, 190), (176, 190, 236)),
    "fabric": ((196, 84, 80), (78, 118, 170), (214, 160, 70), (110, 144, 100)),
    "stone": ((158, 154, 150), (138, 142, 148), (172, 164, 152)),
    "paper": ((250, 246, 232), (246, 240, 224)),
    "clay": ((204, 110, 74), (190, 94, 64)),
}
"""The colours in which each material looks like itself."""


def make(material: str, tint: Rgb) -> Paint:
    """What to fill a shape with so that it looks made of ``material``; glass is see-through, the rest opaque."""
    match material:
        case "metal":
            return sheen(tint)
        case "glass":
            return sheer(darker(tint, 0.12), 130)
        case "clay":
            return Fade((darker(tint, 0.05), lighter(tint, 0.2), tint, darker(tint, 0.2), darker(tint, 0.34)))
        case _:
            return tile(material, tint)


def sheen(tint: Color) -> Fade:
    """Polished metal: hard bright and dark bands side by side."""
    dark, light = darker(tint, 0.45), lighter(tint, 0.85)
    return Fade(
        (darker(tint, 0.2), lighter(tint, 0.35), light, tint, dark, tint, lighter(tint, 0.5), darker(tint, 0.3))
    )


# Noise takes long to make. 64 is more than all materials and tints together.
@lru_cache(maxsize=64)
def tile(material: str, tint: Rgb) -> Texture:
    """A repeating tile of ``material`` in ``tint``; the same for every call, process and machine."""
    made = {"wood": _wood, "stone": _stone, "fabric": _fabric, "paper": _paper}
    # A stream of its own: a tile from the cache must be the one that any picture would have made.
    return Texture(made[material](tint, stream(material, tint)))


def _noise(rng: Rng, wide: int, high: int) -> Image.Image:
    """Smooth noise over the whole tile from a grid of ``wide`` x ``high`` random greys; its edges meet."""
    grid = Image.frombytes("L", (wide, high), rng.randbytes(wide * high))
    # Enlarged with its neighbours around it, so that its left edge meets its right one.
    tiled = Image.new("L", (wide * 3, high * 3))
    for x in range(3):
        for y in range(3):
            tiled.paste(grid, (x * wide, y * high))
    return tiled.resize((TILE, TILE), Image.Resampling.BICUBIC, box=(wide, high, wide * 2, high * 2))


def _tinted(grey: Image.Image, dark: Rgb, light: Rgb) -> Image.Image:
    # Blended noise is nearly one grey; stretched, its dark and light reach the two colours.
    return ImageOps.colorize(ImageOps.autocontrast(grey), dark, light)


def _wood(tint: Rgb, rng: Rng) -> Image.Image:
    # Few greys across and many down: stretched to a square they become long lines.
    grain = Image.blend(_noise(rng, 2, 90), _noise(rng, 5, 22), 0.5)
    board = _tinted(grain, darker(tint, 0.3), lighter(tint, 0.16))
    draw = ImageDraw.Draw(board, "RGBA")
    for _ in range(2):
        # Away from the edges: a knot that sticks out would be cut off at the seam.
        x, y = rng.randrange(80, TILE - 80), rng.randrange(60, TILE - 60)
        for ring in range(4, 0, -1):
            draw.ellipse((x - 13 * ring, y - 5 * ring, x + 13 * ring, y + 5 * ring), outline=(70, 40, 24, 90), width=3)
        draw.ellipse((x - 9, y - 4, x + 9, y + 4), fill=(70, 40, 24, 150))
    return board


def _stone(tint: Rgb, rng: Rng) -> Image.Image:
    rough = Image.blend(_noise(rng, 6, 6), _noise(rng, 30, 30), 0.5)
    rock = _tinted(Image.blend(rough, _noise(rng, 170, 170), 0.4), darker(tint, 0.3), lighter(tint, 0.25))
    draw = ImageDraw.Draw(rock, "RGBA")
    for _ in range(260):
        x, y, r = rng.randrange(TILE), rng.randrange(TILE), rng.choice((1, 2, 2, 3))
        draw.ellipse((x - r, y - r, x + r, y + r), fill=rng.choice(((60, 58, 66, 120), (250, 248, 244, 120))))
    return rock


def _fabric(tint: Rgb, rng: Rng) -> Image.Image:
    """Knitting: columns of little slanted stitches."""
    cloth = Image.new("RGB", (TILE, TILE), darker(tint, 0.26))
    draw = ImageDraw.Draw(cloth)
    # 16 and 8 divide TILE, so the stitches go on in the next tile.
    for x in range(0, TILE, 16):
        # From above the tile: the stitches slant down into it.
        for y in range(-16, TILE + 16, 8):
            shade = lighter(tint, rng.choice((0.06, 0.12, 0.18)))
            draw.line((x + 1, y, x + 7, y + 8), fill=shade, width=5)
            draw.line((x + 15, y, x + 9, y + 8), fill=shade, width=5)
    return cloth


def _paper(tint: Rgb, rng: Rng) -> Image.Image:
    fibres = Image.blend(_noise(rng, 120, 120), _noise(rng, 4, 4), 0.6)
    return _tinted(fibres, darker(tint, 0.07), lighter(tint, 0.4))


@lru_cache(maxsize=64)
def pattern(name: str, color: Rgb) -> Paint:
    """A coloured surface: ``stripes``, ``dots``, ``checks`` or ``zigzag``."""
    surface = Image.new("RGB", (TILE, TILE), color)
    draw = ImageDraw.Draw(surface)
    # An eighth of the tile, so that every pattern goes on in the next one.
    pale, step = mix(CREAM, color, 0.08), TILE // 8
    for x in range(0, TILE, step):
        match name:
            case "stripes":
                draw.rectangle((0, x, TILE, x + step // 2 - 1), fill=pale)
            case "dots":
                _dots(draw, x, step, pale)
            case "checks":
                for y in range(0, TILE, step):
                    if (x + y) // step % 2:
                        draw.rectangle((x, y, x + step - 1, y + step - 1), fill=pale)
            case "zigzag":
                # From before the left edge to behind the right one, so that no line ends inside.
                teeth = [(k * step // 2, x + (step // 2 if k % 2 else 0)) for k in range(-1, 18)]
                draw.line(teeth, fill=pale, width=step // 4)
                # What sticks out below comes in again at the top.
                draw.line([(a, b - TILE) for a, b in teeth], fill=pale, width=step // 4)
    return Texture(surface)


def _dots(draw: ImageDraw.ImageDraw, x: int, step: int, color: Rgb) -> None:
    for y in range(0, TILE, step):
        left, top, r = x + (step // 2 if y // step % 2 else 0), y + step // 2, step * 0.27
        # A dot that sticks out at the right comes in again at the left.
        for around in (left, left - TILE):
            draw.ellipse((around + step / 2 - r, top - r, around + step / 2 + r, top + r), fill=color)
