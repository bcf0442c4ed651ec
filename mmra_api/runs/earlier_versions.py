"""What earlier versions wrote → the names of today. Old runs stay readable for good."""

from __future__ import annotations

from typing import Any

RUN_FIELDS = {"reasked": "retried"}
"""Fields of run.json that have another name now."""
IMAGE_FIELDS = {"oddity": "feature"}
"""Fields of the images in a record's prompt that have another name now."""


def update_info(info: dict[str, Any]) -> dict[str, Any]:
    """Return what run.json holds with the names of today."""
    return _rename(info, RUN_FIELDS)


def is_old_record(line: bytes) -> bool:
    """Return whether a line of records.jsonl has names of before; quick, because every line is asked."""
    return b'"oddity":' in line


def update_record(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record with the names of today."""
    prompt = [_rename(part, IMAGE_FIELDS) if isinstance(part, dict) else part for part in record.get("prompt", ())]
    return {**record, "prompt": prompt}


def _rename(fields: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {names.get(name, name): value for name, value in fields.items()}
