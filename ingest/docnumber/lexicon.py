"""Characters and words that file numbers are made of, and the table of known issuers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ingest.document import Level
from ingest.vocabulary import table

OPENERS = "〔﹝［[【〖（(〈﹙{｛「⟦"
CLOSERS = "〕﹞］]】〗）)〉﹚}｝」⟧"
ROUND = frozenset("（(﹙）)﹚")
HEXAGONAL = frozenset("〔﹝〕﹞")  # the brackets that the rules ask for: strong evidence by themselves
MASKS = "xX×*某○□△_?"  # what drafts print where the real character is withheld or not yet known


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _plain_forms() -> dict[int, str]:
    """One character → one character, so that offsets in the copy are offsets in the original."""
    forms = {ord(char): "〔" for char in OPENERS} | {ord(char): "〕" for char in CLOSERS}
    forms |= {0xFF10 + i: chr(0x30 + i) for i in range(10)}
    forms |= {0xFF21 + i: chr(0x41 + i) for i in range(26)} | {0xFF41 + i: chr(0x61 + i) for i in range(26)}
    forms |= {ord(char): "×" for char in "✕✖╳"} | {ord(char): "□" for char in "■"}
    forms |= {ord(char): " " for char in "\u3000\u00a0\u200b\ufeff"}
    return forms | {ord(a): b for a, b in zip("＊？＿號發辦廳懷", "*?_号发办厅怀", strict=True)}


PLAIN = _plain_forms()

# One character for each province; it opens the codes of the province's own bodies (皖政, 川财税).
PROVINCE_CHARS = frozenset("京津冀晋内辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔云藏陕甘青宁新")
PROVINCES = _words(
    "中共 中华人民共和国 北京市 天津市 河北省 山西省 内蒙古 辽宁省 吉林省 黑龙江省 上海市 江苏省 浙江省 安徽省 福建省 江西省 "
    "山东省 河南省 湖北省 湖南省 广东省 广西 海南省 重庆市 四川省 贵州省 云南省 西藏 陕西省 甘肃省 青海省 宁夏 新疆"
)

# Openings of a code, for codes that the issuer table does not list: state bodies, provinces, cities, zones.
_HEADS = _words(
    "中办 中组 中宣 中财 国办 国科 国市监 国卫 国知 国资 国土资 国税 国统 国能 国粮 国新 卫 工商 法 国质检 国经贸 安监 新出 发改 工信 "
    "财 人社 税总 银 证监 银保监 金 商 教 建 自然资 环 交 水 农 文旅 民 司 公 审 应急 海关 署 国 中 厅 组 宣 统 纪 兵"
)
_CITY_CHARS = _words(
    "合 芜 蚌 淮 马 铜 宜 安 黄 滁 阜 宿 六 亳 池 包 蜀 庐 瑶 肥 长 巢 深 穗 珠 佛 东 惠 杭 甬 温 绍 嘉 湖 台 丽 衢 舟 锡 常 通 连 盐 "
    "扬 镇 泰 徐 洪 济 烟 潍 临 德 聊 滨 菏 威 日 淄 枣 武 成 郑 洛 昆 贵 筑 南 福 榕 厦 泉 漳 沈 大 哈 石 并 呼 乌 海"
)
# Characters that follow the opening: series, department, form of document.
_TAIL = (
    "一二三四路港桥航运发办函字规秘政府委党人组宣统纪市区县州厅局部科财改革经信工商务税教建民司法公安审水农林环保交通文旅卫健医监管"
    "数据金融投资促招才引智社劳保险自然国土划能源价格费调产业高技术企联综合体粮食储备档应急救灾退役军综行执城房住乡村振兴邮电气象"
    "知识权标准认证场药券许可复批令督查考核师基职成艺语外事侨台澳空铁海洋渔草传明议案任免报告示机关服务会"
)
_ENDINGS = "发办函字规秘令厅府政委电通批复许任党人组财税改科教建商综数社局"

HEAD = re.compile("|".join(sorted({*_HEADS, *_CITY_CHARS, *PROVINCE_CHARS}, key=lambda head: (-len(head), head))))
SHAPED = re.compile(f"(?:{HEAD.pattern})[{_TAIL}]*[{_ENDINGS}]")  # opening, inner characters, a usual last character
ENDINGS = frozenset(_ENDINGS + "金工信")
# 粤府令, 皖政令: the orders of a province's or city's government under its code. Not 财政令, 行政令.
LOCAL_GOVERNMENT = re.compile(f"[{''.join(sorted({*_CITY_CHARS, *PROVINCE_CHARS}))}][府政]\\Z")

# Words that stand right before a code in running text and never belong to it.
LEAD_WORDS = _words(
    "发文字号 文号 文件号 文件 根据 依据 按照 参照 遵照 依照 贯彻落实 贯彻 落实 执行 详见 参见 转发 印发 废止 修订 替代 以及 会同 "
    "同时 关于 结合 符合 现将 已由 不再执行 不再 对照 印发的 发布的 出台的 省委省政府 市委市政府 区委区政府 省委 省政府 市委 市政府 "
    "区委 区政府 上级 我省 我市 我区 本市 本区 省里 市里 并按"
)
LEAD_CHARS = frozenset("原按据由经将对在以与和及即见并是的为自从至到号了照如含附有请向于日还")
# A document's title or a verb of citing ends right before the code (…的通知穗府办规〔…).
LEAD_ENDING = re.compile(
    r"(?:通知|办法|意见|解读|方案|措施|规定|印发|文件|发文|转发|废止|执行|落实|根据|按照|参照|参见|详见|依据|贯彻|联合|下发|出台|制定)$"
)
# Words that cannot occur inside a code.
FOREIGN_TO_CODE = re.compile(
    r"的|了|已由|已经|已被|根据|按照|依据|贯彻|落实|印发|联合|通知|办法|意见|关于|我省|我市|我区|要求|文件|规定|精神|参见|参照|对照|认真|确保|以及|"
    r"同时|废止|转发|执行|详见|措施|方案|解读|结合|符合|现将"
)
# What a code cannot end with: labels of other numbers, units, prepositions.
NOT_AN_ENDING = re.compile(r"(?:编号|字号|案号|序号|[证楼厂期页表图型年月日元人家名约达共为在与和及至到第条款项室号])$")
NOT_A_CODE = frozenset(
    _words(
        "公告 通告 通知 告 令 编号 字号 案号 序号 文号 发文字号 附件 附表 图 表 注 第 参考文献 合同编号 合同号 证书编号 备案号 许可证号 "
        "批次 总第 年 年度 期 页 号楼 会议室 房间 民初 民终 刑初 行初"
    )
)
ORGAN_SUFFIX = re.compile(r"(?:人民政府|委员会|办公厅|办公室|总局|[部委局厅院署行会])$")
SPELLED_OUT_ORGAN = re.compile(r"(?:人民政府|委员会|办公厅|办公室|管委会|管理局|监督局|总局|人民法院)$")
# A ministry's name glued in front of its own code (交通部交公路发〔1998〕349号).
MINISTRY = re.compile(
    r"(?:国家|中华人民共和国)?(?:交通运输部|交通部|农业农村部|农业部|财政部|教育部|卫生部|住房城乡建设部|建设部|水利部|公安部|民政部|"
    r"铁道部|科技部|科学技术部|商务部|文化部|文化和旅游部|工业和信息化部|生态环境部|环境保护部|自然资源部|国土资源部|司法部|审计署|"
    r"海关总署|税务总局|市场监管总局|发展改革委|国务院)令?"
)

_LEVELS: dict[str, Level] = {"国家": "state", "省": "province", "市": "city", "区县": "district", "开发区": "zone"}


@dataclass(frozen=True, slots=True)
class Issuer:
    """A body (发文机关) that uses a code (机关代字). ``ambiguous``: others known to use it too, or a warning; ``verified``:
    read in a public file, not from memory.
    """

    code: str
    name: str
    body: str
    level: Level
    region: str
    ambiguous: tuple[str, ...]
    verified: bool


@cache
def government_of(code: str) -> str | None:
    """Name of the government whose codes begin with this one (``粤府``); ``None`` where none or several do."""
    rows = [row for known, found in issuers().items() if known.startswith(code) for row in found]
    names = {row.name for row in rows if row.name.endswith("人民政府")}
    return names.pop() if len(names) == 1 and not any(row.ambiguous for row in rows) else None


@cache
def issuers() -> dict[str, tuple[Issuer, ...]]:
    """Known codes and their bodies, in the order of ``vocabulary/issuers.tsv``."""
    known: dict[str, tuple[Issuer, ...]] = {}
    for row in table("issuers"):
        issuer = Issuer(
            row["code"], row["issuer"], row["body"], _LEVELS[row["level"]], row["region"],
            tuple(filter(None, row["ambiguous"].split("|"))), row["verified"] == "seen",
        )  # fmt: skip
        known[issuer.code] = (*known.get(issuer.code, ()), issuer)
    return known
