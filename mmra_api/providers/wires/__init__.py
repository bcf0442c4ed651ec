"""The wire formats: pure functions, Request → body, and body → Response. One file each.

``format`` says what each is, ``table`` lists them. They share ``body`` (parts and images), ``parameters``,
``lenient_json`` and ``tokens`` (the vendors' formulas for images).
"""

from mmra_api.providers.wires.body import Body, build_body, encode_parts, pick
from mmra_api.providers.wires.format import Wire
from mmra_api.providers.wires.lenient_json import as_dict, dicts, is_stream, read_json, unreadable
from mmra_api.providers.wires.parameters import FLAGS, list_budgets, merge_extra, to_snake
from mmra_api.providers.wires.replies import CALL_NAMES, SIMULATED, STREAM, keep_headers, read_reply
from mmra_api.providers.wires.table import CHAT, WIRES, find_wire, load_wire, name_wire
from mmra_api.providers.wires.tokens import count_text

__all__ = [
    "CALL_NAMES",
    "CHAT",
    "FLAGS",
    "SIMULATED",
    "STREAM",
    "WIRES",
    "Body",
    "Wire",
    "as_dict",
    "build_body",
    "count_text",
    "dicts",
    "encode_parts",
    "find_wire",
    "is_stream",
    "keep_headers",
    "list_budgets",
    "load_wire",
    "merge_extra",
    "name_wire",
    "pick",
    "read_json",
    "read_reply",
    "to_snake",
    "unreadable",
]
