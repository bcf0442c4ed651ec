"""A mood in, a portrait out; and small whole people for the scenes. Boxes are 100 high, the base at y = 0."""

from __future__ import annotations

from mmra_api.probes.art.canvas import Pen, rounded
from mmra_api.probes.art.palette import HAIRS, HUES, INK, SKINS, WHITE, Rgb, darker, lighter, mix, sheer
from mmra_api.probes.art.shapes import arc
from mmra_api.probes.randomness import Rng

LIP: Rgb = (176, 72, 70)
MOUTH: Rgb = (112, 36, 46)


def portrait(pen: Pen, mood: str, rng: Rng) -> None:
    """Head and shoulders of somebody who plainly feels ``mood``."""
    skin, hair, cloth = rng.choice(SKINS), rng.choice(HAIRS), rng.choice(list(HUES.values()))
    style = rng.choice(("short", "long", "bun", "curly"))
    if mood == "angry":
        # A flushed face: one more sign of anger beside brows and mouth.
        skin = mix(skin, (226, 92, 70), 0.25)
    # Back to front: this hair, shoulders, neck, head, the hair on the forehead, and the face last.
    _hair_behind(pen, style, hair)
    pen.poly([(-46, 0), *arc(0, 2, 46, 26, 180, 360), (46, 0)], rounded(cloth, 0.15))
    pen.poly([(-10, -36), (10, -36), (12, -18), (0, -12), (-12, -18)], darker(skin, 0.14))
    for side in (-1, 1):
        pen.oval(side * 28, -56, 6, 8, darker(skin, 0.08))
    pen.blob([(0, -90), (24, -80), (29, -58), (18, -34), (0, -26), (-18, -34), (-29, -58), (-24, -80)], skin)
    _hair_before(pen, style, hair)
    pen.line([(0, -56), (3, -49), (-1, -48)], 1.8, darker(skin, 0.28))
    # Brows darker than the hair, or fair ones could not be seen.
    FACES[mood](pen, darker(hair, 0.2), skin)


def _hair_behind(pen: Pen, style: str, hair: Rgb) -> None:
    match style:
        case "long":
            pen.blob(
                [(0, -96), (30, -84), (36, -50), (34, -12), (-34, -12), (-36, -50), (-30, -84)], darker(hair, 0.15)
            )
        case "bun":
            pen.oval(0, -98, 13, 12, darker(hair, 0.1))
        case "curly":
            for x, y in arc(0, -66, 31, 28, 170, 370)[::3]:
                pen.oval(x, y, 11, 11, darker(hair, 0.12))


def _hair_before(pen: Pen, style: str, hair: Rgb) -> None:
    if style == "curly":
        for x, y in arc(0, -74, 23, 14, 185, 355)[::3]:
            pen.oval(x, y, 8, 8, hair)
        return
    sweep = 10 if style == "short" else -2
    pen.blob([(-31, -58), (-32, -82), (0, -99), (32, -82), (31, -58), (25, -72), (sweep, -82), (-24, -70)], hair)
    pen.curve([(-20, -86), (-6, -93), (10, -92)], 2.4, lighter(hair, 0.25))


def _eyes(pen: Pen, *, size: float = 1.0) -> None:
    for x in (-12, 12):
        pen.oval(x, -60, 5.2 * size, 5.8 * size, WHITE)
        pen.oval(x, -60, 3.3, 3.6, INK)
        pen.oval(x - 1, -61.2, 1.1, 1.2, WHITE)


def _brows(pen: Pen, color: Rgb, inner: float, outer: float) -> None:
    for side in (-1, 1):
        pen.line([(side * 6, -70 + inner), (side * 19, -70 + outer)], 3, color)


def _happy(pen: Pen, brow: Rgb, _skin: Rgb) -> None:
    _eyes(pen)
    _brows(pen, brow, -1, -1)
    pen.poly([(-13, -45), (13, -45), *arc(0, -45, 13, 12, 0, 180)], MOUTH)
    pen.rect(-10.5, -45, 10.5, -41, WHITE, 1)
    pen.oval(0, -35.5, 6, 2.6, (226, 104, 108))
    for x in (-20, 20):
        pen.oval(x, -49, 5, 3.6, sheer((236, 110, 110), 110))


def _sad(pen: Pen, brow: Rgb, skin: Rgb) -> None:
    _eyes(pen)
    for x in (-12, 12):
        # Lids of skin over the upper half of the eyes: they hang.
        pen.poly(arc(x, -61.5, 6.4, 6, 180, 360), skin)
    _brows(pen, brow, -4, 2)
    pen.line(arc(0, -33, 10, 7.5, 200, 340), 3, LIP)
    for x, y in ((-13, -46), (14, -40)):
        pen.blob([(x, y - 8), (x + 4, y), (x, y + 4), (x - 4, y)], (96, 170, 226))
        pen.oval(x - 1, y, 1, 1.6, WHITE)


def _angry(pen: Pen, brow: Rgb, skin: Rgb) -> None:
    _eyes(pen)
    for side in (-1, 1):
        # Skin over the inner corner of the eye makes it a slit.
        pen.poly([(side * 4, -60), (side * 5, -67), (side * 19, -70), (side * 19, -65)], skin)
        pen.line([(side * 4, -61), (side * 19, -69)], 4.2, brow)
    for x in (-3, 3):
        pen.line([(x, -71), (x * 0.8, -66)], 1.6, darker(skin, 0.3))
    pen.rect(-11, -43, 11, -34, MOUTH, 3)
    pen.rect(-9.5, -42, 9.5, -35, WHITE, 2)
    for x in (-5, 0, 5):
        pen.line([(x, -42), (x, -35)], 1, MOUTH)
    pen.line([(-9.5, -38.5), (9.5, -38.5)], 1, MOUTH)


def _surprised(pen: Pen, brow: Rgb, _skin: Rgb) -> None:
    _eyes(pen, size=1.5)
    for side in (-1, 1):
        pen.line(arc(side * 13, -71, 7, 6, 200, 340), 3, brow)
    pen.oval(0, -39, 6.5, 8.5, MOUTH)
    pen.oval(0, -35, 4, 3, (226, 104, 108))


def _sleepy(pen: Pen, brow: Rgb, _skin: Rgb) -> None:
    for x in (-12, 12):
        pen.line(arc(x, -61, 6, 4.4, 15, 165), 2.6, INK)
    _brows(pen, brow, -2, -1)
    pen.oval(0, -40, 4, 4.6, MOUTH)
    # Two Zs: closed eyes alone may be a blink.
    for x, y, size in ((30, -84, 7), (40, -96, 9)):
        # White under the ink, so that they show before any wall.
        pen.line([(x, y), (x + size, y), (x, y + size), (x + size, y + size)], 2.4, WHITE)
        pen.line([(x, y), (x + size, y), (x, y + size), (x + size, y + size)], 1.6, INK)


def _in_love(pen: Pen, brow: Rgb, _skin: Rgb) -> None:
    for x in (-12, 12):
        heart(pen.at(x, -52, 19), (224, 52, 80))
    _brows(pen, brow, -3, -2)
    pen.line(arc(0, -46, 11, 9, 15, 165), 3, LIP)
    for x in (-20, 20):
        pen.oval(x, -47, 5, 3.6, sheer((240, 100, 120), 140))
    # Hearts in the air as well: those in the eyes are small.
    for x, y, size in ((34, -90, 12), (-38, -84, 9)):
        heart(pen.at(x, y, size), (232, 80, 104))


def heart(pen: Pen, color: Rgb) -> None:
    half = [(0, -70), (18, -94), (46, -86), (46, -54), (24, -26)]
    pen.poly([*half, (0, 0), *[(-x, y) for x, y in reversed(half[1:])]], color)
    for side in (-1, 1):
        pen.oval(side * 23, -66, 24, 25, color)


FACES = {
    "happy": _happy,
    "sad": _sad,
    "angry": _angry,
    "surprised": _surprised,
    "sleepy": _sleepy,
    "in love": _in_love,
}
