"""Round trips through JSON and CSV, and the structure of Markdown and LaTeX."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator

import pytest

from mmra_api.benchmarks import load_published
from mmra_api.report.aggregate import summarise
from mmra_api.report.latex import escape
from mmra_api.report.summary import OUTCOMES, Summary
from mmra_api.report.tables import CSV_COLUMNS, to_csv, to_json, to_latex, to_markdown
from mmra_api.types import Record, RunInfo, Subtask

Info = Callable[..., RunInfo]
Make = Callable[..., Record]
MakeMany = Callable[..., Iterator[Record]]


@pytest.fixture
def summaries(info: Info, records: MakeMany) -> list[Summary]:
    """Two measured runs in two settings, a simulated one, and a baseline with few samples."""
    settings = info("a", settings=("IQ", "QO"), planned=12)
    both = [*records(*OUTCOMES[:6]), *records(*["correct"] * 6, setting="QO")]
    return [
        *summarise(settings, both),
        *summarise(info("b", model="openai/gpt_y"), records(*["wrong"] * 6)),
        *summarise(info("c", model="openai/toy"), records(*["correct"] * 6, simulated=True)),
        *summarise(info("d", model="baseline/first", planned=99), records("correct")),
    ]


PUBLISHED = load_published({"IQ"})[:1]


def test_json_holds_every_figure(summaries: list[Summary]) -> None:
    report = json.loads(to_json(summaries, PUBLISHED))
    first = report["rows"][0]
    assert (first["run"], first["setting"], first["origin"], first["n"], first["planned"]) == (
        "a",
        "IQ",
        "measured",
        6,
        6,
    )
    assert {key: first["overall"][key] for key in OUTCOMES} == {o: int(o != "failed") for o in OUTCOMES}
    assert first["overall"]["interval"] == list(summaries[0].overall.interval)
    assert [cell["abbrev"] for cell in first["subtasks"]] == ["RP", "US", "Env"]
    assert first["subtasks"][0]["accuracy"] == 0.5
    assert first["info"]["data"]["fingerprint"] == "ab" * 32
    assert [row["origin"] for row in report["rows"]] == ["measured", "measured", "measured", "simulated", "baseline"]
    assert [row["complete"] for row in report["rows"]] == [True, True, True, True, False]
    assert report["published"] == [
        {
            "model": "GPT4o",
            "setting": "IQ",
            "overall": 0.668,
            "subtasks": dict(PUBLISHED[0].subtasks),
            "published": True,
        }
    ]
    assert any("different sets of samples" in text for text in report["warnings"])


def test_csv_is_tidy(summaries: list[Summary]) -> None:
    lines = list(csv.DictReader(io.StringIO(to_csv(summaries, PUBLISHED))))
    assert tuple(lines[0]) == CSV_COLUMNS
    keys = [(row["run"], row["model"], row["setting"], row["scope"], row["name"]) for row in lines]
    assert len(set(keys)) == len(keys)
    for row in lines:
        if row["n"]:
            assert int(row["n"]) == sum(int(row[outcome]) for outcome in OUTCOMES)
            assert row["accuracy"] == (repr(int(row["correct"]) / int(row["n"])) if int(row["n"]) else "")
            assert 0 <= float(row["low"]) <= float(row["high"]) <= 1
    scopes = [row["scope"] for row in lines if row["run"] == "a" and row["setting"] == "IQ"]
    assert scopes == ["overall", "macro", "level", "level", "kind", "subtask", "subtask", "subtask"]


def test_csv_marks_every_line(summaries: list[Summary]) -> None:
    lines = list(csv.DictReader(io.StringIO(to_csv(summaries, PUBLISHED))))
    assert {row["simulated"] for row in lines if row["run"] == "c"} == {"true"}
    assert {row["simulated"] for row in lines if row["run"] != "c"} == {"false"}
    assert {row["published"] for row in lines if not row["run"]} == {"true"}
    assert {row["published"] for row in lines if row["run"]} == {"false"}
    assert {row["complete"] for row in lines if row["run"] == "d"} == {"false"}


def test_csv_and_json_agree(summaries: list[Summary]) -> None:
    from_json = {(r["run"], r["setting"]): r["overall"]["accuracy"] for r in json.loads(to_json(summaries))["rows"]}
    lines = csv.DictReader(io.StringIO(to_csv(summaries)))
    from_csv = {(r["run"], r["setting"]): float(r["accuracy"]) for r in lines if r["scope"] == "overall"}
    assert from_csv == from_json


def test_markdown_is_one_table_with_marks(summaries: list[Summary]) -> None:
    lines = to_markdown(summaries, PUBLISHED).splitlines()
    table = [line for line in lines if line.startswith("|")]
    assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table}) == 1
    cells = {line.split(" | ")[0].lstrip("| "): [c.strip() for c in line.split(" | ")] for line in table}
    assert cells["openai/toy"][2] == "**simulated**"
    assert cells["GPT4o"][1:4] == ["IQ", "published", "43.2"]
    assert cells["openai/gpt\\_y"][2] == ""
    assert cells["baseline/first"][2] == "baseline, incomplete 1/99"
    assert any(line.startswith("- SIMULATED") for line in lines)


def test_markdown_survives_names_with_markup(info: Info, record: Make) -> None:
    columns = (Subtask(abbrev="a|b", name="a|b"),)
    text = to_markdown(summarise(info(model="x/*y*\n|z", columns=columns), [record("1", subtask="a|b")]))
    assert r"x/\*y\* \|z" in text
    assert r"a\|b" in text


def check_latex(text: str) -> list[str]:
    """Check what a compiler would trip over: environments, braces, and the number of columns in every row."""
    plain = re.sub(r"%.*", "", re.sub(r"\\[\\{}&%$#_]", lambda m: m[0] if m[0] == r"\\" else "", text))
    depth = 0
    for sign in plain:
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0
    opened = re.findall(r"\\begin\{(\S+?)\}", plain)
    assert re.findall(r"\\end\{(\S+?)\}", plain) == opened[::-1]
    width = 1 + int(re.findall(r"l\*\{(\d+)\}\{r\}", plain)[0])
    rows = [line for line in plain.splitlines() if line.endswith(r"\\")]
    for row in rows:
        spans = [int(n) for n in re.findall(r"\\multicolumn\{(\d+)\}", row)]
        assert row.count("&") + 1 + sum(spans) - len(spans) == width, row
    return rows


@pytest.mark.parametrize("intervals", [True, False])
def test_latex_structure(summaries: list[Summary], intervals: bool) -> None:
    text = to_latex(summaries, PUBLISHED, intervals=intervals)
    rows = check_latex(text)
    assert r"\multicolumn{2}{c}{entity} & \multicolumn{1}{c}{image}" in rows[0]
    assert r"\cmidrule(lr){2-3}\cmidrule(lr){4-4}" in text
    assert sum("--" in row for row in rows if row.startswith("openai/gpt-x")) == 2 * intervals
    for part in (r"\toprule", r"\midrule", r"\bottomrule", "IQ: images and question", "QO: question only"):
        assert part in text


def test_latex_marks(summaries: list[Summary]) -> None:
    text = to_latex(summaries, PUBLISHED)
    assert r"openai/toy {\footnotesize (\textbf{simulated})} & 100.0" in text
    assert r"GPT4o {\footnotesize (published)} & 43.2" in text
    assert r"baseline/first {\footnotesize (baseline, incomplete 1/99)}" in text
    assert r"openai/gpt-x & \textbf{50.0}" in text
    assert r"openai/gpt\_y & 0.0" in text
    assert "SIMULATED" in text


def test_latex_survives_any_name(info: Info, record: Make) -> None:
    name = "[x]*" + "\\&%$#_{}~^<>|\n" + "é"
    columns = (Subtask(abbrev="50%_&", name="half"),)
    check_latex(to_latex(summarise(info(model=name, columns=columns), [record("1", subtask="50%_&")])))
    assert escape("[x]*_1") == r"{[}x{]}{*}\_1"
    assert escape("a\\b") == r"a\textbackslash{}b"


def test_every_format_renders_a_run_without_records(info: Info) -> None:
    summaries = summarise(info(), [])
    assert json.loads(to_json(summaries))["rows"][0]["overall"]["accuracy"] is None
    assert to_csv(summaries).splitlines()[1].startswith("first,openai/gpt-x,IQ,overall,,0,6,0,")
    assert "incomplete 0/6" in to_markdown(summaries)
    check_latex(to_latex(summaries))
