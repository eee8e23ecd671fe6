"""DOC, WPS, RTF, ODT, XLS, ET, ODS and XLSB: turned into DOCX or XLSX by LibreOffice where it is installed.

LibreOffice is fed hostile files like every other reader: a process and a profile of its own for each file, macros and
links off, bounded time, processor time and output. It inherits the memory limit of ``ingest.sandbox`` and ends with it.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.document import SourceFile, SourceText
from ingest.errors import CorruptFile, TimedOut, UnsupportedFormat
from ingest.limits import Limits
from ingest.readers.archive import check_archive
from ingest.readers.sheet import read_sheet
from ingest.readers.sniffing import DOC, ODS, ODT, RTF, XLS, XLSB, sniff
from ingest.readers.word import read_word


@dataclass(frozen=True, slots=True)
class _Target:
    """What a kind of files is turned into. ``library``: the part of LibreOffice that knows it, a package of its own."""

    suffix: str
    filter: str
    read: Callable[[SourceFile], SourceText]
    library: str
    part: str
    hint: str


AS_DOCX = "请用 Word 或 WPS 打开，另存为 .docx 或 PDF 后再上传"
AS_XLSX = "请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传"
_TEXT = _Target("docx", "MS Word 2007 XML", read_word, "swlo", "Writer", AS_DOCX)
_SHEET = _Target("xlsx", "Calc MS Excel 2007 XML", read_sheet, "sclo", "Calc", AS_XLSX)
_KINDS = {
    DOC: ("旧版 Word 或 WPS 文件", ".doc", _TEXT), RTF: ("RTF 文件", ".rtf", _TEXT), ODT: ("ODT 文件", ".odt", _TEXT),
    XLS: ("旧版 Excel 或 WPS 表格文件", ".xls", _SHEET), ODS: ("ODS 表格文件", ".ods", _SHEET),
    XLSB: ("二进制 Excel 文件（.xlsb）", ".xlsb", _SHEET),
}  # fmt: skip
_PROGRAMS = (
    "soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice", r"C:\Program Files\LibreOffice\program\soffice.com",
)  # fmt: skip
# With a fresh profile LibreOffice ends with this status and wants to be started once more.
_RESTART, _STARTS = (79, 81), 3
# prctl(2): signal for this process when its parent ends.
_PARENT_DEATH_SIGNAL = 1
# Below the time that the sandbox gives a file, so that this module, which knows the process group, ends it.
_SECONDS, _PROCESSOR_SECONDS = 45, 90
# A document may name pictures and sections elsewhere (http, file): none is fetched. No macro runs.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def read_office(source: SourceFile) -> SourceText:
    """What the Word or the Excel reader makes of the converted file.

    Raises UnsupportedFormat where LibreOffice, or its part for this kind, is not installed, TimedOut, CorruptFile where
    LibreOffice makes nothing of the file, and what those readers raise.
    """
    name, suffix, target = _KINDS[sniff(source.content, source.path)]
    program = find_program()
    if program is None:
        raise UnsupportedFormat(
            f"读取{name}需要 LibreOffice，这台机器没有安装：{source.path}",
            f"{target.hint}；或安装 LibreOffice 后重新上传",
        )
    if not _has_part(program, target.library):
        raise UnsupportedFormat(
            f"读取{name}需要 LibreOffice 的 {target.part} 组件，这台机器没有安装：{source.path}",
            f"{target.hint}；或安装 LibreOffice {target.part} 后重新上传",
        )
    content = _converted(program, source, suffix, target)
    if not content.startswith(b"PK"):
        raise CorruptFile(f"{name}无法打开，可能已损坏：{source.path}", target.hint)
    check_archive(content, source.path, Limits())
    return target.read(replace(source, content=content))


def find_program() -> str | None:
    """Path of LibreOffice, where it is installed."""
    return next(filter(None, map(shutil.which, _PROGRAMS)), None)


def _has_part(program: str, library: str) -> bool:
    """Whether the library of a part is there. Where LibreOffice hides its libraries (snap, flatpak) it is whole."""
    folder = Path(program).resolve().parent
    places = [folder, folder.parent / "Frameworks"]
    libraries = [found.name for place in places if place.is_dir() for found in place.glob("*lo.*")]
    return not libraries or any(library in found for found in libraries)


def _command(program: str) -> str:
    """On Linux the program itself, without the script and the starter before it, which would outlive a killed parent."""
    direct = Path(program).resolve().with_name("soffice.bin")
    return str(direct) if sys.platform == "linux" and direct.is_file() else program


def _converted(program: str, source: SourceFile, suffix: str, target: _Target) -> bytes:
    """The file as DOCX or XLSX; empty where LibreOffice made none (it reports success all the same)."""
    with tempfile.TemporaryDirectory(prefix="wenhao-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        given, made = folder / f"file{suffix}", folder / "made" / f"file.{target.suffix}"
        given.write_bytes(source.content)
        command = [
            _command(program), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nologo", "--convert-to",
            f"{target.suffix}:{target.filter}", "--outdir", str(made.parent), str(given),
        ]  # fmt: skip
        deadline = time.monotonic() + _SECONDS
        try:
            for _ in range(_STARTS):
                if _run(command, folder, deadline) not in _RESTART:
                    break
        except subprocess.TimeoutExpired as error:
            raise TimedOut(f"转换超过 {_SECONDS} 秒，已停止：{source.path}", target.hint) from error
        return made.read_bytes() if made.is_file() else b""


def _run(command: list[str], folder: Path, deadline: float) -> int:
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "HOME": str(folder), "TMPDIR": str(folder)},
        # Whatever it starts ends with it, as a group.
        start_new_session=True,
        preexec_fn=_bound(os.getpid()) if os.name == "posix" else None,
    )
    try:
        return process.wait(max(0.0, deadline - time.monotonic()))
    finally:
        if process.poll() is None:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if os.name == "posix":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _bound(parent: int) -> Callable[[], None]:
    """For the new process: bounds that hold even where this one is killed and cannot end it."""
    import resource  # only there on POSIX

    system = ctypes.CDLL(None) if sys.platform == "linux" else None

    def bound() -> None:
        if system is not None:
            system.prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)
            if os.getppid() != parent:  # it ended before the signal was asked for
                os._exit(1)
        _lower(resource.RLIMIT_CPU, _PROCESSOR_SECONDS)
        _lower(resource.RLIMIT_FSIZE, Limits().unpacked_bytes)

    return bound


def _lower(kind: int, bound: int) -> None:
    import resource  # only there on POSIX

    _, hard = resource.getrlimit(kind)
    bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
    resource.setrlimit(kind, (bound, bound))
