"""Rows of a grouped table are searched together with the head of the table and the title of their group."""

from __future__ import annotations

from index.chunk import chunk
from ingest.parse import document_from_text

TABLE = "措施清单\t\n序号\t措施\n一、产权方面\t\n1\t快速审判\n二、金融方面\t\n2\t质押贷款\n"


def test_the_context_of_a_row_is_the_head_of_the_table_and_its_own_group():
    contexts = {
        c.text: c.context for c in chunk(document_from_text(f"青禾县创新办法\n一、总则。甲甲。\n二、措施\n{TABLE}"))
    }
    assert contexts["1\t快速审判"].endswith("二、措施 › 一、产权方面 › 序号 措施")
    assert contexts["2\t质押贷款"].endswith("二、措施 › 二、金融方面 › 序号 措施")
