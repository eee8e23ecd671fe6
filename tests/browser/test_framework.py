"""政策框架 in a real browser: picture, file, sentence of a relation, views of a file, terms, quiz; keyboard; a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api")
expect, Page = playwright.expect, playwright.Page

# The files of the page name no other: what is added here names one of them, one that is not held, and says what a word means.
PLAN = """清政〔2025〕8号
清河区人民政府关于印发推动节能环保产业发展工作方案的通知
各镇人民政府，区直各单位：
为贯彻落实《清河区人民政府关于印发支持节能环保产业若干政策的通知》（清政〔2023〕12号）和《云澜省促进绿色发展条例》，制定本方案。
一、工作目标。到2027年，节能环保产业产值达到200亿元，新增规上企业不少于30家。
二、主要任务。建设绿色园区3个以上。（责任单位：区经信局、区发改委）
三、附则。本方案所称规上企业，是指年主营业务收入2000万元以上的工业企业。<img src=x onerror="window.pwned=6">
清河区人民政府
2025年3月1日
"""


@pytest.fixture(scope="module")
def address(address: str, browser: playwright.Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """With the plan, added through the page itself, and taken out again for the tests of other files."""
    path = tmp_path_factory.mktemp("plan") / "工作方案.txt"
    path.write_text(PLAN, encoding="utf-8")
    page = browser.new_page(locale="zh-CN")
    page.goto(address)
    page.get_by_role("tab", name="文件库").click()
    page.locator("#add").get_by_text("添加文件").click()
    page.locator("#uploads input[type=file]").set_input_files(path)
    page.locator("#uploads").get_by_text("工作方案").first.wait_for()
    page.click("#add-files")
    expect(page.locator("#report")).to_contain_text("工作方案", timeout=20_000)
    yield address
    page.locator("#files a.file", has_text="推动节能环保产业").click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("#details a.remove")
    expect(page.locator("#files")).not_to_contain_text("推动节能环保产业")
    page.close()


def test_a_newcomer_goes_from_the_picture_to_the_sentence_and_the_file(page: Page):
    page.locator(".doors a.door", has_text="看政策框架").click()
    picture = page.locator("#lineage svg.lg")
    expect(picture.locator("a.lg-n")).not_to_have_count(0)
    edge = picture.locator('a.lg-l[aria-label*="贯彻"]', has_text="贯彻").first
    edge.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#framework-evidence mark")).to_contain_text("制定本方案")
    expect(picture.locator(".lg-n.stub[aria-label*=促进绿色发展条例]").first).to_be_visible()
    node = picture.locator("a.lg-n[aria-label*='清政〔2025〕8号']")
    node.focus()
    page.keyboard.press("Enter")
    card = page.locator("#whole .overview")
    expect(card).to_contain_text("推动节能环保产业发展工作方案")

    def view(name: str) -> playwright.Locator:
        page.locator("#file-view").get_by_text(name, exact=True).click()
        return page.locator("#whole")

    expect(view("目标").locator("tbody tr", has_text="产值")).to_contain_text("200亿元")
    page.locator("#whole tbody a.cite").first.click()
    expect(page.locator("#framework-evidence mark")).to_contain_text("200亿元")
    expect(view("责任分工")).to_contain_text("区经信局")
    expect(view("时间线")).to_contain_text("2025-03-01")
    expect(view("一图读懂").locator("svg.ex")).to_be_visible()
    with page.expect_download() as download:
        page.locator("#whole").get_by_role("button", name="存为 PNG").click()
    assert Path(download.value.path()).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    expect(view("新旧对照")).to_contain_text("没有可以比对")
    assert page.evaluate("window.pwned") is None


def test_terms_reading_order_and_quiz_fit_a_phone(phone: Page):
    phone.get_by_role("tab", name="政策框架").click()
    expect(phone.locator("#lineage svg.lg")).to_be_visible()
    phone.get_by_role("tab", name="名词").click()
    term = phone.locator("#terms a.file", has_text="规上企业")
    term.click()
    expect(phone.locator("#framework-evidence .term mark").first).to_contain_text("2000万元")
    phone.locator("#framework-evidence .term a.cite").first.click()
    expect(phone.locator("#framework-evidence .number")).to_have_text("清政〔2025〕8号")
    phone.get_by_role("tab", name="全库一览").click()
    expect(phone.locator("#overall-view .reading-path")).to_contain_text("先看方案")
    phone.locator("#overall").get_by_text("引用而未收录的文件").click()
    expect(phone.locator("#overall-view .cited")).to_contain_text("云澜省促进绿色发展条例")
    phone.get_by_role("tab", name="小测验").click()
    item = phone.locator("#quiz .item").first
    item.locator(".answer summary").click()
    answer = item.locator(".answer mark").inner_text()
    chosen = item.locator(".options summary", has_text=answer).first
    chosen.focus()
    phone.keyboard.press("Enter")
    expect(item.locator(".options .right")).to_be_visible()
    item.locator(".options [open] a.cite").click()
    expect(phone.locator("#framework-evidence mark").first).to_contain_text(answer)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert phone.evaluate("window.pwned") is None
