"""Which file a question names: by a number in any spelling, or by a title that is cut short, misspelt or said without 《》.

A file that is wrongly taken for named stands before everything that answers the question: so half of the rows are topics.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import LexicalIndex, key_of
from index.partnumbers import find_part_numbers
from index.query import understand
from index.titles import find_mentions
from ingest.parse import document_from_text
from tests.samples import ROWS

LIMIT = 5

# name here → (title, number)
OTHERS = {
    "省制造强省": ("安徽省人民政府关于印发支持制造强省建设若干政策的通知", "皖政〔2017〕53号"),
    "省营商": ("安徽省优化营商环境条例", ""),
    "市营商": ("合肥市优化营商环境条例", ""),
    "省平台": ("安徽省人民政府办公厅关于促进平台经济规范健康持续发展若干措施的通知", "皖政办〔2023〕12号"),
    "省秘书": ("安徽省人民政府办公厅关于做好防汛救灾工作的通知", "皖政办秘〔2023〕12号"),
    "省老": ("安徽省人民政府办公厅关于加强社会救助工作的通知", "皖政办〔2019〕12号"),
    "市新政": ("中共合肥市委办公室合肥市人民政府办公室关于印发《合肥市人才政策实施细则》的通知", "合办〔2022〕8号"),
    "贴息": ("关于小微企业贷款贴息的通知", "财金〔2022〕60号"),
    "民法典": ("中华人民共和国民法典", ""),
    "劳动合同法": ("中华人民共和国劳动合同法", ""),
    "环评法": ("中华人民共和国环境影响评价法", ""),
    "刑法": ("中华人民共和国刑法", ""),
    "刑诉": ("中华人民共和国刑事诉讼法", ""),
    "工伤": ("工伤保险条例", ""),
    "传染病": ("中华人民共和国传染病防治法", ""),
    "传染病办法": ("中华人民共和国传染病防治法实施办法", "卫生部令第17号"),
    "医疗机构": ("医疗机构管理条例", ""),
    "医疗细则": ("医疗机构管理条例实施细则", "卫生部令第35号"),
    "公租房": ("广州市人民政府办公厅关于印发广州市公共租赁住房管理办法的通知", "穗府办规〔2024〕13号"),
    "见习": ("广州市人力资源和社会保障局广州市财政局关于印发广州市就业见习基地管理办法的通知", "穗人社规字〔2019〕6号"),
    "幼儿园": ("广州市天河区教育局关于印发《2026年广州市天河区幼儿园招生工作方案》的通知", ""),
    "职教": ("国务院关于印发国家职业教育改革实施方案的通知", "国发〔2019〕4号"),
    "绩效": ("国务院办公厅关于加强三级公立医院绩效考核工作的意见", "国办发〔2019〕4号"),
    "复函": ("国务院办公厅关于科技节水建议的复函", "国办函〔2005〕21号"),
    "新媒体": ("国务院办公厅关于推进政务新媒体健康有序发展的意见", "国办发〔2018〕123号"),
    "安监": ("金属非金属地下矿山企业领导带班下井及监督检查暂行规定", "国家安全生产监督管理总局令第34号"),
    "兽药": ("兽用处方药和非处方药管理办法", "农业部令2013年第2号"),
    "一批": ("关于公布第二批科技型中小企业名单的通知", ""),
    "民促第一条": ("民营经济促进法第一条", ""),
    "民促第二条": ("民营经济促进法第二条", ""),
    "民促第四十条": ("民营经济促进法第四十条", ""),
    "民促第五条": ("民营经济促进法第五条", ""),
    "民促第六条": ("民营经济促进法第六条", ""),
    "民促第七条": ("民营经济促进法第七条", ""),
}  # fmt: skip
FILES = {row["file"][:4]: (row["title"], row["document_number"]) for row in ROWS} | OTHERS


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], set[str]]:
    """Names here of the files that a question names in a library of all ``FILES``."""
    index = LexicalIndex.open(tmp_path_factory.mktemp("naming") / "lexical", write=True)
    documents = (
        document_from_text(f"{title}\n{number}\n第一条　略。\n", title=title, path=f"{name}.txt", document_id=name)
        for name, (title, number) in FILES.items()
    )
    index.apply([(document, ()) for document in documents], (), 1)
    names = {key_of(name): name for name in FILES}

    def ask(text: str) -> set[str]:
        query = understand(text)
        found = index.named(query.numbers, query.titles, LIMIT, query.parts, query.mentions)
        return {names[key] for key in found}

    yield ask
    index.close()


TITLES = [
    ("制造强省若干政策第三条怎么说", {"省制造强省"}, "issuer, 支持 and 建设 left out"),
    ("支持制造强省建设的若干政策", {"省制造强省"}, "的 put in"),
    ("支持制造强省建设若干措施里对技改怎么说", {"省制造强省"}, "若干措施 for 若干政策"),
    ("安徽制造强省若干政策", {"省制造强省"}, "the province without 省"),
    ("想问一下，制造强省 若干政策 有哪些内容", {"省制造强省"}, "spaces, and a question before"),
    ("促进平台经济规范建康持续发展若干措施", {"省平台"}, "a wrong character (建康)"),
    ("平台经济若干措施第五条", {"省平台"}, "the half of a title"),
    ("省里关于平台经济的若干措施", {"省平台"}, "a level of government in front"),
    ("市里关于平台经济的若干措施", set(), "there is none of the city"),
    ("市里那个人才新政的实施细则", {"市新政"}, "新政 for 政策; it points at a file of the city"),
    ("营商环境条例里关于政府采购的规定", {"省营商", "市营商"}, "two files fit equally: both"),
    ("合肥营商环境条例里关于政府采购的规定", {"市营商"}, "the place, abbreviated, tells them apart"),
    ("芜湖市优化营商环境条例第五条", set(), "a city whose regulation is not held"),
    ("《优化营商环境条例》第三条", {"省营商", "市营商"}, "quoted, without the place"),
    ("民法典第四百二十四条", {"民法典"}, "a law by its short form"),
    ("民法上怎么规定", {"民法典"}, "what everybody calls it"),
    ("环评法第十条", {"环评法"}, "an abbreviation that leaves characters out"),
    ("刑法里怎么规定", {"刑法"}, "two characters are all there is"),
    ("刑诉法怎么规定取保候审", {"刑诉"}, "an abbreviation"),
    ("劳动合同法第三十八条", {"劳动合同法"}, "a law without 中华人民共和国"),
    ("按劳动法要赔多少", set(), "劳动法 is not 劳动合同法"),
    ("工伤保险条例第十四条", {"工伤"}, "a regulation"),
    ("传染病防治法里的报告时限", {"传染病"}, "the law, not the rules that carry it out"),
    ("传染病防治法实施办法第五条", {"传染病办法"}, "the rules, not the law"),
    ("医疗机构管理条例实施细则", {"医疗细则"}, "the rules, not the regulation"),
    ("医疗机构管理条例第九条", {"医疗机构"}, "the regulation, not the rules"),
    ("民营经济促进法第四十条", {"民促第四十条"}, "a law that is held article by article"),
    ("民营经济促进法第40条", {"民促第四十条"}, "… with the numeral in digits"),
    ("民营经济促进法讲了什么", set(), "… and six documents are no file any more"),
    ("根据广州市公共租赁住房管理办法，收入有什么要求", {"公租房"}, "the whole name after 根据"),
    ("公租房管理办法第十条", {"公租房"}, "an everyday word for an official one"),
    ("合肥市公共租赁住房管理办法", set(), "another city's"),
    ("就业见习管理办法里补贴多少", {"见习"}, "基地 left out"),
    ("2026年天河区幼儿园招生方案", {"幼儿园"}, "the year and the district"),
    ("幼儿园招生工作方案", {"幼儿园"}, "neither of them"),
    ("2025年天河区幼儿园招生方案", set(), "the year of another file"),
    ("国务院职业教育改革方案里怎么说", {"职教"}, "the issuer said, 国家 and 实施 not"),
    ("三级公立医院绩效考核意见", {"绩效"}, "加强 and 工作 left out"),
    ("政务新媒体那个意见，多久更新一次", {"新媒体"}, "那个 in between"),
    ("政务新媒体的意见", {"新媒体"}, "a half of a title that no other has"),
    ("清河区制造业高质量发展若干政策第五条", {"示例06"}, "not its amendment, nor its explanation"),
    ("关于修改清河区促进制造业高质量发展若干政策部分条款的通知", {"示例13"}, "the amendment by its title"),
    ("清河区制造业高质量发展若干政策的政策解读", {"示例15"}, "the explanation"),
    ("人才引育若干措施", {"示例08"}, "without 试行 and the wrapper"),
    ("人才分类认定办法", {"示例14"}, "without the city"),
    ("《人才分类办法》怎么认定", {"示例14"}, "quoted, cut short"),
    ("科技创新券管理办法", {"示例10"}, "one of two subjects"),
    ("惠企政策兑现管理办法第七条", {"示例18"}, "without the city"),
    ("技改贷款贴息的实施细则", {"示例21"}, "技改 for 技术改造"),
    ("技术改造贷款贴息的实施细则", {"示例21"}, "the word of the title"),
    ("双招双引政策第三条", {"示例09"}, "政策, pointed at by an article"),
    ("农业产业化政策里怎么说", set(), "no file is about it"),
    ("一事一议工作规则", {"示例19"}, "the quoted word of a title"),
    ("十大新兴产业的意见", {"示例01"}, "the half of a long title"),
]
TOPICS = [
    ("小微企业贷款贴息", "a title is about it, but no kind of file is said"),
    ("小微企业贷款贴息政策有哪些", "政策 is what every topic question says"),
    ("双招双引政策有哪些", "the same, where a file of that kind is about it"),
    ("制造业政策有效期到什么时候", "nor does 制造业 tell which"),
    ("营商环境怎么优化", "no kind of file"),
    ("有什么办法可以少交税", "办法 is a way to do it"),
    ("公租房申请条件", "no kind of file"),
    ("人才政策有哪些", "three files are about 人才"),
    ("补贴标准是多少", "标准 is a figure"),
    ("就业见习补贴标准", "标准 is no 办法"),
    ("按规定申请要什么材料", "规定 names nothing"),
    ("根据有关规定怎么处理", "nor here"),
    ("企业奖励办法", "words of too many titles"),
    ("实施方案怎么写", "only a kind"),
    ("管理办法和实施细则有什么区别", "two kinds and nothing else"),
    ("制造业企业技改能补多少钱", "a topic"),
    ("平台经济发展情况", "a topic"),
    ("违法分包怎么处罚", "违法 is no law"),
    ("人民法院管辖", "nor is 法院"),
    ("医院绩效怎么算", "a topic of a title"),
    ("公布第三批科技型中小企业名单的通知", "第三批 is no slip for 第二批"),
    ("渔业条例", "no file has it"),
    ("中小学招生方案", "幼儿园 is not 中小学"),
    ("", "nothing"),
    ("《》", "nothing quoted"),
]
NUMBERS = [
    ("皖政办〔2023〕12号", {"省平台"}, "as it should be written"),
    ("皖政办[2023]12", {"省平台"}, "square brackets, no 号"),
    ("皖政办［２０２３］１２号", {"省平台"}, "full width"),
    ("皖政办 2023 12号", {"省平台"}, "spaces for brackets"),
    ("皖政办2023年12号", {"省平台"}, "年 for brackets"),
    ("皖政办发2023年12号", {"省平台"}, "发 put in"),
    ("皖政办二〇二三12号", {"省平台"}, "the year in Chinese"),
    ("皖政办二○二三年十二号文", {"省平台"}, "all of it in Chinese"),
    ("皖政办23年12号", {"省平台"}, "two digits of the year"),
    ("皖政办2023-12", {"省平台"}, "a hyphen"),
    ("皖政办202312号", {"省平台"}, "nothing between year and serial"),
    ("皖政办12号文", {"省平台", "省老"}, "no year: both years"),
    ("皖政办秘12号文", {"省秘书"}, "no year, and one file"),
    ("安徽省人民政府办公厅2023年12号文", {"省平台", "省秘书"}, "the issuer for the code: both of its series"),
    ("根据省政府办公厅2019年12号文", {"省老"}, "the issuer, shortened"),
    ("国办2019年4号文", {"绩效"}, "国办 is short for 国办发"),
    ("国办函〔2019〕4号", set(), "… but 国办函 is another series"),
    ("2005年21号文", {"复函"}, "no code, but one file fits"),
    ("2019年4号文", set(), "no code, and two files fit"),
    ("12号文", set(), "a serial alone"),
    ("芜湖市政府2005年21号文", set(), "the issuer is another"),
    ("卫生部35号令", {"医疗细则"}, "an order with its serial in front"),
    ("农业部2013年2号令", {"兽药"}, "… with a year"),
    ("国家安监总局34号令", {"安监"}, "… and its issuer abbreviated"),
    ("云澜市政府31号令", {"示例18"}, "政府 for 人民政府"),
    ("市政府令第31号", {"示例18"}, "without the city"),
    ("卫生部令35", {"医疗细则"}, "an order without 号"),
    ("第35号令", set(), "nobody's order"),
    ("皖发〔202x〕12号", {"示例01"}, "a masked number, as printed"),
    ("2023年9月12号之前", set(), "a date"),
    ("12号楼和2019年4个项目", set(), "no numbers of files"),
    ("2023年12号线开工", set(), "a line of the underground"),
]


@pytest.mark.parametrize(("text", "files", "reason"), TITLES, ids=[row[2] for row in TITLES])
def test_a_file_is_named_by_what_people_call_it(named, text: str, files: set[str], reason: str):
    assert named(text) == files, reason


@pytest.mark.parametrize(("text", "reason"), TOPICS, ids=[row[1] for row in TOPICS])
def test_a_topic_names_no_file(named, text: str, reason: str):
    assert named(text) == set(), reason


@pytest.mark.parametrize(("text", "files", "reason"), NUMBERS, ids=[row[2] for row in NUMBERS])
def test_a_file_is_named_by_its_number_however_it_is_typed(named, text: str, files: set[str], reason: str):
    assert named(text) == files, reason


@pytest.mark.parametrize("name", FILES)
def test_every_title_names_its_own_file(named, name: str):
    title, _ = FILES[name]
    amended_or_explained = {"示例06"} if "若干政策》" in title else set()
    assert name in named(f"《{title}》的主要内容是什么") <= {name} | amended_or_explained


@given(
    st.text(alphabet="第一二0９条〔[2023]年号令文件《》的若干政策管理办法条例民法典 省市\n", max_size=60)
    | st.text(max_size=60)
)
def test_any_text_is_read(text: str):
    assert all(len(word) >= 2 for mention in find_mentions(text) for word in mention.words)
    assert all(part.serial > 0 and len(part.before) <= 16 for part in find_part_numbers(text))
