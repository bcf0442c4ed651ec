"""A reply that no rule could read → a judge model's verdict on it, through a dispatcher of its own.

The judge sees the question, the options and the reply; never the images, never the gold answer. Its calls are cached,
limited and counted as the model's are. Whatever goes wrong with it leaves the reply unread, and is noted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from mmra_api.config import FILE, Config
from mmra_api.dispatch import Dispatcher, RetryPolicy
from mmra_api.dispatch.cost import Budget, Price, find_price
from mmra_api.dispatch.store import Store
from mmra_api.errors import CallError, InputError, NotCached, Stopped
from mmra_api.extract import BrokenForm, read_verdict
from mmra_api.prompt import READER_TEMPLATES, reader_templates, write_reader
from mmra_api.providers import TIMEOUT, Provider, resolve
from mmra_api.score import score
from mmra_api.types import HUMAN, JUDGE, Answer, Event, JudgeInfo, Judgement, RateLimits, Record, Response


class Judge:
    """Judges the replies of one run. Use it as an async context manager, as its dispatcher."""

    def __init__(
        self,
        provider: Provider,
        store: Store,
        *,
        everything: bool = False,
        limits: RateLimits | None = None,
        budget: Budget | None = None,
        price: Price | None = None,
        offline: bool = False,
        policy: RetryPolicy | None = None,
        on_event: Callable[[Event], None] = lambda _: None,
    ) -> None:
        self._everything = everything
        self.dispatcher = Dispatcher(
            provider,
            store,
            limits=limits,
            budget=budget,
            price=price,
            offline=offline,
            policy=policy,
            on_event=lambda event: on_event(replace(event, role="judge")),
        )

    async def __aenter__(self) -> Self:
        await self.dispatcher.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.dispatcher.__aexit__(kind, error, trace)

    async def review(self, record: Record) -> Record:
        """Return the record with the judge's verdict where it is asked for one.

        What rules have read stands. Raises Stopped when the run ends before the judge could be asked, and OverBudget.
        """
        response, read = record.response, record.answer
        if response is None or read is None or not self._is_asked(record, response):
            return record
        judgement = await self._judge(record, response.text)
        record = replace(record, judgement=judgement)
        if read.value is not None or judgement.value is None or record.score.outcome != "unparsed":
            return record
        answer = Answer(value=judgement.value, rule=JUDGE, span=judgement.span, confidence="likely")
        return replace(record, answer=answer, score=score(answer, response, record.gold))

    def _is_asked(self, record: Record, response: Response) -> bool:
        if record.kind == "open" or (record.answer and record.answer.rule == HUMAN):
            return False
        return record.score.outcome == "unparsed" or (self._everything and bool(response.text.strip()))

    async def _judge(self, record: Record, reply: str) -> Judgement:
        responses: list[Response] = []
        failure = ""
        try:
            for number in range(len(READER_TEMPLATES)):
                request = write_reader(number, question=record.question, options=record.options, reply=reply)
                responses.append(await self.dispatcher.ask(request))
                try:
                    found = read_verdict(responses[-1].text, reply=reply, kind=record.kind, options=record.options)
                except BrokenForm as error:
                    failure = f"the judge's form is broken: {error}"
                    continue
                return Judgement(value=found.value, span=found.span, responses=tuple(responses))
        except (CallError, NotCached) as error:
            failure = str(error)
        except Stopped:
            if not isinstance(self.dispatcher.stopped_by, CallError):
                raise
            failure = str(self.dispatcher.stopped_by)
        return Judgement(failure=failure, responses=tuple(responses))


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgePlan:
    """A judge that was found and checked, and is not asked yet."""

    provider: Provider
    info: JudgeInfo
    limits: RateLimits
    price: Price | None

    @classmethod
    def make(
        cls,
        model: str,
        config: Config,
        *,
        everything: bool = False,
        base_url: str | None = None,
        max_cost: float | None = None,
        timeout: float = TIMEOUT,
    ) -> Self:
        """Find the judge ``SERVICE/ID``. Raises InputError for what cannot judge, or has no price and needs one."""
        provider = resolve(model, base_url=base_url, timeout=timeout, services=config.services)
        if not provider.facts.billed:
            raise InputError(f"--judge {model!r}: a baseline reads nothing; name a model as SERVICE/ID")
        return cls(
            provider=provider,
            info=JudgeInfo(
                model=model, base_url=provider.base_url, everything=everything, templates=reader_templates()
            ),
            limits=config.find_limits(model, RateLimits()),
            price=require_price(model, provider, config, max_cost),
        )

    def sharing(self, asked: Provider, limits: RateLimits) -> Self:
        """Return the plan with the limits of the model that is asked, if that model judges itself."""
        one, other = ((each.service, each.base_url, each.model) for each in (self.provider, asked))
        return replace(self, limits=limits) if one == other else self

    def open(
        self,
        store: Store,
        *,
        budget: Budget,
        offline: bool = False,
        policy: RetryPolicy | None = None,
        on_event: Callable[[Event], None] = lambda _: None,
    ) -> Judge:
        """Return the judge, not connected yet."""
        return Judge(
            self.provider,
            store,
            everything=self.info.everything,
            limits=self.limits,
            budget=budget,
            price=self.price,
            offline=offline,
            policy=policy,
            on_event=on_event,
        )


def require_price(model: str, provider: Provider, config: Config, max_cost: float | None) -> Price | None:
    """Return a model's price; looked up now only where it is needed to keep a budget. Raises InputError without one."""
    if model not in config.prices and max_cost is None:
        return None
    price = find_price(provider.service, provider.model, base_url=provider.base_url, own=config.prices)
    if price is None and provider.facts.billed:
        raise InputError(
            f"--max-cost: nobody states a price for {model!r}; put it into {FILE}:\n"
            f'  [prices."{model}"]    # US dollars per million tokens\n  input = …\n  output = …\n'
            "or bound the run with --max-tokens-total"
        )
    return price
