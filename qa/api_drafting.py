"""Routes for drafts and their review: ``/api/draft``, ``/api/recheck``, ``/api/word``, ``/api/review`` and ``/api/review_file``."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from qa.api_fields import Day, DayAsked
from qa.endpoints_drafting import MAX_FILE, MAX_TEXT, DraftingEndpoints

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAX_DRAFT = 4 * 1024 * 1024  # bytes; one of six points has about 100 KB
# Bytes of the requests that may be longer than others.
BOUNDS = {"/api/recheck": MAX_DRAFT, "/api/word": MAX_DRAFT, "/api/review": MAX_DRAFT, "/api/review_file": MAX_FILE}


class Drafting(BaseModel):
    """Body of ``/api/draft``."""

    request: dict[str, Any] = Field(
        description="起草要求：文种（必填）、目的、行业、项目、企业名称、企业情况、级别、地区、发文机关、主送机关、支持事项、日期；"
        "支持事项是列表，每项写名称，或 {事项, 拟定标准}"
    )


class Edited(BaseModel):
    """Body of ``/api/recheck`` and ``/api/word``."""

    draft: dict[str, Any] = Field(description="/api/draft 返回、经过修改的草稿")


class Reviewing(BaseModel):
    """Body of ``/api/review``."""

    text: str | None = Field(None, description=f"文稿全文，不超过 {MAX_TEXT} 字；与 draft 二选一")
    draft: dict[str, Any] | None = Field(None, description="草稿（/api/draft 的格式）")
    as_of: Day = None


def add_drafting(api: APIRouter, endpoints: DraftingEndpoints) -> None:
    """Adds the routes."""

    @api.post("/draft", summary="起草", description="按要求起草政策文稿，逐段注明依据；没有依据的数字写作【待定】。")
    def draft(drafting: Annotated[Drafting, Body()]) -> dict[str, Any]:
        return endpoints.draft(drafting.request)

    @api.post("/recheck", summary="复核草稿", description="修改后的草稿：引用和数字逐段重新核对。")
    def recheck(edited: Annotated[Edited, Body()]) -> dict[str, Any]:
        return endpoints.recheck(edited.draft)

    @api.post("/word", summary="草稿存为 Word", description="草稿复核后按公文格式存为 .docx 文件。")
    def word(edited: Annotated[Edited, Body()]) -> Response:
        return Response(endpoints.word(edited.draft), media_type=WORD)

    @api.post(
        "/review",
        summary="审查文稿",
        description="公平竞争、依据、文号、引用、要素、与上级文件、数字；只提示，不下结论。",
    )
    def review(reviewing: Annotated[Reviewing, Body()]) -> dict[str, Any]:
        return endpoints.review(reviewing.text, reviewing.draft, reviewing.as_of)

    @api.post(
        "/review_file", summary="审查文件", description="内容（body）是文件本身，格式不限（docx、pdf、wps、txt 等）。"
    )
    async def review_file(
        request: Request,
        name: Annotated[str, Query(description="文件名，如 征求意见稿.docx")],
        as_of: DayAsked = None,
    ) -> dict[str, Any]:
        content = await request.body()
        return await run_in_threadpool(endpoints.review_file, name, content, as_of)
