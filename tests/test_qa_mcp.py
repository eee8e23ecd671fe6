"""The tools of the Model Context Protocol, called by a real client that starts the server as its child."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest

from index.library import Library
from ingest.settings import Settings
from qa import __main__ as command
from qa.assistant import Assistant
from qa.endpoints import Endpoints

ROOT = Path(__file__).resolve().parents[1]
NUMBER = "示政办〔2023〕7号"
CALLS: list[tuple[str, str, dict[str, Any]]] = [
    ("ask", "ask", {"question": "首次认定的高新技术企业奖励多少？", "as_of": "2023-06-01", "history": [["问", "答"]]}),
    ("search", "search", {"text": "高新技术企业", "limit": 1}),
    ("get_clause", "clause", {"file": "示政办[2023]7号", "clause": "一、（一）"}),
    ("list_files", "files", {"limit": 5}),
    ("lineage", "lineage", {"file": NUMBER}),
    ("match", "match", {"profile": {"资质": {"高新技术企业": "首次"}}, "as_of": "2023-06-01", "limit": 5}),
    ("list_measures", "measures", {"types": ["资金奖补"], "limit": 5}),
    ("compare", "compare", {"of": "高新技术企业奖励"}),
    (
        "draft",
        "drafting.draft",
        {"request": {"文种": "若干政策措施", "支持事项": ["高新技术企业奖励"], "日期": "2023-06-01"}},
    ),
    (
        "review_text",
        "drafting.review",
        {"text": "一、凡在本区注册的企业，按缴纳税收的50%予以返还。", "as_of": "2023-06-01"},
    ),
    ("framework", "framework.view", {"file": NUMBER, "part": "targets", "as_of": "2023-06-01"}),
    ("glossary", "framework.glossary", {"term": "双招双引", "as_of": "2023-06-01"}),
]
# (tool, arguments, what is said of them)
MISTAKES: list[tuple[str, dict[str, Any], str]] = [
    ("lineage", {"file": "无此文件"}, "库内没有“无此文件”"),
    ("search", {}, "缺少 text"),
    ("search", {"text": "高新技术企业", "limit": 5000}, "limit 超出范围（界限 100）"),
    ("search", {"text": "高新技术企业", "limit": "许多"}, "limit 的类型或取值不对"),
    ("ask", {"question": ["几", "个"]}, "question 的类型或取值不对"),
    ("ask", {"question": "奖励多少？", "history": [["只有问"]]}, "history.0"),
    ("ask", {"question": " "}, "问题是空的"),
    ("ask", {"question": "奖励多少？", "as_of": "昨天"}, "看不懂日期"),
    ("ask", {"question": "奖励多少？", "filters": {"省": ["安徽"]}}, "筛选条件不正确"),
    ("match", {"profile": {"营业收入": "约1亿"}}, "营业收入：看不懂“约1亿”"),
    ("match", {}, "缺少 profile"),
    ("list_measures", {"types": ["好处"]}, "没有这种支持类型：好处"),
    ("compare", {"of": "外星人登陆"}, "没有找到"),
    ("draft", {"request": {"文种": "通告"}}, "文种：没有“通告”"),
    ("framework", {"part": "封面"}, "没有这个部分：封面"),
    ("framework", {"part": "quiz", "count": 500}, "count 超出范围（界限 50）"),
    ("delete", {"file": NUMBER}, "没有名为 delete 的工具"),
]


def test_a_client_gets_what_the_endpoints_give(tmp_path: Path, policy: Callable[..., tuple]):
    pytest.importorskip("mcp")
    settings = Settings(data=tmp_path)
    with Library.open(settings) as library:
        library.add_document(*policy(7, "对首次认定的高新技术企业，一次性奖励30万元。", title="示例区支持创新若干措施"))
        endpoints = Endpoints(library, Assistant(library))
        wanted = [attrgetter(method)(endpoints)(**arguments) for _, method, arguments in CALLS]
    # In a thread of its own: browser tests leave a running loop in this one.
    said = ThreadPoolExecutor(1).submit(asyncio.run, asyncio.wait_for(conversation(tmp_path), 60))
    names, given, told = said.result()
    assert set(names) == {name for name, _, _ in CALLS}
    assert "30万元" in given[0]["text"] and given[0]["citations"][0]["document_number"] == NUMBER
    for (name, _, _), got, want in zip(CALLS, given, wanted, strict=True):
        assert timeless(got) == timeless(json.loads(json.dumps(want))), name
    for (name, arguments, words), text in zip(MISTAKES, told, strict=True):
        assert words in text, (name, arguments)
        assert not re.search("Traceback|Error|error|pydantic|Input|http", text), text


async def conversation(data: Path) -> tuple[list[str], list[Any], list[str]]:
    """Names of the tools, results of ``CALLS``, and what is said of ``MISTAKES``."""
    from mcp import ClientSession, StdioServerParameters, stdio_client

    server = StdioServerParameters(
        command=sys.executable, args=["-m", "qa", "mcp"], cwd=ROOT, env={**os.environ, "POLICY_DATA": str(data)}
    )
    async with stdio_client(server) as streams, ClientSession(*streams) as session:
        await session.initialize()
        names = [tool.name for tool in (await session.list_tools()).tools]
        results = [await session.call_tool(name, arguments) for name, _, arguments in CALLS]
        mistakes = [await session.call_tool(name, arguments) for name, arguments, _ in MISTAKES]
    given = [result.structured_content for result in results]
    assert all(mistake.is_error for mistake in mistakes)
    told = [mistake.content[0].text for mistake in mistakes]
    return names, [value.get("result", value) for value in given], told


def timeless(value: Any) -> Any:
    """Without what may differ: how long it took, and the last digits of a score (one program may have the vectors in memory by
    then, in 16 bits each).
    """
    match value:
        case dict():
            return {key: timeless(item) for key, item in value.items() if key != "seconds"}
        case list():
            return [timeless(item) for item in value]
        case float():
            return round(value, 2)
    return value


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, capsys, tmp_path: Path):
    monkeypatch.setenv("POLICY_DATA", str(tmp_path))
    for name in [name for name in sys.modules if name.split(".")[0] == "mcp" or name == "qa.mcp_server"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "mcp", None)
    assert command.main(["mcp"]) == 2
    message = capsys.readouterr().err
    assert "没有安装 MCP 组件" in message and "[mcp]" in message
