"""``mmra report`` over run folders on disk: names, formats, warnings, files."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mmra_api.cli.report import FORMATS, command
from mmra_api.errors import InputError, RunError
from mmra_api.runs.writer import RunWriter, start_run
from mmra_api.types import DataInfo, Outcome, Record, Response, RunInfo, Score, Subtask


def make_run(
    runs: Path, name: str, *outcomes: Outcome, fingerprint: str = "ab" * 32, simulated: bool = False, model: str = "x/m"
) -> Path:
    columns = (Subtask(abbrev="RP", name="RelativePosition", level="entity"),)
    data = DataInfo(benchmark="mmra", source="made", fingerprint=fingerprint, rows=len(outcomes), subtasks=columns)
    info = RunInfo(name=name, model=model, settings=("IQ",), data=data, planned=len(outcomes), started="2026-01-02")
    with RunWriter(start_run(info, runs)) as writer:
        for record in _records(outcomes, simulated, model.partition("/")[2]):
            writer.append(record)
        return writer.finish().folder


def _records(outcomes: tuple[Outcome, ...], simulated: bool, model: str) -> Iterator[Record]:
    for number, outcome in enumerate(outcomes):
        yield Record(
            sample=f"s{number}",
            setting="IQ",
            subtask="RP",
            level="entity",
            kind="choice",
            question="Which?",
            options={"A": "a"},
            gold="A",
            prompt=("Which?",),
            response=Response(text="A", finish="stop", simulated=simulated, model=model),
            score=Score(outcome=outcome, credit=float(outcome == "correct")),
        )


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    make_run(tmp_path / "runs", "good", "correct", "correct", "correct")
    make_run(tmp_path / "runs", "toy", "correct", "wrong", "refused", simulated=True)
    return tmp_path / "runs"


def report(runs: Path, *arguments: str) -> Result:
    return CliRunner().invoke(command, [*arguments, "--runs", str(runs)], catch_exceptions=False)


def test_a_run_by_name_and_by_path(runs: Path) -> None:
    by_name, by_path = report(runs, "good"), report(runs, str(runs / "good"))
    assert by_name.exit_code == 0
    assert by_name.stdout == by_path.stdout
    assert "In detail" in by_name.stdout
    assert "\x1b" not in by_name.stdout


def test_several_runs_give_one_table(runs: Path) -> None:
    text = report(runs, "good", "toy", "--published").stdout
    assert text.count("Accuracy, percent") == 1
    assert "In detail" not in text
    assert "x/m  SIMULATED" in text
    assert "GPT4o  published" in text


def test_a_run_named_twice_counts_once(runs: Path) -> None:
    assert report(runs, "good", "good").stdout == report(runs, "good").stdout


def test_equal_names_in_two_folders_are_told_apart(runs: Path, tmp_path: Path) -> None:
    other = make_run(tmp_path / "elsewhere", "good", "wrong", "wrong", "wrong")
    rows = json.loads(report(runs, "good", str(other), "--format", "json").stdout)["rows"]
    assert [row["run"] for row in rows] == [str(runs / "good"), str(other)]


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_says_simulated_and_published(runs: Path, form: str) -> None:
    done = report(runs, "good", "toy", "--published", "--format", form)
    assert done.exit_code == 0
    assert "simulated" in done.stdout.lower()
    assert "published" in done.stdout.lower()
    assert done.stdout.endswith("\n")


def test_formats_that_programs_read_stay_clean(runs: Path) -> None:
    make_run(runs, "other", "correct", fingerprint="cd" * 32)
    done = report(runs, "good", "other", "--format", "json")
    assert json.loads(done.stdout)["warnings"]
    assert "warning: the runs are about different data" in done.stderr
    lines = list(csv.DictReader(io.StringIO(report(runs, "good", "other", "--format", "csv").stdout)))
    assert {line["run"] for line in lines} == {"good", "other"}


def test_different_samples_are_warned_of(runs: Path) -> None:
    make_run(runs, "short", "correct")
    assert "warning: the rows cover different sets of samples" in report(runs, "good", "short").stderr


def test_comparable_runs_give_no_warning(runs: Path) -> None:
    assert report(runs, "good", "toy").stderr == ""


def test_an_unknown_run_names_close_matches(runs: Path) -> None:
    with pytest.raises(RunError, match="did you mean 'good'"):
        report(runs, "goof")


@pytest.mark.parametrize("form", FORMATS)
def test_out_holds_what_the_screen_would(
    runs: Path, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = report(runs, "good", "toy", "--format", form).stdout
    monkeypatch.setenv("FORCE_COLOR", "1")
    out = tmp_path / "report.txt"
    done = report(runs, "good", "toy", "--format", form, "--out", str(out))
    assert (done.stdout, done.stderr) == ("", f"wrote {out}\n")
    assert out.read_text(encoding="utf-8") == screen


def test_out_replaces_a_file_and_keeps_its_mode_and_its_link(runs: Path, tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    report(runs, "good", "--format", "csv", "--out", str(link))
    assert link.is_symlink()
    assert real.read_text().startswith("run,model,")
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.csv", "real.csv", "runs"]


@pytest.mark.parametrize(
    ("place", "message"), [("runs", "is a folder"), ("missing/report.csv", "cannot be written: No such file")]
)
def test_out_that_cannot_be_written_is_said(runs: Path, tmp_path: Path, place: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        report(runs, "good", "--format", "csv", "--out", str(tmp_path / place))


def test_out_writes_through_to_what_is_no_plain_file(runs: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    end = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)  # open for reading too, so that the writer does not wait
    try:
        report(runs, "good", "--format", "csv", "--out", str(pipe))
        assert os.read(end, 65536).startswith(b"run,model,")
    finally:
        os.close(end)
    assert pipe.is_fifo()


def test_a_run_must_be_named(runs: Path) -> None:
    done = CliRunner().invoke(command, ["--runs", str(runs)])
    assert done.exit_code == 2
    assert "Missing argument 'RUN...'" in done.stderr


def test_the_formats_of_the_flag_are_those_of_the_report():
    from mmra_api.cli.report import FORMATS
    from mmra_api.report import formats

    assert FORMATS == formats.FORMATS
