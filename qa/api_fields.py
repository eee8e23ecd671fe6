"""Fields that several requests to the HTTP API have, with their descriptions."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import Field

from qa.given import FILTERS

FilterBoxes = Annotated[
    dict[str, list[str | int]] | None,
    Field(description=f"筛选条件，每项是列表：{'、'.join(FILTERS)}（级别、地区、年份、时效、文件编号）"),
]
Day = Annotated[str | None, Field(description="时效以哪一天为准，如 2025-06-30；默认今天")]
DayAsked = Annotated[str | None, Query(description="时效以哪一天为准，如 2025-06-30；默认今天")]
FileAsked = Annotated[str, Query(description="文件编号、文号或标题")]
FileOrAll = Annotated[str | None, Query(description="文件编号、文号或标题；不给则看全库")]
