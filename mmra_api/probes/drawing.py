"""A seed and a count in, drawn image pairs with questions and known answers out, in MMRA's published schema.

The rows need no download, and a fresh seed gives pairs that no model has seen. Planning (``plan``) decides question,
options, gold answer and what each image must show; it never draws and imports no imaging library. Drawing (``paint``)
starts when a row is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mmra_api.probes.plan import VERSION, plan_rows
from mmra_api.probes.randomness import stream

__all__ = ["VERSION", "ProbeRow", "draw"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeRow:
    """One question about two images, with the published columns as fields."""

    id: str
    """For example ``probes-7-0001``: the seed and the place in the drawing, counted from 1."""
    task: str
    """The subtask's full name, for example ``RelativePosition``."""
    qa_type: str
    """``Choice QA`` or ``True or false QA``."""
    question: str
    options: dict[str, str] | None
    """Letters A, B, C (and D) to texts; None for yes/no."""
    answer: str
    """The letter of the right option, or ``Yes`` or ``No``."""
    image1: bytes
    """An encoded PNG or JPEG, at least 512 pixels on each side."""
    image2: bytes


def draw(seed: int, count: int) -> Iterator[ProbeRow]:
    """Yields ``count`` rows, drawn one at a time: memory does not grow with ``count``.

    A pure function of its arguments and ``VERSION``: the same rows in every process and on every machine. (The bytes of
    an image also depend on Pillow's release, which brings the rasteriser and the PNG and JPEG encoders.) The subtasks'
    counts differ by at most one, and the rows of a smaller count are the first rows of a larger one.
    """
    # Here and not at the top: planning and the command line start without Pillow.
    from mmra_api.probes.art import render

    for plan in plan_rows(seed, count):
        # A stream for each image, named by its row: what was drawn before cannot change it.
        first, second = (
            render(scene, stream("image", VERSION, plan.id, number)) for number, scene in enumerate(plan.scenes, 1)
        )
        yield ProbeRow(
            id=plan.id,
            task=plan.task,
            qa_type=plan.qa_type,
            question=plan.question,
            options=plan.options,
            answer=plan.answer,
            image1=first,
            image2=second,
        )
