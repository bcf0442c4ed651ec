"""Bytes on a loopback socket in, bytes out: HTTP/1.1 with keep-alive around a Service; closing it leaves no thread."""

from __future__ import annotations

import select
import socket
import sys
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import TCPServer
from threading import Event, Thread
from typing import Any

from mmra_api.sandbox.service import (
    ROUTES,
    Outgoing,
    Service,
    find_route,
    list_models,
    mark,
    render_json,
    render_rejection,
)
from mmra_api.sandbox.wire import Call, Rejection, ServedFormat

MOST_BYTES = 64 << 20
"""Largest body taken: more than any of the services that it stands for takes."""


class Server(HTTPServer):
    """A thread for each connection, all of them known, so that closing ends them."""

    # The usual 5 would refuse a client that opens many connections at once.
    request_queue_size = 1024

    def __init__(self, port: int, service: Service) -> None:
        self.service = service
        self.closing = Event()
        self._threads: dict[Thread, socket.socket] = {}
        super().__init__(("127.0.0.1", port), Handler)

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # HTTPServer's own would ask the name service for this machine's name
        self.server_name, self.server_port = "127.0.0.1", self.socket.getsockname()[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = Thread(target=self._converse, args=(request, client_address), name="sandbox connection", daemon=True)
        # Ended ones are dropped here, or a long run would keep them all.
        self._threads = {other: opened for other, opened in self._threads.items() if other.is_alive()}
        thread.start()
        self._threads[thread] = request

    def _converse(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        except Exception:  # noqa: BLE001 - a thread's last resort: handle_error shows it and the server lives on
            self.handle_error(request, client_address)
        finally:
            self.shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Show a fault of the sandbox; a client that hung up is none."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)

    def close(self) -> None:
        """Stop listening, wake and end every connection, and wait for the threads."""
        # First: calls that wait must wake before their threads are joined.
        self.closing.set()
        self.shutdown()
        self.server_close()
        for request in self._threads.values():
            with suppress(OSError):  # the connection may have ended by itself
                request.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(timeout=5)


class Handler(BaseHTTPRequestHandler):
    """One connection: reads calls, writes replies."""

    protocol_version = "HTTP/1.1"
    server_version = "mmra-sandbox"
    # Small replies leave at once instead of waiting for more to send.
    disable_nagle_algorithm = True
    wbufsize = 1 << 16  # head and body leave in one packet
    server: Server

    def do_GET(self) -> None:
        if self._path == "/v1/models":
            self._send(list_models())
        elif self._path == "/sandbox/counters":
            self._send(render_json(self.server.service.counts.snapshot()))
        else:
            self._send_missing("GET")

    def do_POST(self) -> None:
        if route := find_route(self._path):
            with self.server.service.counts.work():
                outgoing = self._answer(*route)
            self._send(outgoing)
            return
        try:
            self._read_body()
        except Rejection as rejection:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, rejection.message)
            return
        if self._path == "/sandbox/reset":
            self.server.service.reset()
            self._send(render_json(self.server.service.counts.snapshot()))
        else:
            self._send_missing("POST")

    @property
    def _path(self) -> str:
        return self.path.partition("?")[0]

    def _answer(self, wire: ServedFormat, model: str) -> Outgoing:
        headers = {name.lower(): value for name, value in self.headers.items()}
        call = Call(headers=headers, body=b"", model=model, path=self._path, query=self.path.partition("?")[2])
        try:
            call = replace(call, body=self._read_body())
        except Rejection as rejection:
            return render_rejection(wire, rejection, call)
        return self.server.service.answer(call, wire, self._wait)

    def _read_body(self) -> bytes:
        """The body by its Content-Length; raises Rejection, which also ends the connection as the body is unread."""
        length = self.headers.get("content-length", "0")
        if "transfer-encoding" in self.headers or not length.isdecimal() or int(length) > MOST_BYTES:
            self.close_connection = True
            raise Rejection("too_large", f"the sandbox takes bodies with a Content-Length up to {MOST_BYTES} bytes")
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            raise ConnectionResetError("the client hung up amid its body")
        return body

    def _wait(self, seconds: float) -> bool:
        """Sleep; False when the client hung up or the sandbox closes meanwhile."""
        if self.server.closing.wait(seconds):
            return False
        with suppress(OSError):
            readable = select.select([self.connection], [], [], 0)[0]
            # Readable without a byte: the client hung up. With one: it sent its next call, which stays to be read.
            return not readable or bool(self.connection.recv(1, socket.MSG_PEEK))
        return False

    def _send(self, outgoing: Outgoing) -> None:
        if outgoing.ending == "drop":
            self.close_connection = True
            return
        self.send_response_only(outgoing.status)
        for name, value in mark(outgoing).items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("connection", "close")
        self.end_headers()
        cut = outgoing.ending == "cut"
        self.wfile.write(outgoing.body[: len(outgoing.body) // 2] if cut else outgoing.body)
        self.close_connection |= cut

    def _send_missing(self, method: str) -> None:
        known = ", ".join(
            ["GET /v1/models", "GET /sandbox/counters", "POST /sandbox/reset", *map("POST {}".format, ROUTES)]
        )
        self.send_error(HTTPStatus.NOT_FOUND, f"the sandbox has no {method} {self._path}; it has {known}")

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """An error in JSON, also where http.server itself finds it; it closes, as a body may be unread."""
        self.close_connection = True
        status = HTTPStatus(code)
        error = {
            "message": message or explain or status.phrase,
            "type": "invalid_request_error",
            "param": None,
            "code": None,
        }
        self._send(render_json({"error": error}, status=code))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is http.server's
        """Nothing: the counters tell what happened."""
