"""Marks in recognised text: what looks alike is told apart by its width on paper; nothing else is changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.ocr_marks import full_width_marks


def set_in_type(text, narrow=""):
    """Middles of the characters of a line, in em; those of ``narrow`` and Latin ones are half as wide."""
    places, x = [], 0.0
    for char in "".join(text.split()):
        width = 0.5 if char in narrow or (char.isascii() and char not in "():;!?,<>") else 1.0
        places.append(x + width / 2)
        x += width
    return places


CASES = (
    # recognised, printed, why
    ("(一)加强组织领导", "（一）加强组织领导", "a marker is set full width"),
    ("各级政府(含开发区）应当", "各级政府（含开发区）应当", "one of a pair is right"),
    ("(GWPB 5—2000），自本标准实施", "（GWPB 5—2000），自本标准实施", "the pair, though Latin stands inside"),
    ("(1)对首次上规模的企业给予奖励", "（1）对首次上规模的企业给予奖励", "as much room as a hanzi"),
    ("(mg/L)", "(mg/L)", "no Chinese beside it: nobody can tell"),
    ("具体指标:到2022年", "具体指标：到2022年", "colon after Chinese"),
    ("比例为1:3的混合", "比例为1:3的混合", "a ratio"),
    ("清政〔2024〕6号(试行)", "清政〔2024〕6号（试行）", "〔〕 stay"),
    ("环监字[1996]470号", "环监字[1996]470号", "printed so"),
    ("《转发<关于实行若干意见>的通知》", "《转发〈关于实行若干意见〉的通知》", "a title inside a title"),
    ("国务院办公厅印发<关于实行", "国务院办公厅印发〈关于实行", "a title that runs on to the next line"),
    ("若干意见>的通知》要求", "若干意见〉的通知》要求", "and its end"),
    ("收入<三万元的家庭", "收入<三万元的家庭", "less than"),
    ("3. 2. 4经无害化处理", "3.2.4经无害化处理", "a clause number of three parts"),
    ("1. 2023年工作要点", "1. 2023年工作要点", "an item and a year"),
)  # fmt: skip


@pytest.mark.parametrize(("recognised", "printed", "why"), CASES)
def test_marks_become_what_is_printed(recognised, printed, why):
    assert full_width_marks(recognised, set_in_type(recognised)) == printed, why


def test_brackets_that_are_narrow_on_paper_stay_narrow():
    text = "各有关单位的主管部门(以下简称部门)应当及时办理"
    assert full_width_marks(text, set_in_type(text, narrow="()")) == text
    assert full_width_marks(text, set_in_type(text)) == "各有关单位的主管部门（以下简称部门）应当及时办理"


@given(st.text(alphabet="一二关于()（）:;<>《》,1.a ", max_size=40))
def test_only_the_width_of_marks_changes(text):
    def plain(value):
        return "".join(value.split()).translate(str.maketrans("（）：；！？，〈〉", "():;!?,<>"))

    assert plain(full_width_marks(text, set_in_type(text))) == plain(text)
