"""Sample × setting → Request, by a template. The only reader of ``prompts/``.

The template places the images. While it renders, an image is a short mark that no text can forge; afterwards the text
is cut at the marks, and the result must show exactly the images of the sample, in their order.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import jinja2
import jinja2.sandbox

from mmra_api.errors import PromptError
from mmra_api.types import IMAGE_MARK, Image, Kind, Params, Part, Request, Sample, Setting, Style, TemplateInfo

SHOWS_IMAGES: frozenset[Setting] = frozenset({"IQ", "IDQ"})
"""Settings in which the model sees the images."""
_HERE = Path(__file__).parent
FOLDER = next(folder for folder in (_HERE / "prompts", _HERE.parent / "prompts") if folder.is_dir())
"""The templates: beside this file in an installed package, beside the package in a checkout."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompter:
    """Renders samples with the templates of one style, or with the user's own template for every kind and setting."""

    style: Style = "direct"
    own: Path | None = None
    params: Params = field(default_factory=Params)
    # Drawn anew each time: a mark that is known beforehand could stand in a question.
    _mark: str = field(default_factory=lambda: f"\x02{secrets.token_hex(8)}:")
    # Filled as templates are used, though the class is frozen: run.json names those that were used.
    _loaded: dict[str, tuple[jinja2.Template, TemplateInfo]] = field(default_factory=dict)

    def write(self, sample: Sample, setting: Setting, *, trial: int = 0) -> Request:
        """Return the request for a sample in a setting.

        Raises PromptError for a template that is missing, broken, or misplaces images.
        """
        template, info = self._load(sample.kind, setting)
        shown = sample.images if setting in SHOWS_IMAGES else ()
        marks = [f"{self._mark}{number}\x03" for number in range(len(shown))]
        question, free = _place_marks(sample, marks)
        try:
            text = template.render(
                question=question,
                images=free,
                image_count=len(sample.images),
                options=dict(sample.options),
                letters=_join_letters(list(sample.options)),
                descriptions=list(sample.descriptions),
                kind=sample.kind,
                setting=setting,
                subtask=sample.subtask,
                level=sample.level or "",  # Jinja would write None as a word
            )
        except Exception as error:  # a template is a program of the user's: it can fail in any way
            raise PromptError(f"prompt {info.name!r}, sample {sample.id!r}: {error}") from error
        parts = self._cut(text, shown)
        _check_images(parts, shown, where=f"prompt {info.name!r}, sample {sample.id!r}, setting {setting}")
        choices = tuple(sample.options) if sample.kind == "choice" else ("Yes", "No") if sample.kind == "yesno" else ()
        return Request(parts=parts, choices=choices, params=self.params, trial=trial)

    def templates(self) -> tuple[TemplateInfo, ...]:
        """Return the templates used so far, with text and hash, by name."""
        return tuple(info for _, info in sorted(self._loaded.values(), key=lambda pair: pair[1].name))

    def check(self, settings: Sequence[Setting]) -> None:
        """Raise PromptError where no template can serve a setting; needs no data, so it can be asked first."""
        for setting in settings:
            # The kinds of question are known only from the data, so any template of the setting will do.
            # Where there is none, loading one says so.
            if self.own or not any(FOLDER.glob(f"*.{setting}.{self.style}.jinja")):
                self._load("choice", setting)

    def preload(self, kinds: Sequence[Kind], settings: Sequence[Setting]) -> None:
        """Load the templates that will be needed, so that a missing one is known before the first call."""
        for kind in kinds:
            for setting in settings:
                self._load(kind, setting)

    def _load(self, kind: Kind, setting: Setting) -> tuple[jinja2.Template, TemplateInfo]:
        path = self.own or FOLDER / f"{kind}.{setting}.{self.style}.jinja"
        if path.name not in self._loaded:
            self._loaded[path.name] = _read_template(path)
        return self._loaded[path.name]

    def _cut(self, text: str, shown: tuple[Image, ...]) -> tuple[Part, ...]:
        pieces = re.split(f"{re.escape(self._mark)}(\\d+)\x03", text.strip())
        parts: list[Part] = []
        for position, piece in enumerate(pieces):
            # The pattern has one group, so every second piece is the number of an image.
            if position % 2:
                parts.append(shown[int(piece)])
            # Left out where it is blank, as between two images: some services reject a text of blanks.
            elif piece.strip():
                parts.append(piece.strip())
        return tuple(parts)


READER_TEMPLATES = ("judge.first.jinja", "judge.second.jinja")
"""The templates for a judge: the second is asked where the first brought no verdict."""


def write_reader(number: int, *, question: str, options: Mapping[str, str], reply: str) -> Request:
    """Return the request to a judge about a reply. It holds neither the images nor the gold answer.

    The fence around the reply is a hash of it, so that no reply can hold its own.
    """
    template, _ = _load_reader(number)
    # `replace`, because a reply may hold half of a surrogate pair, which UTF-8 cannot carry.
    fence = f"=== {hashlib.sha256(reply.encode(errors='replace')).hexdigest()[:16]} ==="
    # A yes/no question has no options of its own.
    letters = _join_letters(list(options) or ["Yes", "No"])
    text = template.render(question=question, options=dict(options), letters=letters, reply=reply, fence=fence)
    return Request(parts=(text.strip(),))


def reader_templates() -> tuple[TemplateInfo, ...]:
    """Return the templates for a judge, with text and hash."""
    return tuple(_load_reader(number)[1] for number in range(len(READER_TEMPLATES)))


# Read once: a judge is asked about many replies.
@cache
def _load_reader(number: int) -> tuple[jinja2.Template, TemplateInfo]:
    return _read_template(FOLDER / READER_TEMPLATES[number])


def _read_template(path: Path) -> tuple[jinja2.Template, TemplateInfo]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        known = ", ".join(sorted(file.stem for file in FOLDER.glob("*.jinja")))
        raise PromptError(
            f"no prompt template {str(path)!r}: {error.strerror}; shipped are {known}; give your own with --prompt FILE"
        ) from error
    except UnicodeDecodeError as error:
        raise PromptError(f"prompt template {str(path)!r} is not UTF-8 text: {error}") from error
    # A template may come from a stranger together with a run, so it gets no access to Python's internals.
    # StrictUndefined: a misspelt name must be an error, and not an empty place in the prompt.
    # No escaping: a prompt is plain text, and the model would see `&lt;` in place of `<`.
    environment = jinja2.sandbox.SandboxedEnvironment(
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
    try:
        template = environment.from_string(text)
    except jinja2.TemplateSyntaxError as error:
        raise PromptError(f"prompt template {str(path)!r}, line {error.lineno}: {error.message}") from error
    return template, TemplateInfo(name=path.name, sha256=hashlib.sha256(text.encode()).hexdigest(), text=text)


def _place_marks(sample: Sample, marks: list[str]) -> tuple[str, list[str]]:
    """Put marks where the question places images; return the question and the marks left for the template.

    In a setting without images a question's own marks become words, so that the sentence around them still reads.
    """
    pieces = sample.question.split(IMAGE_MARK)
    # As many marks as images, or they are mere words of the question: then the template places the images.
    if len(pieces) - 1 != len(sample.images) or not sample.images:
        return sample.question, marks
    placed = marks or [f"[image {number}]" for number in range(1, len(pieces))]
    return "".join(piece + mark for piece, mark in zip(pieces, [*placed, ""], strict=True)), []


def _check_images(parts: tuple[Part, ...], shown: tuple[Image, ...], *, where: str) -> None:
    found = tuple(part for part in parts if isinstance(part, Image))
    if found != shown:
        raise PromptError(
            f"{where}: the template shows {len(found)} images and the sample has {len(shown)} to show, "
            "or their order differs; place each image once, in order: {% for image in images %}{{ image }}{% endfor %}"
        )


def _join_letters(letters: list[str]) -> str:
    return " or ".join(filter(None, (", ".join(letters[:-1]), *letters[-1:])))


def portable(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return the parts without the paths of this machine, as they go into a record."""
    return tuple(part.portable() if isinstance(part, Image) else part for part in parts)
