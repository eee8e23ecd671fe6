"""Requirements in words: who, which industry, what size, which qualification, what has happened. Never guessed from nearness."""

from __future__ import annotations

from collections.abc import Sequence

from qa.matching.asker import Asker
from qa.matching.industries import codes_of, name_of
from qa.matching.names import qualification, scale_of, trait_key
from qa.matching.places import not_told, reaches
from qa.matching.profile import DEGREES, STAGES, TALENT_CLASSES, Trait
from qa.matching.requirement import Held, Requirement, Verdict

# Kinds of applicant of which one may be the other: a company can run a carrier, introduce an investor, be an agency.
_MAY_BE = {
    "企业": {"机构", "载体", "引荐人", "团队"},
    "个人": {"团队", "引荐人"},
    "机构": {"载体", "引荐人", "企业"},
    "载体": {"机构", "企业"},
    "团队": {"个人", "企业"},
    "引荐人": {"企业", "个人", "机构"},
}
# Statistics count a unit as 规上工业 by its main business.
_OF_INDUSTRY = {"规上工业": "工业", "规上服务业": "服务业", "限上零售": "批发和零售业", "限上批发": "批发和零售业"}
_EVENTS = frozenset({"项目进度", "并网", "纳统", "信用", "安全环保", "认定", "支持事项"})
_YES_NO = {True: "met", False: "not_met"}


def trait_of(words: str, asker: Asker, name: str = "") -> Trait | None:
    """What the profile says of ``words``, alone or under the name of its requirement (转化地：本区)."""
    traits = asker.traits
    for key in (words, f"{name}{words}", f"{name}:{words}"):
        if found := traits.get(trait_key(key)):
            return found
    return None


def hold_place(need: Requirement, asker: Asker) -> Held:
    """Files of the asker's own district, city and province, and of the state."""
    reached = reaches(need.level, need.region, asker.line)
    if reached is None:
        return _unplaced(need, asker)
    return Held(_YES_NO[reached], f"所在地{asker.profile.region}" if asker.profile.region else "未填所在地")


def _unplaced(need: Requirement, asker: Asker) -> Held:
    if not asker.profile.region:
        return Held("unknown", "未填所在地", asks="region")
    return Held("unknown", f"所在地{asker.profile.region}", not_told(need.level, need.region, asker.line), "region")


def hold_type(need: Requirement, asker: Asker) -> Held:
    """Companies are not persons; whether a company is also an agency or a carrier is not known."""
    kind = asker.profile.kind
    if not kind:
        return Held("unknown", "未填主体类型", asks="kind")
    if kind in need.options:
        return Held("met", f"主体类型为{kind}")
    for option in need.options:
        if trait := trait_of(option, asker):
            return Held("met", f"所填{trait.name}") if trait.held else Held("not_met", f"所填不是{option}")
    possible = [option for option in need.options if option in _MAY_BE.get(kind, ())]
    if possible:
        return Held("unknown", f"主体类型为{kind}", f"是否属于{possible[0]}", f"statements:{possible[0]}")
    return Held("not_met", f"主体类型为{kind}，支持对象为{'、'.join(need.options)}")


def hold_industry(need: Requirement, asker: Asker) -> Held:
    """By the classification where the file's word has limits there, else by the file's own word."""
    if not asker.industries:
        return Held("unknown", "未填行业", asks="industries")
    names = "、".join(name_of(name) for name, _ in asker.industries)
    said = f"所填行业为{names}"
    wanted = [(option, codes_of(option)) for option in need.options]
    for option, codes in wanted:
        for name, own in asker.industries:
            if trait_key(name) == trait_key(option) or (codes and own and own <= codes):
                return Held("met", said)
        if (trait := trait_of(option, asker)) and trait.held:
            return Held("met", f"所填{trait.name}")
    apart = all(
        (codes and all(own and not own & codes for _, own in asker.industries)) or _denied(option, asker)
        for option, codes in wanted
    )
    if apart:
        return Held("not_met", said)
    open_option = next(option for option, codes in wanted if not _denied(option, asker))
    asks = f"statements:属于{open_option}" if codes_of(open_option) is None else "industries"
    return Held("unknown", said, f"是否属于{open_option}" if codes_of(open_option) is None else "", asks)


def _denied(option: str, asker: Asker) -> bool:
    trait = trait_of(option, asker) or trait_of(f"属于{option}", asker)
    return trait is not None and not trait.held


def hold_size(need: Requirement, asker: Asker) -> Held:
    """划型 by sets that exclude one another, 规上 and the like as stated."""
    verdicts = [_size(option, asker) for option in need.options]
    return _best(verdicts)


def _size(option: str, asker: Asker) -> Held:
    wanted = scale_of(option)
    if trait := trait_of(option, asker):
        return Held(_YES_NO[trait.held], f"所填{'' if trait.held else '不是'}{trait.name}")
    if wanted is not None:
        own = scale_of(asker.profile.scale)
        if own is None:
            return Held("unknown", "未填企业规模", asks="scale")
        said = f"所填规模为{asker.profile.scale}"
        if own <= wanted:
            return Held("met", said)
        return Held("unknown", said, asks="scale") if own & wanted else Held("not_met", said)
    trade = codes_of(_OF_INDUSTRY.get(option, ""))
    if trade and asker.industries and all(own and not own & trade for _, own in asker.industries):
        return Held("not_met", f"所填行业为{'、'.join(name_of(name) for name, _ in asker.industries)}")
    return Held("unknown", f"未说明是否为{option}", asks=f"sizes:{option}")


def hold_qualification(need: Requirement, asker: Asker) -> Held:
    """Held, denied or not said; a 小巨人 is not taken for a 专精特新中小企业, nor the other way round."""
    return _best([_qualified(option, asker) for option in need.options])


def _qualified(option: str, asker: Asker) -> Held:
    core, level = qualification(option)
    asks = f"qualifications:{option}"
    for own, own_level, trait in asker.qualifications:
        if own != core or (level and own_level and own_level != level):
            continue
        if not trait.held:
            if own_level in ("", level):
                return Held("not_met", f"所填不是{trait.name}", asks=asks)
        elif level and not own_level:
            return Held("unknown", f"所填{trait.name}未说明级别", asks=asks)
        else:
            return Held("met", f"所填资质{trait.name}")
    if asker.profile.no_other_qualifications:
        return Held("not_met", "所填资质中没有此项", asks=asks)
    return Held("unknown", f"未说明是否为{option}", asks=asks)


def hold_project_kind(need: Requirement, asker: Asker) -> Held:
    """Several kinds named together may be one or each of them: met where all are, not met where none is."""
    found = [_stated(option, option, asker, f"project_kinds:{option}") for option in need.options]
    verdicts = {held.verdict for held in found}
    if len(verdicts) == 1:
        return found[0]
    waiting = next((held for held in found if held.verdict == "unknown"), None)
    met = next((held for held in found if held.verdict == "met"), None)
    if waiting:
        return waiting
    return Held("unknown", met.said if met else "", f"条款并列{'、'.join(need.options)}，须对照原文", "project_kinds")


def hold_person(need: Requirement, asker: Asker) -> Held:
    """Words for persons: 全日制博士 needs the degree and more; 高层次人才 is told by the classes that the measure itself lists."""
    return _best([_person(option, need, asker) for option in need.options])


def _person(option: str, need: Requirement, asker: Asker) -> Held:
    profile = asker.profile
    asks = f"statements:{option}"
    if trait := trait_of(option, asker):
        return Held(_YES_NO[trait.held], f"所填{'' if trait.held else '不是'}{trait.name}")
    if profile.kind != "个人":
        return Held("unknown", f"未说明所涉人员是否为{option}", asks=asks)
    if option in profile.titles:
        return Held("met", f"所填职称{option}")
    degree = next((d for d in reversed(DEGREES) if d in option), "")
    if degree and "博士后" not in option:
        if not profile.degree:
            return Held("unknown", "未填学历", asks="degree")
        if profile.degree != degree:
            return Held("not_met", f"所填学历为{profile.degree}", asks="degree")
        plain = option.replace("研究生", "").replace("毕业生", "") == degree
        return Held(
            "met" if plain else "unknown", f"所填学历为{profile.degree}", "" if plain else f"是否为{option}", asks
        )
    if option == "高校毕业生" and profile.degree in DEGREES[2:]:
        return Held("met", f"所填学历为{profile.degree}")
    if "人才" in option and need.within:
        if not profile.talent_class:
            return Held("unknown", "未填人才类别", asks="talent_class")
        return Held(_YES_NO[profile.talent_class in need.within], f"所填人才类别为{profile.talent_class}")
    return Held("unknown", f"未说明是否为{option}", asks=asks)


def hold_exclude(need: Requirement, asker: Asker) -> Held:
    """Those who are left out; only who says so himself is known to be one of them, or not to be."""
    return _stated_not(need.options[0], "", asker)


def hold_unread(need: Requirement, asker: Asker) -> Held:
    """Words with a figure that became no field may hold a condition."""
    return Held("unknown", "条款中有未能解析的内容", "须对照原文")


def hold_words(need: Requirement, asker: Asker) -> Held:
    """A condition in words: by the field that speaks of it, else by what is stated of it in so many words."""
    words, profile = need.options[0], asker.profile
    if need.op == "not":
        return _stated_not(words, need.name, asker)
    if need.name == "学历":
        return _ranked(words, profile.degree, DEGREES, "学历", "degree", need.op)
    if need.name == "人才类别":
        return _ranked(words, profile.talent_class, TALENT_CLASSES[::-1], "人才类别", "talent_class", need.op)
    if need.name in ("用工方式", "工作方式") and "全职" in words and profile.full_time is not None:
        return Held(_YES_NO[profile.full_time], f"所填{'' if profile.full_time else '非'}全职工作")
    if need.name == "用工方式" and "全职" in words:
        return Held("unknown", "未说明是否全职工作", asks="full_time")
    if need.name == "认定":
        return _qualified(words, asker)
    if need.name == "认定方式":
        return _granted(words, need, asker)
    if need.name == "主体":
        return _applicant(words, need, asker)
    if need.name == "注册地" and words.startswith("本"):
        return _registered(words, need, asker)
    if need.name == "项目进度" and profile.project_stage and trait_of(words, asker) is None:
        return _stage(words, asker)
    if need.name in ("职称", "职业资格", "技能等级") and any(words == title for title in profile.titles):
        return Held("met", f"所填职称{words}")
    name = "" if need.name in words or need.name in _EVENTS else need.name
    asks = "project_stage" if need.name == "项目进度" else f"statements:{name}{'：' if name else ''}{words}"
    return _stated(words, f"{need.name}为{words}" if name else words, asker, asks, need.name)


def _stated(words: str, spoken: str, asker: Asker, asks: str, name: str = "") -> Held:
    trait = trait_of(words, asker, name)
    if trait is None:
        return Held("unknown", f"未说明是否{spoken}" if not spoken.startswith("是") else f"未说明{spoken}", asks=asks)
    return Held(_YES_NO[trait.held], f"所填{'' if trait.held else '并非'}{trait.name}", asks=asks)


def _stated_not(words: str, name: str, asker: Asker) -> Held:
    trait = trait_of(words, asker, name)
    if trait is None:
        return Held("unknown", f"未说明是否属于{words}", asks=f"statements:{words}")
    return Held(
        _YES_NO[not trait.held], f"所填{'属于' if trait.held else '不属于'}{trait.name}", asks=f"statements:{words}"
    )


def _ranked(words: str, own: str, order: Sequence[str], name: str, asks: str, op: str) -> Held:
    """博士, 本科以上, C类以上: ``order`` is lowest first."""
    wanted = next((each for each in reversed(order) if each in words), None)
    if wanted is None or "博士后" in words:
        return Held("unknown", f"所填{name}为{own}" if own else f"未填{name}", f"条款称{words}", asks)
    if not own:
        return Held("unknown", f"未填{name}", asks=asks)
    if own not in order:
        return Held("unknown", f"所填{name}为{own}", asks=asks)
    above = op == "ge" or "以上" in words
    met = order.index(own) >= order.index(wanted) if above else own == wanted
    return Held(_YES_NO[met], f"所填{name}为{own}", asks=asks)


def _granted(words: str, need: Requirement, asker: Asker) -> Held:
    """首次认定 and 重新认定 of the qualifications that the measure is about."""
    wanted = {qualification(name) for name in need.within}
    again = "重新" in words
    for core, level, trait in asker.qualifications:
        if not trait.held or not any(core == c and (not level or not own or level == own) for c, own in wanted):
            continue
        if trait.again is None:
            break
        said = f"所填{trait.name}为{'重新' if trait.again else '首次'}认定"
        return Held(_YES_NO[trait.again is again], said)
    name = need.within[0] if need.within else ""
    return Held(
        "unknown", f"未说明{name}是首次还是重新认定", asks=f"qualifications:{name}" if name else "qualifications"
    )


def _applicant(words: str, need: Requirement, asker: Asker) -> Held:
    if scale_of(words) is not None:
        return _size(words, asker)
    return hold_type(Requirement("type", "主体", options=(words,)), asker)


def _registered(words: str, need: Requirement, asker: Asker) -> Held:
    """注册地 is the place of the profile, as far as the level of the file goes."""
    if trait := trait_of(words, asker, need.name):
        return Held(_YES_NO[trait.held], f"所填{'' if trait.held else '并非'}{trait.name}")
    reached = reaches(need.level, need.region, asker.line)
    if reached and {"省": "province", "市": "city"}.get(words[-1], "district") in (need.level, "district"):
        return Held("met", f"所在地{asker.profile.region}")
    return _unplaced(need, asker)


def _stage(words: str, asker: Asker) -> Held:
    own = asker.profile.project_stage
    wanted = max((i for i, stage in enumerate(STAGES) if stage in words), default=None)
    if wanted is None:
        return Held("unknown", f"所填项目进度为{own}", asks=f"statements:{words}")
    return Held(_YES_NO[STAGES.index(own) >= wanted], f"所填项目进度为{own}", asks="project_stage")


def _best(found: Sequence[Held]) -> Held:
    """One of several is enough: the first that is met, else the first that is open, else the first."""
    order: tuple[Verdict, ...] = ("met", "unknown", "not_met")
    return min(found, key=lambda held: order.index(held.verdict))
