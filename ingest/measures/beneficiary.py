"""支持对象: who is named in front of what is granted, in the standard terms of ``vocabulary/beneficiaries.tsv``.

Each sentence has a zone that names who gets it: ``对…的企业`` (the noun behind the last 的 is the beneficiary), ``企业…的，``
(the noun in front is it), up to the words that grant. Nouns that are only the object of a condition (为小微企业提供担保) are
not who gets it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from ingest.document import Span
from ingest.measures.conditions_words import DISHONEST, forbidden, listed
from ingest.measures.model import Beneficiary, Words
from ingest.measures.signs import Signs, Sought, starting
from ingest.vocabulary import table

_TYPES: tuple[tuple[str, str], ...] = (
    (
        "引荐人",
        r"引荐人|引荐(?:单位|机构|个人|者|方)|(?:招商|委托招商)(?:中介|顾问|大使)(?:机构)?|(?:委托|社会化|专业)?招商(?:引荐)?机构|中介(?:招商)?机构",
    ),
    ("团队", r"团队"),
    (
        "个人",
        r"(?:企业)?高管(?:人员)?|高级管理人员|人才(?!团队|公寓|项目|服务|驿站|工作|引进|培养|培训|开发)|博士后?(?:研究生|毕业生|人员)?(?!后|设站|科研|创新|工作站|流动站)"
        r"|硕士(?:研究生)?|毕业生|高级技师|技师(?!学院|工作室)|高级工(?!程)|本人|个人(?!所得税)|劳动者|创业者|人员|(?:大学生|学生)(?!创业团队|团队)|农民工|退役军人|专家(?!评审|论证|咨询|[库组])|院士|教授|教师|医生|(?:企业)?(?:在职|新录用|参保|新招用|一线|优秀|技能){0,2}(?:职工|员工)"
        r"|企业家|老年人|残疾人|居民|村民|农户|家庭(?!农场|医生)|子女|(?:研究|本科|专科)生|脱贫(?:人口|户)|(?<!富余)劳动力|低保(?:对象|户)|工匠|低收入人口"
        r"|申请人|申报人|特派员|领办人|负责人|名师|名医|退役士兵|(?:社区|社会)工作者|转移人口|带头人|传承人|选手|运动员|教练员|完成人|法定代表人|举报人|承租人|监护人|参保人|获奖者|失业者|消费者|市民|(?<!项目)业主|青年(?!企业|公寓)|家属|快递员|骑手|护士|护理员|家政服务员|导游|主播|归侨|台胞|妇女|渔民|(?:技术|管理|业务)骨干",
    ),
    (
        "载体",
        r"(?:科技企业)?孵化器|众创空间|加速器|(?:孵化|创新|双创|创业|产业|招商)载体|小微企业园|(?:[\u4e00-\u9fff]{2,6})?产业园(?:区)?|园区(?!企业|内)|创业(?:孵化)?(?:示范)?(?:基地|园)|(?:楼宇|专业楼宇)|科创园"
        r"|大学科技园|特色小镇|(?:孵化|直播|创业|见习|中试)基地",
    ),
    (
        "机构",
        r"(?:科研|高校|高等|医疗|服务|金融|担保|中介|研发|培训|检测|检验检测|社会|养老|教育|认证|运营|融资担保|人力资源服务|公共服务|创业投资|投资|评估|知识产权服务|技术转移|非营利)?机构|(?:科研|高校)?院所|高等院校|高等学校|职业院校"
        r"|技工院校|高校(?!毕业生|院所|全日制|应届)"
        r"|金融机构(?:区域|地区|法人)?总部|设站单位|建站单位|(?<!评为)(?<!认定为)(?:博士后|院士|专家)(?:科研|创新)?(?:工作站|实践基地|流动站)(?=每)|事业单位|行业协会|协会|商会|学会|联盟|银行|(?<!企业)研究院|研究所|实验室|医院|(?<!中小)学校|幼儿园(?!教师)|院校|(?:担保|小额贷款)公司|(?:社会|服务|民间|行业|养老|(?<=的))组织|(?:创业|股权|风险)投资基金|创投|平台(?=的|,|、)|技术创新中心",
    ),
    (
        "企业",
        r"企业|公司(?!地区)|个体工商户|(?:农民)?(?:专业)?合作社|家庭农场|商户|(?:市场|经营|申报|投资|创业)主体|用人单位|见习单位|项目业主|项目(?:承担|实施|建设|申报)?单位|承担单位|申报单位|牵头单位|参展商|业主单位|建设单位|商贸综合体|旅行社"
        r"|酒店|门店|店铺|(?:会计师|律师|税务师)事务所|总部(?!经济)|工厂|车间",
    ),
)
_PARK_NAME = "(?:[\\u4e00-\\u9fff]{2,6})?产业园"  # begins with any character: tried only where 产业园 stands
_NAMED = "|".join(f"(?P<t{i}>{pattern})" for i, (_, pattern) in enumerate(_TYPES))
_TYPE_OR_PARK = re.compile(_NAMED)
_TYPE = starting(_NAMED.replace(_PARK_NAME, "产业园"))
_SENTENCE = re.compile(r"[。;\n]")
_COMMA = re.compile(",")
_JOINT = re.compile("[、和及或]")
_STOP = re.compile("[,:]|按|给予|每")
_CALL = starting(
    r"(?<![绝面针相一结应核校])对(?![外接标照应口比话其])于?|(?<![\u4e00-\u9fff])为(?=[^,。;]{2,40}提供)|(?<![\u4e00-\u9fff])(?:支持(?!方式|对象|标准|政策|力度|期限|资金|额度|比例|措施|范围|内容|条件|办法)|鼓励(?!政策|措施)|引导(?!基金|资金))"
)
_SERVES = re.compile(r"(?:机构|公司|银行)对[^,。;的]{1,24}?(?:提供|发放)")
_GRANT = starting(
    r"(?:,|^)(?:可|由|在|报|经|分别|实行|优先|采取|依法|按|每|最高|一次性|从|再|可?享受|免|减|政府|财政|同时|在此|统一|择优|根据|参照|以|[区市县省]级?财政)"
    r"|给予|予以|可享受|(?:奖励|补[助贴]|资助)(?=\d|[一二三五百千最每]|不(?!重复|得|予))|,(?:奖励|补[助贴]|资助)|按(?=[^,。;]{1,30}(?:\d|百分之|给予|标准))|最高"
    r"|发放(?=[^,。;\d的]{0,12}(?:补[贴助]|津贴|奖励)[,。;\d])|分别(?=给予|奖|补|按|一次|提供)|提供(?=[^,。;]{0,24}(?:平方米|免租|公寓|工位|支持|服务|实验室|场地|办公|住房|用房))|免(?:租|费|租金)提供"
)
# What a condition is about, and not who gets something: 为小微企业提供担保, 采购本区企业产品, 培育企业10家.
_OBJECT = starting(
    r"(?:为|向|面向|帮助|与|同|(?<=[构司行])对)[^,。;的]{1,24}?(?:提供|开展|发放|合作|共建|联合|建立|开放|购买|采购|推广|签订(?![^,。;]{0,10}(?:劳动合同|就业协议|聘用合同))|融资)"
    r"|(?:采购|购买|租赁|收购|并购(?!贷款)|举办|承办|参加|参与)[^,。;的]{1,16}(?=的|,)"
    r"|(?:到|赴|在(?![校读职岗孵园册]))[^,。;的]{1,30}?(?:企业|单位|机构)(?:就业|任职|实习)"  # at whose, not who
    r"|开展[^,。;的]{1,16}(?:担保|贷款|保理|信贷)业务|入住[^,。;的]{2,8}(?:酒店|饭店|民宿)|(?:承接|承担)[^,。;的]{1,24}?项目(?=的)|(?:通过|利用|借助)[^,。;的]{1,16}?平台|在[^,。;的对]{0,12}(?:园区|产业园)内(?=[^,。;]{1,12}的)"
    r"|投资[^,。;]{0,12}(?:种子期|初创[期型]?|早中期|早期)[^,。;的]{0,12}|引荐[^,。;的]{1,36}(?=的|,)"
    r"|每[^,。;的]{0,8}[1一][家户个][^,。;的\d]{0,14}?企业"
    r"|(?:服务|培育|孵化(?!器|载体|基地)|带动|培训|引进|招引)[^,。;的]{0,10}(?:企业|项目)(?=\d|达|超|数|不少|\(|累计|的)"
)
_EACH = Sought(r"每(?:新)?[\u4e00-\u9fff]{2,4}\d{1,3}[名人位](?P<who>[^,。;\d]{2,12})")
_AWARDED_PLACE = re.compile(
    r"(?:认定|评定|获评|获批|评|升级)为[^,;]{0,40}?(?P<who>(?:孵化|创新|双创|创业)载体|孵化器|众创空间|加速器|(?:孵化|创业|见习|示范)基地)的?\Z"
)
_HIRED = re.compile(
    r"\s*(?:用人单位|企业|单位)(?:新|当年|全职)*(?:引进|聘用|培养|引育)的[^,;的]{0,10}(?P<who>人才(?!团队)|博士|硕士|专家|毕业生)(?=年薪|在|到|的|,|\Z)"
)
_STAFF = re.compile(
    r"\s*[\u4e00-\u9fff]{0,8}企业(?![^,]{0,16}[的招引聘给为对在])[\u4e00-\u9fff]{0,10}(?P<who>人才|人员|职工|员工)\Z"
)
_INFORMED = re.compile(r"对(?P<who>(?:实名|有功的?)*举报)")
_STIR = Sought(r"(?:激发|调动|提高)(?P<who>企业|个人|团队|机构)")
_PART_OF = re.compile(r"\s*(?:其中|对其中)")  # what holds for some of them only
_BEARER = r"(?:补偿资金池?|资金池|基金|政府|财政|银行|保险(?:公司|机构)|担保(?:公司|机构))"
_SHARED = Sought(
    rf"由[^。;]{{1,40}}?(?:银行|担保)[^。;]{{0,20}}(?:分担|承担|共担|分摊)"
    rf"|(?=[^。;]{{0,80}}(?:银行|保险|担保)){_BEARER}(?:(?:承担|分担|负担)?\d[^。;,]{{0,8}}[,、和与及]|[、和与及])[^。;\d]{{0,16}}?{_BEARER}[^。;]{{0,40}}?(?:分担|承担|负担|分摊|共担)",
    sign="银行|保险|担保",
)
_RECIPIENT = starting(
    r"(?:给予|奖励|发放给|拨付给|(?<=[,可])对)(?:该|其)?(?P<who>[^,。;\d、]{1,12}?)(?=给予|\d|[一每最不]|按|[二三五]十|适当|相应|奖励|补贴|补助|资金|风险|代偿|科研|生活|研制)"
)
_PART = Sought(
    r"(?:^|,|(?<=元)、)(?P<who>(?!其中)[^,。;]{0,10}?(?:企业|个人|团队|机构|人才))(?=(?:(?:创业|担保|信用)*贷款)?(?:额度)?(?:最高|不超过|为(?=\d))|按|每[年人家]|给予|奖励|\d)"
)
_BEFORE_NOUN = re.compile(r"(?:|.*(?:的(?:户籍|居家|本地)*|该|各|每个|单个|同一|上述|其他|申报|[型类级业微]))\Z")
_REFERRED = re.compile(r"引荐")
_BRACKETS = re.compile(r"\([^()]{0,60}\)")
_MEASURED = re.compile(r"(?:总?人?数|规模)?(?:不[少低]于|不足|达|超|占|比例|增|\d)")  # 研发人员不少于20人
_ENDS = re.compile(r"\s*(?:等|本人|自身)?\s*")
_GROUPS = ("industry", "size", "qualification", "project_kind", "person")
_LONGEST_ZONE = 300
_BEHIND = 12  # characters behind the zone in which the words about an object may end (为小微企业提供…服务)
_LENIENT = 14  # characters in front of the noun that the first sentence begins with (符合条件的个人)

_NOT = Sought(
    r"\(非(?P<what>[^()]{2,16})\)|[(,](?:不含|不包括)(?P<without>[\u4e00-\u9fff、]{0,18}(?:企业|人员|机构|项目|单位|主体|个人|公司|[人者业]))[),。]"
    r"|(?P<denied>[^,。;():]{1,40}?(?:企业|单位|人员|机构|项目|主体|个人|公司|亲属|关联方|者|人|人员|举报|产品)),?(?:均|都)?(?:不享受本|不适用[本该]|不属于[^,。;]{0,8}对象|不在[^,。;]{0,10}之列|不得(?:申[报请领]|享受))(?!其他)|(?:但是?)?(?P<except>[^,。;()]{2,50}?)的?(?<!另有规定的)(?<!规定)除外|(?P<beyond>[^,。;()对]{2,18}?(?:人员|企业|单位|公司))以外的(?=[^,。;]{0,12}(?:[人者]|企业|单位|机构))",
    sign=r"除外|\(非|不含|不包括|不享受本|不适用|不属于|不在|不得|以外",
)
_LIST_MARK = re.compile("(、|以及|及(?!其))")
_NOT_NAMED = re.compile("以下|下列|上述|情[况形]|特殊")
_ON_A_LIST = re.compile("[列纳]入|名单|名录")
_DOING = re.compile(
    r"(?P<what>(?:近|[近最前上]).{0,3}年[^,。;]{2,40}|(?:受到|发生|存在)[^,。;]{2,40})的(?:企业|单位|个人|主体)\Z"
)
_NO_ACCIDENT = Sought(
    r"(?P<period>(?:近|前|最近)?(?:[一二两三]|\d)年(?:内)?|上年度)?(?:内)?(?:均)?未(?P<what>发生[^,。;]{2,24}?(?:事故|事件|违法行为)(?:[、和及或][^,。;]{2,16}?(?:事故|事件|违法行为))?)"
)


@cache
def _terms() -> Signs[tuple[str, str, re.Pattern[str]]]:
    return Signs(
        (row["pattern"], (row["group"], row["term"], starting(row["pattern"]))) for row in table("beneficiaries")
    )


def _type_pattern(words: str) -> re.Pattern[str]:
    return _TYPE_OR_PARK if "产业园" in words else _TYPE


@dataclass(frozen=True, slots=True)
class _Zone:
    """Where a sentence names who gets something; ``called``: with 对, so that a noun behind 的 is it."""

    span: Span
    called: bool
    first: bool


def read_beneficiary(flat: str, within: Span) -> Beneficiary:
    """Who is supported, by the words of ``within`` in a folded text. 企业 where no one else is named."""
    zones = tuple(_zones(flat, within))
    groups: dict[str, tuple[Words, ...]] = dict.fromkeys(_GROUPS, ())
    counted = [("person", words) for words in _counted_persons(flat, within)]
    shared = _SHARED.search(flat, within.start, within.end)
    for zone in zones:
        for group, words in [*_attributes(flat, zone.span), *counted]:
            if group == "industry" and shared and shared.start() <= words.span.start < shared.end():
                continue  # 保险公司 bears a part of it
            if words.text not in {other.text for other in groups[group]}:
                groups[group] = (*groups[group], words)
    return Beneficiary(types=_types(flat, within, zones, shared), exclude=tuple(_excluded(flat, within)), **groups)


def _zones(flat: str, within: Span) -> Iterator[_Zone]:
    sentences = [sentence for sentence in _sentences(flat, within) if sentence.of(flat).strip()]
    for number, sentence in enumerate(sentences):
        if _PART_OF.match(flat, sentence.start):
            continue
        call = _CALL.search(flat, sentence.start, sentence.end)
        if call and _SERVES.match(flat, call.start() - 2):
            call = None
        if call and call.start() - sentence.start > 24 and flat[call.start() - 1] not in ",)":
            call = None
        if call and flat[call.start() - 1 : call.start()] == "," and not _names_someone(flat, call.end(), sentence.end):
            call = None  # 规上工业企业…的，对低谷时段用电量
        begin = call.end() if call else sentence.start
        grant = _GRANT.search(flat, begin + 1, sentence.end)
        end = min(grant.start() if grant else sentence.end, begin + _LONGEST_ZONE)
        if end > begin and (call or grant or number == 0):
            yield _Zone(Span(begin, end), call is not None, number == 0)
        named = list(_PART.finditer(flat, grant.end() if grant else begin, sentence.end))
        if grant or len(named) > 1:
            yield from (_Zone(Span(*match.span("who")), True, False) for match in named)


def _names_someone(flat: str, start: int, end: int) -> bool:
    """Whether the words behind 对 up to the next comma name who gets something."""
    stop = _STOP.search(flat, start, end)
    words = flat[start : stop.start() if stop else end][:_LONGEST_ZONE]
    return bool(_type_pattern(words).search(words)) or any(
        pattern.search(words) for *_, pattern in _terms().possible(words)
    )


def _sentences(flat: str, within: Span) -> Iterator[Span]:
    start = within.start
    for match in _SENTENCE.finditer(flat, within.start, within.end):
        if match.start() > start:
            yield Span(start, match.start())
        start = match.end()
    if within.end > start:
        yield Span(start, within.end)


def _types(flat: str, within: Span, zones: tuple[_Zone, ...], shared: re.Match[str] | None) -> tuple[Words, ...]:
    recipients = [
        words
        for match in _RECIPIENT.finditer(flat, within.start, within.end)
        for words in _last_type(flat, Span(*match.span("who")))
    ]
    found = [words for zone in zones for words in _receiving(flat, zone, recipients)] + recipients
    if not found and (referred := _REFERRED.search(flat, within.start, within.end)):
        found.append(Words("引荐人", Span(*referred.span())))
    if not found and (informed := _INFORMED.search(flat, within.start, within.end)):
        found.append(Words("个人", Span(*informed.span("who"))))
    found.extend(Words(m["who"], Span(*m.span("who"))) for m in _STIR.finditer(flat, within.start, within.end))
    if not found or shared:
        found = [Words("企业", Span(within.start, within.start))]
    if shared:
        found.append(Words("机构", Span(*shared.span())))
    return tuple({words.text: words for words in reversed(found)}.values())[::-1]


def _receiving(flat: str, zone: _Zone, recipients: Sequence[Words]) -> Iterator[Words]:
    """Those of the zone, but where its sentence gives to someone else: 职工取得证书的，给予企业每人1000元."""
    stop = _SENTENCE.search(flat, zone.span.end)
    end = stop.start() if stop else len(flat)
    given = {words.text for words in recipients if zone.span.start <= words.span.start < end}
    for words in _head_types(flat, zone):
        if not given or words.text in given or (zone.first and words.text != "个人"):
            yield words


def _head_types(flat: str, zone: _Zone) -> Iterator[Words]:
    """Behind the last 的 where 对 calls a noun, else the noun that the sentence begins with."""
    words = zone.span.of(flat)
    if "(" in words:
        words = _BRACKETS.sub(lambda match: " " * len(match[0]), words)
    words = words.rstrip(" ,:")
    behind = flat[zone.span.end : zone.span.end + _BEHIND]
    objects = [match.span() for match in _OBJECT.finditer(words + behind)]
    ends = [match.start() for match in _COMMA.finditer(words)]
    for end in [len(words), *reversed(ends)] if zone.called else [*ends, len(words)][:1]:
        end = next((start for start, stop in objects if start < end < stop), end)  # 公司为企业|提供…服务
        head = words[: words[:end].rstrip().rfind("的") + 1]
        found = list(_coordinated(words, Span(len(head), end), zone.span.start)) if head or zone.called else []
        if found:
            # 高等学校、职业学校毕业生: the schools are where they come from
            yield from found[-1:] if found[-1].text == "个人" and found[0].text == "机构" else found
            return
    hired = _HIRED.match(words)
    if hired:
        yield Words("个人", Span(zone.span.start + hired.start("who"), zone.span.start + hired.end("who")))
        return
    awarded = _AWARDED_PLACE.search(words)
    if awarded:
        yield Words("载体", Span(zone.span.start + awarded.start("who"), zone.span.start + awarded.end("who")))
        return
    named = (
        match
        for match in _type_pattern(words).finditer(words)
        if not _MEASURED.match(words, match.end())
        and not words.startswith(("内企业", "内的", "内入驻"), match.end())
        and not any(start <= match.start() < end for start, end in objects)
    )
    first = next(named, None)
    if first is None:
        referred = _REFERRED.search(words) if zone.called else None
        if referred:
            yield Words("引荐人", Span(zone.span.start + referred.start(), zone.span.start + referred.end()))
        return
    before = words[: first.start()]
    last = _STAFF.match(words) if zone.first and not zone.called else None
    if last:  # 企业高级职称人才，享受…
        yield Words("个人", Span(zone.span.start + last.start("who"), zone.span.start + last.end("who")))
        return
    if zone.called or (zone.first and len(before) <= _LENIENT) or _BEFORE_NOUN.fullmatch(before):
        yield _type(first, zone.span.start)
        yield from _joined_types(words, first.end(), zone.span.start)


def _coordinated(words: str, head: Span, offset: int) -> Iterator[Words]:
    """Every part of 企业、高校和科研院所 that ends with one of the nouns."""
    start, pattern = head.start, _type_pattern(words)
    for match in [*_JOINT.finditer(words[head.start : head.end]), None]:
        end = head.start + match.start() if match else head.end
        last = next(reversed([*pattern.finditer(words, start, end)]), None)
        if last is not None and _ENDS.fullmatch(words, last.end(), end):
            yield _type(last, offset)
        start = end + 1


def _joined_types(words: str, start: int, offset: int) -> Iterator[Words]:
    """高校 in 企业、高校参加展会的."""
    while start < len(words) and words[start] in "、和及或":
        following = _TYPE_OR_PARK.match(words, start + 1)
        if following is None:
            return
        yield _type(following, offset)
        start = following.end()


def _last_type(flat: str, span: Span) -> Iterator[Words]:
    for last in [*_type_pattern(flat).finditer(flat, span.start, span.end)][-1:]:
        yield _type(last, 0)


def _type(match: re.Match[str], offset: int) -> Words:
    number = int((match.lastgroup or "t0")[1:])
    return Words(_TYPES[number][0], Span(offset + match.start(), offset + match.end()))


def _counted_persons(flat: str, within: Span) -> Iterator[Words]:
    """博士后 of 每进站1名博士后."""
    for match in _EACH.finditer(flat, within.start, within.end):
        for group, words in _attributes(flat, Span(*match.span("who"))):
            if group == "person":
                yield words


def _attributes(flat: str, zone: Span) -> Iterator[tuple[str, Words]]:
    """The terms in the zone; of two of a group on the same words the longer one is meant (毕业年度高校毕业生)."""
    objects = [
        match.span() for pattern in (_OBJECT, _NOT) for match in pattern.finditer(flat, zone.start, zone.end + _BEHIND)
    ]
    found: list[tuple[str, Words]] = []
    for group, term, pattern in _terms().possible(zone.of(flat)):
        for match in pattern.finditer(flat, zone.start, zone.end):
            business = group == "industry" and flat.startswith(("业务", "承担", "分担", "负担"), match.end())
            if not business and not any(start <= match.start() < end for start, end in objects):
                found.append((group, Words(match.expand(term) if "\\" in term else term, Span(*match.span()))))
                break
    for number, (group, words) in enumerate(found):
        listed_first = any(
            group == g and w.span == words.span for g, w in found[:number] if group in ("industry", "person")
        )
        if not listed_first and not any(
            group == g and w is not words and _hides(w.span, words.span, group) for g, w in found
        ):
            yield group, words


def _hides(longer: Span, span: Span, group: str) -> bool:
    """新能源汽车 hides the 汽车项目 that begins in it."""
    if group == "industry" and longer.start < span.start < longer.end:
        return True
    return longer != span and longer.contains(span)


def _excluded(flat: str, within: Span) -> Iterator[Words]:
    """公职人员 of （非公职人员）, 严重失信主体 of 未被列入严重失信主体名单."""
    for match in _NOT.finditer(flat, within.start, within.end):
        name = match.lastgroup or "what"
        start = match.start(name)
        for part in _LIST_MARK.split(match[name]):
            if _NOT_NAMED.search(part):
                break
            if len(part) > 1 and part != "以及":
                said = _DOING.match(part)
                if not DISHONEST.search(part) or not _ON_A_LIST.search(part):
                    end = start + (said.end("what") if said else len(part))
                    yield Words(flat[start:end], Span(start, end))
            start += len(part)
    for item in forbidden(flat, within):
        yield Words(item.of(flat), item)
    for named in listed(flat, within):
        for match in DISHONEST.finditer(flat, *named.span("lists")):
            yield Words("严重失信主体" if "严重" in match[0] else match[0], Span(*match.span()))
    for match in _NO_ACCIDENT.finditer(flat, within.start, within.end):
        words = (match["period"] or "") + match["what"].replace("、", "")
        yield Words(words, Span(*match.span()))
