"""起草与审查 in a real browser: draft, evidence, editing in place, Word, review of the draft and of an uploaded file; a phone."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.corpus import source_file
from ingest.readers import read
from tests.browser.conftest import HOSTILE

playwright = pytest.importorskip("playwright.sync_api")
expect, Page = playwright.expect, playwright.Page

UPLOADED = f"""清河区支持节能产业若干措施（送审稿）
一、支持对象。对清河恒源节能有限公司，按其缴纳的增值税地方留成部分的50%给予返还。
二、依据《清河区人民政府关于印发支持夜间经济若干措施的通知》（清政〔2018〕7号），每条街区给予20万元补助。
{HOSTILE.splitlines()[1]}
"""


def draft(page: Page, points: str) -> playwright.Locator:
    """The draft, through its door."""
    page.locator(".doors a.door", has_text="起草扶持政策").click()
    page.fill("#draft-region textarea, #draft-region input", "清河区")
    page.fill("#draft-points textarea", points)
    page.click("#draft")
    made = page.locator("#draft-text article.draft")
    expect(made).to_be_visible()
    return made


def test_a_draft_is_made_changed_in_place_reviewed_and_exported(page: Page, tmp_path: Path):
    made = draft(page, "设备投资补助：按设备投资额的30%给予补助，最高5000万元\n研发投入")
    block = made.locator(".block", has_text="30%").first
    expect(block.locator(".remarks")).to_contain_text("500万元")  # what is in force at this level
    page.locator("#draft-text .block", has_text="增量部分的10%").first.locator("a.cite").first.click()
    expect(page.locator("#draft-evidence .number")).to_have_text("清政〔2023〕12号")
    expect(page.locator("#draft-evidence mark")).to_contain_text("10%")

    block = made.locator(".block", has_text="增量部分的10%").first
    block.hover()
    block.get_by_role("button", name="修改").press("Enter")  # from the keyboard
    editor = page.get_by_role("textbox", name="修改这一段")
    expect(editor).to_be_focused()
    editor.fill("研发投入补助。按增量部分的77%给予补助。<img src=x onerror='window.pwned=9'>")
    editor.press("Control+Enter")
    changed = made.locator(".block", has_text="77%").first
    expect(changed.locator(".remarks")).to_contain_text("没有写明“77%”")
    expect(changed).to_contain_text("<img src=x")
    expect(changed.get_by_role("button", name="修改")).to_be_focused()

    changed.get_by_role("button", name="加一段").click()
    page.get_by_role("textbox", name="新的一段").fill("对清河恒源节能有限公司按其缴纳增值税地方留成部分的50%给予返还。")
    page.get_by_role("button", name="保存这一段").click()
    added = made.locator(".block", has_text="清河恒源节能")
    expect(added).to_have_count(1)
    added.hover()
    added.get_by_role("button", name="删除").click()
    expect(added).to_have_count(0)
    page.click("#draft-undo")
    expect(added).to_have_count(1)

    with page.expect_download() as download:
        page.click("#draft-word")
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    text = read(source_file(path.name, path.read_bytes())).text
    assert path.suffix == ".docx" and "77%" in text and "清政〔2023〕12号" in text

    page.click("#review-draft")
    found = page.locator("#review .review")
    finding = found.locator("li", has_text="返还").first
    expect(finding).to_contain_text("建议：")
    finding.locator("a.place").click()
    expect(added.get_by_role("button", name="修改")).to_be_focused()
    assert page.evaluate("window.pwned") is None


def test_an_uploaded_file_is_reviewed_on_a_phone_and_not_kept(phone: Page, tmp_path: Path):
    path = tmp_path / "送审稿.txt"
    path.write_text(UPLOADED, encoding="utf-8")
    phone.get_by_role("tab", name="起草与审查").click()
    phone.get_by_role("tab", name="审查意见").click()
    phone.click("#review-file")
    expect(phone.get_by_text("还没有选择文件")).to_be_visible()
    phone.locator("#reviewed input[type=file]").set_input_files(path)
    phone.locator("#reviewed").get_by_text("送审稿").first.wait_for()
    phone.click("#review-file")
    found = phone.locator("#review .review")
    expect(found.locator("mark", has_text="增值税").first).to_contain_text("返还")
    ended = found.locator("li:has(a.cite)", has_text="清政〔2018〕7号").first
    expect(ended).to_contain_text("已失效")
    ended.locator("a.cite").first.click()
    expect(phone.locator("#draft-evidence .number")).to_have_text("清政〔2018〕7号")
    phone.locator("#draft-evidence a.back").click()
    expect(ended).to_be_in_viewport()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert phone.evaluate("window.pwned") is None
    expect(phone.locator("#summary")).to_contain_text("收录文件 4 份")  # it is not among them
    phone.get_by_role("tab", name="文件库").click()
    expect(phone.locator("#files")).not_to_contain_text("送审稿")
