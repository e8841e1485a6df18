"""A receiver on Python's http.server. Its bug, `hang-up`: it closes the connection in place of an answer to one push."""

import http.server
import json
import sys
import urllib.parse

ACK = {"code": 200, "resultCode": "0", "resultDesc": "success.", "retCode": "0", "retMsg": "success"}
BODY_MAX_BYTES = 4 * 1024 * 1024
calls = {}
mode = sys.argv[2] if len(sys.argv) > 2 else "correct"


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        # Some servers close after every answer and do not say so.
        self.close_connection = self.close_connection or mode == "closes"

    def do_GET(self):
        path = urllib.parse.urlsplit(self.path).path
        if path.startswith("/calls/"):
            return self.answer(200, {"state": calls.get(path.removeprefix("/calls/"), "unknown")})
        self.answer(200, ACK)

    def do_POST(self):
        try:
            length = int(self.headers.get("Content-Length", 0))
        except ValueError:
            length = -1
        if not 0 <= length <= BODY_MAX_BYTES or "chunked" in self.headers.get("Transfer-Encoding", ""):
            self.close_connection = True
            return self.answer(400, {"error": "no length"})
        body = self.rfile.read(length)
        if len(body) < length:
            self.close_connection = True
            return None
        push = {}
        if self.headers.get("Content-Type", "").startswith("application/json"):
            try:
                push = json.loads(body)
            except ValueError:
                return self.answer(400, {"error": "not JSON"})
        if not isinstance(push, dict):
            return self.answer(400, {"error": "not an object"})
        if mode == "hang-up" and push.get("occasion") == "agent_answer":
            self.close_connection = True
            return None
        call = push.get("call_id")
        if isinstance(call, str) and calls.get(call) != "ended":
            calls[call] = "ended" if push.get("occasion") == "end" else "open"
        self.answer(200, ACK)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128

    def handle_error(self, *_):
        pass


Server(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
