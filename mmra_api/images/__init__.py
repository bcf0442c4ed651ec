"""Image bytes → facts, fingerprints, and what is sent.

Bytes go out as they came, unless a service cannot take them. ``decode`` opens bytes, ``facts`` inspects them once
when a data set is prepared, ``limits`` says what a service takes, ``fit`` plans what is changed without opening any
image, ``convert`` changes it, and ``embed`` turns an image into the text that stands in a body: base64, or its
fingerprint.
"""

from mmra_api.images.embed import embed_bytes, embed_fingerprint, read_bytes
from mmra_api.images.facts import EXTENSIONS, inspect_image
from mmra_api.images.fit import fit_request
from mmra_api.images.limits import ImageLimits, find_limits

__all__ = [
    "EXTENSIONS",
    "ImageLimits",
    "embed_bytes",
    "embed_fingerprint",
    "find_limits",
    "fit_request",
    "inspect_image",
    "read_bytes",
]
