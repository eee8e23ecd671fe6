"""Whether a file that is handed in is known, a version of a known document, or new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from index.card import UNTITLED, Entry, Identity
from index.register_codec import decode
from index.register_schema import documents, versions
from ingest.document import PolicyDocument

Outcome = Literal["added", "unchanged", "new_version", "conflict"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a file that was handed in, and the document it belongs to now. ``message`` is Chinese."""

    outcome: Outcome
    document_id: str
    message: str


def known(connection: Connection, sha256: str) -> Receipt | None:
    """The receipt of a file whose bytes are known already; ``None`` for new bytes."""
    query = (
        sa.select(documents.c.id, documents.c.sha256, documents.c.entry)
        .join(versions, versions.c.document_id == documents.c.id)
        .where(versions.c.sha256 == sha256)
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    if row.sha256 == sha256:
        return Receipt("unchanged", row.id, "已收录，内容未变")
    title = decode(Entry, row.entry).card.title
    return Receipt("unchanged", row.id, f"该文件是《{title}》的旧版本，已保存；检索使用的是较新的版本")


def recognise(connection: Connection, document: PolicyDocument, identity: Identity) -> Receipt:
    """Which document the new bytes belong to."""
    columns = sa.select(documents.c.id, documents.c.title_key, documents.c.entry).order_by(documents.c.id)
    same_words = connection.execute(columns.where(documents.c.content_key == identity.content)).first()
    if same_words:
        other = decode(Entry, same_words.entry).card
        message = f"与已收录的《{other.title}》（{other.file}）文字相同，只是文件格式不同，记为新版本"
        return Receipt("new_version", same_words.id, message)
    new_version = f"《{document.title}》有新内容，记为新版本；旧版本仍可查看，不再检索"
    if identity.number is None:
        same_path = sa.and_(documents.c.path == identity.path, documents.c.number_key.is_(None))
        before = connection.execute(columns.where(same_path)).first() if identity.path else None
        return Receipt("new_version", before.id, new_version) if before else _receipt_for_new(connection, document)
    same_number = connection.execute(columns.where(documents.c.number_key == identity.number)).all()
    for row in same_number:
        if row.title_key == identity.title != UNTITLED:
            return Receipt("new_version", row.id, new_version)
    if same_number:
        other = decode(Entry, same_number[0].entry).card
        message = f"文号 {identity.number} 已属于《{other.title}》，《{document.title}》标题不同，另行收录，请核对文号"
        return Receipt("conflict", document.sha256[:12], message)
    return _receipt_for_new(connection, document)


def _receipt_for_new(connection: Connection, document: PolicyDocument) -> Receipt:
    taken = connection.execute(sa.select(documents.c.id).where(documents.c.id == document.id)).first()
    return Receipt("added", document.sha256[:12] if taken else document.id, "已收录")
