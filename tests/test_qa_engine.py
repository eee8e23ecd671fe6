"""The assistant inside llama-index: as an engine, behind a router, as a tool."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from llama_index.core.base.base_selector import BaseSelector, MultiSelection, SelectorResult, SingleSelection
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RouterQueryEngine
from llama_index.core.schema import QueryBundle
from llama_index.core.tools import QueryEngineTool, ToolMetadata

from index.library import Library
from index.query import Filters
from qa.assistant import Assistant
from qa.engine import PolicyQueryEngine

QUESTION = "首次认定的高新技术企业奖励多少？"
SENTENCE = "对首次认定的高新技术企业，一次性奖励30万元。"


@pytest.fixture
def assistant(library: Library, policy: Callable[..., tuple]) -> Assistant:
    library.add_document(*policy(7, SENTENCE, title="示例区支持创新若干措施"))
    return Assistant(library)


def test_the_sources_are_the_cited_clauses(assistant: Assistant):
    response = PolicyQueryEngine(assistant, as_of=date(2023, 6, 1)).query(QUESTION)
    assert "30万元" in str(response) and "[1]" in str(response)
    (source,) = response.source_nodes
    assert SENTENCE in source.node.get_content()
    expected = {"document_number": "示政办〔2023〕7号", "path": "一、（一）", "title": "示例区支持创新若干措施"}
    assert expected.items() <= source.node.metadata.items()
    assert "page" in source.node.metadata and source.node.metadata["quote"] in source.node.get_content()
    assert response.metadata["answer"]["as_of"] == "2023-06-01" and response.metadata["abstained"] is False


def test_a_refusal_has_no_sources(assistant: Assistant):
    response = PolicyQueryEngine(assistant).query("高龄津贴每月发多少钱？")
    assert response.source_nodes == [] and response.metadata["abstained"] and "文件没有说明" in str(response)


def test_filters_hold_for_every_query(assistant: Assistant):
    assert PolicyQueryEngine(assistant, Filters(years=(1999,))).query(QUESTION).source_nodes == []


class FirstTool(BaseSelector):
    """A selector without a model: always the first tool."""

    def _select(self, choices: list[ToolMetadata], query: QueryBundle) -> SelectorResult:
        return MultiSelection(selections=[SingleSelection(index=0, reason="唯一的工具")])

    async def _aselect(self, choices: list[ToolMetadata], query: QueryBundle) -> SelectorResult:
        return self._select(choices, query)

    def _get_prompts(self) -> dict:
        return {}

    def _update_prompts(self, prompts: dict) -> None:
        return


def test_it_drops_into_a_router_and_a_tool(assistant: Assistant):
    tool = QueryEngineTool.from_defaults(PolicyQueryEngine(assistant), name="policy", description="政策文件")
    router = RouterQueryEngine(selector=FirstTool(), query_engine_tools=[tool], llm=MockLLM())
    response = router.query(QUESTION)
    assert response.source_nodes[0].node.metadata["document_number"] == "示政办〔2023〕7号"
    output = (
        ThreadPoolExecutor(1).submit(asyncio.run, tool.acall(input=QUESTION)).result()
    )  # browser tests leave a loop here
    assert "30万元" in output.content
