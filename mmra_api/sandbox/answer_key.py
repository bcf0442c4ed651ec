"""Samples in, an answer key out: it knows the sample that an Ask is about, and the answers that the prompt allows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from mmra_api.sandbox.read_prompt import fold, read_options
from mmra_api.sandbox.wire import Ask
from mmra_api.types import Kind, Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A question as a model sees it: the answers it can give, and the right one if its images are known.

    Without images nothing is known (``gold`` is None): the model is blind.
    """

    kind: Kind
    options: dict[str, str] = field(default_factory=dict)
    """Letter to text as the prompt shows them; empty unless ``kind`` is ``choice``."""
    gold: str | None = None
    """The letter in this prompt, ``Yes`` or ``No``, or a text."""
    subtask: str = ""
    topic: str = ""
    """The sample's images and question, whatever the prompt around them; empty when unknown."""
    blind: bool = False


class AnswerKey:
    """The gold answers by image digests and question. It goes by the options' texts: letters move."""

    def __init__(self, samples: Iterable[Sample]) -> None:
        self._samples: dict[tuple[str, ...], list[Sample]] = defaultdict(list)
        for sample in samples:
            self._samples[tuple(image.digest for image in sample.images)].append(sample)

    def pose(self, ask: Ask) -> Problem:
        """The problem that is posed by an Ask."""
        options = read_options(ask.prompt)
        sample = self._find(ask) if ask.digests else None
        if sample is None:
            return Problem(kind="choice" if options else "yesno", options=options, blind=not ask.digests)
        # Joined by a sign that no text holds: end to end, two different topics could read the same.
        topic = "\x1e".join([*ask.digests, sample.question])
        # The gold of a yes/no or an open question is a text itself. It too may stand behind a letter, where a template
        # offers "A. No" and "B. Yes".
        text = sample.options.get(sample.gold, sample.gold)
        letter = next((letter for letter, shown in options.items() if fold(shown) == fold(text)), None)
        if letter is not None:
            return Problem(kind="choice", options=options, gold=letter, subtask=sample.subtask, topic=topic)
        return Problem(
            kind=sample.kind, options=dict(sample.options), gold=sample.gold, subtask=sample.subtask, topic=topic
        )

    def _find(self, ask: Ask) -> Sample | None:
        """The sample with these images in this order whose question stands in the prompt; the longest if several do."""
        prompt = fold(ask.prompt)
        # `get`, as `[]` on a defaultdict would keep an empty entry for every stranger's images, and that from many
        # threads.
        found = [sample for sample in self._samples.get(ask.digests, ()) if _question(sample) in prompt]
        # A short question may be a part of a longer one, and two may have the same words: then the options decide.
        return max(found, key=lambda sample: (_shown(sample, prompt), len(sample.question)), default=None)


def _question(sample: Sample) -> str:
    """The question as it stands in a prompt: where it says ``<image>``, the prompt has the image itself."""
    return fold(sample.question.replace("<image>", " "))


def _shown(sample: Sample, prompt: str) -> bool:
    """Whether all options of the sample stand in the prompt: it tells questions with the same words apart."""
    return all(fold(text) in prompt for text in sample.options.values())
