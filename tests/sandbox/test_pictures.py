"""Sizes read from headers, against an imaging library that decodes the files."""

from __future__ import annotations

import io
from base64 import b64encode
from hashlib import sha256
from typing import Any

import pytest
from PIL import Image

from mmra_api.sandbox.pictures import read_image
from mmra_api.sandbox.wire import Rejection

WAYS: dict[str, tuple[str, dict[str, Any]]] = {
    "PNG": ("image/png", {}),
    "JPEG": ("image/jpeg", {}),
    "JPEG progressive": ("image/jpeg", {"progressive": True, "exif": b"Exif\0\0" + bytes(400)}),
    "GIF": ("image/gif", {}),
    "WEBP": ("image/webp", {}),
    "WEBP lossless": ("image/webp", {"lossless": True}),
    "WEBP extended": ("image/webp", {"exif": b"Exif\0\0" + bytes(40)}),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("size", [(1, 1), (37, 300), (1024, 513)])
def test_an_image_is_measured(way, size):
    media_type, options = WAYS[way]
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, way.partition(" ")[0], **options)
    data = file.getvalue()
    image = read_image(media_type, b64encode(data).decode(), param="here")
    assert (image.width, image.height) == size
    assert (image.media_type, image.size, image.digest) == (media_type, len(data), sha256(data).hexdigest())


@pytest.mark.parametrize("way", WAYS)
def test_a_cut_header_is_turned_down_with_its_place(way):
    media_type, options = WAYS[way]
    file = io.BytesIO()
    Image.new("RGB", (30, 20)).save(file, way.partition(" ")[0], **options)
    with pytest.raises(Rejection, match=r"\(at here\)") as caught:
        read_image(media_type, b64encode(file.getvalue()[:12]).decode(), param="here")
    assert caught.value.code == "image_parse_error"
