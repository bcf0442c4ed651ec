"""What a changed image becomes, where Pillow alone would get it wrong: depths, keys, turns, colours, metadata."""

from __future__ import annotations

import io
import struct
import zlib

import PIL.Image
import PIL.ImageCms
import PIL.ImageOps
import pytest

from mmra_api.images.convert import MAX_PROFILE, convert
from mmra_api.images.facts import inspect_image
from mmra_api.types import Fit

SRGB = PIL.ImageCms.ImageCmsProfile(PIL.ImageCms.createProfile("sRGB")).tobytes()
ORIENTATION = 0x0112


def fit(width: int, height: int, form: str = "png", max_bytes: int | None = None) -> Fit:
    return Fit(media_type=f"image/{form}", width=width, height=height, max_bytes=max_bytes)


def encode(picture: PIL.Image.Image, form: str, **options) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def look(data: bytes) -> PIL.Image.Image:
    picture = PIL.Image.open(io.BytesIO(data))
    picture.load()
    return picture


def read(data: bytes) -> list:
    picture = look(data)
    return [picture.getpixel((x, y)) for y in range(picture.height) for x in range(picture.width)]


def noise(width: int = 60, height: int = 40) -> PIL.Image.Image:
    return PIL.Image.effect_noise((width, height), 60).convert("RGB")


def png(width: int, depth: int, colour: int, row: bytes, key: bytes = b"") -> bytes:
    """Return a PNG of one row; ``key``: the colour that is transparent."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, 1, depth, colour, 0, 0, 0)
    transparent = chunk(b"tRNS", key) if key else b""
    end = chunk(b"IDAT", zlib.compress(b"\0" + row)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + transparent + end


def tiff(width: int, bits: int, row: bytes, *, white_is_zero: bool = False, form: int = 1, channels: int = 1) -> bytes:
    """Return a little-endian TIFF of one row; ``form``: 1 whole numbers, 3 floats."""
    photometric = 2 if channels == 3 else int(not white_is_zero)
    tags = [(256, 4, 1, width), (257, 4, 1, 1), (258, 3, channels, bits), (259, 3, 1, 1), (262, 3, 1, photometric)]
    start = 8 + 2 + 12 * 10 + 4
    tags += [(273, 4, 1, start + 6), (277, 3, 1, channels), (278, 4, 1, 1), (279, 4, 1, len(row)), (339, 3, 1, form)]
    if channels == 3:
        tags[2] = (258, 3, 3, start)
    entries = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4) + struct.pack("<3H", *[bits] * 3) + row


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(tiff(4, 12, bytes.fromhex("0007ff800fff")), [0, 127, 128, 255], id="12 bits"),
        pytest.param(tiff(2, 16, struct.pack("<2H", 0, 65535), white_is_zero=True), [255, 0], id="white is zero"),
        pytest.param(tiff(2, 16, struct.pack("<2H", 0, 65535)), [0, 255], id="black is zero"),
        pytest.param(b"P5 2 1 65535\n" + struct.pack(">2H", 0, 200), [0, 0], id="dark PGM"),
        pytest.param(b"P5 2 1 4095\n" + struct.pack(">2H", 0, 4095), [0, 255], id="PGM of 12 bits"),
        pytest.param(tiff(2, 32, struct.pack("<2f", 1, 1), form=3), [255, 255], id="white floats"),
        pytest.param(tiff(2, 32, struct.pack("<2f", 0, 0), form=3), [0, 0], id="black floats"),
        pytest.param(tiff(3, 32, struct.pack("<3f", 0, 0.5, 1), form=3), [0, 127, 255], id="floats"),
    ],
)
def test_depths_are_scaled_by_what_the_file_says_of_them(data, expected):
    assert inspect_image(data).feature == "16-bit"
    assert read(convert(data, fit(len(expected), 1))) == expected


@pytest.mark.parametrize("place", range(3))
def test_a_value_that_is_no_number_is_refused_wherever_it_stands(place):
    values = [0.0, 0.5, 1.0]
    values[place] = float("nan")
    with pytest.raises(ValueError, match="no numbers"):
        convert(tiff(3, 32, struct.pack("<3f", *values), form=3), fit(3, 1))


WHITE = (255, 255, 255)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(png(8, 1, 0, b"\x0f", b"\0\0"), [255] * 8, id="1 bit"),
        pytest.param(png(4, 2, 0, b"\x1b", b"\0\1"), [0, 255, 170, 255], id="2 bits, whose key counts to 3"),
        pytest.param(png(2, 8, 0, b"\x07\x08", b"\0\7"), [255, 8], id="8 bits"),
        pytest.param(png(3, 16, 0, b"\1\2\1\3\x80\0", b"\1\2"), [255, 1, 128], id="16 bits, by all of them"),
        pytest.param(png(2, 8, 2, b"\1\2\3\1\2\4", b"\0\1\0\2\0\3"), [WHITE, (1, 2, 4)], id="colours"),
        pytest.param(
            png(1, 16, 2, b"\x10\0\x10\0\x10\0", b"\0\x10\0\x10\0\x10"),
            [(16, 16, 16)],
            id="a key of 16 bits is not compared with 8",
        ),
        pytest.param(png(2, 8, 4, b"\x09\0\x09\xff"), [255, 9], id="grey and opacity"),
    ],
)
def test_transparent_parts_are_white_and_no_mark_is_left(data, expected):
    for form in ("png", "jpeg"):
        sent = look(convert(data, fit(len(expected), 1, form)))
        assert "transparency" not in sent.info
    assert read(convert(data, fit(len(expected), 1))) == expected


def test_transparent_parts_lend_no_colour_to_their_neighbours():
    glass = PIL.Image.new("RGBA", (64, 64), (255, 0, 0, 0))
    glass.paste((0, 0, 255, 255), (32, 0, 64, 64))
    for red, green, blue in read(convert(encode(glass, "PNG"), fit(7, 7))):
        assert red == green <= blue == 255


def test_nothing_of_the_originals_metadata_is_left():
    import PIL.PngImagePlugin

    words = PIL.PngImagePlugin.PngInfo()
    words.add_text("Comment", "the answer is B")
    data = {
        "JPEG": encode(noise(), "JPEG", comment=b"the answer is B" * 4000),
        "PNG": encode(noise(), "PNG", pnginfo=words, dpi=(300, 300)),
        "GIF": encode(noise().quantize(16), "GIF", comment=b"the answer is B"),
    }
    for original in data.values():
        for sides in ((60, 40), (30, 20)):
            for form in ("png", "jpeg"):
                sent = convert(original, fit(*sides, form))
                assert b"answer" not in sent
                assert not {"comment", "dpi", "exif", "xmp"} & set(look(sent).info)


def profile(colours: bytes) -> bytes:
    return SRGB[:16] + colours + SRGB[20:]


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        pytest.param(encode(noise(), "JPEG", icc_profile=SRGB), True, id="RGB"),
        pytest.param(encode(noise(), "PNG", icc_profile=SRGB + bytes(MAX_PROFILE)), False, id="too large"),
        pytest.param(encode(noise(), "TIFF", icc_profile=bytes(900_000)), False, id="broken and huge"),
        pytest.param(encode(noise().convert("CMYK"), "TIFF", icc_profile=profile(b"CMYK")), False, id="of inks"),
        pytest.param(encode(noise(), "PNG", icc_profile=profile(b"CMYK")), False, id="of inks, in RGB"),
        pytest.param(encode(noise().convert("L"), "TIFF", icc_profile=SRGB), False, id="of colours, in grey"),
    ],
)
def test_a_profile_is_carried_over_where_it_is_one_of_rgb_and_small(data, kept):
    for form in ("png", "jpeg"):
        sent = convert(data, fit(60, 40, form))
        assert look(sent).info.get("icc_profile") == (SRGB if kept else None)
        assert len(sent) < 20_000


def swap(icc: bytes) -> bytes:
    """Return a profile that takes red for green."""
    return icc.replace(b"rXYZ", b"?XYZ", 1).replace(b"gXYZ", b"rXYZ", 1).replace(b"?XYZ", b"gXYZ", 1)


@pytest.mark.parametrize(
    ("padding", "cap"),
    [pytest.param(70_000, None, id="too large"), pytest.param(0, 3000, id="too large for what is left")],
)
def test_a_profile_that_is_too_large_is_applied(padding, cap):
    red = PIL.Image.new("RGB", (16, 16), "red")
    data = encode(red, "PNG", icc_profile=swap(SRGB) + bytes(padding))
    sent = look(convert(data, fit(16, 16, "jpeg", cap)))
    assert "icc_profile" not in sent.info
    pixel = sent.getpixel((8, 8))
    assert isinstance(pixel, tuple)
    first, second, _ = pixel
    assert first < 60 < 200 < second


def test_colours_of_the_laboratory_become_rgb():
    lab = PIL.ImageCms.profileToProfile(
        PIL.Image.new("RGB", (8, 8), (200, 100, 50)),
        PIL.ImageCms.createProfile("sRGB"),
        PIL.ImageCms.createProfile("LAB"),
        outputMode="LAB",
    )
    assert lab is not None, "a picture of its own, not changed in place"
    data = encode(lab, "TIFF")
    assert inspect_image(data).feature == "LAB"
    assert all(
        abs(a - b) < 4 for pixel in read(convert(data, fit(8, 8))) for a, b in zip(pixel, (200, 100, 50), strict=True)
    )


QUARTERS = PIL.Image.new("RGB", (60, 40), "red")
for name, corner in {"lime": (30, 0), "blue": (0, 20), "yellow": (30, 20)}.items():
    QUARTERS.paste(name, (*corner, corner[0] + 30, corner[1] + 20))


def corners(picture: PIL.Image.Image) -> list[tuple[bool, ...]]:
    places = ((0.2, 0.2), (0.8, 0.2), (0.2, 0.8), (0.8, 0.8))
    pixels = [picture.getpixel((int(picture.width * x), int(picture.height * y))) for x, y in places]
    return [tuple(value > 127 for value in pixel) for pixel in pixels]


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "MPO", "PNG", "WEBP", "AVIF", "TIFF"])
def test_what_a_viewer_turns_is_sent_upright(form, turn):
    exif = PIL.Image.Exif()
    exif[ORIENTATION] = turn
    data = encode(QUARTERS, form, **({"tiffinfo": {ORIENTATION: turn}} if form == "TIFF" else {"exif": exif}))
    upright = PIL.ImageOps.exif_transpose(look(data))
    image = inspect_image(data)
    assert (image.width, image.height) == upright.size == ((60, 40) if turn < 5 else (40, 60))
    for sent in (convert(data, fit(image.width // 2, image.height // 2, each)) for each in ("png", "jpeg")):
        assert look(sent).size == (image.width // 2, image.height // 2)
        assert corners(look(sent).convert("RGB")) == corners(upright.convert("RGB"))
        assert not dict(look(sent).getexif())


@pytest.mark.parametrize("turn", [None, 1])
def test_xmp_turns_nothing(turn):
    exif = PIL.Image.Exif()
    if turn:
        exif[ORIENTATION] = turn
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
    data = encode(QUARTERS, "JPEG", xmp=xmp, exif=exif)
    assert (inspect_image(data).width, inspect_image(data).height) == (60, 40)
    sent = look(convert(data, fit(60, 40)))
    assert corners(sent) == corners(QUARTERS)
    assert not dict(sent.getexif())


def test_the_turn_is_kept_where_there_is_no_room_for_a_profile():
    exif = PIL.Image.Exif()
    exif[ORIENTATION] = 3
    data = encode(QUARTERS, "JPEG", exif=exif, icc_profile=SRGB + bytes(30_000))
    assert corners(look(convert(data, fit(60, 40, "jpeg", 4000)))) == corners(QUARTERS.rotate(180))


def test_what_no_quality_keeps_small_enough_is_sent_smaller():
    data = encode(noise(200, 100), "PNG")
    sent = convert(data, fit(200, 100, "jpeg", 1500))
    assert len(sent) <= 1500
    assert look(sent).size < (200, 100)
    assert convert(data, fit(200, 100, "jpeg", 1500)) == sent
    with pytest.raises(ValueError, match="cannot be kept under 100 bytes"):
        convert(data, fit(200, 100, "jpeg", 100))


def test_a_large_jpeg_is_decoded_at_a_fraction_and_looks_the_same():
    wide = QUARTERS.resize((1200, 800))
    sent = look(convert(encode(wide, "JPEG"), fit(60, 40)))
    assert corners(sent) == corners(QUARTERS)
