"""The flags of the command line → values, checked one by one.

``job`` holds the flags that describe a Job: a new one is one entry there. ``shared`` holds flags that other commands
take too, ``values`` the checks of their texts, ``flag`` how a flag reaches its field and its place in the help page.
"""

from mmra_api.cli.flags.flag import SectionedCommand
from mmra_api.cli.flags.run import build_job, job_flags
from mmra_api.cli.flags.shared import (
    ABOVE_0,
    FILE,
    FOLDER,
    address_flags,
    cache_flag,
    config_flag,
    extractor_flag,
    judge_flags,
    runs_flag,
)

__all__ = [
    "ABOVE_0",
    "FILE",
    "FOLDER",
    "SectionedCommand",
    "address_flags",
    "build_job",
    "cache_flag",
    "config_flag",
    "extractor_flag",
    "job_flags",
    "judge_flags",
    "runs_flag",
]
