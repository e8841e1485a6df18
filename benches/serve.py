"""How the server fares with many at once: serve.py RINGBACK [--calls N] [--readers N].

200 runs in parallel, 200 readers of events, and one run of 4 N pushes (100,000 by default) go on while `/api` is asked again
and again. Prints medians and memory as ratios to the idle server, and what readers missed; fails where one of the limits below is
broken. Nothing but the standard library; Linux, because it reads /proc.
"""

import argparse
import asyncio
import json
import multiprocessing
import pathlib
import re
import statistics
import subprocess
import time

RUNS = 200
# The limits: where one is broken, the bench fails.
BUSY_MEDIAN_MAX_S = 0.050
# Memory once the rings of events and deliveries are full, and the most of it behind that.
PEAK_TO_FULL_MAX = 1.25
# Memory when all is over and the readers are gone, and that most.
AFTER_TO_PEAK_MAX = 1.10
# A server that has played one run, and the most that it takes with all of this.
PEAK_TO_IDLE_MAX = 12
ENDED_MAX_S = 2.0


ID = re.compile(rb"\nid: [0-9a-f]+-(\d+)\n")


class Server:
    def __init__(self, program):
        self.process = subprocess.Popen([program, "serve", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        self.host, self.port = line.split("http://")[1].split("/")[0].split(":")

    def mib(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    async def open(self, method, path, body=None):
        reader, writer = await asyncio.open_connection(self.host, self.port, limit=1 << 20)
        text = "" if body is None else json.dumps(body)
        # HTTP/1.0, so that streams come as they are and not in chunks.
        writer.write(
            f"{method} {path} HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(text)}\r\n\r\n{text}".encode()
        )
        await writer.drain()
        head = await reader.readuntil(b"\r\n\r\n")
        return int(head.split()[1]), reader, writer

    async def text(self, path, method="GET", body=None):
        status, reader, writer = await self.open(method, path, body)
        text = (await reader.read()).decode()
        writer.close()
        assert status < 300, (path, status, text)
        return text

    async def ask(self, method, path, body=None):
        return json.loads(await self.text(path, method, body))


class Reader:
    """A reader of all events, who counts what came and what it was told to have missed."""

    def __init__(self):
        self.bytes = self.events = self.missed = self.times_missed = self.last = 0
        self.first = None

    async def read(self, host, port):
        reader, writer = await asyncio.open_connection(host, port, limit=1 << 20)
        writer.write(b"GET /api/events?after=now HTTP/1.0\r\nHost: localhost\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        rest = b""
        try:
            while chunk := await reader.read(1 << 18):
                self.bytes += len(chunk)
                whole, separator, rest = (rest + chunk).rpartition(b"\n\n")
                self.count(b"\n" + whole + separator)
        finally:
            writer.close()

    def count(self, text):
        told = [int(count) for count in re.findall(rb'"event":"missed","count":(\d+)', text)]
        ids = text.count(b"\nid: ")
        if ids == 0:
            return
        if self.first is None:
            number = int(ID.search(text).group(1))
            # Where it begins with what was missed, its id is that of the last of it.
            self.first = number - told[0] + 1 if told and b'"missed"' in text.split(b"\n\n", 1)[0] else number
        self.last = int(ID.match(text, text.rindex(b"\nid: ")).group(1))
        self.events += ids - len(told)
        self.missed += sum(told)
        self.times_missed += len(told)

    def check(self):
        assert self.first is not None, "a reader got nothing"
        assert self.events + self.missed == self.last - self.first + 1, vars(self)


def read_all(host, port, count, pipe):
    """The readers, in a process of their own, so that what they do does not count as the server's answer time."""

    async def read():
        readers = [Reader() for _ in range(count)]
        tasks = [asyncio.create_task(reader.read(host, port)) for reader in readers]
        await asyncio.get_running_loop().run_in_executor(None, pipe.recv)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        pipe.send(readers)

    asyncio.run(read())


async def median(server, until, paths=("/api", "/api/runs", "/api/vendors")):
    """The median of the answer times until something is true."""
    times = []
    while not until(times):
        for path in paths:
            began = time.perf_counter()
            await server.ask("GET", path)
            times.append(time.perf_counter() - began)
        await asyncio.sleep(0.02)
    return statistics.median(times), len(times)


async def main(program, calls, readers_count):
    server = Server(program)
    try:
        udesk = {"scenario": "outbound-answered", "vendor": "udesk", "seed": 7}
        await server.ask("POST", "/api/runs", udesk)
        idle, _ = await median(server, lambda times: len(times) >= 300)
        idle_mib = server.mib()

        pipe, other = multiprocessing.Pipe()
        readers = multiprocessing.Process(target=read_all, args=(server.host, server.port, readers_count, other), daemon=True)
        readers.start()
        while f"ringback_event_readers {readers_count}\n" not in await server.text("/metrics"):
            await asyncio.sleep(0.05)
        began = time.perf_counter()
        runs = await asyncio.gather(*(server.ask("POST", "/api/runs", {**udesk, "pace": "20x"}) for _ in range(RUNS)))
        long = await server.ask("POST", "/api/runs", {**udesk, "calls": calls})
        samples, told = [], {}

        async def watch():
            while not told or told["state"] == "running":
                listed = await server.ask("GET", f"/api/runs/{long['id']}/calls")
                assert listed["calls"]
                told.update(next(run for run in (await server.ask("GET", "/api/runs"))["runs"] if run["id"] == long["id"]))
                samples.append((told["figures"]["acknowledged"], server.mib()))
                await asyncio.sleep(0.5)

        watching = asyncio.create_task(watch())
        busy, asked = await median(server, lambda _: watching.done())
        await watching
        took = time.perf_counter() - began
        listed = {run["id"]: run for run in (await server.ask("GET", "/api/runs"))["runs"]}
        for run in runs:
            assert listed[run["id"]]["exit"] == 0, listed[run["id"]]
        assert told["figures"]["acknowledged"] == 4 * calls and told["exit"] == 0, told
        pipe.send("enough")
        counting = await asyncio.get_running_loop().run_in_executor(None, pipe.recv)
        readers.join()
        await asyncio.sleep(1)
        after = server.mib()
        for reader in counting:
            reader.check()

        # The rings are full after a tenth of the run; what grows from there on grows for ever.
        full = next(mib for count, mib in samples if count >= 0.1 * 4 * calls)
        peak = max(mib for _, mib in samples)
        missed, times = sum(reader.missed for reader in counting), sum(reader.times_missed for reader in counting)
        print(f"{RUNS} runs, {readers_count} readers, one run of {4 * calls} pushes: {took:.1f} s, {4 * calls / took:.0f} pushes/s")
        print(f"answers of /api, median: idle {idle * 1e3:.1f} ms, under load {busy * 1e3:.1f} ms (x{busy / idle:.1f}), {asked} asked")
        print(
            f"memory: idle {idle_mib:.0f} MiB, rings full {full:.0f} MiB (x{full / idle_mib:.1f}), "
            f"most {peak:.0f} MiB (x{peak / idle_mib:.1f}), after {after:.0f} MiB (x{after / idle_mib:.1f})"
        )
        print(
            f"events: {sum(reader.events for reader in counting)} read ({sum(reader.bytes for reader in counting) / 2**20:.0f} MiB), "
            f"{missed} missed in {times} gaps; read and missed are all that there were, for each reader"
        )
        limits = [
            ("BUSY_MEDIAN_MAX_S", busy, BUSY_MEDIAN_MAX_S),
            ("PEAK_TO_FULL_MAX", peak / full, PEAK_TO_FULL_MAX),
            ("AFTER_TO_PEAK_MAX", after / peak, AFTER_TO_PEAK_MAX),
            ("PEAK_TO_IDLE_MAX", peak / idle_mib, PEAK_TO_IDLE_MAX),
        ]
        broken = [f"{name} is {limit}, and it was {value:.3f}" for name, value, limit in limits if value > limit]
        assert not broken, "; ".join(broken)
    finally:
        server.process.terminate()
        began = time.perf_counter()
        server.process.wait(timeout=10)
        ended = time.perf_counter() - began
        print(f"ended {ended:.1f} s after it was told")
    assert ended < ENDED_MAX_S, f"ENDED_MAX_S is {ENDED_MAX_S}"


parser = argparse.ArgumentParser()
parser.add_argument("ringback")
parser.add_argument("--calls", type=int, default=25_000)
parser.add_argument("--readers", type=int, default=200)
arguments = parser.parse_args()
asyncio.run(main(arguments.ringback, arguments.calls, arguments.readers))
