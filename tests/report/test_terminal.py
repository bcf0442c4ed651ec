"""The report as it is printed: golden renderings at fixed widths, and what holds at any width."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from mmra_api.benchmarks import Published, load_published
from mmra_api.report.aggregate import summarise
from mmra_api.report.summary import Summary
from mmra_api.report.terminal import print_report, render
from mmra_api.types import Params, Record, RunInfo, Subtask

Info = Callable[..., RunInfo]
Make = Callable[..., Record]
MakeMany = Callable[..., Iterator[Record]]

MIXED = ("correct", "wrong", "correct", "unparsed", "correct", "failed")
PUBLISHED = load_published({"IQ"})[:1]


@pytest.fixture(scope="session")
def pair(info: Info, records: MakeMany) -> list[Summary]:
    """A simulated run and one that is not finished."""
    toy = info("toy", model="openai/careful")
    real = info("real", model="openai/a-model-with-quite-a-long-name-2026-01-31", planned=1024)
    return [*summarise(toy, records(*MIXED, simulated=True)), *summarise(real, records("correct", "wrong", "correct"))]


def shown(summaries: list[Summary], width: int | None = None, published: tuple[Published, ...] = ()) -> str:
    return "\n".join(line.plain.rstrip() for line in render(summaries, width=width, published=published))


def part(text: str, title: str) -> str:
    """The table under a title, without what follows its closing rule."""
    lines = text.split(f"\n{title}\n\n")[1].splitlines()
    rules = [number for number, line in enumerate(lines) if set(line) == {"─"}]
    return "\n".join(lines[: rules[1] + 1]) + "\n"


def test_golden_comparison_in_100_columns(pair: list[Summary]) -> None:
    assert part(shown(pair, 100, PUBLISHED), "Accuracy, percent") == dedent("""\
                                                          ─ entity ──   image   ─────── all samples ────────
                                                             RP    US     Env   overall       95 %  macro  n
        ────────────────────────────────────────────────────────────────────────────────────────────────────
        IQ · images and question
        openai/careful  SIMULATED                          50.0  50.0    50.0      50.0  18.8–81.2   50.0  6
        openai/a-model-with-quite-a-long-name-2026-01-31  100.0   0.0   100.0      66.7  20.8–93.9   66.7  3
          incomplete 3/1,024
        GPT4o  published                                   43.2  65.7    90.0      66.8          –      –  –
        ────────────────────────────────────────────────────────────────────────────────────────────────────
        """)


def test_golden_comparison_in_40_columns(pair: list[Summary]) -> None:
    assert part(shown(pair[:1], 40, PUBLISHED), "Accuracy, percent") == dedent("""\
          ─ entity ─   image   all samples
            RP    US     Env       overall
        ──────────────────────────────────
        IQ · images and question
        openai/careful  SIMULATED
          95 % 18.8–81.2  macro 50.0  n 6
          50.0  50.0    50.0          50.0
        GPT4o  published
          43.2  65.7    90.0          66.8
        ──────────────────────────────────
        """)


def test_golden_outcomes_in_80_columns(pair: list[Summary]) -> None:
    assert part(shown(pair, 80), "What became of every sample") == dedent("""\
          ─ answered ──  ─────────── no answer read ────────────  ──── percent ─────
          correct wrong  unparsed refused truncated empty failed  answered    bounds
        ────────────────────────────────────────────────────────────────────────────
        IQ · images and question
        openai/careful  SIMULATED
                3     1         1       0         0     0      1      66.7 50.0–83.3
        openai/a-model-with-quite-a-long-name-2026-01-31  incomplete 3/1,024
                2     1         0       0         0     0      0     100.0 66.7–66.7
        ────────────────────────────────────────────────────────────────────────────
        """)


def test_golden_detail_of_a_single_run(pair: list[Summary]) -> None:
    assert part(shown(pair[:1], 80), "In detail") == dedent("""\
                                                       ───────── outcomes ──────────
                                 n accuracy      95 %  correct wrong unparsed failed
        ────────────────────────────────────────────────────────────────────────────
        IQ · images and question
        RP            SIMULATED  2     50.0  9.5–90.5        1     0        1      0
        US            SIMULATED  2     50.0  9.5–90.5        1     1        0      0
        Env           SIMULATED  2     50.0  9.5–90.5        1     0        0      1
        level entity  SIMULATED  4     50.0 15.0–85.0        2     1        1      0
        level image   SIMULATED  2     50.0  9.5–90.5        1     0        0      1
        kind choice   SIMULATED  6     50.0 18.8–81.2        3     1        1      1
        overall       SIMULATED  6     50.0 18.8–81.2        3     1        1      1
        ────────────────────────────────────────────────────────────────────────────
        """)


@given(width=st.integers(52, 300))
def test_no_width_cuts_a_name_or_a_number(pair: list[Summary], width: int) -> None:
    lines = render(pair, published=PUBLISHED, width=width)
    assert max(line.cell_len for line in lines) <= width
    words = set(" ".join(line.plain for line in lines).split())
    assert words >= {
        "openai/a-model-with-quite-a-long-name-2026-01-31",
        "3/1,024",
        "18.8–81.2",
        "truncated",
        "50.0–83.3",
    }


@pytest.mark.parametrize("width", [60, 80, 100, 140, None])
def test_every_row_of_a_simulated_model_says_so(pair: list[Summary], width: int | None) -> None:
    lines = shown(pair[:1], width, PUBLISHED).splitlines()
    rows = [number for number, line in enumerate(lines) if line.startswith("openai/careful")]
    assert len(rows) >= 3
    assert all("SIMULATED" in lines[number] + lines[number + 1] for number in rows)
    assert any(line.startswith("SIMULATED: these replies come from the sandbox") for line in lines)


def test_a_measured_run_is_not_called_simulated(pair: list[Summary]) -> None:
    assert "SIMULATED" not in shown(pair[1:])


def test_the_best_is_bold(info: Info, records: MakeMany) -> None:
    good = summarise(info("a", model="x/good"), records(*["correct"] * 6))
    bad = summarise(info("b", model="x/bad"), records(*["wrong"] * 6))
    line = next(line for line in render([*good, *bad], width=140) if line.plain.startswith("x/good"))
    bold = [line.plain[span.start : span.end] for span in line.spans if span.style == "bold"]
    assert bold == ["100.0"] * 5


def test_forty_subtasks_with_long_names_break_into_tables(info: Info, record: Make) -> None:
    columns = tuple(Subtask(abbrev=f"a-rather-long-subtask-{i}", name=f"n{i}") for i in range(40))
    run = info(columns=columns, planned=40)
    summaries = summarise(run, [record(str(i), subtask=column.abbrev) for i, column in enumerate(columns)])
    lines = render(summaries, width=100)
    assert max(line.cell_len for line in lines) <= 100
    words = " ".join(line.plain for line in lines).split()
    assert all(words.count(column.abbrev) == 2 for column in columns)


def test_a_single_subtask_without_a_level(info: Info, record: Make) -> None:
    run = info(columns=(Subtask(abbrev="all", name="all"),), planned=1)
    assert part(shown(list(summarise(run, [record("1", subtask="all")]))), "Accuracy, percent") == dedent("""\
                              ──────── all samples ────────
                        all   overall        95 %  macro  n
        ───────────────────────────────────────────────────
        IQ · images and question
        openai/gpt-x  100.0     100.0  20.7–100.0  100.0  1
        ───────────────────────────────────────────────────
        """)


def test_a_run_without_records(info: Info) -> None:
    text = shown(list(summarise(info(), [])), 80)
    assert "incomplete 0/6" in text
    assert "–" in part(text, "Accuracy, percent")


def test_no_runs() -> None:
    assert shown([]) == "No runs to report."


def test_a_derived_run_does_not_claim_its_parents_calls(info: Info, records: MakeMany) -> None:
    text = shown(list(summarise(info(parent="before"), records(*MIXED))))
    assert "re-scored from before" in text
    assert "made no calls of its own" in text


def test_a_control_character_in_a_name_does_not_reach_the_terminal(info: Info, record: Make) -> None:
    run = info("x\x1b[2J", model="openai/\x1b[31mred\x07", planned=9)
    text = shown(list(summarise(run, [record("\x1b]0;", "failed"), record("2", model="\x9b31m")])))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)


def test_a_pipe_gets_plain_uncut_text(pair: list[Summary]) -> None:
    text = io.StringIO()
    print_report(pair, console=Console(file=text, width=80))
    assert "\x1b" not in text.getvalue()
    line = next(line for line in text.getvalue().splitlines() if line.startswith("openai/a-model"))
    assert line.split()[-4:] == ["66.7", "20.8–93.9", "66.7", "3"]


def test_a_terminal_gets_colour_at_its_width(pair: list[Summary]) -> None:
    text = io.StringIO()
    print_report(pair, console=Console(file=text, width=80, force_terminal=True, color_system="standard"))
    assert "\x1b[" in text.getvalue()
    assert max(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in text.getvalue().splitlines()) <= 80


def test_an_ascii_stream_gets_ascii(pair: list[Summary]) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    print_report(pair, console=Console(file=stream))
    stream.flush()


def test_importing_the_report_is_light() -> None:
    heavy = "import sys, mmra_api.report; print([m for m in ('rich', 'PIL', 'numpy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_runs_that_differ_in_parameters_look_different(info: Info, records: MakeMany) -> None:
    asked = [
        Params(),
        Params(max_tokens=16384, temperature=1.0, top_p=0.5, effort="high", thinking_budget=2000, seed=3),
        Params(system="Be brief. " * 9, image_detail="low", logprobs=0, stop=("END",), extra={"tier": {"a": 1}}),
    ]
    runs = [replace(info(f"run{number}"), params=params) for number, params in enumerate(asked)]
    text = " ".join(shown([s for run in runs for s in summarise(run, records(*MIXED))], 80).split())
    assert "run run0: openai/gpt-x, mmra, data abababababab, direct, extractor rules run run1" in text
    assert "rules, max tokens 16,384, temperature 1, top-p 0.5, effort high, thinking budget 2,000, seed 3 run" in text
    assert "detail low, logprobs 0, stop 'END', system 'Be brief. Be brief. Be brief. Be brief.…'," in text
    assert 'tier={"a": 1}' in text
