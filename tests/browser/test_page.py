"""What a reader does on the page, in a real browser. Waits are for what the reader sees, never for a time."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from index.register_feedback import Feedback
from ingest.corpus import source_file
from ingest.readers import read

playwright = pytest.importorskip("playwright.sync_api")
expect, Page = playwright.expect, playwright.Page

QUESTION = "研发投入补助的比例和上限是多少？"
NEW = "清政〔2024〕3号\n清河区人才安家补助办法\n一、引进博士给予安家补助30万元。\n清河区人民政府\n2024年1月5日\n"


def ask(page: Page, question: str) -> playwright.Locator:
    """The finished answer: its last line names the day for which it holds."""
    finished = page.locator("#chat .as-of")
    before = finished.count()
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    expect(finished).to_have_count(before + 1)
    answer = page.locator("#chat .answer").last
    expect(answer.locator(".as-of")).to_contain_text("为准")
    return answer


def open_files(page: Page) -> None:
    page.get_by_role("tab", name="文件库").click()
    expect(page.locator("#files table.files")).to_be_visible()


def test_first_screen_shows_the_collection_and_three_doors_which_the_files_answer(page: Page):
    expect(page.locator("#summary")).to_contain_text(re.compile(r"收录文件 \d+ 份 · 有效 \d"))
    for door in ("企业：查可享政策", "工作人员：起草扶持政策", "新同事：看政策框架"):
        expect(page.locator(".doors")).to_contain_text(door)
    expect(page.locator(".doors")).to_contain_text("清政〔2023〕12号")
    for part in ("#question", "#send", "#filter-level"):
        expect(page.locator(part)).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    door = page.locator(".doors a.ask").first
    question = door.inner_text()
    door.click()
    expect(page.locator("#chat .as-of")).to_have_count(1)
    expect(page.locator("#chat [data-testid=user]")).to_have_text(question)
    expect(page.locator("#chat .answer a.cite").first).to_be_visible()
    expect(page.locator("#chat .refusal")).to_have_count(0)


def test_a_chip_opens_the_clause_also_from_the_keyboard_and_copies_carry_its_number(page: Page):
    answer = ask(page, QUESTION)
    expect(answer).to_contain_text("最高不超过200万元")
    answer.locator("a.cite").first.click()
    card = page.locator("#evidence")
    expect(card.locator(".number")).to_have_text("清政〔2023〕12号")
    expect(card.locator("mark")).to_contain_text("按增量部分的10%给予补助")
    expect(card.locator(".badge")).to_have_text("有效")
    expect(card).to_contain_text("2030")
    expect(card.locator("figure img")).to_be_visible()
    assert card.locator("figure img").evaluate("image => image.naturalWidth") > 300
    answer.locator("a.copy").click()
    expect(answer.locator("a.copy")).to_have_text("已复制")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "最高不超过200万元" in copied and "（清政〔2023〕12号）" in copied and "<" not in copied
    page.locator("#evidence a.copy").click()
    expect(page.locator("#evidence a.copy")).to_have_text("已复制")
    assert "（清政〔2023〕12号）" in page.evaluate("navigator.clipboard.readText()")
    page.fill("#question textarea", "")
    answer.locator("a.cite").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#evidence .evidence")).to_be_focused()


def test_a_follow_up_and_a_new_conversation_with_a_refusal(page: Page):
    ask(page, QUESTION)
    first = page.locator("#chat .answer").first.inner_text()
    answer = ask(page, "那首台（套）奖励呢？")
    expect(answer).to_contain_text("万元")
    expect(page.locator("#chat .answer").first).to_have_text(first, use_inner_text=True)
    answer.locator("a.cite").first.click()
    expect(page.locator("#evidence mark")).to_contain_text("万元")
    page.click("#new")
    expect(page.locator("#chat .answer")).to_have_count(0)
    expect(page.locator(".doors")).to_be_visible()
    refused = ask(page, "高龄津贴每月发多少钱？")
    expect(refused.locator(".refusal")).to_contain_text("文件没有说明")
    expect(refused.locator(".proved")).to_have_count(0)


def test_filters_narrow_the_answer(page: Page):
    expect(ask(page, "夜间经济街区的运营补助是多少？")).to_contain_text("20万元")
    page.click("#new")
    page.click("#filter-validity input")
    page.get_by_role("option", name="现行有效", exact=True).click()
    answer = ask(page, "夜间经济街区的运营补助是多少？")
    expect(answer.locator(".refusal")).to_be_visible()
    expect(answer.locator("a.cite", has_text="清政〔2018〕7号")).to_have_count(0)


def test_hostile_text_is_shown_and_does_nothing(page: Page):
    answer = ask(page, "生物质燃料推广补助是多少？")
    answer.locator("a.cite").first.click()
    expect(page.locator("#evidence .number")).to_have_text("文号未标明")
    expect(page.locator("#evidence h3")).to_contain_text("<img src=x onerror=")
    open_files(page)
    page.locator("#files a.file", has_text="生物质燃料").click()
    expect(page.locator("#details .outline")).to_contain_text("<script>window.pwned=2</script>")
    for place in ("#chat", "#evidence", "#files", "#details"):
        assert page.locator(f"{place} form, {place} script, {place} img:not([src^=data])").count() == 0
    assert page.evaluate("window.pwned") is None


@pytest.mark.parametrize("width", ["page", "phone"])
def test_a_conversation_is_saved_as_a_file(width: str, request: pytest.FixtureRequest, tmp_path: Path):
    page: Page = request.getfixturevalue(width)
    page.click("#export a[href='#export-docx']")
    expect(page.get_by_text("还没有可以导出的问答")).to_be_visible()
    ask(page, QUESTION)
    for name, kind in (("Word", "docx"), ("Markdown", "md")):
        with page.expect_download() as saving:
            page.locator("#export a", has_text=name).click()
        path = tmp_path / saving.value.suggested_filename
        saving.value.save_as(path)
        assert re.fullmatch(rf"政策问答记录\d{{8}}\.{kind}", path.name)
        text = (
            path.read_text(encoding="utf-8") if kind == "md" else read(source_file(path.name, path.read_bytes())).text
        )
        assert QUESTION in text and "最高不超过200万元" in text and "清政〔2023〕12号" in text


@pytest.mark.parametrize("width", ["page", "phone"])
def test_a_verdict_is_kept_and_shown(
    width: str, request: pytest.FixtureRequest, kept: Callable[[], tuple[Feedback, ...]]
):
    page: Page = request.getfixturevalue(width)
    question = f"研发投入补助的比例和上限是多少？（{width}）"
    answer = ask(page, question)
    right, wrong, missing = (answer.get_by_role("button", name=name, exact=True) for name in ("对", "不对", "没答全"))

    def kept_of(question: str) -> tuple[str, str]:
        (feedback,) = (f for f in kept() if f.answer["question"] == question)
        return feedback.verdict, feedback.remark

    right.click()
    expect(right).to_have_attribute("aria-pressed", "true")
    page.once("dialog", lambda dialog: dialog.dismiss())
    wrong.click()
    expect(wrong).to_have_attribute("aria-pressed", "true")
    expect(right).to_have_attribute("aria-pressed", "false")
    assert kept_of(question) == ("wrong", ""), "who cancels the remark has judged all the same"
    page.once("dialog", lambda dialog: dialog.accept("没有写对谁"))
    missing.click()
    expect(missing).to_have_attribute("aria-pressed", "true")
    expect(answer.get_by_text("已记下")).to_be_visible()
    assert kept_of(question) == ("missing", "没有写对谁")
    page.once("dialog", lambda dialog: dialog.dismiss())
    missing.click()
    ask(page, question)
    assert kept_of(question) == ("missing", "没有写对谁"), "what was said stays when the reader only looks again"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_list_is_narrowed_while_typing_uploads_are_reported_and_a_file_can_be_deleted(page: Page, tmp_path: Path):
    (tmp_path / "人才〔2024〕.txt").write_text(NEW, encoding="utf-8")
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.4\nbroken")
    open_files(page)
    page.fill("#wanted textarea, #wanted input", "夜间")
    expect(page.locator("#files a.file")).to_have_count(1)
    expect(page.locator("#files")).to_contain_text("清政〔2018〕7号")
    expect(page.locator("#files .badge")).to_have_text("已失效")
    page.fill("#wanted textarea, #wanted input", "")
    page.get_by_text("添加文件").click()
    page.click("#add-files")
    expect(page.get_by_text("还没有选择文件")).to_be_visible()
    page.locator("#uploads input[type=file]").set_input_files([tmp_path / "人才〔2024〕.txt", tmp_path / "坏.pdf"])
    expect(page.locator("#uploads tr")).to_have_count(2)
    page.click("#add-files")
    rows = page.locator("#report tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="人才")).to_contain_text("清政〔2024〕3号")
    expect(rows.filter(has_text="坏.pdf")).to_contain_text("未入库")
    title = page.locator("#files a.file", has_text="人才安家补助办法")
    expect(title).to_have_count(1)

    page.get_by_role("tab", name="政策问答").click()
    expect(ask(page, "引进博士的安家补助是多少？")).to_contain_text("30万元")

    open_files(page)
    title.click()
    expect(page.locator("#details .outline")).to_contain_text("引进博士")
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.click("#details a.remove")
    expect(title).to_have_count(1)
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("#details a.remove")
    expect(title).to_have_count(0)
    expect(page.locator("#details")).not_to_contain_text("引进博士")


def test_phone_scrolls_to_the_evidence_and_back(phone: Page):
    for part in ("#question", "#send"):
        expect(phone.locator(part)).to_be_in_viewport(ratio=1)
    answer = ask(phone, QUESTION)
    phone.locator("#chat .panel-wrap").evaluate("log => log.scrollTop = 0")
    expect(phone.locator("#chat .scroll-down-button-container")).to_be_hidden()  # it would stand on the words
    answer.locator("a.cite").first.click()
    expect(phone.locator("#evidence mark")).to_be_in_viewport()
    chat, card = (phone.locator(part).bounding_box() for part in ("#ask-row", "#evidence"))
    assert chat and card and card["y"] > chat["y"], "the card stands under the question box"
    phone.click("#evidence a.back")
    expect(phone.locator("#send")).to_be_in_viewport()
    open_files(phone)
    for _ in range(2):
        assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
            "nothing sticks out sideways"
        )
        phone.get_by_role("tab", name="政策问答").click()


def test_dark_systems_get_the_light_page(windows: dict[tuple[int, int], Page], open_page: Callable[..., Page]):
    for window in windows.values():
        window.emulate_media(color_scheme="dark")
    page = open_page()
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert page.url.endswith("?__theme=light")
    assert not page.evaluate("document.body.classList.contains('dark')")
    for window in windows.values():
        window.emulate_media(color_scheme="light")
