"""DOC, WPS, RTF and ODT: turned into DOCX by LibreOffice where it is installed, then read by the Word reader.

LibreOffice is fed hostile files like every other reader: a process and a profile of its own for each file, macros and
links off, bounded time, processor time and output. It inherits the memory limit of ``ingest.sandbox``.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from ingest.document import SourceFile, SourceText
from ingest.errors import CorruptFile, TimedOut, UnsupportedFormat
from ingest.limits import Limits
from ingest.readers.archive import check_archive
from ingest.readers.sniffing import DOC, ODT, RTF, sniff
from ingest.readers.word import read_word

AS_DOCX = "请用 Word 或 WPS 打开，另存为 .docx 或 PDF 后再上传"
_NAMES = {DOC: ("旧版 Word 或 WPS 文件", ".doc"), RTF: ("RTF 文件", ".rtf"), ODT: ("ODT 文件", ".odt")}
_PROGRAMS = (
    "soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice", r"C:\Program Files\LibreOffice\program\soffice.com",
)  # fmt: skip
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
    """What the Word reader makes of the converted file.

    Raises UnsupportedFormat where LibreOffice is not installed, TimedOut, CorruptFile where LibreOffice makes nothing of
    the file, and what the Word reader raises.
    """
    name, suffix = _NAMES[sniff(source.content, source.path)]
    program = find_program()
    if program is None:
        raise UnsupportedFormat(
            f"读取{name}需要 LibreOffice，这台机器没有安装：{source.path}", f"{AS_DOCX}；或安装 LibreOffice 后重新上传"
        )
    content = _converted(program, source, suffix)
    if not content.startswith(b"PK"):
        raise CorruptFile(f"{name}无法打开，可能已损坏或有密码：{source.path}", AS_DOCX)
    check_archive(content, source.path, Limits())
    return read_word(replace(source, content=content))


def find_program() -> str | None:
    """Path of LibreOffice, where it is installed."""
    return next(filter(None, map(shutil.which, _PROGRAMS)), None)


def _converted(program: str, source: SourceFile, suffix: str) -> bytes:
    """The file as DOCX; empty where LibreOffice made none (it reports success all the same)."""
    with tempfile.TemporaryDirectory(prefix="wenhao-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        given, made = folder / f"file{suffix}", folder / "made" / "file.docx"
        given.write_bytes(source.content)
        command = [
            program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nologo", "--convert-to",
            "docx:MS Word 2007 XML", "--outdir", str(made.parent), str(given),
        ]  # fmt: skip
        _run(command, folder, source.path)
        return made.read_bytes() if made.is_file() else b""


def _run(command: list[str], folder: Path, path: str) -> None:
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "HOME": str(folder), "TMPDIR": str(folder)},
        # LibreOffice is a script that starts a program that starts another: they end as a group.
        start_new_session=True,
        preexec_fn=_bounded if os.name == "posix" else None,
    )
    try:
        process.wait(_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise TimedOut(f"转换超过 {_SECONDS} 秒，已停止：{path}", AS_DOCX) from error
    finally:
        if process.poll() is None:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if os.name == "posix":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _bounded() -> None:
    """In the new process: bounds that hold even where this one is killed and cannot end it."""
    import resource  # only there on POSIX

    _lower(resource.RLIMIT_CPU, _PROCESSOR_SECONDS)
    _lower(resource.RLIMIT_FSIZE, Limits().unpacked_bytes)


def _lower(kind: int, bound: int) -> None:
    import resource  # only there on POSIX

    _, hard = resource.getrlimit(kind)
    bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
    resource.setrlimit(kind, (bound, bound))
