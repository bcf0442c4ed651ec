"""Samples → the fingerprint of a data set, by which runs are known to be about the same data."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from mmra_api.types import Image, Sample


class Fingerprint:
    """A hash over samples in their order."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._encoder = msgspec.json.Encoder()

    def add(self, sample: Sample) -> None:
        """Hash a sample with the facts about its images, but not where they lie."""
        self._hash.update(self._encoder.encode(_describe(sample)) + b"\n")

    def hexdigest(self) -> str:
        """Return the fingerprint of the samples so far, 64 hex digits."""
        return self._hash.hexdigest()


def _describe(sample: Sample) -> dict[str, Any]:
    """Return the fields by the names and in the order that they had when fingerprints began.

    Runs of earlier versions recorded the fingerprint, and are continued only where it is the same: a field that is
    renamed in ``types`` keeps its name here, and a new one is added here only where it is not empty.
    """
    return {
        "id": sample.id,
        "subtask": sample.subtask,
        "level": sample.level,
        "kind": sample.kind,
        "question": sample.question,
        "options": sample.options,
        "gold": sample.gold,
        "images": [_describe_image(image) for image in sample.images],
        "descriptions": sample.descriptions,
    }


def _describe_image(image: Image) -> dict[str, Any]:
    return {
        "digest": image.digest,
        "media_type": image.media_type,
        "width": image.width,
        "height": image.height,
        "size": image.size,
        "oddity": image.feature,  # its name when fingerprints began
        "fit": None,  # no service is known yet
        "path": "",  # it travels
    }
