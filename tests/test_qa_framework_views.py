"""What a new colleague sees of a file and of the library: overview, responsibilities, timeline, files not held, reading path."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index.library import Library
from ingest.parse import document_from_text
from ingest.settings import Settings
from qa.answer import Citation
from qa.evidence import Shelf
from qa.export_tables import excel
from qa.framework.cited import cited_files
from qa.framework.explainer import explainer
from qa.framework.goals import goals
from qa.framework.overview import Overview, overview
from qa.framework.reading_path import reading_path
from qa.framework.responsibilities import Responsibilities, find_duties, responsibilities
from qa.framework.tables import duties_table, targets_table
from qa.framework.timeline import library_timeline, timeline
from qa.render import framework as html
from qa.render import framework_plain as plain
from qa.render.explainer_plain import explainer_dict, explainer_text

DAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def shelf(sample_data: Path) -> Iterator[Shelf]:
    with Library.open(Settings(data=sample_data)) as library:
        yield Shelf(library, DAY)


def id_of(shelf: Shelf, file: str) -> str:
    return next(card.id for card in shelf.library.documents() if card.file.startswith(file))


def lines(found: Overview, name: str) -> list[str]:
    return [line.text for part in found.parts if part.name == name for line in part.lines]


# file → part → words of its first line; "" where the file has no such part
PARTS = [
    ("示例05", {"依据": "为贯彻落实", "目标": "亿元以上项目不少于36个", "任务": "（一）健全统筹", "保障": "（一）压实", "责任单位": ""}),
    ("示例06", {"依据": "为加快构建", "目标": "", "任务": "", "措施": "支持新引进项目设备投资", "保障": "", "责任单位": "区经济和信息化局"}),
    ("示例18", {"依据": "为了规范惠企政策兑现工作", "目标": "", "任务": "", "保障": "", "责任单位": "市数据资源局"}),
    ("示例17", {"废止和修改": "清政〔2022〕3号"}),
    # items of 下列利息不予贴息 are no measures
    ("示例21", {"措施": "", "废止和修改": ""}),
    ("示例20", {"依据": "根据《云澜市人民政府办公室", "目标": "", "任务": "", "责任单位": "市科技局"}),
    ("示例17", {"目标": "", "任务": "", "措施": "", "保障": ""}),
    ("示例03", {"目标": "全市每年新引进亿元以上项目不少于260个", "任务": "（一）建立产业链链长制", "责任单位": "市委组织部"}),
]  # fmt: skip


@pytest.mark.parametrize(("file", "expected"), PARTS, ids=[file for file, _ in PARTS])
def test_parts_of_a_file_in_its_own_words_and_none_made_up(shelf, file, expected):
    found = overview(shelf, id_of(shelf, file))
    for name, words in expected.items():
        said = lines(found, name)
        assert (words in said[0]) if words else not said, (name, said[:1])


def test_what_a_file_does_not_say_of_itself_is_unstated(shelf):
    facts = {fact.name: fact for fact in overview(shelf, id_of(shelf, "示例05")).facts}
    assert {name for name, fact in facts.items() if fact.value == "未标明"} >= {
        "文号",
        "成文日期",
        "施行日期",
        "有效期至",
        "时效",
    }
    masked = {fact.name: fact for fact in overview(shelf, id_of(shelf, "示例03")).facts}
    assert masked["文号"].value == "x办发〔202x〕21号" and "不作补全" in masked["文号"].note
    assert masked["成文日期"].value == "未标明", "202x年 is not completed"


def every_citation(shelf: Shelf) -> Iterator[Citation]:
    for card in shelf.library.documents():
        found = overview(shelf, card.id)
        yield from (fact.citation for fact in found.facts if fact.citation)
        yield from (line.citation for part in found.parts for line in part.lines)
        yield from (target.citation for target in goals(shelf, card.id))
        who = responsibilities(shelf, card.id)
        yield from (
            citation for d in who.departments for duty in d.duties for citation in (duty.item.citation, duty.citation)
        )
        yield from (item.citation for item in who.unassigned)
        yield from (event.citation for event in timeline(shelf, card.id).events if event.citation)
    yield from (event.citation for event in library_timeline(shelf) if event.citation)
    yield from (place for file in cited_files(shelf).files for place in file.places)
    yield from (link for step in reading_path(shelf) for file in step.files for link in file.links)


def test_every_line_is_verbatim_in_the_clause_that_it_cites(shelf):
    count = 0
    for citation in every_citation(shelf):
        document = shelf.document(citation.document_id)
        clause = shelf.clause(document.id, citation.clause_id)
        assert citation.span.of(document.text) == citation.quote and clause.span.contains(citation.span)
        count += 1
    assert count > 500


def test_a_target_and_its_figure_stand_in_the_quoted_clause(shelf):
    targets = goals(shelf, id_of(shelf, "示例03"))
    assert len(targets) == 17
    for target in targets:
        assert target.value in target.citation.quote
    first = targets[0]
    assert (first.metric, first.comparator, first.value, first.period) == (
        "全市 新引进亿元以上项目",
        "不少于",
        "260个",
        "每年",
    )


def roles(found: Responsibilities) -> dict[str, list[tuple[str, str]]]:
    return {d.name: [(duty.role, duty.item.text) for duty in d.duties] for d in found.departments}


def test_departments_with_their_roles_and_tasks_without_one(shelf):
    found = responsibilities(shelf, id_of(shelf, "示例03"))
    named = roles(found)
    assert ("责任", "1.市级领导领衔") in named["市投资促进局"]
    assert "各县〔市、区〕人民政府" in named, "a bracket inside a name does not cut it"
    assert "（一）落实政策支持" in [item.text for item in found.unassigned]
    province = roles(responsibilities(shelf, id_of(shelf, "示例01")))
    assert ("牵头", "（五）新一代信息技术和人工智能") in province["省发展改革委"]
    assert ("配合", "（五）新一代信息技术和人工智能") in province["省科技厅"]
    table = roles(responsibilities(shelf, id_of(shelf, "示例20")))
    assert ("责任", "2026年第一季度") in table["市科技局"]


DUTIES = [
    ("由市发展改革委牵头，市财政局、市科技局配合，组建专班。", {("市发展改革委", "牵头"), ("市财政局", "配合"), ("市科技局", "配合")}),
    ("建设平台。（商务部、农业农村部等和各省级人民政府负责）", {("商务部", "责任"), ("农业农村部", "责任"), ("各省级人民政府", "责任")}),
    ("建设平台。（责任单位：市科技局；配合单位：市财政局）", {("市科技局", "责任"), ("市财政局", "配合")}),
    # a body that does something of its own has its own words as the task
    ("市数据资源局负责建设平台；市财政局负责资金保障。", {("市数据资源局", "责任"), ("市财政局", "责任")}),
    # bodies joined by commas are each named
    ("市科技局负责组织实施，市财政局负责资金保障，市税务局负责提供数据。", {("市科技局", "责任"), ("市财政局", "责任"), ("市税务局", "责任")}),
    # 负责同志 are persons
    ("市委、市政府负责同志担任链长。", set()),
    # who explains a file has nothing to do in it
    ("本方案由市科技局负责解释。", set()),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), DUTIES)
def test_who_does_it(sentence, expected):
    document = document_from_text(f"关于印发方案的通知\n各区：\n一、主要任务\n（一）建设平台。{sentence}\n")
    said, _ = find_duties(document)
    assert {
        (n.department.span.of(document.text), n.department.role) for each in said for n in each.departments
    } == expected


def test_the_role_is_the_word_of_the_file_and_each_duty_its_own(library: Library):
    text = (
        "关于印发方案的通知\n各区：\n一、主要任务\n（一）建设平台。（各区政府负责，市科技局指导，市财政局参与）\n"
        "（二）市数据资源局负责建设和维护平台；市税务局负责数据。\n"
    )
    document = document_from_text(text, path="a.txt")
    library.add_document(document, text.encode(), "text/plain")
    found = {d.name: d for d in responsibilities(Shelf(library, DAY), document.id).departments}
    assert [found[name].duties[0].printed for name in ("各区政府", "市科技局", "市财政局")] == ["责任", "指导", "参与"]
    assert [duty.item.text for duty in found["市税务局"].duties] == ["市税务局负责数据"]
    assert found["市税务局"].named.quote == "市税务局"


def test_one_line_a_sentence_of_targets_and_a_plan_without_the_word_task_has_tasks(library: Library):
    text = (
        "关于印发实施方案的通知\n各区：\n现将《职业教育实施方案》印发给你们。\n职业教育实施方案\n"
        "到2030年，建设50所学校和150个专业。\n一、完善制度体系\n（一）健全框架。\n"
        "二、构建标准\n（二）完善标准。\n三、促进融合\n（三）推动合作。\n四、保障政策\n（四）完善待遇。\n"
    )
    document = document_from_text(text, path="a.txt")
    library.add_document(document, text.encode(), "text/plain")
    found = overview(Shelf(library, DAY), document.id)
    assert lines(found, "目标") == ["到2030年，建设50所学校和150个专业"]
    assert lines(found, "任务") == ["健全框架。", "完善标准。", "推动合作。", "完善待遇。"]


def test_a_column_that_says_when_it_is_paid_is_no_time_for_applications(shelf):
    guide = timeline(shelf, id_of(shelf, "示例11"))
    assert {event.on.isoformat() for event in guide.events if event.kind == "申报窗口"} == {
        "2025-04-01",
        "2025-09-01",
        "2026-03-02",
    }


def test_the_state_of_a_file_in_time(shelf):
    found = timeline(shelf, id_of(shelf, "示例07"))
    assert [(p.start, p.status.state) for p in found.periods] == [
        (None, "尚未施行"),
        (date(2021, 8, 16), "有效"),
        (date(2024, 7, 1), "已废止"),
    ]
    repeal = next(event for event in found.events if event.kind == "废止")
    assert repeal.on == date(2024, 7, 1) and repeal.citation and "同时废止" in repeal.citation.quote
    yearly = next(event for event in found.events if event.kind == "申报窗口")
    assert yearly.on is None and yearly.note == "每年", "a window without a year has no day"
    assert timeline(shelf, id_of(shelf, "示例03")).unknown == (
        "成文日期",
        "印发日期",
        "发布日期",
        "施行日期",
        "到期日期",
    )
    changed = timeline(shelf, id_of(shelf, "示例12"))
    assert (date(2026, 1, 1), "部分失效") in [(p.start, p.status.state) for p in changed.periods]


def test_the_timeline_of_all_files(shelf):
    events = library_timeline(shelf, date(2024, 7, 1), date(2025, 4, 30))
    assert [event.on for event in events] == sorted((event.on for event in events), reverse=True)
    said = {(event.kind, event.on, event.document_id) for event in events}
    assert ("废止", date(2024, 7, 1), "清政〔2021〕7号") in said and (
        "申报窗口",
        date(2025, 4, 1),
        "清政办〔2025〕3号",
    ) in said
    assert all(event.citation for event in events)


def test_files_named_and_not_held(shelf):
    found = {file.title: file for file in cited_files(shelf).files}
    assert found["优化营商环境条例"].relations == (("based_on", 1),) and found["优化营商环境条例"].number is None
    assert [file.number for file in cited_files(shelf, "电子商务").files] == ["清政办〔2018〕17号"]
    held = {card.title for card in shelf.library.documents()}
    assert not held & found.keys()


def test_reading_path_has_typed_steps_and_each_link_its_sentence(shelf):
    steps = {step.kind: step.files for step in reading_path(shelf)}
    assert list(steps) == ["plan", "above", "policies", "guides", "past"]
    assert {file.relation for file in steps["above"]} == {"implements", "coordinates"}
    assert all(file.links and file.named for file in steps["above"])
    assert reading_path(shelf, among=()) == ()


HOSTILE = "<img src=x onerror=alert(1)>[点](javascript:alert(1)){{7*7}}"


def test_hostile_text_stays_text_and_a_removed_file_leaves_nothing(library: Library):
    title = f"关于印发{HOSTILE}工作方案的通知"
    text = (
        f"{title}\n示政〔2024〕5号\n各区：\n根据《{HOSTILE}管理办法》（示政〔2020〕9号），制定本方案。\n一、主要目标\n到2025年，{HOSTILE}产值达到100亿元以上。\n"
        f"二、主要任务\n（一）建设{HOSTILE}平台。（责任单位：{HOSTILE}局）\n三、保障措施\n（一）加强{HOSTILE}领导。\n示例市人民政府\n2024年5月1日\n"
    )
    document = document_from_text(text, path="a.txt")
    library.add_document(document, text.encode(), "text/plain")
    shelf = Shelf(library, DAY)
    found, who, when = overview(shelf, document.id), responsibilities(shelf, document.id), timeline(shelf, document.id)
    pages = [
        html.overview_html(found),
        html.goals_html(goals(shelf, document.id)),
        html.responsibilities_html(who),
        html.timeline_html(when),
        html.events_html(library_timeline(shelf), named=True),
        html.cited_files_html(cited_files(shelf)),
        html.reading_path_html(reading_path(shelf)),
    ]
    for page in pages:
        assert "<img" not in page and "{{" not in page and "](" not in page and "\n" not in page
    assert "100亿元" in pages[1] and "onerror" in pages[0]
    assert (
        plain.overview_text(found)
        and plain.overview_dict(found)["parts"]
        and plain.goals_text(goals(shelf, document.id))
    )
    library.remove(document.id)
    after = Shelf(library, DAY)
    assert library_timeline(after) == () and cited_files(after).total == 0 and reading_path(after) == ()


def test_absence_is_said(library: Library, policy):
    library.add_document(*policy(12, "给予奖励。"))
    shelf = Shelf(library, DAY)
    card = library.documents()[0]
    assert "文中没有" in html.overview_html(overview(shelf, card.id)) and "文中没有" in plain.overview_text(
        overview(shelf, card.id)
    )
    assert "文中没有" in html.goals_html(goals(shelf, card.id)) and "排不出" in html.reading_path_html(
        reading_path(shelf)
    )


def test_a_bare_metric_is_told_with_the_industry_that_its_item_is_headed(shelf):
    metrics = {target.value: target.metric for target in goals(shelf, id_of(shelf, "示例03"))}
    assert metrics["1200亿元"] == "节能环保产业 产值", "产值 alone says of nothing what is to be reached"


def test_targets_and_duties_are_tables_to_keep_with_the_words_that_say_them(shelf):
    plan = id_of(shelf, "示例03")
    targets, duties = targets_table(goals(shelf, plan)), duties_table(responsibilities(shelf, plan))
    assert ("全市 新引进亿元以上项目", "不少于", "260个", "每年") in [row[:4] for row in targets.rows]
    assert all(len(row) == len(table.heads) for table in (targets, duties) for row in table.rows)
    assert all(row[2] in targets.rows[at][4] for at, row in enumerate(targets.rows)), "each figure in its quote"
    assert ("未标明", "未标明") in [row[:2] for row in duties.rows], "a task without a department is not dropped"
    assert excel(targets)[:2] == excel(duties)[:2] == b"PK"


def test_a_file_that_changes_another_lists_each_change_and_quotes_no_half_quotation(shelf):
    changed = lines(overview(shelf, id_of(shelf, "示例13")), "废止和修改")
    assert "一、将第五条修改为" in changed and "二、将第十七条修改为" in changed


def test_a_file_of_chapters_without_tasks_shows_them_so_that_its_card_is_not_empty(library: Library):
    library.add_documents(
        [(document_from_text(CHAPTERS, path="办法.txt"), CHAPTERS.encode(), "text/plain")],
    )
    (card,) = [card for card in library.documents() if "养犬" in card.title]
    assert lines(overview(Shelf(library, DAY), card.id), "章节") == ["总则", "登记"]


CHAPTERS = """清河区养犬管理办法
第一章 总则
第一条 为规范养犬，根据《云澜市养犬条例》，制定本办法。
第二章 登记
第二条 养犬应当登记，登记参照《宠物目录》办理。
"""


def test_a_basis_is_what_the_opening_names_not_what_a_later_clause_refers_to(library: Library):
    library.add_documents(
        [(document_from_text(CHAPTERS, path="办法.txt"), CHAPTERS.encode(), "text/plain")],
    )
    (card,) = [card for card in library.documents() if "养犬" in card.title]
    assert [basis.title for basis in explainer(library, card.id, DAY).bases] == ["云澜市养犬条例"]


def test_an_explainer_in_text_says_its_aims_and_names_no_measure_twice(shelf):
    told = explainer(shelf.library, id_of(shelf, "示例05"), DAY)
    assert "要达到什么：\n  · 全区每年新引进亿元以上项目不少于36个" in explainer_text(told)
    assert explainer_dict(told)["aims"]
    old = explainer_text(explainer(shelf.library, id_of(shelf, "示例07"), DAY))
    rows = [line.strip(" ·") for line in old.splitlines() if line.startswith("  · ")]
    assert not [row for row in rows if "：" in row and row.partition("：")[2].startswith(row.partition("：")[0])]


def test_a_sentence_that_names_several_files_is_quoted_once_on_the_reading_path(shelf):
    told = plain.reading_path_text(reading_path(shelf))
    assert told.count("“为贯彻落实《中共xx省委xx省人民政府关于大力发展") == 1 and "同一句——" in told
