"""Summaries → a LaTeX table for a paper, in the manner of ``booktabs``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import compress, groupby

from mmra_api.benchmarks import Published
from mmra_api.report.caveats import warnings
from mmra_api.report.columns import Column
from mmra_api.report.compare import Comparison, ComparisonRow, compare
from mmra_api.report.notes import captions, describe_data
from mmra_api.report.show import SETTING_WORDS
from mmra_api.report.summary import Summary

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "–": "--",
    "·": r"\textperiodcentered{}",
    # After the \\ that ends a row, a bracket or a star would be read as its argument.
    "[": "{[}",
    "]": "{]}",
    "*": "{*}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}


def to_latex(summaries: Sequence[Summary], published: Sequence[Published] = (), *, intervals: bool = True) -> str:
    r"""Write a ``table*`` that needs ``\usepackage{booktabs}``: a section per setting, best values in bold.

    ``intervals`` adds a column with the 95 % interval of the overall accuracy. The caption holds what the terminal says
    below its table.
    """
    comparison = compare(summaries, published)
    kept = [intervals or column.show != "interval" for column in comparison.columns]
    lines = [
        "% needs \\usepackage{booktabs}",
        # As comments: an author must see them, a reader of the paper only once the author has decided to say so.
        *(f"% warning: {' '.join(each.split())}" for each in warnings(summaries, published)),
        "\\begin{table*}",
        "\\centering",
        "\\small",
        # Eleven subtasks and four more columns do not fit a page at LaTeX's usual 6 points.
        "\\setlength{\\tabcolsep}{4pt}",
        f"\\begin{{tabular}}{{@{{}}l*{{{sum(kept)}}}{{r}}@{{}}}}",
        "\\toprule",
        *_headings(list(compress(comparison.columns, kept)), len(comparison.subtasks)),
        *_body(comparison, kept),
        "\\bottomrule",
        "\\end{tabular}",
        f"\\caption{{{escape(' '.join([*captions(summaries, comparison), *describe_data(summaries)]))}}}",
        "\\end{table*}",
    ]
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """Write a text so that LaTeX prints it; line breaks and other control characters become spaces."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    # Sign by sign: what one of them becomes holds signs that must not be escaped again.
    return "".join(_SPECIAL.get(c, c) for c in plain)


def _headings(columns: Sequence[Column], subtasks: int) -> Iterator[str]:
    """Write the levels above the first ``subtasks`` columns, with a rule below each, and then every heading."""
    # LaTeX counts columns from 1, and the first holds the model.
    groups, rules, start = [""], [], 2
    for level, own in groupby(columns[:subtasks], key=lambda column: column.group):
        wide = len(list(own))
        groups.append(f"\\multicolumn{{{wide}}}{{c}}{{{escape(level)}}}")
        # No rule under columns that belong to no level: it would look like one.
        if level:
            rules.append(f"\\cmidrule(lr){{{start}-{start + wide - 1}}}")
        start += wide
    if rules:
        yield _line([*groups, *[""] * len(columns[subtasks:])])
        yield "".join(rules)
    abbrevs = [escape(column.heading) for column in columns[:subtasks]]  # as the data writes them: SimE, RP
    others = [column.latex or escape(_capitalise(column.heading)) for column in columns[subtasks:]]
    yield _line(["Model", *abbrevs, *others])


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]


def _body(comparison: Comparison, kept: Sequence[bool]) -> Iterator[str]:
    for section in comparison.sections:
        title = f"{section.label}: {SETTING_WORDS[section.setting]}"
        yield "\\midrule"
        yield _line([f"\\multicolumn{{{1 + sum(kept)}}}{{@{{}}l}}{{\\emph{{{escape(title)}}}}}"])
        for row in section.rows:
            yield _line(_cells(row, kept))


def _cells(row: ComparisonRow, kept: Sequence[bool]) -> list[str]:
    shown = (f"\\textbf{{{escape(each.text)}}}" if each.best else escape(each.text) for each in row.figures)
    marks = [f"\\textbf{{{mark}}}" if mark == "simulated" else escape(mark) for mark in row.marks]
    label = escape(row.model) + (f" {{\\footnotesize ({', '.join(marks)})}}" if marks else "")
    return [label, *compress(shown, kept)]


def _line(cells: Iterable[str]) -> str:
    return " & ".join(cells) + r" \\"
