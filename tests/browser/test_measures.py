"""Matching and comparing on the page, in a real browser: form, results, evidence, export, correction; two widths, keyboard only."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.corpus import source_file
from ingest.readers import read

playwright = pytest.importorskip("playwright.sync_api")
expect, Page = playwright.expect, playwright.Page

SENTENCE = "我们在清河区做汽车零部件，去年营收1.2亿，设备投了3000万"


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def match(page: Page) -> playwright.Locator:
    """The result for the sentence."""
    open_tab(page, "政策匹配")
    page.fill("#sentence textarea", SENTENCE)
    page.press("#sentence textarea", "Enter")
    expect(page.locator("#matches .counts")).to_be_visible()
    return page.locator("#matches details.match", has_text="设备投资")


def test_a_sentence_fills_the_form_and_every_decision_opens_its_clause(same_page: Page):
    page = same_page
    found = match(page).first
    expect(page.locator("#understood")).to_contain_text("上年度1.2亿元")
    expect(found.locator(".sum")).to_have_text("240万元")
    found.locator("summary").click()
    expect(found).to_contain_text("设备投资额3000万元×8%＝240万元")
    found.locator("dl a.cite").first.click()
    expect(page.locator("#match-evidence .number")).to_have_text("清政〔2023〕12号")
    expect(page.locator("#match-evidence mark")).to_contain_text("8%")
    expect(page.locator("#match-evidence figure img")).to_be_visible()


def test_the_form_says_what_is_wrong_in_chinese(page: Page):
    open_tab(page, "政策匹配")
    page.click("#match")
    expect(page.get_by_text("还没有填写情况")).to_be_visible()
    page.fill("#profile-revenue input, #profile-revenue textarea", "约1亿")
    page.click("#match")
    expect(page.get_by_text("看不懂“约1亿”")).to_be_visible()


def test_the_next_question_can_be_answered_in_place(same_page: Page):
    page = same_page
    match(page)
    box = page.locator("#next-answer textarea, #next-answer input")
    expect(box).to_be_visible()
    asked = page.locator("#next-answer").inner_text()
    box.fill(
        "是"
        if "是否" in asked
        else "清河区"
        if "省、市、区" in asked
        else "企业"
        if "企业、个人" in asked
        else "100万元"
    )
    page.click("#next-send")
    expect(page.locator("#matches .counts")).to_be_visible()
    expect(page.locator("#next-answer")).not_to_have_text(asked)


def test_a_profile_is_kept_by_the_browser_as_long_as_the_reader_wants(page: Page):
    match(page)
    assert page.evaluate("localStorage.getItem('wenhao-profile')") is None, "only on request"
    page.check("#keep-profile input")
    page.click("#match")
    page.wait_for_function("localStorage.getItem('wenhao-profile')")
    page.reload()
    page.locator("#summary h1").wait_for()
    open_tab(page, "政策匹配")
    box = page.locator("#profile-equipment_investment input, #profile-equipment_investment textarea")
    expect(box).to_have_value("3000万元")
    expect(page.locator("#keep-profile input")).to_be_checked()
    page.uncheck("#keep-profile input")
    page.wait_for_function("!localStorage.getItem('wenhao-profile')")


def test_the_result_is_exported_as_it_is_shown(same_page: Page, tmp_path: Path):
    page = same_page
    match(page)
    for name in ("Excel", "Word"):
        with page.expect_download() as download:
            page.locator("#match-row .export").get_by_role("link", name=name).click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        text = read(source_file(path.name, path.read_bytes())).text
        assert path.name.startswith("政策匹配结果")
        for words in ("240万元", "清政〔2023〕12号", "待确认"):
            assert words in text


def test_levels_are_compared_and_the_table_is_exported(same_page: Page, tmp_path: Path):
    page = same_page
    open_tab(page, "支持措施")
    page.locator("#measures a.file", has_text="首台（套）奖励").first.click()
    expect(page.locator("#measure-details")).to_contain_text("万元")
    page.locator("#measure-details a.compare").click()
    table = page.locator("#comparison table")
    for words in ("150万元", "100万元", "市经济和信息化局", "文中没有写明"):
        expect(table).to_contain_text(words)
    expect(page.locator("#comparison .findings")).to_contain_text("支持标准不同")
    table.locator("a.cite", has_text="出处").first.click()
    expect(page.locator("#measure-evidence mark")).to_be_visible()
    with page.expect_download() as download:
        page.locator("#compared .export").get_by_role("link", name="Excel").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert "150万元" in read(source_file(path.name, path.read_bytes())).text


def test_measures_are_narrowed_and_pictured_and_a_topic_is_compared_in_the_readers_own_words(same_page: Page):
    page = same_page
    open_tab(page, "支持措施")
    expect(page.locator("#picture .heat")).to_contain_text("资金奖补")
    expect(page.locator("#measures")).not_to_contain_text("夜间经济")  # expired
    page.fill("#measures-wanted textarea, #measures-wanted input", "首台")
    expect(page.locator("#measures tbody tr")).to_have_count(2)
    page.fill("#measures-wanted textarea, #measures-wanted input", "首台套奖励")
    page.click("#compare-topic")
    expect(page.locator("#comparison table")).to_contain_text("150万元")
    expect(page.locator("#comparison table")).to_contain_text("100万元")


def test_a_correction_that_the_clause_does_not_bear_out_is_refused_and_one_that_it_does_is_signed(same_page: Page):
    page = same_page
    open_tab(page, "支持措施")
    page.fill("#measures-wanted textarea, #measures-wanted input", "研发投入补助")
    page.locator("#measures a.file", has_text="研发投入补助").first.click()
    expect(page.locator("#measure-details h3")).to_contain_text("研发投入补助")
    page.locator("#correct").get_by_text("更正这项措施").click()
    page.locator("#correct-path input").click()
    page.get_by_role("option", name="兑现方式").click()
    page.fill("#correct-words textarea, #correct-words input", "免申即享")
    page.fill("#correct-name textarea, #correct-name input", "王工")
    page.fill("#correct-reason textarea, #correct-reason input", "核对原文")
    page.click("#correct-save")
    expect(page.get_by_text("条款原文中没有“免申即享”")).to_be_visible()
    page.fill("#correct-words textarea, #correct-words input", "给予补助")
    page.click("#correct-save")
    expect(page.locator("#measure-details .corrections")).to_contain_text("王工")
    expect(page.locator("#measures tbody tr").first).to_contain_text("有人工更正")


def test_hostile_text_stays_text_in_the_lists(same_page: Page):
    page = same_page
    open_tab(page, "支持措施")
    page.fill("#measures-wanted textarea, #measures-wanted input", "")
    row = page.locator("#measures tbody tr", has_text="生物质燃料")
    expect(row).to_contain_text("<")
    row.locator("a.file").click()
    expect(page.locator("#measure-details")).to_contain_text("30元")
    page.locator("#measure-details a.cite").last.click()
    expect(page.locator("#measure-evidence mark")).to_contain_text("<img src=x")
    assert page.evaluate("window.pwned") is None
    assert page.locator("#measures img, #measures b, #measure-details img, #measure-evidence img").count() == 0


def test_keyboard_alone_reaches_a_result_and_its_evidence(page: Page):
    open_tab(page, "政策匹配")
    page.locator("#sentence textarea").focus()
    page.keyboard.type(SENTENCE)
    page.keyboard.press("Enter")
    expect(page.locator("#matches .counts")).to_be_visible()
    found = page.locator("#matches details.match", has_text="设备投资").first
    found.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(found.locator(".decisions")).to_be_visible()
    for _ in range(12):  # from the summary to the first link in it
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('a.cite')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#match-evidence .evidence")).to_be_focused()


def test_a_phone_shows_form_result_and_evidence_without_scrolling_sideways(phone: Page):
    found = match(phone).first
    found.locator("summary").click()
    found.locator("dl a.cite").first.click()
    expect(phone.locator("#match-evidence mark")).to_be_in_viewport()
    for name in ("支持措施", "政策匹配"):
        open_tab(phone, name)
        assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
