"""国民经济行业分类 (GB/T 4754—2017): sections and divisions, everyday words for them, and what the words of files take in.

The standard of 30 June 2017, in force since 1 October 2017, has 20 sections (门类 A–T) and 97 divisions (大类 01–97); what is called
第三产业 follows 三次产业划分规定 in its edition for that standard.

A term of a file takes in a set of divisions. Where a file uses a word of its own (人工智能, 首位产业) no set is known and
nothing can be ruled out by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

_SECTIONS = (
    ("A", "农、林、牧、渔业", "01农业 02林业 03畜牧业 04渔业 05农、林、牧、渔专业及辅助性活动"),
    ("B", "采矿业", "06煤炭开采和洗选业 07石油和天然气开采业 08黑色金属矿采选业 09有色金属矿采选业 10非金属矿采选业 11开采专业及辅助性活动 12其他采矿业"),
    ("C", "制造业",
     "13农副食品加工业 14食品制造业 15酒、饮料和精制茶制造业 16烟草制品业 17纺织业 "
     "18纺织服装、服饰业 19皮革、毛皮、羽毛及其制品和制鞋业 20木材加工和木、竹、藤、棕、草制品业 "
     "21家具制造业 22造纸和纸制品业 23印刷和记录媒介复制业 24文教、工美、体育和娱乐用品制造业 25石油、煤炭及其他燃料加工业 "
     "26化学原料和化学制品制造业 27医药制造业 28化学纤维制造业 "
     "29橡胶和塑料制品业 30非金属矿物制品业 31黑色金属冶炼和压延加工业 32有色金属冶炼和压延加工业 33金属制品业 "
     "34通用设备制造业 35专用设备制造业 36汽车制造业 "
     "37铁路、船舶、航空航天和其他运输设备制造业 38电气机械和器材制造业 39计算机、通信和其他电子设备制造业 40仪器仪表制造业 41其他制造业 "
     "42废弃资源综合利用业 43金属制品、机械和设备修理业"),
    ("D", "电力、热力、燃气及水生产和供应业", "44电力、热力生产和供应业 45燃气生产和供应业 46水的生产和供应业"),
    ("E", "建筑业", "47房屋建筑业 48土木工程建筑业 49建筑安装业 50建筑装饰、装修和其他建筑业"),
    ("F", "批发和零售业", "51批发业 52零售业"),
    ("G", "交通运输、仓储和邮政业", "53铁路运输业 54道路运输业 55水上运输业 56航空运输业 57管道运输业 58多式联运和运输代理业 59装卸搬运和仓储业 60邮政业"),
    ("H", "住宿和餐饮业", "61住宿业 62餐饮业"),
    ("I", "信息传输、软件和信息技术服务业", "63电信、广播电视和卫星传输服务 64互联网和相关服务 65软件和信息技术服务业"),
    ("J", "金融业", "66货币金融服务 67资本市场服务 68保险业 69其他金融业"),
    ("K", "房地产业", "70房地产业"),
    ("L", "租赁和商务服务业", "71租赁业 72商务服务业"),
    ("M", "科学研究和技术服务业", "73研究和试验发展 74专业技术服务业 75科技推广和应用服务业"),
    ("N", "水利、环境和公共设施管理业", "76水利管理业 77生态保护和环境治理业 78公共设施管理业 79土地管理业"),
    ("O", "居民服务、修理和其他服务业", "80居民服务业 81机动车、电子产品和日用产品修理业 82其他服务业"),
    ("P", "教育", "83教育"),
    ("Q", "卫生和社会工作", "84卫生 85社会工作"),
    ("R", "文化、体育和娱乐业", "86新闻和出版业 87广播、电视、电影和录音制作业 88文化艺术业 89体育 90娱乐业"),
    ("S", "公共管理、社会保障和社会组织", "91中国共产党机关 92国家机构 93人民政协、民主党派 94社会保障 "
     "95群众团体、社会团体和其他成员组织 96基层群众自治组织及其他组织"),
    ("T", "国际组织", "97国际组织"),
)  # fmt: skip
_NAMES: dict[str, str] = {section: name for section, name, _ in _SECTIONS}
_DIVISIONS: dict[str, frozenset[str]] = {}
for _section, _, _row in _SECTIONS:
    _entries = re.findall(r"(\d\d)(\S+)", _row)
    _NAMES.update(_entries)
    _DIVISIONS[_section] = frozenset(code for code, _ in _entries)
_ALL = frozenset().union(*_DIVISIONS.values())
# With the auxiliary activities and the repairs of the first three sections: 第三产业即服务业，是第一、第二产业以外的行业.
_TERTIARY = frozenset({"05", "11", "43"}).union(*(_DIVISIONS[s] for s in "FGHIJKLMNOPQRST"))

# Words of files → codes. Only those whose limits the classification (or 三次产业划分规定) draws.
_TERMS: dict[str, str] = {
    "工业": "B C D", "工业企业": "B C D", "制造": "C", "制造业企业": "C", "农业": "A", "建筑": "E", "建筑业企业": "E",
    "批发": "51", "批发业": "51", "零售": "52", "零售业": "52", "批发零售业": "F", "住宿": "61", "餐饮": "62",
    "餐饮业": "62", "住宿餐饮业": "H", "金融": "J", "软件业": "65", "软件": "65", "软件和信息服务": "I", "软件和信息技术服务": "I",
    "软件和信息技术服务业": "I", "信息服务业": "I", "交通运输": "G", "房地产": "K", "教育业": "P", "汽车": "36", "汽车产业": "36",
    "汽车制造": "36", "纺织服装": "17 18", "医药": "27", "服装": "18", "家具": "21", "造纸": "22", "烟草": "16",
    "采矿": "B", "电力": "44",
}  # fmt: skip

# What people say they make or do → division. The longest word decides.
_EVERYDAY: dict[str, str] = {
    "汽车零部件": "36", "汽车零配件": "36", "汽车配件": "36", "汽配": "36", "整车": "36", "新能源汽车": "36", "汽车制造": "36",
    "动力电池": "38", "锂电池": "38", "储能电池": "38", "光伏组件": "38", "光伏电池": "38", "家电": "38", "家用电器": "38",
    "电线电缆": "38", "电机": "38", "变压器": "38", "芯片": "39", "集成电路": "39", "半导体": "39", "显示面板": "39",
    "电子元器件": "39", "电子元件": "39", "手机": "39", "传感器": "39", "机床": "34", "轴承": "34", "工业机器人": "34",
    "泵阀": "34", "通用设备": "34", "医疗器械": "35", "专用设备": "35", "农业机械": "35", "农机": "35", "模具": "35",
    "仪器仪表": "40", "五金": "33", "金属制品": "33", "钢结构": "33", "铸造": "33", "钢铁": "31", "铝材": "32",
    "铜材": "32", "水泥": "30", "玻璃": "30", "陶瓷": "30", "建材": "30", "塑料制品": "29", "橡胶制品": "29",
    "化工": "26", "涂料": "26", "化肥": "26", "制药": "27", "药品": "27", "生物医药": "27", "中药": "27",
    "化纤": "28", "纺织": "17", "服装": "18", "制衣": "18", "制鞋": "19", "皮革": "19", "家具": "21",
    "造纸": "22", "纸箱": "22", "印刷": "23", "玩具": "24", "文具": "24", "食品": "14", "糕点": "14",
    "调味品": "14", "乳制品": "14", "农产品加工": "13", "粮油加工": "13", "饲料": "13", "屠宰": "13", "白酒": "15",
    "酿酒": "15", "饮料": "15", "茶叶加工": "15", "船舶": "37", "轨道交通装备": "37", "无人机": "39", "航空器": "37",
    "摩托车": "37", "电动自行车": "37", "软件开发": "65", "软件": "65", "信息系统集成": "65", "动漫游戏": "65", "互联网平台": "64",
    "电信": "63", "建筑施工": "E", "房屋建筑": "47", "装修": "50", "种植": "01", "养殖": "03", "水产养殖": "04",
    "快递": "60", "货运": "54", "仓储": "59", "酒店": "61", "餐饮": "62", "饭店": "62", "超市": "52",
    "银行": "66", "保险": "68", "房地产开发": "70", "人力资源服务": "72", "广告": "72", "会展": "72", "检验检测": "74",
    "工业设计": "74", "勘察设计": "74", "污水处理": "46", "环境治理": "77", "物业管理": "70", "影视制作": "87", "出版": "86",
}  # fmt: skip
_TRADE = re.compile(
    r"\s?(?:产?品)?(?:的)?(?:批发|贸易|外贸|进出口|经销|销售|代理|电商|零售|物流|运输|设计|研发|检测|维修|租赁|展会)"
)


def codes_of(term: str) -> frozenset[str] | None:
    """Divisions that a term of a file or of a profile takes in; ``None`` where it has no known limits (人工智能).

    >>> sorted(codes_of("汽车制造业")), codes_of("十大新兴产业")
    (['36'], None)
    """
    term = term.strip()
    code = re.fullmatch(r"([A-T])?(\d\d)?\d{0,2}", term)
    if code and term and (code[2] in _ALL or (code[2] is None and code[1] in _DIVISIONS)):
        return frozenset({code[2]}) if code[2] else _DIVISIONS[code[1]]
    if term in ("服务业", "第三产业"):
        return _TERTIARY
    for name in (term, term.removesuffix("企业"), term.removesuffix("项目"), f"{term}业"):
        if found := _by_name().get(name):
            return found
    spelled = _TERMS.get(term)
    return _expand(spelled.split()) if spelled else None


@cache
def _by_name() -> dict[str, frozenset[str]]:
    return {name: _expand([code]) for code, name in _NAMES.items()}


def _expand(codes: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(_DIVISIONS.get(code, frozenset({code})) for code in codes))


def everyday(words: str) -> tuple[str, str] | None:
    """The code and the word of what somebody makes: ``汽车零部件`` → (C36, 汽车零部件).

    ``None`` where nothing is known, or the word only names what is traded, carried or tested (汽车零部件批发).
    """
    best = max((w for w in _EVERYDAY if w in words), key=len, default=None)
    if best is None or _TRADE.match(words, words.index(best) + len(best)):
        return None
    return full_code(_EVERYDAY[best]), best


def full_code(code: str) -> str:
    """C36 of 36."""
    section = next((s for s, divisions in _DIVISIONS.items() if code in divisions), "")
    return section + code


def name_of(term: str) -> str:
    """汽车制造业（C36） of ``C36``; words that are no code stay as they are."""
    digits = term.lstrip("ABCDEFGHIJKLMNOPQRST")[:2]
    key = digits if digits in _NAMES else term
    return f"{_NAMES[key]}（{full_code(key) if digits else key}）" if key in _NAMES else term


def choices() -> tuple[tuple[str, str], ...]:
    """(code, label) of every section and division in order, for a list to choose from."""
    return tuple(
        (code, f"{code} {_NAMES[code.lstrip(section) or code]}")
        for section, _, _ in _SECTIONS
        for code in (section, *(section + division for division in sorted(_DIVISIONS[section])))
    )
