"""`ringback load --locust-master` under a real Locust master: ready, spawn, ramp, statistics that agree with our own report,
stop, again, quit, lost, Ctrl-C; and how each of it is judged.

    play.py RINGBACK

RINGBACK is the program, built with the feature `locust`. Needs Locust where this Python finds it.
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
# The shares that are compared with Locust's, as our report names their times.
SHARES = {0.5: "p50_us", 0.9: "p90_us", 0.99: "p99_us", 1.0: "max_us"}
running = []


class Receiver(http.server.ThreadingHTTPServer):
    """Answers after a while that is mostly short; one of 40 pushes it does not take, when it is told to."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answering)
        self.lock = threading.Lock()
        self.count = 0
        self.fails = False
        self.refuses = False
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
        fails = self.server.fails and number > 50 and number % 40 == 0
        status = 503 if fails or self.server.refuses else 200
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

    def says(self, text):
        return any(text in line for line in self.lines)


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


class Worker(Program):
    """The command, with a report of each test in a folder of its own."""

    def __init__(self, ringback, port, target, user_rate, patience, *more):
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=FOLDER))
        super().__init__(
            ringback, "load", "outbound-answered", "--vendor", "udesk", "--seed", "7", "--pace", "300x", "--target", target,
            "--rate", f"{user_rate}/s", "--locust-master", f"127.0.0.1:{port}", "--locust-patience", f"{patience}s",
            # The machine may be busy with other things, and the program is built to be debugged.
            "--lag-limit", "1h", "--report", "term", "--report", f"json={self.folder / 'test.json'}", *more)

    def reports(self):
        """Of each test, in order."""
        names = [self.folder / f"test{number}.json" for number in ["", *(f"-{n}" for n in range(2, 10))]]
        texts = [name.read_text() for name in names if name.exists()]
        return [json.loads(text) for text in texts if text]

    def verdicts(self):
        return [report["verdict"] for report in self.reports()]


def agree(theirs, ours):
    """Counts exactly; percentiles within Locust's rounding, and one place in the order of times."""
    pushes = [push for push in ours["pushes"] if push["attempts"]]
    assert set(theirs) == {push["name"] for push in pushes} | {"calls started"}, theirs
    calls = ours["figures"]["calls"]["started"]
    assert theirs["calls started"]["num_requests"] == calls, (theirs["calls started"], calls)
    for push in pushes:
        name, timed = push["name"], push["response"]["count"]
        entry = theirs[name]
        told = (entry["num_requests"], entry["num_failures"], entry["num_requests"] - entry["num_none_requests"])
        assert told == (push["attempts"], push["errors"], timed), (name, told, push)
        assert entry["method"] == "POST" and sum(entry["num_reqs_per_sec"].values()) == push["attempts"], entry
        assert sum(entry["response_times"].values()) == timed, entry
        for share, key in SHARES.items():
            place, own = 1 / timed, push["response"][key] / 1e3
            around = [nearest(entry["response_times"], max(0, share + by)) for by in (-place, 0, place)]
            assert min(around) <= rounded(own) <= max(around), (name, share, around, own)


def statistics(ringback):
    """A headless master: ready, spawn, a ramp, figures that agree, quit. Pushes are lost, so a threshold is missed."""
    receiver = Receiver()
    receiver.fails = True
    port = free_port()
    leader = master(port, "--headless", "--expect-workers", "1", "--users", "4", "--spawn-rate", "2", "--run-time", "6s",
                    "--json-file", FOLDER / "stats")
    worker = Worker(ringback, port, receiver.address, 5, 20, "--threshold", "p50<1s")
    assert leader.end() in (0, 1), leader.lines  # 1: there were failures, as there should be
    assert worker.end() == 4, worker.lines
    for line in ["wants 2 users: 10 calls", "wants 4 users: 20 calls", "held   p50<1s", "missed lost==0", "MISSED (exit 4)"]:
        assert worker.says(line), worker.lines
    [ours] = worker.reports()
    theirs = {entry["name"]: entry for entry in json.loads((FOLDER / "stats.json").read_text())}
    agree(theirs, ours)
    total, calls = ours["total"], ours["figures"]["calls"]["started"]
    assert total["errors"] > 5 and 70 <= calls <= 140 and ours["verdict"] == "threshold_missed", ours
    # What the master wanted, as stages: so the report knows the rate that was asked for.
    assert [stage["from"] for stage in ours["asked"]["stages"]] == [10, 20], ours["asked"]
    asked = sum(stage["from"] * stage["lasting_us"] / 1e6 for stage in ours["asked"]["stages"])
    assert abs(asked - calls) <= 2, (asked, calls)
    log = "\n".join(leader.lines)
    for line in ['All users spawned: {"Caller": 4} (4 total users)', "reported as ready. 1 workers connected"]:
        assert line in log, log
    assert "different version" not in log and "Unknown message" not in log and "Traceback" not in log, log
    lag = ours["lag"]["p99_us"] / 1e3
    print(f"statistics agree: {calls} calls, {total['attempts']} attempts, {total['errors']} failures, our lag p99 {lag:.1f} ms")


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


def page_of(port, *options):
    """A master with a page."""
    page = free_port()
    return master(port, "--web-host", "127.0.0.1", "--web-port", str(page), *options), Web(page)


def by_hand(ringback):
    """A master with a page: start, more users, stop, start again, a new master, and then none."""
    receiver = Receiver()
    port = free_port()
    # First the worker: it waits for its master.
    worker = Worker(ringback, port, receiver.address, 3, 4)
    worker.wait_for("no connection to a master")
    leader, web = page_of(port, "--stop-timeout", "5")
    web.wait_for(worker_count=1)
    web.call("/swarm", user_count=2, spawn_rate=10, host="http://elsewhere.example")
    web.wait_for(state="running", user_count=2)
    web.call("/swarm", user_count=6, spawn_rate=10)
    worker.wait_for("wants 6 users: 18 calls")
    web.wait_for(user_count=6)
    until(lambda: web.requests() > 50, "requests")
    web.call("/stop", any="")
    web.wait_for(state="stopped", worker_count=1)
    worker.wait_for("test 1 is over: PASSED")
    [first] = worker.reports()
    assert not first["total"]["held"], f"calls had no time to end: {first}"
    attempts = first["total"]["attempts"]
    until(lambda: web.requests() == attempts, f"{attempts} attempts")
    pushes = {push["name"]: push for push in first["pushes"]}
    for entry in web.figures()["stats"]:
        push = pushes.get(entry["name"])
        if push:
            least, most = (rounded(push["response"][key] / 1e3) for key in ("p90_us", "max_us"))
            assert entry["num_requests"] == push["attempts"], (entry, push)
            assert least <= entry["response_time_percentile_0.95"] <= most, (entry, push)
    worker.wait_for("elsewhere.example, is not used")

    web.call("/swarm", user_count=1, spawn_rate=10)
    worker.wait_for("wants 1 users")
    until(lambda: 0 < web.requests() < attempts, "requests of the second test")
    web.call("/stop", any="")
    web.wait_for(state="stopped", worker_count=1)
    worker.wait_for("test 2 is over: PASSED")
    second = worker.reports()[1]
    calls = second["figures"]["calls"]["started"]
    assert calls > 0 and not [call for call, times in receiver.calls.items() if times > 1], "a call came twice"

    # Another master in its place, while nothing goes on: the worker joins it.
    leader.process.kill()
    leader.end()
    worker.wait_for("the connection to the master")
    leader, web = page_of(port, "--stop-timeout", "5")
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
    assert worker.says("nothing for 4s") and worker.says("test 3 is over: BROKEN OFF"), worker.lines
    assert worker.verdicts() == ["passed", "passed", "cannot_go_on"], worker.verdicts()
    third = worker.reports()[2]
    assert third["figures"]["calls"]["started"] > 0 and third["exit"] == 3, third
    print("ready, spawn, ramp, stop, again, another master, none: all as a master wants it")


def the_worst_counts(ringback):
    """Two tests, of which the first misses a threshold and the second none: each is judged, and the worst is the exit code."""
    receiver = Receiver()
    port = free_port()
    leader, web = page_of(port, "--stop-timeout", "5")
    worker = Worker(ringback, port, receiver.address, 10, 20, "--threshold", "rate>=5/s")
    web.wait_for(worker_count=1)
    for fails, word in ((True, "test 1 is over: MISSED"), (False, "test 2 is over: PASSED")):
        receiver.fails, receiver.count = fails, 0
        web.call("/swarm", user_count=3, spawn_rate=10)
        until(lambda: receiver.count > 150, "pushes")
        web.call("/stop", any="")
        worker.wait_for(word)
        web.wait_for(state="stopped", worker_count=1)
    leader.process.send_signal(signal.SIGINT)
    assert worker.end() == 4, worker.lines
    assert worker.verdicts() == ["threshold_missed", "passed"], worker.verdicts()
    assert sum("held   rate>=5/s" in line for line in worker.lines) == 2, worker.lines
    leader.end()
    print("two tests: each is judged, and the worst is the exit code")


def no_test(ringback):
    """A master that goes without a test, one that is a page, and a test that lasts too long."""
    receiver = Receiver()
    port = free_port()
    leader, web = page_of(port)
    astray = Worker(ringback, web.base.rsplit(":")[-1], receiver.address, 1, 2)
    worker = Worker(ringback, port, receiver.address, 1, 20)
    web.wait_for(worker_count=1)
    assert astray.end() == 3 and astray.says("there was no Locust master at"), astray.lines
    leader.process.send_signal(signal.SIGINT)
    assert worker.end() == 3 and worker.says("before any test: nothing was sent"), worker.lines
    leader.end()

    leader = master(port, "--headless", "--expect-workers", "1", "--users", "5", "--run-time", "20s")
    worker = Worker(ringback, port, receiver.address, 5, 20, "--for-cap", "2s")
    assert worker.end() == 3 and worker.says("the test has lasted 2s"), worker.lines
    [report] = worker.reports()
    assert report["verdict"] == "cannot_go_on" and report["total"]["sent"] > 0, report
    assert leader.end() == 1, leader.lines
    assert receiver.count > 10, receiver.count
    print("no test, a page that is no master, and a test that lasts too long: told, and not green")


def no_receiver(ringback):
    """The call that is tried first fails: the master is told why, and the worker ends. And Ctrl-C."""
    port = free_port()
    receiver = Receiver()
    receiver.refuses = True
    nobody = f"http://127.0.0.1:{free_port()}/hook"
    for target, code, why in ((nobody, 3, "cannot be reached"), (receiver.address, 1, "503")):
        leader = master(port, "--headless", "--expect-workers", "1", "--users", "1", "--run-time", "20s")
        worker = Worker(ringback, port, target, 1, 20)
        assert worker.end() == code, worker.lines
        assert worker.says(why) and [report["exit"] for report in worker.reports()] == [code], worker.lines
        assert leader.end() == 1, leader.lines
        assert any("The last worker quit, stopping test" in line for line in leader.lines), leader.lines

    receiver = Receiver()
    leader = master(port, "--headless", "--expect-workers", "1", "--users", "60", "--spawn-rate", "60", "--run-time", "20s")
    worker = Worker(ringback, port, receiver.address, 1, 20, "--rate-cap", "50/s")
    worker.wait_for("60 users are 60 calls a second, and 50 is the most")
    until(lambda: receiver.count > 30, "pushes")
    worker.process.send_signal(signal.SIGINT)
    assert worker.end() == 130, worker.lines
    assert worker.verdicts() == ["interrupted"], worker.lines
    assert leader.end() in (0, 1), leader.lines
    print("a receiver that is not there or refuses, too many users, and Ctrl-C: told to the master")


def main():
    global FOLDER
    ringback = str(pathlib.Path(sys.argv[1]).resolve())
    try:
        with tempfile.TemporaryDirectory() as folder:
            FOLDER = pathlib.Path(folder)
            for each in (statistics, by_hand, the_worst_counts, no_test, no_receiver):
                began = time.monotonic()
                each(ringback)
                print(f"  {each.__name__}: {time.monotonic() - began:.0f} s", flush=True)
    except BaseException:
        for program in running:
            print(f"--- {program.process.args[0]}", *program.lines, sep="\n")
        raise
    finally:
        for program in running:
            program.process.kill()


main()
