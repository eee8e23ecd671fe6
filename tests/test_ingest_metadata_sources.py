"""Every fact about a file says where it was read: how, in Chinese, and at which words, which hold it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.document import Metadata
from ingest.metadata.dates import to_date
from ingest.normalize import fold
from ingest.parse import document_from_text

FIELDS = (
    "title", "document_number", "aliases", "issuers", "level", "region", "kind", "carrier", "addressees", "issued_on", "printed_on", "published_on",
    "site_validity",
)  # fmt: skip
# Read from the code of the number (皖政: 安徽省人民政府): the text does not print the name.
_BY_CODE = ("文号代字推断", "文号代字首字推断", "令号")

HEADS = st.sampled_from(
    [
        "青禾县人民政府关于防汛的通知\n青政〔2024〕7号\n",
        "青禾县人民政府\n关于印发《冷链办法》\n的通知\n（青政〔2024〕7号）\n",
        "合政〔2024〕7号\n关于冷链的意见\n",
        "标题：【已失效】冷链办法\n文号：青政〔2024〕9号\n成文日期：2024-05-01\n发布日期：2024-05-02\n有效性：有效\n",
        "冷链办法\n（2004年6月21日国家发展改革委、建设部令第11号发布）\n",
        "中华人民共和国财政部\n令\n第99号\n现予公布。\n2024年11月1日\n冷链办法\n",
        "云澜市冷链条例\n（2019年9月28日云澜市第十六届人民代表大会常务委员会第二次会议通过）\n",
        "青禾县财政局文件\n青财〔2024〕7号 青商〔2024〕8号\n关于冷链的通知\n",
        "XX区冷链方案\n（试行）\n为加快我区发展，由区委、区政府负责，制定本方案。\n",
        "附件1\n冷链申报表\n单位\t\n",
        "",
        "国家标准\nGB 12345—2024\n冷库排放标准\n2024-05-24发布 2024-07-01实施\n生态环境部\n发布\n目次\n",
    ]
)
ADDRESSEES = st.sampled_from(["", "各乡镇人民政府：\n", "县商务局：\n"])
BODIES = st.sampled_from(["一、甲甲\n乙乙。\n", "第一条　甲甲。\n第二条　乙乙。\n", "根据皖政〔2021〕5号，甲甲。\n"])
ENDS = st.sampled_from(
    [
        "", "青禾县人民政府\n2024年5月1日\n", "中共XX市委\nXX市人民政府\n202x年2月14日\n", "青禾县商务局 青禾县财政局\n二〇二四年五月一日\n（此件公开发布）\n",
        "青禾县人民政府办公室　2024年5月6日印发\n", "青禾县人民政府\n2024年2月30日\n", "2024.5.1\n",
    ]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.tuples(HEADS, ADDRESSEES, BODIES, ENDS).map("".join))
def test_every_fact_has_a_source_whose_words_hold_it(text: str):
    metadata = document_from_text(text).metadata
    check_sources(text, metadata)


def test_an_amendment_of_the_text_is_noticed():
    """The check itself: a source that points elsewhere does not pass."""
    text = "青禾县人民政府关于防汛的通知\n青政〔2024〕7号\n一、甲甲\n乙乙。\n"
    metadata = document_from_text(text).metadata
    check_sources(text, metadata)
    with pytest.raises(AssertionError):
        check_sources("乙" * len(text), metadata)


def check_sources(text: str, metadata: Metadata) -> None:
    assert {field for field, _, _ in metadata.sources} == {field for field in FIELDS if getattr(metadata, field)}
    for field, span, how in metadata.sources:
        assert re.search("[\u4e00-\u9fff]", how)
        if span is None:
            assert how in ("文件名", "调用者给出", "正文自称")
            continue
        assert 0 <= span.start < span.end <= len(text)
        assert holds(field, span.of(text), metadata, how), (field, span.of(text), how)


def holds(field: str, words: str, metadata: Metadata, how: str) -> bool:
    value = getattr(metadata, field)
    if field.endswith("_on"):
        return to_date(fold(words)) == value
    if field == "document_number":
        return words == value.printed
    if field == "issuers":
        return how in _BY_CODE or how == "标题下题注" or all(squeezed(name) in squeezed(words) for name in value)
    if field in ("title", "kind", "carrier", "addressees", "site_validity"):
        return how == "标题标注" or squeezed(value) in squeezed(words)
    return bool(words.strip())


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", fold(text))
