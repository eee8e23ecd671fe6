"""Figures in the cells of tables: each stands in a clause that its row cites, in the drafter's own facts, or is worked out of these."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from itertools import combinations, zip_longest
from math import prod

from qa.calculation.figures import Figure, figures
from qa.drafting.figures import unfounded
from qa.drafting.model import Draft, Grid, Paragraph

_COUNTED = ("序号", "本级目标")  # columns that say nothing of a source: counted, or left open
_WORKED = ("测算", "不符合之处")  # … that are worked out
_STOPS = re.compile("[，。；：（）“”]")
_SUM = re.compile("(?P<factors>[^＝]*×[^＝]*)＝(?P<result>[^＝]+)")
_SHORT_OF = re.compile("还差([^，。；（）]{1,20})")
_BARE = re.compile(r"\d+(?:\.\d+)?")


def unfounded_cells(draft: Draft, grid: Grid, gone: Collection[int] = ()) -> Iterator[str]:
    """A notice for each row with figures of unknown source. ``gone``: marks of citations that do not stand."""
    facts = [block.text for block in draft.blocks if isinstance(block, Paragraph) and block.origin == "given"]
    cited = {c.mark: (c.quote, c.source, c.path, c.validity_reason) for c in draft.citations if c.mark not in gone}
    for row, marks in zip_longest(grid.rows, grid.row_marks[: len(grid.rows)], fillvalue=()):
        known = [part for mark in marks for part in cited.get(mark, ())] + facts
        missing = tuple(_missing(grid.heads, row, known))
        if missing:
            yield f"《{grid.caption or '表'}》“{row[0][:20]}”一行的“{'”“'.join(missing)}”在所引条款中没有找到，须核对"


def _missing(heads: Iterable[str], row: Iterable[str], known: list[str]) -> Iterator[str]:
    for head, cell in zip(heads, row, strict=True):
        if head not in _COUNTED:
            results = worked_out(cell, known) if head in _WORKED else ()
            yield from unfounded(cell, [*known, *results])


def worked_out(cell: str, known: Iterable[str]) -> tuple[str, ...]:
    """Results printed in the cell that are right, of figures that are known.

    >>> worked_out("测算：设备投资3000万元×6%＝180万元，还差1万元", ["设备投资额：3000万元", "按照6%给予补助"])
    ('180万元',)
    """
    held = [figure for text in known for figure in figures(text)]
    values = {figure.value for figure in held}
    found = []
    for piece in _STOPS.split(cell):
        match = _SUM.fullmatch(piece)
        if match:
            factors = [_value(part, values) for part in match["factors"].split("×")]
            result = figures(match["result"])
            if (
                None not in factors
                and len(result) == 1
                and prod(f for f in factors if f is not None) == result[0].value
            ):
                found.append(match["result"])
    for match in _SHORT_OF.finditer(cell):
        said = figures(match[1])
        if len(said) == 1 and _is_gap(said[0], held):
            found.append(match[1])
    return tuple(found)


def _value(part: str, values: Collection[Decimal]) -> Decimal | None:
    """Of a factor, whose figure is known."""
    found = figures(part)
    if found:
        return found[-1].value if found[-1].value in values else None
    bare = _BARE.findall(part)
    return Decimal(bare[-1]) if bare and Decimal(bare[-1]) in values else None


def _is_gap(figure: Figure, held: Iterable[Figure]) -> bool:
    alike = {f.value for f in held if (f.kind, f.unit) == (figure.kind, figure.unit)}
    return any(abs(one - other) == figure.value for one, other in combinations(alike, 2))
