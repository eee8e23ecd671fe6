"""Answers worded by a language model: a real OpenAI-compatible server on loopback, honest, lying, broken, slow and down."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

import pytest
from llama_index.core.llms import CompletionResponse, CompletionResponseGen, CustomLLM, LLMMetadata, MockLLM

from index.library import Library
from ingest.settings import Settings
from qa import render
from qa.answer import Answer, Usage
from qa.assistant import Assistant
from qa.llm import LISTENER, PATIENCE, Patience, language_model
from tests.model_server import (
    cuts_off,
    model_server,
    never_begins,
    never_ends,
    only_pings,
    says,
    sends,
    trickles,
)

TEXT = """示例区促进制造业发展若干政策
示政办〔2024〕5号
第一条　支持设备投资。对新引进制造业项目，按设备投资额的10%给予补助，单个项目最高1000万元。
第二条　已享受市级同类补助的设备投资，不予重复支持。
第三条　探索设立设备投资基金。
第四条　对改造设备投资给予下列支持：
（一）按贷款利息的50%给予贴息，每年最高80万元；
（二）对首台套设备给予一次性奖励30万元。
第五条　本政策自2024年4月1日起施行。
"""
OLD = """示例区支持设备投资若干措施
示政办〔2020〕3号
第一条　对设备投资，按设备投资额的20%给予补助，单个项目最高3000万元。
第二条　本措施自2020年1月1日起施行，有效期至2023年12月31日。
"""
TABLE = (
    "示例区惠企清单\n\n| 事项 | 对象 | 标准 |\n|---|---|---|\n| 展位租赁补贴 | 参展企业 | 展位费的50%，最高3万元 |\n"
)
QUESTION = "设备投资怎么补助？"
GRANT = "对新引进制造业项目，按设备投资额的10%给予补助，单个项目最高1000万元。"
NO_REPEAT = "已享受市级同类补助的设备投资，不予重复支持。"
QUICK = Patience(first=0.2, total=0.5)
DAY = date(2025, 1, 1)

Ask = Callable[..., Answer]


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("generate")
    for name, text in (("若干政策.txt", TEXT), ("旧措施.txt", OLD), ("清单.md", TABLE)):
        (folder / name).write_text(text, encoding="utf-8")
    with Library.open(Settings(data=folder / "data")) as library:
        assert not library.add([folder / name for name in ("若干政策.txt", "旧措施.txt", "清单.md")]).failed
        yield library


def assert_proven(library: Library, answer: Answer) -> None:
    for sentence in answer.sentences:
        assert sentence.framed or sentence.proofs, sentence.text
        for proof in sentence.proofs:
            assert proof.quote and proof.span.of(library.document(proof.document_id, proof.sha256).text) == proof.quote


def last_of(assistant: Assistant, question: str) -> Answer:
    """The answer, where everything that was shown on the way to it was proven too."""
    for answer in assistant.stream(question, as_of=DAY):
        assert_proven(assistant.library, answer)
    return answer


@pytest.fixture
def ask(held: Library) -> Ask:
    def put(address: str, question: str = QUESTION, patience: Patience = PATIENCE) -> Answer:
        model = language_model(replace(held.settings, llm="test", llm_url=address))
        return last_of(Assistant(held, model, patience), question)

    return put


@pytest.fixture
def offline(held: Library) -> Answer:
    return Assistant(held).ask(QUESTION, as_of=DAY)


def assert_offline(answer: Answer, offline: Answer, notice: str) -> None:
    assert (answer.sentences, answer.citations) == (offline.sentences, offline.citations)
    assert answer.model is None
    (told,) = answer.notices
    assert notice in told and "不用模型" in told and "\n" not in told
    assert "sk-secret" not in render.plain_text(answer)


@pytest.fixture(scope="module")
def marked(held: Library) -> Callable[[str, str], str]:
    """Puts the numbers that the prompt of a question gives its clauses in the place of their names."""

    def put(reply: str, question: str = QUESTION) -> str:
        model = Canned(reply="")
        last_of(Assistant(held, model), question)
        numbers = re.findall(r"<条款 编号=(\d) 出处=《[^》]*》(\S*?)(?:（\S*)?>", Canned.heard[-1])
        for number, path in numbers:
            reply = reply.replace(f"[{path}]", f"[{number}]")
        return reply

    return put


def test_an_honest_model_words_the_answer(ask: Ask, marked):
    with model_server(says(marked(f"{GRANT}[1]\n{NO_REPEAT}[第二条]"), usage=(812, 60))) as (address, requests):
        answer = ask(address)
    assert answer.text == f"{GRANT}\n{NO_REPEAT}"
    assert [citation.path for citation in answer.citations] == ["第一条", "第二条"]
    assert answer.usage == Usage(812, 60)
    shown = render.plain_text(answer), render.answer_html(answer, 0)
    assert all("由模型 test 组织语句" in text and "输入 812" in text and "输出 60" in text for text in shown)
    assert render.answer_dict(answer)["usage"] == {"prompt_tokens": 812, "completion_tokens": 60}
    assert not answer.notices
    assert len(requests) == 1


def test_tokens_that_the_server_does_not_tell_stay_unknown(ask: Ask):
    with model_server(f"{GRANT}[1]") as (address, _):
        answer = ask(address)
    assert answer.usage is None
    assert "词元：服务器未报告" in render.plain_text(answer)


def test_sentences_are_shown_as_they_are_completed(held: Library, marked):
    with model_server(marked(f"{GRANT}[1]\n{NO_REPEAT}[第二条]")) as (address, _):
        model = language_model(replace(held.settings, llm="test", llm_url=address))
        growing = [len(answer.sentences) for answer in Assistant(held, model).stream(QUESTION, as_of=DAY)]
    assert growing == [1, 2, 2]


# (what the model says, what is shown of it, why). [第二条] stands for the number that the prompt gave that clause.
TRUE = [
    (f"{GRANT}[1]", [GRANT], "the clause's own words"),
    (f"- **{GRANT}**[1]", [GRANT], "a list sign and bold"),
    (f"１. {GRANT}【1】", [GRANT], "a number before and other brackets"),
    (
        "按设备投资额的10%给予补助，单个项目最高1000万元。[1]",
        [GRANT],
        "for whom is put back: the rate holds for no other",
    ),
    (f"{GRANT}[1]{NO_REPEAT}[第二条]", [GRANT, NO_REPEAT], "two clauses in one line, each sentence with its own"),
    (f"{GRANT}{NO_REPEAT}[1][第二条]", [GRANT, NO_REPEAT], "two clauses, marks at the end"),
    (f"<think>\n也许是15%。[1]\n</think>\n{GRANT}[1]", [GRANT], "what a reasoning model thinks is not heard"),
    (f"根据条款：\n{GRANT}[1]\n以上。", [GRANT], "lines without marks claim nothing"),
    (f"{GRANT}[1]\n{GRANT}[1]", [GRANT], "said twice"),
]


@pytest.mark.parametrize(("reply", "shown", "why"), TRUE, ids=[row[2] for row in TRUE])
def test_what_a_model_says_truly_is_shown(ask: Ask, marked, reply, shown, why):
    with model_server(marked(reply)) as (address, requests):
        answer = ask(address)
    assert [sentence.text for sentence in answer.sentences] == shown
    assert answer.model == "test"
    assert len(requests) == 1


def test_an_item_of_a_list_is_shown_with_what_introduces_it(ask: Ask, marked):
    question = "首台套设备奖励多少？"
    with model_server(marked("对首台套设备给予一次性奖励30万元。[第四条第（二）项]", question)) as (address, _):
        answer = ask(address, question)
    assert answer.sentences[0].text == "对改造设备投资给予下列支持：对首台套设备给予一次性奖励30万元。"
    assert [citation.path for citation in answer.citations] == ["第四条", "第四条第（二）项"]


@pytest.mark.parametrize(
    ("reply", "passes"),
    [
        ("事项：展位租赁补贴；标准：展位费的50%，最高3万元。[1]", True),
        ("事项：展位租赁补贴；标准：展位费的50%，最高5万元。[1]", False),
        ("事项：展位租赁补贴；对象：展位费的50%，最高3万元。[1]", False),
    ],
)
def test_a_row_of_a_table_is_quoted_pair_by_pair(ask: Ask, reply, passes):
    with model_server(reply) as (address, _):
        answer = ask(address, "展位租赁补贴的标准是多少？")
    assert (answer.model == "test") is passes
    assert "最高3万元" in answer.text and "5万元" not in answer.text


# (reply, words that may never be shown, why)
LIES = [
    ("对新引进制造业项目，按设备投资额的15%给予补助，单个项目最高1000万元。[1]", "15%", "another rate"),
    ("对新引进制造业项目，按设备投资额的10%给予补助，单个项目最高9000万元。[1]", "9000", "another cap"),
    ("已享受市级同类补助的设备投资，予以重复支持。[第二条]", "予以重复", "negation dropped"),
    ("设立设备投资基金。[第三条]", "设立设备投资基金。\n", "探索 dropped"),
    (f"{GRANT[:-1]}（示政办〔2029〕99号）。[1]", "2029", "an invented file number"),
    (f"{GRANT}[99]", "[99]", "a mark that does not exist"),
    (f"{GRANT}[0]", "[0]", "a mark below the first"),
    ("每家企业都能拿到一笔钱。", "每家企业", "no mark at all"),
    ("对新引进制造业项目，每年最高80万元。[1][第四条]", "80", "a figure of one clause on the subject of another"),
    ("按设备投资额的20%给予补助，单个项目最高3000万元。[1][2]", "3000", "a file that has expired, under other marks"),
    ("补助9000万元。[1]\n补助9000万元。[2]\n补助9000万元。[3]", "9000", "the same lie with every mark"),
    ("９０００万元。[1]", "９０００", "full width"),
    ("最高九千万元。[1]", "九千", "number words"),
    ("最高𝟗𝟎𝟎𝟎万元。[1]", "𝟗", "mathematical digits"),
    ("最高९०००万元。[1]", "९", "digits of another script"),
    (f"{GRANT[:-1]}④。[1]", "④", "a sign that the clause does not have"),
    ("<script>alert(1)</script>[1]", "script", "markup alone"),
    (f"{GRANT}<script>alert(1)</script>[1]", "script", "a script behind a proven sentence"),
    (f"{GRANT}<b>[1]", "<b>", "a short tag, lost among the words"),
    (f"{GRANT}<!-- 9000 -->[1]", "<!--", "a comment"),
    (f"{GRANT}![图](http://e.example/p.png)[1]", "e.example", "a tracking image"),
    (f"{GRANT}[详情](javascript:alert(1))[1]", "javascript", "a link that acts"),
    (f"{GRANT}![补助](设备)[1]", "](", "an image without an address"),
    (f"{GRANT}\x1b[31m红[1]", "\x1b", "a terminal escape"),
    (f"{GRANT}$x^2$[1]", "$", "a formula"),
    (f"{GRANT}&lt;i&gt;[1]", "&lt;", "an entity"),
    (f"{GRANT}`rm`[1]", "`", "code"),
]


@pytest.mark.parametrize(("reply", "forbidden", "why"), LIES, ids=[row[2] for row in LIES])
def test_what_a_model_invents_is_not_shown(ask: Ask, marked, offline, reply, forbidden, why):
    with model_server(marked(reply)) as (address, requests):
        answer = ask(address)
    assert len(requests) == 2  # it was told what was wrong, once
    assert forbidden not in answer.text + "\n"
    assert_offline(answer, offline, "没有通过核对")


def test_a_true_sentence_stays_when_the_next_is_invented(ask: Ask):
    with model_server(f"{GRANT}[1]\n另给予每人500元补贴。[1]") as (address, requests):
        answer = ask(address)
    assert answer.text == GRANT
    assert answer.notices == ("模型另有1句没有通过核对，未显示。",)
    assert "500" in requests[1]["messages"][-1]["content"]


def test_a_model_that_corrects_itself_is_heard(ask: Ask):
    wrong = "对新引进制造业项目，按设备投资额的15%给予补助。[1]"
    with model_server(says(wrong, usage=(800, 20)), says(f"{GRANT}[1]", usage=(900, 30))) as (address, requests):
        answer = ask(address)
    assert answer.text == GRANT
    assert answer.usage == Usage(1700, 50)
    assert "15%" in requests[1]["messages"][-1]["content"]
    assert not answer.notices


def test_a_second_try_that_fails_takes_nothing_from_the_first(ask: Ask):
    with model_server(f"{GRANT}[1]\n另给予每人500元补贴。[1]", 500) as (address, _):
        answer = ask(address)
    assert answer.text == GRANT


def test_a_model_that_finds_nothing_does_not_hide_what_the_files_say(ask: Ask, offline):
    with model_server("文件没有说明") as (address, requests):
        answer = ask(address)
    assert_offline(answer, offline, "没有通过核对")
    assert len(requests) == 1


HALF = f"{GRANT}[1]\n已享受市级同类补助的设备投资，不"
CHUNK = '{"id":"1","object":"chat.completion.chunk","created":0,"model":"t","choices":%s}'
# (reply, words of the notice, why)
BROKEN = [
    (500, "500", "an error of the server"),
    (503, "503", "overloaded"),
    (429, "请求过多", "too many requests"),
    (401, "密钥", "a key that is not accepted"),
    (404, "没有这个模型", "a model that is not there"),
    (never_begins, "太慢", "no word at all"),
    (only_pings, "太慢", "kept alive without a word"),
    (trickles(""), "太慢", "trickles from the start"),
    (trickles(f"{GRANT}[1]\n"), "太慢", "trickles after a true sentence"),
    (cuts_off(HALF), "没有正常回答", "the connection is lost"),
    (cuts_off(HALF, chunked=False), "中途断了", "the connection ends as if the reply were whole"),
    (says(HALF, finish="length"), "中途断了", "the server ran out of tokens"),
    (sends("data: {不是JSON\n\n"), "没有正常回答", "malformed JSON"),
    (sends("data: [1, 2]\n\ndata: [DONE]\n\n"), "没有", "JSON of another kind"),
    (sends(f"data: {CHUNK % 'null'}\n\n"), "没有", "no choices"),
    (sends("data: {}\n\ndata: [DONE]\n\n"), "没有", "an empty object"),
    (sends("<html><body>网关登录</body></html>", "text/html"), "没有", "a login page"),
    (sends(f'{{"reply": "{GRANT}[1]"}}', "application/json"), "没有", "JSON instead of a stream"),
    (sends(""), "没有", "an empty stream"),
    (never_ends("补助9000万元。[1]"), "没完没了", "one line without end"),
    (never_ends("补助{}万元。[1]\n"), "没完没了", "lines without end"),
    (never_ends(f"{GRANT}[1]\n"), "没完没了", "a true sentence without end"),
    (never_ends("<think>"), "没完没了", "thoughts without end"),
]


# What llama-index itself trips over (no choices) goes to the log, where pytest finds it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize(("reply", "notice", "why"), BROKEN, ids=[row[2] for row in BROKEN])
def test_a_server_that_fails_gives_the_offline_answer_and_one_line(ask: Ask, offline, reply, notice, why):
    patience = QUICK if notice == "太慢" else PATIENCE
    with model_server(reply) as (address, _):
        assert_offline(ask(address, patience=patience), offline, notice)


def test_a_server_that_is_not_there_gives_the_offline_answer_and_one_line(ask: Ask, offline):
    assert_offline(ask("http://127.0.0.1:9/v1"), offline, "没有正常回答")


def test_a_refusal_of_ours_is_never_put_to_the_model(ask: Ask):
    with model_server("今天晴。[1]") as (address, requests):
        answer = ask(address, "今天天气怎么样？")
    assert answer.abstained
    assert not requests


def test_a_file_that_has_expired_is_not_given_to_the_model(ask: Ask):
    with model_server(f"{GRANT}[1]") as (address, requests):
        ask(address)
    prompt = requests[0]["messages"][1]["content"]
    assert "1000万元" in prompt
    assert "3000万元" not in prompt


class Canned(CustomLLM):
    """Any llama-index LLM: says its text, or fails in its own way."""

    reply: str
    window: int = 3900
    heard: ClassVar[list[str]] = []

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(context_window=self.window, model_name="canned")

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        raise AssertionError("answers are streamed, so that this is never called")

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        self.heard.append(prompt)
        text = ""
        for char in self.reply:
            if char == "!":
                raise Unheard("class of my own")
            text += char
            yield CompletionResponse(text=text, delta=char)


class Unheard(Exception):
    """An error of which the product knows nothing."""


def test_any_llama_index_model_will_do(held: Library):
    answer = last_of(Assistant(held, Canned(reply=f"{GRANT}[1]")), QUESTION)
    assert answer.text == GRANT
    assert answer.model == "Canned"
    assert answer.usage is None


def test_a_model_that_fails_in_its_own_way_gives_the_offline_answer_and_is_logged(held: Library, offline, monkeypatch):
    logged: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", logged.append)
    assert_offline(last_of(Assistant(held, Canned(reply=f"{GRANT}[1]\n!")), QUESTION), offline, "Unheard")
    for thread in threading.enumerate():
        if thread.name == LISTENER:
            thread.join(10)
    assert [hooked.exc_type for hooked in logged] == [Unheard]


def test_a_server_that_refuses_is_no_error_of_the_program(ask: Ask, offline, monkeypatch):
    logged: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", logged.append)
    for reply in (429, 500, cuts_off(HALF), sends("data: {不是JSON\n\n")):
        with model_server(reply) as (address, _):
            assert_offline(ask(address), offline, "没有")
    for thread in threading.enumerate():
        if thread.name == LISTENER:
            thread.join(10)
    assert not logged


def test_a_model_that_repeats_its_prompt_proves_nothing_by_it(held: Library, offline):
    assert_offline(last_of(Assistant(held, MockLLM()), QUESTION), offline, "没有通过核对")


def test_a_reader_who_leaves_stops_the_model(held: Library):
    with model_server(trickles(f"{GRANT}[1]\n")) as (address, _):
        model = language_model(replace(held.settings, llm="test", llm_url=address))
        stream = Assistant(held, model).stream(QUESTION, as_of=DAY)
        assert next(stream).text == GRANT
        stream.close()
        listening = [thread for thread in threading.enumerate() if thread.name == LISTENER]
        for thread in listening:
            thread.join(10)
        assert not any(thread.is_alive() for thread in listening)
