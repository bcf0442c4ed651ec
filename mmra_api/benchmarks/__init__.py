"""A benchmark's name and where its data lies → samples, in a stream.

A benchmark is a module here with a function that finds a ``DataSource``, and one line in ``BENCHMARKS`` (``registry``).
Open ``source`` for what such a function returns, ``files`` for how published files are read, ``prepare`` for what is
kept on disk, and ``selection`` for ``--subtask`` and ``--limit``.
"""

from mmra_api.benchmarks.lookup import find_publication, load_published
from mmra_api.benchmarks.published import Publication, Published
from mmra_api.benchmarks.registry import BENCHMARKS
from mmra_api.benchmarks.samples import Selection, load

__all__ = [
    "BENCHMARKS",
    "Publication",
    "Published",
    "Selection",
    "find_publication",
    "load",
    "load_published",
]
