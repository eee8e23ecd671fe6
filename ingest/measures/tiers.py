"""Scales: names or thresholds in one list and figures in another, put together in order only where their counts match."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.document import Span
from ingest.measures.benefit_parts import Part, figures_within, listed
from ingest.measures.conditions import read_conditions
from ingest.measures.conditions_numbers import Figure
from ingest.measures.model import Condition

_SIGHT = 240
_MARKS = {",": "，", ";": "；", ":": "："}
# The kinds of names that are told by their own form; of all others the first is cut where a verb ends.
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (metric, re.compile(pattern))
    for metric, pattern in (
        ("学历", r"博士(?!后)|硕士|本科|大专|专科|中专|大学毕业生"),
        (
            "人才类别",
            r"[A-Z]\+?类(?:及?以上)?|(?:顶尖|领军|高端|拔尖|骨干|杰出|紧缺|青年)人才|[一二三四五甲乙丙]类(?=人才|[\u4e00-\u9fff]{0,4}团队|\Z)|第[一二三四五]层次",
        ),
        ("标准级别", r"(?:国际|国家|行业|地方|团体|省级?地方)标准"),
        ("技能等级", r"高级技师|技师|高级工|中级工|初级工|首席技师|特级技师"),
        ("职称", r"正高级?|副高级?|中级职称|高级职称"),
        ("奖项", r"特等奖|[一二三]等奖|优秀奖|优胜奖|[金银铜]奖|冠军|亚军|季军"),
        (
            "评定等级",
            r"[一二三]级[甲乙丙]等|[一二三四五1-5][星A]级|[1-5]A级|(?<![A-Z])A{1,5}级|(?<![A-Z])[B-E]级|优秀|良好|合格|第?[一二三四]等(?=级|次|$)|[甲乙丙]级",
        ),
        ("融资轮次", r"(?:[A-G]\+?|天使|种子|Pre-?[A-G])轮"),
        ("学段", r"幼儿园|小学|初中|高中"),
        (
            "主体",
            r"个人(?=创业|贷|最高|申请|$)|小微企业|个体工商户|中小微?企业|大型企业|中型企业|微型企业|合伙(?:创业|企业)|农民专业合作社",
        ),
        ("行业", r"批发业?|零售业?|住宿业?|餐饮业?|建筑业|房地产业|工业|服务业|农业"),
        ("排名", r"排名(?:前|第)[一二三四五六七八九十\d]+位?"),
        ("行业排名", r"(?:世界|全球|中国|国内|民营|制造业){0,3}企?业?[1-5]00强|第[一二三四五]名"),
    )
)
_REST = re.compile(r"其他|其余")
_EACH_AND_OVER = re.compile(r"(?:\([^)]{0,6}\))?及?以上[、和及或]")  # 500万元以上、1000万元以上的
_SUM = re.compile(r"\d[万亿千百]{0,2}(?:美|欧|港|日)?元")
_SERIES = re.compile(r"[A-Z一二三四五六]\Z")
_CLASS = re.compile(
    r"(?:国际|国内)?(?:顶尖|领军|高端|拔尖|骨干|杰出|青年|优秀|领先|先进|卓越|一流|基础|特聘|潜力|成长|创新|创业)|第?[一二三四五]层次"
)
_OF_CLASS = re.compile(rf"(?P<name>{_CLASS.pattern})(?:(?:人才|创新|创业|科技|双创|高层次|项目)*(?P<team>团队)|人才)")
_STANDARD = re.compile(r"(?P<level>国际|国家|行业|地方|团体)标准")
_STANDARD_LEVEL = re.compile(r"(?P<level>国际|国家|行业|地方|团体)\Z")
_STAGE = re.compile(r"辅导|备案|受理|股改|股份制改造|报会|过会|挂牌|上市|申报|注册|立项|中期|验收")
_JOINT = re.compile(r"[、和及与或]|以及")
_BEFORE_NAME = re.compile(
    r".*(?:认定为?|获评为?|评为|评定为|评选为|获得|获批|获|列入|入选|纳入|取得|晋升为|晋升|升级为|通过|达到|完成|实现|设立|组建|承担|承办|举办|主导制定|参与制定|主导|参与|制修订|引进|新建|建设|创建"
    r"|授予|购买|申请|招收|培养|对于?|按照|[为由按]|的|(?<!潜)在)(?=.{2})"
)
_LEVEL = re.compile(r"(?:国家级?|省部?级|市级|区级|县级|世界级?|全国|全省|国际|部级)")
_BARE_LEVEL = re.compile(
    r"国内(?=首)|国际\Z|(?:初|中|高|正高|副高|国家|省|市|区|县|世界|国际|部|省部|院|校|镇)级?|[ⅠⅡⅢⅣIV]{1,3}期|[一二三]类(?!人才)"
)
_AWARDS = re.compile(r"(?:认定|评定|评选|授予|列|升级)为(?=.{2})|获[评批得](?=.{2})")
_GRADE = re.compile(r"[特一二三四五甲乙丙丁\d]级")
_TAIL = re.compile(
    r"(?:的.*|(?<=[板所层])(?:上市|挂牌).*|称号|认定|资质|证书.*|认证.*|[两三四五]个(?:层次|档次|等次|类别|级别|阶段|梯度).*|分别.*|所在.*|荣誉.*|职业资格.*)\Z",
    re.DOTALL,
)
_TOLD = re.compile(r"(?P<metric>[\u4e00-\u9fff]{2,8}(?:等级|级别|类别|类型|评级))(?:被?(?:评定|认定|评|列)?为|是)\Z")
_THING = re.compile(r"[\u4e00-\u9fff]{1,3}[桩流]")  # 直流桩
_SKILLED = re.compile("职业(?:资格|技能)|技能等级")
_ONE = re.compile("单(?:[个户家笔次件位项部]|台(?!设备|装备|产品))|每|同一")  # whose ceiling it is, no name
_METRIC_WORDS = (
    ("资质", re.compile(r"资质|(?:总|专业)承包[特一二三]级")),
    ("团队类别", re.compile(r"团队")),
    ("主体", re.compile(r"\A(?:个人|小微企业|企业|个体工商户|合伙)")),
)
_STOP = re.compile("[,;:。\n]")
_COMMA = re.compile('、|(?<=")(?=")')
_BRACKETED = re.compile(r"\(([\u4e00-\u9fff]+)\)")
_QUOTED = re.compile(r'"([^"]*)"')
_MARK = re.compile(r"(?<!\d)[,;:]|[,;:](?!\d)")
_LABEL_LEAD = re.compile(r"(?:[^\W\d_]{0,8})?(?:[、,和及;:]|其中)+|")
_LABEL_OPENER = re.compile(r"(?:其中|[按为对以]照?|给予|奖励|补助)+")
_LABEL_END = re.compile(
    r"(?:的|可)?(?:给予|分别|最高|不超过|一次性|奖励|补助|补贴|资助|奖|按|为|每(?:千瓦时?|平方米|吨|台|辆|座|条|间|亩|户|[生班次位名床件家栋处所只头羽]|张(?:床位?)?|个(?:床位|泊位|工位)|公里|立方米|标箱"
    r"|学[年期])|每人|每月|每年|每家|每个|每项|(?<!国际)(?<!国家)(?<!行业)(?<!地方)(?<!团体)标准|再|予以|享受|发放|可)*(?:按照?[^、,按]{2,16}的)?\Z"
)


def named(flat: str, start: int, grant: int, count: int) -> tuple[tuple[Condition, ...], ...]:
    """Conditions for ``count`` tiers from the list of names or thresholds in front of ``grant``; empty where there is none."""
    floor = max(start, grant - _SIGHT)
    stops = [floor, *(m.end() for m in _STOP.finditer(flat, floor, grant))]
    ends = [*(at - 1 for at in stops[1:]), grant]
    for first, last in reversed(list(zip(stops, ends, strict=True))):
        span = Span(first, last)
        found = thresholds(flat, span, count) or _labels(flat, span, count)
        if found:
            return found
    return ()


def thresholds(flat: str, span: Span, count: int) -> tuple[tuple[Condition, ...], ...]:
    """首次突破1亿元、5亿元、10亿元: one condition each."""
    found = figures_within(flat, span)
    runs: list[list[Figure]] = []
    for figure in found:
        last = runs[-1][-1] if runs else figure
        joined = listed(flat, last, figure) or _EACH_AND_OVER.fullmatch(flat, last.span.end, figure.span.start)
        if runs and joined and last.kind == figure.kind:
            runs[-1].append(figure)
        else:
            runs.append([figure])
    run = next((run for run in reversed(runs) if len(run) == count), None)
    if run is None:
        return ()
    read = [c for c in read_conditions(flat, span) if c.amount]
    own = {c.amount.span: c for c in read if c.amount}
    if all(figure.span in own for figure in run):
        return tuple((own[figure.span],) for figure in run)
    first = next((own[figure.span] for figure in run if figure.span in own), None)
    if first is None or first.amount is None:
        return ()
    unit = first.amount.unit
    return tuple(
        (replace(first, amount=replace(first.amount, value=f.value, span=f.span, unit=unit), span=f.span),) for f in run
    )


def _labels(flat: str, span: Span, count: int) -> tuple[tuple[Condition, ...], ...]:
    items = _items(flat, span, count)
    return tuple((condition,) for condition in conditions_of(flat, items, span)) if items else ()


def _items(flat: str, span: Span, count: int) -> list[Span]:
    """The list of ``count`` names in ``span``: split at 、 alone if that gives as many, else at 和, 及, 或 too."""
    for joint in (_COMMA, _JOINT):
        cuts = list(joint.finditer(flat, span.start, span.end))
        if len(cuts) == count - 1:
            starts = [span.start, *(m.end() for m in cuts)]
            ends = [*(m.start() for m in cuts), span.end]
            items = [Span(a, b) for a, b in zip(starts, ends, strict=True)]
            return items if all(item.of(flat).strip() for item in items) else []
        if len(cuts) >= count > 1:
            last = _last_items(
                flat, [*(m.end() for m in cuts[-count:]), span.end], [m.start() for m in cuts[1 - count :]]
            )
            if last:
                return last
    return []


def _last_items(flat: str, starts: Sequence[int], ends: Sequence[int]) -> list[Span]:
    """国家级、省级、市级孵化载体 of 被统战、科技部门评定为国家级、省级、市级孵化载体: the list begins behind the verb."""
    items = [Span(a, b) for a, b in zip(starts[:-1], [*ends, starts[-1]], strict=True)]
    verb = _AWARDS.search(items[0].of(flat))
    names = [re.sub("的.*", "", item.of(flat).strip()) for item in items]
    alike = len(names[0]) > 3 and all(
        len(name) > 3 and name[-2:] == names[0][-2:] for name in names
    )  # 特级教师、正高级教师
    if verb is None or not (alike or all(_LEVEL.match(name) for name in names[1:])):
        return []
    return [Span(items[0].start + verb.end(), items[0].end), *items[1:]]


def conditions_of(flat: str, items: Sequence[Span], around: Span) -> list[Condition]:
    """One condition for each name: A类, B类 → 人才类别 eq."""
    texts = [item.of(flat) for item in items]
    if _SERIES.search(texts[0]) and re.match(r"第?[A-Z一二三四五六][两三四五]?(?:类|等|级|档|星级|层次)", texts[-1]):
        return _letters(flat, items, around)
    if _STANDARD.match(texts[-1]) and all(_STANDARD_LEVEL.search(text) for text in texts[:-1]):
        levels = [_STANDARD_LEVEL.search(text) or _STANDARD.match(text) for text in texts]
        return [
            _condition("标准级别", level["level"] + "标准", Span(item.start + level.start(), item.start + level.end()))
            for item, level in zip(items, levels, strict=True)
            if level
        ]
    for metric, pattern in _KINDS:
        if not pattern.search(texts[0]):
            continue
        matches = [pattern.search(text) or _REST.search(text) for text in texts]
        told_apart = len({match[0] for match in matches if match}) == len(
            texts
        )  # 国家级、省级工业设计中心: not by 工业
        licence = metric == "评定等级" and "资质" in texts[-1] and len(texts[0].strip()) > 2
        if all(matches) and told_apart and not licence and pattern.search(texts[0]):
            return [
                _condition(
                    _told(texts[0][: matches[0].start()] if matches[0] else "") or _metric(flat, around, metric),
                    match[0],
                    Span(item.start + match.start(), item.start + match.end()),
                )
                for item, match in zip(items, matches, strict=True)
                if match
            ]
    return _other(flat, items, around)


def _letters(flat: str, items: Sequence[Span], around: Span) -> list[Condition]:
    """A、B、C类人才: 类 is said once."""
    last = re.match(r"第?(?P<each>.)[两三四五]?(?P<kind>类|等[奖次级]?|级|档次?|星级|层次)", items[-1].of(flat))
    if last is None:
        return []
    metric = (
        _metric(flat, around, "人才类别")
        if last["kind"] in ("类", "层次")
        else "奖项"
        if last["kind"] == "等奖"
        else "评定等级"
    )
    ordinal = "第" if last[0].startswith("第") else ""
    spans = [Span(item.end - 1, item.end) for item in items[:-1]]
    whole = Span(items[-1].start, items[-1].start + last.end())
    return [
        *(_condition(metric, ordinal + span.of(flat) + last["kind"], span) for span in spans),
        _condition(metric, ordinal + last["each"] + last["kind"], whole),
    ]


def _other(flat: str, items: Sequence[Span], around: Span) -> list[Condition]:
    spans = list(items)
    text = spans[0].of(flat)
    level = next((m for m in _LEVEL.finditer(text) if m.start() == 0 or text[m.start() - 1] not in "、"), None)
    verb = _BEFORE_NAME.match(text)
    cut = level.start() if level and (not verb or level.start() >= 2) else (verb.end() if verb else 0)
    spans[0] = Span(spans[0].start + cut, spans[0].end)
    last = spans[-1].of(flat)
    for _ in range(3):  # 资质认定的企业: first 的企业, then 认定, then 资质
        tail = _TAIL.search(last, 1)
        if tail and tail.start() >= 2:
            last = last[: tail.start()]
    spans[-1] = Span(spans[-1].start, spans[-1].start + len(last))
    plain = [_unquoted(span.of(flat).strip()) for span in spans]
    if classes := _classes(plain, items[-1].of(flat)):
        return [_condition(classes[0], name, span) for name, span in zip(classes[1], spans, strict=True)]
    names = _completed(plain)
    if not all(2 <= len(name) <= 30 and "%" not in name and not _SUM.search(name) for name in names):
        return []
    told = _told(text[:cut])
    metric = told or next((name for name, pattern in _METRIC_WORDS[:1] if pattern.search(around.of(flat))), "")
    if all(re.fullmatch(r"[\u4e00-\u9fff]{0,4}(?:企业|单位|机构|个人|团队)", name) for name in names):
        metric = told or "主体"
    if _SKILLED.search(around.of(flat)) and all(re.fullmatch("[初中高]级|(?:高级)?技师", name) for name in names):
        metric = "技能等级"
    if not metric and all(_THING.fullmatch(name) for name in names):
        metric = "类型"
    if not metric:
        metric = "主体" if _METRIC_WORDS[2][1].match(names[0]) else "认定"
    return [_condition(metric, printed(name), span) for name, span in zip(names, spans, strict=True)]


def _classes(names: list[str], last_words: str) -> tuple[str, list[str]] | None:
    """团队类别 顶尖, 领军, 高端 of 顶尖、领军、高端人才团队; 人才类别 顶尖人才, 领军人才 of 顶尖、领军人才."""
    if "团队" in last_words and all(_CLASS.fullmatch(name) for name in names):
        return "团队类别", names  # 国际领先、国内领先的团队
    last = _OF_CLASS.fullmatch(names[-1])
    if last is None or not all(_CLASS.fullmatch(name) for name in names[:-1]):
        return None
    noun = "" if last["team"] else "人才"
    return "团队类别" if last["team"] else "人才类别", [*(name + noun for name in names[:-1]), last["name"] + noun]


def _same_end(names: list[str]) -> list[str]:
    """市级老字号 of 省级老字号、市级老字号企业: what all of them are is said behind the last."""
    plain = re.sub(r"(?:企业|单位|项目|产品)\Z", "", names[-1])
    alike = len(plain) > 3 and all(name.endswith(plain[-3:]) for name in names[:-1])
    return [*names[:-1], plain] if alike and plain != names[-1] else names


def _unquoted(name: str) -> str:
    """小升规 of “小升规”; quotes around a part of the name stay."""
    return name[1:-1] if len(name) > 3 and name[0] == name[-1] == '"' and name.count('"') == 2 else name


def _completed(names: list[str]) -> list[str]:
    """国家级、省级创新平台 → 国家级创新平台; 施工总承包特级、一级 → 施工总承包一级."""
    level = _BARE_LEVEL.match(names[-1])
    if level and len(names[-1]) > level.end() and all(_BARE_LEVEL.fullmatch(name) for name in names[:-1]):
        return [*(name + names[-1][level.end() :] for name in names[:-1]), names[-1]]
    names = _same_end(names)
    grade = re.search(rf"{_GRADE.pattern}\Z", names[0])
    if grade and grade.start() and all(_GRADE.fullmatch(name) for name in names[1:]):
        return [names[0], *(names[0][: grade.start()] + name for name in names[1:])]
    return names


def is_staged(conditions: Sequence[Sequence[Condition]]) -> bool:
    """辅导备案、受理、上市: steps of one way."""
    names = [c.words for each in conditions for c in each]
    hits = [name for name in names if _STAGE.search(name)]
    return len(hits) == len(names) >= 2 and any(
        re.search("辅导|受理|股改|股份制改造|立项|报会", name) for name in names
    )


def stage_name(words: str) -> str:
    """通过辅导备案 → 辅导备案."""
    return (
        re.sub(
            r"^(?:企业|上市(?=辅导)|完成|通过|获得?|进入|成功|正式|实现|首次|在[^,]{2,12}?(?=上市|受理)|[^,]{1,8}局(?=辅导|备案|受理))+(?=.{2})|(?:登记|验收|的|(?<=上市)成功)\Z",
            "",
            words,
        )
        or words
    )


def _told(words: str) -> str:
    """职业技能等级 of 对职业技能等级为高级技师: what the names are of, in its own words."""
    said = _TOLD.search(words)
    return re.sub(r"^.*(?:对|的|获得|取得|其|经|且|企业|人才)(?=.{2})", "", said["metric"]) if said else ""


def _metric(flat: str, around: Span, metric: str) -> str:
    if metric == "人才类别" or (metric == "评定等级" and re.search("团队|人才", around.of(flat))):
        words = around.of(flat)
        if "团队" in words:
            return "团队类别"
        if re.search("类项目", words):
            return "项目类别"
        if "亩均" in words or "综合评价" in words:
            return "亩均评价"
        return metric if "人才" in words or len(words) < 40 else "类别"
    return metric


def _condition(metric: str, words: str, span: Span) -> Condition:
    return Condition(metric, "eq", span, words=words)


def printed(words: str) -> str:
    """The Chinese punctuation that folding has made ASCII, for people to read."""
    words = _BRACKETED.sub("（\\1）", _QUOTED.sub("“\\1”", words))
    return _MARK.sub(lambda mark: _MARKS[mark[0]], words)


def each_labelled(part: Part, amounts: Sequence[Figure]) -> list[Span]:
    """The words right before each of ``amounts`` in their part: A类最高150万元、B类最高100万元; empty unless each has its own."""
    labels: list[Span] = []
    start = part.span.start
    for figure in amounts:
        words = part.flat[max(start, figure.span.start - 40) : figure.span.start]
        opening = max(start, figure.span.start - 40)
        lead = _LABEL_LEAD.match(words)
        begin = opening + (lead.end() if lead and start != part.span.start else 0)
        opener = _LABEL_OPENER.match(part.flat[begin : figure.span.start])
        begin += opener.end() if opener else 0
        name = _LABEL_END.search(
            part.flat[begin : figure.span.start],
        )
        end = begin + (name.start() if name else 0)
        if end - begin < 2 or _ONE.match(part.flat[begin:end]):
            return []
        labels.append(Span(begin, end))
        start = figure.span.end
    return labels
