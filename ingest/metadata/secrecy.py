"""密级: a classified file may not be taken in.

GB/T 9704: ``秘密★1年`` stands in the first lines of the first page, alone or beside 份号 and 紧急程度. Registers and older files
print ``密级：秘密``. The words 保密 and 商业秘密 in running text are no mark.
"""

from __future__ import annotations

import re

from ingest.errors import Classified
from ingest.normalize import fold

_HEAD_LINES = 15
_HEAD_LENGTH = 4000
_STAR = r"[★☆*＊✩✭·]"
_URGENCY = "(?:特急|加急|特提|平急|急件|普通)"
_MARK = re.compile(
    rf"(?:\d{{4,8}}[, ]*)?(?:{_URGENCY} ?)?(?:密 ?级 ?[:：]? ?)?[\[(]?(?:绝 ?密|机 ?密|秘 ?密)级?[\])]?"
    rf"(?: ?{_STAR}.{{0,20}}| ?保密期限.{{0,12}})?(?: ?{_URGENCY})?"
)


def refuse_classified(path: str, text: str) -> None:
    """Raises Classified where one of the first lines, or a cell in them, is a 密级 mark."""
    seen = 0
    for line in fold(text[:_HEAD_LENGTH]).split("\n"):
        cells = [re.sub(" +", " ", cell).strip() for cell in line.split("\t")]
        for cell in filter(_MARK.fullmatch, cells):
            raise Classified(
                f"文件带有密级标志“{cell}”，不能收录：{path}",
                "涉密文件不得存入本系统；如果标志有误，请先由保密部门确认并更换文件",
            )
        seen += any(cells)
        if seen >= _HEAD_LINES:
            return
