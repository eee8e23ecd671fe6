"""Issuers, level and region: who issued a file, and what place its words name. Texts are of our own making."""

from __future__ import annotations

import pytest

from ingest.document import Metadata
from ingest.metadata.issuer import split_names
from ingest.metadata.place import place_of
from ingest.parse import document_from_text

BODY = "一、总体要求\n全面落实各项任务。\n二、重点任务\n抓好落实。"


def read(text: str) -> Metadata:
    return document_from_text(text).metadata


def how(metadata: Metadata, field: str) -> str:
    return next(reason for name, _, reason in metadata.sources if name == field)


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("青禾县商务局、青禾县财政局", ("青禾县商务局", "青禾县财政局")),
        ("青禾县商务局　青禾县财政局", ("青禾县商务局", "青禾县财政局")),
        ("青禾县商务局青禾县财政局", ("青禾县商务局", "青禾县财政局")),
        ("中共青禾县委青禾县人民政府", ("中共青禾县委", "青禾县人民政府")),
        ("中共xx市委办公室xx市人民政府办公室", ("中共xx市委办公室", "xx市人民政府办公室")),
        ("中共中央国务院", ("中共中央", "国务院")),
        ("云澜市卫生健康委等4部门", ("云澜市卫生健康委",)),
        ("青禾县委组织部", ("青禾县委组织部",)),
        ("二〇二四年防汛", ()),
    ],
)
def test_names_of_bodies_are_split(printed: str, names: tuple[str, ...]):
    assert split_names(printed) == names


@pytest.mark.parametrize(
    ("name", "level", "region"),
    [
        ("国务院办公厅", "state", "全国"),
        ("国家市场监督管理总局", "state", "全国"),
        ("财政部", "state", "全国"),
        ("安徽省人民政府办公厅", "province", "安徽省"),
        ("上海市人民政府", "province", "上海市"),
        ("云澜市人民政府", "city", "云澜市"),
        ("云澜市清河区教育局", "district", "云澜市清河区"),
        ("合肥市人民政府", "city", "安徽省合肥市"),
        ("中共青禾县委组织部", "district", "青禾县"),
        ("上海市浦东新区人民政府", "district", "上海市浦东新区"),
        ("云澜高新技术产业开发区管理委员会", "zone", "云澜高新技术产业开发区"),
        ("xx市人民政府办公室", "city", "xx市"),
        ("中共XX市委", "city", "XX市"),
        ("中共xx省委", "province", "xx省"),
        ("XX省XX市清河区教育局", "district", "XX省XX市清河区"),
        ("某市人民政府", "city", "某市"),
        ("成都市人民政府", "city", "四川省成都市"),
        ("合肥市城市管理局", "city", "安徽省合肥市"),
    ],
)
def test_level_and_region_of_a_name(name: str, level: str, region: str | None):
    place = place_of(name)
    assert place and (place.level, place.region) == (level, region)


@pytest.mark.parametrize("name", ["教育局", "组织部", "城市管理局", "园区办公室"])
def test_a_name_without_a_place_tells_no_level(name: str):
    assert place_of(name) is None


def test_issuers_of_a_title_without_them_stand_in_the_signature():
    text = (
        "关于印发《冷链措施》的通知\n青办〔2023〕8号\n各有关单位：\n现将《冷链措施》印发给你们。\n"
        f"中共青禾县委办公室\n青禾县人民政府办公室\n2023年6月20日\n\n冷链措施\n{BODY}"
    )
    metadata = read(text)
    assert metadata.issuers == ("中共青禾县委办公室", "青禾县人民政府办公室")
    assert how(metadata, "issuers") == "落款"
    assert (metadata.level, metadata.region) == ("district", "青禾县")


def test_an_unambiguous_code_tells_issuer_and_level():
    metadata = read(f"关于发展冷链的意见\n皖政〔2024〕7号\n各市人民政府：\n{BODY}")
    assert (metadata.issuers, metadata.level, metadata.region) == (("安徽省人民政府",), "province", "安徽省")
    assert how(metadata, "issuers") == "文号代字推断"


def test_a_masked_code_is_not_looked_up():
    metadata = read(f"关于发展冷链的意见\nx政〔202x〕7号\n各单位：\n{BODY}")
    assert metadata.issuers == () and metadata.level is None


def test_the_text_tells_its_level_by_what_it_calls_its_own():
    text = "为落实省委、市委部署，加快我区冷链发展，由区委、区政府主要领导负责，制定如下方案。\n一、目标\n全区建成5个冷库。"
    metadata = read(text)
    assert (metadata.level, metadata.region, how(metadata, "level")) == ("district", None, "正文自称")


PARTY_AND_GOVERNMENT = ("中共XX市委", "XX市人民政府")
SIGNATURES = [
    ("one below the other", "中共XX市委\nXX市人民政府\n202x年2月14日", PARTY_AND_GOVERNMENT, "city", "XX市"),
    ("side by side", "中共XX市委　　XX市人民政府\n202x年2月14日", PARTY_AND_GOVERNMENT, "city", "XX市"),
    ("with notes below", "XX市人民政府\nXXXX年XX月XX日\n（此件公开发布）", ("XX市人民政府",), "city", "XX市"),
    ("without a date", "中共XX市委\nXX市人民政府", PARTY_AND_GOVERNMENT, "city", "XX市"),
    ("with the date masked by crosses", "××县人民政府\n××××年×月×日", ("××县人民政府",), "district", "××县"),
    ("on the line of the date", "xx省人民政府 202x年5月x日", ("xx省人民政府",), "province", "xx省"),
    ("with 盖章", "云澜市人民政府（盖章）\n2024年5月1日", ("云澜市人民政府",), "city", "云澜市"),
    (
        "the office that printed it did not issue it",
        "抄送：区委办公室。\n清河区人民政府办公室\n2024年6月20日印发",
        (),
        None,
        None,
    ),
]


@pytest.mark.parametrize(
    ("why", "signature", "names", "level", "region"), SIGNATURES, ids=[case[0] for case in SIGNATURES]
)
def test_a_title_without_issuers_is_completed_by_the_signature(
    why: str, signature: str, names: tuple[str, ...], level: str | None, region: str | None
):
    metadata = read(f"关于发展冷链的意见\n各有关单位：\n{BODY}\n{signature}")
    assert (metadata.issuers, metadata.level, metadata.region) == (names, level, region)


OURS = "为加快我区发展，由区委、区政府负责，制定本方案。\n一、甲甲\n全区乙乙。"
OURS_OF_A_CITY = OURS.replace("区", "市")
TITLE_PLACES = [
    ("a district", "清河区冷链方案", OURS, "清河区"),
    ("a masked one stays as it is printed", "XX区冷链方案", OURS, "XX区"),
    ("with its city", "云澜市清河区冷链方案", OURS, "云澜市清河区"),
    ("in the title that a notice carries", "关于印发《清河区冷链方案（试行）》的通知", OURS, "清河区"),
    ("behind the year", "2026年清河区冷链申报指南", OURS, "清河区"),
    ("a city", "云澜市冷链方案", OURS_OF_A_CITY, "云澜市"),
    ("a masked city", "XX市冷链方案", OURS_OF_A_CITY, "XX市"),
    ("a known city is put into its province", "合肥市冷链方案", OURS_OF_A_CITY, "安徽省合肥市"),
    ("its government is named", "清河区冷链方案", "一、甲甲。由清河区人民政府负责。", "清河区"),
    ("nothing tells that it is a name", "清河区冷链方案", "一、甲甲。乙乙。", None),
    ("the text is of a city", "清河区冷链方案", OURS_OF_A_CITY, None),
    ("an ordinary word", "自然保护区管理办法", OURS, None),
    ("another", "历史文化街区管理办法", OURS, None),
    ("all of it", "全区冷链方案", OURS, None),
    ("a verb in front", "关于支持清河区发展的意见", OURS, None),
    ("a word with 市", "高标准市场建设方案", OURS_OF_A_CITY, None),
]


@pytest.mark.parametrize(("why", "title", "text", "region"), TITLE_PLACES, ids=[case[0] for case in TITLE_PLACES])
def test_region_by_the_title(why: str, title: str, text: str, region: str | None):
    assert read(f"{title}\n{text}").region == region
