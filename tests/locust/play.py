"""Ringback's worker under a real Locust master: ready, spawn, ramp, statistics that agree, stop, again, quit, lost.

    play.py WORKER

WORKER is the program built from worker.rs. Needs Locust where this Python finds it.
"""

import collections
import http.server
import json
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).parent
WAIT = 20
SHARES = [0.5, 0.9, 0.95, 0.99, 1.0]
running = []


class Receiver(http.server.ThreadingHTTPServer):
    """Answers after a while that is mostly short; one of 40 pushes it does not take, when it is told to."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answering)
        self.lock = threading.Lock()
        self.count = 0
        self.fails = False
        self.calls = collections.Counter()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}/hook"


class Answering(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self):
        push = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.lock:
            self.server.count += 1
            number = self.server.count
            self.server.calls[(push["occasion"], push["call_id"])] += 1
        time.sleep(0.12 if number % 20 == 7 else 0.005 + number % 7 / 1000)
        # The call that is tried first shall succeed.
        status = 503 if self.server.fails and number > 50 and number % 40 == 0 else 200
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Program:
    """A program whose lines are kept."""

    def __init__(self, *command):
        self.lines = []
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        running.append(self)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def wait_for(self, text, times=1):
        until(lambda: sum(text in line for line in self.lines) >= times, f"`{text}` from {self.process.args[0]}")

    def end(self):
        code = self.process.wait(WAIT)
        time.sleep(0.1)
        return code

    def reports(self):
        return [json.loads(line) for line in self.lines if line.startswith("{")]


def until(true, what, seconds=WAIT):
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} s in vain for {what}")
        time.sleep(0.05)


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def master(port, *options):
    command = [sys.executable, "-m", "locust", "--master", "--locustfile", HERE / "locustfile.py"]
    return Program(*command, "--master-bind-host", "127.0.0.1", "--master-bind-port", str(port), *options)


def rounded(milliseconds):
    """As `bucket_response_time` in locust/stats.py."""
    unit = 1 if milliseconds < 100 else 10 if milliseconds < 1000 else 100
    return round(milliseconds / unit) * unit


def nearest(times, share):
    """As `calculate_response_time_percentile` in locust/stats.py."""
    times = sorted(int(time) for time, count in times.items() for _ in range(count))
    return times[min(int(len(times) * share), len(times) - 1)]


def agree(theirs, ours):
    """Counts exactly; percentiles within Locust's rounding, and one place in the order of times."""
    assert set(theirs) == {name for name, kind in ours["kinds"].items() if kind["attempts"]} | {"calls started"}, theirs
    assert theirs["calls started"]["num_requests"] == ours["calls"], (theirs["calls started"], ours["calls"])
    for name, kind in ours["kinds"].items():
        if not kind["attempts"]:
            continue
        entry = theirs[name]
        told = (entry["num_requests"], entry["num_failures"], entry["num_requests"] - entry["num_none_requests"])
        assert told == (kind["attempts"], kind["failures"], kind["timed"]), (name, told, kind)
        assert entry["method"] == "POST" and sum(entry["num_reqs_per_sec"].values()) == kind["attempts"], entry
        assert sum(entry["response_times"].values()) == kind["timed"], entry
        for share, own in zip(SHARES, kind["percentiles"]):
            place = 1 / kind["timed"]
            around = [nearest(entry["response_times"], max(0, share + by)) for by in (-place, 0, place)]
            assert min(around) <= rounded(own) <= max(around), (name, share, around, own)


def statistics(worker_program, folder):
    """A headless master: ready, spawn, a ramp, figures that agree, quit."""
    receiver = Receiver()
    receiver.fails = True
    port = free_port()
    stats = folder / "stats"
    leader = master(port, "--headless", "--expect-workers", "1", "--users", "4", "--spawn-rate", "2", "--run-time", "6s",
                    "--json-file", stats)
    worker = Program(worker_program, f"127.0.0.1:{port}", receiver.address, "5", "20")
    assert leader.end() in (0, 1), leader.lines  # 1: there were failures, as there should be
    assert worker.end() == 0, worker.lines
    assert "ended: the master has ended it" in worker.lines, worker.lines
    assert [line for line in worker.lines if "wants 2 users: 10 calls" in line], worker.lines
    assert [line for line in worker.lines if "wants 4 users: 20 calls" in line], worker.lines
    [ours] = worker.reports()
    theirs = {entry["name"]: entry for entry in json.loads((folder / "stats.json").read_text())}
    agree(theirs, ours)
    attempts = sum(kind["attempts"] for kind in ours["kinds"].values())
    failures = sum(kind["failures"] for kind in ours["kinds"].values())
    assert failures > 5 and 70 <= ours["calls"] <= 140, ours
    log = "\n".join(leader.lines)
    for line in ['All users spawned: {"Caller": 4} (4 total users)', "reported as ready. 1 workers connected"]:
        assert line in log, log
    assert "different version" not in log and "Unknown message" not in log and "Traceback" not in log, log
    print(f"statistics agree: {ours['calls']} calls, {attempts} attempts, {failures} failures, our lag p99 {ours['lag_ms']:.1f} ms")


class Web:
    """What a person would do on the master's page."""

    def __init__(self, port):
        self.base = f"http://127.0.0.1:{port}"

    def call(self, path, **form):
        data = urllib.parse.urlencode(form).encode() if form else None
        with urllib.request.urlopen(f"{self.base}{path}", data, WAIT) as answer:
            return json.load(answer)

    def figures(self):
        try:
            # It keeps its answer for two seconds, so that only the caller's patience tells the truth.
            return self.call("/stats/requests")
        except (urllib.error.URLError, ConnectionError):
            return {"state": "not there", "stats": [], "workers": [], "user_count": -1}

    def requests(self):
        return next((entry["num_requests"] for entry in self.figures()["stats"] if entry["name"] == "Aggregated"), 0)

    def wait_for(self, **values):
        until(lambda: all(self.figures().get(name) == value for name, value in values.items()), f"{values}, not {self.figures()}")


def by_hand(worker_program, _):
    """A master with a page: start, more users, stop, start again, a new master, and then none."""
    receiver = Receiver()
    port, page = free_port(), free_port()
    options = ["--web-host", "127.0.0.1", "--web-port", str(page), "--stop-timeout", "5"]
    # First the worker: it waits for its master.
    worker = Program(worker_program, f"127.0.0.1:{port}", receiver.address, "3", "4")
    worker.wait_for("no connection to a master")
    leader, web = master(port, *options), Web(page)
    web.wait_for(worker_count=1)
    web.call("/swarm", user_count=2, spawn_rate=10, host="http://elsewhere.example")
    web.wait_for(state="running", user_count=2)
    web.call("/swarm", user_count=6, spawn_rate=10)
    worker.wait_for("wants 6 users: 18 calls")
    web.wait_for(user_count=6)
    until(lambda: web.requests() > 50, "requests")
    web.call("/stop", any="")
    web.wait_for(state="stopped", worker_count=1)
    [first] = worker.reports()
    assert first["ended"] == "Done", first
    assert not sum(kind["held"] for kind in first["kinds"].values()), f"calls had no time to end: {first}"
    attempts = sum(kind["attempts"] for kind in first["kinds"].values())
    until(lambda: web.requests() == attempts, f"{attempts} attempts")
    for entry in web.figures()["stats"]:
        kind = first["kinds"].get(entry["name"])
        if kind:
            own, theirs = kind["percentiles"][SHARES.index(0.95)], entry["response_time_percentile_0.95"]
            assert entry["num_requests"] == kind["attempts"] and theirs <= rounded(kind["percentiles"][-1]), (entry, kind)
            assert theirs >= rounded(own), (entry, kind)
    worker.wait_for("elsewhere.example, is not used")

    web.call("/swarm", user_count=1, spawn_rate=10)
    worker.wait_for("wants 1 users")
    until(lambda: 0 < web.requests() < attempts, "requests of the second test")
    web.call("/stop", any="")
    web.wait_for(state="stopped", worker_count=1)
    second = worker.reports()[1]
    assert second["calls"] > 0 and not [call for call, times in receiver.calls.items() if times > 1], "a call came twice"

    # Another master in its place, while nothing goes on: the worker joins it.
    leader.process.kill()
    leader.end()
    worker.wait_for("the connection to the master")
    leader = master(port, *options)
    web.wait_for(worker_count=1)
    worker.wait_for("connected to the master")
    web.call("/swarm", user_count=3, spawn_rate=10)
    worker.wait_for("wants 3 users")
    until(lambda: web.requests() > 0, "requests")

    # And none: it goes on for as long as it was told to, and then ends by itself.
    leader.process.kill()
    leader.end()
    began = time.monotonic()
    assert worker.end() == 3, worker.lines
    assert 3 <= time.monotonic() - began < 10, time.monotonic() - began
    assert worker.lines[-1].startswith("ended: the master at 127.0.0.1") and "nothing for 4s" in worker.lines[-1], worker.lines
    assert len(worker.reports()) == 3 and worker.reports()[2]["calls"] > 0, worker.lines
    print("ready, spawn, ramp, stop, again, another master, none: all as a master wants it")


def no_receiver(worker_program, _):
    """The call that is tried first fails: the master is told why, and the worker ends. And Ctrl-C."""
    port = free_port()
    leader = master(port, "--headless", "--expect-workers", "1", "--users", "1", "--run-time", "20s")
    worker = Program(worker_program, f"127.0.0.1:{port}", f"http://127.0.0.1:{free_port()}/hook", "1", "20")
    assert worker.end() == 3, worker.lines
    assert "cannot be reached" in worker.lines[-1], worker.lines
    assert leader.end() == 1, leader.lines
    log = "\n".join(leader.lines)
    assert "The last worker quit, stopping test" in log, log

    receiver = Receiver()
    leader = master(port, "--headless", "--expect-workers", "1", "--users", "60", "--spawn-rate", "60", "--run-time", "20s")
    worker = Program(worker_program, f"127.0.0.1:{port}", receiver.address, "1", "20")
    worker.wait_for("60 users are 60 calls a second, and 50 is the most")
    until(lambda: receiver.count > 30, "pushes")
    worker.process.send_signal(signal.SIGINT)
    assert worker.end() == 130, worker.lines
    assert worker.reports()[0]["ended"] == "Interrupted", worker.lines
    assert leader.end() in (0, 1), leader.lines
    print("a receiver that is not there, too many users, and Ctrl-C: told to the master")


def main():
    worker_program = pathlib.Path(sys.argv[1]).resolve()
    try:
        with tempfile.TemporaryDirectory() as folder:
            for each in (statistics, by_hand, no_receiver):
                began = time.monotonic()
                each(worker_program, pathlib.Path(folder))
                print(f"  {each.__name__}: {time.monotonic() - began:.0f} s", flush=True)
    except BaseException:
        for program in running:
            print(f"--- {program.process.args[0]}", *program.lines, sep="\n")
        raise
    finally:
        for program in running:
            program.process.kill()


main()
