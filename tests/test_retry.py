"""Asking again only what was cut, through real parts."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from mmra_api.errors import CallError, RunError
from mmra_api.providers.remote import Remote
from mmra_api.report.advice import next_steps
from mmra_api.report.aggregate import summarise
from mmra_api.report.compare import compare
from mmra_api.report.notes import captions
from mmra_api.run import carry_out, evaluate
from mmra_api.runs.estimates import quote
from mmra_api.runs.folder import load_run
from mmra_api.runs.plan import Plan
from mmra_api.runs.rescoring import rescore
from mmra_api.sandbox import Sandbox
from mmra_api.sandbox.faults import Faults
from mmra_api.types import Params

WEAK = "groq/simulated-weak"


@pytest.fixture
def make(job, jsonl, tmp_path):
    own = str(jsonl(tmp_path / "own", 24))
    return lambda sandbox, **fields: job(**{"benchmark": own, "model": WEAK, "base_url": sandbox.base_url} | fields)


def cut(tokens: int = 4) -> dict:
    return {"params": Params(max_tokens=tokens)}


def again(tokens: int = 600) -> dict:
    return {"params": Params(max_tokens=tokens), "retry": ("truncated",)}


def outcomes(run) -> dict[str, str]:
    return {record.sample: record.score.outcome for record in run.records()}


async def test_only_what_was_truncated_is_asked_again_and_the_rest_stands(make):
    with Sandbox(seed=3) as sandbox:
        first = await evaluate(make(sandbox, **cut()))
        short = [sample for sample, outcome in outcomes(first).items() if outcome == "truncated"]
        assert 0 < len(short) < 24
        offer = quote(make(sandbox, **again()))
        assert (offer.records, offer.calls) == (len(short), len(short))
        second = await evaluate(make(sandbox, **again()))
        assert sandbox.counters.paid == 24 + len(short)
    assert "truncated" not in outcomes(second).values()
    kept = {record.sample: record for record in second.records() if record.sample not in short}
    for record in first.records():
        if record.sample in kept:
            mine = kept[record.sample]
            assert (mine.answer, mine.score, mine.response.text) == (record.answer, record.score, record.response.text)
            assert (mine.response.source, mine.response.attempts) == ("cache", 0), "nobody was asked for it this time"
    info = second.info
    assert (info.name, info.parent) == (f"{first.info.name}.retry", first.info.name)
    assert (info.retried.outcomes, info.retried.samples) == (("truncated",), len(short))
    assert (info.retried.params.max_tokens, info.params.max_tokens, info.sent["max_completion_tokens"]) == (4, 600, 600)
    assert info.spent.calls == len(short)
    assert outcomes(load_run(first.folder)) == outcomes(first), "nothing overwrites a run"


async def test_the_report_says_how_and_then_what_was_done(make):
    with Sandbox(seed=3) as sandbox:
        first = summarise((run := await evaluate(make(sandbox, **cut()))).info, run.records())
        (advice,) = [step for step, _ in next_steps(first) if "truncated" in step]
        assert "`--retry truncated --max-tokens 16`" in advice
        run = await evaluate(make(sandbox, **again()))
    second = summarise(run.info, run.records())
    said = " ".join(captions(second, compare(second)))
    assert "with max_tokens 600 instead of 4" in said


async def test_what_failed_in_a_retry_is_asked_again_with_what_was_truncated(make, monkeypatch):
    words = iter("abcdefghijklmnopqrstuvwxyz")

    async def refuse(*_):
        raise CallError("too_large", f"other words each time, or the run would end: {next(words)}")

    with Sandbox(seed=3) as sandbox:
        first = await evaluate(make(sandbox, **cut()))
        short = [sample for sample, outcome in outcomes(first).items() if outcome == "truncated"]
        assert short
        with monkeypatch.context() as patch:
            patch.setattr(Remote, "send", refuse)
            second = await evaluate(make(sandbox, **again(99999)))
        assert {sample for sample, outcome in outcomes(second).items() if outcome == "failed"} == set(short)
        third = await evaluate(make(sandbox, **again()))
    assert third.info.parent == second.info.name
    assert {"failed", "truncated"}.isdisjoint(outcomes(third).values())


async def test_a_retry_that_was_interrupted_goes_on_and_pays_once(make):
    with Sandbox(seed=3) as sandbox:
        first = await evaluate(make(sandbox, **cut()))
        short = sum(outcome == "truncated" for outcome in outcomes(first).values())
        plan = Plan.make(make(sandbox, **again()))
        seen = []

        def interrupt(record) -> None:
            seen.append(record)
            if len(seen) == 2:
                raise RuntimeError("the power went out")

        with pytest.raises(RuntimeError):
            await carry_out(plan, on_record=interrupt)
        second = await evaluate(make(sandbox, **again()))
        assert second.info.name == f"{first.info.name}.retry"
        assert len(outcomes(second)) == len(list(second.records())) == 24
        assert sandbox.counters.paid == 24 + short


async def test_a_second_retry_goes_on_from_the_first(make):
    with Sandbox(seed=3) as sandbox:
        await evaluate(make(sandbox, **cut(2)))
        second = await evaluate(make(sandbox, **again(6)))
        left = sum(outcome == "truncated" for outcome in outcomes(second).values())
        assert left
        third = await evaluate(make(sandbox, **again()))
    assert (third.info.parent, third.info.retried.samples) == (second.info.name, left)
    assert "truncated" not in outcomes(third).values()


@pytest.mark.parametrize("fields", [{"model": "groq/simulated-strong"}, {"limit": 5}, {"style": "cot"}, {"trials": 2}])
async def test_another_job_has_no_run_to_go_back_to(make, fields):
    with Sandbox(seed=3) as sandbox:
        await evaluate(make(sandbox, **cut()))
        with pytest.raises(RunError, match=r"--retry truncated: no finished run of this job .* without --retry first"):
            await evaluate(make(sandbox, **again(), **fields))


async def test_the_same_retry_again_goes_on_from_the_same_run(make):
    with Sandbox(seed=3) as sandbox:
        first = await evaluate(make(sandbox, **cut()))
        second = await evaluate(make(sandbox, **again()))
        paid = sandbox.counters.paid
        third = await evaluate(make(sandbox, **again()))
        assert sandbox.counters.paid == paid
    assert third.info.parent == second.info.parent == first.info.name
    assert outcomes(third) == outcomes(second)


async def test_what_failed_in_a_retry_is_asked_again_by_the_same_command(make):
    with Sandbox(seed=3) as sandbox:
        await evaluate(make(sandbox, **cut()))
        port = int(sandbox.root_url.rpartition(":")[2])  # the address is part of what is asked
    with Sandbox(seed=3, faults=Faults(always="500"), port=port) as sandbox:
        broken = await evaluate(make(sandbox, **again(), name="again"))
        assert "failed" in outcomes(broken).values()
    with Sandbox(seed=3, port=port) as sandbox:
        mended = await evaluate(make(sandbox, **again(), name="again"))
    assert mended.info.name == "again"
    assert not {"failed", "truncated"} & set(outcomes(mended).values())
    assert len(list(mended.records())) == 24


async def test_asking_the_very_same_is_refused(make):
    with Sandbox(seed=3) as sandbox:
        await evaluate(make(sandbox, **cut()))
        with pytest.raises(RunError, match=r"same parameters.*--max-tokens, --effort or --thinking-budget"):
            await evaluate(make(sandbox, **cut(), retry=("truncated",)))


async def test_a_run_that_found_nothing_offline_is_no_run_to_go_back_to(make):
    with Sandbox(seed=3) as sandbox:
        first = await evaluate(make(sandbox, **cut()))
        await evaluate(make(sandbox, **again(300) | {"retry": ()}, offline=True))
        await evaluate(make(sandbox, **again(300), offline=True))
        second = await evaluate(make(sandbox, **again(300)))
    assert second.info.parent == first.info.name
    assert "truncated" not in outcomes(second).values()


async def test_a_damaged_run_nearby_is_passed_over_and_reading_again_is_no_asking(make, tmp_path):
    with Sandbox(seed=3) as sandbox:
        await evaluate(make(sandbox, **cut()))
        (tmp_path / "runs" / "broken").mkdir()
        (tmp_path / "runs" / "broken" / "run.json").write_text("{")
        second = await evaluate(make(sandbox, **again()))
    derived, _ = await rescore(second, "official", runs=tmp_path / "runs")
    assert (derived.info.parent, derived.info.retried) == (second.info.name, None)


async def test_nothing_to_ask_again_is_said(make):
    with Sandbox(seed=3) as sandbox:
        run = await evaluate(make(sandbox, params=Params(max_tokens=600)))
        with pytest.raises(RunError, match=f"nothing in the run '{run.info.name}' is truncated, so there is nothing"):
            await evaluate(make(sandbox, **again(900)))
        with pytest.raises(RunError, match="is truncated, so there is nothing to ask again"):
            await evaluate(make(sandbox, **again(600)))


async def test_after_a_retry_that_succeeded_there_is_nothing_to_ask_again(make):
    with Sandbox(seed=3) as sandbox:
        await evaluate(make(sandbox, **cut()))
        second = await evaluate(make(sandbox, **again()))
        for tokens in (4, 900):
            with pytest.raises(RunError, match=f"nothing in the run '{second.info.name}' is truncated"):
                await evaluate(make(sandbox, **again(tokens)))


async def test_a_run_of_before_the_format_was_recorded_is_gone_back_to(make):
    with Sandbox(seed=3) as sandbox:
        first = await evaluate(make(sandbox, **cut()))
        assert first.info.wire == "openai_chat"
        file = first.folder / "run.json"
        file.write_bytes(msgspec.json.encode(replace(first.info, wire="")))
        assert (await evaluate(make(sandbox, **again()))).info.parent == first.info.name
