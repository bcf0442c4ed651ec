"""What a picture has to show, as plain data: the contract between the planner, which never draws, and the painter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Placing:
    """Two things and where the first is, seen from the second."""

    subject: str
    anchor: str
    relation: str


@dataclass(frozen=True, slots=True)
class Display:
    """Things set out to be looked at, each by itself."""

    things: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class People:
    """Portraits, one per mood."""

    moods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wares:
    """Things that show their material: pairs of material and name."""

    pieces: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Dressed:
    """One thing in a colour and a pattern."""

    kind: str
    color: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A place; outdoors also its light and weather."""

    place: str
    condition: str


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Groups of small things seen from above: pairs of thing and formation."""

    groups: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Occasion:
    """People in the middle of an event."""

    event: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A close look at one part of an event."""

    event: str
    part: str


@dataclass(frozen=True, slots=True)
class View:
    """A thing from a viewpoint."""

    thing: str
    angle: str


@dataclass(frozen=True, slots=True)
class Distance:
    """A thing that fills the picture (``near``) or is small in a wide surrounding."""

    thing: str
    near: bool


Scene: TypeAlias = (
    Placing | Display | People | Wares | Dressed | Setting | Arrangement | Occasion | Moment | View | Distance
)
