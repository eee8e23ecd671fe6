"""Routes for the framework: ``/api/framework``, ``/api/graph``, ``/api/picture``, ``/api/explainer`` and ``/api/glossary``."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from qa.api_fields import DayAsked, FileAsked, FileOrAll
from qa.endpoints_framework import MAX_STEPS, FrameworkEndpoints
from qa.framework.graph import STEPS
from qa.framework.views import FILE_PARTS, LIBRARY_PARTS, MAX_QUESTIONS, QUESTIONS

SVG = "image/svg+xml"

Steps = Annotated[int, Query(ge=1, le=MAX_STEPS, description="离该文件最多几步")]
Levels = Annotated[list[str], Query(description="级别：state、province、city、district、zone")]
Regions = Annotated[list[str], Query(description="地区")]


def add_framework(api: APIRouter, endpoints: FrameworkEndpoints) -> None:
    """Adds the routes."""

    @api.get("/framework", summary="看懂文件", description="一份文件的一个部分；不给文件则看全库。每行附出处。")
    def framework(
        file: FileOrAll = None,
        part: Annotated[str, Query(description=f"文件：{FILE_PARTS}；全库：{LIBRARY_PARTS}。默认第一个")] = "",
        other: Annotated[str, Query(description="新旧对照：与哪份文件比对")] = "",
        count: Annotated[int, Query(ge=1, le=MAX_QUESTIONS, description="自测：几道题")] = QUESTIONS,
        seed: Annotated[int, Query(ge=0, description="自测：换一个数就换一套题")] = 0,
        as_of: DayAsked = None,
    ) -> dict[str, Any]:
        return endpoints.view(file, part, as_of, other, count, seed)

    @api.get(
        "/graph", summary="沿革图数据", description="文件和它们之间的关系，每条关系附原句；文件多时只给一份文件的周边。"
    )
    def graph(
        file: FileOrAll = None,
        levels: Levels = [],  # noqa: B006 - pydantic copies it
        regions: Regions = [],  # noqa: B006
        steps: Steps = STEPS,
        as_of: DayAsked = None,
    ) -> dict[str, Any]:
        return endpoints.graph(file, {"levels": levels, "regions": regions}, steps, as_of)

    @api.get("/picture", summary="沿革图", description="同 /api/graph，画成 SVG 图片。")
    def picture(
        file: FileOrAll = None,
        levels: Levels = [],  # noqa: B006
        regions: Regions = [],  # noqa: B006
        steps: Steps = STEPS,
        as_of: DayAsked = None,
    ) -> Response:
        filters = {"levels": levels, "regions": regions}
        return Response(endpoints.lineage_picture(file, filters, steps, as_of), media_type=SVG)

    @api.get(
        "/explainer", summary="一图读懂", description="一份文件的依据、对象、支持内容、数额、期限，画成 SVG 图片。"
    )
    def explainer(file: FileAsked, as_of: DayAsked = None) -> Response:
        return Response(endpoints.explainer_picture(file, as_of), media_type=SVG)

    @api.get("/glossary", summary="名词", description="各文件自己写明的含义，不相互套用；不给名词则列出全部。")
    def glossary(
        term: Annotated[str | None, Query(description="名词，如 双招双引")] = None,
        levels: Levels = [],  # noqa: B006
        regions: Regions = [],  # noqa: B006
        as_of: DayAsked = None,
    ) -> dict[str, Any]:
        return endpoints.glossary(term, {"levels": levels, "regions": regions}, as_of)
