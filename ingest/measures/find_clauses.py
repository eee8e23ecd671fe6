"""Which clauses grant something, which set terms, and where one clause is about several beneficiaries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from ingest.document import Span
from ingest.measures.beneficiary import read_beneficiary
from ingest.measures.read import LONGEST
from ingest.measures.signs import Sought, starting
from ingest.normalize import fold

_EXPLAINS = re.compile(
    r"(?:解读|问答|图解|图说|起草说明)[^的]{0,8}$|^(?:一图读懂|图解|解读)|(?:废止|失效|清理)[^的]{0,30}(?:文件|目录)"
)
_GRANTS = starting(
    r"给予(?!了?(?:行政)?(?:处分|警告|处罚|批评|通报|答复|书面|高度|充分|重视|关注|谴责|罚款|纪律|记过|降级|撤职|开除|没收|配合|协助|指导))"
    r"|奖励(?!机制|制度|办法|政策|条例)|奖补(?!办法|政策|资金管理)|补[助贴](?!办法|政策|制度|机制)|资助|贴息|减免|免收|免征|免租|免费|减半|予以(?:支持|奖励|补助|补贴|资助)|优先(?:保障|安排|支持|供应|推荐|纳入|享受)|(?<![未不])(?<!只能)(?<!用于)享受|一次性"
    r"|(?:提供|发放)[^,。;]{0,24}(?:公寓|工位|贷款|资金|担保|服务券|创新券|补贴|场地|厂房)|一事一议|一企一策|代建|先租后让|弹性(?:年期|出让)|容缺|(?:全程|专班|专员|领办|免费)[^,。;]{0,8}(?:帮办|代办)|帮办代办|(?<!的)绿色通道|产业(?:引导)?基金|母基金|引导基金|抵用|抵扣"
    r"|压缩[^,。;]{0,6}\d|入学|就读|落户|(?:标准|比例|额度|奖励|金额)(?:的)?基础上,?再?(?:提高|上浮)"
)
_DEFINES = re.compile(
    r"(?:^|(?<=。))[^。]{0,24}(?:所称[^。]{0,40}(?:是|指|包括)|本(?:办法|细则|规定|通知|政策|措施)中的?[^。,]{1,24}指|是指)[^。]*。?"
)
_REFUSED = re.compile(r"不(?:予|得|再)(?:享受|给予)?(?:贴息|奖励|奖补|补助|补贴|支持|资助|扶持)[^。;:]{0,12}:")
_NO_GRANT = Sought(
    r"单位应当?(?:每月|按月|依法)?[向为][^,。;]{0,12}(?:提供|发放|支付)|罚款|依法给予(?:行政)?(?:处分|处罚)|不得[^。;]{0,12}(?:给予|含有|包含)|严禁|作为享受|(?:力争|到20\d\d年|预期目标|总体目标)[^。]*$"
)
_PROMISES = Sought(
    r"(?:给予|予以|(?<!不再)(?<!已)(?<!已经)(?<!时)享受|安排|兑现|发放|实行)[^,。;]{0,20}(?:奖励|奖补|补助|补贴|支持|资助|扶持|保障|优惠|倾斜|贴息|统筹)(?!的(?:企业|单位|项目|个人))|一事一议|一企一策"
    r"|奖励[^,。;]{0,8}由|(?:标准|比例|额度|奖励|金额)(?:的)?基础上,?再?(?:提高|上浮)"
)
_NAMED_GRANT = Sought(
    r"对于?[^。;]{2,80}?(?P<words>(?:给予|予以)[^,。;]{0,30}(?:奖励|奖补|补助|补贴|支持|资助|扶持|贴息|保障))|一事一议|一企一策"
)
_DELEGATES = re.compile(
    r"(?:支持|鼓励|引导)(?:有条件的)?(?:各?地方?|各[市县区]|各县\(市、区\))(?![\u4e00-\u9fff]{0,4}企业)|研究(?:设立|制定|出台|建立|完善)"
)
_RAISES = Sought(r"在[^,。;]{2,24}基础上,?再?(?:提高|上浮)[^,。;]{0,6}\d[^,。;]{0,8}")
_APPLIED_FOR = re.compile(r"申报|申领|申请|发放|兑[付现]|征集|(?:贴息|奖[励补]|补[助贴])[^,。;]{0,12}(?:细则|规程)")
_ELIGIBLE = re.compile(
    r"[\s\S]{0,12}(?:申[报领请]|支持|补贴|补助|奖励|享受|适用|扶持)(?:的)?(?:对象|条件|范围|主体)(?:和(?:条件|范围|对象))?[:]?\s*\Z"
)
_WHO = re.compile(r"(?:申[报领请]|支持|补贴|补助|奖励|享受|适用|扶持)(?:的)?(?:对象|主体|范围)(?:为|是|包括|:)")
_TERMS_HEAD = re.compile(
    r"[\s\S]{0,8}(?:申[报领请]|受理|兑[现付]|办理)(?:的)?(?:时间|期限|时限|方式|平台|渠道)(?:和(?:方式|时间|平台|渠道))?[:]?\s*\Z"
)
_MATERIALS = re.compile(r"(?:提交|提供|报送|递交|携带)(?:下列|以下|如下)?[^,。;]{0,10}(?:材料|资料)(?:[:]|\s*\Z)")
_SUPPORTS = re.compile(
    r"若干(?:政策|措施|意见|规定)|奖[励补]|补[助贴]|扶持|惠企|优惠|资助|贴息|专项资金|人才|双招双引|招商|支持"
)
_PRAISES = re.compile(r"表彰|通报表扬|督查|考核(?:结果|机制|评价)")
_OF_FILE = re.compile(
    r"本(?:政策|措施|办法|意见|细则|指南|规定|方案)|第[一二三四五六七八九十百\d]{1,4}[条款项]|上述|以上"
)
_TERMS = starting(
    r"(?:申报|申请)(?:企业|主体|单位|项目|人|对象|时间|材料)?[^。]{0,24}(?:须|应|需|不得|为|条件|通过)|适用(?:于|范围|对象)|就高|不重复|不(?:得|予)?(?:同时|重复|叠加)|叠加|从其规定|总额|合计|累计不?超?过?|追回"
    r"|退回|收回|免申即享|即申即享"
    r"|(?:申[报领请]|支持|补贴|奖励|享受|适用)(?:的)?(?:对象|条件|范围)|(?:申[报领请]|办理)方式|(?:申[报领请]|受理|兑[现付]|办理)(?:时间|期限|时限)|(?:在线|线上|网上|开始)(?:申[报领请]|受理)|[只仅](?:能|可|限)?(?:享受|使用|申[报领请])"
    r"|集中申报|前[^。;]{0,24}(?:申报|申请)|分担|承担|逾期|有效期|施行|平台|(?:单个|同一)(?:企业|项目)[^。]{0,16}(?:不超过|最高)"
)
_NEXT = starting(
    r"(?P<cut>[。;])(?=(?:同时|此外|另外|其中)?,?(?:对于?|支持|鼓励|企业|个人|机构|团队|高校|用人单位|[\u4e00-\u9fff]{2,6}(?:企业|机构|人才))[^。;]{2,60}?(?:的|企业|人才|机构|项目|团队|单位),)"
)
_FIGURE = re.compile(
    r"\d|[一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖][元折成倍年月个百千万亿]|分之|全额|全部|全免|[减免折]|一半|等额"
)
_SUM = re.compile(r"\d\s?[百千]?[万亿]?元")
_ANNOUNCES = re.compile(
    r"(?:通知|公告|规定|意见|措施|政策|方案|细则|答复|说明)如下|如下(?:措施|意见|政策|规定|修改|调整)|以下(?:措施|政策|意见)|(?:各|有关)[^,。]{0,12}(?:单位|部门):"
)
_LONGEST_LEAD = 200
_MOST_PARTS = 20


def explains(title: str) -> bool:
    """Explanations of a policy and lists of repealed ones grant nothing themselves."""
    return bool(_EXPLAINS.search(fold(title)))


@lru_cache(maxsize=1024)  # a clause is asked several times, alone and with its lead
def grants(flat: str) -> bool:
    """A sentence that defines nothing grants something; the words aim at, punish or refuse (下列利息不予贴息：) nothing."""
    said = _without_definitions(flat)
    return bool(_GRANTS.search(said)) and not _NO_GRANT.search(said) and not _REFUSED.search(said)


def names_support(flat: str) -> bool:
    """Some word of support stands somewhere."""
    return bool(_GRANTS.search(flat))


def says_figure(flat: str) -> bool:
    """A sum, a share or a number may stand in the words, also as a word (减半)."""
    return bool(_FIGURE.search(flat))


@lru_cache(maxsize=1024)
def sets_terms(flat: str) -> bool:
    """The words say who may apply, up to what sum, when, or what goes together."""
    said = _without_definitions(flat)
    return bool(_TERMS.search(said)) and not _NO_GRANT.search(said) and not _MATERIALS.search(said)


def _without_definitions(flat: str) -> str:
    return _DEFINES.sub("", flat) if "指" in flat or "所称" in flat else flat


def promises(flat: str) -> bool:
    """Support without a figure is promised in so many words."""
    return bool(_PROMISES.search(flat)) and not _PRAISES.search(flat)


def names_grant(flat: str) -> bool:
    """对…给予…支持: the words name who is supported, though not with how much."""
    return bool(_NAMED_GRANT.search(flat))


def promised(flat: str) -> Span | None:
    """给予…奖励, of words that name who gets it: something is granted, also where no form of support was read from them."""
    match = _NAMED_GRANT.search(flat) if not _PRAISES.search(flat) or _SUM.search(flat) else None
    return Span(*match.span("words")) if match and match["words"] else None


def raises(flat: str) -> Span | None:
    """The words that add to what other clauses grant: 在前两条补助标准基础上提高1个百分点."""
    match = _RAISES.search(flat)
    return Span(*match.span()) if match else None


def delegates(flat: str) -> bool:
    """The words leave it to others to support, or to a later decision: 支持各市通过…, 研究设立…."""
    return bool(_DELEGATES.search(flat))


def lists_eligible(flat: str) -> bool:
    """A heading whose items say who may apply: 申领对象."""
    return bool(_ELIGIBLE.fullmatch(flat))


def says_who(flat: str) -> bool:
    """申领对象为…: the words are about who may apply."""
    return bool(_WHO.search(flat))


def heads_terms(flat: str) -> bool:
    """A heading whose items say when or where to apply: 申报时间."""
    return bool(_TERMS_HEAD.fullmatch(flat))


def is_call(title: str) -> bool:
    """About how to get what another file grants: 关于做好…发放和兑付工作的通知, …贴息实施细则."""
    return bool(_APPLIED_FOR.search(fold(title)))


def is_about_support(title: str) -> bool:
    """The title of a file that grants things: 若干政策, 奖补办法."""
    return bool(_SUPPORTS.search(fold(title)))


def of_file(flat: str) -> bool:
    """The words speak of the file or of several of its clauses."""
    return bool(_OF_FILE.search(flat))


def lead_of(flat: str, body: Span) -> Span | None:
    """The last sentence of a clause that ends with a colon: what holds for the items below it."""
    words = flat[max(body.start, body.end - _LONGEST_LEAD) : body.end].rstrip()
    if not words.endswith(":"):
        return None
    start = max(words.rfind(mark) for mark in "。;\n") + 1
    if _ANNOUNCES.search(words, start):
        return None
    offset = max(body.start, body.end - _LONGEST_LEAD)
    return Span(offset + start, offset + len(words))


def split(file: str, body: Span) -> Iterator[Span]:
    """``body`` of a folded file where its sentences are about one beneficiary, else one span for each."""
    flat = file[body.start : min(body.end, body.start + LONGEST)]
    start = 0
    for match in islice(_NEXT.finditer(flat), _MOST_PARTS):
        end = match.end("cut")
        if grants(flat[start:end]) and grants(flat[end:]) and _someone_else(flat, start, end):
            yield Span(body.start + start, body.start + end)
            start = end
    yield Span(body.start + start, body.end)


def _someone_else(flat: str, start: int, end: int) -> bool:
    """Those behind ``end`` are named, and are others than those before it."""
    after = read_beneficiary(flat, Span(end, len(flat)))
    if all(words.span.start == words.span.end for words in after.types) and not after.project_kind:
        return False
    before = read_beneficiary(flat, Span(start, end))
    return [w.text for w in before.types] != [w.text for w in after.types] or any(
        {w.text for w in getattr(before, group)} != {w.text for w in getattr(after, group)}
        for group in ("industry", "size", "qualification", "project_kind", "person")
    )
