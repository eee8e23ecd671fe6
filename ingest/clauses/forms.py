"""What a line of a policy file is by its form: date, signature, addressee, note, annex heading, title.

The forms are those of GB/T 9704-2012 and of government web pages. All functions take folded text.
"""

from __future__ import annotations

import re

# A draft masks its date like its number: 202x年7月8日, ××××年×月×日.
_YEAR = r"(?:[12][0-9xX×*]{3}|[xX×*]{4}|[一二][0-9〇零Oo一二三四五六七八九]{3})"
_DAY = r"(?:[\dxX×*]{1,2}|[一二三四五六七八九十]{1,3})"
DATE = rf"{_YEAR} ?年 ?{_DAY} ?月 ?{_DAY} ?日"
_DATE_LINE = re.compile(rf"\(?(?:{DATE}|(?:19|20)\d\d(?P<mark>[-./])\d{{1,2}}(?P=mark)\d{{1,2}})\)?")
_ENDS_WITH_DATE = re.compile(rf"[^。;:!?\d]{{2,40}} ?{DATE}")

_SENTENCE_END = tuple("。;:!?,、")
_SENTENCE_MARKS = re.compile("[。;!?,]")

# 主送机关: "各市、县人民政府,省政府各部门:", not "有下列情形之一的单位:".
_ADDRESSEE = re.compile(
    r"[^。;!?]{0,400}(?:各|政府|部门|机构|单位|委员会|办事处|公司|企业|学校|幼儿园|院|[省市区县厅局委办部校团会所队站])[^。;!?:]{0,60}:"
)
# A letter to persons: 周桂英等代表:, 马万祺副主席:
_PERSONS = re.compile(r"[\u4e00-\u9fff、 ]{1,40}(?:等?(?:人大)?代表|委员|(?<![党局])主席|同志|先生|女士):")
_NOT_ADDRESSEE = re.compile(
    "如下|下列|以下|包括|条件|应当|通知|按照|根据|称|是指|情形|标准|材料|附件|方式|电话|联系人|热词|主任|书记|应(?!急)|必须|职责|规定|公式|水平|制度|授予|实行"
)

_ANNEX = re.compile(
    r"(附 ?件|附 ?表|附 ?录) ?((?:\d{1,3}(?:-\d{1,3})?|[一二三四五六七八九十]{1,3}|[A-Z])?)(?:[ :.、]+|$|(?=\((?:规范性|资料性)))(.*)"
)
_CONTENTS_ENTRY = re.compile(r"(?:[.…·] ?){4,}\s*[\dIVXivx]{0,5}$")
_ANNEX_TITLE_LIMIT = 60

# What the printer or the publisher adds about the file: (此件公开发布), (示例文件,仅供演示), (全文完).
_NOTE = re.compile(
    r"\((?:(?:此[件稿文]|本[文稿页]|有删减|联系|公开|主动公开|依申请公开|不予公开|信息公开|示例|仅供|来源:)[^()]{0,80}|(?:全文)?完)\)"
)
# The whole text of a notice that carries a policy: 现将《…办法》印发给你们,请认真贯彻执行。
_CARRYING = re.compile(
    r"现.{0,80}(?:印发|转发|批转|下发|发布|公布|颁布)|(?:印发|转发|批转)给你们|请.{0,12}(?:贯彻|遵照|参照|组织)?(?:执行|实施|落实)"
)
_SAYS_MORE = re.compile("废止|停止执行|不再执行|有效期|为准(?![确则备入绳])")
_BACK = re.compile(
    r"主题词|公开方式|公开属性|信息公开选项|公开类别|.{0,20}联系(?:人|科室|处室|单位)[::]|解读(?:单位|部门|机关):|责任编辑|校 ?对|打 ?印:|共印 ?\d"
    r"|扫一扫|相关(?:附件|链接|解读|稿件):?$"
)
# Links to the annexes at the end of a web page: 附件1.docx
_DOWNLOAD = re.compile(
    r".{1,80}\.(?:docx?|xlsx?|pptx?|wps|et|ofd|pdf|zip|rar|jpe?g|png)|附件.{0,12}下载.{0,80}", re.IGNORECASE
)
_PRINTED = re.compile(rf"([^。;!?]{{0,60}}){DATE} ?印发")
_COPIES = re.compile("抄 ?[送报]|分 ?送")
# A signature is certain without a date only where it is that of a party committee or a government, masked or not.
_AUTHORITY = re.compile(
    r"(?:(?:中共)?(?!各)[\u4e00-\u9fffxX×*]{1,16}(?:省|市|区|县|旗|州|盟)(?:委|人民政府)(?:办公[厅室])?(?:\(盖?章\))?(?: +|$)){1,4}"
)
_OFFICE = re.compile(r"[\u4e00-\u9fffxX×*]{2,30}(?:办公[厅室]|政府|委员会|[委局部厅]|中心)")
_FOOTNOTE = re.compile(r"(注(?:[①-⑳]|\d{1,3}|[ivxIVX]{1,6}|[*†‡§]{1,4})) ?:")
_ANNEX_LIST = re.compile(r"附 ?件 ?[:：]")
_TITLE_ENDS = re.compile(
    r"(?:条例|规定|办法|细则|规则|方案|计划|规划|纲要|意见|政策|措施|举措|要点|指南|规程|流程|目录|清单|名单|通知|公告|通告|决定|批复|标准|表|书|制度|预案|指引"
    r"|指标|目标|任务|分工|要求|说明|报告|通报|总结|答复|函|令|图|样式|格式|模板|承诺|合同|协议)(?:\(.{1,20}\))?$"
)

_FIELD = re.compile(
    r"(?:索引号|信息分类|组配分类|组配|分类|发布机构|发文机关|发文单位|制发机关|公开责任部门|主题分类|体裁分类|服务对象|成文日期|生成日期|生成时间"
    r"|发文日期|印发日期|发布日期|发布时间|公布日期|施行日期|实施日期|生效日期|文号|发文字号|文件编号|统一编号|统一登记号|名称|标题|文件名称|有效性"
    r"|时效性|时效|效力状态|文件状态|废止日期|失效日期|关键词|主题词|内容概述|公开方式|公开程序|公开范围|来源|信息来源|浏览次数|浏览量|点击量|发表时间"
    r"|title|date|author|icon|shorttitle|category|tag):",
    re.IGNORECASE,
)
# GB 13271-2014代替GB 13271-2001, DB 44/815-2010: 标准号.
_STANDARD = r"[A-Z]{2,4} ?\d{0,4}(?:/[A-Z]{1,2})?[ /]{0,3}\d{2,6}(?:\.\d{1,3})?(?: ?[-—–] ?| )(?:19|20)\d\d"
_HEAD_MARK = re.compile(
    r"\d{6}|(?:绝密|机密|秘密)(?:★.{0,12})?|特提|特急|加急|平急|签发人.{0,20}"
    r"|(?!.*关于).{2,40}(?:文件|命?令|公告)|.{0,12}(?:国家|地方|行业|团体)标准|.{0,30}第 ?[\d一二三四五六七八九十百零〇]{1,5} ?号"
    rf"|(?:代替 ?)?{_STANDARD}(?:[ ,、;]*(?:部分)?代替 ?{_STANDARD}(?:[,、;] ?{_STANDARD}){{0,4}})?"
)
CLASSIFIED = re.compile(r"(?:绝 ?密|机 ?密|秘 ?密) ?(?:[★☆*].{0,20})?")


def is_date(text: str) -> bool:
    """成文日期 on a line of its own."""
    return len(text) <= 24 and _DATE_LINE.fullmatch(text) is not None


def closes(text: str) -> bool:
    """成文日期, alone or after the signature (``国务院 2019年1月24日``)."""
    return is_date(text) or (len(text) <= 64 and _ENDS_WITH_DATE.fullmatch(text) is not None)


def is_signature(text: str) -> bool:
    """May be 发文机关署名: short and without the marks of a sentence. Only meaningful above a date."""
    return len(text) <= 60 and not _SENTENCE_MARKS.search(text) and ":" not in text


def is_addressee(text: str) -> bool:
    """主送机关."""
    if len(text) > 500 or not text.endswith(":"):
        return False
    if _PERSONS.fullmatch(text):
        return True
    return bool(_ADDRESSEE.fullmatch(text)) and not _NOT_ADDRESSEE.search(text)


def is_note(text: str) -> bool:
    """附注: ``(此件公开发布)``."""
    return len(text) <= 120 and _NOTE.fullmatch(text) is not None


def is_back(text: str) -> bool:
    """版记 and what web pages put after the text."""
    if len(text) > 400:
        return False
    return is_colophon(text) or any((_BACK.match(text), _DOWNLOAD.fullmatch(text)))


def is_colophon(text: str) -> bool:
    """抄送 or 印发 of 版记. Word files print it as a table: cells parted by tabs."""
    text = text.replace("\t", " ")
    return is_copies(text) or (len(text) <= 400 and _PRINTED.fullmatch(text) is not None)


def is_copies(text: str) -> bool:
    """抄送 of 版记, perhaps only its first line."""
    return len(text) <= 400 and _COPIES.match(text) is not None


def printed_without_office(text: str) -> bool:
    """``2024年6月20日印发``: the printing office stands on the line above."""
    match = _PRINTED.fullmatch(text) if len(text) <= 100 else None
    return match is not None and not match[1].strip()


def is_office(text: str) -> bool:
    """One body's name alone. Only meaningful above its date of printing."""
    return len(text) <= 40 and _OFFICE.fullmatch(text) is not None


def is_signed_row(text: str) -> bool:
    """Bodies that sign side by side, set as a table without borders. Only meaningful above a date."""
    cells = [cell.strip() for cell in text.split("\t") if cell.strip()]
    return bool(cells) and all(map(is_office, cells))


def is_authority(text: str) -> bool:
    """Signature of party committees or governments: ``中共XX市委``, ``XX市人民政府``, one or several on a line."""
    return len(text) <= 80 and _AUTHORITY.fullmatch(text) is not None


def only_carries(text: str) -> bool:
    """A paragraph of a notice that says no more than that it carries a policy."""
    return len(text) <= 240 and _CARRYING.search(text) is not None and not _SAYS_MORE.search(text)


def ends_like_title(text: str) -> bool:
    """Ends with what kind of file or annex it is."""
    return _TITLE_ENDS.search(text) is not None


def footnote(text: str) -> str:
    """``注①`` of a 脚注, which the readers put below the paragraph that refers to it; empty for any other line."""
    match = _FOOTNOTE.match(text)
    return match[1] if match else ""


def is_annex_nature(text: str) -> bool:
    """``（规范性附录）``, ``（资料性）`` below the label of an annex to a standard."""
    return re.fullmatch(r"\((?:规范性|资料性)(?:附录)?\)", text) is not None


def is_contents_entry(text: str) -> bool:
    """A line of a table of contents with its page number: ``1 范围...... 1``."""
    return _CONTENTS_ENTRY.search(text[-200:]) is not None


def is_annex_list(text: str) -> bool:
    """附件说明 under the text: ``附件:1.…``."""
    return _ANNEX_LIST.match(text) is not None


def annex(text: str) -> tuple[str, str] | None:
    """Label and title of a line that may begin an annex: ``附件1 申报表`` → ``("附件1", "申报表")``."""
    if len(text) > _ANNEX_TITLE_LIMIT + 20:
        return None
    match = _ANNEX.fullmatch(text)
    if not match or len(match[3]) > _ANNEX_TITLE_LIMIT or match[3].endswith(_SENTENCE_END):
        return None
    return match[1].replace(" ", "") + match[2], match[3]


def is_field(text: str) -> bool:
    """``发文字号: …`` of a site's metadata table, label with or without inner spaces."""
    head = text[:30].replace(" ", "")
    return _FIELD.match(head) is not None


def is_head_mark(text: str) -> bool:
    """份号, 密级, 紧急程度, 签发人, 发文机关标志, 令号."""
    return len(text) <= 60 and _HEAD_MARK.fullmatch(text) is not None


def is_bracketed(text: str) -> bool:
    """题注 under a title: ``(2017年3月7日交通运输部令第5号公布 …)``."""
    return text.startswith("(") and text.rstrip().endswith(")") and len(text) <= 1500


def is_title(text: str, limit: int = 80) -> bool:
    """Could be a line of a title: short and not a sentence."""
    return 2 <= len(text) <= limit and "。" not in text and not text.endswith(_SENTENCE_END) and not is_date(text)
