"""Small data in the published schema, pictures, and jobs whose folders are temporary."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from mmra_api.dispatch import Dispatcher, RetryPolicy, open_session
from mmra_api.providers import PROVIDERS, Provider
from mmra_api.runs.job import Job

hypothesis.settings.register_profile("patient", deadline=None)  # a busy machine is no defect
hypothesis.settings.load_profile("patient")

TASKS = ("RelativePosition", "UsageSimilarity", "MentalitySimilarity", "Environment", "ObservationAngle")


@cache
def draw(number: int, form: str = "PNG", width: int = 24, height: int = 16) -> bytes:
    """Return an encoded picture; another number is another picture."""
    from PIL import Image

    out = io.BytesIO()
    colour = (number % 256, number // 256 % 256, 77)
    Image.new("RGB", (width, height), colour).save(out, form)
    return out.getvalue()


def make_row(number: int, **changes: Any) -> dict[str, Any]:
    """Return a row of the published schema."""
    yesno = number % 5 == 2
    row = {
        "Task": TASKS[number % 5],
        "QA_type": "True or false QA" if yesno else "Choice QA",
        "question": f"How do the two pictures of pair {number} relate?",
        "options": None if yesno else "{'A': 'both are red', 'B': 'one is larger', 'C': 'they are equal'}",
        "answer": ("Yes", "No")[number % 2] if yesno else "ABC"[number % 3],
        "image1": {"bytes": draw(2 * number), "path": f"{number}a.png"},
        "image2": {"bytes": draw(2 * number + 1, "JPEG"), "path": f"{number}b.jpg"},
    }
    return row | changes


def write_parquet(rows: list[dict[str, Any]], folder: Path, *, row_group_size: int = 8) -> Path:
    """Write rows as the hub does; returns the folder."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    image = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    texts = [(name, pa.string()) for name in ("Task", "QA_type", "question", "options", "answer")]
    schema = pa.schema([*texts, ("image1", image), ("image2", image)])
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "train-00000-of-00001.parquet"
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path, row_group_size=row_group_size)
    return folder


def write_jsonl(folder: Path, count: int) -> Path:
    """Write questions of the user's own with their pictures; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for number in range(count):
        names = [f"{number}-{place}.png" for place in range(2)]
        for place, name in enumerate(names):
            (folder / name).write_bytes(draw(2 * number + place))
        line: dict[str, Any] = {
            "id": f"q{number}",
            "images": names,
            "question": f"What do both pictures of pair {number} show?",
            "options": {"A": "a cup", "B": "a chair", "C": "a lamp"},
            "answer": "ABC"[number % 3],
            "subtask": ("RP", "Env")[number % 2],
            "level": ("entity", "image")[number % 2],
        }
        lines.append(json.dumps(line))
    path = folder / "own.jsonl"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def picture() -> Callable[..., bytes]:
    return draw


@pytest.fixture
def row() -> Callable[..., dict[str, Any]]:
    return make_row


@pytest.fixture
def parquet() -> Callable[..., Path]:
    return write_parquet


@pytest.fixture
def jsonl() -> Callable[..., Path]:
    return write_jsonl


QUICK = RetryPolicy(first_wait=0.01)

Dispatching = Callable[..., AbstractAsyncContextManager[Dispatcher]]


@asynccontextmanager
async def open_dispatcher(
    provider: Provider, folder: Path, *, limits: Any = None, price: Any = None, **options: Any
) -> AsyncIterator[Dispatcher]:
    """Connect one model in a session of its own on a cache folder; its retries do not wait."""
    async with open_session(folder, **({"policy": QUICK} | options)) as session:
        yield session.connect(provider, limits=limits, price=price)


@pytest.fixture
def dispatching() -> Dispatching:
    return open_dispatcher


@pytest.fixture
def job(tmp_path: Path) -> Callable[..., Job]:
    """Return a function that makes jobs; their cache and runs are temporary, and their retries do not wait."""

    def make(**fields: Any) -> Job:
        usual: dict[str, Any] = {"cache": tmp_path / "cache", "runs": tmp_path / "runs", "policy": QUICK}
        return Job(**(usual | fields))

    return make


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's keys, cache and runs out of the tests."""
    services = PROVIDERS.values()
    own = [name for each in services for name in (*each.key_variables, each.address_variable) if name]
    for name in (*own, "AZURE_OPENAI_ENDPOINT", "MMRA_CACHE", "MMRA_CONFIG", "MMRA_RUNS", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
