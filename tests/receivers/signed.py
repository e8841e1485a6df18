"""Plays signed stories to a receiver that verifies them by the reference library of Standard Webhooks, and its own HMAC."""

import base64
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

LIMIT_SECONDS = 60
NEW, OLD, OTHER = ("whsec_" + base64.b64encode(name * 4).decode() for name in (b"new-key.", b"old-key.", b"nobody's"))
SCENARIO = """title: Signed
vendors: [{vendor}]
call: {{ kind: outbound, agents: {{ ann: }} }}
script: [ring: ann, wait: 5s, answer: ann, ring: customer, answer: customer, wait: {talk}, hangup: ann]
deliver: {{ {retry}sign: {{ {sign} }} }}
"""
STANDARD = 'scheme: standard-webhooks, secret: "{env.SECRET}"'


def reference(secret):
    """The library's own judgement, with its five minutes of tolerance."""
    webhook = Webhook(secret)

    def verify(headers, body):
        webhook.verify(body, headers)

    return verify


def digest_of(header, expected):
    def verify(headers, body):
        if not hmac.compare_digest(headers.get(header.lower(), ""), expected(body)):
            raise WebhookVerificationError("another digest")

    return verify


def timestamped(header, secret):
    def verify(headers, body):
        parts = [part.split("=", 1) for part in headers.get(header.lower(), "").split(",")]
        second = next(value for name, value in parts if name == "t")
        if abs(time.time() - int(second)) > 300:
            raise WebhookVerificationError("out of time")
        digest = hmac.new(secret, second.encode() + b"." + body, hashlib.sha256).hexdigest()
        if not any(hmac.compare_digest(value, digest) for name, value in parts if name == "v1"):
            raise WebhookVerificationError("another digest")

    return verify


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        server = self.server
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        status = 200
        try:
            server.verify(headers, body)
        except WebhookVerificationError as error:
            status, server.refused = 401, server.refused + [str(error)]
        else:
            with server.lock:
                bodies = server.pushes.setdefault(headers.get("webhook-id"), [])
                bodies.append(body)
                if len(bodies) <= server.failures:
                    status = 500
        answer = b'{"code":1000,"success":true}'
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


class Played:
    def __init__(self, ringback, sign, verify, *, talk="81s", vendor="udesk", failures=0, flags=(), load=False):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        server.verify, server.failures, server.lock = verify, failures, threading.Lock()
        server.pushes, server.refused = {}, []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "signed.yaml")
            retry = "retry: { waits: [10m, 2h, 10h] }, " if failures else ""
            path.write_text(SCENARIO.format(vendor=vendor, talk=talk, sign=sign, retry=retry))
            report = pathlib.Path(folder, "run.ndjson")
            command = [ringback, "load" if load else "run", str(path), *flags]
            command += ["--target", f"http://127.0.0.1:{server.server_port}/hook", "--report", "term"]
            if not load:
                command += ["--report", f"ndjson={report}", "--quiet"]
            secrets = {"SECRET": OLD, "NEW": NEW, "PLAIN": "plain-key"}
            environment = {k: v for k, v in os.environ.items() if not k.startswith("RINGBACK_") and k != "CI"}
            done = subprocess.run(
                command, env=environment | secrets, capture_output=True, text=True, timeout=LIMIT_SECONDS
            )
            self.code, self.out = done.returncode, done.stdout + done.stderr
            for secret in secrets.values():
                assert secret not in self.out, "a secret in the output"
            events = [json.loads(line) for line in report.read_text().splitlines()] if report.exists() else []
            self.transcripts = [event["sha256"] for event in events if event["event"] == "transcript"]
        server.shutdown()
        self.pushes, self.refused = server.pushes, server.refused
        assert all(len(set(bodies)) == 1 for bodies in self.pushes.values() if sign.startswith("scheme: standard"))

    def passed(self):
        assert self.code == 0 and not self.refused and self.pushes, f"{self.code} {self.refused}\n{self.out}"
        return self

    def failed(self, words):
        assert self.code == 1 and not self.pushes, f"{self.code}\n{self.out}"
        assert self.refused and all(words in reason for reason in self.refused), self.refused
        return self


def main(ringback):
    right = reference(OLD)
    count = 0

    def play(sign, verify, **how):
        nonlocal count
        played = Played(ringback, sign, verify, **how)
        count += sum(len(bodies) for bodies in played.pushes.values()) + len(played.refused)
        return played

    for talk in ("81s", "20m", "3h"):
        pushes = play(STANDARD, right, talk=talk).passed().pushes
        assert all(len(bodies) == 1 for bodies in pushes.values())
    # 7moor has one event id for several pushes, and `webhook-id` is one for each push all the same.
    for vendor in ("udesk", "7moor"):
        clean = play(STANDARD, right, vendor=vendor).passed().pushes
        retried = play(STANDARD, right, vendor=vendor, failures=2).passed().pushes
        assert len(retried) == len(clean) and all(len(bodies) == 3 for bodies in retried.values())
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as profile:
            profile.write("faults:\n  - { fault: duplicate, after: 3h }\n  - { fault: stale-retry, after: 9h }\n")
            profile.flush()
            copied = play(STANDARD, right, vendor=vendor, flags=["--faults", profile.name]).passed().pushes
        assert len(copied) == len(clean) and all(len(bodies) > 1 for bodies in copied.values())
    replay = ["--seed", "7", "--at", "2026-03-02T09:30:00+08:00"]
    first, second = (play(STANDARD, right, talk="20m", flags=replay).passed() for _ in range(2))
    assert first.pushes.keys() == second.pushes.keys() and first.transcripts == second.transcripts != []
    play(STANDARD, right, flags=["--rate", "20/s", "--for", "2s", "--pace", "60x", "--lag-limit", "1m"], load=True).passed()

    play(STANDARD, reference(OTHER)).failed("No matching signature found")
    play(STANDARD + ", clock: scenario", right, flags=replay).failed("timestamp too old")
    both = 'scheme: standard-webhooks, secrets: ["{env.NEW}", "{env.SECRET}"]'
    for secret in (NEW, OLD):
        play(both, reference(secret)).passed()
    play(both, reference(OTHER)).failed("No matching signature found")

    def plain(secret):
        return lambda body: hmac.new(secret, body, hashlib.sha256)

    header, hmac_sha256 = "X-Hub-Signature-256", 'scheme: hmac-sha256, header: X-Hub-Signature-256, secret: "{env.PLAIN}"'
    for secret, ends in ((b"plain-key", Played.passed), (b"another", lambda played: played.failed("another digest"))):
        digest = plain(secret)
        ends(play(hmac_sha256, digest_of(header, lambda body: digest(body).hexdigest())))
        prefixed = digest_of(header, lambda body: "sha256=" + digest(body).hexdigest())
        ends(play(hmac_sha256 + ", prefix: sha256=", prefixed))
        encoded = digest_of(header, lambda body: base64.b64encode(digest(body).digest()).decode())
        ends(play(hmac_sha256 + ", encoding: base64", encoded))
        ends(play(hmac_sha256 + ", format: timestamped", timestamped(header, secret), talk="3h", flags=replay))
    print(f"signatures: {count} pushes verified or refused as they should be")


if __name__ == "__main__":
    main(sys.argv[1])
