#!/usr/bin/env python3
"""How many pushes a second, against other senders: wrk with a Lua script, autocannon, and our own bare limit.

    python3 benches/peers.py [--seconds 4] [--rounds 3] [--connections 64] [--autocannon FOLDER]

Every sender posts the same Udesk `end` push of about 2.5 KB to the same minimal receiver, each time with another call id. The
senders take turns, round by round, and of each the middle round counts; sender and receiver have one core each. What a sender
says it has sent is held against what the receiver has counted. Ratios are what counts: take them on a machine that does nothing
else. On one that is busy, the processor time of a sender for each push says more than its rate, because it is hardly touched by
what else goes on; the receiver's is not in it.

`autocannon` makes its bodies unique the way its manual has it: `[<id>]` in the body and `idReplacement`. `by hand` is a
`setupRequest` that puts each body together from two halves and a number, the fastest way we have found. The goals of 4 and 8
times are for the way of the manual; against the other one Ringback's lead is smaller, and is told as well.

Nothing is installed. A peer that is not there is left out: `apt-get install wrk`; `npm install --prefix FOLDER autocannon`.
"""

import argparse
import json
import os
import pathlib
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SENDER_CORE, RECEIVER_CORE = "0", "1"
# What the receiver answers for, at most; it is ended before.
RECEIVER_SECONDS = 600
# Against which peer what is the least, and the aim.
GOALS = {"wrk": (1.0, 1.5), "autocannon": (4.0, 8.0), "bare limit": (0.5, 0.7)}
BY_HAND = "autocannon, by hand"
# How long the placeholder's replacement is, and the call id whose place it takes, padded to its length.
AUTOCANNON_ID, CALL_ID = 33, 36

# The head is written once: only the id in the body changes, which keeps its length. That is as fast as wrk's Lua gets.
WRK = """
local head, before, after = %s, %s, %s
local n, format = 0, string.format
request = function()
  n = n + 1
  return head .. before .. format("%%036d", n) .. after
end
"""

# Each request has a body of its own, the way of the manual or by hand.
AUTOCANNON = """
const autocannon = require(process.argv[2]);
const { url, connections, duration, headers, before, after, idBytes, callIdBytes, byHand } = JSON.parse(process.argv[3]);
let n = 0;
const setupRequest = (request) => {
  n += 1;
  request.body = Buffer.from(before + String(n).padStart(callIdBytes, "0") + after);
  return request;
};
const body = before + "0".repeat(callIdBytes - idBytes) + "[<id>]" + after;
const unique = byHand
  ? { requests: [{ method: "POST", headers, setupRequest }] }
  : { method: "POST", headers, body, idReplacement: true };
autocannon({ url, connections, duration, ...unique }, (error, result) => {
  if (error || result.non2xx || result.errors) throw error || new Error("errors: " + JSON.stringify(result));
  console.log(JSON.stringify({ rate: result["2xx"] / result.duration, count: result["2xx"] }));
});
"""


def bench():
    """The program of benches/load, built as `cargo bench` builds it."""
    words = ["cargo", "bench", "--bench", "load", "--no-run", "--message-format=json"]
    built = subprocess.run(words, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    told = [json.loads(line) for line in built.splitlines() if line.startswith("{")]
    return next(each["executable"] for each in told if each.get("executable") and each["target"]["name"] == "load")


def pinned(core, words):
    return (["taskset", "-c", core] if shutil.which("taskset") else []) + words


def printed(words):
    done = subprocess.run(pinned(SENDER_CORE, words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(words[:3])}: {done.stderr or done.stdout}")
    return done.stdout


def push(program):
    """The push, cut where its call id stands: path, headers, what stands before the id and behind it."""
    request = subprocess.run([program, "body"], check=True, stdout=subprocess.PIPE, text=True).stdout.rstrip("\n")
    head, body = request.replace("\r\n", "\n").split("\n\n", 1)
    first, *fields = head.split("\n")
    headers = dict(field.split(": ", 1) for field in fields)
    found = re.search(r'"call_id":\s*"([^"]{36})"', body) or re.search(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", body)
    if not found:
        sys.exit("the push has no id of 36 characters to be made another each time")
    before, after = body[: found.start(1)], body[found.end(1) :]
    return first.split(" ")[1], headers, before, after


def lua(text):
    """A Lua string of these bytes."""
    return '"' + "".join(f"\\{byte:03d}" for byte in text.encode()) + '"'


class Senders:
    def __init__(self, args, program, folder):
        self.args, self.program, self.folder = args, program, folder
        self.path, self.headers, self.before, self.after = push(program)
        self.bytes = len((self.before + "0" * 36 + self.after).encode())
        self.bare_rate = 0

    def ours(self, mode, address, *more):
        words = [self.program, mode, "--addr", address, "--seconds", str(self.args.seconds)]
        out = printed([*words, "--connections", str(self.args.connections), *more])
        return float(re.search(r"pushes_per_second (\d+)", out)[1]), int(re.search(r"pushes (\d+)", out)[1])

    def bare(self, address):
        self.bare_rate, count = self.ours("bare", address)
        return self.bare_rate, count

    def ringback(self, address):
        # More than can be: what is sent is what the machine sends.
        return self.ours("ringback", address, "--rate", str(int(self.bare_rate * 1.25)))

    def wrk(self, address):
        head = f"POST {self.path} HTTP/1.1\r\nHost: {address}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in self.own_headers().items())
        head += f"Content-Length: {self.bytes}\r\n\r\n"
        script = self.folder / "unique.lua"
        script.write_text(WRK % (lua(head), lua(self.before), lua(self.after)))
        words = ["wrk", "-t1", f"-c{self.args.connections}", f"-d{self.args.seconds}s", "-s", str(script)]
        out = printed([*words, f"http://{address}{self.path}"])
        if "Non-2xx" in out or "Socket errors" in out:
            sys.exit(f"wrk: {out}")
        return float(re.search(r"Requests/sec:\s*([\d.]+)", out)[1]), int(re.search(r"(\d+) requests in", out)[1])

    def autocannon_by_hand(self, address):
        return self.autocannon(address, by_hand=True)

    def autocannon(self, address, by_hand=False):
        script = self.folder / "unique.js"
        script.write_text(AUTOCANNON)
        asked = {
            "url": f"http://{address}{self.path}",
            "connections": self.args.connections,
            "duration": self.args.seconds,
            "headers": self.own_headers(),
            "before": self.before,
            "after": self.after,
            "idBytes": AUTOCANNON_ID,
            "callIdBytes": CALL_ID,
            "byHand": by_hand,
        }
        module = str(pathlib.Path(self.args.autocannon).resolve() / "node_modules" / "autocannon")
        told = json.loads(printed(["node", str(script), module, json.dumps(asked)]))
        return told["rate"], told["count"]

    def own_headers(self):
        return {name: value for name, value in self.headers.items() if name.lower() not in ("host", "content-length")}

    def all(self):
        senders = [("bare limit", self.bare), ("ringback", self.ringback)]
        if shutil.which("wrk"):
            senders.append(("wrk", self.wrk))
        else:
            print("wrk is not there and left out: apt-get install wrk")
        if self.args.autocannon and shutil.which("node"):
            senders += [("autocannon", self.autocannon), (BY_HAND, self.autocannon_by_hand)]
        else:
            print("autocannon is left out: npm install --prefix FOLDER autocannon, and --autocannon FOLDER")
        return senders


def against_a_receiver(program, name, send, connections):
    """The rate of a sender, and its processor time for each push."""
    words = pinned(RECEIVER_CORE, [program, "receiver", "--addr", "127.0.0.1:0", "--seconds", str(RECEIVER_SECONDS)])
    receiver = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        address, before = receiver.stdout.readline().split()[-1], processor_time()
        rate, count = send(address)
        cost = (processor_time() - before) / count
        answered = int(receiver.stdout.readline().split()[-1])
        # Of what is under way at the end a sender says nothing.
        if abs(answered - count) > 2 * connections:
            sys.exit(f"{name} says that it has sent {count}, and the receiver has answered {answered}")
        return rate, cost
    finally:
        receiver.kill()
        receiver.wait()


def processor_time():
    """Of the senders that have ended; the receiver goes on."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--autocannon", metavar="FOLDER", help="a folder whose node_modules holds autocannon")
    parser.add_argument("--program", help="benches/load as a program, where it is built already")
    args = parser.parse_args()
    program = args.program or bench()
    with tempfile.TemporaryDirectory() as folder:
        senders = Senders(args, program, pathlib.Path(folder))
        there = senders.all()
        rates, costs = {name: [] for name, _ in there}, {name: [] for name, _ in there}
        for _ in range(args.rounds):
            for name, send in there:
                rate, cost = against_a_receiver(program, name, send, args.connections)
                rates[name].append(rate)
                costs[name].append(cost * 1e6)
    table(args, senders.bytes, rates, costs)


def table(args, size, rates, costs):
    busy = os.getloadavg()[0]
    print(f"the middle of {args.rounds} rounds of {args.seconds} s, {args.connections} connections, bodies of {size} bytes")
    print(f"load average {busy:.1f} on {os.cpu_count()} cores\n")
    middle = {name: statistics.median(each) for name, each in rates.items()}
    print(f"{'sender':<20}{'pushes/s':>12}{'least':>12}{'most':>12}{'ringback is':>14}{'CPU us a push':>16}{'ringback is':>14}")
    verdicts = []
    for name, each in rates.items():
        line = f"{name:<20}{middle[name]:>12,.0f}{min(each):>12,.0f}{max(each):>12,.0f}"
        cost = statistics.median(costs[name])
        if name != "ringback":
            # Of rounds that lie side by side, so that what else the machine does falls on both.
            ratio = statistics.median(ours / other for ours, other in zip(rates["ringback"], each))
            cheaper = statistics.median(other / ours for ours, other in zip(costs["ringback"], costs[name]))
            line += f"{ratio:>12.2f} x{cost:>16.1f}{cheaper:>12.2f} x"
            if name in GOALS:
                verdicts.append(verdict(name, ratio))
        else:
            line += f"{'':>14}{cost:>16.1f}"
        print(line)
    print("", *verdicts, sep="\n")


def verdict(name, ratio):
    """The line that figures.py reads; as benches/load/goal.rs writes it."""
    floor, aim = GOALS[name]
    told = "aim met" if ratio >= aim else "floor met" if ratio >= floor else "MISSED"
    return f"{f'pushes/s against {name}':<60}{ratio:>9.2f} {'x':<4} floor {floor:<5g} aim {aim:<5g} {told}"


if __name__ == "__main__":
    main()
