"""A small OpenAI-compatible server on loopback, which streams what a test tells it to say. A real HTTP peer, no mock."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def model_server(*replies: str | int, cut_after: int | None = None) -> Iterator[tuple[str, list[dict]]]:
    """Yields (address, requests). The n-th request gets the n-th reply (the last one again after that): a text is streamed
    piece by piece, a number is an HTTP status. ``cut_after``: characters after which the connection is dropped.
    """
    requests: list[dict] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            reply = replies[min(len(requests), len(replies)) - 1]
            if isinstance(reply, int):
                self.send_error(reply)
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            for at in range(0, len(reply), 7):
                if cut_after is not None and at >= cut_after:
                    self.connection.close()
                    return
                self._piece({"role": "assistant", "content": reply[at : at + 7]})
            self._piece({}, "stop")
            self.wfile.write(b"data: [DONE]\n\n")

        def _piece(self, delta: dict, finish: str | None = None) -> None:
            chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "test"}
            chunk["choices"] = [{"index": 0, "delta": delta, "finish_reason": finish}]
            self.wfile.write(f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n".encode())
            self.wfile.flush()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", requests
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
