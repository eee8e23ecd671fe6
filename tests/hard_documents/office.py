"""What LibreOffice and Chromium make of a file: PDF, DOC, WPS, RTF, ODT. All files of a kind in one run of the program."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from playwright.sync_api import sync_playwright

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
]


def has_office() -> bool:
    return shutil.which("soffice") is not None


def has_browser() -> bool:
    return shutil.which("chromium") is not None


def converted(files: Mapping[str, bytes], suffix: str) -> dict[str, bytes]:
    """Word files by name (without suffix) → the same saved by LibreOffice as ``suffix``."""
    with tempfile.TemporaryDirectory() as folder:
        given = []
        for name, content in files.items():
            path = Path(folder, f"{name}.docx")
            path.write_bytes(content)
            given.append(str(path))
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", suffix]
        subprocess.run([*command, "--outdir", f"{folder}/out", *given], check=True, capture_output=True, timeout=600)
        return {name: Path(folder, "out", f"{name}.{suffix}").read_bytes() for name in files}


def printed(pages: Mapping[str, str]) -> dict[str, bytes]:
    """HTML by name → PDF as Chromium prints it, with page numbers. In a thread: the browser tests hold this one's loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(_printed, pages).result()


def _printed(pages: Mapping[str, str]) -> dict[str, bytes]:
    footer = '<div style="font-size:12px;width:100%;text-align:center">— <span class="pageNumber"></span> —</div>'
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_FLAGS)
        made = {}
        for name, page in pages.items():
            tab = browser.new_page()
            tab.set_content(page)
            made[name] = tab.pdf(
                prefer_css_page_size=True,
                print_background=True,
                display_header_footer=True,
                header_template="<span></span>",
                footer_template=footer,
            )
            tab.close()
        browser.close()
        return made
