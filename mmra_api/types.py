"""Every type of the program, in the order of the flow: Sample → Request → Response → Answer → Score → Record → run.

Plain frozen data: nothing here reads a file or opens a socket. Data from outside is validated where it enters
(``benchmarks``, ``run``), by msgspec, which decodes into these classes; inside, nothing is validated again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

# `TypeAlias` and not the statement `type`, which Python 3.11 does not have.
Kind: TypeAlias = Literal["choice", "yesno", "open"]
Level: TypeAlias = str
"""A group of subtasks, as the benchmark names it: ``entity`` and ``image`` in MMRA."""
Setting: TypeAlias = Literal["IQ", "DQ", "IDQ", "QO"]
Style: TypeAlias = Literal["direct", "cot"]
FinishReason: TypeAlias = Literal["stop", "length", "refusal", "content_filter", "other"]
ReplySource: TypeAlias = Literal["live", "twin", "cache", "local"]
Confidence: TypeAlias = Literal["certain", "likely"]
Role: TypeAlias = Literal["model", "reader", "grader", "describer", "judge"]
"""Who is asked: the model that is measured, or a model that helps; ``judge`` is the reader in
events of before."""
# In the order in which reports show them; each word is also a field of `report.summary.Cell`.
Outcome: TypeAlias = Literal["correct", "wrong", "graded", "unparsed", "refused", "truncated", "empty", "failed"]
UNREAD: tuple[Outcome, ...] = ("unparsed", "refused", "truncated", "empty", "failed")
"""The outcomes in which no answer was read."""
AllowanceUnit: TypeAlias = Literal["requests", "tokens", "input_tokens", "output_tokens"]
FailureKind: TypeAlias = Literal[
    "rate_limit",
    "overloaded",
    "timeout",
    "connection",
    "server",
    "bad_request",
    "parameter",
    "authentication",
    "permission",
    "not_found",
    "quota",
    "content_filtered",
    "too_large",
    "unreadable",
    "data",
    "not_cached",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """What an image is turned into before it is sent; the new bytes follow from this and the original bytes."""

    media_type: str
    """``image/jpeg`` or ``image/png``."""
    width: int
    height: int
    """Pixels of what is sent; a JPEG that no quality keeps under ``max_bytes`` has fewer."""
    max_bytes: int | None = None
    """The quality is lowered until it takes no more than so many bytes."""
    reason: str = ""
    """Why it cannot go as it is: ``format``, ``pixels``, ``bytes``, or the image's feature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """One image as it lies in the data set; the bytes stay on disk until a call needs them."""

    digest: str
    """SHA-256 of the original bytes, 64 hex digits."""
    media_type: str
    """Read from the bytes, not from a file name: ``image/jpeg``, ``image/png`` …"""
    width: int
    height: int
    """Pixels, as a viewer shows it: turned as EXIF says."""
    size: int
    """Bytes."""
    feature: str = ""
    """What a service may not take even in a format that it takes: ``animated``, ``pages`` (several), ``CMYK``, ``LAB``,
    ``16-bit`` or ``headerless``; empty for a plain one."""
    fit: Fit | None = None
    """What is sent in its place; None: its bytes as they are."""
    path: str = ""
    """Where the bytes lie on this machine; empty in records, which travel."""

    @property
    def sent(self) -> Fit | Image:
        """Return what has the media type, the width and the height that go on the wire."""
        return self.fit or self

    def portable(self) -> Image:
        """Return the image without its place on this machine."""
        return replace(self, path="")


Part: TypeAlias = str | Image
"""One piece of a message. Text and images keep the order of the sample."""

IMAGE_MARK = "<image>"
"""Where a question of the user's own places an image."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subtask:
    """A column of the report."""

    abbrev: str
    name: str
    level: Level | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One question about several images, with its gold answer."""

    id: str
    subtask: str
    """The abbreviation, for example ``RP``."""
    level: Level | None
    kind: Kind
    question: str
    options: Mapping[str, str] = field(default_factory=dict)
    """Letter to text, in the order shown; empty unless ``kind`` is ``choice``."""
    gold: str
    """The letter (choice), ``Yes`` or ``No`` (yesno), or the expected text (open)."""
    images: tuple[Image, ...] = ()
    descriptions: tuple[str, ...] = ()
    """One text per image, for the settings DQ and IDQ."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Item:
    """What is asked, recorded, compared and labelled: a sample in a setting and a variant, at one of its trials."""

    sample: str
    """The sample's id."""
    setting: Setting
    variant: str = ""
    """How the sample was changed before it was asked; empty for the sample as it is."""
    trial: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """What the user asks of the model. None means: send nothing, the vendor's default holds."""

    max_tokens: int | None = None
    """Output tokens, reasoning included."""
    temperature: float | None = None
    top_p: float | None = None
    stop: tuple[str, ...] = ()
    """Texts at which the model stops writing."""
    effort: str | None = None
    """How much to reason, in the vendor's own word: ``low``, ``medium``, ``high`` …"""
    thinking_budget: int | None = None
    """Tokens to reason with, for services that take a number instead of a word."""
    seed: int | None = None
    """Of the model's sampling."""
    system: str = ""
    """Instructions apart from the user's message."""
    image_detail: str | None = None
    """How finely the model looks at images, in the vendor's own word: ``low``, ``high`` …"""
    logprobs: int | None = None
    """How many alternatives to report beside each token's log probability; 0 asks for the token's own alone."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Further fields of the body, in the service's own words; objects are merged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimits:
    """How fast the user allows a model to be asked. None means: as the service's headers and refusals teach."""

    rpm: float | None = None
    """Calls per minute."""
    tpm: float | None = None
    """Tokens per minute, input and output together."""
    input_tpm: float | None = None
    output_tpm: float | None = None
    concurrency: int | None = None
    """Calls at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPrice:
    """What a model costs, in US dollars per million tokens."""

    input: float
    output: float
    cached_input: float | None = None
    """For input that the service read from its own prompt cache; None means as other input."""
    cache_write: float | None = None
    """For input that the service wrote to it; None means as other input."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked, before any wire format: a single user message of text and images in order."""

    parts: tuple[Part, ...]
    choices: tuple[str, ...] = ()
    """The answers that would be valid. Never sent; the baselines draw from it."""
    params: Params = field(default_factory=Params)
    trial: int = 0
    """Separates repeated samples of the same body; part of the cache key, never sent."""


Embed: TypeAlias = Callable[[Image], str]
"""How a wire format turns an image into text: base64 for the wire, its fingerprint for the cache key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """One rate limit as a service states it in the headers of a reply."""

    unit: AllowanceUnit
    limit: float | None = None
    """Units in a minute."""
    remaining: float | None = None
    reset: float | None = None
    """Seconds until the full limit is there again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A service's successful reply as it arrived."""

    body: dict[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    """The few headers worth keeping, lower case: the request id, and the sandbox's mark."""
    allowances: tuple[Allowance, ...] = ()
    """What the service says about its limits; of the moment, never stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenCount:
    """How many tokens a call takes, or may take."""

    input: int = 0
    output: int = 0

    @property
    def total(self) -> int:
        """Return input and output together."""
        return self.input + self.output


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens as the service counted them; None where it did not say."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None
    """The part of ``input_tokens`` that the service read from its own prompt cache."""
    cache_write_tokens: int | None = None
    """The part of ``input_tokens`` that the service wrote to its own prompt cache; some charge more for it."""
    reasoning_tokens: int | None = None
    """The part of ``output_tokens`` spent on reasoning."""
    image_tokens: int | None = None
    """The part of ``input_tokens`` that the images took."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLogprob:
    """One token of a reply and how likely it was."""

    token: str
    logprob: float
    """Natural logarithm of its probability."""
    top: Mapping[str, float] = field(default_factory=dict)
    """The likeliest tokens at its place, with theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A reply in our own terms."""

    text: str
    finish: FinishReason
    finish_raw: str = ""
    """The vendor's own word."""
    reasoning: str = ""
    """Reasoning text that the service sends apart from the answer; never read for the answer."""
    refusal: str = ""
    """What the service says in its refusal field, apart from the answer."""
    usage: Usage = field(default_factory=Usage)
    logprobs: tuple[TokenLogprob, ...] = ()
    """Of the text's tokens, where they were asked for and the service reports them."""
    model: str = ""
    """The model id that answered, in the service's words."""
    upstream: str = ""
    """The provider behind a router, where the router names it."""
    request_id: str = ""
    simulated: bool = False
    """True when the sandbox answered."""
    source: ReplySource = "live"
    """``live``: this run called for it; ``twin``: shared with an equal request in flight; ``cache``; ``local``."""
    attempts: int = 1
    """Calls made until the reply came, failures included; 0 from the cache."""
    key: str = ""
    """The cache key, 64 hex digits; empty for local providers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One way to read a text: the value and the place it rests on."""

    value: str
    span: tuple[int, int]
    """Start and end in the text, in characters, end exclusive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an extractor read in a text. No span, no value."""

    value: str | None
    """The option's letter, ``Yes`` or ``No``, a text (open), or None."""
    rule: str
    """The rule that fired, or the reason why none did."""
    span: tuple[int, int] | None = None
    """Start and end in the text, in characters, end exclusive."""
    confidence: Confidence = "certain"
    ambiguous: bool = False
    alternatives: tuple[Reading, ...] = ()
    """The competing readings when ``ambiguous``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The outcome of a sample."""

    outcome: Outcome
    credit: float
    """What every mean is a mean of, 0 to 1: 1.0 for ``correct``, the share of the points for ``graded``, else 0.0."""
    points: float | None = None
    """What a grader gave, on the benchmark's own scale; None unless ``graded``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A call that gave no reply, and why. It is counted, never scored as a wrong answer."""

    kind: FailureKind
    message: str
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One attempt to call: a line of ``events.jsonl``."""

    time: str
    """When it ended: UTC, ISO 8601."""
    key: str
    """The cache key, 64 hex digits."""
    attempt: int
    """1 for the first."""
    kind: FailureKind | Literal["ok"]
    waited: float
    """Seconds between the decision to call and the call: for a retry's time, for limits, for a slot."""
    seconds: float
    """How long the call itself took."""
    message: str = ""
    """What went wrong; empty for ``ok``."""
    maybe_billed: bool = False
    """True when no usable reply came but the service may have charged for one: a timeout, a lost connection."""
    role: Role = "model"
    """Who was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """What calls took, as far as it is known."""

    calls: int = 0
    """Calls that brought a reply."""
    lost: int = 0
    """Calls without a usable reply that may have been billed; counted at what they may have cost."""
    input_tokens: int = 0
    output_tokens: int = 0
    usd: float | None = None
    """None where the price is unknown."""

    def __add__(self, other: Spending) -> Spending:
        """Return both together; dollars only where both are known."""
        return Spending(
            calls=self.calls + other.calls,
            lost=self.lost + other.lost,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            usd=None if self.usd is None or other.usd is None else self.usd + other.usd,
        )


JUDGE = "judge"
"""The rule of an answer that a judge read."""
HUMAN = "human"
"""The rule of an answer that a human gave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a judge model says about a reply. Its failure is never charged to the model."""

    value: str | None = None
    """The option's letter, ``Yes`` or ``No``; None: it commits to nothing, or there is no verdict."""
    span: tuple[int, int] | None = None
    """Where the judge's quote stands in the reply, in characters, end exclusive."""
    failure: str = ""
    """Why there is no verdict; empty where there is one."""
    responses: tuple[Response, ...] = ()
    """What the judge replied, one for each time it was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One finished sample: a line of ``records.jsonl``, enough to re-score and to report without anything else."""

    sample: str
    setting: Setting
    subtask: str
    level: Level | None
    kind: Kind
    question: str
    options: Mapping[str, str]
    gold: str
    prompt: tuple[Part, ...]
    variant: str = ""
    trial: int = 0
    response: Response | None = None
    failure: Failure | None = None
    answer: Answer | None = None
    """What counts: read by a rule, else by the judge (rule ``judge``), unless a human said otherwise (``human``)."""
    overruled: Answer | None = None
    """What had been read before a human said otherwise, or the same."""
    judgement: Judgement | None = None
    score: Score

    @property
    def item(self) -> Item:
        """Return what the record is about."""
        return Item(sample=self.sample, setting=self.setting, variant=self.variant, trial=self.trial)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataInfo:
    """Which samples a run was about."""

    benchmark: str
    source: str
    """The hub id, the path, or the seed and count of drawn probes."""
    revision: str = ""
    fingerprint: str
    """SHA-256 over the rows and image digests, in order."""
    rows: int
    """Samples in the data set, before ``--subtask`` and ``--limit``."""
    left_out: tuple[str, ...] = ()
    """What was wrong with each bad row that ``--skip-bad-rows`` left out."""
    subtasks: tuple[Subtask, ...]
    """In the order of the report's columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateInfo:
    """A prompt template as it was used."""

    name: str
    sha256: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeInfo:
    """Who judged what no rule could read."""

    model: str
    """``SERVICE/ID``."""
    base_url: str = ""
    everything: bool = False
    """Whether it also judged what rules had read, to compare; rules keep the word."""
    templates: tuple[TemplateInfo, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """Which samples of its parent a run asked again; the others are its parent's."""

    outcomes: tuple[Outcome, ...]
    samples: int
    params: Params
    """What the parent asked with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInfo:
    """``run.json``: everything needed to repeat a run."""

    name: str
    model: str
    """``SERVICE/ID`` as the user gave it."""
    base_url: str = ""
    settings: tuple[Setting, ...]
    style: Style = "direct"
    extractor: str = "rules"
    judge: JudgeInfo | None = None
    params: Params = field(default_factory=Params)
    sent: Mapping[str, Any] = field(default_factory=dict)
    """The body as it went out, defaults of ours included, with an empty text and an empty image for the sample's."""
    wire: str = ""
    """The wire format that was spoken; empty for a baseline."""
    image_policy: str = "fit"
    """What was done about images that the service does not take: ``as-is``, ``fit`` or ``uniform:N``."""
    trials: int = 1
    data: DataInfo
    subtasks: tuple[str, ...] = ()
    """The subtasks asked for; empty means all."""
    limit: int | None = None
    planned: int
    """Records that a finished run has: samples x settings x trials."""
    templates: tuple[TemplateInfo, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    started: str
    """UTC, ISO 8601."""
    finished: str = ""
    """Empty while the run is incomplete."""
    parent: str = ""
    """The run that this one re-scored or went back to; empty for a run of its own."""
    retried: Retried | None = None
    """What was asked again; None for a run that did not go back to another."""
    spent: Spending | None = None
    """What its calls took, over all sessions; None for a run without calls."""
