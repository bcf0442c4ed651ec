"""The wire formats: pure functions, Request → body, and body → Response. One file each, listed in ``registry``.

A parameter is a row in each format's table of fields: ``fields`` says what a row is and fills bodies by it, ``names``
knows a field by any of its names, ``extra`` puts in the user's own. ``format`` says what a format is, ``body`` writes
parts and proves that every image is there, ``lenient_json`` and ``replies`` read what came, ``tokens`` holds the
vendors' formulas for images.
"""

from mmra_api.providers.wires.body import Body, build_body
from mmra_api.providers.wires.extra import merge_extra
from mmra_api.providers.wires.fields import FLAGS, Field, Fields, name_params, rename_fields
from mmra_api.providers.wires.format import WireFormat, encode_request
from mmra_api.providers.wires.image_tokens import count_text
from mmra_api.providers.wires.lenient_json import as_dict, dicts, is_stream, read_json
from mmra_api.providers.wires.names import list_budgets, map_names, to_snake
from mmra_api.providers.wires.registry import CHAT, WIRES, find_wire, load_wire, name_wire
from mmra_api.providers.wires.replies import SIMULATED, STREAM, keep_headers, read_reply

__all__ = [
    "CHAT",
    "FLAGS",
    "SIMULATED",
    "STREAM",
    "WIRES",
    "Body",
    "Field",
    "Fields",
    "WireFormat",
    "as_dict",
    "build_body",
    "count_text",
    "dicts",
    "encode_request",
    "find_wire",
    "is_stream",
    "keep_headers",
    "list_budgets",
    "load_wire",
    "map_names",
    "merge_extra",
    "name_params",
    "name_wire",
    "read_json",
    "read_reply",
    "rename_fields",
    "to_snake",
]
