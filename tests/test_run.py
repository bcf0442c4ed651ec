"""The whole flow through real parts: data on disk, the real SDK over real HTTP, a cache, a run folder."""

from __future__ import annotations

import asyncio
import resource
from collections import Counter
from dataclasses import replace

import msgspec
import pytest

from mmra_api.dispatch import Dispatcher
from mmra_api.errors import CallError, InputError, PromptError, RunError, Stopped
from mmra_api.report.aggregate import summarise
from mmra_api.run import carry_out, evaluate
from mmra_api.runs.estimates import quote
from mmra_api.runs.folder import load_run
from mmra_api.runs.plan import Plan
from mmra_api.runs.rescoring import rescore
from mmra_api.runs.writer import RunWriter
from mmra_api.sandbox import Sandbox
from mmra_api.sandbox.faults import Faults
from mmra_api.types import Image, Params, RateLimits, Record


@pytest.fixture
def own(tmp_path, jsonl):
    return str(jsonl(tmp_path / "own", 24))


@pytest.fixture
def ask(job, own):
    """Return a function that runs a job on the user's own questions."""

    async def run(sandbox: Sandbox, model: str = "openai/simulated-strong", **fields):
        return await evaluate(job(benchmark=own, model=model, base_url=sandbox.base_url, **fields))

    return run


async def test_a_run_records_every_sample_and_a_second_one_is_free(ask):
    with Sandbox() as sandbox:
        first = await ask(sandbox, settings=("IQ", "QO"))
        paid = sandbox.counters.paid
        second = await ask(sandbox, settings=("IQ", "QO"))
        assert sandbox.counters.paid == paid == sandbox.counters.unique_bodies
    records = list(first.records())
    assert {(record.sample, record.setting) for record in records} == {
        (f"q{number}", setting) for number in range(24) for setting in ("IQ", "QO")
    }
    assert (first.info.planned, bool(first.info.finished)) == (48, True)
    assert first.folder != second.folder
    assert {record.response.source for record in second.records()} == {"cache"}
    scores = [{(r.sample, r.setting): r.score for r in run.records()} for run in (first, second)]
    assert scores[0] == scores[1]


async def test_a_record_is_enough_to_report_and_to_read_again(ask):
    with Sandbox() as sandbox:
        run = await ask(sandbox)
    record = next(run.records())
    images = [part for part in record.prompt if isinstance(part, Image)]
    assert len(images) == 2
    assert all(image.path == "" for image in images), "no path of this machine"
    assert record.response.simulated
    assert record.question in " ".join(part for part in record.prompt if isinstance(part, str))
    assert record.answer.rule
    assert msgspec.json.decode(msgspec.json.encode(record), type=type(record)) == record


async def test_run_json_holds_what_is_needed_to_repeat_the_run(ask, own):
    with Sandbox() as sandbox:
        address = sandbox.base_url
        run = await ask(sandbox, params=Params(max_tokens=300), style="cot", limit=6, subtasks=("RP",))
    info = load_run(run.folder).info
    assert info == run.info
    assert (info.model, info.base_url, info.style, info.limit) == (
        "openai/simulated-strong",
        address,
        "cot",
        6,
    )
    assert (info.params.max_tokens, info.subtasks) == (300, ("RP",))
    assert len(info.data.fingerprint) == 64
    assert {template.name for template in info.templates} == {"choice.IQ.cot.jinja"}
    assert info.versions.keys() >= {"mmra-api", "python"}


@pytest.mark.parametrize(
    ("model", "fields", "wire", "sent"),
    [
        (
            "openai/m",
            {},
            "openai_chat",
            ("'image_url': {'url': 'data:image/png;base64,', 'detail': 'low'}", "'Be brief.'"),
        ),
        (
            "openai/m",
            {"wire": "openai_responses"},
            "openai_responses",
            ("'detail': 'low'", "'instructions': 'Be brief.'"),
        ),
    ],
)
async def test_run_json_holds_all_that_went_out_but_the_question(ask, model, fields, wire, sent):
    with Sandbox() as sandbox:
        run = await ask(sandbox, model, params=Params(system="Be brief.", image_detail="low"), limit=1, **fields)
        plain = await ask(sandbox, model, limit=1, settings=("QO",), **fields)
    assert (run.info.wire, load_run(run.folder).info.wire) == (wire, wire)
    assert all(text in str(run.info.sent) for text in sent)
    assert "What do both" not in str(run.info.sent)
    assert "image" not in str(plain.info.sent), "in this setting none goes out"
    assert ("store" in plain.info.sent) == (wire == "openai_responses")


async def test_the_detail_that_is_sent_unasked_is_recorded(ask):
    with Sandbox() as sandbox:
        assert "'detail': 'auto'" in str((await ask(sandbox, wire="openai_responses", limit=1)).info.sent)
        assert (await ask(sandbox, "baseline/first", limit=1)).info.sent == {}


async def test_faults_change_neither_the_scores_nor_what_is_paid(ask):
    with Sandbox() as fair:
        calm = await ask(fair)
    stormy = Faults(rates={"429": 0.2, "500": 0.1, "drop": 0.1, "html": 0.1, "cut": 0.1}, retry_after=0.01)
    with Sandbox(faults=stormy) as sandbox:
        run = await ask(sandbox)
        assert sandbox.counters.paid == sandbox.counters.unique_bodies == 24
        assert sum(sandbox.counters.faults.values()) > 0
    assert {r.sample: r.score for r in run.records()} == {r.sample: r.score for r in calm.records()}


async def test_a_lasting_fault_is_a_failed_record_never_a_wrong_answer(ask):
    with Sandbox(faults=Faults(always="500")) as sandbox:
        run = await ask(sandbox, limit=4)
    records = list(run.records())
    assert {record.score.outcome for record in records} == {"failed"}
    assert {record.failure.kind for record in records} == {"server"}
    assert {record.failure.attempts for record in records} == {3}
    (summary,) = summarise(run.info, iter(records))
    assert (summary.overall.failed, summary.overall.wrong, summary.overall.n) == (4, 0, 4)


async def test_offline_lists_what_is_missing(ask):
    with Sandbox() as sandbox:
        await ask(sandbox, limit=10)
        calls = sandbox.counters.calls
        run = await ask(sandbox, offline=True)
        assert sandbox.counters.calls == calls
    sources = Counter(record.failure.kind if record.failure else record.response.source for record in run.records())
    assert sources == {"cache": 10, "not_cached": 14}


async def test_a_fatal_failure_names_the_fix_and_leaves_no_empty_folder(ask, tmp_path):
    with Sandbox() as sandbox:
        with pytest.raises(CallError, match="check the model id 'missing-1'"):
            await ask(sandbox, model="openai/missing-1")
        assert sum(sandbox.counters.rejections.values()) <= 16
    assert list((tmp_path / "runs").iterdir()) == []


async def test_a_stopped_run_goes_on_where_it_was(job, own):
    started = []
    with Sandbox(latency=0.02) as sandbox:
        named = job(benchmark=own, model="openai/m", base_url=sandbox.base_url, name="mine", trials=2)
        named = replace(named, limits=RateLimits(concurrency=2))

        def stop_soon(record):
            started.append(record)
            if len(started) == 10:
                dispatchers[0].stop(Stopped("enough"))

        dispatchers = []
        with pytest.raises(Stopped, match="enough"):
            await carry_out(
                Plan.make(named), on_start=lambda _info, each, _done: dispatchers.append(each), on_record=stop_soon
            )
        half = load_run(named.runs / "mine")
        assert not half.info.finished
        assert 10 <= len(list(half.records())) < 48
        whole = await evaluate(named)
        assert sandbox.counters.paid == 48
    assert whole.folder == half.folder
    done = Counter((record.sample, record.trial) for record in whole.records())
    assert len(done) == 48
    assert set(done.values()) == {1}
    with pytest.raises(RunError, match="complete; nothing overwrites a run"):
        await evaluate(named)
    with pytest.raises(RunError, match="another job"):
        await evaluate(replace(named, style="cot"))


async def test_going_on_asks_failed_samples_again_and_drops_a_torn_line(job, own):
    with Sandbox(faults=Faults(always="500")) as sandbox:
        named = job(benchmark=own, model="openai/m", base_url=sandbox.base_url, name="mine", limit=4)
        failed = await evaluate(named)
        port = int(sandbox.base_url.split(":")[2].split("/")[0])
    with (failed.folder / "records.jsonl").open("ab") as lines:
        lines.write(b'{"sample":"q1","torn')
    with Sandbox(port=port) as sandbox:
        mended = await evaluate(named)
    records = list(mended.records())
    assert len(records) == 4
    assert all(record.failure is None for record in records)


async def test_a_baseline_needs_no_service_and_is_not_stored(job, own):
    run = await evaluate(job(benchmark=own, model="baseline/random", seed=3))
    again = await evaluate(job(benchmark=own, model="baseline/random", seed=3))
    other = await evaluate(job(benchmark=own, model="baseline/random", seed=4))
    texts = [{r.sample: r.response.text for r in each.records()} for each in (run, again, other)]
    assert texts[0] == texts[1] != texts[2]
    assert {record.response.source for record in run.records()} == {"local"}
    assert quote(job(benchmark=own, model="baseline/random")).requests == 0


async def test_a_quote_knows_what_is_in_the_cache(job, own, ask):
    with Sandbox() as sandbox:
        await ask(sandbox, limit=10)
        calls = sandbox.counters.calls
        offer = quote(job(benchmark=own, model="openai/simulated-strong", base_url=sandbox.base_url, trials=2))
        assert sandbox.counters.calls == calls
    assert (offer.records, offer.requests, offer.cached, offer.calls) == (48, 48, 10, 38)
    assert offer.image_bytes > 0


async def test_reading_again_makes_a_run_of_its_own_and_lists_the_flips(ask):
    with Sandbox() as sandbox:
        run = await ask(sandbox, model="openai/simulated-unruly")
        calls = sandbox.counters.calls
        before = (run.folder / "records.jsonl").read_bytes()
        derived, flips = await rescore(run, "official", runs=run.folder.parent)
        same, none = await rescore(run, "rules", runs=run.folder.parent)
        assert sandbox.counters.calls == calls
    assert (run.folder / "records.jsonl").read_bytes() == before
    assert (derived.info.parent, derived.info.extractor) == (run.info.name, "official")
    assert none == []
    assert len(list(same.records())) == 24
    changed = {
        old.sample
        for old, new in zip(run.records(), derived.records(), strict=True)
        if (old.answer.value, old.score.outcome) != (new.answer.value, new.score.outcome)
    }
    assert {flip.before.sample for flip in flips} == changed


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"extractor": "magic"}, "unknown extractor 'magic'; there are rules, strict, official"),
        ({"limits": RateLimits(concurrency=0)}, "--concurrency 0: give a number above 0"),
        ({"limit": 0}, "--limit 0"),
        ({"limits": RateLimits(rpm=-5)}, "--rpm -5"),
        ({"max_cost": float("nan")}, "--max-cost nan"),
        (
            {"model": "openai/m", "params": Params(stop=("x",))},
            "--stop cannot be sent in OpenAI's Responses: .* or give --wire openai_chat",
        ),
        ({"model": "openai/m", "params": Params(thinking_budget=5)}, r"--thinking-budget cannot be .* leave it out$"),
        ({"model": "anthropic/m", "params": Params(seed=5)}, r"--model-seed cannot be sent in .* leave it out$"),
        ({"model": "openai/m", "params": Params(extra={"model": "n"})}, "--extra model: the body has it already"),
        ({"params": Params(top_p=2.0)}, "--top-p 2.0"),
        ({"model": "openai/of-no-known-price", "max_cost": 1.0}, "nobody states a price"),
        ({"settings": ()}, "at least one"),
        ({"settings": ("IQ", "IQ")}, "each setting once"),
        ({"name": "../elsewhere"}, "--name"),
        ({"name": ""}, "--name"),
        ({"revision": "abc"}, "--revision"),
        ({"settings": ("DQ",)}, "no prompt template"),
        ({"model": "x"}, "SERVICE/ID"),
        ({"subtasks": ("ZZ",)}, "unknown subtask"),
    ],
)
def test_bad_input_is_known_before_anything_is_written(job, own, tmp_path, fields, message):
    with pytest.raises(InputError, match=message):
        asyncio.run(evaluate(job(**({"benchmark": own, "model": "baseline/first"} | fields))))
    assert not (tmp_path / "runs").exists()


async def test_memory_holds_a_window_not_the_data_set(job, own, monkeypatch):
    """At most WINDOW x concurrency samples are under way, however long the data set is."""
    under_way, most = 0, 0
    with Sandbox(latency=0.02) as sandbox:
        limits = RateLimits(concurrency=1)
        limited = job(benchmark=own, model="openai/m", base_url=sandbox.base_url, trials=4, limits=limits)
        seen: list[Record] = []

        original = Dispatcher.ask

        async def counted(dispatcher, request):
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            try:
                return await original(dispatcher, request)
            finally:
                under_way -= 1

        monkeypatch.setattr(Dispatcher, "ask", counted)
        await carry_out(Plan.make(limited), on_record=seen.append)
    assert len(seen) == 96
    assert most == 4


async def test_a_named_run_with_failures_goes_on_even_when_it_went_through(job, own):
    with Sandbox() as sandbox:
        named = job(benchmark=own, model="openai/m", base_url=sandbox.base_url, name="mine", limit=6)
        missing = await evaluate(replace(named, offline=True))
        assert {record.failure.kind for record in missing.records()} == {"not_cached"}
        whole = await evaluate(named)
    assert [record.failure for record in whole.records()] == [None] * 6


async def test_a_run_that_goes_on_is_never_thrown_away(job, own, monkeypatch):
    with Sandbox() as sandbox:
        named = job(benchmark=own, model="openai/m", base_url=sandbox.base_url, name="mine", limit=6)
        await evaluate(replace(named, offline=True))
        monkeypatch.setenv("OPENAI_API_KEY", "bad-key")
        with pytest.raises(CallError):
            await evaluate(named)
    assert load_run(named.runs / "mine").info.name == "mine"


async def test_a_run_has_one_writer(job, own):
    with Sandbox(latency=0.05) as sandbox:
        named = job(benchmark=own, model="openai/m", base_url=sandbox.base_url, name="mine")
        named = replace(named, limits=RateLimits(concurrency=1))
        refused = []

        async def interfere():
            with pytest.raises(RunError, match="another process is writing"):
                await evaluate(replace(named, offline=True))
            refused.append(True)

        running = asyncio.create_task(evaluate(named))
        while sandbox.counters.paid < 2:  # noqa: ASYNC110 - the sandbox counts in threads of its own
            await asyncio.sleep(0.01)
        await interfere()
        run = await running
    assert refused
    assert len([record for record in run.records() if record.failure is None]) == 24


async def test_an_image_that_vanished_is_one_failed_sample_and_is_mended_by_the_next_run(job, tmp_path, row, parquet):
    data = parquet([row(number) for number in range(4)], tmp_path / "data")
    with Sandbox() as sandbox:
        here = job(benchmark="mmra", data=data, model="openai/m", base_url=sandbox.base_url)
        Plan.make(here)
        victim = min((tmp_path / "cache" / "prepared").glob("*/images/*"))
        victim.write_bytes(b"rotten")
        run = await evaluate(here)
        kinds = [record.failure.kind if record.failure else None for record in run.records()]
        assert sorted(map(str, kinds)) == ["None", "None", "None", "data"]
        mended = await evaluate(here)
    assert [record.failure for record in mended.records()] == [None] * 4


async def test_a_template_that_fails_in_python_is_a_clear_error(job, own, tmp_path):
    template = tmp_path / "broken.jinja"
    template.write_text("{{ 10 // 0 }}{{ question }}")
    with pytest.raises(PromptError, match=r"broken\.jinja.*division"):
        await evaluate(job(benchmark=own, model="baseline/first", prompt=template))


async def test_a_damaged_parent_leaves_no_derived_run(job, own, tmp_path):
    run = await evaluate(job(benchmark=own, model="baseline/first"))
    records = run.folder / "records.jsonl"
    records.write_bytes(records.read_bytes() + b"{broken}\n")
    with pytest.raises(RunError, match="line 25"):
        await rescore(run, "official", runs=run.folder.parent)
    assert list(run.folder.parent.iterdir()) == [run.folder]


async def test_a_damaged_run_that_should_go_on_is_left_as_it_is(job, own):
    with Sandbox() as sandbox:
        named = job(benchmark=own, model="openai/m", base_url=sandbox.base_url, name="mine", limit=4)
        run = await evaluate(replace(named, offline=True))
        records = run.folder / "records.jsonl"
        records.write_bytes(b"{broken}\n" + records.read_bytes())
        before = records.read_bytes()
        for _ in range(2):  # twice: the first leaves no lock behind
            with pytest.raises(RunError, match="line 1: damaged"):
                await evaluate(named)
        assert sandbox.counters.calls == 0
    assert records.read_bytes() == before
    assert load_run(run.folder).info.finished


async def test_a_record_that_the_disk_takes_in_part_is_no_record(job, own):
    """A limit on the size of files cuts a write short without an error, as a disk does that fills."""
    run = await evaluate(job(benchmark=own, model="baseline/first", name="x"))
    records = list(run.records())
    size = (run.folder / "records.jsonl").stat().st_size
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with RunWriter(run) as writer:
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100, before[1]))
            with pytest.raises(RunError, match="too large"):
                writer.append(records[0])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        writer.append(records[1])
    assert list(load_run(run.folder).records()) == [*records, records[1]]
