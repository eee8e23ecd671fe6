"""Who asks: what a company or a person says of itself. Every field may be empty, and empty means unknown, never "no".

============  ==========  ==================  ==========  ==============  ==========
identifier    中文         identifier          中文         identifier      中文
============  ==========  ==================  ==========  ==============  ==========
profile       画像         trait               情形         figure          数额
kind          主体类型      region              所在地       industry        行业
scale         规模         qualification       资质         project_kind    项目类型
project_stage 项目进度      degree              学历         talent_class    人才类别
============  ==========  ==================  ==========  ==============  ==========
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Kind = Literal["企业", "个人", "机构", "载体", "团队", "引荐人"]
KINDS: tuple[Kind, ...] = ("企业", "个人", "机构", "载体", "团队", "引荐人")
DEGREES = ("高中", "中专", "大专", "本科", "硕士", "博士")  # lowest first
TALENT_CLASSES = ("A类", "B类", "C类", "D类", "E类", "F类")  # highest first
STAGES = ("备案", "开工", "竣工", "投产", "达产")  # each implies those before it
# 划型标准: 大型, 中型, 小型 and 微型 exclude one another; the other names are several of them.
SCALES: dict[str, frozenset[str]] = {
    "大型企业": frozenset({"大型"}),
    "中型企业": frozenset({"中型"}),
    "小型企业": frozenset({"小型"}),
    "微型企业": frozenset({"微型"}),
    "大中型企业": frozenset({"大型", "中型"}),
    "中小企业": frozenset({"中型", "小型", "微型"}),
    "中小微企业": frozenset({"中型", "小型", "微型"}),
    "小微企业": frozenset({"小型", "微型"}),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A sum, count or share that is given. ``period``: 上年度, 当年 …, empty where it is not said of which year it is.

    ``previous``: the same of the year before it; ``peak``: the highest of all years before it (首次 is told by it).
    """

    value: Decimal
    unit: str
    period: str = ""
    previous: Decimal | None = None
    peak: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Trait:
    """Something that is so (``held``) or is not: a qualification, a kind of project, a statement (未被列入失信名单).

    ``again``: of a qualification, whether it was granted anew (重新认定) or for the first time; ``None``: not said.
    """

    name: str
    held: bool = True
    again: bool | None = None


@dataclass(frozen=True)
class Profile:
    """A company, a person or another applicant. ``figures``: sums under the words of a file (展位费, 购房款).

    ``region``: where it is registered or works, as long as known (xx省云澜市清河区). ``no_other_qualifications``: those named
    are all. ``full_time``: a person's own work.
    """

    kind: str = ""
    region: str = ""
    industries: tuple[str, ...] = ()
    scale: str = ""
    sizes: tuple[Trait, ...] = ()
    qualifications: tuple[Trait, ...] = ()
    no_other_qualifications: bool = False
    founded: date | None = None
    project_kinds: tuple[Trait, ...] = ()
    project_stage: str = ""
    revenue: Figure | None = None
    revenue_growth: Figure | None = None
    output: Figure | None = None
    output_growth: Figure | None = None
    total_investment: Figure | None = None
    fixed_investment: Figure | None = None
    paid_fixed_investment: Figure | None = None
    equipment_investment: Figure | None = None
    rd: Figure | None = None
    rd_growth: Figure | None = None
    rd_increase: Figure | None = None
    rd_share: Figure | None = None
    employees: Figure | None = None
    new_employees: Figure | None = None
    patents: Figure | None = None
    tax: Figure | None = None
    registered_capital: Figure | None = None
    paid_in_capital: Figure | None = None
    foreign_capital: Figure | None = None
    exports: Figure | None = None
    equity_financing: Figure | None = None
    degree: str = ""
    titles: tuple[str, ...] = ()
    age: int | None = None
    talent_class: str = ""
    full_time: bool | None = None
    contract: Figure | None = None
    insured: Figure | None = None
    salary: Figure | None = None
    statements: tuple[Trait, ...] = ()
    figures: tuple[tuple[str, Figure], ...] = ()


LABELS: dict[str, str] = {
    "kind": "主体类型",
    "region": "所在地",
    "industries": "行业",
    "scale": "规模",
    "sizes": "规上限上",
    "qualifications": "资质",
    "no_other_qualifications": "没有其他资质",
    "founded": "成立日期",
    "project_kinds": "项目类型",
    "project_stage": "项目进度",
    "revenue": "营业收入",
    "revenue_growth": "营业收入增速",
    "output": "产值",
    "output_growth": "产值增速",
    "total_investment": "总投资",
    "fixed_investment": "固定资产投资额",
    "paid_fixed_investment": "实际到位固定资产投资额",
    "equipment_investment": "设备投资额",
    "rd": "研发费用",
    "rd_growth": "研发费用增速",
    "rd_increase": "研发费用增加额",
    "rd_share": "研发费用占比",
    "employees": "职工人数",
    "new_employees": "新增就业人数",
    "patents": "发明专利数",
    "tax": "税收",
    "registered_capital": "注册资本",
    "paid_in_capital": "实缴注册资本",
    "foreign_capital": "实际到位外资",
    "exports": "出口额",
    "equity_financing": "股权融资额",
    "degree": "学历",
    "titles": "职称",
    "age": "年龄",
    "talent_class": "人才类别",
    "full_time": "全职",
    "contract": "劳动合同期限",
    "insured": "社保月数",
    "salary": "年薪",
    "statements": "其他情况",
    "figures": "其他数额",
}
FIGURES: dict[str, str] = {
    "revenue": "元",
    "revenue_growth": "",
    "output": "元",
    "output_growth": "",
    "total_investment": "元",
    "fixed_investment": "元",
    "paid_fixed_investment": "元",
    "equipment_investment": "元",
    "rd": "元",
    "rd_growth": "",
    "rd_increase": "元",
    "rd_share": "",
    "employees": "人",
    "new_employees": "人",
    "patents": "件",
    "tax": "元",
    "registered_capital": "元",
    "paid_in_capital": "元",
    "foreign_capital": "元",
    "exports": "元",
    "equity_financing": "元",
    "contract": "年",
    "insured": "个月",
    "salary": "元",
}  # unit of each figure; empty: a share


def label(name: str) -> str:
    """营业收入 of ``revenue``; 此前各年最高营业收入 of ``revenue.peak``; 是否高新技术企业 of ``qualifications:高新技术企业``."""
    whole, _, part = name.partition(".")
    own, _, rest = whole.partition(":")
    if rest and own != "figures":
        return f"是否{rest}"
    words = rest or LABELS[own]
    return {"peak": f"此前各年最高{words}", "period": f"{words}是哪一年的"}.get(part, words)
