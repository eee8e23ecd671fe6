"""The web application beside the page: ``/api/…`` for programs, the stored files, and headers that keep a page at home.

``POST /api/ask`` answers with the ``Answer`` as JSON, or line by line (NDJSON) as it grows; ``/api/search``, ``/api/clause``,
``/api/files``, ``/api/lineage``, ``/api/match``, ``/api/measures``, ``/api/measure`` and ``/api/compare`` as ``qa.endpoints``; ``api_drafting``
and ``api_framework`` add theirs. ``/api/openapi.json`` describes them all.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager
from itertools import chain
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Body, FastAPI, HTTPException, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.library import Library
from ingest.errors import ModelUnreachable, NotHeld, PolicyError, RegisterError, StoreUnreachable
from qa import render
from qa.answer import Answer
from qa.api_drafting import BOUNDS, add_drafting
from qa.api_fields import Day, FilterBoxes
from qa.api_framework import add_framework
from qa.endpoints import (
    MAX_ANSWER,
    MAX_FILES,
    MAX_HITS,
    MAX_MEASURES,
    MAX_TURNS,
    Endpoints,
)
from qa.given import what_is_wrong

MAX_BODY = 512 * 1024  # bytes of a request: 20 turns of 8,000 characters
NDJSON = "application/x-ndjson"
STATUS: tuple[tuple[type[PolicyError], int], ...] = (
    (NotHeld, 404),
    (RegisterError, 503),
    (StoreUnreachable, 503),
    (ModelUnreachable, 503),
    (PolicyError, 422),  # anything else that a caller can mend
)
SEE = "接口说明见 /api/openapi.json"


class Turn(BaseModel):
    """An earlier turn of the conversation."""

    question: str = Field(description="此前的提问")
    answer: str = Field("", description=f"此前的回答，只用前 {MAX_ANSWER} 字")


class Asking(BaseModel):
    """Body of ``/api/ask``."""

    question: str = Field(description="问题")
    history: list[Turn] = Field([], max_length=MAX_TURNS, description="此前的对话，由旧到新；追问时用")
    filters: FilterBoxes = None
    as_of: Day = None
    stream: bool = Field(
        False, description="true：逐行返回（NDJSON），每行 {complete, answer}，最后一行 complete 为 true"
    )


class Searching(BaseModel):
    """Body of ``/api/search``."""

    question: str = Field(description="要找的内容、文号或标题")
    filters: FilterBoxes = None
    limit: int = Field(20, ge=1, le=MAX_HITS, description="最多返回几条")
    as_of: Day = None


class Matching(BaseModel):
    """Body of ``/api/match``."""

    profile: dict[str, Any] = Field(
        description="画像：每项可空；键为字段名或中文名，如 所在地、行业、营业收入。数额写 1.2亿、12%、120人，"
        "或 {value, unit, period, previous, peak}；资质写列表，或 {名称: 是/否/首次/重新}"
    )
    filters: FilterBoxes = None
    limit: int = Field(MAX_MEASURES, ge=1, le=MAX_MEASURES, description="每组最多返回几项")
    as_of: Day = None


class ChineseRoute(APIRoute):
    """Bounds the body, and answers every mistake of the caller with ``{"error", "hint"}`` in Chinese and its status."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:
        handle = super().get_route_handler()

        most = BOUNDS.get(self.path, MAX_BODY)

        async def bounded(request: Request) -> Response:
            received = 0

            async def receive() -> Message:
                nonlocal received
                message = await request.receive()
                received += len(message.get("body", b""))
                if received > most:
                    raise HTTPException(413)
                return message

            try:
                return await handle(Request(request.scope, receive))
            except PolicyError as error:
                return failure(str(error), error.hint or SEE, status_of(error))
            except RequestValidationError as error:
                return failure(f"请求不正确：{what_is_wrong(error.errors(), skipped=1)}", SEE, 422)
            except HTTPException as error:
                known = {413: f"请求超过 {most // 1024} KB", 400: "请求内容无法读取"}
                return failure(known.get(error.status_code, "请求未完成"), SEE, error.status_code)

        return bounded


def failure(message: str, hint: str, status: int) -> JSONResponse:
    """``{"error", "hint"}``."""
    return JSONResponse({"error": message, "hint": hint}, status)


def status_of(error: PolicyError) -> int:
    """HTTP status of an error that a caller, or the operator, can mend."""
    return next(status for kind, status in STATUS if isinstance(error, kind))


def router(endpoints: Endpoints) -> APIRouter:
    """The routes under ``/api``."""
    api = APIRouter(prefix="/api", route_class=ChineseRoute, tags=["政策问答"])

    @api.post("/ask", summary="提问", description="依据库内文件回答；每句附出处和核验记录，文件没有说明的不予回答。")
    def ask(asking: Annotated[Asking, Body()]) -> Response:
        history = [(turn.question, turn.answer) for turn in asking.history]
        growing = endpoints.stream(asking.question, history, asking.filters, asking.as_of)
        if asking.stream:
            first = next(growing)  # what fails before the first word gets a status of its own
            return StreamingResponse(lines(chain([first], growing)), media_type=NDJSON)
        *_, answer = growing
        return JSONResponse(render.answer_dict(answer))

    @api.post("/search", summary="查找条款", description="按内容、文号或标题查找，最相关的在前。")
    def search(searching: Annotated[Searching, Body()]) -> list[dict[str, Any]]:
        return endpoints.search(searching.question, searching.filters, searching.limit, searching.as_of)

    @api.get("/clause", summary="条款原文", description="一条条款的全文、下级条款和所在位置。")
    def clause(
        file: Annotated[str, Query(description="文件编号、文号或标题")],
        clause: Annotated[str, Query(description="条款路径（如 第四条、二、（三）2.）或条款 id")],
        as_of: Annotated[str | None, Query(description="时效以哪一天为准")] = None,
    ) -> dict[str, Any]:
        return endpoints.clause(file, clause, as_of)

    @api.get("/files", summary="文件列表", description="库内文件及今天的时效，新文件在前。")
    def files(
        offset: Annotated[int, Query(ge=0, description="跳过几份")] = 0,
        limit: Annotated[int, Query(ge=1, le=MAX_FILES, description="最多返回几份")] = MAX_FILES,
    ) -> list[dict[str, Any]]:
        return endpoints.files(offset, limit)

    @api.get("/lineage", summary="文件脉络", description="它引用、修改、废止哪些文件，又被哪些文件引用、修改、废止。")
    def lineage(
        file: Annotated[str, Query(description="文件编号、文号或标题")],
        as_of: Annotated[str | None, Query(description="时效以哪一天为准")] = None,
    ) -> dict[str, Any]:
        return endpoints.lineage(file, as_of)

    _measure_routes(api, endpoints)
    add_drafting(api, endpoints.drafting)
    add_framework(api, endpoints.framework)
    return api


def _measure_routes(api: APIRouter, endpoints: Endpoints) -> None:
    @api.post(
        "/match", summary="政策匹配", description="按企业或个人画像逐条判定现行支持措施：符合、接近、待确认、不适用。"
    )
    def match(matching: Annotated[Matching, Body()]) -> dict[str, Any]:
        return endpoints.match(matching.profile, matching.as_of, matching.filters, matching.limit)

    @api.get("/measures", summary="支持措施", description="库内支持措施，新文件在前；各项条件可重复，取其一即可。")
    def measures(
        levels: Annotated[list[str], Query(description="级别：state、province、city、district、zone")] = [],  # noqa: B006
        regions: Annotated[list[str], Query(description="地区")] = [],  # noqa: B006 - pydantic copies it
        validity: Annotated[list[str], Query(description="时效，如 有效")] = [],  # noqa: B006
        types: Annotated[list[str], Query(description="支持类型，如 资金奖补")] = [],  # noqa: B006
        offset: Annotated[int, Query(ge=0, description="跳过几项")] = 0,
        limit: Annotated[int, Query(ge=1, le=MAX_MEASURES, description="最多返回几项")] = MAX_MEASURES,
        as_of: Annotated[str | None, Query(description="时效以哪一天为准")] = None,
    ) -> dict[str, Any]:
        filters = {"levels": levels, "regions": regions, "validity": validity}
        return endpoints.measures(filters, types, offset, limit, as_of)

    @api.get("/measure", summary="一项支持措施", description="读出的全部内容，每处附原文和位置，以及人工更正。")
    def measure(
        id: Annotated[str, Query(description="措施编号")],
        as_of: Annotated[str | None, Query(description="时效以哪一天为准")] = None,
    ) -> dict[str, Any]:
        return endpoints.measure(id, as_of)

    @api.get("/compare", summary="措施比对", description="同类支持措施在省、市、区各文件中的规定并列，每格附出处。")
    def compare(
        of: Annotated[str, Query(description="措施编号，或话题（如 技术改造补助）")],
        as_of: Annotated[str | None, Query(description="时效以哪一天为准")] = None,
    ) -> dict[str, Any]:
        return endpoints.compare(of, as_of)


def nowhere() -> Response:
    """An address under ``/api`` that is none, or a wrong method."""
    return failure("没有这个接口，或请求方法不对", SEE, 404)


def lines(growing: Iterator[Answer]) -> Iterator[str]:
    """NDJSON: growing answers, then the complete one; an error that comes later ends the stream in its place."""
    answer = None
    try:
        for answer in growing:
            yield _line({"complete": False, "answer": render.answer_dict(answer)})
    except PolicyError as error:
        yield _line({"complete": True, "error": str(error), "hint": error.hint})
        return
    if answer is not None:
        yield _line({"complete": True, "answer": render.answer_dict(answer)})


def _line(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False) + "\n"


def application(endpoints: Endpoints, headers: Mapping[str, str], running: AbstractContextManager[Any]) -> FastAPI:
    """The application without the page. ``headers`` go with every response; ``running`` is held while it runs."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        with running:
            yield

    # No docs_url: the pages that FastAPI makes of the description are loaded from another host.
    app = FastAPI(
        title="文号 · 政策文件知识库", description="每句回答都有文号为证。出错时返回 {error, hint}。", version="1",
        lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url="/api/openapi.json",
    )  # fmt: skip
    app.add_middleware(secured, headers=headers)
    app.add_api_route("/healthz", lambda: {"status": "ok"}, include_in_schema=False)
    app.include_router(router(endpoints))
    app.add_api_route(
        "/api/{rest:path}", nowhere, methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False
    )
    app.add_api_route(
        "/original/{document_id:path}",
        lambda document_id: original(endpoints.library, document_id),
        include_in_schema=False,
    )
    return app


def original(library: Library, document_id: str) -> Response:
    """The stored file as it was given: a PDF opens in the browser, anything else (HTML may carry scripts) is downloaded."""
    try:
        stored = library.original(document_id)
    except PolicyError as error:
        return Response(str(error), status_of(error), media_type="text/plain; charset=utf-8")
    pdf = stored.media_type == "application/pdf"
    kind, how = ("application/pdf", "inline") if pdf else ("application/octet-stream", "attachment")
    disposition = {"Content-Disposition": f"{how}; filename*=UTF-8''{quote(Path(stored.name).name)}"}
    return Response(stored.content, media_type=kind, headers=disposition)


def secured(app: ASGIApp, headers: Mapping[str, str]) -> ASGIApp:
    """Middleware: nothing may be loaded from or sent to another host, whatever a document contains."""

    async def respond(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(headers)
            await send(message)

        await app(scope, receive, send_secured)

    return respond
