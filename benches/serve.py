"""How the server fares with many at once: serve.py RINGBACK [--calls N] [--readers N].

200 runs in parallel, 200 readers of events, and one run of 4 N pushes (100,000 by default) go on while `/api` is asked again
and again. Prints medians beside those of the idle server, and how the memory of the server grew. Nothing but the standard
library; Linux, because it reads /proc.
"""

import argparse
import asyncio
import json
import pathlib
import statistics
import subprocess
import time

RUNS = 200
MEDIAN_MAX_S = 0.050
# The long run may add this much to what the server takes once its rings are full.
GROWTH_MAX_MIB = 64


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
        writer.write(
            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(text)}\r\nConnection: close\r\n\r\n{text}".encode()
        )
        await writer.drain()
        head = await reader.readuntil(b"\r\n\r\n")
        return int(head.split()[1]), reader, writer

    async def ask(self, method, path, body=None):
        status, reader, writer = await self.open(method, path, body)
        text = await reader.read()
        writer.close()
        assert status < 300, (path, status, text)
        return json.loads(text)


async def read(server, counts):
    _, reader, writer = await server.open("GET", "/api/events?after=now")
    try:
        while chunk := await reader.read(1 << 16):
            counts["bytes"] += len(chunk)
            counts["missed"] += chunk.count(b'"event":"missed"')
    finally:
        writer.close()


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
        at_rest = server.mib()

        counts = {"bytes": 0, "missed": 0}
        readers = [asyncio.create_task(read(server, counts)) for _ in range(readers_count)]
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
        for reader in readers:
            reader.cancel()
        await asyncio.gather(*readers, return_exceptions=True)

        # The rings are full after a tenth of the run; what grows from there on grows for ever.
        early = [mib for count, mib in samples if count >= 0.1 * 4 * calls]
        growth = max(early) - early[0]
        print(f"{RUNS} runs, {readers_count} readers, one run of {4 * calls} pushes: {took:.1f} s")
        print(f"median of {asked} answers of /api: {busy * 1e3:.1f} ms, {busy / idle:.1f} times that of the idle server ({idle * 1e3:.1f} ms)")
        print(f"memory: {at_rest:.0f} MiB at rest, {max(mib for _, mib in samples):.0f} MiB at most, {growth:+.0f} MiB over the last nine tenths")
        print(f"events read: {counts['bytes'] / 2**20:.0f} MiB, readers told {counts['missed']} times that they missed some")
        assert busy < MEDIAN_MAX_S, f"the median is over {MEDIAN_MAX_S} s"
        assert growth < GROWTH_MAX_MIB, f"the memory grows: {samples[:: max(1, len(samples) // 10)]}"
    finally:
        server.process.terminate()
        began = time.perf_counter()
        server.process.wait(timeout=10)
        print(f"ended {time.perf_counter() - began:.1f} s after it was told")


parser = argparse.ArgumentParser()
parser.add_argument("ringback")
parser.add_argument("--calls", type=int, default=25_000)
parser.add_argument("--readers", type=int, default=200)
arguments = parser.parse_args()
asyncio.run(main(arguments.ringback, arguments.calls, arguments.readers))
