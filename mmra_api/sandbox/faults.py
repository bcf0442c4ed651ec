"""A body and an attempt in, the fault that hits it out: the bad weather of real services, the same on every run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

from mmra_api.errors import InputError
from mmra_api.sandbox.chance import Chance

Fault: TypeAlias = Literal["ok", "429", "401", "quota", "500", "503", "slow", "drop", "cut", "html", "notjson", "shape"]
"""What happens to a call.

``429`` that says how long to wait (Retry-After in one of three forms, or as the wire format does), ``401`` (the
key is wrong, in the vendor's own form: as for the key ``bad-key``; Google's status is 400), ``quota`` (the
money or the day's share is used up, in the vendor's own form: as for the key ``broke-key``), ``500``, ``503``
(overloaded; Anthropic's status is 529), ``slow`` (a late but good reply),
``drop`` (closed without a reply), ``cut`` (closed amid the reply), ``html`` (a page with status 200), ``notjson``
(status 200, broken JSON), ``shape`` (status 200, JSON that is no reply), ``ok`` (nothing).
"""

KINDS: tuple[Fault, ...] = get_args(Fault)
MOST_IN_A_ROW = 2
"""Drawn faults of one body in a row, so that a client that tries three times always gets its reply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """Which calls fail, and how. Give one of ``rates``, ``script`` and ``always``; none of them is fair weather.

    Raises InputError for an unknown kind, a probability outside 0 to 1, or a sum above 1.
    """

    rates: Mapping[Fault, float] = field(default_factory=dict)
    """Probability of each kind; drawn per body and attempt."""
    script: tuple[Fault, ...] = ()
    """What befalls the first, second, ... attempt of every body; ``ok`` from there on."""
    always: Fault | None = None
    """What befalls every call."""
    retry_after: float = 0.2
    """Seconds that a 429 asks the client to wait; as an HTTP date it is rounded up to a whole second."""
    slow: float = 0.5
    """Seconds by which a ``slow`` reply is late."""

    def __post_init__(self) -> None:
        for kind in (*self.rates, *self.script, *((self.always,) if self.always else ())):
            if kind not in KINDS:
                raise InputError(f"unknown fault {kind!r}; the faults are {', '.join(KINDS)}")
        for kind, rate in self.rates.items():
            # In this form, as NaN fails every comparison: `rate < 0 or rate > 1` would let it through.
            if not 0 <= rate <= 1:
                raise InputError(f"fault {kind!r} has the probability {rate!r}; give a number from 0 to 1")
        # Decimal shares that make 1 on paper may be a hair above it as floats.
        if sum(self.rates.values()) > 1 + 1e-9:
            raise InputError(
                f"the probabilities of the faults add up to {sum(self.rates.values()):.4g}; at most 1 is possible"
            )
        if sum(map(bool, (self.rates, self.script, self.always))) > 1:
            raise InputError("faults can be drawn (rates), listed (script) or constant (always): give one of the three")
        if self.retry_after < 0 or self.slow < 0:
            raise InputError(f"seconds cannot be negative: retry_after={self.retry_after!r}, slow={self.slow!r}")

    def befall(self, chance: Chance, attempt: int) -> Fault:
        """The fault of attempt 0, 1, ... of the body that ``chance`` is about."""
        if self.always:
            return self.always
        if self.script:
            return self.script[attempt] if attempt < len(self.script) else "ok"
        # Counted from the first attempt on instead of remembered: the fault depends on the body and the attempt alone,
        # in whatever order threads ask.
        row, fault = 0, self._draw(chance, 0)
        for number in range(1, attempt + 1):
            row = row + 1 if fault != "ok" else 0
            # A fault that is left out ends the row; the next attempt is drawn again.
            fault = "ok" if row >= MOST_IN_A_ROW else self._draw(chance, number)
        return fault

    def _draw(self, chance: Chance, attempt: int) -> Fault:
        # Never below zero, which the hair allowed above could make of it.
        fair: Mapping[Fault, float] = {"ok": max(0.0, 1 - sum(self.rates.values()))}
        return chance.weigh(f"fault {attempt}", {**self.rates, **fair})


def parse_faults(spec: str) -> Faults:
    """Faults from the command line's ``429=0.1,500=0.05``; raises InputError that names the part and the kinds."""
    rates: dict[Fault, float] = {}
    for part in filter(None, (part.strip() for part in spec.split(","))):
        name, equals, number = (piece.strip() for piece in part.partition("="))
        # Looked up rather than tested with `in`: what comes out of KINDS is a Fault for the type checker, a name is a
        # str.
        kind = next((kind for kind in KINDS if kind == name and kind != "ok"), None)
        if kind is None or not equals:
            allowed = ", ".join(kind for kind in KINDS if kind != "ok")
            raise InputError(
                f"cannot read {part!r} in the faults {spec!r}: write KIND=PROBABILITY, KIND one of {allowed}"
            )
        if kind in rates:
            raise InputError(f"fault {kind!r} stands twice in the faults {spec!r}: give it once")
        rates[kind] = _parse_rate(number, part, spec)
    return Faults(rates=rates)


def _parse_rate(number: str, part: str, spec: str) -> float:
    try:
        return float(number)
    except ValueError:
        message = (
            f"cannot read {part!r} in the faults {spec!r}: {number!r} is no probability; give a number from 0 to 1"
        )
        raise InputError(message) from None
