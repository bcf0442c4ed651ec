"""Probes: planned texts, gold answers and scenes; drawn pictures; the data set on disk."""

from __future__ import annotations

import ast
import dataclasses
import hashlib
import io
import itertools
import json
import math
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable

import pyarrow.parquet as pq
import pytest
from PIL import Image

from mmra_api.benchmarks.samples import load
from mmra_api.errors import InputError
from mmra_api.probes import vocabulary
from mmra_api.probes.art import (
    distance,
    events,
    faces,
    layouts,
    moments,
    paint,
    places,
    rooms,
    things_dressed,
    things_made,
    views,
    weather,
)
from mmra_api.probes.drawing import ProbeRow, draw
from mmra_api.probes.export import FILE_NAME, ROW_GROUP, write_parquet
from mmra_api.probes.plan import SUBTASKS, VERSION, ProbePlan, plan_rows
from mmra_api.probes.scenes import (
    Arrangement,
    Display,
    Distance,
    Dressed,
    Moment,
    Occasion,
    People,
    Placing,
    Scene,
    Setting,
    View,
    Wares,
)

SEEDS = (0, 7, 12345, 2**40)
PLANS = {seed: list(plan_rows(seed, 660)) for seed in SEEDS}


@pytest.fixture(scope="module")
def rows():
    return list(draw(7, 33))


# --- a pure function of seed and count ---


def digest(items) -> str:
    """Return a digest of what items hold; the names of their classes are not in it."""
    return hashlib.sha256("\n".join(repr(dataclasses.astuple(item)) for item in items).encode()).hexdigest()


def test_texts_of_this_version_are_fixed():
    """If this fails and the change is wanted: raise VERSION, then put the new digest here."""
    assert (VERSION, digest(plan_rows(7, 220))[:16]) == (1, "6dfbbb6288a678f6")


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_another_process_draws_the_same(rows, hash_seed):
    code = (
        "import hashlib; from dataclasses import astuple; from mmra_api.probes import draw;"
        "print(hashlib.sha256('\\n'.join(repr(astuple(row)) for row in draw(7, 33)).encode()).hexdigest())"
    )
    environment = {"PYTHONHASHSEED": hash_seed}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == digest(rows)


def test_planning_does_not_load_the_imaging_library():
    code = (
        "import sys; import mmra_api.cli.probes; from mmra_api.probes import draw, plan;"
        "draw(7, 3); list(plan.plan_rows(7, 22)); print({'PIL', 'pyarrow', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("count", [0, 1, 10, 11, 12, 219])
def test_a_smaller_count_is_a_prefix(count):
    assert list(plan_rows(7, count)) == PLANS[7][:count]


def test_rows_are_drawn_one_at_a_time():
    endless = draw(7, 10**9)
    assert [next(endless).id for _ in range(2)] == ["probes-7-0001", "probes-7-0002"]


def test_another_seed_asks_and_shows_something_else():
    same = sum(one.scenes == two.scenes for one, two in zip(PLANS[0], PLANS[7], strict=True))
    assert same < 10


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("count", [11, 12, 30, 220, 660])
def test_subtasks_are_evenly_spread(seed, count):
    counts = Counter(plan.task for plan in PLANS[seed][:count])
    assert set(counts) == set(SUBTASKS)
    assert max(counts.values()) - min(counts.values()) <= 1


# --- rows in the published schema ---


@pytest.mark.parametrize("seed", SEEDS)
def test_every_row_is_well_formed(seed):
    assert len({plan.id for plan in PLANS[seed]}) == 660
    for plan in PLANS[seed]:
        if plan.qa_type == "True or false QA":
            assert plan.options is None
            assert plan.answer in {"Yes", "No"}
        else:
            assert plan.qa_type == "Choice QA"
            assert plan.options is not None
            assert "".join(plan.options) in {"ABC", "ABCD"}
            assert plan.answer in plan.options
            assert len(set(plan.options.values())) == len(plan.options)
        assert plan.question.endswith("?")


@pytest.mark.parametrize("task", SUBTASKS)
def test_every_subtask_asks_in_several_ways(task):
    plans = [plan for plan in PLANS[7] if plan.task == task]
    assert {len(plan.options or ()) for plan in plans} == {0, 3, 4}
    assert len({plan.question for plan in plans}) >= 5


# --- balance, and nothing to be had from the text alone ---


@pytest.mark.parametrize("count", [220, 660])
@pytest.mark.parametrize("seed", SEEDS)
def test_gold_answers_are_balanced_in_every_subtask(seed, count):
    golds: defaultdict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for plan in PLANS[seed][:count]:
        golds[plan.task, len(plan.options or ())][plan.answer] += 1
    for (_, size), found in golds.items():
        counts = [found[letter] for letter in "ABCD"[:size] or ("Yes", "No")]
        assert max(counts) - min(counts) <= 2
    for size in (0, 3, 4):
        total = sum((found for (_, each), found in golds.items() if each == size), Counter[str]())
        expected = total.total() / (size or 2)
        assert sum((got - expected) ** 2 / expected for got in total.values()) < 6  # chi-square, at most 3 degrees


def template(plan: ProbePlan) -> str:
    """The question without the words that vary."""
    words = {*vocabulary.PLACEABLE, *vocabulary.ENTITIES, *vocabulary.VIEWED, *vocabulary.DISTANT, *vocabulary.MOODS}
    return " ".join(word for word in plan.question.rstrip("?").split() if word not in words)


def learn_texts(plan: ProbePlan) -> dict[str, tuple[str, str]]:
    """Each option by its text; yes/no by the whole question."""
    return {letter: (plan.task, text) for letter, text in (plan.options or {}).items()} or {
        verdict: (plan.question, verdict) for verdict in ("Yes", "No")
    }


def learn_positions(plan: ProbePlan) -> dict[str, tuple[str, int, str]]:
    return {letter: (template(plan), len(plan.options or ()), letter) for letter in plan.options or ("Yes", "No")}


def learn_words(plan: ProbePlan) -> dict[str, tuple[str, int, str, str]]:
    """The rank of an option's length, and the first and last words of its text, within its kind of question."""
    options = plan.options or {"Yes": "Yes", "No": "No"}
    lengths = sorted(map(len, options.values()))
    return {
        letter: (template(plan), lengths.index(len(text)), text.split()[0], text.split()[-1])
        for letter, text in options.items()
    }


@pytest.mark.parametrize("features", [learn_texts, learn_positions, learn_words])
def test_a_predictor_that_sees_only_text_stays_at_chance(features: Callable[[ProbePlan], dict[str, Hashable]]):
    """Learns on three seeds how often a feature is gold, picks the likeliest option on the fourth."""
    gold: Counter[Hashable] = Counter()
    seen: Counter[Hashable] = Counter()
    for plan in itertools.chain(*(PLANS[seed] for seed in SEEDS[1:])):
        for letter, key in features(plan).items():
            seen[key] += 1
            gold[key] += letter == plan.answer
    hits = expected = variance = 0.0
    for plan in PLANS[0]:
        keys = features(plan)
        guess = max(keys, key=lambda letter: (gold[keys[letter]] + 1) / (seen[keys[letter]] + len(keys)))
        hits += guess == plan.answer
        expected += 1 / len(keys)
        variance += (1 - 1 / len(keys)) / len(keys)
    assert abs(hits - expected) < 3 * math.sqrt(variance)


@pytest.mark.parametrize("choose", [max, min])
def test_the_length_of_an_option_says_nothing(choose):
    asked = [(plan.options, plan.answer) for plan in itertools.chain(*PLANS.values()) if plan.options]
    hits = sum(choose(options, key=lambda k: len(options[k])) == answer for options, answer in asked)
    expected = sum(1 / len(options) for options, _ in asked)
    assert abs(hits - expected) < 3 * math.sqrt(len(asked) * 0.22)


# --- the gold answer is true of the scenes, and no other option is ---


def describe(scene: Scene) -> set[str]:
    """All words of the questions that are true of a scene."""
    outdoors = {place: phrase for phrase, place in vocabulary.OUTDOORS.items()}
    match scene:
        case Placing(relation=relation):
            return {relation, f"{relation} it"}
        case Display(things=things):
            uses = {use for use, served in vocabulary.USES.items() if set(served) & set(things)}
            return uses | {vocabulary.name(thing) for thing in things}
        case People(moods=moods):
            return set(moods)
        case Wares(pieces=pieces):
            return {material for material, _ in pieces}
        case Setting(place=place, condition=condition) if place in outdoors:
            conditions = {phrase for phrase, word in vocabulary.CONDITIONS.items() if word == condition}
            return {outdoors[place]} | conditions
        case Setting(place=place):
            return {phrase for phrase, word in vocabulary.INDOORS.items() if word == place} | {"indoors"}
        case Arrangement(groups=groups):
            shapes = {shape for _, shape in groups}
            return {phrase for phrase, shape in vocabulary.FORMATIONS.items() if shape in shapes}
        case Occasion(event=event) | Moment(event=event):
            return {event}
        case View(angle=angle):
            return {angle}
        case Distance(near=near):
            return {"close up" if near else "from far away"}
        case Dressed(kind=kind, color=color, pattern=pattern):
            return {kind, color, pattern}


PREDICATES = sorted(
    {
        *vocabulary.OPPOSITE,
        *vocabulary.MOODS,
        *vocabulary.MATERIALS,
        *map(vocabulary.name, vocabulary.ENTITIES),
        *vocabulary.EVENTS,
        *vocabulary.ANGLES,
    },
    key=len,
    reverse=True,
)


def holds(plan: ProbePlan, text: str) -> bool:
    """Whether an option is true, read from its words and the scenes alone."""
    first, second = map(describe, plan.scenes)
    where = {
        "only in image 1": (True, False),
        "only in image 2": (False, True),
        "in both images": (True, True),
        "in neither image": (False, False),
    }
    if text in where:
        inside = "indoors" in plan.question or "inside" in plan.question
        word = "indoors" if inside else next(word for word in PREDICATES if f" {word}" in plan.question)
        return where[text] == (word in first, word in second)
    if ", " in text and text.endswith(" in image 2"):
        one, two = text.removesuffix(" in image 2").split(" in image 1, ")
        return one in first and two in second
    if plan.task == "SubEvent":
        whole_first = isinstance(plan.scenes[0], Occasion)
        related = first == second
        return text.startswith("image 2" if whole_first else "image 1") and related != ("other event" in text)
    if plan.task == "AppearanceSimilarity":
        shared = agreeing(plan)
        kinds = {"their colour": "colour", "their pattern": "pattern", "what kind of thing they are": "kind"}
        return kinds[text] in shared if text in kinds else not shared
    return text in first and text in second


def agreeing(plan) -> set[str]:
    one, two = plan.scenes
    pairs = {"colour": (one.color, two.color), "pattern": (one.pattern, two.pattern), "kind": (one.kind, two.kind)}
    return {trait for trait, (first, second) in pairs.items() if first == second}


@pytest.mark.parametrize("seed", SEEDS)
def test_exactly_the_gold_option_is_true(seed):
    for plan in PLANS[seed]:
        if plan.options:
            assert [letter for letter, text in plan.options.items() if holds(plan, text)] == [plan.answer], plan


@pytest.mark.parametrize("seed", SEEDS)
def test_yes_is_said_exactly_when_it_is_so(seed):
    for plan in PLANS[seed]:
        if plan.options:
            continue
        first, second = map(describe, plan.scenes)
        if plan.task == "AppearanceSimilarity":
            asked = next((word for word in ("colour", "pattern") if word in plan.question), "kind")
            same = asked in agreeing(plan)
        elif plan.task == "NearSameEntity":
            word = next(word for word in PREDICATES if f" {word}" in plan.question)
            same = word in first and word in second
        elif plan.task == "UsageSimilarity":
            same = bool(first & second & set(vocabulary.USES))
        elif plan.task == "Environment":
            same = plan.scenes[0].place == plan.scenes[1].place
        else:
            same = first == second
        assert plan.answer == ("Yes" if same else "No"), plan


@pytest.mark.parametrize("seed", SEEDS)
def test_a_wrong_option_of_a_shared_question_is_seen_in_one_image_at_most(seed):
    """And each image shows one: neither gives the answer away alone.

    Three options of Environment are the exception: two are of one sort (places, say), and when one of these is gold,
    only one wrong option is left that an image can show.
    """
    for plan in PLANS[seed]:
        options = plan.options or {}
        words = set(options.values())
        if words and all(words & describe(scene) for scene in plan.scenes):
            wrong = words - {options[plan.answer]}
            first, second = (wrong & describe(scene) for scene in plan.scenes)
            assert not first & second
            assert (first and second) or (plan.task == "Environment" and len(words) == 3 and (first or second)), plan


def test_the_same_use_or_material_is_shown_by_two_different_things():
    for plan in itertools.chain(*PLANS.values()):
        if plan.task in {"UsageSimilarity", "SimilarMaterial"}:
            one, two = (set(getattr(scene, "things", ()) or scene.pieces) for scene in plan.scenes)
            assert not one & two, plan


# --- pictures ---


def test_the_painter_knows_every_word_of_the_planner():
    things = {thing for served in vocabulary.USES.values() for thing in served}
    assert things | set(vocabulary.PLACEABLE) | set(vocabulary.ENTITIES) <= set(paint.THINGS)
    assert {word: set(made) for word, made in things_made.MADE.items()} == {
        word: set(made) for word, made in vocabulary.MATERIALS.items()
    }
    assert set(vocabulary.KINDS) == set(things_dressed.DRESSED)
    assert set(vocabulary.MOODS) == set(faces.FACES)
    assert set(vocabulary.OUTDOORS.values()) == set(places.PLACES)
    assert set(vocabulary.INDOORS.values()) == set(rooms.ROOMS)
    assert set(vocabulary.CONDITIONS.values()) == set(weather.CONDITIONS)
    assert set(vocabulary.SMALL) == set(layouts.SMALL)
    assert set(vocabulary.EVENTS) == set(events.OCCASIONS)
    assert {event: set(parts) for event, (_, parts) in moments.MOMENTS.items()} == {
        event: set(parts) for event, parts in vocabulary.EVENTS.items()
    }
    assert {thing: set(angles) for thing, angles in views.VIEWS.items()} == {
        thing: set(vocabulary.ANGLES) for thing in vocabulary.VIEWED
    }
    assert set(vocabulary.DISTANT) == set(distance.THINGS)


def test_pictures_are_large_varied_and_valid(rows):
    images = [Image.open(io.BytesIO(data)) for row in rows for data in (row.image1, row.image2)]
    for image in images:
        image.load()
        assert image.mode == "RGB"
        assert min(image.size) >= 512
        colors = image.resize((64, 64)).getcolors(64 * 64)
        assert colors is not None
        assert len(colors) > 40  # a scene, not a blank sheet
    assert {image.format for image in images} == {"PNG", "JPEG"}
    assert len({image.size for image in images}) >= 6
    assert {image.width > image.height for image in images} == {True, False}
    assert len({row.image1 for row in rows} | {row.image2 for row in rows}) == 2 * len(rows)


# --- the data set on disk ---


def test_the_file_has_the_published_schema(rows, tmp_path):
    path = write_parquet(rows, tmp_path / "new" / "probes")
    assert path == tmp_path / "new" / "probes" / FILE_NAME
    assert [file.name for file in path.parent.iterdir()] == [FILE_NAME]
    table = pq.read_table(path)
    assert table.column_names == ["Task", "QA_type", "question", "options", "answer", "image1", "image2"]
    features = json.loads(table.schema.metadata[b"huggingface"])["info"]["features"]
    assert features["image1"] == features["image2"] == {"_type": "Image"}
    for row, values in zip(rows, table.to_pylist(), strict=True):
        assert (values["Task"], values["QA_type"], values["question"]) == (row.task, row.qa_type, row.question)
        assert (values["options"] and ast.literal_eval(values["options"])) == row.options
        assert values["answer"] == row.answer
        assert (values["image1"]["bytes"], values["image2"]["bytes"]) == (row.image1, row.image2)


def test_the_hub_library_sees_images(rows, tmp_path):
    datasets = pytest.importorskip("datasets")
    schema = pq.read_schema(write_parquet(rows[:1], tmp_path))
    features = datasets.Features.from_arrow_schema(schema)
    assert isinstance(features["image1"], datasets.Image)
    assert isinstance(features["image2"], datasets.Image)


def test_our_own_reader_reads_it(rows, tmp_path):
    write_parquet(rows, tmp_path / "data")
    samples = list(load("mmra", root=tmp_path / "prepared", data=tmp_path / "data"))
    assert [(sample.question, sample.gold) for sample in samples] == [(row.question, row.answer) for row in rows]


def make_rows(count):
    for number in range(count):
        yield ProbeRow(
            id=f"r{number}", task="Layout", qa_type="True or false QA", question="Same?", options=None, answer="Yes",
            image1=b"1", image2=b"2",
        )  # fmt: skip


def test_rows_are_written_in_small_groups(tmp_path):
    path = write_parquet(make_rows(3 * ROW_GROUP + 1), tmp_path)
    assert pq.read_metadata(path).num_row_groups == 4


def test_a_drawing_that_fails_leaves_nothing_behind(tmp_path):
    def break_off():
        yield from make_rows(2 * ROW_GROUP)
        raise RuntimeError("the pencil broke")

    with pytest.raises(RuntimeError, match="pencil"):
        write_parquet(break_off(), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("existing", [FILE_NAME, "data/test-00000-of-00001.parquet", "metadata.json"])
def test_an_existing_data_set_is_left_alone_and_nothing_is_drawn(tmp_path, existing):
    old = tmp_path / existing
    old.parent.mkdir(exist_ok=True)
    old.write_bytes(b"old")
    rows = make_rows(3)
    with pytest.raises(InputError, match="holds a data set already"):
        write_parquet(rows, tmp_path)
    assert old.read_bytes() == b"old"
    assert next(rows).id == "r0"


def test_a_data_set_that_appears_meanwhile_is_left_alone(tmp_path):
    def race():
        yield from make_rows(1)
        (tmp_path / FILE_NAME).write_bytes(b"theirs")

    with pytest.raises(InputError, match="holds a data set already"):
        write_parquet(race(), tmp_path)
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"theirs"]


def test_no_rows_and_no_folder_are_clear_errors(tmp_path):
    with pytest.raises(InputError, match="no rows"):
        write_parquet([], tmp_path / "empty")
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError, match=r"cannot write probes into .*file"):
        write_parquet(make_rows(1), tmp_path / "file")
