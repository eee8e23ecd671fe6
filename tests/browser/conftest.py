"""A real server on a real library, and a real browser; what it asks of another host fails the test."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfgen.canvas import Canvas

from index.library import Library
from index.register import Register
from index.register_feedback import Feedback
from ingest.settings import Settings

playwright = pytest.importorskip("playwright.sync_api")
playwright.expect.set_options(timeout=20_000)  # as patient as a click: a busy machine is no fault of the page

ROOT = Path(__file__).resolve().parents[2]
SERVE = (
    "import sys, ui; from ingest.settings import Settings; ui.serve(Settings.from_environment(), port=int(sys.argv[1]))"
)
# No sandbox: tests run as root in containers. The rest keeps Chromium itself from calling home.
FLAGS = (
    "--no-sandbox --disable-gpu --disable-dev-shm-usage --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
DESKTOP, PHONE = (1366, 768), (390, 844)

IN_FORCE = """清政〔2023〕12号
清河区人民政府关于印发支持节能环保产业若干政策的通知
各镇人民政府，区直各单位：
一、支持做大做强
（一）设备投资奖补。对符合下列条件之一的项目给予奖补：
1.设备投资500万元以上的，按设备投资额的8%给予奖补，最高500万元。
2.租赁标准化厂房的，给予3年租金补贴。
（二）研发投入补助。企业上年度研发费用增长的，按增量部分的10%给予补助，最高不超过200万元。
（三）首台（套）奖励。获省级首台（套）认定的，一次性奖励100万元。
二、附则
（一）本政策自2023年6月1日起施行，有效期至2030年12月31日。
清河区人民政府
2023年5月20日
"""
EXPIRED = """清政〔2018〕7号
清河区人民政府关于印发支持夜间经济若干措施的通知
各镇人民政府，区直各单位：
一、夜间经济街区每条给予20万元运营补助。
二、本措施自2018年7月1日起施行，有效期至2020年6月30日。
清河区人民政府
2018年6月20日
"""
CITY = """云政〔2024〕6号
云澜市人民政府关于支持产业发展若干政策的通知
各县、区人民政府：
一、支持做大做强
（一）首台（套）奖励。获省级首台（套）认定的，一次性奖励150万元。（责任单位：市经济和信息化局）
二、附则
（一）本政策自2024年6月1日起施行，有效期至2030年12月31日。
云澜市人民政府
2024年5月20日
"""
HOSTILE = """关于推广生物质燃料的意见<img src=x onerror="window.pwned=1">
一、生物质燃料推广补助 <script>window.pwned=2</script><img src="http://evil.example/a.png" onerror="window.pwned=3">
<form action="http://evil.example"><input name="q"></form> **粗体** $x^2$ {{constructor}} ${window.pwned=4} [链接](http://evil.example)
对<img src=x onerror="window.pwned=5">使用生物质燃料的企业，按每吨<b>生物质燃料</b>30元给予补助。
"""


def pdf_of(text: str) -> bytes:
    """A one-page PDF with a text layer."""
    registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = BytesIO()
    canvas = Canvas(buffer)
    canvas.setFont("STSong-Light", 11)
    for number, line in enumerate(text.splitlines()):
        canvas.drawString(40, 780 - 24 * number, line)
    canvas.save()
    return buffer.getvalue()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the page's library (``data``), files and log."""
    return tmp_path_factory.mktemp("page")


@pytest.fixture
def kept(served: Path) -> Callable[[], tuple[Feedback, ...]]:
    """Reads the verdicts that the page has kept."""

    def read_all() -> tuple[Feedback, ...]:
        register = Register.open(served / "data" / "register.sqlite")
        try:
            return register.feedback()
        finally:
            register.close()

    return read_all


@pytest.fixture(scope="session")
def address(served: Path) -> Iterator[str]:
    """Address of the page, with four files: a PDF in force, a city's text, an expired text, a hostile text."""
    folder = served
    files = folder / "files"
    files.mkdir()
    (files / "支持政策.pdf").write_bytes(pdf_of(IN_FORCE))
    (files / "云澜市.txt").write_text(CITY, encoding="utf-8")
    (files / "夜间经济.txt").write_text(EXPIRED, encoding="utf-8")
    (files / "恶意.txt").write_text(HOSTILE, encoding="utf-8")
    with Library.open(Settings(data=folder / "data")) as library:
        report = library.add([files])
        assert not report.failed, report.failed
    port = free_port()
    environment = {**os.environ, "POLICY_DATA": str(folder / "data")}
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(port)], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", server, folder / "server.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        if server.poll() is not None:
            pytest.fail(f"the server ended:\n{log.read_text(encoding='utf-8')[-3000:]}")
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the server did not answer:\n{log.read_text(encoding='utf-8')[-3000:]}")


@pytest.fixture(scope="session")
def browser() -> Iterator[playwright.Browser]:
    """Chromium of the machine, else Playwright's own; without one the browser tests are skipped."""
    with playwright.sync_playwright() as driver:
        found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        program = found or driver.chromium.executable_path
        if not Path(program).exists():
            pytest.skip("no Chromium: apt-get install chromium fonts-noto-cjk, or playwright install chromium")
        chromium = driver.chromium.launch(executable_path=program, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def windows(browser: playwright.Browser) -> Iterator[dict[tuple[int, int], playwright.Page]]:
    """One for each size. A test loads the page anew in it: a new window would compile all scripts again (3 s of work)."""
    kept: dict[tuple[int, int], playwright.Page] = {}
    for width, height in (DESKTOP, PHONE):
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        kept[width, height] = context.new_page()
        kept[width, height].set_default_timeout(20_000)
    yield kept
    for window in kept.values():
        window.context.close()


class Watch:
    """What a page asks of other hosts, and the errors of its scripts, since they were last looked at."""

    def __init__(self, address: str, page: playwright.Page) -> None:
        self._address, self._page = address, page
        self.foreign: list[str] = []
        self.errors: list[str] = []
        page.on("request", self._request)
        page.on("pageerror", self._error)

    def _request(self, request: playwright.Request) -> None:
        if not request.url.startswith((self._address, "data:", "blob:")):
            self.foreign.append(request.url)

    def _error(self, error: playwright.Error) -> None:
        self.errors.append(str(error))

    def end(self) -> None:
        self._page.remove_listener("request", self._request)
        self._page.remove_listener("pageerror", self._error)
        assert not self.foreign
        assert not self.errors


def load(page: playwright.Page, address: str) -> None:
    page.goto(address)
    page.locator("#summary h1").wait_for()
    page.add_style_tag(content="*{animation:none!important;transition:none!important}")


@pytest.fixture
def open_page(
    windows: dict[tuple[int, int], playwright.Page], address: str
) -> Iterator[Callable[..., playwright.Page]]:
    """Loads the page at a size; afterwards a request to another host or an error in a script fails the test."""
    watches: dict[tuple[int, int], Watch] = {}

    def open_at(size: tuple[int, int] = DESKTOP) -> playwright.Page:
        watches[size] = Watch(address, windows[size])
        load(windows[size], address)
        return windows[size]

    yield open_at
    for size, watch in watches.items():
        windows[size].evaluate("localStorage.clear()")
        windows[size].goto("about:blank")
        watch.end()


@pytest.fixture
def page(open_page: Callable[..., playwright.Page]) -> playwright.Page:
    """The page on a desktop, as it is first seen."""
    return open_page()


@pytest.fixture
def phone(open_page: Callable[..., playwright.Page]) -> playwright.Page:
    """The page on a phone, as it is first seen."""
    return open_page(PHONE)


@pytest.fixture(scope="module")
def _kept_open(browser: playwright.Browser, address: str) -> Iterator[playwright.Page]:
    context = browser.new_context(
        viewport={"width": DESKTOP[0], "height": DESKTOP[1]}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.set_default_timeout(20_000)
    load(page, address)
    yield page
    context.close()


@pytest.fixture
def same_page(_kept_open: playwright.Page, address: str) -> Iterator[playwright.Page]:
    """The desktop page as the test before left it, for tests that do not mind: loading it is seconds of work."""
    watch = Watch(address, _kept_open)
    yield _kept_open
    watch.end()
