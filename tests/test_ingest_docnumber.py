"""File numbers: what real files print, what only looks like one, and what may be compared with what."""

import csv
import re
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.docnumber import compatible, find_numbers, issuer_of
from ingest.vocabulary import table

CASES = Path(__file__).parent / "cases"
SEED = (
    "为贯彻落实《中共xx省委xx省人民政府关于大力发展十大新兴产业的意见》(皖发〔202x〕12号)、"
    "《关于印发〈推动十大新兴产业高质量发展工作方案〉的通知》(厅〔202x〕21号)及"
    "《印发〈推动主导产业高质量发展工作方案〉的通知》(x办发〔202x〕21号)精神,"
    "结合《关于进一步推进“双招双引”提质增效的实施意见》(x发〔202x〕12号)文件要求"
)


def rows(name):
    with open(CASES / name, encoding="utf-8", newline="") as file:
        table_rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [{key: (value or "").replace("\\n", "\n") for key, value in row.items()} for row in table_rows]


def one(text):
    (number,) = find_numbers(text)
    return number


@pytest.mark.parametrize("row", rows("docnumber_cases.tsv"), ids=lambda row: row["id"])
def test_case_table(row):
    found = find_numbers(row["text"])
    assert " | ".join(number.canonical for number in found) == row["canonical"]
    if found:
        assert found[0].kind == row["kind"]
        assert {flag for flag in row["flags"].split(",") if flag} <= set(found[0].flags)


@pytest.mark.parametrize("row", rows("docnumber_hard.tsv"), ids=lambda row: row["text"])
def test_hard_lines(row):
    assert " | ".join(number.canonical for number in find_numbers(row["text"])) == row["canonical"], row["why"]


@pytest.mark.parametrize("printed", [row["string_as_found"] for row in rows("docno_zoo.tsv")])
def test_every_number_seen_in_real_files_is_found_once_with_its_year_and_serial(printed):
    number = one(printed)
    year, serial = re.search(r"\D(\d{4})\D+(\d+)\s*号", printed).groups()
    assert (number.year, number.serial) == (int(year), int(serial))
    assert number.code in printed.replace("\n", "")


@pytest.mark.parametrize("code", sorted({row["code"] for row in table("issuers") if not row["code"].endswith("令")}))
def test_every_known_code_is_trimmed_from_running_text(code):
    for lead in (
        "",
        "根据",
        "（",
        "《关于促进发展的意见》（",
        "的通知",
        "转发",
        "与",
        "为贯彻落实",
        "详见",
        "，",
        "市政府",
    ):
        number = one(f"{lead}{code}〔2021〕5号文件")
        assert (number.canonical, number.span.start) == (f"{code}〔2021〕5号", len(lead))


FORMS = {
    "皖政办2021年12号文件": "皖政办〔2021〕12号",  # no brackets
    "财政部 税务总局2023年第7号公告": "财政部 税务总局公告2023年第7号",  # the form stands last
    "国家发展和改革委员会2011年第9号令": "国家发展和改革委员会令2011年第9号",  # the same for an order
    "中国证监会公告[2023]11号": "中国证监会公告〔2023〕11号",  # a code that ends in 公告
    "与法〔2021〕5号": "法〔2021〕5号",  # a code of one character behind 与
    "根据粤府令第197号规定": "广东省人民政府令第197号",  # a local order under its code
    "皖政令第3号": "安徽省人民政府令第3号",
    "宁政令第3号": "宁政令第3号",  # Ningxia's or Nanjing's: left as it is
    "经安徽省人民政府令第300号公布": "安徽省人民政府令第300号",
    "合肥市人民政府令（第210号）": "合肥市人民政府令第210号",
    "XX省人民政府令第300号": "xx省人民政府令第300号",  # the mask stays
    "中华人民共和国财政部令第99号": "财政部令第99号",  # the name of the state is left out, as for the State Council
    "粤府令〔2014〕197号": "广东省人民政府令2014年第197号",  # the year in brackets
    "安徽省第十三届人民代表大会常务委员会公告（第十五号）": "安徽省第十三届人民代表大会常务委员会公告第15号",  # by session
}


@pytest.mark.parametrize(("text", "canonical"), FORMS.items())
def test_further_forms(text, canonical):
    assert one(text).canonical == canonical


def test_numbers_of_a_list_have_their_own_places():
    text = "财税〔2016〕36号、〔2018〕32号和皖政〔2021〕12、13号"
    assert [number.printed for number in find_numbers(text)] == [
        "财税〔2016〕36号",
        "〔2018〕32号",
        "皖政〔2021〕12",
        "13",
    ]


def test_only_complete_numbers_are_keys():
    assert one("皖政[2021]第012号").key == "皖政〔2021〕12号"
    assert one("国务院令第783号").key == "国务院令第783号"
    for text in (
        "皖发〔202x〕12号",
        "x办发〔2021〕21号",
        "皖政〔2021〕××号",
        "《意见》〔2021〕12号",
        "皖发〔20229号，",
        "XX省人民政府令第300号",
        "某市人民政府令第12号",
        "省政府令第197号",  # every province has one
    ):
        assert one(text).key is None


@pytest.mark.parametrize("text", ["财政令第5号", "行政令第5号", "市府令第5号"])
def test_an_ordinary_word_is_no_government(text):
    assert find_numbers(text) == ()


def test_masked_digits_are_never_completed():
    number = one("(厅〔202x〕21号)")
    assert (number.year, number.serial, number.masked, number.canonical) == (None, 21, True, "厅〔202x〕21号")


def test_the_masked_numbers_of_the_plan_are_never_the_same():
    numbers = find_numbers(SEED)
    assert [number.canonical for number in numbers] == [
        "皖发〔202x〕12号",
        "厅〔202x〕21号",
        "x办发〔202x〕21号",
        "x发〔202x〕12号",
    ]
    verdicts = {(a.canonical, b.canonical): compatible(a, b) for a, b in combinations(numbers, 2)}
    assert verdicts.pop(("皖发〔202x〕12号", "x发〔202x〕12号")) == "compatible"  # x may be 皖: the titles must tell
    assert set(verdicts.values()) == {"no"}


COMPARISONS = [
    ("皖政〔2021〕5号", "皖政[2021]5号", "same"),  # printing does not matter
    ("皖政〔2021〕5号", "皖政〔2021〕6号", "no"),
    ("皖政〔202x〕5号", "皖政〔2021〕5号", "compatible"),
    ("皖政〔202x〕5号", "皖政〔2019〕5号", "no"),  # 202x is not 2019
    ("皖政〔202x〕5号", "皖政〔202x〕5号", "compatible"),  # equal masks prove nothing
    ("x政办〔2021〕5号", "合政办〔2021〕5号", "compatible"),
    ("x发〔2021〕5号", "皖政发〔2021〕5号", "no"),  # a placeholder hides the place, not the series
    ("××〔2021〕5号", "皖政〔2021〕5号", "compatible"),
    ("皖政〔2021〕××号", "皖政〔2021〕5号", "compatible"),
    ("《意见》〔2021〕12号", "皖政〔2021〕12号", "compatible"),  # the code is missing, so it may be any
    ("皖发〔20229号，", "皖发〔2022〕9号", "compatible"),  # damaged: not certain
    ("国务院令第783号", "国令第783号", "same"),  # the short name of the same order
    ("粤府令第197号", "广东省人民政府令第197号", "same"),
    ("XX省人民政府令第197号", "广东省人民政府令第197号", "compatible"),
    ("省政府令第197号", "国务院令第197号", "no"),
    ("国务院令第783号", "皖政〔202x〕5号", "no"),
]


@pytest.mark.parametrize(("a", "b", "verdict"), COMPARISONS)
def test_compatible_is_symmetric(a, b, verdict):
    assert compatible(one(a), one(b)) == compatible(one(b), one(a)) == verdict


def test_issuers_of_a_code():
    assert [(i.name, i.level, i.region) for i in issuer_of(one("皖政办〔2021〕5号"))] == [
        ("安徽省人民政府办公厅", "province", "安徽省")
    ]
    assert {i.region for i in issuer_of(one("宁政发〔2021〕5号"))} == {
        "江苏省南京市",
        "宁夏回族自治区",
    }  # ambiguous: all
    assert [(i.name, i.level) for i in issuer_of(one("国务院令第783号"))] == [("国务院", "state")]
    assert [(i.name, i.level) for i in issuer_of(one("粤府令第197号"))] == [("广东省人民政府", "province")]
    assert issuer_of(one("x办发〔202x〕21号")) == ()  # a masked code is not guessed
    assert issuer_of(one("中商会技能鉴定中心〔2010〕2号")) == ()


@given(
    st.sampled_from(sorted({row["code"] for row in table("issuers") if not row["code"].endswith("令")})),
    st.integers(1949, 2049),
    st.integers(1, 9999),
    st.sampled_from(["〔〕", "[]", "［］", "【】", "（）", "()", "﹝﹞", "〖〗", "〔]"]),
    st.sampled_from(["", " ", "\n", "\u3000"]),
)
def test_printing_does_not_change_the_number(code, year, serial, brackets, space):
    number = one(f"（{code}{space}{brackets[0]}{year}{brackets[1]}{space}{serial}{space}号）")
    assert number.key == f"{code}〔{year}〕{serial}号"


ALPHABET = st.sampled_from(
    "皖政办发省令第字号年月日的根据和、，。《》（）()〔〕[]【】 \n0123456789Ol二〇一xX×*某公告意见部国院"
)


@given(st.text(ALPHABET, max_size=80))
def test_spans_are_ordered_disjoint_and_hold_what_is_printed(text):
    end = 0
    for number in find_numbers(text):
        assert end <= number.span.start < number.span.end <= len(text)
        assert number.printed == number.span.of(text)
        assert number.masked or number.year is not None or number.kind in ("order", "announce")
        end = number.span.end


HOSTILE = [
    "〔",
    "《",
    "1",
    "一",
    "〔2021〕",
    "令1号",
    "国务院令第1号",
    "、6号",
    "皖政〔2021〕5号",
    "x",
    " ",
    "年2021",
    "部 ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_is_read_to_its_end(piece):
    text = piece * (50_000 // len(piece)) + "\n。根据皖政〔2021〕5号"
    assert find_numbers(text)[-1].canonical == "皖政〔2021〕5号"


def test_vocabulary_tables_are_whole():
    assert {"term", "definition", "verified"} <= table("glossary")[0].keys()
    assert {"canonical", "colloquial", "relation"} <= table("thesaurus")[0].keys()
    for name in ("issuers", "thesaurus", "glossary"):
        assert all(None not in row and None not in row.values() for row in table(name)), (
            f"{name}: a row has too many or too few cells"
        )
    assert all(row["verified"] in ("seen", "memory") for row in table("issuers"))
