"""Compares what a run has sent with what receiver.py has counted: sent_and_received.py RECEIVED REPORT"""

import collections
import json
import pathlib
import sys

received = json.loads(pathlib.Path(sys.argv[1]).read_text().splitlines()[1])
sent = collections.Counter()
for line in pathlib.Path(sys.argv[2]).read_text().splitlines():
    event = json.loads(line)
    if event["event"] == "attempted":
        sent[event["delivery"]["push"].split(":")[0]] += 1
assert sent == received and sum(sent.values()) > 0, f"sent {dict(sent)}, received {received}"
print(f"sent and received alike: {received}")
