"""What people and programs are shown of answers, evidence and files."""

import html
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.card import DocumentCard
from ingest.corpus import FileReport
from ingest.docnumber import find_numbers
from ingest.document import Clause, Metadata, Page, PolicyDocument, Span
from ingest.validity import Status
from qa import render
from qa.answer import Answer, Citation, Proof, Sentence
from qa.render.markup import marked

TEXT = (
    "二、支持研发创新\n"
    "（一）对符合下列条件之一的企业给予补助：\n"
    "1.研发费用增长的，按增量的10%补助，最高200万元。\n"
    "2.获评专精特新的，一次性奖励30万元。\n"
    "三、附则\n"
)
VERDICTS = ["#verdict-right-0", "#verdict-wrong-0", "#verdict-missing-0"]
HOSTILE = '<script>window.pwned=1</script><img src=x onerror="pwned=2"> **粗** {{x}} ${y} $x^2$ [链](http://e.example)\n\n# 题'


def clause(number: int, line: str, path: str, parent: str | None, depth: int) -> Clause:
    start = TEXT.index(line)
    return Clause(
        f"清政〔2023〕12号#{number}",
        path,
        path[-2:],
        "",
        line,
        Span(start, start + len(line)),
        None,
        "body",
        parent,
        depth,
    )


LINES = TEXT.splitlines(keepends=True)
CLAUSES = (
    clause(0, LINES[0], "二、", None, 0),
    clause(1, LINES[1], "二、（一）", "清政〔2023〕12号#0", 1),
    clause(2, LINES[2], "二、（一）1.", "清政〔2023〕12号#1", 2),
    clause(3, LINES[3], "二、（一）2.", "清政〔2023〕12号#1", 2),
    clause(4, LINES[4], "三、", None, 0),
)
DOCUMENT = PolicyDocument(
    "清政〔2023〕12号", "files/a.txt", "a" * 64, TEXT, Metadata(title="若干政策", issuers=("清河区人民政府",)), CLAUSES
)


def quote_of(words: str) -> Span:
    return Span(TEXT.index(words), TEXT.index(words) + len(words))


def cited(mark: int = 1, number: int = 2, words: str = "最高200万元", **changes) -> Citation:
    citation = Citation(
        mark=mark,
        document_id=DOCUMENT.id,
        clause_id=CLAUSES[number].id,
        file="files/a.txt",
        title="若干政策",
        document_number="清政〔2023〕12号",
        path=CLAUSES[number].path,
        page=None,
        quote=words,
        span=quote_of(words),
        level="district",
        region="清河区",
        validity="有效",
        validity_reason="有效期至2026-12-31",
    )
    return replace(citation, **changes)


def proven(text: str, *citations: Citation) -> Sentence:
    return Sentence(
        text, tuple(Proof(c.mark, c.document_id, c.clause_id, "a" * 64, c.span, c.quote) for c in citations)
    )


def answered(*sentences: Sentence, citations: tuple[Citation, ...] = (), **changes) -> Answer:
    answer = Answer("研发补助上限是多少？", "研发补助上限是多少？", sentences, citations, date(2026, 11, 24))
    return replace(answer, **changes)


ANSWER = answered(proven("最高200万元。", cited()), citations=(cited(),))
REFUSAL = answered(abstained=True, gap="库内文件没有说明“房租”。", nearest=(cited(number=3, words="一次性奖励30万元"),))


class Reader(HTMLParser):
    """What a browser makes of markup: the elements, and the text outside the copy that rides along unseen."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in ("br", "img"):
            self.open.append(dict(attrs).get("class") or tag)

    def handle_endtag(self, tag):
        self.open.pop()

    def handle_data(self, data):
        if "copy-text" not in self.open:
            self.text += data

    def links(self) -> list[str]:
        return [attrs["href"] or "" for tag, attrs in self.elements if tag == "a"]


@given(st.text())
def test_escaped_text_shows_as_itself_and_holds_nothing_active(text):
    source = render.escape(text)
    kept = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]", "", text)
    assert html.unescape(source) == kept
    # Without entities nothing is left that HTML, Markdown, a template or a line of Markdown could act on.
    assert not re.search(r"[!-/:-@\[-`{-~\n]", re.sub(r"&#\d+;", "", source))


@given(st.data())
def test_marking_marks_the_quote_and_changes_no_text(data):
    text = data.draw(st.text(alphabet="甲乙丙1.< \n", max_size=30))
    places = st.integers(0, len(text))
    region, quote = (Span(*sorted((data.draw(places), data.draw(places)))) for _ in range(2))
    source = marked(text, region, quote)
    assert html.unescape(re.sub("</?mark>", "", source)) == region.of(text).strip()
    blank = len(region.of(text)) - len(region.of(text).lstrip())
    shown = range(region.start + blank, region.start + blank + len(region.of(text).strip()))
    inside = "".join(text[i] for i in shown if quote.start <= i < quote.end)
    assert html.unescape("".join(re.findall("<mark>(.*)</mark>", source))) == inside


@pytest.mark.parametrize(
    "markup",
    [
        render.answer_html(answered(proven(HOSTILE, cited(title=HOSTILE)), citations=(cited(title=HOSTILE),)), 0),
        render.answer_html(replace(REFUSAL, gap=HOSTILE, notices=(HOSTILE,)), 0),
        render.evidence_html(
            cited(title=HOSTILE, document_number=HOSTILE, quote=HOSTILE, validity_reason=HOSTILE), None
        ),
        render.failure_html(HOSTILE, HOSTILE),
        render.report_html([FileReport(HOSTILE, "failed", HOSTILE, HOSTILE, title=HOSTILE, warnings=(HOSTILE,))]),
    ],
    ids=["answer", "refusal", "evidence", "failure", "report"],
)
def test_hostile_text_is_shown_and_nothing_of_it_is_markup(markup):
    read = Reader(markup)
    assert "<script>window.pwned=1</script>" in read.text
    assert not {tag for tag, _ in read.elements} & {"script", "img", "form", "iframe", "h1"}
    assert not [name for _, attrs in read.elements for name in attrs if name.startswith("on")]
    assert all(href.startswith(("#", "/original/")) for href in read.links())
    assert "\n" not in markup, "a blank line would end the HTML block, and the rest would be Markdown"


def test_chip_carries_mark_and_file_number():
    markup = render.answer_html(ANSWER, turn=2)
    assert '<a class="cite" href="#cite-2-1"' in markup
    assert "[1] 清政〔2023〕12号" in Reader(markup).text


def test_unknown_number_is_said_not_invented():
    citation = cited(document_number=None)
    assert (
        "[1] 文号未标明"
        in Reader(render.answer_html(answered(proven("甲。", citation), citations=(citation,)), 0)).text
    )
    assert "文号未标明" in Reader(render.evidence_html(citation, DOCUMENT)).text


def test_neighbouring_chips_of_one_file_print_its_number_once():
    lead, item = cited(1, 1, "给予补助"), cited(2)
    text = Reader(
        render.answer_html(answered(proven("甲。", lead, item), citations=(lead, item)), 0, complete=False)
    ).text
    assert text == "甲。[1] 清政〔2023〕12号[2]"


def test_last_line_is_the_day_and_only_when_complete():
    assert "以 2026-11-24 为准" in Reader(render.answer_html(ANSWER, 0)).text
    assert "为准" not in render.answer_html(ANSWER, 0, complete=False)


def test_refusal_names_the_gap_and_sets_the_nearest_clauses_apart():
    read = Reader(render.answer_html(REFUSAL, 0))
    assert read.text.index("文件没有说明") < read.text.index("“房租”") < read.text.index("仅供参考，不作依据")
    assert read.links() == ["#near-0-1", "#copy", *VERDICTS]


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("cite-0-1", True),
        ("near-1-1", True),
        ("cite-0-2", False),  # no such mark
        ("cite-1-1", False),  # a refusal proves nothing
        ("cite-7-1", False),  # no such turn (the conversation was cleared)
        ("cite-0-1 ", False),
        ("cite--1-1", False),
        ("", False),
    ],
)
def test_links_lead_back_to_their_citation(link, found):
    pair = render.citation_at((ANSWER, REFUSAL), link)
    assert (pair is not None) is found


def test_every_link_of_an_answer_leads_to_its_citation():
    for turn, answer in enumerate((ANSWER, REFUSAL)):
        links = [link[1:] for link in Reader(render.answer_html(answer, turn)).links() if link[1:5] in ("cite", "near")]
        assert links and all(render.citation_at((ANSWER, REFUSAL), link) for link in links)


def test_copied_text_has_every_number_and_place():
    assert render.plain_text(ANSWER).splitlines() == [
        "问：研发补助上限是多少？",
        "",
        "最高200万元。[1]",
        "",
        "依据：",
        "[1] 《若干政策》（清政〔2023〕12号）二、（一）1.（时效：有效）",
        "",
        "时效以 2026-11-24 为准",
    ]
    assert "文件没有说明：库内文件没有说明“房租”。" in render.plain_text(REFUSAL)


def test_copy_on_the_page_is_the_plain_text():
    hidden = re.search('<span class="copy-text">(.*?)</span>', render.answer_html(ANSWER, 0))
    assert hidden and html.unescape(hidden[1]) == render.plain_text(ANSWER)


def test_json_keeps_everything_a_program_needs():
    values = json.loads(json.dumps(render.answer_dict(ANSWER), ensure_ascii=False))
    assert values["as_of"] == "2026-11-24" and values["abstained"] is False
    assert values["citations"][0]["label"] == ANSWER.citations[0].label
    proof = values["sentences"][0]["proofs"][0]
    assert TEXT[proof["span"]["start"] : proof["span"]["end"]] == proof["quote"]


def test_card_shows_number_validity_place_and_the_quote_in_its_clause():
    markup = render.evidence_html(cited(), DOCUMENT)
    text = Reader(markup).text
    for words in ("清政〔2023〕12号", "若干政策", "清河区人民政府", "区县级", "有效期至2026-12-31", "二、（一）1."):
        assert words in text
    assert re.findall("<mark>(.*?)</mark>", markup) == ["最高200万元"]
    assert "研发费用增长的，按增量的10%补助，" in text


def test_card_shows_the_lead_sentence_without_which_an_item_means_nothing():
    text = Reader(render.evidence_html(cited(), DOCUMENT)).text
    assert text.index("对符合下列条件之一的企业给予补助") < text.index("研发费用增长的")


def test_card_of_a_lead_sentence_shows_its_items_but_not_the_next_clause():
    text = Reader(render.evidence_html(cited(number=1, words="给予补助"), DOCUMENT)).text
    assert "一次性奖励30万元" in text and "附则" not in text


def test_long_clause_is_cut_after_the_quote_and_says_so():
    items = "".join(f"{n}.第{n}类企业，按规定给予相应支持，具体标准另行通知。\n" for n in range(1, 200))
    text = "一、支持范围：\n" + items
    spans, at = [], 0
    for line in text.splitlines(keepends=True):
        spans.append(Span(at, at + len(line)))
        at += len(line)
    clauses = tuple(
        Clause(f"d#{n}", "一、", "", "", s.of(text), s, None, "body", "d#0" if n else None, min(n, 1))
        for n, s in enumerate(spans)
    )
    document = PolicyDocument("d", "d.txt", "b" * 64, text, Metadata(title="范围"), clauses)
    quote = spans[150]
    citation = cited(document_id="d", clause_id="d#0", quote=quote.of(text), span=quote)
    shown = Reader(render.evidence_html(citation, document)).text
    assert "第150类企业" in shown and "第199类企业" not in shown and "其余部分见原文件" in shown


def test_card_of_a_removed_file_still_shows_what_was_quoted():
    text = Reader(render.evidence_html(cited(), None)).text
    assert "最高200万元" in text and "已不在库中" in text


def test_a_recognised_quote_is_marked_everywhere_for_checking():
    citation = cited(page=1, by_ocr=True)
    scanned = replace(DOCUMENT, pages=(Page(1, 0, "ocr"),))
    assert citation.label.endswith("第1页（扫描识别，待核对）")
    assert "请对照原件" in Reader(render.evidence_html(citation, scanned)).text
    assert "待核对" not in render.evidence_html(cited(page=1), DOCUMENT)


def test_details_say_which_facts_of_a_scan_are_to_be_checked():
    number = find_numbers("清政〔2023〕12号")[0]
    read = replace(
        DOCUMENT,
        pages=(Page(1, 0, "ocr"), Page(2, len(DOCUMENT.text), "none", "扫描页，未识别")),
        metadata=replace(DOCUMENT.metadata, document_number=number, sources=(("document_number", Span(0, 3), "正文"),)),
    )
    text = Reader(render.file_html(CARD, FILES[0][1], read)).text
    assert "文号由扫描识别，请对照原件" in text and "第2页：扫描页，未识别" in text


def test_page_picture_is_part_of_the_card():
    markup = render.evidence_html(cited(page=3), DOCUMENT, b"\x89PNG")
    assert 'src="data:image/png;base64,iVBORw=="' in markup and "原文第3页" in Reader(markup).text


CARD = DocumentCard(
    id="清政〔2023〕12号", sha256="a" * 64, file="/somewhere/secret/a.txt", title="若干政策", document_number="清政〔2023〕12号",
    masked=False, issuers=("清河区人民政府",), level="district", region="清河区", year=2023, kind="通知",
    issued_on=date(2023, 5, 1), effective_on=None, expires_on=date(2026, 12, 31), clauses=5, pages=0, versions=2,
    added_at=datetime(2026, 1, 1, tzinfo=UTC),
)  # fmt: skip
FILES = [
    (CARD, Status("有效", "有效期至2026-12-31")),
    (replace(CARD, id="x", document_number=None, title="无号文件", issuers=()), Status("未标明", "")),
]


def test_head_counts_files_and_their_validity():
    text = Reader(render.summary_html(FILES, date(2026, 11, 24))).text
    assert "收录文件 2 份" in text and "有效 1" in text and "未标明 1" in text and "2026-11-24" in text


def test_list_shows_number_title_level_validity_dates_and_clauses():
    text = Reader(render.files_html(FILES)).text
    for words in (
        "清政〔2023〕12号",
        "若干政策",
        "区县级",
        "清河区",
        "成文 2023-05-01",
        "有效期至 2026-12-31",
        "文号未标明",
    ):
        assert words in text
    assert "施行 " not in text, "an unknown date is not shown as something"


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        ("", ["若干政策", "无号文件"]),
        ("12号", ["若干政策"]),
        ("清河区人民政府 政策", ["若干政策"]),
        ("无号 政策", []),
    ],
)
def test_list_is_narrowed_by_every_word(wanted, titles):
    text = Reader(render.files_html(FILES, wanted)).text
    assert [t for t in ("若干政策", "无号文件") if t in text] == titles
    assert ("没有符合条件的文件" in text) is (titles == [])


def test_title_links_carry_the_id_whole():
    links = Reader(render.files_html([(replace(CARD, id="a/b#c 〔1〕"), FILES[0][1])])).links()
    assert links == ["#file-a%2Fb%23c%20%E3%80%941%E3%80%95"]


def test_long_list_is_cut_and_says_so():
    text = Reader(render.files_html(FILES * 150)).text
    assert "共 300 份" in text and "显示前 200 份" in text and text.count("无号文件") == 100


def test_details_show_the_outline_and_only_the_name_of_the_file():
    text = Reader(render.file_html(CARD, FILES[0][1], DOCUMENT)).text
    assert "支持研发创新" in text and "获评专精特新" in text and "共 2 个" in text
    assert "a.txt" in text and "secret" not in text


def test_report_says_of_each_file_what_happened_and_what_to_do():
    good = FileReport(
        "/tmp/x/a.txt", "added", "已入库", "", title="若干政策", document_number="清政〔2023〕12号", clauses=5
    )
    bad = FileReport("/tmp/x/坏.pdf", "failed", "坏.pdf 已损坏", "请重新下载")
    text = Reader(render.report_html([good, bad])).text
    assert "清政〔2023〕12号" in text and "5 条款" in text
    assert "坏.pdf" in text and "未入库" in text and "请重新下载" in text and "/tmp" not in text


def test_file_as_json():
    values = json.loads(json.dumps(render.card_dict(*FILES[0])))
    assert values["validity"] == "有效" and values["issued_on"] == "2023-05-01" and values["effective_on"] is None
