"""Plays every scenario as Twilio to a receiver that validates each request by Twilio's own library, from the bytes that it
received: clean, by GET, retried and under load all are valid; what a fault has changed on its way is not, unless Ringback is
asked to sign what is sent. The same requests are then judged by Twilio's library for Node.js, which has to agree.

    twilio_signed.py RINGBACK [--node-modules FOLDER] [--faults NAME,NAME]
"""

import argparse
import collections
import http.server
import json
import os
import pathlib
import subprocess
import tempfile
import threading
import urllib.parse

from twilio.request_validator import RequestValidator

LIMIT_SECONDS = 120
TOKEN = "e4da3b7fbbce2345d7772b0674a318d5"
TWIML = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
# Faults that leave a form that every library reads alike.
READABLE = ("missing-field", "extra-field", "unknown-enum", "oversize", "wrong-path")
NODE = """
const { validateRequest } = require("twilio");
const lines = require("fs").readFileSync(0, "utf8").trim().split("\\n").map((line) => JSON.parse(line));
console.log(JSON.stringify(lines.map(({ url, fields, signature }) => validateRequest(%s, signature, url, fields))));
"""


class Received(collections.namedtuple("Received", "url fields signature token body method")):
    def is_valid(self):
        return RequestValidator(TOKEN).validate(self.url, self.fields, self.signature)


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        server, length = self.server, int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        pairs = urllib.parse.parse_qsl(body.decode(errors="replace"), keep_blank_values=True)
        fields = collections.defaultdict(list)
        for name, value in pairs:
            fields[name].append(value)
        fields = {name: values[0] if len(values) == 1 else values for name, values in fields.items()}
        url = f"http://{self.headers['Host']}{self.path}"
        head = (self.headers.get("X-Twilio-Signature", ""), self.headers.get("I-Twilio-Idempotency-Token"))
        with server.lock:
            server.received.append(Received(url, fields, *head, body, self.command))
            fails = sum(1 for one in server.received if one.token == head[1]) <= server.failures
        self.send_response(503 if fails else 200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(TWIML)))
        self.end_headers()
        self.wfile.write(TWIML)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def log_message(self, *_):
        pass


class Player:
    def __init__(self, ringback):
        self.ringback, self.all = ringback, []
        environment = os.environ.items()
        self.environment = {k: v for k, v in environment if not k.startswith("RINGBACK_") and k != "CI"}

    def play(self, *arguments, command="run", failures=0, options=(), codes=(0,)):
        """What was received of a run, in order."""
        server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Receiver)
        self.port = server.server_port
        server.received, server.lock, server.failures = [], threading.Lock(), failures
        threading.Thread(target=server.serve_forever, daemon=True).start()
        line = [self.ringback, command, *arguments, "--vendor", "twilio"]
        line += ["--target", f"http://127.0.0.1:{server.server_port}/voice?tenant=a%20b&x=1"]
        for option in (f"auth_token={TOKEN}", *options):
            line += ["--option", f"twilio.{option}"]
        done = subprocess.run(line, env=self.environment, capture_output=True, text=True, timeout=LIMIT_SECONDS)
        server.shutdown()
        server.server_close()
        assert done.returncode in codes, f"{line}\n{done.returncode}\n{done.stdout}{done.stderr}"
        assert server.received, f"{line}\nnothing was received\n{done.stdout}{done.stderr}"
        self.all += server.received
        return server.received

    port = 0


def all_valid(received):
    invalid = [one for one in received if not one.is_valid()]
    assert not invalid, f"{len(invalid)} of {len(received)} are not valid, such as {invalid[0]}"
    return len(received)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("ringback")
    parser.add_argument("--node-modules")
    parser.add_argument("--faults")
    arguments = parser.parse_args()
    player = Player(arguments.ringback)
    told = []

    for way, options in (("clean", ()), ("by GET", ("get=true",)), ("with machine detection", ("machine_detection=true",))):
        received = player.play("scenarios", "--seed", "7", "--report", "term", "--quiet", options=options)
        assert all(one.method == ("GET" if way == "by GET" else "POST") for one in received)
        assert len({one.token for one in received}) == len(received), "no token comes twice"
        told.append(f"{all_valid(received)} {way}")

    received = player.play("scenarios", "--seed", "8", failures=2, options=("retry_on=5xx", "retry_count=3"))
    attempts = collections.Counter(one.token for one in received)
    assert set(attempts.values()) == {3}, attempts.most_common(3)
    assert len({(one.token, one.body, one.signature) for one in received}) == len(attempts), "a retry is the same"
    told.append(f"{all_valid(received)} retried")

    load = ("--rate", "200/s", "--max-calls", "600", "--for", "20s", "--pace", "600x", "--lag-limit", "1m", "--seed", "9")
    stories = ("outbound-answered", "transfer", "inbound-queue-abandon", "webcall-answered", "voicemail")
    received = player.play(*stories, *load, command="load")
    assert len({one.fields["CallSid"] for one in received}) > 600 and len({one.token for one in received}) == len(received)
    told.append(f"{all_valid(received)} under load")

    at = ("--seed", "10", "--at", "2026-03-02T09:30:00+08:00")
    clean = {(one.url, one.body) for one in player.play("transfer", *at)}
    listed = json.loads(subprocess.run([arguments.ringback, "list", "faults", "--format", "json"], capture_output=True).stdout)
    names = [fault["name"] for fault in listed if fault["layer"] == "http"]
    changed = collections.Counter()
    for name in arguments.faults.split(",") if arguments.faults else names:
        with tempfile.TemporaryDirectory() as folder:
            profile = pathlib.Path(folder, "one.yaml")
            profile.write_text(f"faults:\n  - {{ fault: {name} }}\n")
            for asked in ("false", "true"):
                received = player.play("transfer", *at, "--faults", str(profile), options=(f"signs_faults={asked}",), codes=(0, 1))
                for one in received:
                    is_changed = (one.url, one.body) not in clean
                    if asked == "true":
                        # What is broken beyond reading is decoded in as many ways as there are libraries.
                        assert one.is_valid() or name not in READABLE, f"{name}: {one}"
                    elif name not in ("wrong-auth", "missing-header"):
                        assert one.is_valid() != is_changed, f"{name}: {one}"
                        changed[name] += is_changed
    assert all(changed[name] for name in READABLE) or arguments.faults, changed
    told.append(f"{changed.total()} that {len(+changed)} faults had changed refused")

    with tempfile.TemporaryDirectory() as folder:
        # A fault that breaks the signature itself.
        profile = pathlib.Path(folder, "one.yaml")
        profile.write_text("faults:\n  - { fault: missing-header, header: X-Twilio-Signature }\n")
        received = player.play("transfer", *at, "--faults", str(profile), codes=(0, 1))
        assert received and not any(one.is_valid() for one in received), "without a signature none is valid"

    if arguments.node_modules:
        lines = "\n".join(json.dumps({"url": one.url, "fields": one.fields, "signature": one.signature}) for one in player.all)
        program = NODE % json.dumps(TOKEN)
        environment = os.environ | {"NODE_PATH": str(pathlib.Path(arguments.node_modules, "node_modules").resolve())}
        done = subprocess.run(
            ["node", "-e", program], input=lines, env=environment, capture_output=True, text=True, timeout=LIMIT_SECONDS
        )
        assert done.returncode == 0, done.stderr
        judged = json.loads(done.stdout)
        others = [one for one, is_valid in zip(player.all, judged, strict=True) if is_valid != one.is_valid()]
        assert not others, f"the libraries do not agree on {len(others)}, such as {others[0]}"
        told.append(f"{len(judged)} judged alike by Node.js")
    print("Twilio's own libraries: " + ", ".join(told))


main()
