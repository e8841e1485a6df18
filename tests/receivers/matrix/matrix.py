"""Plays every shipped scenario and profile to receivers on five frameworks: correct ones pass, each bug is found alike in every run."""

import argparse
import collections
import concurrent.futures
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
# Most of it is what faults below HTTP hold up in real time; a debug build on a busy machine needs some minutes for everything.
RUN_LIMIT_SECONDS = 600
AT_ONCE = 4
# What holds connections up in real time is played with one scenario, unless everything is asked for.
SLOW = ["everything", "rude-network"]
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
        try:
            done = subprocess.run(
                arguments, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=RUN_LIMIT_SECONDS
            )
        except subprocess.TimeoutExpired:
            return None, (), f"no end within {RUN_LIMIT_SECONDS} s: {' '.join(arguments)}"
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
    arguments.add_argument("--full", action="store_true", help="every profile with every scenario, not a few")
    arguments.add_argument("--only", help="one receiver alone")
    arguments.add_argument("--node-modules", default=".", help="the folder in which Express is installed")
    given = arguments.parse_args()
    given.ringback, given.node_modules = (str(pathlib.Path(path).resolve()) for path in (given.ringback, given.node_modules))
    jobs = [(play_correct, name, mode) for name, mode in CORRECT] + [(look_for, *bug) for bug in BUGS]
    jobs = [job for job in jobs if given.only in (None, job[1])]
    # Most of the time is spent in waiting for what a fault holds up.
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        ended = list(pool.map(lambda job: job[0](given, *job[1:]), jobs))
    wrong = [told for _, found in ended for told in found]
    for told in wrong:
        print(f"\nWRONG: {told}")
    print(f"matrix: {sum(played for played, _ in ended)} runs, {len(wrong)} wrong")
    sys.exit(1 if wrong else 0)


def play_correct(given, name, mode):
    """Plays everything to a correct receiver, and says what is red."""
    probed = str(HERE / "probed.yaml")
    everything, wrong, began = ["scenarios", probed], [], time.monotonic()
    headline = ["outbound-answered", "inbound-queue-abandon", "transfer", "predictive-dial", "chat-answered", probed]
    with receiver(name, mode, given.node_modules) as target:
        for profile in [None, *PROFILES]:
            scenarios = headline if profile else everything
            scenarios = everything if given.full else [probed] if profile in SLOW else scenarios
            code, findings, output = run(given.ringback, target, scenarios, *(["--faults", profile] if profile else []))
            if code != 0:
                what = f"correct {name} {mode or ''} is red with {profile or 'no faults'}: exit {code}"
                wrong.append("\n".join([what, *findings[:5], output[-800:]]))
    print(f"correct: {name} {mode or ''} in {time.monotonic() - began:.0f} s, {len(wrong)} wrong", flush=True)
    return 1 + len(PROFILES), wrong


def look_for(given, name, bug, scenario, codes):
    """Looks for a bug in many runs of one seed, and says where it is not found, or found otherwise."""
    seen, wrong = collections.Counter(), []
    with receiver(name, bug, given.node_modules) as target:
        for _ in range(given.runs):
            code, findings, _ = run(given.ringback, target, [scenario])
            seen[code, findings] += 1
    for (code, findings), count in seen.items():
        if code != 1 or not codes <= {json.loads(finding)[0] for finding in findings}:
            what = f"the bug `{bug}` of {name} is not found in {count} of {given.runs} runs: exit {code}"
            wrong.append("\n".join([what, *findings]))
    if len(seen) > 1:
        kinds = [f"{count} runs:\n" + "\n".join(findings) for (_, findings), count in seen.items()]
        wrong.append(f"the bug `{bug}` of {name} has {len(seen)} sets of findings\n" + "\n---\n".join(kinds))
    print(f"bug: {name} {bug}: the same in {max(seen.values())} of {given.runs} runs", flush=True)
    return given.runs, wrong


main()
