"""How fast files are read and parsed, by format, with one worker and two, beside plain text extraction by common libraries.

``python -m tests.benchmarks.reading [文件或文件夹…]``; without arguments the sample files in ``corpus/``. Each format is read
again and again until the time is up, through the same child processes that the product uses; the peers run in this process
and only extract text, without clauses, numbers or dates.
"""

from __future__ import annotations

import argparse
import io
import queue
import resource
import statistics
import sys
import threading
import time
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import docx
import pypdf
from pypdf.errors import DependencyError, PyPdfError

from ingest.corpus import source_file, walk
from ingest.document import PolicyDocument, SourceFile
from ingest.errors import ReadError
from ingest.readers.archive import BROKEN
from ingest.sandbox import Sandbox

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
NAMES = {
    "application/pdf": "PDF", "text/html": "HTML", "text/plain": "TXT", "text/markdown": "Markdown",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
}  # fmt: skip
SCAN, SCANS = "扫描件", 2


@dataclass(frozen=True, slots=True)
class Speed:
    """``seconds`` of wall time for ``files`` files with ``pages`` pages; ``each``: milliseconds a file, waiting excluded."""

    files: int
    pages: int
    seconds: float
    each: tuple[float, ...]

    def row(self, label: str) -> str:
        pages = f"{self.pages / self.seconds:9.1f}" if self.pages else f"{'–':>9}"
        p50 = statistics.median(self.each)
        p95 = sorted(self.each)[int(0.95 * (len(self.each) - 1))]
        return f"  {label:<26}{self.files / self.seconds:9.1f}{pages}{p50:10.1f}{p95:10.1f}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.reading", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, metavar="文件或文件夹")
    parser.add_argument("--seconds", type=float, default=5.0, help="每种格式、每种方式的时间")
    options = parser.parse_args(arguments)
    absent = [path for path in options.paths if not path.exists()]
    if absent:
        print(f"没有这些文件，未测：{'、'.join(map(str, absent))}", file=sys.stderr)
    files = [item for item in walk([p for p in options.paths or [CORPUS] if p.exists()]) if not isinstance(item, tuple)]
    if not files:
        return 2
    print(f"父进程内存峰值：读取 {len(files)} 个文件和 2 个炸弹后 {peak_while_reading(files)} MB")
    groups, refused = by_format(files)
    print(f"{'':28}{'文件/秒':>6}{'页/秒':>8}{'p50 毫秒':>8}{'p95 毫秒':>8}")
    for name, members in sorted(groups.items()):
        members = members[:SCANS] if name == SCAN else members  # recognition takes seconds a page
        print(f"{name}（{len(members)} 个文件，{sum(pages for _, pages in members)} 页）")
        for workers in (1, 2):
            print(read_for(members, workers, options.seconds).row(f"文号，{workers} 个进程"))
        for peer, extract in PEERS.get(name, {}).items():
            print(run_peer(members, extract, options.seconds).row(f"{peer}（只取文字）"))
    for reason, count in sorted(refused.items()):
        print(f"未读 {count} 个：{reason}")
    return 0


def by_format(files: Sequence[SourceFile]) -> tuple[dict[str, list[tuple[SourceFile, int]]], dict[str, int]]:
    """Files that can be read, with their number of pages, by format; and how many could not, by the kind of error."""
    groups: dict[str, list[tuple[SourceFile, int]]] = defaultdict(list)
    refused: dict[str, int] = defaultdict(int)
    with Sandbox() as sandbox:
        for source in files:
            try:
                document = sandbox.parse(source)
            except ReadError as error:
                refused[str(error).partition("：")[0]] += 1
            else:
                groups[format_of(source, document)].append((source, len(document.pages)))
    return groups, refused


def format_of(source: SourceFile, document: PolicyDocument) -> str:
    if any(page.source == "ocr" for page in document.pages):
        return SCAN
    return NAMES.get(source.media_type, Path(source.path).suffix.lstrip(".").upper())


def read_for(members: Sequence[tuple[SourceFile, int]], workers: int, seconds: float) -> Speed:
    """Read the files round and round with so many child processes until the time is up, each file at least once."""
    waiting: queue.SimpleQueue[tuple[SourceFile, int]] = queue.SimpleQueue()
    done: list[tuple[int, float]] = []
    sandboxes = [Sandbox() for _ in range(workers)]
    for sandbox in sandboxes:
        sandbox.parse(source_file("预热.txt", "预热".encode()))
    for member in members:
        waiting.put(member)
    started = time.perf_counter()

    def work(sandbox: Sandbox) -> None:
        while len(done) < len(members) or time.perf_counter() - started < seconds:
            try:
                source, pages = waiting.get_nowait()
            except queue.Empty:
                return
            waiting.put((source, pages))
            begun = time.perf_counter()
            sandbox.parse(source)
            done.append((pages, 1000 * (time.perf_counter() - begun)))

    threads = [threading.Thread(target=work, args=(sandbox,)) for sandbox in sandboxes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - started
    for sandbox in sandboxes:
        sandbox.close()
    return Speed(len(done), sum(pages for pages, _ in done), elapsed, tuple(ms for _, ms in done))


def run_peer(members: Sequence[tuple[SourceFile, int]], extract: Callable[[bytes], str], seconds: float) -> Speed:
    """Files that the peer cannot read are left out."""
    readable = []
    for member in members:
        try:
            extract(member[0].content)
        except (*BROKEN, DependencyError, PyPdfError):
            print(f"  未能读取：{Path(member[0].path).name}")
        else:
            readable.append(member)
    members = readable
    done: list[tuple[int, float]] = []
    started = time.perf_counter()
    while len(done) < len(members) or time.perf_counter() - started < seconds:
        source, pages = members[len(done) % len(members)]
        begun = time.perf_counter()
        extract(source.content)
        done.append((pages, 1000 * (time.perf_counter() - begun)))
    elapsed = time.perf_counter() - started
    return Speed(len(done), sum(pages for pages, _ in done), elapsed, tuple(ms for _, ms in done))


def peak_while_reading(files: Sequence[SourceFile]) -> int:
    """Largest resident size of this process in MB after the largest files and two bombs went through the sandbox."""
    largest = sorted(files, key=lambda source: -len(source.content))[:5]
    with Sandbox() as sandbox:
        for source in (*largest, source_file("炸弹.pdf", pdf_bomb()), source_file("炸弹.docx", zip_bomb())):
            try:
                sandbox.parse(source)
            except ReadError as error:
                print(f"  {error}")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def pdf_bomb() -> bytes:
    """A page whose content stream of 300 KB unpacks to 300 MB; packed piece by piece, for this process is measured too."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"0 0 m 1 1 l S\n" * 2**16) for _ in range(300)) + packer.flush()
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>endobj\n"
        b"4 0 obj<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF"
        % (len(packed), packed)
    )


def zip_bomb() -> bytes:
    """A Word file of 400 KB that unpacks to 400 MB."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("word/document.xml", "w") as part:
        for _ in range(400):
            part.write(b" " * 2**20)
    return made.getvalue()


def pypdf_text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def docx_text(content: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs)


PEERS = {"PDF": {"pypdf": pypdf_text}, "DOCX": {"python-docx": docx_text}}

if __name__ == "__main__":
    sys.exit(main())
