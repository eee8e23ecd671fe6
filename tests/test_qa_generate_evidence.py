"""What of long evidence a model is given, and what of a long true reply is shown."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, ClassVar

import pytest
from llama_index.core.llms import CompletionResponse, CompletionResponseGen, CustomLLM, LLMMetadata

from index.library import Library
from qa.assistant import Assistant
from qa.generate import MAX_SENTENCES, excerpt
from qa.question import analyse

DAY = date(2025, 1, 1)
TARGET = "对评定为五星级的养老机构，给予一次性奖励50万元。"
OTHER = [f"对第{n}类场所，由主管部门按照职责做好第{n}项日常管理工作。" for n in range(1, 121)]
CLAUSE = "".join(("本条适用于各类服务场所。", *OTHER[:90], TARGET, *OTHER[90:]))
QUESTION = "五星级养老机构奖励多少？"


class Quoting(CustomLLM):
    """Quotes, of what it is given under mark 1, what it is told to; and keeps the prompts."""

    quote: str
    window: int
    heard: ClassVar[list[str]] = []

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(context_window=self.window)

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        raise AssertionError("answers are streamed, so that this is never called")

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        self.heard.append(prompt)
        yield CompletionResponse(text="", delta=self.quote)


@pytest.fixture
def held(library: Library, policy) -> Library:
    library.add_document(*policy(7, CLAUSE))
    return library


def test_a_long_clause_is_given_by_its_opening_and_what_speaks_of_the_question():
    given = excerpt(analyse(QUESTION), CLAUSE, 600)
    assert len(given) <= 700
    assert given.startswith("本条适用于各类服务场所。")
    assert TARGET in given
    pieces = [piece for piece in given.split("……") if piece]
    places = [CLAUSE.index(piece) for piece in pieces]
    assert places == sorted(places)
    assert all(piece.endswith("。") for piece in pieces)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("、".join(("甲" * 400, "五星级养老机构奖励50万元", "乙" * 400)), "one sentence with commas"),
        ("丙" * 390 + "五星级养老机构奖励50万元" + "丁" * 390, "no stop at all"),
    ],
)
def test_an_overlong_sentence_is_cut_where_it_must(text, why):
    given = excerpt(analyse(QUESTION), text, 300)
    assert len(given) <= 330
    assert "五星级养老机构奖励50万元" in given
    assert all(piece in text for piece in given.split("……"))


@pytest.mark.parametrize(("window", "longest"), [(3_900, 2_900), (128_000, 3_200)])
def test_the_prompt_fits_the_model_and_the_proof_is_exact(held: Library, window, longest):
    answer = Assistant(held, Quoting(quote=f"{TARGET}[1]", window=window)).ask(QUESTION, as_of=DAY)
    assert len(Quoting.heard[-1]) <= longest
    assert answer.text == TARGET
    (citation,) = answer.citations
    assert citation.quote.rstrip("。") == TARGET.rstrip("。")


def test_a_model_cannot_flood_the_page_with_true_sentences(held: Library):
    shown = re.findall("对第[^。]*。", CLAUSE)[:40]
    answer = Assistant(held, Quoting(quote="\n".join(f"{s}[1]" for s in shown), window=16_000)).ask(QUESTION, as_of=DAY)
    assert [sentence.text for sentence in answer.sentences if sentence.proofs] == shown[:MAX_SENTENCES]
