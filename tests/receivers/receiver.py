"""A receiver of pushes on Python's own http.server: answers JSON, and prints how many pushes of each vendor it understood."""

import http.server
import json
import signal
import sys
from collections import Counter

BODY_MAX_BYTES = 1_000_000
counts = Counter()


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        length = min(int(self.headers.get("Content-Length", 0)), BODY_MAX_BYTES)
        push = json.loads(self.rfile.read(length))
        if "occasion" in push:
            counts["udesk"] += 1
        elif "accountId" in push or "content" in push:
            counts["7moor"] += 1
        answer = json.dumps({"ok": True}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


def stop(*_):
    print(json.dumps(counts, sort_keys=True), flush=True)
    sys.exit(0)


signal.signal(signal.SIGTERM, stop)
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
print(f"http://127.0.0.1:{server.server_port}/hook", flush=True)
server.serve_forever()
