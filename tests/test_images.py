from __future__ import annotations

import base64
import hashlib
import io
import struct
import sys
from dataclasses import replace

import PIL.Image
import pytest

from mmra_api.errors import CallError, DataError
from mmra_api.images.convert import convert
from mmra_api.images.embed import embed_bytes, embed_fingerprint
from mmra_api.images.facts import inspect_image
from mmra_api.types import Fit


@pytest.mark.parametrize(
    ("form", "media_type"),
    [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp"), ("GIF", "image/gif")],
)
def test_the_media_type_is_read_from_the_bytes(picture, form, media_type):
    data = picture(3, form, 30, 20)
    image = inspect_image(data, path="misleading.bmp")
    assert (image.media_type, image.width, image.height, image.size) == (media_type, 30, 20, len(data))
    assert image.digest == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda data: b"", "no bytes"),
        (lambda data: b"<html>not an image</html>", "unknown"),
        (lambda data: data[: len(data) // 2], "not a readable image"),
        (lambda data: data[:20], "not a readable image"),
    ],
)
@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_broken_image_is_refused_with_a_reason(form, damage, reason):
    noise = PIL.Image.effect_noise((200, 200), 80)
    out = io.BytesIO()
    noise.save(out, form)
    with pytest.raises(ValueError, match=reason):
        inspect_image(damage(out.getvalue()))


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("BMP", "image/bmp"),
        ("TIFF", "image/tiff"),
        ("AVIF", "image/avif"),
        ("JPEG2000", "image/jp2"),
        ("PPM", "image/x-portable-anymap"),
    ],
)
def test_formats_that_can_be_converted_are_read(picture, form, media_type):
    assert inspect_image(picture(1, form)).media_type == media_type


def encode(picture: PIL.Image.Image, form: str, **options) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def frames(*colours: str) -> list[PIL.Image.Image]:
    return [PIL.Image.new("RGB", (8, 6), colour) for colour in colours]


def deep(mode: str = "I;16", *values: float) -> PIL.Image.Image:
    picture = PIL.Image.new(mode, (len(values), 1))
    for place, value in enumerate(values):
        picture.putpixel((place, 0), value)
    return picture


ANIMATED = frames("red", "blue")


@pytest.mark.parametrize(
    ("data", "feature"),
    [
        (encode(ANIMATED[0], "GIF", save_all=True, append_images=ANIMATED[1:]), "animated"),
        (encode(ANIMATED[0], "WEBP", save_all=True, append_images=ANIMATED[1:]), "animated"),
        (encode(ANIMATED[0], "PNG", save_all=True, append_images=ANIMATED[1:]), "animated"),
        (encode(ANIMATED[0], "MPO", save_all=True, append_images=ANIMATED[1:]), ""),
        (encode(ANIMATED[0], "GIF"), ""),
        (encode(ANIMATED[0].convert("CMYK"), "JPEG"), "CMYK"),
        (encode(deep("I;16", 0, 4096, 65535), "PNG"), "16-bit"),
        (encode(deep("I;16", 0, 4096, 65535), "TIFF"), "16-bit"),
        (encode(ANIMATED[0].convert("LA"), "PNG"), ""),
        (encode(ANIMATED[0].convert("P"), "PNG"), ""),
    ],
)
def test_what_services_differ_in_is_noticed(data, feature):
    assert inspect_image(data).feature == feature


def test_16_bits_of_colour_are_noticed_though_pillow_hides_them():
    import struct
    import zlib

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 2, 1, 16, 2, 0, 0, 0)
    pixels = zlib.compress(b"\x00" + struct.pack(">6H", 65535, 0, 0, 0, 0, 65535))
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    assert inspect_image(data).feature == "16-bit"
    assert read(convert(data, fit(2, 1))) == [(255, 0, 0), (0, 0, 255)]


def fit(width: int, height: int, form: str = "png", max_bytes: int | None = None) -> Fit:
    return Fit(media_type=f"image/{form}", width=width, height=height, max_bytes=max_bytes)


def read(data: bytes) -> list:
    picture = PIL.Image.open(io.BytesIO(data))
    return [picture.getpixel((x, y)) for y in range(picture.height) for x in range(picture.width)]


def test_16_bits_are_scaled_not_cut_off():
    values = read(convert(encode(deep("I;16", 0, 256, 32768, 65535), "PNG"), fit(4, 1)))
    assert values == [0, 1, 128, 255]


def test_numbers_of_another_range_are_scaled_from_it():
    values = read(convert(encode(deep("F", 0, 1, 4), "TIFF"), fit(3, 1)))
    assert values == [0, 63, 255]


def test_transparent_parts_are_white():
    glass = PIL.Image.new("RGBA", (2, 1), (0, 0, 0, 0))
    glass.putpixel((1, 0), (10, 20, 30, 255))
    assert read(convert(encode(glass, "PNG"), fit(2, 1))) == [(255, 255, 255), (10, 20, 30)]
    paper = glass.convert("P")
    assert PIL.Image.open(io.BytesIO(convert(encode(paper, "GIF", transparency=0), fit(2, 1)))).mode == "RGB"


def test_the_first_frame_of_an_animation_is_taken():
    data = encode(ANIMATED[0], "GIF", save_all=True, append_images=ANIMATED[1:])
    assert set(read(convert(data, fit(8, 6)))) == {(255, 0, 0)}


@pytest.mark.parametrize("profile", [None, "sRGB", b"broken"])
def test_printing_inks_become_colours(profile):
    import PIL.ImageCms

    if profile == "sRGB":  # a profile of another kind of picture is as good as none
        profile = PIL.ImageCms.ImageCmsProfile(PIL.ImageCms.createProfile("sRGB")).tobytes()
    cyan = PIL.Image.new("CMYK", (4, 4), (255, 0, 0, 0))
    data = encode(cyan, "JPEG", quality=95, **({"icc_profile": profile} if profile else {}))
    assert all(red < 60 and blue > 150 for red, _, blue in read(convert(data, fit(4, 4))))


def test_the_quality_is_lowered_until_the_bytes_fit_and_always_in_the_same_way():
    noise = encode(PIL.Image.effect_noise((300, 300), 90).convert("RGB"), "PNG")
    free = convert(noise, fit(300, 300, "jpeg"))
    tight = convert(noise, fit(300, 300, "jpeg", max_bytes=len(free) - 1))
    assert len(tight) < len(free)
    assert convert(noise, fit(300, 300, "jpeg", max_bytes=len(free) - 1)) == tight
    assert PIL.Image.open(io.BytesIO(tight)).format == "JPEG"


def test_a_changed_image_has_a_fingerprint_of_its_own_and_other_bytes(picture, tmp_path):
    data = picture(5, "BMP", 30, 20)
    (tmp_path / "a.bmp").write_bytes(data)
    image = inspect_image(data, path=str(tmp_path / "a.bmp"))
    smaller = fit(15, 10)
    changed = replace(image, fit=smaller)
    sent = base64.b64decode(embed_bytes(changed))
    assert inspect_image(sent).media_type == "image/png"
    prints = {embed_fingerprint(each) for each in (image, changed, replace(image, fit=fit(15, 10, "jpeg", 99)))}
    assert len(prints) == 3
    assert sum(";fit2;" in each for each in prints) == 2, "converted bytes changed: older replies are of other pictures"
    assert embed_fingerprint(replace(changed, fit=replace(smaller, reason="pixels"))) in prints


@pytest.mark.parametrize("exif", [b"II+\x00\x08\x00\x00\x00", b"garbage", b"MM\x00*\x00\x00\xff\xff"])
def test_metadata_that_cannot_be_read_cost_no_image(exif):
    data = encode(PIL.Image.new("RGB", (8, 6), "red"), "WEBP", lossless=True, exif=b"Exif\x00\x00" + exif)
    assert set(read(convert(data, fit(8, 6)))) == {(255, 0, 0)}


def test_a_huge_profile_is_left_behind():
    data = encode(PIL.Image.new("RGB", (8, 6)), "PNG", icc_profile=bytes(700_000))
    assert len(convert(data, fit(8, 6))) < 1000
    assert len(convert(data, fit(8, 6, "jpeg", 2000))) < 2000


def test_numbers_that_are_none_are_refused_instead_of_sent_in_black():
    with pytest.raises(ValueError, match="no numbers"):
        convert(encode(deep("F", 0, 1, float("inf")), "TIFF"), fit(3, 1))


def test_a_decoder_that_stumbles_costs_one_image(picture, tmp_path, monkeypatch):
    import struct

    (tmp_path / "a.bmp").write_bytes(picture(1, "BMP"))
    image = inspect_image(picture(1, "BMP"), path=str(tmp_path / "a.bmp"))

    def stumble(*_: object) -> bytes:
        raise struct.error("unpack requires a buffer of 8 bytes")

    monkeypatch.setattr("mmra_api.images.embed.convert", stumble)
    with pytest.raises(CallError, match=r"a\.bmp' cannot be converted"):
        embed_bytes(replace(image, fit=fit(4, 4)))


def test_heic_is_read_with_its_package_and_named_without(monkeypatch):
    pillow_heif = pytest.importorskip("pillow_heif")
    heic = pillow_heif.from_pillow(PIL.Image.new("RGB", (64, 48), (200, 30, 30)))
    out = io.BytesIO()
    heic.save(out, quality=90)
    image = inspect_image(out.getvalue())
    assert (image.media_type, image.width, image.height) == ("image/heif", 64, 48)
    red, green, _ = read(convert(out.getvalue(), fit(64, 48)))[0]
    assert red > 150 > green
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(ValueError, match="pip install pillow-heif"):
        inspect_image(out.getvalue())


def test_the_wire_gets_the_original_bytes_and_the_key_the_fingerprint(picture, tmp_path):
    data = picture(9, "JPEG")
    (tmp_path / "a.jpg").write_bytes(data)
    image = inspect_image(data, path=str(tmp_path / "a.jpg"))
    assert base64.b64decode(embed_bytes(image)) == data
    assert embed_fingerprint(replace(image, path="/nowhere")) == f"sha256:{image.digest}"


def test_a_file_that_changed_or_vanished_is_not_sent(picture, tmp_path):
    file = tmp_path / "a.png"
    file.write_bytes(picture(1))
    image = inspect_image(file.read_bytes(), path=str(file))
    file.write_bytes(picture(2))
    with pytest.raises(DataError, match="has changed"):
        embed_bytes(image)
    file.unlink()
    with pytest.raises(DataError, match="cannot read"):
        embed_bytes(image)


def test_a_format_is_refused_before_it_is_decoded():
    """Pillow decodes PostScript by starting another program."""
    eps = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\nshowpage\n%%EOF\n"
    with pytest.raises(ValueError, match="unknown"):
        inspect_image(eps)


def small(form: str, **options) -> bytes:
    return encode(PIL.Image.effect_noise((60, 40), 60).convert("RGB"), form, **options)


def swap(data: bytes, place: int, new: bytes) -> bytes:
    return data[:place] + new + data[place + len(new) :]


def damage_pixels(avif: bytes) -> bytes:
    return swap(avif, avif.index(b"mdat") + 4, b"\0")


MOVING = encode(ANIMATED[0], "GIF", save_all=True, append_images=ANIMATED[1:])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(damage_pixels(small("AVIF")), "Failed to decode", id="AVIF with a wrong byte"),
        pytest.param(MOVING[: MOVING.rindex(b",") + 4], "not a readable image: ", id="GIF cut in its second frame"),
        pytest.param(small("PNG")[:-12], "truncated PNG", id="PNG without its last chunk"),
        pytest.param(small("PNG")[:-16] + bytes(4) + small("PNG")[-12:], "checksum in b'IDAT'", id="PNG, one bit off"),
        pytest.param(swap(small("PNG"), 16, bytes(4)), "it begins as PNG, but is damaged", id="PNG without a header"),
        pytest.param(small("TIFF")[:12], "it begins as TIFF, but is damaged", id="TIFF without tags"),
        pytest.param(small("BMP")[:30], "not a readable image: ", id="BMP without pixels"),
        pytest.param(swap(small("GIF"), 6, bytes(4))[:13], "not a readable image: ", id="GIF without frames"),
    ],
)
def test_damage_is_a_reason_and_never_another_error(data, reason):
    with pytest.raises(ValueError, match=reason):
        inspect_image(data)


def test_an_image_without_pixels_is_refused(monkeypatch):
    monkeypatch.setattr("mmra_api.images.facts.open_picture", lambda data: PIL.Image.new("RGB", (0, 5)))
    with pytest.raises(ValueError, match="it has no pixels"):
        inspect_image(small("PNG"))


def test_a_machine_without_memory_is_no_bad_image(monkeypatch):
    def fail(data: bytes) -> None:
        raise MemoryError

    monkeypatch.setattr("mmra_api.images.facts.open_picture", fail)
    with pytest.raises(MemoryError):
        inspect_image(small("PNG"))


@pytest.mark.parametrize("package", ["there", "missing"])
def test_an_avif_in_the_general_container_is_told_from_heif(package, monkeypatch):
    if package == "missing":
        monkeypatch.setitem(sys.modules, "pillow_heif", None)
    image = inspect_image(swap(small("AVIF"), 8, b"mif1"))
    assert (image.media_type, image.width, image.height) == ("image/avif", 60, 40)


def test_long_texts_and_profiles_of_a_png_are_no_damage():
    import PIL.PngImagePlugin

    words = PIL.PngImagePlugin.PngInfo()
    words.add_text("workflow", "x" * 2_000_000, zip=True)
    for data in (small("PNG", pnginfo=words), small("PNG", icc_profile=bytes(1_500_000))):
        assert inspect_image(data).media_type == "image/png"


def tiff_of_16_bits() -> bytes:
    """Return a TIFF of one red pixel, with 16 bits for each colour."""
    tags = [(256, 4, 1, 1), (257, 4, 1, 1), (258, 3, 3, 122), (259, 3, 1, 1), (262, 3, 1, 2), (273, 4, 1, 128)]
    tags += [(277, 3, 1, 3), (278, 4, 1, 1), (279, 4, 1, 6)]
    entries = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return (
        b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4) + struct.pack("<6H", 16, 16, 16, 65535, 0, 0)
    )


def jp2_of_16_bits() -> bytes:
    data = encode(frames("red")[0], "JPEG2000")
    place = data.index(b"\xff\x4f\xff\x51") + 42
    return data[:place] + b"\x0f\1\1" * 3 + data[place + 9 :]


@pytest.mark.parametrize(
    ("data", "feature"),
    [
        pytest.param(tiff_of_16_bits(), "16-bit", id="TIFF"),
        pytest.param(b"P6 1 1 65535\n\xff\xff\0\0\0\0", "16-bit", id="PPM"),
        pytest.param(b"P6 1 1 200\n\xc8\0\0", "", id="PPM of 8 bits"),
        pytest.param(b"P3 1 1 65535\n65535 0 0\n", "16-bit", id="PPM in figures"),
        pytest.param(jp2_of_16_bits(), "16-bit", id="JPEG 2000"),
        pytest.param(encode(frames("red")[0], "JPEG2000"), "", id="JPEG 2000 of 8 bits"),
        pytest.param(
            encode(frames("red")[0], "TIFF", save_all=True, append_images=frames("blue")), "pages", id="pages"
        ),
        pytest.param(encode(frames("red")[0], "TIFF"), "", id="a page"),
        pytest.param(encode(frames("red")[0], "DIB"), "headerless", id="DIB"),
        pytest.param(encode(frames("red")[0], "JPEG2000", no_jp2=True), "headerless", id="codestream"),
        pytest.param(encode(frames("red")[0], "BMP"), "", id="BMP"),
    ],
)
def test_what_services_may_not_read_in_formats_that_few_take_is_noticed(data, feature):
    assert inspect_image(data).feature == feature


@pytest.mark.parametrize(
    "data", [tiff_of_16_bits(), b"P6 1 1 65535\n\xff\xff\0\0\0\0", encode(frames("red")[0], "DIB")]
)
def test_what_is_noticed_is_read_rightly(data):
    assert read(convert(data, fit(1, 1))) == [(255, 0, 0)]
