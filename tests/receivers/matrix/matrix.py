"""Plays every shipped scenario and profile to receivers on five frameworks: correct ones pass, each bug is found alike in every run."""

import argparse
import collections
import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent.parent
START_LIMIT_SECONDS = 20
RUN_LIMIT_SECONDS = 300
REPLAY = ["--seed", "7", "--at", "2026-03-02T09:30:00+08:00"]
PROFILES = sorted(path.stem for path in (ROOT / "scenarios" / "faults").glob("*.yaml"))

# The receiver, its bug, the scenario that shows it, the codes that must be among its findings.
BUGS = [
    ("fastapi", "crash", "outbound-answered", {"RB-201"}),
    ("express", "ack", "chat-answered", {"RB-201"}),
    ("flask", "open", str(HERE / "probed.yaml"), {"RB-221"}),
    ("php", "slow", "outbound-answered", {"RB-201"}),
    ("http_server", "hang-up", "outbound-answered", {"RB-201"}),
]
# A server that closes after every answer and does not say so is odd, and no less correct.
CORRECT = [(name, None) for name, *_ in BUGS] + [("http_server", "closes")]


def command(name, port, mode, state):
    modes = [mode] if mode else []
    if name == "php":
        return ["php", "-S", f"127.0.0.1:{port}", str(HERE / "receiver.php")]
    if name == "express":
        return ["node", str(HERE / "receiver_express.cjs"), str(port), *modes]
    return [sys.executable, str(HERE / f"receiver_{name}.py"), str(port), *modes]


@contextlib.contextmanager
def receiver(name, mode, node_modules):
    """A receiver on a free port of loopback, ended afterwards with all that it started."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    state = tempfile.mkdtemp()
    environment = os.environ | {"MATRIX_STATE": state, "MATRIX_NODE_MODULES": node_modules, "PHP_CLI_SERVER_WORKERS": "8"}
    if mode:
        environment["MATRIX_BUG"] = mode
    process = subprocess.Popen(
        command(name, port, mode, state),
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        until = time.monotonic() + START_LIMIT_SECONDS
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"{name} does not start: {' '.join(process.args)}")
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/hook"
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        shutil.rmtree(state, ignore_errors=True)


def run(ringback, target, scenarios, *flags):
    """The exit code, the findings as they are compared, and the output."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RINGBACK_")}
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder, "report.json")
        arguments = [ringback, "run", *scenarios, "--target", target, *REPLAY, *flags]
        arguments += ["--quiet", "--report", "term", "--report", f"json={report}"]
        done = subprocess.run(
            arguments, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=RUN_LIMIT_SECONDS
        )
        told = json.loads(report.read_text()) if report.exists() else {"stories": []}
    origin = target.removesuffix("/hook")
    findings = []
    for finding in (finding for story in told["stories"] for finding in story["findings"]):
        delivery = finding.get("delivery") or {}
        about = [finding.get("code"), delivery.get("scenario"), delivery.get("push"), delivery.get("number")]
        about += [finding.get("attempt"), finding.get("message"), finding.get("expected"), finding.get("found")]
        findings.append(json.dumps(about, ensure_ascii=False).replace(origin, "ORIGIN"))
    return done.returncode, tuple(findings), done.stdout + done.stderr


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("ringback")
    arguments.add_argument("--runs", type=int, default=3, help="how often each bug is looked for")
    arguments.add_argument("--full", action="store_true", help="every profile with every scenario, not the headline flows alone")
    arguments.add_argument("--only", help="one receiver alone")
    arguments.add_argument("--node-modules", default=".", help="the folder in which Express is installed")
    given = arguments.parse_args()
    ringback, node = str(pathlib.Path(given.ringback).resolve()), str(pathlib.Path(given.node_modules).resolve())
    chosen = lambda name: given.only in (None, name)
    wrong, played, found = [], 0, collections.Counter()

    probed = str(HERE / "probed.yaml")
    everything = ["scenarios", probed]
    headline = ["outbound-answered", "inbound-queue-abandon", "transfer", "predictive-dial", "chat-answered", probed]
    for name, mode in CORRECT:
        if not chosen(name):
            continue
        began = time.monotonic()
        with receiver(name, mode, node) as target:
            for profile in [None, *PROFILES]:
                scenarios = everything if given.full or not profile else headline
                code, findings, output = run(ringback, target, scenarios, *(["--faults", profile] if profile else []))
                played += 1
                if code != 0:
                    wrong.append(f"correct {name} {mode or ''} is red with {profile or 'no faults'}: exit {code}\n{output[-2000:]}")
        print(f"correct: {name} {mode or ''} in {time.monotonic() - began:.0f} s", flush=True)
    for name, bug, scenario, codes in BUGS:
        if not chosen(name):
            continue
        seen = collections.Counter()
        with receiver(name, bug, node) as target:
            for _ in range(given.runs):
                code, findings, output = run(ringback, target, [scenario])
                played += 1
                seen[code, findings] += 1
        found[name] = max(seen.values())
        for (code, findings), count in seen.items():
            told = "\n".join(findings)
            if code != 1 or not codes <= {json.loads(finding)[0] for finding in findings}:
                wrong.append(f"the bug `{bug}` of {name} is not found in {count} of {given.runs} runs: exit {code}\n{told}")
        if len(seen) > 1:
            kinds = "\n---\n".join(f"{count} runs:\n" + "\n".join(findings) for (_, findings), count in seen.items())
            wrong.append(f"the bug `{bug}` of {name} has {len(seen)} sets of findings\n{kinds}")
        print(f"bug: {name} {bug}: the same {sum(map(len, [f for _, f in seen][:1]))} findings in {found[name]} of {given.runs} runs", flush=True)
    for told in wrong:
        print(f"\nWRONG: {told}")
    print(f"matrix: {played} runs, {len(wrong)} wrong")
    sys.exit(1 if wrong else 0)


main()
