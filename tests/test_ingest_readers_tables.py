"""Cells of a printed row stand in the places of their columns, however the rules between them are drawn."""

from __future__ import annotations

from collections.abc import Sequence

from tests.drawn_paper import Paper, lines


def ruled(
    paper: Paper, top: int, rows: Sequence[Sequence[tuple[int, str]]], right: int = 516, height: int = 30
) -> None:
    """Rows of cells, each with the x of its left rule; an empty text is a cell that the rule above it does not close."""
    for number, cells in enumerate(rows):
        y = top - number * height
        edges = [*(x for x, _ in cells), right]
        for (x, text), end in zip(cells, edges[1:], strict=True):
            if text or number == 0:
                paper.canvas.line(x, y, end, y)
            paper.canvas.line(x, y, x, y - height)
            paper.text(x + 5, y - 20, text, 12)
        paper.canvas.line(right, y, right, y - height)
    paper.canvas.line(rows[0][0][0], top - len(rows) * height, right, top - len(rows) * height)


def test_a_head_over_two_columns_leaves_the_place_of_the_second_empty():
    paper = Paper()
    ruled(
        paper,
        700,
        [
            [(79, "项目"), (200, "补贴标准"), (400, "责任单位")],
            [(79, ""), (200, "第一年"), (300, "第二年"), (400, "")],
            [(79, "购房补贴"), (200, "5万元"), (300, "3万元"), (400, "区人才办")],
            [(79, "租房补贴"), (200, "每年1万元"), (400, "区住建局")],
        ],
    )
    assert lines(paper) == [
        "项目\t补贴标准\t\t责任单位",
        "\t第一年\t第二年\t",
        "购房补贴\t5万元\t3万元\t区人才办",
        "租房补贴\t每年1万元\t\t区住建局",
    ]


def test_a_rule_that_is_drawn_unevenly_makes_no_column():
    """In tables drawn by hand one row's rule stands some points beside that of the next."""
    paper = Paper()
    ruled(
        paper,
        700,
        [
            [(79, "项目"), (200, "标准"), (400, "责任单位")],
            [(79, "购房补贴"), (212, "5万元"), (400, "区人才办")],
            [(79, "租房补贴"), (200, "1万元"), (391, "区住建局")],
        ],
    )
    assert lines(paper) == ["项目\t标准\t责任单位", "购房补贴\t5万元\t区人才办", "租房补贴\t1万元\t区住建局"]


def test_a_first_row_with_a_cell_over_two_columns_is_no_cut_row():
    paper = Paper()
    ruled(
        paper, 140, [[(79, "项目"), (200, "第一年"), (300, "第二年")], [(79, "购房"), (200, "5万元"), (300, "3万元")]]
    )
    paper.turn()
    ruled(paper, 780, [[(79, "租房"), (200, "按实际支出")], [(79, "安家"), (200, "1万元"), (300, "2万元")]])
    assert lines(paper)[-2:] == ["租房\t按实际支出\t", "安家\t1万元\t2万元"]
