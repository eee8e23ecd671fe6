"""Web pages: automatic numbers, furniture of the site, and what is told of what was not taken in."""

from __future__ import annotations

import pytest

from ingest.corpus import source_file
from ingest.document import SourceText
from ingest.readers import read

TEXT = "<p>为进一步优化营商环境，结合本市实际，制定本通知。</p>"
LINE = "为进一步优化营商环境，结合本市实际，制定本通知。"


def reading(article: str, around: str = "", head: str = "") -> SourceText:
    content = f'<html><head><meta charset="utf-8">{head}</head><body><div id="zoom">{TEXT}{article}</div>{around}</body></html>'
    return read(source_file("通知.html", content.encode()))


def below(article: str) -> list[str]:
    """The lines that the article adds."""
    first, *lines = reading(article).text.splitlines()
    assert first == LINE
    return lines


LISTS = [
    ("numbers of the browser", "<ol><li>甲类</li><li>乙类</li></ol>", ["1. 甲类", "2. 乙类"]),
    ("start and value", "<ol start=3><li>甲类</li><li value=7>乙类</li><li>丙类</li></ol>", ["3. 甲类", "7. 乙类", "8. 丙类"]),
    ("letters", "<ol type=a><li>甲类</li><li>乙类</li></ol>", ["a. 甲类", "b. 乙类"]),
    ("Roman numerals", "<ol type=I><li>甲类</li><li value=4>乙类</li></ol>", ["I. 甲类", "IV. 乙类"]),
    (
        "Chinese numerals",
        '<ol style="list-style-type:cjk-ideographic"><li>甲类</li><li value=12>乙类</li></ol>',
        ["一、甲类", "十二、乙类"],
    ),
    ("reversed", "<ol reversed><li>甲类</li><li>乙类</li></ol>", ["2. 甲类", "1. 乙类"]),
    ("the author typed them", "<ol><li>一、甲类</li><li>（二）乙类</li></ol>", ["一、甲类", "（二）乙类"]),
    ("switched off", '<ol style="list-style:none"><li>甲类</li></ol>', ["甲类"]),
    ("points", "<ul><li>甲类</li><li>乙类</li></ul>", ["甲类", "乙类"]),
    ("a list in a list", "<ol><li>甲类<ol><li>小类</li></ol></li><li>乙类</li></ol>", ["1. 甲类", "1. 小类", "2. 乙类"]),
    ("a wrong number", "<ol start=abc><li value=-->甲类</li></ol>", ["1. 甲类"]),
]  # fmt: skip


@pytest.mark.parametrize(("why", "article", "lines"), LISTS, ids=[case[0] for case in LISTS])
def test_numbers_that_the_browser_prints_are_restored(why: str, article: str, lines: list[str]):
    assert below(article) == lines


FURNITURE = [
    ("buttons", "<p>【打印】【关闭】</p>"),
    ("sharing", "<p>分享到：</p>"),
    ("neighbours", "<p>上一篇：关于其他事项的通知</p><p>下一篇：没有了</p>"),
    ("size of type", "<p>字体：大 中 小</p>"),
    ("an empty list of annexes", "<p>相关附件：</p>"),
]


@pytest.mark.parametrize(("why", "article"), FURNITURE, ids=[case[0] for case in FURNITURE])
def test_what_the_site_prints_below_an_article_is_not_in_it(why: str, article: str):
    assert below(article) == []


def test_the_same_words_within_an_article_stay():
    assert below("<p>打印</p><p>到窗口领取。</p>") == ["打印", "到窗口领取。"]


HIDDEN = [
    ("display", '<p style="color:red;display: none">甲乙丙</p>', 3),
    ("visibility", '<p style="visibility:hidden">甲乙丙</p>', 3),
    ("no size", '<span style="font-size:0px">甲乙</span>', 2),
    ("transparent", '<p style="opacity:0">甲乙丙</p>', 3),
    ("white on white", '<p style="color:#ffffff">甲乙丙</p>', 3),
    ("decoration", '<i aria-hidden="true">甲</i>', 1),
    ("one in another is counted once", '<div hidden><p style="display:none">甲乙</p>丙</div>', 3),
]


@pytest.mark.parametrize(("why", "article", "count"), HIDDEN, ids=[case[0] for case in HIDDEN])
def test_what_nobody_can_see_is_counted_and_left_out(why: str, article: str, count: int):
    found = reading(article)
    assert found.text.splitlines() == [LINE]
    assert found.warnings == (f"有 {count} 个字在网页上不可见，未收入",)


SEEN = [
    ("white on a colour", '<p style="background:#00f;color:#fff">甲乙丙</p>', "甲乙丙"),
    ("white head of a table", '<table><tr><th style="color:white">项目</th><th>金额</th></tr></table>', "项目\t金额"),
    ("a page behind a dialogue", '<div aria-hidden="true"><p>甲乙丙</p></div>', "甲乙丙"),
    ("small but there", '<p style="font-size:0.8em">甲乙丙</p>', "甲乙丙"),
    ("a white border", '<p style="border-color:#fff">甲乙丙</p>', "甲乙丙"),
]


@pytest.mark.parametrize(("why", "article", "line"), SEEN, ids=[case[0] for case in SEEN])
def test_what_can_be_seen_is_kept(why: str, article: str, line: str):
    found = reading(article)
    assert (found.text.splitlines(), found.warnings) == ([LINE, line], ())


def test_annexes_to_download_are_named():
    found = reading(
        '<p><a href="P020.docx?v=1">附件1 申报表</a> <a href="/down?id=2">承诺书.pdf</a> <a href="other.html">解读</a></p>',
        '<ul><li><a href="t.xls">附件2.汇总表</a></li><li><a href="guide.pdf">网站使用说明</a></li></ul>',
    )
    assert found.warnings == (
        "未收录的附件：附件1 申报表；承诺书.pdf；附件2.汇总表（网页只给出下载链接，请下载后另行上传）",
    )


def test_a_file_shown_in_a_frame_is_an_annex_and_another_frame_is_told_of():
    found = reading('<iframe src="/files/%E5%8A%9E%E6%B3%95.pdf"></iframe><iframe src="/map"></iframe>')
    assert found.warnings == (
        "未收录的附件：办法.pdf（网页只给出下载链接，请下载后另行上传）",
        "正文内嵌 1 个框架，其内容未收入",
    )


def test_pictures_are_counted_but_not_icons():
    pictures = (
        '<img src="W020.jpg"><p><img src="a.png" width="600"></p>',
        '<img src="/images/icon_doc.gif"><img src="b.png" width=16><img src="c.png" style="height:20px">',
        '<div style="display:none"><img src="d.png"></div>',
    )
    assert reading("".join(pictures)).warnings == ("含图片 2 张，其中文字未收入",)


PAGES = [
    ("the script of a publishing system", "", '<script>createPageHTML(3, 0, "t2024", "html");</script>', "分为 3 页"),
    ("a link", "", '<a href="t_1.html">下一页</a>', "下一页"),
    ("one page", "", '<script>createPageHTML(1, 0, "t2024", "html");</script>', None),
    ("the next article", "", '<a href="t2.html">下一篇：通知</a>', None),
]


@pytest.mark.parametrize(("why", "article", "around", "told"), PAGES, ids=[case[0] for case in PAGES])
def test_further_pages_are_told_of(why: str, article: str, around: str, told: str | None):
    warnings = reading(article, around).warnings
    assert len(warnings) == bool(told)
    assert told is None or told in warnings[0]


def test_a_table_within_a_table_that_places_things_is_read_as_it_looks():
    inner = "<table><tr><td>项目</td><td>金额</td></tr><tr><td>冷库</td><td>20万元</td></tr></table>"
    assert below(f"<table><tr><td><p>标准如下</p>{inner}</td></tr><tr><td>表后说明</td></tr></table>") == [
        "标准如下",
        "项目\t金额",
        "冷库\t20万元",
        "表后说明",
    ]


def test_paragraphs_parted_by_line_breaks_are_paragraphs():
    assert below("<div>一、甲类<br>&emsp;&emsp;甲甲。<br/><br>二、乙类</div>") == ["一、甲类", "甲甲。", "二、乙类"]


def test_hidden_elements_within_hidden_elements_are_counted_once():
    found = reading('<div hidden>甲<img src="a.jpg">' * 200 + "</div>" * 200)
    assert found.warnings == ("有 200 个字在网页上不可见，未收入",)
