"""Loading through real files: parquet, folder, zip, the hub's loader, jsonl, drawn probes."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from mmra_api import probes
from mmra_api.benchmarks import probes as benchmarks
from mmra_api.benchmarks.files import read_hub
from mmra_api.benchmarks.mmra import SCHEMA
from mmra_api.benchmarks.samples import load
from mmra_api.benchmarks.source import Query
from mmra_api.errors import DataError, InputError
from mmra_api.images.embed import read_bytes
from mmra_api.probes.drawing import ProbeRow


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "prepared"


def write_folder(rows, folder: Path, *, wrap=lambda rows: rows, images: str = "images") -> Path:
    (folder / images).mkdir(parents=True)
    listed = []
    for number, row in enumerate(rows):
        names = {}
        for name in ("image1", "image2"):
            names[name] = f"{number}-{name}.bin"
            (folder / images / names[name]).write_bytes(row[name]["bytes"])
        listed.append(row | names)
    (folder / "metadata.json").write_text(json.dumps(wrap(listed)))
    return folder


def test_parquet_rows_become_samples_with_their_original_bytes(root, tmp_path, row, parquet):
    rows = [row(number) for number in range(20)]
    selection = load("mmra", root=root, data=parquet(rows, tmp_path / "data"))
    samples = list(selection)
    assert [sample.id for sample in samples] == [f"mmra-{number:04d}" for number in range(20)]
    for sample, original in zip(samples, rows, strict=True):
        assert [read_bytes(image) for image in sample.images] == [
            original["image1"]["bytes"],
            original["image2"]["bytes"],
        ]
    assert [subtask.abbrev for subtask in selection.info.subtasks] == ["RP", "US", "MS", "Env", "OA"]
    assert (selection.info.rows, selection.count) == (20, 20)


@pytest.mark.parametrize("images", ["images", "."])
@pytest.mark.parametrize("wrap", [lambda rows: rows, lambda rows: {"data": rows}, lambda rows: dict(enumerate(rows))])
def test_a_folder_and_a_zip_give_the_same_samples_as_parquet(root, tmp_path, row, parquet, images, wrap):
    rows = [row(number) for number in range(6)]
    folder = write_folder(rows, tmp_path / "folder", wrap=wrap, images=images)
    archive = tmp_path / "data.zip"
    with zipfile.ZipFile(archive, "w") as out:
        for file in folder.rglob("*"):
            out.write(file, Path("MMRA") / file.relative_to(folder))
    sources = [parquet(rows, tmp_path / "data"), folder, archive, folder / "metadata.json"]
    prints = {load("mmra", root=root, data=source).info.fingerprint for source in sources}
    assert len(prints) == 1


def test_a_folder_cannot_name_images_outside_itself(root, tmp_path, row):
    folder = write_folder([row(0)], tmp_path / "folder")
    (tmp_path / "secret.png").write_bytes((folder / "images" / "0-image1.bin").read_bytes())
    rows = json.loads((folder / "metadata.json").read_text())
    rows[0]["image1"] = "../secret.png"
    (folder / "metadata.json").write_text(json.dumps(rows))
    with pytest.raises(DataError, match="field 'image1'"):
        load("mmra", root=root, data=folder)


def test_the_loader_of_the_hub_reads_the_published_schema(tmp_path, row, parquet, monkeypatch):
    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path / "hf"))
    rows = [row(number) for number in range(4)]
    parquet(rows, tmp_path / "data")
    script = (
        "import sys, hashlib\n"
        "from mmra_api.benchmarks.files import read_hub\n"
        "from mmra_api.benchmarks.mmra import SCHEMA\n"
        "for row in read_hub(sys.argv[1], 'train', None, SCHEMA):\n"
        "    print(row.index, hashlib.sha256(row.values['image2']['bytes']).hexdigest())\n"
    )
    # In a process of its own: datasets leaves threads and open files behind.
    command = [sys.executable, "-c", script, str(tmp_path / "data")]
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "home")}
    found = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split("\n")
    expected = [f"{i} {hashlib.sha256(each['image2']['bytes']).hexdigest()}" for i, each in enumerate(rows)]
    assert found[:-1] == expected


def test_a_hub_that_cannot_be_reached_says_what_to_do(tmp_path):
    with pytest.raises(InputError, match="--data PATH"):
        list(read_hub(str(tmp_path / "nothing-here"), "train", None, SCHEMA))


def test_a_warm_load_reads_neither_the_source_nor_pyarrow(root, tmp_path, row, parquet):
    data = parquet([row(number) for number in range(4)], tmp_path / "data")
    load("mmra", root=root, data=data)
    script = (
        "import sys; from pathlib import Path; from mmra_api.benchmarks import load\n"
        "samples = list(load('mmra', root=Path(sys.argv[1]), data=Path(sys.argv[2])))\n"
        "assert len(samples) == 4\n"
        "print(sorted({'pyarrow', 'datasets', 'PIL', 'numpy'} & sys.modules.keys()))\n"
    )
    command = [sys.executable, "-c", script, str(root), str(data)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_changed_data_is_prepared_again(root, tmp_path, row, parquet):
    before = load("mmra", root=root, data=parquet([row(0), row(1)], tmp_path / "data"))
    after = load("mmra", root=root, data=parquet([row(0), row(2), row(3)], tmp_path / "data"))
    assert (before.info.rows, after.info.rows) == (2, 3)
    assert before.info.fingerprint != after.info.fingerprint


def test_a_damaged_index_is_prepared_again(root, tmp_path, row, parquet):
    data = parquet([row(0), row(1)], tmp_path / "data")
    first = load("mmra", root=root, data=data)
    (first.dataset.folder / "header.json").write_text("{ not json")
    assert load("mmra", root=root, data=data).info == first.info


def test_bad_rows_are_listed_and_left_out_only_on_request(root, tmp_path, row, parquet):
    broken = {"bytes": b"no image", "path": "x"}
    rows = [row(0), row(1, answer="Z"), row(3, image2=broken), row(4, options="{"), row(5)]
    data = parquet(rows, tmp_path / "data")
    with pytest.raises(DataError) as caught:
        load("mmra", root=root, data=data)
    message = str(caught.value)
    assert "3 bad rows of 5" in message
    for row_number, field in ((1, "answer"), (2, "image2"), (3, "options")):
        assert f"row {row_number}, field {field!r}" in message
    assert "--skip-bad-rows" in message
    selection = load("mmra", root=root, data=data, skip_bad_rows=True)
    assert [sample.id for sample in selection] == ["mmra-0000", "mmra-0004"]
    assert selection.info.rows == 2
    assert [text.split(", field")[0][-5:] for text in selection.info.left_out] == ["row 1", "row 2", "row 3"]


def test_data_without_any_usable_row_is_an_error_even_when_skipping(root, tmp_path, row, parquet):
    with pytest.raises(DataError, match="no usable row"):
        load("mmra", root=root, data=parquet([row(0, Task="x")], tmp_path / "data"), skip_bad_rows=True)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, "does not exist"),
        (lambda path: path.mkdir(), "holds no data set"),
        (lambda path: path.write_text("hello"), "is no data set"),
    ],
)
def test_a_path_without_a_data_set_says_what_is_expected(root, tmp_path, make, message):
    make(tmp_path / "thing")
    with pytest.raises(InputError, match=f"{message}.*metadata.json"):
        load("mmra", root=root, data=tmp_path / "thing")


def test_unreadable_files_name_themselves(root, tmp_path, row, parquet):
    data = parquet([row(0), row(1)], tmp_path / "data")
    file = next(data.glob("*.parquet"))
    file.write_bytes(file.read_bytes()[:200])
    with pytest.raises(InputError, match=r"train-00000.*complete"):
        load("mmra", root=root, data=data)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "metadata.json").write_text("[{]")
    with pytest.raises(DataError, match=r"metadata\.json: not JSON"):
        load("mmra", root=root, data=folder)
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as out:
        out.writestr("readme.txt", "no rows here")
    with pytest.raises(InputError, match=r"no metadata\.json"):
        load("mmra", root=root, data=tmp_path / "empty.zip")


def test_a_parquet_of_another_schema_names_the_missing_columns(root, tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    (tmp_path / "data").mkdir()
    pq.write_table(pa.table({"Task": ["Layout"], "question": ["?"]}), tmp_path / "data" / "x.parquet")
    with pytest.raises(DataError, match="no column QA_type, options, answer, image1, image2"):
        load("mmra", root=root, data=tmp_path / "data")


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (5, {"RP": 1, "US": 1, "MS": 1, "Env": 1, "OA": 1}),
        (7, {"RP": 1, "US": 1, "MS": 1, "Env": 2, "OA": 2}),
        (100, {"RP": 4, "US": 4, "MS": 4, "Env": 4, "OA": 4}),
        (2, {"Env": 1, "OA": 1}),
    ],
)
def test_a_limit_is_spread_over_the_subtasks(root, tmp_path, row, parquet, limit, expected):
    data = parquet([row(number) for number in range(20)], tmp_path / "data")
    selection = load("mmra", root=root, data=data, limit=limit)
    assert dict(Counter(sample.subtask for sample in selection)) == expected
    assert selection.count == sum(expected.values())


def test_what_a_small_subtask_cannot_give_the_others_do(root, tmp_path, row, parquet):
    rows = [row(0), *(row(number * 5 + 1) for number in range(9))]
    selection = load("mmra", root=root, data=parquet(rows, tmp_path / "data"), limit=8)
    assert Counter(sample.subtask for sample in selection) == {"RP": 1, "US": 7}


@pytest.mark.parametrize("names", [["RP"], ["relativeposition"], ["oa", "RelativePosition"]])
def test_subtasks_are_chosen_by_name_or_abbreviation(root, tmp_path, row, parquet, names):
    data = parquet([row(number) for number in range(20)], tmp_path / "data")
    found = {sample.subtask for sample in load("mmra", root=root, data=data, subtasks=names)}
    assert found == {"RP", "OA"} if len(names) == 2 else {"RP"}


def test_an_unknown_subtask_or_benchmark_lists_what_there_is(root, tmp_path, row, parquet):
    data = parquet([row(0), row(1)], tmp_path / "data")
    with pytest.raises(InputError, match=r"unknown subtask 'XX'.*RP \(RelativePosition\), US"):
        load("mmra", root=root, data=data, subtasks=["XX"])
    with pytest.raises(InputError, match=r"unknown benchmark 'mmar'.*mmra, probes, jsonl"):
        load("mmar", root=root)


def test_a_preparation_that_was_killed_is_never_seen(root, tmp_path, row, parquet):
    data = parquet([row(0), row(1)], tmp_path / "data")
    ready = load("mmra", root=root, data=data).dataset.folder
    half = root / f"{ready.name}.0badcafe.partial"
    ready.rename(half)
    (half / "index.jsonl").write_text("")
    assert load("mmra", root=root, data=data).count == 2
    os.utime(half, (1, 1))
    (ready / "header.json").unlink()
    load("mmra", root=root, data=data)
    assert not half.exists()


def test_processes_may_prepare_the_same_data_at_once(root, tmp_path, row, parquet):
    """One of them does; the others wait, and delete nothing under it."""
    data = parquet([row(number) for number in range(60)], tmp_path / "data")
    script = (
        "import sys; from pathlib import Path; from mmra_api.benchmarks import load\n"
        "samples = list(load('mmra', root=Path(sys.argv[1]), data=Path(sys.argv[2])))\n"
        "print(sum(len(Path(image.path).read_bytes()) > 0 for sample in samples for image in sample.images))\n"
    )
    command = [sys.executable, "-c", script, str(root), str(data)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(5)]
    assert [process.communicate(timeout=120)[0] for process in processes] == ["120\n"] * 5
    assert not list(root.glob("*.partial"))


@pytest.mark.parametrize(
    ("arguments", "counts"),
    [
        ({"subtasks": ["RP"]}, {"RP": 20}),
        ({"subtasks": ["RP", "RelativePosition"], "limit": 6}, {"RP": 6}),
        ({"subtasks": ["OA", "Env"], "limit": 4}, {"Env": 2, "OA": 2}),
    ],
)
def test_a_part_of_the_probes(root, monkeypatch, arguments, counts):
    drawn: list[int] = []

    def draw_none(_seed: int, count: int) -> Iterator[ProbeRow]:
        drawn.append(count)
        return iter(())

    monkeypatch.setattr(probes, "draw", draw_none)
    source = benchmarks.find_probes(Query(seed=1, **{"limit": None, **arguments}))
    list(source.rows())
    assert drawn == [{20: 220, 6: 66, 2: 22}[max(counts.values())]]


def test_the_probes_of_a_small_run_are_those_of_a_large_one(root):
    few, more = (list(load("probes", root=root, seed=3, limit=limit)) for limit in (11, 13))
    assert [sample.id for sample in few] == [sample.id for sample in more[:11]]
    assert [sample.images[0].digest for sample in few] == [sample.images[0].digest for sample in more[:11]]


@pytest.mark.parametrize(("name", "data"), [("probes", None), ("mmra", "x"), ("own.jsonl", None)])
def test_a_revision_pins_only_the_hub(root, name, data):
    with pytest.raises(InputError, match="--revision"):
        load(name, root=root, data=Path(data) if data else None, revision="abc")


def test_a_torn_index_is_prepared_again(root, tmp_path, row, parquet):
    data = parquet([row(number) for number in range(4)], tmp_path / "data")
    folder = load("mmra", root=root, data=data).dataset.folder
    lines = (folder / "index.jsonl").read_bytes().splitlines(keepends=True)
    for torn in (lines[:2], [*lines[:3], lines[3][:40]]):
        (folder / "index.jsonl").write_bytes(b"".join(torn))
        assert len(list(load("mmra", root=root, data=data))) == 4


def test_a_row_that_names_a_file_instead_of_bytes_is_refused(root, tmp_path, row, parquet):
    secret = tmp_path / "secret.png"
    secret.write_bytes(row(0)["image1"]["bytes"])
    with pytest.raises(DataError, match="field 'image1': expected the bytes"):
        load("mmra", root=root, data=parquet([row(0, image1={"bytes": None, "path": str(secret)})], tmp_path / "data"))


def test_a_damaged_zip_is_one_clear_message(root, tmp_path, row):
    folder = write_folder([row(0)], tmp_path / "folder")
    archive = tmp_path / "data.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        out.write(folder / "metadata.json", "metadata.json")
    data = bytearray(archive.read_bytes())
    data[60:70] = b"\xaa" * 10
    archive.write_bytes(data)
    with pytest.raises((InputError, DataError), match=r"data\.zip"):
        load("mmra", root=root, data=archive)


def test_a_text_that_is_not_unicode_is_a_bad_row(root, tmp_path, row):
    folder = write_folder([row(0), row(1)], tmp_path / "folder")
    text = (folder / "metadata.json").read_text().replace("pair 1 relate", "pair \\ud800 relate")
    (folder / "metadata.json").write_text(text)
    with pytest.raises(DataError, match="row 1: a text is not Unicode"):
        load("mmra", root=root, data=folder)
    assert load("mmra", root=root, data=folder, skip_bad_rows=True).count == 1


def test_the_name_of_the_data_is_kept_as_given(root, tmp_path, row, parquet, monkeypatch):
    parquet([row(0), row(1)], tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    assert load("mmra", root=root, data=Path("data")).info.source == "data"
