from __future__ import annotations

import base64
import hashlib
import io
from dataclasses import replace

import PIL.Image
import pytest

from mmra_api.errors import DataError
from mmra_api.images import embed_bytes, embed_fingerprint, inspect_image


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


def test_a_format_that_services_do_not_take_is_refused_by_name(picture):
    with pytest.raises(ValueError, match=r"image/bmp .*convert"):
        inspect_image(picture(1, "BMP"))


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
    with pytest.raises(ValueError, match="not taken by the services"):
        inspect_image(eps)
