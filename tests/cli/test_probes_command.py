"""``mmra probes``: one line that says where, how many and how to go on; bad values cost nothing."""

from __future__ import annotations

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from mmra_api.cli import COMMANDS
from mmra_api.cli.probes import command
from mmra_api.errors import InputError
from mmra_api.probes.export import FILE_NAME


def invoke(*arguments):
    return CliRunner().invoke(command, list(arguments))


def test_it_writes_a_data_set_and_says_how_to_use_it(tmp_path):
    out = tmp_path / "my probes"
    result = invoke("--seed", "7", "-n", "3", "--out", str(out))
    assert result.exit_code == 0, result.output
    assert result.output.count("\n") == 1
    assert result.output.startswith(f"{out / FILE_NAME}: 3 pairs, seed 7, ")
    assert f"mmra run mmra --data '{out}'" in result.output
    assert pq.read_metadata(out / FILE_NAME).num_rows == 3


def test_one_pair_is_not_pairs(tmp_path):
    assert ": 1 pair, seed 0, " in invoke("-n", "1", "--out", str(tmp_path)).output


def test_the_seed_changes_the_questions(tmp_path):
    asked: list[list[dict[str, object]]] = []
    for seed in ("1", "2", "1"):
        out = tmp_path / str(len(asked))
        invoke("--seed", seed, "-n", "2", "--out", str(out))
        asked.append(pq.read_table(out / FILE_NAME).to_pylist())
    assert asked[0] == asked[2]
    assert asked[0] != asked[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-n", "0"], "'-n'"),
        (["-n", "many"], "'-n'"),
        (["--seed", "-1"], "'--seed'"),
        ([], "'--out'"),
    ],
)
def test_bad_values_are_refused(tmp_path, arguments, message):
    out = ["--out", str(tmp_path / "out")] if arguments else []
    result = invoke(*arguments, *out)
    assert result.exit_code == 2
    assert message in result.output
    assert not (tmp_path / "out").exists()


def test_an_existing_data_set_is_not_overwritten(tmp_path):
    (tmp_path / FILE_NAME).write_bytes(b"old")
    result = invoke("-n", "1", "--out", str(tmp_path))
    assert isinstance(result.exception, InputError)
    assert (tmp_path / FILE_NAME).read_bytes() == b"old"


def test_help_agrees_with_the_list_of_commands():
    assert command.short_help == COMMANDS["probes"]
    assert command.name == "probes"
