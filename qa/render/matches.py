"""Measures matched to a profile, for people: sorted by outcome, each decision with its reason and source; never a total."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from ingest.document import NO_NUMBER, PolicyDocument
from qa.calculation.figures import money
from qa.measure_words import called, place_of
from qa.render.markup import badge, escape
from qa.render.measures import NOT_WRITTEN, span_link

if TYPE_CHECKING:  # only names of types: rendering must not load the search engines
    from ingest.measures.model import Benefit, Window, Words
    from qa import source
    from qa.matching import Decision, Match, Matches
    from qa.matching.amount import Worked
    from qa.matching.outcome import Outcome
    from qa.matching.requirement import Verdict
    from qa.matching.understand import Reading

    Documents = Mapping[str, PolicyDocument] | source.Documents

MATCHES_SHOWN, MATCHES_FOLDED = 20, 200  # of one outcome: at once, and when asked for
OUTCOME_WORDS: dict[Outcome, str] = {
    "applies": "符合",
    "nearly": "接近",
    "undecided": "待确认",
    "does_not_apply": "不符合",
}
VERDICT_WORDS: dict[Verdict, str] = {"met": "符合", "not_met": "不符合", "unknown": "待确认"}
SIGNS: dict[Verdict, str] = {"met": "✓", "not_met": "✗", "unknown": "？"}
_NO_SUM = "标准见条款"


def matches_html(matches: Matches, documents: Documents) -> str:
    """All groups; measures that do not apply, and those of files not in force, are folded."""
    if not (matches.current or matches.ended or matches.coming):
        other = f"另有 {matches.elsewhere} 项是其他地区的。" if matches.elsewhere else ""
        return f'<div class="empty"><b>没有可以比对的支持措施</b><br>库内没有适用于所填地区的支持措施。{other}</div>'
    counts = "".join(
        f'<a class="count-of {outcome}" href="#group-{outcome}">{word} <b>{len(matches.of(outcome))}</b></a>'
        for outcome, word in OUTCOME_WORDS.items()
    )
    groups = "".join(
        _group(f"group-{outcome}", f"{word}（{len(found)}）", found, documents, outcome != "does_not_apply")
        for outcome, word in OUTCOME_WORDS.items()
        if (found := matches.of(outcome))
    )
    others = (("清单、解读等转述上列条款的", matches.retold), ("尚未施行的文件", matches.coming),
              ("已失效或已废止的文件，仅供参考", matches.ended))  # fmt: skip
    apart = "".join(_group("", f"{name}（{len(found)}）", found, documents, False) for name, found in others if found)
    elsewhere = f"另有 {matches.elsewhere} 项属于其他地区，未列入。" if matches.elsewhere else ""
    return (
        f'<div class="matches" tabindex="-1" aria-label="匹配结果"><p class="counts">{counts}</p>{groups}{apart}'
        f'<p class="notice">各项数额分别测算，不相加。{elsewhere}以 {matches.as_of.isoformat()} 的时效为准，最终以主管部门审核为准。</p></div>'
    )


def _group(anchor: str, name: str, found: Sequence[Match], documents: Documents, opened: bool) -> str:
    rows = [match_html(match, documents[match.record.card.id]) for match in found[:MATCHES_FOLDED]]
    rest = "".join(rows[MATCHES_SHOWN:])
    if rest:
        rest = f"<details class=rest><summary>显示其余 {len(rows) - MATCHES_SHOWN} 项</summary>{rest}</details>"
    if len(found) > MATCHES_FOLDED:
        rest += f'<p class="notice">另有 {len(found) - MATCHES_FOLDED} 项，可导出表格查看。</p>'
    mark = f' id="{anchor}"' if anchor else ""
    return (
        f'<details class="group"{mark}{" open" if opened else ""}><summary>{escape(name)}</summary>'
        f"{''.join(rows[:MATCHES_SHOWN])}{rest}</details>"
    )


def match_html(match: Match, document: PolicyDocument) -> str:
    """One measure: outcome, name, sums, place; opened, every decision, the standard in the words of the clause, and the rest."""
    measure, card = match.record.measure, match.record.card
    rows = "".join(_decision(match, decision, document) for decision in (*_own(match), *match.general))
    facts = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in _facts(match, document) if value)
    return (
        f'<details class="match {match.outcome}"><summary><span class="outcome">{OUTCOME_WORDS[match.outcome]}</span>'
        f'<span class="name">{escape(called(measure, document.text))}</span><b class="sum">{escape(headline(match))}</b>'
        f"<small>{escape(place_of(card))} · {escape(card.document_number or NO_NUMBER)}{_gap(match)}</small></summary>"
        f'<ul class="decisions">{rows}</ul><dl>{facts}</dl>'
        f'<p class="tools">{span_link(card, measure.span, "条款原文")}'
        f'<a class="compare" href="#compare-{quote(measure.id, safe="")}" role="button">与其他级别比对</a></p></details>'
    )


def _own(match: Match) -> tuple[Decision, ...]:
    """Without the tiers of others: who is a doctor need not read that he is no bachelor, where his own tier is met."""
    failing = {(d.benefit, d.tier) for d in match.decisions if d.tier is not None and d.verdict != "met"}
    met = {d.benefit for d in match.decisions if d.tier is not None and (d.benefit, d.tier) not in failing}
    return tuple(d for d in match.decisions if (d.benefit, d.tier) not in failing or d.benefit not in met)


def headline(match: Match) -> str:
    """The sums, each of its own benefit; what is only bounded is called 最高, and without any the clause is referred to."""
    if match.outcome == "does_not_apply":
        return ""
    sums = [words for worked in match.amounts if worked and (words := sum_of(worked))]
    return "；".join(dict.fromkeys(sums)) or _NO_SUM


def sum_of(worked: Worked) -> str:
    """20万元, 每年5万元, 最高500万元; empty where the rule comes to no sum."""
    if worked.value is not None:
        return f"{worked.per}{'至多' if worked.at_most else ''}{money(worked.value)}"
    return f"最高{money(worked.most)}" if worked.most is not None else ""


def _gap(match: Match) -> str:
    gap = match.gap if match.outcome == "nearly" else None
    return f" · {escape(gap.held.more)}" if gap and gap.held.more else ""


def _decision(match: Match, decision: Decision, document: PolicyDocument) -> str:
    span = decision.span
    source = span_link(match.record.card, span) if span and span.end > span.start else ""
    return (
        f'<li class="{decision.verdict}"><span class="sign">{SIGNS[decision.verdict]} {VERDICT_WORDS[decision.verdict]}</span>'
        f"<span>{escape(decision.need.name)}：{escape(decision.reason(document.text))}{source}</span></li>"
    )


def _facts(match: Match, document: PolicyDocument) -> list[tuple[str, str]]:
    measure, text = match.record.measure, document.text

    def cited(part: Benefit | Window | Words | None) -> str:
        return f"{escape(part.span.of(text).strip())}{span_link(match.record.card, part.span)}" if part else ""

    sums = [escape(worked.sentence(text)) for worked in match.amounts if worked]
    departments = "、".join(dict.fromkeys(escape(d.name) for d in measure.departments))
    return [
        ("支持标准", "<br>".join(map(cited, measure.benefits))),
        ("测算", "<br>".join(dict.fromkeys(sums))),
        ("文件上限", "<br>".join(map(escape, match.file_caps(text)))),
        ("叠加", escape(match.stacking(text))),
        ("兑现方式", cited(measure.channel)),
        ("申报时间", cited(measure.window) or f"{NOT_WRITTEN}，请向责任单位核实"),
        ("责任单位", departments or NOT_WRITTEN),
        ("时效", f"{badge(match.record.status.state)} {escape(match.record.status.reason)}"),
        ("提示", "<br>".join(map(escape, match.notices))),
    ]


def reading_html(reading: Reading) -> str:
    """What was understood of a sentence, each with the words it was read from, and what was not taken over."""
    rows = "".join(
        f"<li><b>{escape(each.label)}</b> {escape(each.value)}<small>“{escape(each.words)}”</small></li>"
        for each in reading.understood
    )
    unused = "".join(f"<li>“{escape(each.words)}”：{escape(each.why)}</li>" for each in reading.unused)
    if not rows and not unused:
        return '<p class="notice">没有读出可以填写的情况，请直接填写表单。</p>'
    left = f'<p class="notice">没有采用：</p><ul class="unused">{unused}</ul>' if unused else ""
    return f'<div class="understood"><p class="notice">已填写：</p><ul>{rows}</ul>{left}</div>'
