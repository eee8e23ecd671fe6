"""One name for what files and askers call by several: figures, qualifications, sizes, periods."""

from __future__ import annotations

import re

from ingest.normalize import fold
from qa.matching.profile import FIGURES, LABELS, SCALES

_BEFORE = re.compile(
    r"^(?:企业|单个项目|项目|年度|年(?=产值|薪|出口|进出口)|其|当年|上一?年度?)?(?:实际|年度|当年)?(?:支付|完成|发生|缴纳|投入)?的?(?=..)"
)
_BEHIND = re.compile(r"(?<=..)(?:总额|总?金额|额)$")
_ALIASES = {
    "固定资产投资": "fixed_investment", "固投": "fixed_investment", "到位固定资产投资": "paid_fixed_investment",
    "研发费用增量": "rd_increase", "研发费用增加": "rd_increase", "研发费用较上年增加": "rd_increase", "研发费用较上年增量": "rd_increase",
    "研发投入": "rd", "研发经费": "rd", "营收": "revenue", "员工人数": "employees", "产值": "output", "工业总产值": "output", "到位外资": "foreign_capital",
    "纳税": "tax", "设备投资": "equipment_investment", "总投资": "total_investment", "新增就业": "new_employees", "出口": "exports",
}  # fmt: skip
# What cannot exceed another sum: below the bound if that is below it already.
BOUNDS = {"主营业务收入": "revenue", "固定资产投资额": "total_investment", "实缴注册资本": "registered_capital"}

_QUOTES = re.compile("[“”\"'‘’「」『』《》\\s]")
_LEVEL = re.compile(r"^(国家级|省级|市级|区级|县级|国家|省|市(?!值)|区(?!块))(?=..)")
_LEVELS = {"国家": "国家级", "省": "省级", "市": "市级", "区": "区级", "县级": "区级"}
# Names of qualifications that everybody shortens; the level is said where only one level grants it.
_QUALIFICATIONS = (
    (re.compile(r"小巨人"), "专精特新小巨人", "国家级"),
    (re.compile(r"^专精特新(?:中小)?(?:企业)?$"), "专精特新中小企业", "省级"),
    (re.compile(r"^(?:高新技术企业|高企)$"), "高新技术企业", "国家级"),
    (re.compile(r"^创新型中小企业$"), "创新型中小企业", "省级"),
)
_ALIKE = (("规模以上", "规上"), ("限额以上", "限上"), ("技术改造", "技改"))
IMPLIED = {"规上工业": ("规上",), "规上服务业": ("规上",), "限上零售": ("限上",), "限上批发": ("限上",)}

_LAST = re.compile(r"上一?(?:会计|自然|财务)?年度?|去年|前一?年度")
_THIS = re.compile(r"当年度?|本年度?|今年")
_ANY = re.compile(r"每?年度?|全年|年均")
_DIGITS = str.maketrans("一二两三四五六", "1223456")


def figure_key(name: str) -> str:
    """Attribute of ``Profile`` that holds what a file calls ``name``, or ``figures:`` with the core of the name.

    >>> figure_key("实际设备投资额"), figure_key("实际支付展位费")
    ('equipment_investment', 'figures:展位费')
    """
    flat = _QUOTES.sub("", fold(name))
    for core in (flat, _BEHIND.sub("", flat), _BEHIND.sub("", _BEFORE.sub("", flat))):
        if core in _OWN:
            return _OWN[core]
    return f"figures:{_BEHIND.sub('', _BEFORE.sub('', flat))}"


def asked(key: str, name: str) -> str:
    """The field to ask for: under the file's own words where the profile has no field for it (服务合同实际支付额)."""
    return f"figures:{name}" if key.startswith("figures:") else key


_OWN = {LABELS[attribute]: attribute for attribute in FIGURES} | _ALIASES


def qualification(name: str) -> tuple[str, str]:
    """Core and level: 国家级专精特新“小巨人”企业 → (专精特新小巨人, 国家级); the level is empty where it is not said."""
    flat = _QUOTES.sub("", fold(name)).removesuffix("称号").removesuffix("认定").removesuffix("的")
    found = _LEVEL.match(flat)
    level = _LEVELS.get(found[1], found[1]) if found else ""
    core = flat[found.end() :] if found else flat
    for pattern, standard, only in _QUALIFICATIONS:
        if pattern.search(core):
            return standard, level or only
    return core if core.endswith("中小企业") else core.removesuffix("企业"), level


def trait_key(name: str) -> str:
    """规上工业 of 规模以上工业企业."""
    flat = _QUOTES.sub("", fold(name))
    for long, short in _ALIKE:
        flat = flat.replace(long, short)
    return re.sub(r"(?<=..)(?:企业|项目)$", "", flat)


def scale_of(name: str) -> frozenset[str] | None:
    """The 划型 that ``name`` takes in; ``None`` where it is no name of them."""
    return SCALES.get(name) or SCALES.get(f"{name}企业")


def period_of(words: str) -> str:
    """上年度 of 上一会计年度 and 去年; empty where any one year will do (年, 每年)."""
    words = "".join(words.split())
    if _LAST.fullmatch(words):
        return "上年度"
    if _THIS.fullmatch(words):
        return "当年"
    if not words or _ANY.fullmatch(words):
        return ""
    return re.sub("^(?:最近|前)", "近", words.translate(_DIGITS).replace("个年", "年").removesuffix("内"))
