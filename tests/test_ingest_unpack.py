"""Archives: every file in them comes in under a harmless name; what cannot be had is said, and stops nothing else."""

import gzip
import io
import stat
import struct
import tarfile
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.corpus import walk
from ingest.document import SourceFile
from ingest.errors import CorruptFile, EncryptedFile, NoText, TooLarge, UnsupportedFormat
from ingest.limits import MEGABYTE, Limits
from ingest.unpack import Budget, unzip


def zipped(*members, method=zipfile.ZIP_DEFLATED):
    """Members as (name or ZipInfo, content)."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return target.getvalue()


def policy(text):
    return f"关于{text}的通知".encode()


@pytest.fixture
def given_file(tmp_path, monkeypatch):
    """Writes a file and walks it: ``{path: text or error}``."""
    monkeypatch.chdir(tmp_path)

    def walked(content, name="包.zip", limits=Limits()):
        (tmp_path / name).write_bytes(content)
        found = {}
        for item in walk([name], limits):
            path, value = (item.path, item.content.decode()) if isinstance(item, SourceFile) else item
            assert path not in found
            found[path] = value
        return found

    return walked


def test_the_files_of_an_archive_come_in_under_its_name(given_file):
    content = zipped(("乙/二.txt", policy("二")), ("甲.txt", policy("甲")), ("乙/", b""))
    assert given_file(content) == {"包.zip/乙/二.txt": "关于二的通知", "包.zip/甲.txt": "关于甲的通知"}


def test_packages_are_files_and_an_archive_in_an_archive_in_an_archive_stays_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    package = zipped(("[Content_Types].xml", "<Types/>"), ("word/document.xml", "<w/>"))
    inner = zipped(("深.zip", zipped(("一.txt", b""))))
    (tmp_path / "外.zip").write_bytes(zipped(("通知.docx", package), ("里.zip", inner)))
    kinds = {item.path: item.media_type for item in walk(["外.zip"])}
    assert list(kinds) == ["外.zip/通知.docx", "外.zip/里.zip/深.zip"]
    assert kinds["外.zip/通知.docx"].endswith("wordprocessingml.document")
    assert kinds["外.zip/里.zip/深.zip"] == "application/zip"


def test_what_systems_and_browsers_put_beside_the_files_is_passed_over(given_file):
    names = (
        "__MACOSX/._一.txt", ".DS_Store", "a/Thumbs.db", "a/~$通知.docx", "README.md", "index.tsv", ".git/x.txt",
        "网页.html", "网页_files/图.txt", "a/b_files/保留.txt", "一.txt",
    )  # fmt: skip
    found = given_file(zipped(*((name, policy(name)) for name in names)))
    assert list(found) == ["包.zip/a/b_files/保留.txt", "包.zip/一.txt", "包.zip/网页.html"]


def named(raw, extra=b"", flags=0):
    """An archive of one entry whose name is these bytes."""
    placeholder = "n" * len(raw)
    content = zipped((placeholder, policy("名")), method=zipfile.ZIP_STORED)
    data = bytearray(content.replace(placeholder.encode(), raw))
    directory = data.rfind(b"PK\x01\x02")
    if extra:
        data[directory + 30 : directory + 32] = struct.pack("<H", len(extra))
        data[directory + 46 + len(raw) : directory + 46 + len(raw)] = extra
        end = data.rfind(b"PK\x05\x06")
        data[end + 12 : end + 16] = struct.pack("<I", end - directory)
    if flags:
        data[6:8] = data[directory + 8 : directory + 10] = struct.pack("<H", flags)
    return bytes(data)


def unicode_field(raw, name):
    value = b"\x01" + struct.pack("<I", zlib.crc32(raw)) + name.encode()
    return struct.pack("<HH", 0x7075, len(value)) + value


NAMES = (
    ("as Chinese Windows writes it", named("政策/通知.txt".encode("gbk")), "政策/通知.txt"),
    ("as macOS writes it", named("通知.txt".encode()), "通知.txt"),
    ("said to be UTF-8", named("通知.txt".encode(), flags=0x800), "通知.txt"),
    ("with the name in the Unicode field", named(b"????.txt", unicode_field(b"????.txt", "通知.txt")), "通知.txt"),
    ("with another entry's Unicode field", named(b"a.txt", unicode_field(b"b.txt", "通知.txt")), "a.txt"),
    ("up and out", named(b"../../etc/cron.d/a.txt"), "etc/cron.d/a.txt"),
    ("absolute", named(b"/etc/a.txt"), "etc/a.txt"),
    ("a drive", named(b"C:\\Windows\\a.txt"), "C/Windows/a.txt"),
    ("controls and direction overrides", named("通\x1b[2J\u202e知\n.txt".encode()), "通[2J知.txt"),
    ("only dots", named(b"../.. /a.txt"), "a.txt"),
)  # fmt: skip


@pytest.mark.parametrize(("content", "shown"), [row[1:] for row in NAMES], ids=[row[0] for row in NAMES])
def test_a_name_is_readable_and_harmless(given_file, content, shown):
    assert given_file(content) == {f"包.zip/{shown}": "关于名的通知"}


def test_the_same_name_twice_is_two_files(given_file):
    with pytest.warns(UserWarning, match="Duplicate"):
        content = zipped(("通知.txt", policy("一")), ("通知.txt", policy("二")), ("a/../通知.txt", policy("三")))
    assert given_file(content) == {
        "包.zip/通知.txt": "关于一的通知", "包.zip/通知(2).txt": "关于二的通知", "包.zip/a/通知.txt": "关于三的通知",
    }  # fmt: skip


def locked(content, *names):
    """The entries marked as encrypted, in the directory and in their own headers."""
    data = bytearray(content)
    for name in names:
        for signature, flag, start in ((b"PK\x01\x02", 8, 46), (b"PK\x03\x04", 6, 30)):
            place = data.find(signature)
            while place >= 0 and data[place + start : place + start + len(name.encode())] != name.encode():
                place = data.find(signature, place + 4)
            data[place + flag] |= 1
    return bytes(data)


def linked():
    entry = zipfile.ZipInfo("链接.txt")
    entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return entry


def spoiled(content, name):
    """A bit of the stored content changed."""
    place = content.find(policy(name))
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


GOOD = ("好.txt", policy("好"))
LZMA = zipfile.ZipInfo("难.txt")
LZMA.compress_type = zipfile.ZIP_LZMA
BAD_MEMBERS = (
    ("locked", locked(zipped(GOOD, ("密.txt", b"x")), "密.txt"), "密.txt", EncryptedFile, "密码"),
    ("a link", zipped(GOOD, (linked(), "/etc/passwd")), "链接.txt", CorruptFile, "链接"),
    ("damaged", spoiled(zipped(GOOD, ("坏.txt", policy("坏")), method=zipfile.ZIP_STORED), "坏"), "坏.txt", CorruptFile, "损坏"),
    ("too large", zipped(GOOD, ("大.txt", bytes(range(250)) * 5)), "大.txt", TooLarge, "超过"),
    ("packed in another way", zipped(GOOD, (LZMA, b"x")), "难.txt", UnsupportedFormat, "压缩方式"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("content", "name", "error", "words"), [row[1:] for row in BAD_MEMBERS], ids=[row[0] for row in BAD_MEMBERS]
)
def test_a_file_that_cannot_be_had_is_said_and_the_others_come_in(given_file, content, name, error, words):
    found = given_file(content, limits=Limits(input_bytes=1000))
    problem = found.pop(f"包.zip/{name}")
    assert type(problem) is error
    assert words in str(problem) and f"包.zip/{name}" in str(problem) and problem.hint
    assert found == {"包.zip/好.txt": "关于好的通知"}


WHOLE = (
    ("a password for all", locked(zipped(("一.txt", b"x"), ("二.txt", b"y")), "一.txt", "二.txt"), EncryptedFile, "密码"),
    ("nothing in it", zipped(), NoText, "没有"),
    ("nothing but rubbish in it", zipped((".DS_Store", b"x")), NoText, "没有"),
    ("cut off", zipped(GOOD, ("一.txt", policy("一") * 9))[:-30], CorruptFile, "损坏"),
    ("a name that is not UTF-8 though it says so", named(b"\xff\xfe.txt", flags=0x800), CorruptFile, "损坏"),
)  # fmt: skip


@pytest.mark.parametrize(("content", "error", "words"), [row[1:] for row in WHOLE], ids=[row[0] for row in WHOLE])
def test_an_archive_that_gives_nothing_is_one_problem(given_file, content, error, words):
    ((path, problem),) = given_file(content).items()
    assert path == "包.zip"
    assert type(problem) is error
    assert words in str(problem) and path in str(problem) and problem.hint


def test_a_bomb_of_one_file_and_one_that_lies_about_its_size(given_file):
    content = zipped(GOOD, ("弹.txt", bytes(40 * MEGABYTE)))
    assert "超过" in str(given_file(content)["包.zip/弹.txt"])
    declared = struct.pack("<I", 40 * MEGABYTE)
    found = given_file(content.replace(declared, struct.pack("<I", 1000)))
    assert "损坏" in str(found["包.zip/弹.txt"])
    assert found["包.zip/好.txt"] == "关于好的通知"


def test_a_bomb_of_entries_that_share_their_bytes(given_file):
    """After David Fifield: many entries of the directory lead to the same content."""
    content = zipped(("一.txt", policy("一") * 50), ("二.txt", policy("二") * 50))
    first, second = (content.find(b"PK\x01\x02"), content.rfind(b"PK\x01\x02"))
    twisted = bytearray(content)
    twisted[second + 42 : second + 46] = twisted[first + 42 : first + 46]
    twisted[second + 20 : second + 24] = twisted[first + 20 : first + 24]
    assert {type(value) for value in given_file(bytes(twisted)).values()} == {CorruptFile}


def test_more_files_or_bytes_than_an_archive_may_hold(given_file):
    content = zipped(*((f"{number}.txt", policy(number)) for number in range(5)))
    found = given_file(content, limits=Limits(archive_files=3))
    assert list(found) == ["包.zip/0.txt", "包.zip/1.txt", "包.zip/2.txt", "包.zip"]
    assert "其余 2 个文件未读取" in str(found["包.zip"])
    nested = zipped(("里.zip", content), ("外.txt", policy("外")))
    assert "包.zip/里.zip" in given_file(nested, limits=Limits(archive_files=3)), "archives inside share the limit"
    assert isinstance(given_file(content, limits=Limits(archive_bytes=60))["包.zip"], TooLarge)


def test_a_directory_of_millions_of_entries_is_not_even_opened(given_file):
    content = bytearray(zipped(GOOD))
    end = content.rfind(b"PK\x05\x06")
    content[end + 12 : end + 16] = struct.pack("<I", 100 * MEGABYTE)
    problem = given_file(bytes(content))["包.zip"]
    assert isinstance(problem, TooLarge)
    assert "文件太多" in str(problem)


def test_an_archive_larger_than_a_file_may_be_is_read_from_disk(given_file):
    content = zipped(*((f"{n}.txt", policy(n)) for n in range(20)), method=zipfile.ZIP_STORED)
    assert len(given_file(content, limits=Limits(input_bytes=1000))) == 20
    package = zipped(("word/document.xml", bytes(range(256)) * 8), method=zipfile.ZIP_STORED)
    assert isinstance(given_file(package, limits=Limits(input_bytes=1000))["包.zip"], TooLarge)


def tarred(*members, packed=True):
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz" if packed else "w") as archive:
        for name, content in members:
            entry = tarfile.TarInfo(name)
            if content is None:
                entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
            entry.size = len(content or b"")
            archive.addfile(entry, io.BytesIO(content or b""))
    return target.getvalue()


@pytest.mark.parametrize("packed", (True, False))
def test_a_tar_with_and_without_gzip(given_file, packed):
    content = tarred(
        ("../二/乙.txt", policy("乙")), ("链接", None), ("._甲.txt", b"x"), ("甲.txt", policy("甲")), packed=packed
    )
    found = given_file(content, "包.tar.gz")
    assert str(found.pop("包.tar.gz/链接")).startswith("是指向别处的链接")
    assert found == {"包.tar.gz/二/乙.txt": "关于乙的通知", "包.tar.gz/甲.txt": "关于甲的通知"}


def test_a_tar_that_is_cut_or_too_large_gives_what_it_can(given_file):
    content = gzip.decompress(tarred(("一.txt", policy("一")), ("二.txt", policy("二"))))
    found = given_file(content[: content.rfind(policy("二")) + 5], "包.tar")
    assert found.pop("包.tar/一.txt") == "关于一的通知"
    assert [type(value) for value in found.values()] == [CorruptFile]
    bomb = tarred(("一.txt", policy("一")), ("大.txt", bytes(3 * MEGABYTE)), ("后.txt", policy("后")))
    found = given_file(bomb, "包.tgz", Limits(input_bytes=MEGABYTE, archive_bytes=2 * MEGABYTE))
    assert found["包.tgz/一.txt"] == "关于一的通知"
    assert isinstance(found["包.tgz/大.txt"], TooLarge)
    assert "展开后超过 2 MB" in str(found["包.tgz"])


def test_a_single_packed_file_is_left_to_the_readers(tmp_path):
    (tmp_path / "通知.gz").write_bytes(gzip.compress(policy("一")))
    (item,) = walk([tmp_path / "通知.gz"])
    assert item.media_type == "application/gzip"


ARCHIVE = zipped(GOOD, ("a/通知.txt", policy("通知") * 20), ("里.zip", zipped(("深.txt", policy("深")))))


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.tuples(st.integers(0, len(ARCHIVE) - 1), st.integers(0, 255)), max_size=6), st.integers(0, len(ARCHIVE))
)
def test_whatever_is_done_to_an_archive_each_outcome_is_a_file_or_a_problem(changes, length):
    data = bytearray(ARCHIVE)
    for place, value in changes:
        data[place] = value
    for name, content in unzip(bytes(data[:length]), "包.zip", Limits(), Budget.of(Limits())):
        assert name.startswith("包.zip")
        assert ".." not in name.split("/")
        assert isinstance(content, bytes) or content.hint
