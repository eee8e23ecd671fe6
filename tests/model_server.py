"""A small OpenAI-compatible server on loopback, which streams what a test tells it to. A real HTTP peer, no mock.

A reply is a text (an honest stream), a number (an HTTP status), or an ``Act``: one of the functions below.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

STEP = 7  # characters of a piece: marks and figures are cut in the middle


class Exchange(BaseHTTPRequestHandler):
    """One request, and what a model can do in answer to it."""

    protocol_version = "HTTP/1.1"
    requests: list[dict]
    replies: Sequence[str | int | Act]
    stopping: threading.Event

    def do_POST(self) -> None:
        self.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        reply = self.replies[min(len(self.requests), len(self.replies)) - 1]
        act = says(reply) if isinstance(reply, str) else refuses(reply) if isinstance(reply, int) else reply
        self.close_connection = True
        with suppress(BrokenPipeError, ConnectionResetError):  # the reader has had enough
            act(self)

    def begin(self, kind: str = "text/event-stream", chunked: bool = True) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header(*(("Transfer-Encoding", "chunked") if chunked else ("Connection", "close")))
        self.end_headers()
        self.chunked = chunked

    def send(self, text: str) -> None:
        body = text.encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(body), body) if self.chunked else body)
        self.wfile.flush()

    def end(self) -> None:
        if self.chunked:
            self.wfile.write(b"0\r\n\r\n")

    def piece(self, text: str = "", finish: str | None = None) -> None:
        delta = {"role": "assistant", "content": text} if text else {}
        self.event(choices=[{"index": 0, "delta": delta, "finish_reason": finish}])

    def event(self, **values: object) -> None:
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "test", **values}
        self.send(f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n")

    def speak(self, text: str) -> None:
        for at in range(0, len(text), STEP):
            self.piece(text[at : at + STEP])

    def log_message(self, *args: object) -> None:
        pass


Act = Callable[[Exchange], None]


def says(text: str, finish: str = "stop", usage: tuple[int, int] | None = None) -> Act:
    """Streams the text. ``usage``: tokens of question and reply, told at the end as OpenAI does."""

    def act(exchange: Exchange) -> None:
        exchange.begin()
        exchange.speak(text)
        exchange.piece(finish=finish)
        if usage:
            told = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
            exchange.event(choices=[], usage=told)
        exchange.send("data: [DONE]\n\n")
        exchange.end()

    return act


def refuses(status: int) -> Act:
    """Answers with an HTTP status and an error as OpenAI words it."""

    def act(exchange: Exchange) -> None:
        body = json.dumps({"error": {"message": "sk-secret is wrong", "type": "x", "code": None}}).encode()
        exchange.send_response(status)
        exchange.send_header("Content-Type", "application/json")
        exchange.send_header("Content-Length", str(len(body)))
        exchange.end_headers()
        exchange.wfile.write(body)

    return act


def cuts_off(text: str, chunked: bool = True) -> Act:
    """Streams the text and drops the connection. ``chunked=False``: what HTTP cannot tell from the end of a reply."""

    def act(exchange: Exchange) -> None:
        exchange.begin(chunked=chunked)
        exchange.speak(text)

    return act


def sends(body: str, kind: str = "text/event-stream") -> Act:
    """Answers with a body that is not what the protocol says."""

    def act(exchange: Exchange) -> None:
        exchange.begin(kind)
        if body:
            exchange.send(body)
        exchange.end()

    return act


def never_begins(exchange: Exchange) -> None:
    """Takes the request and says nothing."""
    exchange.stopping.wait()


def only_pings(exchange: Exchange) -> None:
    """Keeps the connection alive and never says a word."""
    exchange.begin()
    while not exchange.stopping.wait(0.02):
        exchange.send(": ping\n\n")


def trickles(text: str) -> Act:
    """Streams the text, then a comma now and then, for ever."""

    def act(exchange: Exchange) -> None:
        exchange.begin()
        exchange.speak(text)
        while not exchange.stopping.wait(0.02):
            exchange.piece("，")

    return act


def never_ends(line: str) -> Act:
    """Streams the line over and over, as fast as it can. ``{}`` in it is the number of the round."""

    def act(exchange: Exchange) -> None:
        exchange.begin()
        for number in count():
            if exchange.stopping.is_set():
                return
            exchange.piece(line.replace("{}", str(number)) * 4)

    return act


@contextmanager
def model_server(*replies: str | int | Act) -> Iterator[tuple[str, list[dict]]]:
    """Yields (address, requests). The n-th request gets the n-th reply, and the last one again after that."""
    requests: list[dict] = []
    stopping = threading.Event()
    handler = type("Handler", (Exchange,), {"requests": requests, "replies": replies, "stopping": stopping})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", requests
    finally:
        stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()
