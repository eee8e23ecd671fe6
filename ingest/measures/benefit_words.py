"""The words of a benefit in their standard form: its type and name, what a rate is of, whose ceiling it is."""

from __future__ import annotations

import re

from ingest.document import Span
from ingest.measures.model import BenefitType, Words
from ingest.measures.signs import Sought

_TYPES: tuple[tuple[BenefitType, str, Sought], ...] = tuple(
    (kind, place, Sought(pattern))
    for kind, place, pattern in (
        (
            "税收",
            "grant",
            r"(?:所得|增值|使用|房产|契|印花|车船)税|税收|税费|留成|地方(?:经济|财政|综合)?贡献|(?:经济|财政)贡献|纳税额|退税|(?:[已实所应]缴|缴纳)的?税[额款]",
        ),
        ("贷款贴息", "grant", r"贴息|利息|LPR|报价利率|基准利率"),
        ("股权基金", "grant", r"股权|入股|(?:引导|产业|天使|创投|种子|母|子|投资|科创)基金|跟投|直投|参股"),
        (
            "融资支持",
            "both",
            r"担保|风险补偿|(?:投资|本金|贷款)[^,;。\d]{0,8}损失[^。;]{0,16}补偿|过桥|转贷|续贷|贷款额度|授信|融资租赁|信用贷|贷款损失|不良贷款|代偿|保理|[为向][^,;。]{2,16}(?:企业|主体|商户|农户)[^,;。]{0,6}(?:提供|发放)[^,;。]{0,8}贷款",
        ),
        (
            "住房",
            "both",
            r"人才公寓|人才房|租房补贴|租[赁用]住房|租住[^,;。]{0,6}(?:公寓|住房)|家庭[^;。]{0,12}租赁补贴",
        ),
        ("租金减免", "lead", r"购(?:买|置)(?:标准)?(?:厂房|办公用房)"),
        ("住房", "grant", r"人才公寓|购房|租房|住房|安居房|人才房|公寓|房票|共有产权"),
        ("租金减免", "grant", r"(?<!会场)(?<!场馆)(?<!展馆)(?<!设备)租金|免租|房租|装修|厂房|工位|办公用房|场地费"),
        ("住房", "both", r"购买(?:首套|自住|商品)*(?:商品)?住房|首次购房|人才公寓|市场价的?\d+%续租"),
        (
            "租金减免",
            "lead",
            r"(?:厂房|场地|办公用房|房屋)租金|(?:租用|租赁|承租|入驻).{0,12}(?:厂房|办公用房|场地|办公场所|写字楼|楼宇)",
        ),
        ("要素保障", "both", r"算力"),
        ("要素保障", "grant", r"用能|用电优惠|用工保障|水费|气费"),
        ("用地", "grant", r"土地|用地|出让|地价"),
        ("子女教育", "grant", r"学费|教育补贴|学位"),
        ("医疗", "grant", r"医疗|体检|就医"),
        (
            "人才补贴",
            "grant",
            r"安家|生活(?:补贴|补助|津贴)|人才(?:津贴|补贴|奖励|补助)|岗位津贴|技能提升补贴|薪酬补贴|租房补贴",
        ),
    )
)
_PERSONS = Sought(
    r"博士|硕士|本科|研究生|毕业生|人才(?!服务|公寓|中介|市场)|(?:人才|创新|创业|科研)团队|高级工|技师|技能大师|工匠|工程师|社会工作师|院士|专家|(?:学科|学术|技术)带头人|名师|名医|青年(?!企业|创新|创业|文明|见习)|高管|导师|教师|医生|留学(?:回国)?人员"
)
_HIRES = Sought(
    r"创办企业|创业补贴|启动资金|扶持资金|发展资金|运营补[贴助]|招用|吸纳|录用|新增就业|引荐|招聘|培训(?:机构|企业)|中介|服务机构|猎头|引才|组织.{0,12}培训"
)
_GENERIC = re.compile(
    r"(?:一次性|最高|一定|适当|相应|资金|财政|区级|市级|省级|全额|专项|配套|不超过|每年|年度|总额|定额|等额|叠加|额外|追加|累计|计算|差额|的|给予|予以|奖励|补贴|补助|资助)*"
)
_NAMED = re.compile(r"[\u4e00-\u9fff]{2,16}?(?:补贴|补助|奖励|资助|补偿)(?!资金|标准|比例)")
_VOUCHER = re.compile(r"(?:科技)?(?:创新|服务|算力|消费|培训|购房)券")
_LEVEL_ONLY = re.compile(r"(?:国家|省|市|区|县)级(?:奖励|补助|补贴|资助|补偿)")
_NAME_START = re.compile(
    r".*(?:给予|予以|万元|亿元|美元|元|一次性|的|最高|分别|享受|申请|发放|领取|不超过|每年|再|奖励|补助|按|档|部分|年度|标准|额外|超过|总额)"
)
_RECIPIENTS = (
    r"(?:企业)?(?:经营|管理|核心|高管)团队|(?:研制|研发|收购|用人|设站|建站|入站|派出|接收|招收|吸纳|招用|组织|培训|服务|承担|共建|托管|孵化|依托|主办|承办|举办|牵头|建设|(?:楼宇|园区|基地)?运营|申报|引进|引才|培养|实施|完成|投资|出租|推荐|输出|技术转让|引荐|所在|揭榜|发榜|供给|需求|采购|购买|应用|使用|出品|制作|发行|编制|起草|获奖|招商|归口)?(?:单位|机构|企业|业主|方)"
    r"|[\u4e00-\u9fff]{0,6}(?:公司|院所|研究所|协会|学会|商会|联盟|中心|社区|村集体|本人|个人|引荐人|经纪人|担保机构|银行|平台|基地|园区|团队|管理人|医院|院校|高校|学校|研究院|实验室|合作社)"
)
_TO = re.compile(
    rf"(?:给予|奖励|补助|补贴|资助|予以|发放给)(?P<to>{_RECIPIENTS})(?=\d|[^\W\d]{{0,8}}\d|[^\W\d]{{0,8}}(?:补助|补贴|奖励|经费|资助|补偿)|一次性|最高|每)"
)
_ONLY_NAMED = re.compile(rf"对?(?P<to>{_RECIPIENTS})(?<=单位|机构|业主)(?:可|则|同时)?")
_TO_AFTER = re.compile(rf"给予(?P<to>{_RECIPIENTS})(?:补助|补贴|奖励|资助|补偿)")

_BASE = re.compile(
    r"(?:按照?|依照?|以|给予|予以|补助|补贴|奖励|资助|返还|不超过|不高于|最高|对|为|将|就)?(?P<base>[^,;:。\d%\t\n]{2,40}?)(?:给予|予以|最高|不超过|补贴|补助|奖励|资助|减免|减收|下浮|承担|,)?的?\Z"
)
_BASE_START = re.compile(
    r"(?:.*(?:按照?|依照|分别以|不低于|享受|给予|予以|补助(?![资总]?[金额]|标准)|奖励(?![资总]?[金额]|标准)|资助(?![资总]?[金额])|返还|不超过|不高于|最高不超过|(?<![面针相])对(?![外账])|(?<=[,;:。])以|^以|(?:标准|(?:奖励|补[贴助]|资助)(?:金额|额度))[为是:]|租金[为是]))?(?:每人每次|每人|每次)?(?:其|该企业|企业及其?(?:职工|员工|个人)|企业)?"
)
GROWN = re.compile(r"(?:较?上一?年度?|同比)?的?(?:实际)?(?:增长|增加|新增|超出|超过|增量)的?(?:部分|额)?")
_GRANTOR = re.compile("(?:国家|中央|省级?|市级?|上级)(?:财政)?")
_GRANTED = re.compile("补[贴助]|奖励|资助")
_LEADING = re.compile(
    r"(?:其|该(?:企业|项目|单位)|项目(?=实际)|企业|本人|每年|当年度?|上一?年度?(?!增)|年度|年内|期间内?|首年|同期|上年度实际|缴纳|所缴|超过?部分|核定|审定|经审计|经核定"
    r"|实际(?!到[位账]外资|利率|支付利息|使用外资)(?:支付|发生|支出|缴纳|完成)?(?:的)?(?=..)|不超过|最高|超出|新签|分别|一定|所需|产生|发生|支付|投入)+(?:的|之)?"
)
_BARE = re.compile("支出额?|费用|成本|投入额?|金额|支付额|发生额|支付金额|发生费用")  # 实际支出: says little alone
_PAID = re.compile("费用|金额|款项")
_SPENT = re.compile("实际(?:支付|发生|支出)的?\\Z")
_INNER = re.compile(
    r"较?(?:上一?年度?|前一?年度?|上年同期|去年)(?:度)?(?=增|新增)|同比(?=增|新增)|当年(?=.)|(?<=.)实际(?=投资额|支出额|发生额|到账)"
)
_LOAN_RATE = re.compile(
    r"(?:同期)?(?:全国)?(?:银行间同业拆借中心)?(?:公布)?的?(?:(?:一年期|1年期|五年期以上)?贷款市场报价利率|LPR)(?:\((?:LPR|以下简称LPR)\))?"
)
_OWNERS = r"(?:中小微?|小微|微型|大型|民营|外贸|工业|制造业|规上工业|初创|科技型(?:中小)?)企业"
_WHOSE = (
    r"企业|项目|单位|机构|主体|产品|平台|载体|活动|人才|个人|团队|园区|基地|展会|集团|标准|品种|设备|申请人|引荐人|申报人|专利|贷款|展位|床位|站点?|证书|车间|单品|品牌"
    r"|银行|作品|公司|门店|商户|家庭|院校|学校|医院|旅行社|酒店|民宿|合作社|农场|工厂|车间|商场|市场|街区|社区|航线|班列|工作室|实验室|驿站|影片|电影|剧目|运营商|会议|赛事|航线"
)
_ENTITY = re.compile(
    rf"(?:单一?|同一|每)[^\W\d_年月]{{0,3}}?(?:{_WHOSE})|(?:单一?|同一?|每)(?:个|家|户|笔|次|张|间|台套?|件|人|名|项|批|支|篇|场|届|位|辆|亩|栋|所|宗|款|部|只|条|套)(?:\(套\))?(?:[^\W\d_a-zA-Z]{{0,3}}?(?:{_WHOSE}))?"
    r"|全(?:区|市|省)(?=每年|年度|累计|总)"
)
_EACH_HIRED = re.compile(r"每(?:新增?|引进|引育|招聘|招用|吸纳|培训|培养)+1?[人名位][^,;\d]{0,8}\Z")
_YEARLY = re.compile(
    r"全年|每(?:个)?(?:自然|会计)?年度?|(?<!上)(?<!上一)年度|(?<!次)当年|一年内|(?:(?<=[户业家位构目人个])|^)年(?=最|补|奖|不|累|总)"
)
_TOTAL = re.compile(r"累计")
_LENDER = re.compile(r"对为[^,]{2,20}(?:提供|发放|办理)[^,]{1,12}的(?P<to>[^,]{0,6}(?:银行|机构|公司|单位))")
_ENCOURAGED = re.compile(
    r"(?:鼓励|支持|引导)(?P<to>[^,;。的]{0,6}(?:机构|银行|公司))[^,;。]{0,12},对其为[^,;。]{2,20}?提供"
)
_FOR_OTHERS = re.compile(
    r"\s*对?(?P<to>[\u4e00-\u9fff]{2,10}?(?:机构|银行|平台|公司|单位))(?:为[^,]{2,20}?(?:提供|开展|办理|引进|推荐|介绍)|开展[^,]{2,16}(?:担保|贷款|保理)业务)"
)
_RECIPIENT = re.compile(rf"(?:{_RECIPIENTS})")
_NO_NAME = re.compile("[每年月]|以[上下内]|租金|[房场]租|租赁|全额|减半|承担")
_BASE_OPENING = re.compile(r"^单[台个](?:\(套\))?实?际?|\(不含[^)]*\)|\([^)]{4,}\)|^的")
_BASE_EACH = re.compile(r"^每(?:辆车?|台|套|个|项|件)(?=.{2})|^[A-F]\+?类人才(?=.{2})")
_NO_BASE = re.compile(
    r"(?:企业|单位|机构|个人|人员|人才|财政|各为|改造项目|建设项目)\Z|\A余|月份\Z|\A年化\Z|\A.{0,4}比例[为是]?\Z|\A(?:第|前|后).{1,2}年\Z|\A[A-Z]\+?类(?:人才)?\Z|\A(?:次年|首年|其后"
    r"|之后|期满后?)减?\Z|\d|提高[至到]?|降[至到]|抵扣|上浮|增加至|调整为|合计|给予|予以"
)
_BASE_OWNER = re.compile(rf"^(?:{_OWNERS})(?:实际)?(?=.{{3}})")
_BASE_PAYER = re.compile(r"^(?:用人单位|所在单位|企业|单位)(?:实际)?(?:支付|缴纳|发放)的?(?=.{2})|^、")
_BASE_PAID_TO = re.compile(r"^给(?:高校|院所|科研|服务|第三方|检测|担保|供应商|机构|银行)+的?(?=.{3})")
_BORNE_BY = re.compile(r"(?<=.{2})由[^由]{2,14}(?:补偿|承担|补贴|补助)\Z")
_YEAR_BEFORE = re.compile(r"(?:较?前一年度?)")
_BASE_END = re.compile(r"(?<=.{2})(?:(?<![低约])部分|(?<!\A购房)总额的?|的?总和)\Z")


def type_of(grant: str, lead: str) -> BenefitType:
    """The kind of support: by the words of the grant, then by those for whom it is."""
    places = {"grant": grant, "lead": lead, "both": f"{grant},{lead}"}
    for kind, place, pattern in _TYPES:
        if pattern.search(places[place]):
            return kind
    if (_PERSONS.search(lead) or _PERSONS.search(grant)) and ("博士后" in lead or not _HIRES.search(lead + grant)):
        return "人才补贴"
    return "资金奖补"


def subtype_of(kind: BenefitType, grant: str, lead: str) -> str:
    """The grant's own name (装修补贴) where it says more than the type."""
    if kind not in ("资金奖补", "租金减免", "要素保障"):
        return ""
    if "引荐" in lead or "引荐" in grant:
        return "引荐奖励"
    if "代建" in lead and kind == "租金减免":
        return "代建厂房"
    voucher = _VOUCHER.search(grant)
    if voucher:
        return voucher[0]
    for match in _NAMED.finditer(grant):
        name = match[0]
        opening = _NAME_START.match(name[:-2])
        name = name[opening.end() :] if opening else name
        recipient = _RECIPIENT.match(name)
        name = name[recipient.end() :] if recipient else name
        if match.start() and grant[match.start() - 1] in ("/" if opening else "/0123456789"):
            continue
        if _NO_NAME.search(name) or _LEVEL_ONLY.fullmatch(name):
            continue
        if 3 < len(name) < 10 and not _GENERIC.fullmatch(name):
            return name
    return ""


def is_person(words: str) -> bool:
    """Whether the words are about people, and not about who hires them."""
    return bool(_PERSONS.search(words)) and not _HIRES.search(words)


def recipient_of(grant: str, lead: str) -> str:
    """Who gets it, where the grant names him (给予研制单位补助), or gives it to one who does something for others."""
    match = _TO.search(grant) or _TO_AFTER.search(grant)
    if match:
        return match["to"]
    lender = _LENDER.search(lead)
    if lender:
        return lender["to"]
    encouraged = _ENCOURAGED.search(lead)
    if encouraged:
        return encouraged["to"]
    for_others = _FOR_OTHERS.match(lead)
    if for_others:
        return for_others["to"]
    return ""


def named_recipient(lead: str) -> str:
    """研制单位 of 给予采购企业…；研制单位按…: whom the words in front of a later grant name, and nothing else."""
    match = _ONLY_NAMED.fullmatch(lead.strip(",;。 "))
    return match["to"] if match else ""


def base_before(flat: str, start: int, end: int) -> Words | None:
    """What a rate is of, by the words ``flat[start:end]`` right in front of it: 按其当年实际设备投资额的 → 设备投资额."""
    head = flat[start:end]
    match = _BASE.search(head)
    if match is None or (match["base"].startswith("由") and not re.search("(?:按照?|给予|予以).{2}", match["base"])):
        return None
    base = head[: match.end("base")]
    opening = _BASE_START.match(base)
    begin = max(opening.end() if opening else 0, match.start("base"))
    inner = base.rstrip("的").rfind("的", begin)
    if 0 <= inner < len(base.rstrip("的")) - 2:
        begin = inner + 1
    words = Span(start + begin, start + len(base))
    if _GRANTOR.fullmatch(words.of(flat)) and (granted := _GRANTED.match(flat, words.end)):
        return Words(words.of(flat) + granted[0], Span(words.start, granted.end()))  # 按国家补贴1:1配套
    if GROWN.fullmatch(words.of(flat)):
        return Words(words.of(flat), words)
    return standard_base(flat, words)


def standard_base(flat: str, words: Span) -> Words | None:
    """The base of ``words`` without whose it is and when: 当年研发费用较上年增加额 → 研发费用增加额."""
    start, end = words.start, words.end
    leading = _LEADING.match(flat, start, end)
    if leading and end - leading.end() >= 2:
        start = leading.end()
        if leading[0].endswith("实际") and _BARE.fullmatch(flat, start, end):
            start -= 2
        elif (spent := _SPENT.search(leading[0])) and _PAID.fullmatch(flat, start, end):
            start -= len(spent[0])
    text = flat[start:end].strip()
    if _LOAN_RATE.search(text):
        return Words("LPR利息", Span(start, end))
    text = _BASE_OPENING.sub("", text)
    text = _BASE_EACH.sub("", text)
    if _NO_BASE.search(text):
        return None
    text = _BASE_OWNER.sub("", text)
    text = _BASE_PAYER.sub("", text)
    text = _BASE_PAID_TO.sub("", text)
    text = _BORNE_BY.sub("", text)
    text = _YEAR_BEFORE.sub("", _INNER.sub("", text))
    text = _BASE_END.sub("", text) if not text.endswith("投资总额") else text
    text = text.removesuffix("的")
    text = text.replace("区级留成部分", "区级留成").replace("实缴纳", "缴纳")
    return Words(text, Span(start, end)) if 2 <= len(text) <= 24 else None


def each_hired(words: str) -> str:
    """每引进1人最高2万元 → 每人."""
    return "每人" if _EACH_HIRED.search(words) else ""


def cap_scope(words: str) -> str:
    """Whose ceiling the words in front of it say: 单个企业年度补助不超过 → 单个企业每年."""
    match = _ENTITY.search(words)
    entity = match[0] if match else ""
    entity = {"单户企业": "单户", "单户机构": "单户", "单户贷款": "单户", "单笔贷款": "单笔", "每户企业": "每户"}.get(
        entity, entity
    )
    if _YEARLY.search(words):
        return f"{entity}每年"
    if entity.endswith("人") and "每月" in words:
        return f"{entity}每月"
    if _TOTAL.search(words):
        return f"{entity}累计"
    return entity
