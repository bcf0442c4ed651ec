"""A Job → a Plan → a Run on disk, and what is done with a run afterwards.

``job`` is what a user asks for, ``plan`` what was found and checked for it, ``folder`` and ``writer`` the run on
disk, ``retry`` and ``rescore`` what is asked or read again, ``estimate`` what a job would cost, ``label_sheet``
labels by humans, ``parameter_check`` and ``model_check`` what can be known before a run.
"""

from mmra_api.runs.estimates import Estimate, Quote, estimate, quote
from mmra_api.runs.folder import (
    Run,
    count_records,
    find_run,
    find_runs_folder,
    list_runs,
    load_run,
    name_for_commands,
)
from mmra_api.runs.job import Job
from mmra_api.runs.label_sheet import read_sheet, write_sheet
from mmra_api.runs.model_check import Finding, check
from mmra_api.runs.plan import Plan, is_done
from mmra_api.runs.rescoring import Flip, JudgeJob, label, rescore
from mmra_api.runs.writer import RunWriter, describe_versions, discard_empty, now, start_run

__all__ = [
    "Estimate",
    "Finding",
    "Flip",
    "Job",
    "JudgeJob",
    "Plan",
    "Quote",
    "Run",
    "RunWriter",
    "check",
    "count_records",
    "describe_versions",
    "discard_empty",
    "estimate",
    "find_run",
    "find_runs_folder",
    "is_done",
    "label",
    "list_runs",
    "load_run",
    "name_for_commands",
    "now",
    "quote",
    "read_sheet",
    "rescore",
    "start_run",
    "write_sheet",
]
