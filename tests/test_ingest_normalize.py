"""Display text and matching text: what is repaired, what stays, and that offsets never move."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.normalize import fold, tidy

TIDY = (
    # (raw, tidy): why
    ("安 徽 省 人 民 政 府 文 件", "安徽省人民政府文件"),  # letter-spaced issuer mark
    ("第一章　总　则", "第一章\u3000总则"),  # the space behind the marker separates, the one inside the word does not
    ("第 一 条 为了规范", "第一条 为了规范"),
    ("索 引 号：", "索引号："),  # labels of government sites
    ("附 件1", "附件1"),
    ("市财政局 市医保局", "市财政局 市医保局"),  # joint issuers: two words stay two words
    ("2024 年 3 月 10 日", "2024年3月10日"),  # a date is one word
    ("补贴 50 万元", "补贴50万元"),
    ("国发〔2019〕5号 2019年1月27日", "国发〔2019〕5号 2019年1月27日"),  # number and date are two
    ("条例通过\u20032013年公布", "条例通过\u30002013年公布"),  # &emsp; was put there to separate
    ("皖政办 〔 2021 〕 5 号", "皖政办〔2021〕5号"),
    ("《 办法 》 、《细则》", "《办法》、《细则》"),
    ("⼈⺠政府⻔⼾⻋⻓", "人民政府门户车长"),  # radicals that PDF programs write; NFKC repairs half of them
    ("\uf9d1 \u00a0安全", "六 安全"),  # compatibility ideograph, no-break space
    ("一\r\n二\r三\u2028四", "一\n二\n三\n四"),
    ("\ufeff零\u200b宽\u00ad字\u202e符\x07", "零宽字符"),
    ("\u3000\u3000首行缩进  ", "首行缩进"),
    ("甲\t乙 \t", "甲\t乙 \t"),  # tabs separate table cells and stay
    ("（一）：；，“”《》", "（一）：；，“”《》"),  # full-width punctuation is not ASCII
    ("GB/T 9704 公文格式 A 类", "GB/T 9704 公文格式 A 类"),  # spaces round Latin words stay
    ("", ""),
)


@pytest.mark.parametrize(("raw", "expected"), TIDY)
def test_tidy(raw, expected):
    assert tidy(raw) == expected


FOLD = (
    ("皖政办〔２０２１〕１２号", "皖政办[2021]12号"),
    ("〔〕【】［］〖〗﹝﹞", "[][][][][]"),
    ("（一）﹙二﹚", "(一)(二)"),
    ("“双招双引”‘’", "\"双招双引\"''"),
    ("2018—2035－－年", "2018-2035--年"),
    ("二○二一年", "二〇二一年"),
    ("號發辦", "号发办"),
    ("《〈》〉、。", "《〈》〉、。"),
    ("Ａｂ％　：", "Ab% :"),
    ("⺠", "民"),
)


@pytest.mark.parametrize(("raw", "expected"), FOLD)
def test_fold(raw, expected):
    assert fold(raw) == expected


policy_like = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("第一条章节年月日号万元，。、；：“”（）〔〕《》 \u3000\u00a0\u2003\t\n\r0123456789%ABx⼈⺠⻔"),
    )
)


@settings(deadline=None)
@given(policy_like)
def test_fold_never_moves_an_offset(text):
    assert len(fold(text)) == len(text)


@settings(deadline=None)
@given(policy_like)
def test_tidy_once_is_enough(text):
    assert tidy(tidy(text)) == tidy(text)


@settings(deadline=None)
@given(policy_like)
def test_tidy_loses_no_visible_character(text):
    def visible(raw):
        kept = (char for char in raw if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Cn"))
        return re.sub(r"\s", "", fold("".join(kept)))

    assert visible(tidy(text)) == visible(text)


def test_no_radical_is_left_and_none_becomes_another_radical():
    radicals = "".join(map(chr, (*range(0x2E81, 0x2EF4), *range(0x2F00, 0x2FD6))))
    assigned = "".join(char for char in radicals if unicodedata.category(char) != "Cn")
    without_counterpart = "⺃⺄⺋"  # strokes that are no part of ordinary text
    assert [char for char in fold(assigned) if "\u2e80" <= char <= "\u2fdf" and char not in without_counterpart] == []
