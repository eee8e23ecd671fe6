"""ZIP containers: refused before they unpack to more than a limit, and watched while they do."""

from __future__ import annotations

import io
import zipfile
import zlib

from ingest.errors import CorruptFile, EncryptedFile, TooLarge
from ingest.limits import MEGABYTE, Limits

_BLOCK = 64 * 1024
_ENCRYPTED = 0x1


def check_archive(content: bytes, path: str, limits: Limits) -> None:
    """Raises TooLarge by the sizes that the directory declares, CorruptFile where an entry holds another size than it
    declares (a lying directory is how a bomb gets past the first check), EncryptedFile for a packed password.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            total = sum(entry.file_size for entry in entries)
            if total > limits.unpacked_bytes or total > max(limits.ratio_floor, limits.unpack_ratio * len(content)):
                raise TooLarge(
                    f"文件展开后有 {total // MEGABYTE} MB，超过限制，未读取：{path}",
                    "请确认文件来源；正常的公文不会这样大",
                )
            if any(entry.flag_bits & _ENCRYPTED for entry in entries):
                raise EncryptedFile(f"文件有密码保护：{path}", "请去掉密码后另存，再重新上传")
            for entry in entries:
                with archive.open(entry) as stream:
                    # Reads in blocks: memory stays small; zipfile stops at the declared size and compares the checksum.
                    while stream.read(_BLOCK):
                        pass
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise CorruptFile(f"文件已损坏，无法打开：{path}", "请重新下载或用 Word、WPS 打开后另存再上传") from error
