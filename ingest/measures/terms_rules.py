"""叠加规则, 兑现方式, 申报平台, 追回, 自由裁量, 公平竞争风险: the terms of a measure that are said in set phrases."""

from __future__ import annotations

import re

from ingest.document import Span
from ingest.measures.fair_competition import built_in_rules
from ingest.measures.model import Stacking, Words
from ingest.measures.signs import Sought

_HIGHER = Sought(
    r"(?P<scope>(?:国家|上级|省级?|市级?|上位)[^,。;]{0,12}?(?:另有|有新|有其他|有明确|有不同)(?:的)?规定)(?:的)?,?(?P<rule>(?:从|按|依)(?:照)?其(?:规定|执行)?)"
)
_STACKINGS = (
    (
        "差额补足",
        Sought(
            r"按差额(?:部分)?(?:予以)?补[足齐]|补[足齐](?:其)?差额|补差|差额(?:部分)?(?:予以|给予)?(?:补[足齐]|奖励|补助|补贴|兑现)|差额奖补|(?:奖励|兑付|兑现|补发|给予)(?:其)?差额(?:部分)?(?=[,。;]|$)"
        ),
    ),
    (
        "就高不重复",
        Sought(
            r"(?:就|从|择)高(?:从优)?(?:、|且|和|,)?(?:不重复|不累加|不叠加|不兼得)(?:享受|奖励|补助|支持|原则)?|从优不重复|(?:就|从|择)高(?:原则|从优|享受|执行|奖励|补助|兑现|给予|支持)|按(?:照)?(?:最"
            r"|较)高(?:的)?(?:标准|一项|额|档)(?:[^,。;]{0,10})(?:奖励|执行|享受|兑现|给予|补)"
        ),
    ),
    (
        "可叠加",
        Sought(r"可(?:以)?(?:与[^,。;]{2,20})?(?:叠加|累加|累计|同时|重复)(?:享受|兑现|奖励|申报|申请|执行)|叠加享受"),
    ),
    (
        "不重复享受",
        Sought(
            r"不(?:再|得|予|可)?(?:与[^,。;与]{2,24}?)?(?:重复|叠加|累加|同时|兼得)(?:享受|奖励|奖补|补助|补贴|支持|申报|申领|计算|计奖|资助|兑现|领取|安排)|不再享受(?=本|此|该|[。,;])|不再(?:予以|给予)(?:支持|奖励|补助)|不(?:再)?重复(?=[。,;]|$)|(?:只|仅|限)(?:能|可)?(?:享受|奖励|申[报领请]|使用"
            r"|补助)(?:其中)?(?:一次|一项|1次|1项)"
        ),
    ),
)
_SCOPES = (
    re.compile(r"已(?:经)?(?:获得|享受过?|获)(?!低|较低)(?P<scope>[^,。;的过]{2,20})(?:的|,|并|且)"),
    re.compile(r"与(?P<scope>[^,。;与]{2,24}?)(?:之间)?(?:不|可|就高|从高|择|同时|有重复|重复|存在重复|相同|按|叠加)"),
    re.compile(
        r"(?P<scope>同一(?:项服务|项目|企业|单位|项目|个人|事项|主体|人才|产品|成果|平台|申报主体|内容|条款)(?:[^,。;]{0,2}同一(?:项目|事项|内容|年度|性质))?)"
    ),
    re.compile(
        r"(?P<scope>(?:与)?(?:国家、)?(?:省级?|市级?|区级?|上级|本[区市省县])[^,。;]{0,6}(?:同类|其他|相关|同类型|同性质)(?:政策|奖补|奖励|补贴))"
    ),
    re.compile(r"(?P<scope>(?:同类|同类型|其他|各项|多项)(?:政策|奖补|奖励|条款|补贴))"),
)
_PROMOTED = re.compile(r"晋档|晋级|升级|晋升|低档|上一?档|已享受(?:低|较低|过)|已[获领][^,。;]{0,6}奖励|提档")
_CHANNELS = (
    (
        "免申即享",
        Sought(
            r"免申即享|免申(?:请|报)(?:即|直接)?享受|免申直达|无需(?:企业)?(?:另行|单独)?(?:申报|申请)|(?:系统|数据|后台)(?:自动)?(?:比对|匹配)[^,。;]{0,8}[,、]?直接(?:兑|拨|发)"
        ),
    ),
    ("即申即享", Sought(r"即申即享|即申即[兑办]")),
    ("一事一议", Sought(r"(?<!享受)(?<!享受\")(?:一事一议|一企一策)\"?(?!项目(?:除外|\)))")),
    ("揭榜挂帅", Sought(r"揭榜挂帅|揭榜制")),
    (
        "竞争性评审",
        Sought(
            r"竞争性(?:评审|分配|遴选|立项|磋商|谈判|方式)|择优(?:评审|遴选|评选|支持|扶持|资助|确定|选取)|(?:专家|综合)评审[^。;]{0,8}择优"
        ),
    ),
    (
        "申报制",
        Sought(
            r"(?:集中|组织|线上|在线|网上|统一|分(?:[一二两三四\d]{1,2})?批次?|自愿|逐级|常年|定期|随时)(?:进行|受理|开展)?(?:申报|申请|申领|受理)|受理时间|平台[^,。;]{0,6}(?:申报|申请)|申报(?:时间|期限|窗口|截止|通道|程序|审核|审批|制)|(?:提出"
            r"|提交|递交|报送)[^,。;]{0,12}(?:申请|申报)(?:材料|书|表)?(?!的[,后])"
            r"|向[^,。;]{2,20}(?:申报|申请|申领)|(?:申请|申报)(?:材料|流程)(?!获|被|经)"
        ),
    ),
)
_PLATFORM = Sought(
    r"(?:通过|登录|登陆|在|依托|进入|上传至|经)(?:统一的)?(?:[^,。;\"《》]{0,10}\"(?P<quoted>[^\"]{2,20})\"(?P<kind>[^,。;]{0,8}?(?:平台|专栏|系统|专区|小程序|APP|网|窗口|专窗)|(?=(?:线上|在线|网上)?(?:提交|申[报请领])))"
    r"|(?P<name>[^,。;\"《》的]{2,24}?(?:平台|服务网|政务网|系统|小程序|APP|门户网站|专区)))(?=[^,。;]{0,24}(?:申|报(?!到)|兑|(?<!民)办|提交|填|受理|发布|领|注册)|(?<=平台)[^。;]{0,60}申[领报请])",
    sign='"|平台|服务网|政务网|系统|小程序|APP|门户网站|专区',
)
_CLAWBACK = Sought(
    r"(?P<action>停止(?:发放|兑现|拨付|享受|执行)|停发|不再(?:发放|拨付|兑付|支付)(?=剩余|余下|其余|后续|尚?未)|(?:全额|全部|依法|予以|应当?|须|限期|按比例|如数)*(?:追回|收回|退回|退还|返还|追缴|缴回)|终止(?:发放|兑现|支持)|取消(?:其)?(?:享受|申报|支持|奖励|补贴"
    r"|补助)?资格)(?P<object>[^,。;()]{0,24})"
)
_TAX = re.compile(r"(?<!纳)税(?!务)|留抵|出让金|土地款|稳岗|失业保险|留成|贡献")
_SIGHT = 200  # characters in front of 追回 in which its reason is looked for
_LEAST_REASON = 4
_FILLER = re.compile(
    r"^(?:中途|提前(?=离职)|(?:补[贴助]|奖励|津贴|资助|发放|享受|兑现)期(?:限)?[内间中]*|(?:服务|合同|劳动合同|聘用|约定服务|聘)期(?:限)?[内间中]+(?=提前|离职|辞职|调离)|对于?|如果?|若|凡|一经|其(?:间(?=.{2}))?|因)|(?:的|者|,)+$"
)
_REST = re.compile(
    r"\s*(?:对其?|其|将)?(?P<rest>(?:尚?未|剩余|其余|余下)[\u4e00-\u9fff]{0,8}(?:部分|资金|补贴|补助|奖励|津贴|款项?))"
)
_UNPAID = re.compile(r"^(?:其)?(?:剩余)?(?:尚)?未发放?的?(?:部分|资金|补[贴助]资金)$")
_SPLITTING = re.compile(
    r"(?:[^,。;()]{0,16}(?:资金|经费|费用|奖励|补贴|补助))?(?:,)?由?(?P<words>[^,。;()由]{0,14}(?:省|市|区|县|中央|镇|财政"
    r"|受益)(?:\([市县区旗]\))?[^,。;()]{0,16}(?:(?<=财政)(?:共同)?(?:分担|承担|负担)(?=[,。;)]|$)|按(?:照)?[^,。;()]{0,14}(?:比例)?(?:分担|承担|负担|分摊)|各(?:承担|负担|分担)[^,。;()]{1,6}|[^,。;()]{0,10}\d:\d(?:\.\d{1,2})?(?!\.?\d|(?:的)?(?:比例)?(?:标准)?(?:给予|予以|进行)?(?:配套|跟投|奖励|补助))[^,。;()]{0,8}(?:分担|承担|负担)?))"
)
_BEARS = r"(?:中央|市县|区县|[省市区县]级?)财政(?:分别)?(?:承担|负担)\d{1,3}(?:\.\d+)?%"
_EACH_BEARS = re.compile(rf"(?P<words>{_BEARS}(?:[,、]{_BEARS}){{1,3}})")
_LENDERS = re.compile("银行|担保机构|担保公司|保险")
_SHARED = Sought(r"分担|承担|负担|分摊|\d:\d")
_QUOTA = Sought(
    r"(?:每年|每批|每批次|每届|全[区市省县](?:每年)?|年度|当年)[^,。;()]{0,16}?(?:不超过|不多于|限|最多|遴选|安排|评选|认定|择优|支持|评定|资助|约)[^,。;()]{0,12}?\d{1,5}(?:个(?!月)|家|名|人|项|户|支"
    r"|所|批)(?:以内|左右)?|择优(?:支持|扶持|资助|确定|选取|遴选|认定)[^,。;()]{0,6}?(?:不超过|不多于|最多)?\d{1,4}(?:个(?!月)|家|名|项|户|支|所)|(?:名额|指标|总量)[^,。;()]{0,10}\d{1,6}(?:个|家|名|人|项|户)|(?:先到先得|额满为止|用完为止|用完即止|资金规模为限)"
)
_PER_ONE = re.compile(r"(?:同一|每个|单个|每家|每户|单家|每人|各)[^,。;]{0,12}\Z")
_MAY = Sought(
    r"(?<![不认许方均也许宁])可(?:以)?(?=由|采取|采用|给予|予以|按|适当|优先|酌情|视|根据|免|减|获得?|一次性|奖|补|另|单独|实行|提高|上浮|放宽|连续)|可享受(?!一次|1次)|原则上|酌情|视情|适当(?:的)?(?:奖励|补贴|给予|支持|提高|倾斜|补助)"
    r"|一定(?:的)?(?:比例|额度|数额)?(?:的)?(?:奖励|支持|补贴|补助|资金|奖补|资助|优惠|物质)|一事一议|一企一策|一人一策|研究(?:确定|决定|给予)|(?:具体|另行)[^,。;]{0,16}(?:由[^,。;]{2,20}(?:明确|确定"
    r"|制定|规定)|另行(?:发文)?(?:明确|制定|确定|规定))|(?:标准|比例|额度|金额|数额)[^,。;]{0,8}另行(?:制定|规定|明确|确定)"
)


def read_stacking(flat: str, within: Span) -> Stacking | None:
    """How this support goes with other support; ``None`` where nothing is said."""
    said = [
        (match.start(), rule, match) for rule, p in _STACKINGS if (match := p.search(flat, within.start, within.end))
    ]
    if said:
        _, rule, match = min(said, key=lambda found: found[0])
        start = max(flat.rfind(mark, within.start, match.start()) + 1 for mark in "。;\n")
        start = max(start, within.start)
        end = _sentence_end(flat, match.end(), within.end)
        return Stacking(rule, _stacking_scope(flat, Span(start, end), rule, match.start()), Span(start, end))
    match = _HIGHER.search(flat, within.start, within.end)
    if match:
        return Stacking("上位优先", f"{match['scope']}{match['rule']}", Span(*match.span()))
    return None


def _stacking_scope(flat: str, sentence: Span, rule: str, at: int) -> str:
    if rule == "差额补足" and _PROMOTED.search(flat, sentence.start, sentence.end):
        return "同一条款晋档"
    for pattern in _SCOPES:
        found = list(pattern.finditer(flat, sentence.start, sentence.end))
        if found:  # the last in front of the rule, else the first behind it
            return next((match for match in reversed(found) if match.start() < at), found[0])["scope"]
    return ""


def _sentence_end(flat: str, start: int, end: int) -> int:
    ends = [found for mark in "。;\n" if (found := flat.find(mark, start, end)) >= 0]
    return min(ends, default=end)


def read_channel(flat: str, within: Span) -> Words | None:
    """The first of the channels that is named, the special ones before 申报制."""
    for name, pattern in _CHANNELS:
        match = pattern.search(flat, within.start, within.end)
        if match:
            return Words(name, Span(*match.span()))
    return None


def read_platform(flat: str, within: Span) -> Words | None:
    """Where to apply: 惠企通 of 通过“惠企通”平台线上申报."""
    match = _PLATFORM.search(flat, within.start, within.end)
    if match is None:
        return None
    name = "quoted" if match["quoted"] else "name"
    return Words(match[name], Span(*match.span(name)))


def read_clawback(flat: str, within: Span) -> Words | None:
    """When what was granted is stopped or has to be given back, in short: 离职停发未发部分."""
    for match in _CLAWBACK.finditer(flat, within.start, within.end):
        floor = max(within.start, match.start() - _SIGHT)
        start = max(floor - 1, *(flat.rfind(mark, floor, match.start()) for mark in "。;\n(")) + 1
        sentence = flat[max(start, within.start) : match.end()]
        if _TAX.search(sentence):
            continue
        before, _, last = flat[max(start, within.start) : match.start()].rpartition(",")
        if last.endswith("的") and len(last) > _LEAST_REASON:  # 5年内迁出的收回奖励
            before = last
        condition = _FILLER.sub("", _FILLER.sub("", before))
        action = re.sub(r"停止发放|不再发放", "停发", re.sub(r"应当?|须|予以|依法", "", match["action"]))
        unpaid = _REST.fullmatch(last)  # 未发部分停止发放
        given = _UNPAID.sub("未发部分", unpaid["rest"] if unpaid else match["object"])
        return Words(
            f"{condition}{action}{given}",
            Span(max(start, within.start), match.end()),
        )
    return None


def read_funding_split(flat: str, within: Span) -> Words | None:
    """Which budgets bear it: 市、区财政按5:5分担."""
    match = (
        _EACH_BEARS.search(flat, within.start, within.end) or _SPLITTING.search(flat, within.start, within.end)
        if _SHARED.search(flat)
        else None
    )
    if match is None or _LENDERS.search(match["words"]):
        return None
    return Words(match["words"], Span(*match.span("words")))


def read_quota(flat: str, within: Span) -> Words | None:
    """How many are supported in all; a limit for one applicant is none."""
    for match in _QUOTA.finditer(flat, within.start, within.end):
        if not _PER_ONE.search(flat[max(within.start, match.start() - 14) : match.start()]):
            return Words(match[0], Span(*match.span()))
    return None


def read_discretion(flat: str, within: Span) -> Words | None:
    """Words that leave it to the authority: 可, 原则上, 一事一议, 一定的奖励."""
    match = _MAY.search(flat, within.start, within.end)
    return Words(match[0], Span(*match.span())) if match else None


def read_risks(text: str) -> tuple[str, ...]:
    """Rules of fair competition review that the words touch; for a person to judge."""
    found = {rule.id for rule, _, _ in built_in_rules().touched(text)}
    return tuple(rule.id for rule in built_in_rules().all if rule.id in found)
