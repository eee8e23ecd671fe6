"""The sample files say what their manifest and their sources say, and agree with one another."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pypdf
import pytest

from index.library import Library
from ingest.corpus import walk
from ingest.document import LEVEL_NAMES, PolicyDocument
from ingest.references import title_key
from ingest.settings import Settings
from tests.samples import CORPUS, ROWS, missing

SOURCES = Path(__file__).resolve().parent / "corpus_sources"
MARK = "（示例文件，仅供演示，不具有效力）"
ARTICLE = re.compile(r"第[一二三四五六七八九十]+条")

each_file = pytest.mark.parametrize("row", ROWS, ids=[row["file"][:4] for row in ROWS])
each_file_read = pytest.mark.parametrize(
    "row",
    [pytest.param(row, marks=pytest.mark.skipif(bool(why := missing(row["file"])), reason=why)) for row in ROWS],
    ids=[row["file"][:4] for row in ROWS],
)


@pytest.fixture(scope="module")
def library(sample_data: Path) -> Iterator[Library]:
    with Library.open(Settings(data=sample_data)) as opened:
        yield opened


@pytest.fixture(scope="module")
def documents(library: Library) -> dict[str, PolicyDocument]:
    """Every sample file that can be read here, as users' files are read."""
    return {Path(card.file).name: library.document(card.id) for card in library.documents()}


def sample(documents: dict[str, PolicyDocument], start: str) -> PolicyDocument:
    """The document of the sample whose name begins with ``start``; the test is skipped where it cannot be read."""
    file = next(row["file"] for row in ROWS if row["file"].startswith(start))
    if missing(file):
        pytest.skip(missing(file))
    return documents[file]


@cache
def source_lines(start: str) -> tuple[str, ...]:
    """Paragraphs (and cells of tables) of the source whose sample file begins with ``start``, without their signs."""
    for path in SOURCES.glob("*.md"):
        _, head, body = path.read_text("utf-8").split("---\n", 2)
        if head.startswith(f"file: {start}"):
            plain = re.sub(r"(?m)^(##?|@|>>?|\^|---|\*[13]|!|~)\s+", "", body).replace("\\", "")
            return tuple(part.strip() for part in re.split(r"\n|(?<!\S)\||\|(?!\S)", plain) if part.strip())
    raise LookupError(start)


def article(start: str, number: str) -> str:
    return next(line for line in source_lines(start) if line.startswith(number))


def solid(text: str) -> str:
    return re.sub(r"\s", "", text)


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def test_the_manifest_lists_exactly_the_files_that_are_there():
    assert sorted(row["file"] for row in ROWS) == sorted(p.name for p in CORPUS.iterdir() if p.name != "manifest.csv")
    assert sorted(row["file"] for row in ROWS) == sorted(Path(source.path).name for source in walk([CORPUS]))


def test_the_corpus_stays_small_enough_to_live_in_the_repository():
    sizes = {path.name: path.stat().st_size for path in CORPUS.iterdir()}
    assert max(sizes.values()) < 400_000, sizes
    assert sum(sizes.values()) < 2_000_000, sizes


def test_every_format_and_encoding_a_user_brings_is_there():
    kinds = [(row["format"], row["encoding"]) for row in ROWS]
    assert {f: sum(k[0] == f for k in kinds) for f in dict(kinds)} == {
        "pdf": 6, "docx": 5, "html": 4, "txt": 6, "ofd": 1, "wps": 1, "xlsx": 1
    }  # fmt: skip
    assert {("txt", "gb18030"), ("txt", "utf-8-sig"), ("html", "gb18030")} <= set(kinds)


@each_file
def test_text_files_have_the_encoding_of_the_manifest(row):
    content = (CORPUS / row["file"]).read_bytes()
    if row["encoding"] == "utf-8-sig":
        assert content.startswith(b"\xef\xbb\xbf")
    elif row["encoding"] == "gb18030":
        with pytest.raises(UnicodeDecodeError):
            content.decode("utf-8")
    if row["encoding"]:
        assert MARK in content.decode(row["encoding"])


SCAN = next(CORPUS.glob("示例19*"))
PRINTED = sorted(path for path in CORPUS.glob("*.pdf") if path != SCAN)


@pytest.mark.parametrize("path", PRINTED, ids=lambda path: path.name[:4])
def test_page_images_need_no_installed_font(path):
    pages = pypdf.PdfReader(path).pages
    assert len(pages) >= 4
    for page in pages:
        for font in page["/Resources"]["/Font"].values():
            descriptor = font.get_object()["/DescendantFonts"][0] if "/DescendantFonts" in font else font.get_object()
            assert set(descriptor["/FontDescriptor"]) & {"/FontFile", "/FontFile2", "/FontFile3"}, font


@each_file_read
def test_it_is_marked_as_a_sample(row, documents):
    assert row["sample"] == "是"
    assert row["file"].startswith("示例")
    assert solid(documents[row["file"]].text).endswith(MARK)


@each_file_read
def test_it_parses_to_its_row_of_the_manifest(row, documents):
    metadata, terms = documents[row["file"]].metadata, documents[row["file"]].terms
    number = metadata.document_number
    assert {
        "title": metadata.title or "",
        "document_number": number.canonical if number else "",
        "level": LEVEL_NAMES[metadata.level] if metadata.level else "",
        "issued_on": metadata.issued_on,
        "effective_on": terms.effective_on,
        "expires_on": terms.expires_on,
    } == {
        "title": row["title"],
        "document_number": row["document_number"],
        "level": row["level"],
        "issued_on": day(row["issued_on"]),
        "effective_on": day(row["effective_on"]),
        "expires_on": day(row["expires_on"]),
    }


@each_file_read
def test_no_word_of_its_source_is_lost_or_misread(row, documents):
    text = solid(documents[row["file"]].text)
    assert [line for line in source_lines(row["file"]) if solid(line) not in text] == []


@each_file_read
def test_nothing_of_the_website_around_it_is_taken_for_policy(row, documents):
    body = "".join(clause.text for clause in documents[row["file"]].clauses if clause.kind in ("body", "table_row"))
    assert not re.search(r"当前位置|热门搜索|最高奖励500万元|打印本页|ICP备|上一篇|版权所有", body)


def test_the_district_plan_regains_the_numbers_that_word_gave_it(documents):
    plan = sample(documents, "示例05")
    assert [clause.marker for clause in plan.clauses if clause.marker.endswith("、")] == ["一、", "二、", "三、"]
    headings = {clause.path: clause.heading for clause in plan.clauses if clause.marker}
    assert headings["二、（一）1."] == "加强组织统筹"
    assert headings["二、（二）6."] == "壮大现代服务与数字创意产业"
    assert headings["二、（四）3."] == "用心留才"
    assert not any(clause.restored for clause in plan.clauses)


def test_the_district_plan_cites_the_four_higher_files(documents):
    plan = sample(documents, "示例05")
    cited = {(title_key(ref.title), tuple(n.canonical for n in ref.numbers), ref.relation) for ref in plan.references}
    relations = ("implements", "implements", "implements", "coordinates")
    expected = {
        (title_key(row["title"]), (row["document_number"],), relation)
        for row, relation in zip(ROWS[:4], relations, strict=True)
    }
    assert expected <= cited


CITED_POLICIES = {"制造业政策": "示例06", "服务业措施": "示例12", "人才措施": "示例08"}


def test_the_guide_pays_what_the_cited_articles_promise():
    """A 免申即享 list that disagrees with its policy would teach users a wrong amount."""
    cells = source_lines("示例11")
    cited = [i for i, cell in enumerate(cells) if re.fullmatch(r"《.*》第（?[一二三四五六七八九十]+）?[条项]", cell)]
    assert len(cited) == 7
    for index in cited:
        policy, place = re.fullmatch(r"《(.*)》第(.*?)项?", cells[index]).groups()
        place = place if place.startswith("（") else f"第{place}"
        source = article(CITED_POLICIES[policy], place)
        for amount in re.findall(r"\d+(?:万元|元)", cells[index + 1]):
            assert amount in source, (cells[index], amount)


def test_the_explanation_calculates_with_the_rates_of_the_policy():
    policy, answer = article("示例06", "第四条"), next(line for line in source_lines("示例15") if "举例来说" in line)
    sums = re.findall(r"(\d+)万元×(\d+)%=(\d+)万元", answer)
    assert len(sums) == 2
    for invested, rate, paid in sums:
        assert int(invested) * int(rate) == int(paid) * 100
        assert f"{rate}%" in policy


@pytest.mark.parametrize(
    ("newer", "older", "place_new", "place_old", "why"),
    [
        ("示例06", "示例07", "第四条", "第二条", "the repealed policy pays less for equipment"),
        ("示例06", "示例07", "第十三条", "第八条", "the repealed policy pays less for research"),
        ("示例13", "示例06", "一、", "第五条", "the amendment raises the rent subsidy"),
        ("示例13", "示例06", "二、", "第十七条", "the amendment raises the exhibition subsidy"),
        ("示例06", "示例09", "第六条", "3.", "district and city reward referrals differently"),
        ("示例06", "示例10", "第十三条", "第十条", "district and city pay differently for research"),
    ],
)
def test_the_same_measure_has_different_amounts_in_different_files(newer, older, place_new, place_old, why):
    amounts = [re.findall(r"[\d.]+(?:%|‰|万元|元)", article(*at)) for at in ((newer, place_new), (older, place_old))]
    assert all(amounts), why
    assert amounts[0] != amounts[1], why


def test_the_amendment_quotes_the_articles_it_replaces():
    for place, number in (("一、", "第五条"), ("二、", "第十七条")):
        amended, original = article("示例13", place), article("示例06", number)
        assert f"将{number}修改为" in amended
        heading = ARTICLE.sub("", original, count=1).strip().split("。")[0]
        assert f"“{heading}。" in amended
