"""沿革: which document a reference means, who names whom, and what repeals, amendments and extensions do across files."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from index.__main__ import main
from index.card import Identity, entry_of
from index.catalogue import Catalogue
from ingest.corpus import walk
from ingest.parse import document_from_text, parse
from ingest.readers import read

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
TODAY = date(2026, 7, 1)
ADDED = datetime(2026, 1, 1, tzinfo=UTC)


def file(title, number="", *lines, day="2023年5月1日", organ="", path=""):
    """A small policy file; ``organ`` signs it."""
    return document_from_text(
        "\n".join(filter(None, (title, number, "各单位：", *lines, organ, day))) + "\n", path=path
    )


def catalogue(*documents):
    entries = {document.id: entry_of(document, Identity.of(document), 1, ADDED) for document in documents}
    assert len(entries) == len(documents)
    return Catalogue(entries, 1)


def meant(source, *others):
    """What the first reference of ``source`` means among ``others``: ids and how it was found."""
    found = catalogue(source, *others).lineage.links(source, source.id)[0].resolution
    return list(found.document_ids), found.label


def citing(words, number="示政办〔2024〕9号", day="2024年5月1日", title="促进数字经济若干政策", organ=""):
    return file(title, number, f"一、根据{words}制定本政策。", day=day, organ=organ)


OLD = file("数字经济扶持办法", "示政办〔2019〕3号", "一、给予扶持。", day="2019年3月1日")
ORGAN = "示范市人民政府办公室"
BY_ORGAN = file(f"{ORGAN}关于印发《数字经济扶持办法》的通知", "示政办〔2019〕3号", "一、给予扶持。", day="2019年3月1日")
LONG = "关于进一步加强和改进新时代示范市重点产业领域高层次人才和团队引进培养服务保障工作的实施意见"
LONG_FILE = file(LONG, "示发〔2020〕1号", "一、保障。", day="2020年1月1日")
TRIAL = file("数字经济扶持办法（试行）", "示政办〔2018〕2号", "一、扶持。", day="2018年3月1日")
UNNUMBERED = file("数字经济扶持办法", "", "一、给予扶持。", day="2019年3月1日", path="扶持.txt")
MASKED_FILE = file("数字经济扶持办法", "示政办〔201x〕3号", "一、给予扶持。", day="2019年3月1日", path="扶持.txt")
LAW = file("中华人民共和国数字经济促进法", "", "第一条 为了促进数字经济，制定本法。", day="2018年3月1日", path="法.txt")
TWO_IN_ONE = file(
    "示范市人民政府关于印发《数字经济扶持办法》和《平台经济扶持办法》的通知",
    "示政〔2019〕8号",
    "一、扶持。",
    day="2019年3月1日",
)
LATER = file("数字经济扶持办法", "示政办〔2025〕1号", "一、扶持。", day="2025年1月1日")
NEXT_DOOR = file("邻江市人民政府关于印发数字经济扶持办法的通知", "邻政〔2019〕8号", "一、扶持。", day="2019年3月1日")

# why, citation, the library beside it, ids, how
RESOLUTIONS = [
    ("the number", "《数字经济扶持办法》（示政办〔2019〕3号）", [OLD], [OLD.id], "按文号"),
    ("the number alone", "示政办〔2019〕3号文件", [OLD], [OLD.id], "按文号"),
    ("no number: the title", "《数字经济扶持办法》", [OLD], [OLD.id], "按标题"),
    ("the title within its carrier", "《数字经济扶持办法》", [BY_ORGAN], [BY_ORGAN.id], "按标题"),
    ("another number is another file", "《数字经济扶持办法》（示政办〔2018〕8号）", [OLD], [], "库内未收录"),
    ("a masked number that fits", "《数字经济扶持办法》（示政办〔20xx〕3号）", [OLD], [OLD.id], "按标题"),
    ("a masked number that does not fit", "《数字经济扶持办法》（示政办〔202x〕3号）", [OLD], [], "库内未收录"),
    ("a masked number is never enough", "《平台经济扶持办法》（示政办〔20xx〕3号）", [OLD], [], "库内未收录"),
    ("a masked number alone is nothing", "示政办〔20xx〕3号文件", [OLD], [], "库内未收录"),
    ("the file's own number is not known", "《数字经济扶持办法》（示政办〔2019〕3号）", [UNNUMBERED], [UNNUMBERED.id], "按标题"),
    ("the file's own number is masked", "《数字经济扶持办法》（示政办〔2019〕3号）", [MASKED_FILE], [MASKED_FILE.id], "按标题"),
    ("… and contradicts", "《数字经济扶持办法》（示政办〔2019〕4号）", [MASKED_FILE], [], "库内未收录"),
    ("two files of one title", "《数字经济扶持办法》", [OLD, UNNUMBERED], [OLD.id, UNNUMBERED.id], "库内有 2 份，未能确定是哪一份"),
    ("… told apart by the number", "《数字经济扶持办法》（示政办〔2019〕3号）", [OLD, NEXT_DOOR], [OLD.id], "按文号"),
    ("… told apart by the body", f"《{ORGAN}关于印发〈数字经济扶持办法〉的通知》", [BY_ORGAN, NEXT_DOOR], [BY_ORGAN.id], "按标题"),
    ("… by a body in short", "《市政府办公室关于印发〈数字经济扶持办法〉的通知》", [BY_ORGAN, NEXT_DOOR], [BY_ORGAN.id], "按标题"),
    ("the government is not its office", "《示范市人民政府关于印发〈数字经济扶持办法〉的通知》", [BY_ORGAN], [], "库内未收录"),
    ("a trial version is another file", "《数字经济扶持办法》", [TRIAL], [], "库内未收录"),
    ("… named as such", "《数字经济扶持办法（试行）》", [TRIAL, OLD], [TRIAL.id], "按标题"),
    ("a law by its everyday name", "《数字经济促进法》", [LAW], [LAW.id], "按标题"),
    ("one of two titles in a carrier", "《平台经济扶持办法》", [TWO_IN_ONE], [TWO_IN_ONE.id], "按标题"),
    ("a slip in a glue word", f"《{LONG.replace('人才和团队', '人才及团队')}》", [LONG_FILE], [LONG_FILE.id], "按标题"),
    ("a slip in a word that tells files apart", f"《{LONG.replace('示范市', '示例市')}》", [LONG_FILE], [], "库内未收录"),
    ("a kind is no title", "《实施细则》", [file("实施细则", "", "一、细则。", path="细.txt")], [], "库内未收录"),
    ("a file issued later cannot be meant", "《数字经济扶持办法》", [LATER], [], "库内未收录"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "words", "others", "ids", "how"), RESOLUTIONS, ids=[case[0] for case in RESOLUTIONS])
def test_resolution(why, words, others, ids, how):
    assert meant(citing(words), *others) == (ids, how)


def test_the_alias_number_of_a_joint_issue_names_the_file():
    joint = file("支持产业若干措施", "皖发改产业〔2020〕8号 皖财建〔2020〕3号", "一、支持。", day="2020年5月1日")
    assert joint.metadata.aliases == ("皖财建〔2020〕3号",)
    assert meant(citing("《支持产业若干措施》（皖财建〔2020〕3号）"), joint) == ([joint.id], "按文号")


def test_a_number_under_another_title_is_pointed_out():
    source = citing("《关于加强幼儿园安全管理的通知》（示政办〔2019〕3号）")
    (link,) = catalogue(source, OLD).lineage.links(source, source.id)
    assert (link.resolution.document_ids, link.resolution.label) == ((OLD.id,), "按文号")
    assert "题名不同" in link.resolution.remark


def test_a_title_without_a_place_is_not_that_of_the_city_next_door():
    here = citing("《数字经济扶持办法》", title="示范市人民政府关于促进数字经济的意见")
    assert (here.metadata.level, NEXT_DOOR.metadata.level) == ("city", "city")
    assert meant(here, NEXT_DOOR) == ([], "库内未收录")
    there = citing("《邻江市数字经济扶持办法》", title="示范市人民政府关于促进数字经济的意见")
    named = file("邻江市人民政府关于印发《邻江市数字经济扶持办法》的通知", "邻政〔2019〕9号", "一、扶持。", day="2019年3月1日")  # fmt: skip
    assert meant(there, named) == ([named.id], "按标题")


def test_a_title_keeps_the_number_that_it_had_above():
    source = file(
        "促进数字经济若干政策", "示政办〔2024〕9号", "一、根据《扶持办法总则》（示政办〔2019〕3号）制定。", "二、《扶持办法总则》第五条适用。",
        day="2024年5月1日",
    )  # fmt: skip
    links = catalogue(source, OLD).lineage.links(source, source.id)
    assert [(link.relation, link.resolution.document_id) for link in links] == [("based_on", OLD.id), (None, OLD.id)]


def test_a_file_does_not_name_itself_but_its_earlier_edition():
    new = file(
        "示范市人民政府关于印发《数字经济扶持办法》的通知", "示政〔2024〕9号", "现将《数字经济扶持办法》印发给你们。",
        "一、原《数字经济扶持办法》（示政办〔2019〕3号）同时废止。", day="2024年5月1日",
    )  # fmt: skip
    (link,) = catalogue(new, OLD).lineage.links(new, new.id)
    assert (link.relation, link.resolution.document_id) == ("repeals", OLD.id)


def test_annexes_of_the_file_are_not_missing_from_the_library():
    source = file(
        "关于开展申报工作的通知",
        "示发〔2024〕9号",
        "一、按《申报工作操作指引》执行。",
        "附件：1.申报工作操作指引",
        day="2024年5月1日",
    )
    assert catalogue(source).lineage.links(source, source.id) == ()


def test_a_stub_has_the_level_that_its_number_or_title_tells():
    source = file(
        "工作方案",
        "示发〔2024〕9号",
        "一、根据《甲意见》（国发〔2023〕5号）、《云澜市人民政府关于乙的意见》和《丙办法》制定。",
    )
    links = catalogue(source).lineage.links(source, source.id)
    assert [(link.title, link.number, link.level) for link in links] == [
        ("甲意见", "国发〔2023〕5号", "state"),
        ("云澜市人民政府关于乙的意见", None, "city"),
        ("丙办法", None, None),
    ]
    assert {link.resolution.label for link in links} == {"库内未收录"}


def test_the_two_12_and_the_two_21_of_the_district_plan_stay_four_files():
    paths = [str(path) for serial in range(1, 6) for path in CORPUS.glob(f"示例{serial:02}*")]
    documents = [parse(source, read(source)) for source in walk(paths)]
    first, second, third, fourth, plan = documents
    links = catalogue(*documents).lineage.links(plan, plan.id)
    assert [(link.relation, link.number, link.resolution.document_ids) for link in links] == [
        ("implements", "皖发〔202x〕12号", (first.id,)),
        ("implements", "厅〔202x〕21号", (second.id,)),
        ("implements", "x办发〔202x〕21号", (third.id,)),
        ("coordinates", "x发〔202x〕12号", (fourth.id,)),
    ]
    assert {link.resolution.label for link in links} == {"按标题"}
    # without one of a pair, its reference is a stub and does not fall to the other
    for kept, lost in ((first, 3), (fourth, 0), (second, 2), (third, 1)):
        alone = catalogue(plan, kept).lineage.links(plan, plan.id)
        assert alone[lost].resolution.document_ids == ()


# --- what files do to each other -------------------------------------------------------------------------------------


def state(old, *others, as_of=TODAY):
    return catalogue(old, *others).statuses(as_of)[old.id]


def act(*lines, number="示政办〔2024〕9号", day="2024年5月1日", title="促进数字经济若干政策", organ=""):
    return file(title, number, *lines, day=day, organ=organ)


CITED = "《数字经济扶持办法》（示政办〔2019〕3号）"
TERMED = file(
    "数字经济扶持办法",
    "示政办〔2019〕3号",
    "一、给予扶持。",
    "二、本办法自2019年3月1日起施行，有效期至2024年12月31日。",
    day="2019年3月1日",
)

LATER_ACT = {"number": "示政办〔2025〕4号", "day": "2025年2月1日", "title": "新政策"}
REPEALED_LATER = act(f"一、{CITED}同时废止。", **LATER_ACT)
ENDED_IN_PART = act(f"一、{CITED}第六条停止执行。", **LATER_ACT)
AMENDED = act(f"一、对{CITED}作如下修改：", "（一）将第五条修改为：“略”", "（二）删去第七条。")

# why, old file, acts, as of, state, words of the reason
ACTS = [
    ("repealed", OLD, [act(f"一、{CITED}同时废止。")], "2024-05-01", "已废止", "示政办〔2024〕9号"),
    ("not before the act", OLD, [act(f"一、{CITED}同时废止。")], "2024-04-30", "未标明", ""),
    ("a later day is printed", OLD, [act(f"一、{CITED}自2026年1月1日起废止。")], "2025-12-31", "未标明", "自2026年1月1日起由"),
    ("… and reached", OLD, [act(f"一、{CITED}自2026年1月1日起废止。")], "2026-01-01", "已废止", "示政办〔2024〕9号"),
    ("the act begins later than it is issued", OLD, [act(f"一、本政策自2024年7月1日起施行，{CITED}同时废止。")], "2024-06-30", "未标明", "自2024年7月1日起由"),
    ("declared lapsed", OLD, [act(f"一、{CITED}等3件文件宣布失效。")], "2026-01-01", "已失效", "宣布失效"),
    ("an article is ended", OLD, [act(f"一、{CITED}第九条停止执行。")], "2026-01-01", "部分失效", "第九条"),
    ("articles are changed", OLD, [AMENDED], "2026-01-01", "已修改", "修改第五条、第七条"),
    ("planned only", OLD, [act(f"一、抓紧修订{CITED}。")], "2026-01-01", "未标明", ""),
    ("replaced without 废止", OLD, [act(f"一、本政策替代{CITED}。")], "2026-01-01", "未标明", "写明替代本文件"),
    ("listed as in force", OLD, [act("一、以下文件继续有效：", f"1.{CITED}")], "2026-01-01", "有效", "写明继续有效"),
    ("longer than its term", TERMED, [act(f"一、{CITED}有效期延长至2027年12月31日。")], "2026-01-01", "有效", "延期至2027年12月31日"),
    ("… until that day", TERMED, [act(f"一、{CITED}有效期延长至2027年12月31日。")], "2028-01-01", "已失效", "延期至2027年12月31日"),
    ("longer by years", TERMED, [act(f"一、{CITED}有效期延长2年。")], "2026-12-31", "有效", "延期至2026年12月31日"),
    ("extended, nobody says until when", TERMED, [act(f"一、{CITED}继续执行。")], "2026-01-01", "未标明", "未写明"),
    ("an extension not yet in effect", TERMED, [act(f"一、{CITED}有效期延长至2027年12月31日。", day="2025年6月1日")], "2025-03-01", "已失效", "2024年12月31日"),
    ("an end given to a file without one", OLD, [act(f"一、{CITED}有效期延长至2025年12月31日。")], "2026-01-01", "已失效", "延期至2025年12月31日"),
    ("extended, then repealed", TERMED, [act(f"一、{CITED}有效期延长至2027年12月31日。"), REPEALED_LATER], "2026-01-01", "已废止", "示政办〔2025〕4号"),
    ("amended, then ended in part", OLD, [act(f"一、对{CITED}作如下修改：", "将第五条修改为：“略”"), ENDED_IN_PART], "2026-01-01", "部分失效", "第六条"),
    ("the earliest repeal is named", OLD, [REPEALED_LATER, act(f"一、{CITED}同时废止。")], "2026-01-01", "已废止", "示政办〔2024〕9号"),
    ("a number that is not complete ends nothing", OLD, [act("一、《数字经济扶持办法》（示政办〔20xx〕x号）同时废止。")], "2026-01-01", "未标明", "文号不完整"),
    ("a title that two files have", OLD, [act("一、《数字经济扶持办法》同时废止。"), UNNUMBERED], "2026-01-01", "未标明", ""),
]  # fmt: skip


@pytest.mark.parametrize(("why", "old", "acts", "as_of", "expected", "words"), ACTS, ids=[case[0] for case in ACTS])
def test_acts_of_other_files(why, old, acts, as_of, expected, words):
    found = state(old, *acts, as_of=date.fromisoformat(as_of))
    assert found.state == expected
    assert words in found.reason


def test_nothing_revives_by_the_repeal_of_what_repealed_it():
    repealing = act(f"一、{CITED}同时废止。")
    later = act(
        "一、《促进数字经济若干政策》（示政办〔2024〕9号）同时废止。",
        number="示政办〔2025〕1号",
        day="2025年1月1日",
        title="新政策",
    )
    assert state(OLD, repealing, later).state == "已废止"


def test_a_repeal_that_was_withdrawn_before_it_began_never_happened():
    repealing = act(f"一、{CITED}自2026年1月1日起废止。")
    withdrawn = act(
        "一、《促进数字经济若干政策》（示政办〔2024〕9号）同时废止。",
        number="示政办〔2025〕1号",
        day="2025年1月1日",
        title="新政策",
    )
    assert state(OLD, repealing, withdrawn).state == "未标明"


def test_an_expired_act_stays_done():
    act_with_term = act("一、本政策自2024年5月1日起施行，有效期1年。", f"二、{CITED}同时废止。")
    assert state(OLD, act_with_term).state == "已废止"


def test_a_lower_office_ends_nothing_but_is_heard():
    province = file("江北省人民政府关于促进数字经济的意见", "江政〔2019〕3号", "一、促进。", day="2019年3月1日")
    district = file(
        "清河区人民政府关于促进数字经济的通知",
        "清政〔2024〕9号",
        "一、《江北省人民政府关于促进数字经济的意见》（江政〔2019〕3号）同时废止。",
    )
    assert (province.metadata.level, district.metadata.level) == ("province", "district")
    found = state(province, district)
    assert found.state == "未标明"
    assert "清政〔2024〕9号" in found.reason and "级别低于" in found.reason


def test_a_newer_file_of_the_same_title_is_a_remark_not_a_state():
    newer = file("数字经济扶持办法", "示政办〔2024〕3号", "一、给予扶持。", day="2024年3月1日")
    found = state(OLD, newer)
    assert found.state == "未标明"
    assert "示政办〔2024〕3号" in found.reason and "更新的同名文件" in found.reason
    assert "同名" not in state(OLD, newer, as_of=date(2023, 1, 1)).reason  # it did not exist then
    assert "同名" not in state(newer, OLD).reason


# --- the library -------------------------------------------------------------------------------------------------------


def added(library, *documents):
    library.add_documents([(document, document.text.encode(), "text/plain") for document in documents])


def test_a_stub_becomes_a_link_and_a_stub_again(library):
    source = citing(CITED)
    added(library, source)
    assert [link.resolution.label for link in library.references(source.id)] == ["库内未收录"]
    added(library, OLD)
    assert [link.resolution.document_id for link in library.references(source.id)] == [OLD.id]
    assert [(link.source_id, link.relation) for link in library.cited_by(OLD.id)] == [(source.id, "based_on")]
    library.remove(OLD.id)
    assert [link.resolution.label for link in library.references(source.id)] == ["库内未收录"]


def test_the_command_line_shows_both_directions(library, settings, monkeypatch, capsys):
    repealing = act(f"一、{CITED}第九条停止执行。", "二、根据《江北省促进条例》制定。")
    added(library, OLD, repealing)
    library.close()
    monkeypatch.setenv("POLICY_DATA", str(settings.data))
    assert main(["lineage", repealing.id]) == 0
    out = capsys.readouterr().out
    assert "部分废止 《数字经济扶持办法》（示政办〔2019〕3号） → 按文号" in out
    assert "《江北省促进条例》 → 库内未收录" in out
    assert main(["lineage", OLD.id, "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert plain["validity"] == "部分失效"
    (one,) = plain["cited_by"]
    assert (one["id"], one["relation"], one["resolution"]) == (repealing.id, "partially_repeals", "按文号")
    assert one["places"] == [{"path": "一、", "quote": CITED, "articles": ["第九条"]}]
    assert main(["lineage", "没有这个编号"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
