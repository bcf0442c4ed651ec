"""What is uncertain, by table; kappa against worked examples; sheets there and back, as a user calls it."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest
from click.testing import CliRunner

from mmra_api.cli.audit import command
from mmra_api.errors import InputError
from mmra_api.report.uncertainty import audit, compare_readings, find_pattern, read_by_rules
from mmra_api.run import evaluate
from mmra_api.runs.folder import load_run
from mmra_api.runs.label_sheet import COLUMNS, read_sheet, write_sheet
from mmra_api.sandbox import Sandbox
from mmra_api.score import score_graded
from mmra_api.types import Answer, Confidence, Item, Judgement, Outcome, Record, Response, Score


def make(sample: str = "s", value: str | None = "A", outcome: Outcome = "correct", **fields) -> Record:
    answer = Answer(value=value, rule="stated", span=(0, 1), confidence="certain")
    return replace(
        Record(
            sample=sample,
            setting="IQ",
            subtask="RP",
            level="entity",
            kind="choice",
            question="Which?",
            options={"A": "a cat", "B": "a dog"},
            gold="A",
            prompt=("Which?",),
            response=Response(text="A. =1+1", finish="stop"),
            answer=answer,
            score=Score(outcome=outcome, credit=float(outcome == "correct")),
        ),
        **fields,
    )


def read(value: str | None, rule: str, confidence: Confidence = "certain") -> Answer:
    return Answer(value=value, rule=rule, confidence=confidence, span=(0, 1) if value else None)


@pytest.mark.parametrize(
    ("record", "pattern"),
    [
        (make(), None),
        (make(answer=read("A", "named", "likely")), "likely: named"),
        (make(answer=read("A", "judge", "likely")), "likely: judge"),
        (make(answer=read("A", "human")), None),
        (make(answer=read(None, "human"), outcome="unparsed"), None),
        (make(answer=read(None, "conflict"), outcome="unparsed"), "unread: conflict"),
        (make(answer=read(None, "refusal"), outcome="refused"), "unread: refusal"),
        (make(answer=read(None, "no_answer"), outcome="truncated"), None),
        (make(answer=read(None, "empty"), outcome="empty"), None),
        (make(answer=None, response=None, outcome="failed"), None),
    ],
)
def test_what_is_uncertain(record, pattern):
    assert find_pattern(record) == pattern


def test_the_groups_and_how_far_the_score_could_move():
    records = [
        *(make(f"c{n}") for n in range(5)),
        make("w", outcome="wrong"),
        *(make(f"l{n}", answer=read("A", "named", "likely")) for n in range(3)),
        make("x", outcome="wrong", answer=read("B", "named", "likely")),
        make("u", outcome="unparsed", answer=read(None, "conflict")),
        make("f", outcome="failed", answer=None, response=None),
    ]
    found = audit(records)
    assert (found.n, found.correct, found.certain, found.nothing) == (12, 8, 6, 1)
    assert [(group.pattern, group.n, group.correct) for group in found.groups] == [
        ("likely: named", 4, 3),
        ("unread: conflict", 1, 0),
    ]
    assert found.groups[0].examples == ("l0", "l1", "l2")
    assert found.bounds == (5 / 12, 10 / 12)
    assert audit([]).bounds == (0.0, 0.0)


def test_graded_answers_are_nothing_to_doubt():
    graded = replace(make("g", value=None), score=score_graded(3, 4))
    found = audit([graded, make("c"), make("u", outcome="unparsed", answer=read(None, "conflict"))])
    assert (found.n, found.correct, found.certain, found.nothing) == (3, 1, 2, 0)
    assert found.accuracy == 1.75 / 3
    assert found.bounds == (1.75 / 3, 2.75 / 3)


def pairs(**counts: int) -> list:
    values = {"n": None}
    return [tuple(values.get(letter, letter) for letter in pair) for pair, n in counts.items() for _ in range(n)]


def test_kappa_against_a_worked_example():
    """50 grant proposals, two readers: 20 both yes, 15 both no, 5 and 10 apart; kappa 0.4."""
    found = compare_readings(pairs(YY=20, NN=15, YN=5, NY=10))
    assert found.kappa == pytest.approx(0.4)
    assert found.same == 35


@pytest.mark.parametrize(
    ("given", "kappa"),
    [(pairs(AA=5), None), ([], None), (pairs(AA=3, BB=3), 1.0), (pairs(AB=3, BA=3), -1.0), (pairs(AA=1, AB=1), 0.0)],
)
def test_kappa_at_its_ends(given, kappa):
    assert compare_readings(given).kappa == kappa


def test_precision_and_recall():
    found = compare_readings(pairs(AA=6, AB=2, An=1, nA=3, nn=4))
    assert (found.read, found.labels, found.both, found.same, found.labelled) == (9, 11, 6, 10, 16)
    assert found.precision == pytest.approx(6 / 9)
    assert found.recall == pytest.approx(6 / 11)


def test_what_rules_alone_had_read():
    assert read_by_rules(make()) == "A"
    assert read_by_rules(make(answer=read("A", "judge", "likely"))) is None
    assert read_by_rules(make(answer=None)) is None
    assert read_by_rules(make(answer=read("B", "human"), overruled=read("A", "stated"))) == "A"
    assert read_by_rules(make(answer=read("B", "human"), overruled=read("A", "judge"))) is None


def test_a_sheet_there_and_back(tmp_path):
    records = [make("s1"), make("s2", judgement=Judgement(value="B")), make("s3", kind="yesno", options={})]
    path = tmp_path / "sheet.csv"
    assert write_sheet(records, path) == 3
    rows = load(path)
    assert tuple(rows[0]) == COLUMNS
    assert [row["label"] for row in rows] == ["", "", ""]
    assert (rows[1]["judge"], rows[0]["words"], rows[0]["rule"]) == ("B", "A", "stated")
    with pytest.raises(InputError, match="no row has a label"):
        read_sheet(path, records)
    for row, label in zip(rows, (" b ", "NONE", "yes"), strict=True):
        row["label"] = label
    fill(path, rows)
    assert read_sheet(path, records) == {
        Item(sample="s1", setting="IQ"): "B",
        Item(sample="s2", setting="IQ"): None,
        Item(sample="s3", setting="IQ"): "Yes",
    }


def load(path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def fill(path, rows) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        sheet = csv.DictWriter(file, fieldnames=list(rows[0]))
        sheet.writeheader()
        sheet.writerows(rows)


def test_no_reply_becomes_a_formula(tmp_path):
    record = make(response=Response(text='=HYPERLINK("http://x")', finish="stop"))
    write_sheet([record], tmp_path / "sheet.csv")
    (row,) = load(tmp_path / "sheet.csv")
    assert row["reply"].startswith("'=")


GOOD = {"sample": "s1", "setting": "IQ", "trial": "0", "label": "A"}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([GOOD | {"label": "C"}], "line 2: the label 'C' is none of A, B, none"),
        ([GOOD | {"sample": "zz"}], "no sample 'zz' in setting 'IQ'"),
        ([GOOD | {"setting": "XX"}], "setting 'XX' and trial '0' must stay"),
        ([GOOD | {"trial": "first"}], "trial 'first' must stay"),
        ([GOOD | {"sample": "failed"}], "no reply that could be labelled"),
        ([GOOD, GOOD], "line 3: the sample 's1' is labelled twice"),
        ([{"sample": "s1", "label": "A"}], "no column setting"),
    ],
)
def test_a_sheet_that_cannot_be_meant_is_refused_with_its_place(tmp_path, rows, said):
    fill(tmp_path / "sheet.csv", rows)
    with pytest.raises(InputError, match=r"--import .*sheet\.csv") as caught:
        read_sheet(tmp_path / "sheet.csv", [make("s1"), make("failed", response=None, answer=None)])
    assert said in str(caught.value)


def test_sheets_as_other_programs_write_them(tmp_path):
    records = [make("'s1"), make("s1"), make("s2", response=Response(text="A " * 200_000, finish="stop"))]
    path = tmp_path / "sheet.csv"
    write_sheet(records, path)
    rows = load(path)
    for row, label in zip(rows, ("Ｂ", "a.", " b"), strict=True):
        row["label"] = label
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        sheet = csv.DictWriter(file, fieldnames=[name.upper() + " " for name in rows[0]], delimiter=";")
        sheet.writeheader()
        sheet.writerows({name.upper() + " ": value for name, value in row.items()} for row in rows)
    csv.field_size_limit(131_072)
    labels = read_sheet(path, records)
    assert labels == {
        Item(sample="'s1", setting="IQ"): "B",
        Item(sample="s1", setting="IQ"): "A",
        Item(sample="s2", setting="IQ"): "B",
    }


def test_trials_need_their_column(tmp_path):
    fill(tmp_path / "sheet.csv", [{"sample": "s1", "setting": "IQ", "label": "A"}])
    assert read_sheet(tmp_path / "sheet.csv", [make("s1")])
    with pytest.raises(InputError, match="no column trial"):
        read_sheet(tmp_path / "sheet.csv", [make("s1"), make("s1", trial=1)])


def test_files_that_cannot_be_used(tmp_path):
    (tmp_path / "mine.csv").write_text("work of hours")
    with pytest.raises(InputError, match="may hold labels"):
        write_sheet([make()], tmp_path / "mine.csv")
    with pytest.raises(InputError, match="cannot be read"):
        read_sheet(tmp_path / "none.csv", [])
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00\xd8")
    with pytest.raises(InputError, match="no CSV in UTF-8"):
        read_sheet(tmp_path / "binary.csv", [])


async def test_the_way_of_a_user(job, jsonl, tmp_path):
    with Sandbox(seed=2) as sandbox:
        own = str(jsonl(tmp_path / "own", 24))
        run = await evaluate(job(benchmark=own, model="groq/simulated-unruly", base_url=sandbox.base_url, name="base"))

    def mmra(*words: str):
        return CliRunner().invoke(command, [*words, "--runs", str(tmp_path / "runs")], catch_exceptions=False)

    shown = mmra("base").output
    assert "24 records" in shown
    assert "If every uncertain reading were the worst or the best" in shown
    sheet = tmp_path / "labels.csv"
    assert "fill in the column label" in mmra("base", "--export", str(sheet), "--all").output
    rows = load(sheet)
    assert len(rows) == sum(record.response is not None for record in run.records())
    for row in rows:
        row["label"] = row["read"] or "none"
    wrongly = next(row for row in rows if row["read"] == "A")
    wrongly["label"] = "B"
    fill(sheet, rows)
    said = mmra("base", "--import", str(sheet)).output
    cut = [r for r in run.records() if r.score.outcome == "truncated" and r.answer and r.answer.value]
    assert f"{1 + len(cut)} answer" in said, "a likely reading of a cut reply counts once a human confirms it"
    read_count = sum(bool(row["read"]) for row in rows)
    assert f"precision {100 * (read_count - 1) / read_count:.1f} % of {read_count}" in said
    derived = load_run(tmp_path / "runs" / "base.labelled")
    assert derived.info.parent == "base"
    assert {record.answer.rule for record in derived.records() if record.answer} == {"human"}
    uncertain = tmp_path / "uncertain.csv"
    mmra("base", "--export", str(uncertain))
    some = load(uncertain)
    assert 0 < len(some) < len(rows)


@pytest.mark.parametrize(
    ("words", "said"),
    [(("--all",), "needs --export"), (("--export", "a", "--import", "b"), "given together")],
)
def test_flags_that_exclude_each_other(words, said, tmp_path):
    error = CliRunner().invoke(command, ["r", *words, "--runs", str(tmp_path)]).exception
    assert isinstance(error, InputError)
    assert said in str(error)
