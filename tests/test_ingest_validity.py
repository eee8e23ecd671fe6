"""时效: which words state the term of the file itself, and what follows for a given day."""

import json
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.document import Terms
from ingest.validity import STATES, Edge, find_terms, status

CASES_FILE = Path(__file__).parent / "cases" / "validity_cases.jsonl"
CASES = [json.loads(line) for line in CASES_FILE.read_text("utf-8").splitlines()]
ISSUED = date(2022, 3, 15)


def day(text):
    return date.fromisoformat(text) if text else None


def edge(case):
    return Edge(
        case["rel"],
        day(case.get("effective")),
        case.get("scope", "whole"),
        case.get("note", ""),
        day(case.get("until")),
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_case_table(case):
    terms = find_terms(case["text"], case["title"], day(case["issued"]), day(case["published"]))
    assert (terms.effective_on, terms.expires_on) == (day(case["start"]), day(case["until"]))
    found = status(terms, day(case["as_of"]), [edge(item) for item in case["edges"]], case["site"])
    assert found.state == case["expect"]


TERMS = [
    # terms of other things do not end the file
    ("高新技术企业资格有效期三年。本办法自印发之日起施行，有效期5年。", ISSUED, date(2027, 3, 14)),
    ("本办法自印发之日起施行，有效期5年。证书有效期为3年，由省科技厅颁发。", ISSUED, date(2027, 3, 14)),
    ("证书有效期为3年，由省科技厅颁发。", None, None),
    # the start of another file is not the file's start
    ("《条例》（国务院令第783号）自2024年8月1日起施行。", None, None),
    ("《条例》自2024年8月1日起施行。本办法自2025年1月1日起施行。", date(2025, 1, 1), None),
    # the term of the file that is replaced is not this file's
    ("本办法自印发之日起施行，有效期5年，《旧办法》（有效期至2022年2月28日）同时废止。", ISSUED, date(2027, 3, 14)),
    # two sentences, or another article
    ("本办法自印发之日起施行。有效期5年。", ISSUED, date(2027, 3, 14)),
    (
        "本办法由区发改委负责解释，有效期至2026年12月31日。\n本办法自2024年1月1日起施行。",
        date(2024, 1, 1),
        date(2026, 12, 31),
    ),
    # intervals, months, full width, Chinese dates
    ("本措施执行期限为2023年1月1日至2025年12月31日。", date(2023, 1, 1), date(2025, 12, 31)),
    ("本办法自2024年9月起执行，有效期至2026年12月。", date(2024, 9, 1), date(2026, 12, 31)),
    ("本规定自１９９８年９月１日起施行。", date(1998, 9, 1), None),
    ("本规则自一九九二年一月一日零时起生效", date(1992, 1, 1), None),
    ("本通知自印发之日起施行，试行两年", ISSUED, date(2024, 3, 14)),
    ("本通知自2024年2月29日起施行，有效期1年", date(2024, 2, 29), date(2025, 2, 27)),
    ("自印发之日起30日后施行", date(2022, 4, 14), None),
    # 实行 and what stands around 印发之日
    ("本办法自发布之日起实行。", ISSUED, None),
    ("本办法自公布之日起实行，有效期3年。", ISSUED, date(2025, 3, 14)),
    ("本规定自本通知印发之日起施行。", ISSUED, None),
    ("本办法从公布之日起开始实施。", ISSUED, None),
    ("本意见自2023年1月1日起实行。", date(2023, 1, 1), None),
    # … of a measure, not of the file
    ("自2021年1月1日起实行告知承诺制。", None, None),
    ("租赁合同自签订之日起实行备案。", None, None),
    # no such day: not mended by a guess
    ("本意见自印发之日起施行，有效期至2025年2月30日。", ISSUED, None),
]


@pytest.mark.parametrize(("text", "effective_on", "expires_on"), TERMS)
def test_terms(text, effective_on, expires_on):
    terms = find_terms(text, issued_on=ISSUED)
    assert (terms.effective_on, terms.expires_on) == (effective_on, expires_on)


def test_spans_are_the_words_as_printed():
    text = "第五条 解释权归发改委。\n本办法自2022年 3月\u30001日起施行，有 效 期至2025年2月28日。"
    terms = find_terms(text)
    assert terms.effective_span.of(text) == "自2022年 3月\u30001日起施行"
    assert terms.expires_span.of(text) == "有 效 期至2025年2月28日"


def test_an_unknown_day_of_issue_is_not_guessed():
    terms = find_terms("本办法自印发之日起施行，有效期3年。")
    assert (terms.effective_on, terms.expires_on) == (None, None)
    assert set(terms.flags) == {"start_unknown", "until_needs_start"}
    assert terms.effective_span is not None
    assert find_terms("本办法自通过之日起施行。", issued_on=ISSUED).effective_on is None  # 通过 is not 印发


def test_publication_is_not_issue():
    text = "本办法自发布之日起施行。"
    published = find_terms(text, issued_on=ISSUED, published_on=date(2022, 3, 20))
    assert (published.effective_on, "start_from_issue" in published.flags) == (date(2022, 3, 20), False)
    assert "start_from_issue" in find_terms(text, issued_on=ISSUED).flags


def test_a_trial_does_not_expire_by_itself():
    terms = find_terms("本办法自2019年1月1日起施行。", title="招商引资奖励办法（试行）")
    assert terms.trial
    assert status(terms, date(2030, 1, 1)).state == "未标明"


def test_the_anniversary_is_pointed_out():
    terms = find_terms("本办法自2022年1月1日起施行，有效期3年。")
    assert status(terms, date(2024, 12, 31)).state == "有效"
    on_the_day = status(terms, date(2025, 1, 1))
    assert on_the_day.state == "已失效"
    assert "期满当日" in on_the_day.reason
    assert "期满当日" not in status(terms, date(2025, 1, 2)).reason


IN_TERM = Terms(effective_on=date(2022, 1, 1), expires_on=date(2024, 12, 31), expires_basis="明示")
REPEALED = Edge("repeals", date(2023, 1, 1), note="被包政〔2023〕2号废止")
STATUSES = [
    (IN_TERM, "2021-12-31", (), None, "尚未施行"),
    (IN_TERM, "2022-01-01", (), None, "有效"),
    (IN_TERM, "2024-12-31", (), None, "有效"),
    (IN_TERM, "2025-01-01", (), None, "已失效"),
    (IN_TERM, "2022-12-31", (REPEALED,), None, "有效"),  # the repeal is not yet in effect
    (IN_TERM, "2023-01-01", (REPEALED,), None, "已废止"),
    (IN_TERM, "2023-01-01", (Edge("repeals"),), None, "已废止"),  # no day given: from now on
    (IN_TERM, "2023-01-01", (Edge("repeals", scope="第五条"),), None, "部分失效"),
    (IN_TERM, "2023-01-01", (Edge("partially_repeals", scope="第五条"),), None, "部分失效"),
    (IN_TERM, "2023-01-01", (Edge("amends"),), None, "已修改"),
    (IN_TERM, "2025-06-01", (Edge("extends", until=date(2026, 6, 30)),), None, "有效"),
    (IN_TERM, "2026-07-01", (Edge("extends", until=date(2026, 6, 30)),), None, "已失效"),
    (IN_TERM, "2025-06-01", (Edge("extends"),), None, "未标明"),  # extended, but nobody says until when
    (IN_TERM, "2023-01-01", (Edge("references"),), None, "有效"),  # being cited changes nothing
    (IN_TERM, "2023-01-01", (), "已失效", "已失效"),
    (IN_TERM, "2023-01-01", (), "【已废止】", "已废止"),
    (IN_TERM, "2025-01-01", (), "有效", "已失效"),  # the file's own words come first
    (Terms(), "2023-01-01", (), "有效", "有效"),
    (Terms(), "2023-01-01", (), "部分失效", "部分失效"),
    (Terms(), "2023-01-01", (), "其他", "未标明"),
    (Terms(), "2023-01-01", (), None, "未标明"),
    (Terms(open_ended=True), "2023-01-01", (), None, "有效"),
]


@pytest.mark.parametrize(("terms", "as_of", "edges", "label", "state"), STATUSES)
def test_status(terms, as_of, edges, label, state):
    assert status(terms, day(as_of), edges, label).state == state


def test_reasons_name_the_cause():
    assert status(IN_TERM, date(2023, 2, 1), (REPEALED,)).reason == "被包政〔2023〕2号废止"
    assert status(IN_TERM, date(2023, 2, 1)).reason == "有效期至2024年12月31日"
    assert (
        "延期至2026年6月30日" in status(IN_TERM, date(2025, 2, 1), (Edge("extends", until=date(2026, 6, 30)),)).reason
    )
    assert "发布页仍标注有效" in status(IN_TERM, date(2025, 2, 1), (), "有效").reason


def test_once_expired_or_repealed_never_in_force_again():
    ended = {"已失效", "已废止"}
    days = [
        date(2021, 6, 1),
        date(2022, 6, 1),
        date(2023, 6, 1),
        date(2024, 12, 31),
        date(2025, 1, 1),
        date(2026, 1, 1),
    ]
    for edges in ((), (REPEALED,), (Edge("amends", date(2023, 1, 1)),)):
        states = [status(IN_TERM, as_of, edges).state for as_of in days]
        assert all(later in ended for earlier, later in pairwise(states) if earlier in ended)


RELATIONS = st.sampled_from(["repeals", "partially_repeals", "extends", "amends", "references"])
EDGES = st.builds(
    Edge, RELATIONS, st.none() | st.dates(), st.sampled_from(["whole", "第五条"]), st.just(""), st.none() | st.dates()
)


@given(
    st.builds(Terms, effective_on=st.none() | st.dates(), expires_on=st.none() | st.dates()),
    st.dates(),
    st.lists(EDGES, max_size=4),
)
def test_every_status_is_one_of_the_states_and_has_a_reason(terms, as_of, edges):
    found = status(terms, as_of, edges)
    assert found.state in STATES
    assert found.reason


PIECES = [
    "本办法",
    "自",
    "印发之日起",
    "2022年",
    "3月",
    "1日",
    "起",
    "施行",
    "，",
    "有效期",
    "至",
    "三年",
    "年底",
    " ",
    "\n",
    "。",
    "《条例》",
    "二〇二一年",
    "为",
    "5",
    "13月",
    "31日",
]


@given(st.lists(st.sampled_from(PIECES), max_size=25), st.none() | st.just(ISSUED))
def test_spans_hold_words_of_the_text(pieces, issued_on):
    text = "".join(pieces)
    terms = find_terms(text, issued_on=issued_on)
    for span in filter(None, (terms.effective_span, terms.expires_span)):
        assert 0 <= span.start < span.end <= len(text)
        assert span.of(text).strip() == span.of(text)
    assert terms.effective_on is None or terms.effective_span is not None
    assert terms.expires_on is None or terms.expires_span is not None


@pytest.mark.parametrize(
    "piece", ["《", "1", "有效期", "自2022年1月1日起施行", "自印发之日起施行，", "至", "》（", "（一）有效期", " "]
)
def test_hostile_text_is_read_to_its_end(piece):
    text = piece * (200_000 // len(piece)) + "。\n本办法自2024年1月1日起施行，有效期至2026年12月31日。"
    terms = find_terms(text)
    assert (terms.effective_on, terms.expires_on) == (date(2024, 1, 1), date(2026, 12, 31))
