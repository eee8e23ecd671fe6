"""Drafts made of the sample corpus's own clauses, each with one seeded error, and clean ones: what does the review find?

``python -m tests.seeded_drafts`` prints what was found, by kind of error, and every finding on the clean drafts. The words of the seeds
were written before the rules were tried on them; none is an example of the table of rules.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from index.library import Library
from ingest.document import Clause, PolicyDocument
from ingest.parse import document_from_text
from ingest.settings import Settings
from qa.review import Finding, review

AS_OF = date(2026, 3, 31)
# Files in force on that day whose clauses have numbers and departments, and the two that are not in force any more.
BASES = ("清政〔2024〕9号", "云政〔2024〕6号", "清办〔2023〕11号", "清政办〔2024〕21号", "云政办〔2023〕18号")
ENDED = ("清政〔2021〕7号", "清政〔2022〕3号")
_GRANT = re.compile(r"给予|补贴|补助|奖励")
_MONEY = re.compile(r"(\d+)万元")
_PLACE = re.compile(r"第[^条项]{1,6}[条项]规定")
_DEPARTMENT = re.compile(r"（责任单位：[^）]*）")

# Said in other ways than the rules expect; how many of them are found is told apart.
DISGUISED = {
    "FC01": "企业上缴税收区级实得部分，前两年全部、后三年减半用于支持企业发展。|自投产起三年内，给予相当于增值税地方部分的产业扶持资金。"
    "|年度综合贡献排名前十的企业，分别奖励20万元。",
    "FC04": "区外企业变更注册地址至我区的，给予20万元落户奖励。|对从区外迁入并在我区办理税务登记的企业，给予10万元一次性补助。",
    "FC05": "项目用地摘牌后，按每亩5万元标准以产业发展资金形式奖励企业。",
    "FC08": "政府投资项目优先选用区内企业生产的建材产品。",
    "FC09": "限额以下工程优先发包给注册地在本区的建筑企业。|同等条件下本地企业优先中标。",
    "FC11": "企业五年内迁离本区的，全额退回已享受的奖励资金。",
    "FC15": "全区停车泊位委托区属国有企业独家承接运营。",
    "FC22": "向重点企业供应蒸汽，价格每吨优惠30元。",
    "FC25": "每件发明专利授权资助5000元。",
}
RULED = {
    "FC01": "对规模以上工业企业，按其当年新增增值税区级留存额的30%给予发展扶持奖励。|对总部企业，以上一年度形成的地方财政贡献为基数，前三年全额奖励。",
    "FC02": "对年度入库税收超过800万元的商贸企业，择优推荐为示范企业。|对年纳税总额达到3000万元的工业企业，优先推荐评优。",
    "FC03": "对企业高级管理人员缴纳的个人所得税，按区级所得部分的60%予以奖励。",
    "FC04": "对将税收关系迁入我区的区外建筑业企业，给予一次性奖励30万元。",
    "FC05": "对新落户工业项目，按已缴土地出让价款的20%予以补贴。",
    "FC06": "对入园企业三年内免收行政事业性收费。",
    "FC07": "对清河恒远新能源科技有限公司给予2000万元扶持资金。",
    "FC08": "规模以上企业采购区内配套产品且年采购额超过300万元的，按采购额的3%给予奖励。",
    "FC09": "参与政府投资项目投标的企业，在本市缴纳社保满一年的优先中标，本市企业加3分。",
    "FC10": "承接我区养老服务的社会组织，须在本区注册成立分支机构。",
    "FC11": "享受本措施的企业应当承诺十年内不迁出我区。",
    "FC12": "对纳入上市后备企业库的企业优先给予贷款贴息。",
    "FC13": "对行业龙头企业给予最高300万元奖励。",
    "FC15": "指定区投资集团为全区独家充电设施运营单位。",
    "FC16": "企业申请本项补助的，须加入区智能制造行业协会方可申报。",
    "FC19": "对特别重大的项目，实行一企一策给予支持。",
    "FC23": "外地企业在本区承揽工程的，不享受本措施各项补贴。",
    "FC26": "对作出突出贡献的企业，给予一定奖励。",
    "FC27": "区产业基金承诺五年后按年化6%回购社会资本股权。",
}


@dataclass(frozen=True, slots=True)
class Seeded:
    """``kind`` and ``rule`` or ``name``: what a finding on the error has; empty ``kind``: a clean draft."""

    id: str
    text: str
    kind: str = ""
    rule: str = ""
    name: str = ""

    def is_on_error(self, finding: Finding) -> bool:
        return finding.kind == self.kind and finding.rule == self.rule and (not self.name or self.name in finding.name)


@dataclass(slots=True)
class Draft:
    """The parts of a draft of 若干措施; a seed changes one of them."""

    level: str
    basis: str
    claims: list[str]
    items: list[str]
    extra: list[str] = field(default_factory=list)
    table: list[str] = field(default_factory=list)
    closing: dict[str, str] = field(
        default_factory=lambda: {
            "公平竞争审查说明": "本措施已按规定进行公平竞争审查。",
            "解释机关": "本措施由发展改革部门会同财政部门负责解释。",
            "施行日期": "本措施自2026年7月1日起施行",
            "有效期": "有效期至2028年12月31日。",
        }
    )

    def text(self) -> str:
        place = "清河区" if self.level == "district" else "云澜市"
        lines = [
            f"{place}支持产业发展若干措施",
            "（征求意见稿）",
            f"为支持产业发展，根据{self.basis}等文件，制定本措施。",
        ]
        lines += ["一、支持事项", *_numbered([*self.items, *self.extra])]
        if self.claims:
            lines += ["二、落实上级和本级已有政策", *_numbered(self.claims)]
        closing = "，".join(filter(None, (self.closing.get("施行日期", ""), self.closing.get("有效期", ""))))
        others = [self.closing.get(name, "") for name in ("公平竞争审查说明", "解释机关")]
        lines += ["三、附则", *_numbered([*filter(None, others), closing.rstrip("。") + "。"] if closing else others)]
        return "\n".join([*lines, *self.table, ""])


def _numbered(items: list[str]) -> list[str]:
    return [f"（{'一二三四五六七八九十'[n]}）{item}" for n, item in enumerate(item for item in items if item)]


def seeded(library: Library) -> Iterator[Seeded]:
    """Clean drafts first, then one error each."""
    for number in BASES:
        document = library.document(number)
        yield Seeded(f"{number} clean", _draft(document).text())
        yield from _seeds_of_citations(number, document)
        yield from _seeds_of_figures(number, document)
        yield from _seeds_of_parts(number, document)
    for name, table in (("", RULED), (" disguised", DISGUISED)):
        for at, (rule, words) in enumerate(table.items()):
            for sentence in words.split("|"):
                number = BASES[at % len(BASES)]
                draft = _draft(library.document(number))
                draft.extra = [f"{sentence}（责任单位：发展改革部门）"]
                yield Seeded(f"{number} {rule}{name}", draft.text(), "fair_competition", rule)
    for number in ENDED:
        draft = _draft(library.document(BASES[0]))
        draft.basis = _named(library.document(number))
        yield Seeded(f"{number} ended basis", draft.text(), "basis", name="所引文件已")
    yield from _seeds_of_levels(library)


def _seeds_of_citations(number: str, document: PolicyDocument) -> Iterator[Seeded]:
    code, year, serial = re.match(r"(.*)〔(\d{4})〕(\d+)号", number).groups()  # type: ignore[union-attr]
    title = f"《{(document.metadata.title or '').replace('《', '〈').replace('》', '〉')}》"
    for name, wrong, kind in (
        ("wrong serial", f"{code}〔{year}〕{int(serial) + 71}号", "文号与库内文件不一致"),
        ("wrong year", f"{code}〔{int(year) - 2}〕{serial}号", "文号与库内文件不一致"),
        ("masked number", f"{code}〔202x〕{serial}号", "文号不完整"),
        ("number of another file", BASES[(BASES.index(number) + 1) % len(BASES)], "文号与题名对不上"),
    ):
        draft = _draft(document)
        draft.basis, draft.claims = f"{title}（{wrong}）", []
        yield Seeded(f"{number} {name}", draft.text(), "number", name=kind)
    draft = _draft(document)
    draft.claims = [_PLACE.sub("第九十八条规定", draft.claims[0])]
    yield Seeded(f"{number} no such clause", draft.text(), "claim", name="所引条款不存在")


def _seeds_of_figures(number: str, document: PolicyDocument) -> Iterator[Seeded]:
    draft = _draft(document)
    changed = _MONEY.sub(lambda m: f"{int(m[1]) * 3 + 7}万元", draft.claims[0], count=1)
    draft.claims = [changed]
    yield Seeded(f"{number} changed figure", draft.text(), "claim", name="引用与原文不符")
    draft = _draft(document)
    first, second = draft.claims[:2]
    draft.claims = [_PLACE.sub(_PLACE.search(second)[0], first)]  # type: ignore[index]
    yield Seeded(f"{number} figure of another clause", draft.text(), "claim", name="引用与原文不符")
    draft = _draft(document)
    words = draft.items[0].partition("（责任单位")[0]
    draft.claims = [f"{_named(document)}规定：“{words.replace('给予', '可酌情给予', 1)}”"]
    yield Seeded(f"{number} altered quotation", draft.text(), "claim", name="引用与原文不符")
    draft = _draft(document)
    draft.items.append("支持品牌建设。对新获批的省级优质品牌示范基地，给予30万元一次性奖励。（责任单位：市场监管部门）")
    rows = ["支持事项\t奖补标准\t责任单位", "省级优质品牌示范基地\t一次性45万元\t市场监管部门"]
    draft.table = ["附件", "奖补标准表", *rows, "国家级优质品牌示范基地\t一次性90万元\t市场监管部门"]
    yield Seeded(f"{number} text and table", draft.text(), "figures", name="正文与表格")
    draft = _draft(document)
    rows = [
        "项目\t资金（万元）\t责任单位",
        "技术改造\t1200\t经信部门",
        "人才引育\t800\t人社部门",
        "品牌建设\t350\t市场监管部门",
    ]
    draft.table = ["附件", "资金安排表", *rows, "合计\t2530\t财政部门"]
    yield Seeded(f"{number} total", draft.text(), "figures", name="合计")


def _seeds_of_parts(number: str, document: PolicyDocument) -> Iterator[Seeded]:
    rules = {"有效期": "FC20", "公平竞争审查说明": "FC21"}
    for part in ("有效期", "公平竞争审查说明", "施行日期", "解释机关"):
        draft = _draft(document)
        del draft.closing[part]
        if part == "施行日期":
            draft.closing["有效期"] = "本措施有效期三年"
        yield Seeded(f"{number} without {part}", draft.text(), "missing", rules.get(part, ""), f"缺少{part}")
    draft = _draft(document)
    draft.items[0] = _DEPARTMENT.sub("", draft.items[0])
    yield Seeded(f"{number} without department", draft.text(), "missing", name="缺少责任单位")


def _seeds_of_levels(library: Library) -> Iterator[Seeded]:
    """A district grants more than the city does for the same."""
    city = library.document("云政〔2024〕6号")
    for clause in _granting(city)[:4]:
        draft = _draft(library.document("清政办〔2024〕21号"))
        words = _MONEY.sub(lambda m: f"{int(m[1]) * 2}万元", _body(clause))
        draft.items = [words]
        yield Seeded(f"over the city: {clause.path}", draft.text(), "conflict", name="高于上级文件标准")


def _draft(document: PolicyDocument) -> Draft:
    clauses = _granting(document)
    claims = [f"根据{_named(document)}{_place(c)}规定，{_DEPARTMENT.sub('', _words(c))}" for c in clauses]
    items = [_with_department(_body(clause)) for clause in clauses]
    return Draft(document.metadata.level or "", _named(document), claims[:2], items[:5][-3:])


def _granting(document: PolicyDocument) -> list[Clause]:
    """Articles (or items counted through) that grant a sum."""
    articles = [c for c in document.clauses if c.kind == "body" and re.fullmatch(r"第.+条|\d+\.", c.marker)]
    items = articles or [c for c in document.clauses if c.kind == "body" and c.marker]
    found = [
        c for c in items if _GRANT.search(c.text) and _MONEY.search(c.text) and not re.search("其中属于|总额", c.text)
    ]
    return found


def _place(clause: Clause) -> str:
    return f"第{clause.marker}项" if clause.marker.startswith("（") else f"第{clause.marker.strip('第条.')}条"


def _named(document: PolicyDocument) -> str:
    title = (document.metadata.title or "").replace("《", "〈").replace("》", "〉")
    return f"《{title}》（{document.metadata.document_number.canonical}）"  # type: ignore[union-attr]


def _body(clause: Clause) -> str:
    return clause.text.strip().removeprefix(clause.marker).strip("\u3000 ")


def _words(clause: Clause) -> str:
    """What it grants, without its heading."""
    words = _body(clause)
    heading, _, rest = words.partition("。")
    return rest if len(heading) < 16 and _MONEY.search(rest) else words


def _with_department(words: str) -> str:
    return words if _DEPARTMENT.search(words) else f"{words}（责任单位：财政部门）"


def main() -> None:
    """Prints found and missed by kind of error, and what is said of clean drafts."""
    from tests.samples import CORPUS

    found, missed, clean = Counter[str](), defaultdict[str, list[str]](list), list[str]()
    beside = Counter[str]()
    with tempfile.TemporaryDirectory() as folder, Library.open(Settings(data=Path(folder))) as library:
        library.add([CORPUS])
        for draft in seeded(library):
            findings = review(library, document_from_text(draft.text, path="稿.txt"), AS_OF).findings
            sort = draft.id.split(" ", 1)[1]
            if not draft.kind:
                clean += [f"{draft.id}: {f.kind} {f.severity} {f.name} {f.reason[:160]}" for f in findings]
            elif any(map(draft.is_on_error, findings)):
                found[sort] += 1
            else:
                missed[sort].append(draft.id)
            if draft.kind:
                beside.update(f"{f.kind} {f.severity} {f.name}" for f in findings if not draft.is_on_error(f))
    total = sum(found.values()) + sum(map(len, missed.values()))
    print(f"{sum(found.values())} of {total} seeded errors found; {len(clean)} findings on {len(BASES)} clean drafts")
    for sort in sorted({*found, *missed}):
        print(f"{found[sort]:4} of {found[sort] + len(missed[sort]):3} {sort} {' '.join(missed[sort])}")
    print("on clean drafts:", *clean, sep="\n  ")
    print("beside the seeded error:", *(f"{count:4} {name}" for name, count in beside.most_common()), sep="\n  ")


if __name__ == "__main__":
    main()
