"""Summaries → a LaTeX table for a paper, in the manner of ``booktabs``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from mmra_api.benchmarks import Published
from mmra_api.report.compare import SETTING_WORDS, Comparison, Row, compare, count, percent, span
from mmra_api.report.notes import captions, describe_data, warnings
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
    width = 1 + len(comparison.columns) + 3 + intervals
    lines = [
        "% needs \\usepackage{booktabs}",
        *(f"% warning: {' '.join(each.split())}" for each in warnings(summaries, published)),
        "\\begin{table*}",
        "\\centering",
        "\\small",
        "\\setlength{\\tabcolsep}{4pt}",
        f"\\begin{{tabular}}{{@{{}}l*{{{width - 1}}}{{r}}@{{}}}}",
        "\\toprule",
        *_headings(comparison, intervals),
        *_body(comparison, width, intervals),
        "\\bottomrule",
        "\\end{tabular}",
        f"\\caption{{{escape(' '.join([*captions(summaries, comparison), *describe_data(summaries)]))}}}",
        "\\end{table*}",
    ]
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """Write a text so that LaTeX prints it; line breaks and other control characters become spaces."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return "".join(_SPECIAL.get(c, c) for c in plain)


def _headings(comparison: Comparison, intervals: bool) -> Iterator[str]:
    groups, rules, start = [""], [], 2
    for level, columns in groupby(comparison.columns, key=lambda column: column.level):
        wide = len(list(columns))
        groups.append(f"\\multicolumn{{{wide}}}{{c}}{{{level or ''}}}")
        if level:
            rules.append(f"\\cmidrule(lr){{{start}-{start + wide - 1}}}")
        start += wide
    if rules:
        yield _line([*groups, *[""] * (3 + intervals)])
        yield "".join(rules)
    abbrevs = (escape(column.abbrev) for column in comparison.columns)
    yield _line(["Model", *abbrevs, "Overall", *(["95\\,\\%"] if intervals else []), "Macro", "$n$"])


def _body(comparison: Comparison, width: int, intervals: bool) -> Iterator[str]:
    for section in comparison.sections:
        title = f"{section.setting}: {SETTING_WORDS[section.setting]}"
        yield "\\midrule"
        yield _line([f"\\multicolumn{{{width}}}{{@{{}}l}}{{\\emph{{{title}}}}}"])
        for row in section.rows:
            yield _line(_cells(row, intervals))


def _cells(row: Row, intervals: bool) -> list[str]:
    *values, macro = (
        f"\\textbf{{{percent(value)}}}" if best else escape(percent(value))
        for value, best in zip(row.values, row.best, strict=True)
    )
    marks = [f"\\textbf{{{mark}}}" if mark == "simulated" else escape(mark) for mark in row.marks]
    label = escape(row.model) + (f" {{\\footnotesize ({', '.join(marks)})}}" if marks else "")
    return [label, *values, *([escape(span(row.interval))] if intervals else []), macro, escape(count(row.n))]


def _line(cells: Iterable[str]) -> str:
    return " & ".join(cells) + r" \\"
