"""Word lists and sentence patterns of invented policies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random


@dataclass(frozen=True, slots=True)
class Place:
    """``code``: the character that opens the numbers of its bodies; ``above``: the place that it belongs to."""

    name: str
    code: str
    above: str = ""

    @property
    def unit(self) -> str:
        return self.name[-1]


PROVINCE = Place("澜江省", "澜")
PLACES = (
    PROVINCE,
    Place("栖川市", "栖", "澜江省"),
    Place("砚湖市", "砚", "澜江省"),
    Place("桐浦区", "桐", "栖川市"),
    Place("岚关县", "岚", "栖川市"),
    Place("汀宁区", "汀", "砚湖市"),
)
DEPARTMENTS = (
    ("财政局", "财"), ("科学技术局", "科"), ("工业和信息化局", "工信"), ("人力资源和社会保障局", "人社"), ("商务局", "商"),
    ("农业农村局", "农"), ("发展和改革委员会", "发改"), ("市场监督管理局", "市监"), ("交通运输局", "交"), ("文化和旅游局", "文旅"),
)  # fmt: skip
DOMAINS = (
    "低空经济", "智能网联汽车", "生物制造", "绿色算力", "冷链物流", "现代种业", "数字文旅", "银发经济", "新型储能", "工业设计", "专精特新企业",
    "科技型中小企业", "农产品深加工", "外贸新业态", "集成电路设计", "商业航天",
)  # fmt: skip
HEADINGS = (
    "支持企业做大做强", "强化科技创新支撑", "完善要素保障", "优化营商环境", "加大金融支持", "培育应用场景", "加快基础设施建设", "强化人才引育",
    "推动集聚发展", "拓展国内外市场", "健全标准体系", "加强组织实施",
)  # fmt: skip
RUN_INS = (
    "支持首次升规", "鼓励加大研发投入", "支持建设创新平台", "支持首台（套）应用", "降低用地成本", "支持骨干企业引培", "实施贷款贴息", "鼓励股权融资",
    "支持标准研制", "支持开拓市场", "支持公共服务平台建设", "强化用能保障", "支持上云用数赋智", "鼓励总部落户",
)  # fmt: skip
TARGETS = (
    "年主营业务收入首次达到2000万元的企业", "新认定的国家级专精特新“小巨人”企业", "新建（扩建）且固定资产投资超过1.5亿元的项目",
    "牵头制定国际标准、国家标准的单位",
    "获批省级以上重点实验室、工程研究中心的单位", "租用生产用房、研发用房的链上企业", "开展“AI+制造”改造的规模以上企业", "在北交所、沪深交易所首发上市的企业",
)  # fmt: skip
BASES = ("实际研发投入", "设备购置额", "年度贷款利息", "合同实际执行额", "房屋租金", "第三方检测费用")
CONDITIONS = (
    "在本地依法登记注册，具有独立法人资格", "近三年未发生较大以上生产安全事故和环境污染事件", "未被列入严重失信主体名单",
    "上年度研发费用占营业收入的比重不低于{p}%",
    "从业人员不少于{n}人，其中硕士以上（含高级职称）占{p}%以上", "拥有有效发明专利{n}件以上", "纳入统计“一套表”联网直报满{n}个月",
    "年度综合能耗不高于{n}吨标准煤",
)  # fmt: skip
STEPS = ("发布通知", "企业申报", "部门初审", "专家评审", "社会公示", "资金拨付", "绩效评价")
MATERIALS = ("申请表", "营业执照复印件", "上年度审计报告", "信用承诺书", "发票及支付凭证", "项目验收证明")


def amount(rng: Random) -> str:
    return rng.choice(
        (
            f"{rng.randrange(5, 100)}万元", f"{rng.randrange(1, 30) * 100}万元", f"{rng.randrange(1, 9)}.{rng.randrange(1, 10)}亿元",
            f"{rng.randrange(1, 9)},{rng.randrange(1, 10)}00元", f"{rng.randrange(2, 20)}0万元",
        )
    )  # fmt: skip


def percent(rng: Random) -> str:
    value = rng.randrange(1, 12) * 5
    return rng.choice((f"{value}%", f"{value}％", f"{value}%—{value + 10}%", f"{value // 5}‰", f"{value}.5%"))


def sentence(rng: Random) -> str:
    """One measure, ending with 。"""
    first, second, third = sorted(rng.sample(range(1, 50), 3))
    return rng.choice(
        (
            f"对{rng.choice(TARGETS)}，按{rng.choice(BASES)}的{percent(rng)}给予补助，单个企业每年最高不超过{amount(rng)}。",
            f"对{rng.choice(TARGETS)}，给予一次性奖励{amount(rng)}；已享受同类奖励的，按差额部分补足。",
            f"年营业收入首次突破{first}亿元、{second}亿元、{third}亿元的，分别给予{first}0万元、{second}0万元、{third}0万元奖励。",
            f"设立总规模{third}亿元的产业发展母基金，首期规模不低于{first}.5亿元，社会资本出资比例不低于{percent(rng)}。",
            f"到{rng.randrange(2025, 2029)}年底，力争培育规模以上企业{third}家以上，年均增长{percent(rng)}以上。",
            f"对{rng.choice(TARGETS)}发生的{rng.choice(BASES)}，按{percent(rng)}的比例连续支持{first % 5 + 1}年，累计不超过{amount(rng)}。",
            "对特别重大的项目，按照“一事一议”原则给予一定的支持，具体标准由领导小组会议研究确定。",
            f"完善“政府+园区+银行+担保”联动机制，单户授信额度由{first}00万元提高到{second + first}00万元，担保费率不高于{percent(rng)}。",
        )
    )


def long_text(rng: Random, count: int) -> str:
    return "".join(sentence(rng) for _ in range(count))


def inline_list(rng: Random) -> str:
    """一是…；二是…: a list inside its paragraph."""
    parts = [f"{number}是{sentence(rng)[:-1]}" for number in "一二三"]
    return "；".join(parts) + "。"


def condition(rng: Random) -> str:
    return rng.choice(CONDITIONS).format(p=rng.randrange(3, 40), n=rng.randrange(3, 60))


def duty(rng: Random, unit: str) -> str:
    """责任单位 in brackets."""
    names = [f"{unit}{name}" for name, _ in rng.sample(DEPARTMENTS, rng.randrange(1, 4))]
    tail = rng.choice(("", f"，各{'县（市、区）' if unit in '省市' else '镇（街道）'}人民政府"))
    return f"（{rng.choice(('责任单位', '牵头单位'))}：{'、'.join(names)}{tail}）"


def day(rng: Random, year: int) -> date:
    return date(year, rng.randrange(1, 13), rng.randrange(1, 29))


def arabic(day_: date) -> str:
    return f"{day_.year}年{day_.month}月{day_.day}日"


def in_chinese(day_: date) -> str:
    """二〇二四年三月十日."""
    year = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(day_.year))
    return f"{year}年{numeral(day_.month)}月{numeral(day_.day)}日"


def numeral(number: int) -> str:
    """1–99 in Chinese numerals."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    head = ("十" if tens == 1 else f"{digits[tens]}十") if tens else ""
    return head + (digits[ones] if ones else "")
