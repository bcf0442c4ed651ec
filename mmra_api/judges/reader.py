"""A reply that no rule could read → what a model reads in it.

The reader sees the question, the options and the reply; never the images, never the gold answer. Its calls are cached,
limited and counted as the model's are. Whatever goes wrong with it leaves the reply unread, and is noted. Flags and
records call it the judge.
"""

from __future__ import annotations

from dataclasses import replace

from mmra_api.dispatch import Dispatcher
from mmra_api.errors import CallError, NotCached, Stopped
from mmra_api.extract import BrokenForm, read_verdict
from mmra_api.judges.helper import HelperPlan
from mmra_api.prompt import READER_TEMPLATES, reader_templates, write_reader
from mmra_api.score import score
from mmra_api.types import HUMAN, JUDGE, Answer, JudgeInfo, Judgement, Record, Response


class Reader:
    """Reads the replies of one run that rules leave open; or all of them (``everything``), to compare."""

    def __init__(self, dispatcher: Dispatcher, *, everything: bool = False) -> None:
        self._dispatcher = dispatcher
        self._everything = everything

    async def review(self, record: Record) -> Record:
        """Return the record with the judge's verdict where it is asked for one.

        What rules have read stands. Raises Stopped when the run ends before the judge could be asked, and OverBudget.
        """
        response, read = record.response, record.answer
        if response is None or read is None or not self._is_asked(record, response):
            return record
        judgement = await self._judge(record, response.text)
        record = replace(record, judgement=judgement)
        # A reply that was refused, cut or empty stays so: it is no task of the judge to find an answer in it.
        if read.value is not None or judgement.value is None or record.score.outcome != "unparsed":
            return record
        # Never certain: `mmra audit` lists what a judge read, so that a human may look at it.
        answer = Answer(value=judgement.value, rule=JUDGE, span=judgement.span, confidence="likely")
        return replace(record, answer=answer, score=score(answer, response, record.gold))

    def _is_asked(self, record: Record, response: Response) -> bool:
        # An open question has no options that a judge could name, and a human's word is the last.
        if record.kind == "open" or (record.answer and record.answer.rule == HUMAN):
            return False
        return record.score.outcome == "unparsed" or (self._everything and bool(response.text.strip()))

    async def _judge(self, record: Record, reply: str) -> Judgement:
        responses: list[Response] = []
        failure = ""
        try:
            for number in range(len(READER_TEMPLATES)):
                request = write_reader(number, question=record.question, options=record.options, reply=reply)
                # Kept before it is read: a reply in a broken form was paid for too.
                responses.append(await self._dispatcher.ask(request))
                try:
                    found = read_verdict(responses[-1].text, reply=reply, kind=record.kind, options=record.options)
                # Only a broken form is asked about again; a judge that finds no answer has done its work.
                except BrokenForm as error:
                    failure = f"the judge's form is broken: {error}"
                    continue
                return Judgement(value=found.value, span=found.span, responses=tuple(responses))
        except (CallError, NotCached) as error:
            failure = str(error)
        except Stopped:
            # A CallError, as for a wrong key, ends the judge alone: the run goes on. Anything else ends the whole run.
            if not isinstance(self._dispatcher.stopped_by, CallError):
                raise
            failure = str(self._dispatcher.stopped_by)
        return Judgement(failure=failure, responses=tuple(responses))


def describe_reader(plan: HelperPlan, *, everything: bool) -> JudgeInfo:
    """Return who reads and how, as run.json has it."""
    return JudgeInfo(
        model=plan.model, base_url=plan.provider.base_url, everything=everything, templates=reader_templates()
    )
