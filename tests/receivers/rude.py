"""Rude senders against Python's own http.server: it must stay up, and Ringback must report what it answered.

    rude.py              serves until it is stopped, and prints its address
    rude.py RINGBACK     plays a scenario under each of four faults by that binary, and checks the reports
"""

import http.server
import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections import Counter

BODY_MAX_BYTES = 1_000_000

# Each fault as a profile has it, and what http.server then answers; None where there is no answer to be had.
FAULTS = [
    ({"fault": "reset", "push": "*", "at": "middle"}, None),
    ({"fault": "short-length", "push": "*", "by": 10}, 400),
    ({"fault": "trickle", "push": "*", "rate": 4000}, 200),
    ({"fault": "chunk-garbage", "push": "*"}, 411),
]


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        if "Content-Length" not in self.headers:
            self.close_connection = True
            return self.answer(411)
        length = min(int(self.headers["Content-Length"]), BODY_MAX_BYTES)
        try:
            json.loads(self.rfile.read(length))
        except ValueError:
            return self.answer(400)
        self.answer(200)

    def answer(self, status):
        body = json.dumps({"ok": status == 200}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    # A broken connection ends its own thread; what http.server prints about it is not ours to show.
    def handle_error(self, *_):
        pass


def is_up(address):
    request = urllib.request.Request(address, data=b"{}", headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=5) as reply:
        return reply.status == 200


def play(ringback, fault, address, work):
    profile, report = work / "faults.json", work / "run.ndjson"
    # JSON is YAML too.
    profile.write_text(json.dumps({"faults": [fault]}))
    command = [ringback, "run", "outbound-answered", "--vendor", "udesk", "--target", address, "--seed", "7"]
    command += ["--faults", str(profile), "--retry", "none", "--quiet", "--report", f"ndjson={report}"]
    subprocess.run(command, timeout=120, check=False)
    events = [json.loads(line) for line in report.read_text().splitlines()]
    attempts = sum(event["event"] == "attempted" for event in events)
    statuses = Counter(event["status"] for event in events if event["event"] == "replied")
    return attempts, statuses


def main():
    server = Server(("127.0.0.1", 0), Receiver)
    address = f"http://127.0.0.1:{server.server_port}/hook"
    if len(sys.argv) < 2:
        print(address, flush=True)
        server.serve_forever()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        for fault, expected in FAULTS:
            attempts, statuses = play(sys.argv[1], fault, address, pathlib.Path(folder))
            answered = dict(statuses) or "nothing"
            print(f"{fault['fault']}: {attempts} attempts, answered {answered}, up: {is_up(address)}")
            assert attempts > 0, "nothing was sent"
            assert statuses == ({expected: attempts} if expected else {}), f"expected {expected}"


main()
