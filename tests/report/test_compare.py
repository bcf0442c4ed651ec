"""Which rows stand where, what is said about them, and which value is best."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from mmra_api.benchmarks import load_published
from mmra_api.report.advice import next_steps
from mmra_api.report.aggregate import summarise
from mmra_api.report.compare import compare, percent
from mmra_api.report.notes import answering_models, captions, warnings
from mmra_api.report.summary import Summary
from mmra_api.types import Record, RunInfo, Subtask

Info = Callable[..., RunInfo]
Make = Callable[..., Record]
MakeMany = Callable[..., Iterator[Record]]

GOOD = ("correct",) * 5 + ("wrong",)
BAD = ("wrong",) * 5 + ("correct",)


@pytest.fixture
def row(info: Info, records: MakeMany) -> Callable[..., Summary]:
    def make(name: str, outcomes: tuple[str, ...], *, simulated: bool = False, **about: object) -> Summary:
        (summary,) = summarise(info(name, **about), records(*outcomes, simulated=simulated))
        return summary

    return make


def best_overall(*summaries: Summary, published: bool = False) -> list[bool]:
    rows = load_published({"IQ"}) if published else ()
    return [row.best[-2] for section in compare(summaries, rows).sections for row in section.rows]


def test_the_best_of_two_complete_runs(row: Callable[..., Summary]) -> None:
    assert best_overall(row("a", GOOD), row("b", BAD)) == [True, False]


def test_equal_values_are_both_best(row: Callable[..., Summary]) -> None:
    assert best_overall(row("a", GOOD), row("b", GOOD)) == [True, True]


def test_one_row_is_not_best_of_anything(row: Callable[..., Summary]) -> None:
    assert best_overall(row("a", GOOD), published=True) == [False] * 9


@pytest.mark.parametrize(
    "rival",
    [{"simulated": True}, {"model": "baseline/first"}, {"planned": 7}],
    ids=["simulated", "baseline", "incomplete"],
)
def test_what_is_no_rival_for_a_measured_row(row: Callable[..., Summary], rival: dict[str, object]) -> None:
    assert best_overall(row("a", BAD), row("b", BAD), row("c", GOOD, **rival)) == [True, True, False]


def test_simulated_rows_compete_among_themselves(row: Callable[..., Summary]) -> None:
    rows = row("a", GOOD, simulated=True), row("b", BAD, simulated=True), row("c", GOOD, model="baseline/random")
    assert best_overall(*rows) == [True, False, False]


def test_settings_do_not_compete(info: Info, records: MakeMany) -> None:
    run = info(settings=("IQ", "QO"), planned=12)
    summaries = summarise(run, [*records(*GOOD), *records(*BAD, setting="QO")])
    sections = compare(summaries, load_published()).sections
    assert [(s.setting, len(s.rows), s.rows[0].best[-2]) for s in sections] == [("IQ", 9, False), ("QO", 10, False)]


@pytest.mark.parametrize(
    ("about", "marks"),
    [
        ({}, ()),
        ({"simulated": True}, ("simulated",)),
        ({"model": "baseline/random"}, ("baseline",)),
        ({"planned": 1024}, ("incomplete 6/1,024",)),
        ({"parent": "before"}, ("re-scored from before",)),
        ({"trials": 3}, ("3 trials",)),
        ({"planned": 7, "simulated": True}, ("simulated", "incomplete 6/7")),
    ],
)
def test_marks(row: Callable[..., Summary], about: dict[str, object], marks: tuple[str, ...]) -> None:
    assert compare([row("a", GOOD, **about)]).sections[0].rows[0].marks == marks


def test_equal_models_are_told_apart(row: Callable[..., Summary]) -> None:
    rows = compare([row("a", GOOD), row("b", GOOD, extractor="official")]).sections[0].rows
    assert [r.marks for r in rows] == [("extractor rules", "run a"), ("extractor official", "run b")]


def test_columns_of_a_level_stand_together(row: Callable[..., Summary]) -> None:
    more = (
        Subtask(abbrev="OA", name="ObservationAngle", level="image"),
        Subtask(abbrev="AS", name="x", level="entity"),
    )
    columns = compare([row("a", GOOD), row("b", GOOD, columns=more)]).columns
    assert [c.abbrev for c in columns] == ["RP", "US", "AS", "Env", "OA"]


def test_a_chosen_subtask_hides_the_others(info: Info, record: Make) -> None:
    def abbrevs(**about: object) -> list[str]:
        return [c.abbrev for c in compare(summarise(info(**about), [record("1")])).columns]

    assert abbrevs() == ["RP", "US", "Env"]
    assert abbrevs(subtasks=("RP",)) == ["RP"]


def test_percent_is_rounded_once() -> None:
    assert [percent(x) for x in (2 / 3, 0.0, 1.0, 0.9996, None)] == ["66.7", "0.0", "100.0", "100.0", "–"]


def test_warnings_name_what_cannot_be_compared(row: Callable[..., Summary]) -> None:
    one = row("a", GOOD)
    assert warnings([one, row("b", BAD)]) == []
    assert "different data" in warnings([one, row("b", GOOD, fingerprint="cd" * 32)])[0]
    assert "different sets of samples" in warnings([one, row("b", GOOD[:3])])[0]
    assert "some count twice" in warnings([row("a", GOOD, planned=5)])[0]


def test_published_rows_are_about_mmra(row: Callable[..., Summary]) -> None:
    published = load_published({"IQ"})
    (said,) = warnings([row("a", GOOD)], published)
    assert "about all 1,024 samples of MMRA, but these runs are about 6 of made" in said
    assert warnings([row("a", GOOD)]) == []
    assert "not comparable" in warnings([row("a", GOOD, benchmark="probes")], published)[0]


@pytest.mark.parametrize(
    ("models", "said"),
    [
        (["gpt-x"], []),
        (["gpt-x-2"], ["run first: openai/gpt-x was answered by gpt-x-2"]),
        (["gpt-x", "gpt-y"], ["run first: 2 model ids answered for openai/gpt-x: gpt-x, gpt-y"]),
        ([""], []),
    ],
)
def test_answering_models(info: Info, record: Make, models: list[str], said: list[str]) -> None:
    summaries = summarise(info(), [record(str(i), model=m) for i, m in enumerate(models)])
    assert list(answering_models(summaries)) == said


def test_next_steps_point_at_the_run_with_most_cases(info: Info, record: Make) -> None:
    few = summarise(info("few", planned=1), [record("1", "failed", failure="not_cached")])
    many = summarise(info("my run", planned=4), [record(f"{i}", "failed") for i in range(2)])
    steps = [(text.split(":")[0], command) for text, command in next_steps([*few, *many])]
    assert steps == [
        ("2 failed (timeout)", "mmra show 'my run' timeout"),
        ("not_cached", ""),
        ("2 not asked yet (my run)", ""),
    ]


def test_nothing_to_do_after_a_clean_run(row: Callable[..., Summary]) -> None:
    assert list(next_steps([row("a", GOOD)])) == []


def test_the_caption_states_the_denominator(row: Callable[..., Summary]) -> None:
    summaries = [row("a", GOOD)]
    assert any("correct answers over all n samples" in text for text in captions(summaries, compare(summaries)))


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("server", "it asks only for what is missing"),
        ("timeout", "--timeout, run the same command again"),
        ("bad_request", "`mmra models --check SERVICE/ID`"),
        ("parameter", "change or leave out the parameter"),
        ("too_large", "--image-policy"),
    ],
)
def test_what_would_help_depends_on_the_kind_of_failure(info: Info, record: Make, kind: str, said: str) -> None:
    failed = summarise(info("mine", planned=2), [record(f"{i}", "failed", failure=kind) for i in range(2)])
    ((text, command),) = next_steps(failed)
    assert said in text
    assert command == f"mmra show mine {kind}"
    assert ("would fail again" in text) == (kind in {"bad_request", "parameter", "too_large"})
