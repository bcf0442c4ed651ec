"""Measure how vision-language models relate several images.

    Sample → Request → Response → Answer → Score → Record → Report

The same from Python as from the command line:

    import asyncio
    from mmra_api import Job, evaluate, format_report

    run = asyncio.run(evaluate(Job(benchmark="probes", model="baseline/random", limit=22)))
    print(format_report(run))

``evaluate`` runs a Job and returns a Run, a folder on disk; ``load_run`` opens one again; ``rescore``, to be awaited,
reads its replies with another extractor, for nothing, or lets a judge read what rules leave open; ``label`` takes
labels by humans; ``summarise`` counts its outcomes; ``format_report`` writes them as a text.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

# For type checkers and editors, which cannot look into `__getattr__` below.
if TYPE_CHECKING:
    from mmra_api.errors import (
        CallError,
        DataError,
        InputError,
        MmraError,
        NotCached,
        OverBudget,
        PromptError,
        RunError,
        Stopped,
        StoreError,
    )
    from mmra_api.extract import read_answer
    from mmra_api.report import Summary, summarise
    from mmra_api.run import evaluate, format_report
    from mmra_api.runs import (
        Estimate,
        Flip,
        Job,
        JudgeJob,
        Quote,
        Run,
        estimate,
        find_run,
        label,
        list_runs,
        load_run,
        quote,
        rescore,
    )
    from mmra_api.types import (
        Answer,
        Image,
        Params,
        RateLimits,
        Record,
        Request,
        Response,
        RunInfo,
        Sample,
        Score,
        Usage,
    )

# The names once more, for `__getattr__`: the imports above do not happen when the program runs.
_HOMES = {
    "mmra_api.errors": (
        "CallError",
        "DataError",
        "InputError",
        "MmraError",
        "NotCached",
        "OverBudget",
        "PromptError",
        "RunError",
        "Stopped",
        "StoreError",
    ),
    "mmra_api.extract": ("read_answer",),
    "mmra_api.report": ("Summary", "summarise"),
    "mmra_api.run": ("evaluate", "format_report"),
    "mmra_api.runs": (
        "Estimate",
        "Flip",
        "Job",
        "JudgeJob",
        "Quote",
        "Run",
        "estimate",
        "find_run",
        "label",
        "list_runs",
        "load_run",
        "quote",
        "rescore",
    ),
    "mmra_api.types": (
        "Answer",
        "Image",
        "Params",
        "RateLimits",
        "Record",
        "Request",
        "Response",
        "RunInfo",
        "Sample",
        "Score",
        "Usage",
    ),
}
_WHERE = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``import mmra_api`` stays light."""
    if name not in _WHERE:
        # `hasattr` and `from mmra_api import ...` expect this error and no other.
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_WHERE[name]), name)


# Without it, `dir()` and completion in a shell would miss every name that was not used yet.
def __dir__() -> list[str]:
    return sorted(_WHERE)


# Written out, because type checkers do not read a list that is computed.
__all__ = [
    "Answer",
    "CallError",
    "DataError",
    "Estimate",
    "Flip",
    "Image",
    "InputError",
    "Job",
    "JudgeJob",
    "MmraError",
    "NotCached",
    "OverBudget",
    "Params",
    "PromptError",
    "Quote",
    "RateLimits",
    "Record",
    "Request",
    "Response",
    "Run",
    "RunError",
    "RunInfo",
    "Sample",
    "Score",
    "Stopped",
    "StoreError",
    "Summary",
    "Usage",
    "estimate",
    "evaluate",
    "find_run",
    "format_report",
    "label",
    "list_runs",
    "load_run",
    "quote",
    "read_answer",
    "rescore",
    "summarise",
]
