"""A flag of the command line: one entry, which names the field that it fills and the section of the help page.

A new flag is one line in a section of ``run.py``. Its name is the name of a field of Job, Params or RateLimits, and it
reaches that field by its name alone: nothing else has to know of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, TypeVar

import click

Fills: TypeAlias = Literal["job", "params", "limits"]
"""Whose field a flag fills: ``Job``, ``Params`` or ``RateLimits``."""
Command = TypeVar("Command", bound=Callable[..., Any])


class SectionOption(click.Option):
    """A click option that knows its section of the help page."""

    def __init__(self, *arguments: Any, section: str = "", **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.section = section
        if self.metavar is None and self._is_number():
            self.metavar = "N"

    def _is_number(self) -> bool:
        return self.type.name in ("integer", "integer range", "float", "float range")

    def get_help_extra(self, ctx: click.Context) -> Any:
        """Return what click adds in brackets; a range is named by the N of the flag, not by an x."""
        extra = super().get_help_extra(ctx)
        if "range" in extra:
            extra["range"] = extra["range"].replace("x", "N")
        return extra


@dataclass(frozen=True, slots=True)
class Flag:
    """A decorator that adds one option to a command."""

    declarations: tuple[str, ...]
    """As click takes them: ``--max-tokens``, and a field's name where it is another one than the flag's."""
    attributes: Mapping[str, Any]
    fills: Fills

    @property
    def field(self) -> str:
        """Return the field that the flag fills."""
        words = [each for each in self.declarations if each.isidentifier()]
        return words[0] if words else self.declarations[0].removeprefix("--").replace("-", "_")

    def __call__(self, command: Command, section: str = "") -> Command:
        """Add the option to a command."""
        # Job and Params both have a field ``seed``, so all but Job's have a prefix on the way through click.
        name = self.field if self.fills == "job" else f"{self.fills}_{self.field}"
        flags = [each for each in self.declarations if not each.isidentifier()]
        return click.option(*flags, name, cls=SectionOption, section=section, **self.attributes)(command)


def job_flag(*declarations: str, **attributes: Any) -> Flag:
    """Return a flag that fills a field of Job."""
    return Flag(declarations, attributes, "job")


def params_flag(*declarations: str, **attributes: Any) -> Flag:
    """Return a flag that fills a field of Params: it is sent to the model."""
    return Flag(declarations, attributes, "params")


def limits_flag(*declarations: str, **attributes: Any) -> Flag:
    """Return a flag that fills a field of RateLimits."""
    return Flag(declarations, attributes, "limits")


@dataclass(frozen=True, slots=True)
class Section:
    """A decorator that adds a group of flags to a command, under a title in its help page."""

    title: str
    flags: tuple[Flag, ...]

    def __call__(self, command: Command) -> Command:
        """Add the flags to a command."""
        for flag in reversed(self.flags):  # because click puts the option of the last decorator first
            command = flag(command, self.title)
        return command


class SectionedCommand(click.Command):
    """A command whose help page shows its flags in sections: forty in one list are too many to read."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the sections in the order of their first flags; what belongs to none comes last."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            # Arguments are explained in the text above; click 8.5 would list them by name alone.
            if isinstance(param, click.Option) and (record := param.get_help_record(ctx)):
                # click's own --help has no section.
                sections.setdefault(getattr(param, "section", ""), []).append(record)
        others = sections.pop("", [])
        for title, rows in (*sections.items(), ("Other", others)):
            with formatter.section(title):
                formatter.write_dl(rows)


def take_fields(values: Mapping[str, Any], fills: Fills) -> dict[str, Any]:
    """Return the fields of one type out of what click gives a command; flags that were not given are left out."""
    if fills == "job":
        chosen = {name: value for name, value in values.items() if not name.startswith(("params_", "limits_"))}
    else:
        chosen = {
            name.removeprefix(f"{fills}_"): value for name, value in values.items() if name.startswith(f"{fills}_")
        }
    # Not given is None in click, but not in every field: ``system`` is an empty text then.
    return {name: value for name, value in chosen.items() if value is not None}
