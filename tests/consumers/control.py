"""Drives a call from Python, with nothing but the standard library: control.py [ADDRESS]."""

import json
import sys
from urllib.request import Request, urlopen

RINGBACK = sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:7070"


def ask(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = Request(RINGBACK + path, data, {"Content-Type": "application/json"}, method=method)
    with urlopen(request) as answer:
        return json.load(answer)


def events(path):
    with urlopen(RINGBACK + path) as stream:
        for line in stream:
            if line.startswith(b"data: "):
                yield json.loads(line[6:])


# The call of the scenario, driven by hand: nothing happens until we say so.
run = ask("POST", "/api/runs", {"scenario": "outbound-answered", "vendor": "udesk", "by_hand": True})
path = f"/api/runs/{run['id']}"
for step in ["ring: ann", "answer: ann", "ring: customer", "answer: customer", "hangup: customer"]:
    ask("POST", f"{path}/steps", {"step": step})

for event in events(f"{path}/events"):
    if event["event"] == "attempted":
        print(event["delivery"]["push"], "->", event["url"])

run = ask("GET", path)
assert run["state"] == "finished" and run["exit"] == 0, run
assert run["deliveries"][-1]["delivery"]["push"] == "udesk:end", run
assert all(delivery["attempts"][-1]["answer"]["status"] == 200 for delivery in run["deliveries"]), run
print(run["figures"]["acknowledged"], "pushes were acknowledged")
