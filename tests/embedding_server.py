"""A server of models on loopback: embeddings as OpenAI and Ollama have them, reranking as Jina and text-embeddings-inference.

A real HTTP peer, no mock. Its model is arithmetic: a text's vector counts its characters, its relevance to a question is
the number of characters they share.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

DIMENSION = 64


@dataclass
class ModelHost:
    """Where the server is, what it was asked, and how it is to misbehave.

    ``fault``: an HTTP status, ``hang`` (no reply until the test ends), or another text, sent as the reply.
    ``protocol``: ``jina`` or ``tei``, which of the two ``/rerank`` understands. ``dimension``: of its vectors.
    """

    address: str = ""
    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    fault: int | str | None = None
    protocol: str = "jina"
    dimension: int = DIMENSION

    def texts(self, model: str = "") -> list[str]:
        """All texts that were to be embedded, in order; by that model, where one is named."""
        found: list[str] = []
        for path, body in self.requests:
            if path.endswith(("embeddings", "embed")) and model in ("", body["model"]):
                found += [body["input"]] if isinstance(body["input"], str) else body["input"]
        return found


def vector(text: str, dimension: int = DIMENSION) -> list[float]:
    made = [0.0] * dimension
    for character in text:
        made[ord(character) % dimension] += 1.0
    return made


def shared(question: str, text: str) -> float:
    return float(len(set(question) & set(text)))


@contextmanager
def model_host() -> Iterator[ModelHost]:
    host = ModelHost()
    ended = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            host.requests.append((self.path, body))
            host.headers.append(dict(self.headers))
            if host.fault == "hang":
                ended.wait()
            if host.fault is not None:
                self._send(host.fault if isinstance(host.fault, int) else 200, str(host.fault))
                return
            status, reply = _reply(host, self.path, body)
            self._send(status, json.dumps(reply))

        def _send(self, status: int, text: str) -> None:
            content = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *args: object) -> None:
            pass  # a client that no longer waits

    server = Server(("127.0.0.1", 0), Handler)
    host.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield host
    finally:
        ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _reply(host: ModelHost, path: str, body: dict[str, Any]) -> tuple[int, object]:
    if path == "/v1/embeddings":
        rows = [vector(text, host.dimension) for text in _listed(body["input"])]
        return 200, {"object": "list", "model": body["model"], "usage": {"prompt_tokens": 1, "total_tokens": 1},
                     "data": [{"object": "embedding", "index": at, "embedding": row} for at, row in enumerate(rows)]}  # fmt: skip
    if path == "/api/embed":
        return 200, {
            "model": body["model"],
            "embeddings": [vector(text, host.dimension) for text in _listed(body["input"])],
        }
    if path.endswith("/rerank") and host.protocol == "jina":
        if "documents" not in body:
            return 422, {"detail": "documents: field required"}
        return 200, {"results": _ranked(body["query"], body["documents"], "relevance_score")[: body["top_n"]]}
    if path.endswith("/rerank"):
        if "texts" not in body:
            return 422, {"error": "missing field `texts`"}
        return 200, _ranked(body["query"], body["texts"], "score")
    return 404, {"error": "not found"}


def _listed(given: str | list[str]) -> list[str]:
    return [given] if isinstance(given, str) else given


def _ranked(question: str, texts: Sequence[str], name: str) -> list[dict[str, Any]]:
    rows = [{"index": at, name: shared(question, text)} for at, text in enumerate(texts)]
    return sorted(rows, key=lambda row: -row[name])
