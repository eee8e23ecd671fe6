"""The API, as a program uses it: Gradio's own client against a running server."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from gradio_client import Client

import ui
from index.library import Library
from ingest.settings import Settings
from qa.assistant import Assistant

TEXT = """示例区促进制造业发展若干政策
示政办〔2024〕5号
第一条　支持设备投资。按设备投资额的10%给予补助，单个项目最高1000万元。
第二条　本政策自2024年4月1日起施行，有效期至2099年12月31日。
"""


@pytest.fixture(scope="module")
def client(
    tmp_path_factory: pytest.TempPathFactory, build_app: Callable[[Library, Assistant], FastAPI]
) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("api")
    (folder / "若干政策.txt").write_text(TEXT, encoding="utf-8")
    with ui.listen("127.0.0.1", 0) as listener, Library.open(Settings(data=folder / "data")) as library:
        assert not library.add([folder / "若干政策.txt"]).failed
        server = uvicorn.Server(
            uvicorn.Config(build_app(library, Assistant(library)), log_level="warning", timeout_graceful_shutdown=1)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.05)
        yield Client(f"http://127.0.0.1:{listener.getsockname()[1]}", verbose=False, download_files=str(Path(folder)))
        server.should_exit = True
        thread.join()


def test_ask_gives_the_answer_with_its_proofs(client: Client):
    answer = client.predict("设备投资怎么补助？", None, api_name="/ask")
    assert "最高1000万元" in answer["text"]
    assert answer["abstained"] is False
    (citation,) = answer["citations"]
    assert citation["document_number"] == "示政办〔2024〕5号"
    assert citation["clause_path"] == "第一条"
    assert citation["validity"] == "有效"
    assert citation["quote"] in TEXT


def test_ask_refuses_what_the_files_do_not_say(client: Client):
    answer = client.predict("今天天气怎么样？", None, api_name="/ask")
    assert answer["abstained"] is True
    assert answer["citations"] == []


def test_search_and_files(client: Client):
    (first, *_) = client.predict("设备投资补助", None, 5, api_name="/search")
    assert "设备投资额的10%" in first["chunk"]["text"]
    (card,) = client.predict(api_name="/files")
    assert card["document_number"] == "示政办〔2024〕5号"
