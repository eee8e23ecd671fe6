"""Web pages of government sites: the article without its site, and the site's own metadata first."""

import pytest

from ingest.corpus import source_file
from ingest.errors import CorruptFile, NoText
from ingest.readers import read

ARTICLE = (
    "<p>各区人民政府：</p><p>　　为进一步优化营商环境，根据有关规定，结合本市实际，制定本通知。</p>"
    "<p>　　<b>一、</b>总体要求。各区要加强组织领导，明确责任分工，确保各项任务落到实处。</p><p>2024年3月10日</p>"
)
ARTICLE_LINES = [
    "各区人民政府：",
    "为进一步优化营商环境，根据有关规定，结合本市实际，制定本通知。",
    "一、总体要求。各区要加强组织领导，明确责任分工，确保各项任务落到实处。",
    "2024年3月10日",
]
TABLE = (
    "<table><tr><td>索 引 号：</td><td>000014349/2024-00007</td><td>主题分类：</td><td>工业、交通\\其他</td></tr>"
    "<tr><td><b>发文机关</b>：</td><td>云澜市人民政府</td><td>成文日期：<i></i></td><td><span>2024年03月10日</span></td></tr>"
    "<tr><td>标　　题：</td><td colspan=3>关于优化营商环境的通知</td></tr>"
    "<tr><td>发文字号：</td><td>云政〔2024〕6号</td><td>有 效 性：</td><td></td></tr></table>"
)
SITE = '<div class="crumb">当前位置：<a href=/>首页</a></div>{}<div class="foot">主办：云澜市人民政府办公室 ICP备0000号</div>'


def page(body, head="", encoding="utf-8", charset=None):
    html = f'<!DOCTYPE html><html><head><meta charset="{charset or encoding}">{head}</head><body>{SITE.format(body)}</body></html>'
    return html.encode(encoding)


def reading(content, path="通知.html"):
    return read(source_file(path, content if isinstance(content, bytes) else content.encode()))


def fields(result):
    return {label: span.of(result.text) for label, span in result.fields}


CONTAINERS = (
    '<div id="UCAP-CONTENT">{}</div>',  # gov.cn
    "<ucapcontent>{}</ucapcontent>",
    '<div id="zoom">{}</div>',
    '<div class="view TRS_UEDITOR trs_paper_default">{}</div>',
    '<div class="TRS_Editor"><style>p{{}}</style>{}</div>',
    '<td class="b12c pages_content">{}</td>',
    '<div class="j-fontContent">{}</div>',
    '<div class="article-content article-content-body" id="zoomcon">{}</div>',
)


@pytest.mark.parametrize("container", CONTAINERS)
def test_the_article_is_found_by_its_container(container):
    assert reading(page(container.format(ARTICLE))).text.splitlines() == ARTICLE_LINES


def test_an_empty_container_is_passed_over_for_the_full_one():
    body = f'<div id="zoom"></div><div class="pages_content">{ARTICLE}</div>'
    assert reading(page(body)).text.splitlines() == ARTICLE_LINES


def test_an_unknown_site_is_read_by_where_its_text_is():
    text = reading(page(f'<div class="x1"><div class="x2">{ARTICLE * 4}</div></div>')).text
    assert text.count(ARTICLE_LINES[1]) == 4
    assert "ICP备" not in text


def test_the_metadata_table_comes_first_with_the_span_of_each_value():
    result = reading(page(f'{TABLE}<div id="zoom">{ARTICLE}</div>'))
    assert fields(result) == {
        "索引号": "000014349/2024-00007",
        "主题分类": "工业、交通\\其他",
        "发文机关": "云澜市人民政府",
        "成文日期": "2024年03月10日",
        "标题": "关于优化营商环境的通知",
        "发文字号": "云政〔2024〕6号",
    }
    head, body = result.text.split("\n\n", 1)
    assert "发文字号：云政〔2024〕6号" in head.splitlines()
    assert "有效性" not in head, "what the site left empty is unknown"
    assert body.splitlines() == ARTICLE_LINES


LABELLED = (
    # other shapes of the same table
    '<ul><li><b>文 号：</b>云政〔2024〕6号</li><li><b>发布日期：</b>2024-03-12</li></ul>',
    "<dl><dt>文号</dt><dd>云政〔2024〕6号</dd><dt>发布日期</dt><dd>2024-03-12</dd></dl>",
    "<div><span>文号：</span><span>云政〔2024〕6号</span>&nbsp;&nbsp;<span>发布日期：</span><span>2024-03-12</span></div>",
    "<p>文号：云政〔2024〕6号</p><p>发布日期：2024-03-12&nbsp;&nbsp;浏览次数：<span>-</span></p>",
    "<table><tr><th>文　　号</th><td>云政〔2024〕6号</td></tr><tr><th>发布日期</th><td>2024-03-12</td></tr></table>",
    # inside the article, above its text
    '<div id="zoom"><table><tr><td>文号</td><td>云政〔2024〕6号</td></tr><tr><td>发布日期</td><td>2024-03-12</td></tr></table>',
)  # fmt: skip


@pytest.mark.parametrize("table", LABELLED)
def test_metadata_in_other_shapes(table):
    inside = table.startswith('<div id="zoom">')
    result = reading(page(f"{table}{ARTICLE}</div>" if inside else f'{table}<div id="zoom">{ARTICLE}</div>'))
    assert fields(result) == {"文号": "云政〔2024〕6号", "发布日期": "2024-03-12"}
    assert result.text.split("\n\n", 1)[1].splitlines() == ARTICLE_LINES


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("<div>文号：</div><div>云政〔2024〕6号</div><div>发布日期：</div><div>2024-03-12</div>", {"文号": "云政〔2024〕6号", "发布日期": "2024-03-12"}),
        ("<p>【文 号】：云政〔2024〕6号</p>", {"文号": "云政〔2024〕6号"}),
        ("<div>文件状态：</div><h1>云澜市人民政府关于优化营商环境的通知</h1>", {}),  # the state is filled in by a script
        ("<div>文号：</div><div>成文日期：2024年3月1日</div>", {"成文日期": "2024年3月1日"}),
    ],
)  # fmt: skip
def test_a_value_may_stand_below_its_label(table, expected):
    assert fields(reading(page(f'{table}<div id="zoom">{ARTICLE}</div>'))) == expected


VALIDITY = (
    ("【已失效】云澜市人民政府关于优化营商环境的通知", "云澜市人民政府关于优化营商环境的通知", "已失效"),
    ("[废止]关于优化营商环境的通知", "关于优化营商环境的通知", "废止"),
    ("关于优化营商环境的通知（已废止）", "关于优化营商环境的通知", "已废止"),
    ("关于废止《冷库办法》的决定", None, None),
)


@pytest.mark.parametrize(("printed", "title", "state"), VALIDITY)
def test_what_the_site_says_in_the_title_is_its_validity(printed, title, state):
    table = f"<table><tr><td>标题：</td><td>{printed}</td></tr></table>"
    found = fields(reading(page(f'{table}<div id="zoom">{ARTICLE}</div>')))
    assert found == ({"标题": title, "有效性": state} if state else {"标题": printed})


NOT_VALUES = (
    "<p>发布日期：<script>date()</script> 浏览次数：12</p>",  # filled in by a script
    "<table><tr><td>文号：</td><td>标题：</td></tr></table>",  # a label is no value
    "<table><tr><td>发布日期：</td><td>近日</td></tr></table>",  # a date has a year
)


@pytest.mark.parametrize("table", NOT_VALUES)
def test_a_label_without_a_value_is_no_field(table):
    assert reading(page(f'{table}<div id="zoom">{ARTICLE}</div>')).fields == ()


META = '<meta name="ArticleTitle" content="关于优化营商环境的通知"><meta name="PubDate" content="2024-03-12 09:00">'
TITLES = (
    (
        META + "<title>云澜市人民政府门户网站</title>",
        {"标题": "关于优化营商环境的通知", "发布日期": "2024-03-12 09:00"},
    ),
    ("<title>关于优化营商环境的通知_部门文件_云澜市人民政府</title>", {"标题": "关于优化营商环境的通知"}),
    ("<title>关于优化营商环境的通知-云澜市人民政府网站</title>", {"标题": "关于优化营商环境的通知"}),
    ("<title>云澜市人民政府门户网站</title>", {}),  # the name of a site is not a title
)


@pytest.mark.parametrize(("head", "expected"), TITLES)
def test_the_head_of_the_page_names_title_and_date_where_no_table_does(head, expected):
    assert fields(reading(page(f'<div id="zoom">{ARTICLE}</div>', head))) == expected


def test_the_table_is_trusted_more_than_the_head_of_the_page():
    result = reading(page(f'{TABLE}<div id="zoom">{ARTICLE}</div>', META.replace("关于优化", "另一个")))
    assert fields(result)["标题"] == "关于优化营商环境的通知"


ENCODINGS = (
    ("utf-8", "utf-8"),
    ("gb18030", "gb2312"),  # what sites declare, and what they write: — and · are not in gb2312
    ("gb18030", "gbk"),
    ("gb18030", "utf-8"),  # a wrong declaration
    ("utf-16", "utf-16"),
)


@pytest.mark.parametrize(("encoding", "charset"), ENCODINGS)
def test_the_encoding_is_what_the_bytes_are(encoding, charset):
    body = '<div id="zoom"><p>2018—2035年“十四五”规划·征求意见稿，请各单位研究提出意见。</p></div>'
    assert (
        reading(page(body, "", encoding, charset)).text
        == "2018—2035年“十四五”规划·征求意见稿，请各单位研究提出意见。\n"
    )


def test_a_page_saved_as_doc_is_read_as_the_page_it_is():
    assert reading(page(f'<div id="zoom">{ARTICLE}</div>'), "通知.doc").text.splitlines() == ARTICLE_LINES


def test_tables_in_the_article_keep_their_columns_under_merged_cells():
    table = (
        "<table><tr><th>类别</th><th>标准</th><th>单位</th></tr><tr><td rowspan=2><p>首次</p><p>上规</p></td><td>20万元</td><td>经信局</td></tr>"
        "<tr><td>10万元</td><td>财政局</td></tr><tr><td colspan=3>注：不重复享受</td></tr></table>"
    )
    lines = reading(page(f'<div id="zoom"><p>标准如下：</p>{table}<p>表后。</p></div>')).text.splitlines()
    assert lines == [
        "标准如下：",
        "类别\t标准\t单位",
        "首次 上规\t20万元\t经信局",
        "\t10万元\t财政局",
        "注：不重复享受\t",  # the only filled cell of its row
        "表后。",
    ]


def test_scripts_and_what_nobody_can_see_are_no_text():
    hidden = "<p style='display:none'>补贴上限九千万元</p><p hidden>九千</p><script>var a='九千'</script><!--九千--><style>九千</style>"
    result = reading(page(f'<div id="zoom">{ARTICLE}{hidden}</div>'))
    assert result.text.splitlines() == ARTICLE_LINES
    assert any("10 个字" in warning for warning in result.warnings)


def test_a_page_that_a_script_unveils_is_not_hidden():
    content = f'<html><body style="visibility: hidden">{TABLE}<div id="zoom">{ARTICLE}</div></body></html>'
    assert fields(reading(content))["发文字号"] == "云政〔2024〕6号"


EMPTY = (
    '<html><body><div id="app"></div><script>render("第一条")</script></body></html>',
    "<html></html>",
)


@pytest.mark.parametrize("content", EMPTY)
def test_a_page_without_text_says_so(content):
    with pytest.raises(NoText, match=r"没有正文.*通知.html") as caught:
        reading(content)
    assert "另存为" in caught.value.hint


@pytest.mark.parametrize("depth", [3, 240, 300, 900])
def test_tags_that_were_never_closed_lose_nothing_of_the_page(depth):
    """Old editors open <font> after <font>; libxml2 drops the rest of a page below 256 levels."""
    page = f"<html><body>{'<font>' * depth}<p>第一条 对企业给予奖励20万元。</p><p>第二条 本办法自印发之日起施行。</p>"
    assert reading(page.encode()).text.splitlines() == [
        "第一条 对企业给予奖励20万元。",
        "第二条 本办法自印发之日起施行。",
    ]


def test_a_page_that_is_too_deep_to_be_read_whole_is_refused():
    with pytest.raises(CorruptFile, match=r"嵌套过深.*通知\.html"):
        reading(f"<html><body>{'<div>' * 20_000}<p>第一条 对企业给予奖励20万元。</p>".encode())
