"""Numbers, titles and issuers in the forms that real files print them in. Texts are of our own making."""

from __future__ import annotations

import pytest

from ingest.document import Metadata
from ingest.errors import Classified
from ingest.parse import document_from_text

BODY = "一、总体要求\n全面落实各项任务。\n二、重点任务\n抓好落实。"
ARTICLES = "第一条　甲甲。\n第二条　乙乙。"


def read(text: str) -> Metadata:
    return document_from_text(text).metadata


def number(text: str) -> str | None:
    own = read(text).document_number
    return own.canonical if own else None


# ---- own number: (why, text, canonical)

NUMBERS = [
    (
        "name, 令 and number on three lines",
        f"中华人民共和国财政部\n令\n第99号\n《冷链办法》已经通过，现予公布。\n部长　张三\n2024年11月1日\n冷链办法\n{ARTICLES}",
        "财政部令第99号",
    ),
    (
        "an announcement on three lines",
        f"国家税务总局\n公告\n2017年第27号\n关于冷链税收的公告\n现公告如下：\n{BODY}",
        "国家税务总局公告2017年第27号",
    ),
    (
        "a people's congress numbers its announcements by session",
        f"云澜市第十六届人民代表大会常务委员会公告\n（第十二号）\n现予公布。\n2019年9月29日\n云澜市冷链条例\n{ARTICLES}",
        "云澜市第十六届人民代表大会常务委员会公告第12号",
    ),
    ("the year of an order in brackets", f"冷链办法\n（2013年9月11日农业部令[2013]第2号公布）\n{ARTICLES}", "农业部令2013年第2号"),
    (
        "a joint order is that of all its bodies, not of the last: 民航总局令第11号 is another",
        f"冷链投诉办法\n（2004年6月21日国家发展改革委、建设部、民航总局令第11号发布　根据2013年3月11日国家发展改革委、工业和信息化部令第23号修订）\n{ARTICLES}",
        "国家发展改革委 建设部 民航总局令第11号",
    ),
    (
        "behind the title, with the mark of the site",
        f"关于印发《冷链方案》的通知（青政办〔2024〕7号）（已废止）\n各乡镇：\n{BODY}",
        "青政办〔2024〕7号",
    ),
    ("the number that repealed it", f"冷链办法\n（已被青政发〔2020〕9号文件废止）\n{ARTICLES}", None),
    ("the order that amended it", f"冷链办法\n（2011年9月1日公布　根据2013年12月7日国务院令第645号修订）\n{ARTICLES}", None),
    ("issued under one, repealed under another", f"冷链办法\n（青政发〔2019〕34号印发，青政发〔2023〕9号废止）\n{ARTICLES}", "青政发〔2019〕34号"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "text", "expected"), NUMBERS, ids=[case[0] for case in NUMBERS])
def test_own_number(why: str, text: str, expected: str | None):
    assert number(text) == expected


@pytest.mark.parametrize(
    "printed",
    [
        "皖发改产业〔2024〕88号\n皖财建〔2024〕301号",
        "皖发改产业〔2024〕88号　皖财建〔2024〕301号",
        "皖发改产业〔2024〕88号、皖财建〔2024〕301号",
        "（2024年5月1日皖发改产业〔2024〕88号、皖财建〔2024〕301号印发）",
    ],
)
def test_every_number_of_a_joint_issue_is_kept(printed: str):
    metadata = read(f"关于印发冷链方案的通知\n{printed}\n各市发展改革委、财政局：\n{BODY}")
    assert metadata.document_number and metadata.document_number.canonical == "皖发改产业〔2024〕88号"
    assert metadata.aliases == ("皖财建〔2024〕301号",)


# ---- title: (why, text, title)

TITLES = [
    ("in 书名号", f"《青禾县冷链办法》\n{ARTICLES}", "青禾县冷链办法"),
    ("with the mark of the site", f"【已失效】青禾县冷链办法\n{ARTICLES}", "青禾县冷链办法"),
    ("with it at the end", f"青禾县冷链办法（已废止）\n{ARTICLES}", "青禾县冷链办法"),
    ("the version on its own line", f"青禾县冷链办法\n（试行）\n{ARTICLES}", "青禾县冷链办法（试行）"),
    ("the years of a plan", f"青禾县冷链规划\n（2023—2025年）\n{BODY}", "青禾县冷链规划（2023—2025年）"),
    ("a draft", f"青禾县冷链办法\n（征求意见稿）\n{ARTICLES}", "青禾县冷链办法（征求意见稿）"),
    ("a date in brackets is no version", f"青禾县冷链办法\n（2024年3月10日）\n{ARTICLES}", "青禾县冷链办法"),
    ("a subtitle", f"青禾县冷链规划\n——2024年行动方案\n{ARTICLES}", "青禾县冷链规划——2024年行动方案"),
    (
        "broken below a red head",
        f"青禾县人民政府文件\n青政〔2024〕7号\n青禾县人民政府\n关于加快冷链物流高质量发展的\n实施意见\n各乡镇人民政府：\n{BODY}",
        "青禾县人民政府关于加快冷链物流高质量发展的实施意见",
    ),
    ("a form that is an annex", "附件2\nXX（厅）局案件移送书\n案由\t\n企业\t\t代码\t\n", "XX（厅）局案件移送书"),
    ("a table that is one", "附件1：\n青禾县冷链项目申报表\n（2024年度）\n单位名称\t\t负责人\t\n", "青禾县冷链项目申报表"),
    ("a policy that is one", f"附件\n\n青禾县冷链实施方案\n\n为贯彻落实，制定本方案。\n{BODY}", "青禾县冷链实施方案"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "text", "expected"), TITLES, ids=[case[0] for case in TITLES])
def test_title(why: str, text: str, expected: str):
    assert read(text).title == expected


@pytest.mark.parametrize(
    ("title", "validity"),
    [("【已失效】青禾县冷链办法", "已失效"), ("青禾县冷链办法（废止）", "已废止"), ("青禾县冷链办法（试行）", None)],
)
def test_the_mark_in_the_title_tells_of_validity(title: str, validity: str | None):
    assert read(f"{title}\n{ARTICLES}").site_validity == validity


# ---- issuers: (why, text, names)

ISSUERS = [
    (
        "青政 is Qinghai's, but the title begins with a county",
        f"青禾县冷链办法\n青政〔2024〕7号\n{ARTICLES}",
        (),
    ),
    ("the code of the place in the title", f"安徽省冷链办法\n皖政〔2024〕7号\n{ARTICLES}", ("安徽省人民政府",)),
    (
        "等4部门: the signature names all of them",
        f"云澜市卫生健康委等4部门关于印发冷链方案的通知\n各区：\n{BODY}\n云澜市卫生健康委员会 云澜市财政局\n云澜市商务局 云澜市医疗保障局\n2023年10月19日",
        ("云澜市卫生健康委员会", "云澜市财政局", "云澜市商务局", "云澜市医疗保障局"),
    ),
    (
        "a red head of two bodies",
        f"青禾县财政局\n青禾县商务局文件\n青财〔2024〕7号\n关于印发《冷链资金办法》的通知\n各乡镇财政所：\n{BODY}",
        ("青禾县财政局", "青禾县商务局"),
    ),
    (
        "all bodies of a joint order",
        f"冷链投诉办法\n（2004年6月21日国家发展改革委、建设部、民航总局令第11号发布）\n{ARTICLES}",
        ("国家发展改革委", "建设部", "民航总局"),
    ),
    (
        "the congress that passed a regulation, without its session",
        f"云澜市冷链条例\n（2019年9月28日云澜市第十六届人民代表大会常务委员会第二十一次会议通过）\n{ARTICLES}",
        ("云澜市人民代表大会常务委员会",),
    ),
    ("an order of the President", f"中华人民共和国主席令\n第七十四号\n现予公布。\n2020年6月30日\n中华人民共和国冷链法\n{ARTICLES}", ("中华人民共和国主席",)),
    ("names of annexes above the signature", f"关于冷链的公告\n{BODY}\n附件：\n1.申请表\n2.承诺书.docx\n青禾县商务局\n2025年8月11日", ("青禾县商务局",)),
]  # fmt: skip


@pytest.mark.parametrize(("why", "text", "names"), ISSUERS, ids=[case[0] for case in ISSUERS])
def test_issuers(why: str, text: str, names: tuple[str, ...]):
    assert read(text).issuers == names


@pytest.mark.parametrize("code", ["交公路发", "交安监发", "安监总办"])
def test_the_code_of_a_ministry_tells_the_level_where_nothing_else_does(code: str):
    metadata = read(f"冷链动态通报办法\n（1995年12月13日{code}〔1995〕1180号文公布）\n{ARTICLES}")
    assert (metadata.level, metadata.region) == ("state", "全国")


# ---- 密级

CLASSIFIED = [
    "机密★启用前", "秘密 ★ 1年", "秘　密　★　１　年", "机密☆3年", "绝密★长期", "秘密★一年", "密级：机密", "密 级：秘密  保密期限：5年", "000012　秘密★1年",
    "特急　机密★5年", "机密★1年　特急", "【机密】", "（秘密）", "机密级", "机密★1年\t特急",
]  # fmt: skip


@pytest.mark.parametrize("mark", CLASSIFIED)
@pytest.mark.parametrize("lines_above", [0, 3])
def test_a_mark_of_secrecy_in_the_first_lines_refuses_the_file(mark: str, lines_above: int):
    with pytest.raises(Classified, match="密级标志"):
        read("甲甲\n" * lines_above + f"{mark}\n青禾县人民政府文件\n青禾县人民政府关于防汛的通知\n{BODY}")


@pytest.mark.parametrize(
    "line",
    [
        "密级：公开",
        "密级：无",
        "商业秘密",
        "保密",
        "保守国家秘密",
        "秘密级文件的管理",
        "秘书处",
        "绝密级以下",
    ],
)
def test_words_about_secrets_are_no_mark(line: str):
    assert read(f"{line}\n青禾县人民政府关于防汛的通知\n{BODY}").title


def test_a_word_in_the_body_is_no_mark():
    assert read(f"青禾县人民政府关于防汛的通知\n{BODY}\n" + "甲甲。\n" * 20 + "机密\n").title
