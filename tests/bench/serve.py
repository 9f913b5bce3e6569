#!/usr/bin/env python3
"""`serve` under load against `recognize` on the same photos with the same cores, in turns.

serve.py BIOCTL PHOTO... [--clients 200] [--seconds 60] [--rounds 3]

Prints, for each round, photos a second of `bioctl recognize` and of the service, their ratio, what statuses came, whether each 503
had Retry-After, and how long /health took meanwhile (median, p99, most). Python's standard library only.
"""

import argparse
import asyncio
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import service


def form_of(photo):
    boundary = "bioctl-bench"
    with open(photo, "rb") as file:
        content = file.read()
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return (f"POST /recognize HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary={boundary}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n").encode() + body


async def ask(reader, writer, request):
    writer.write(request)
    await writer.drain()
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    length = int(re.search(r"(?i)content-length: (\d+)", head).group(1))
    await reader.readexactly(length)
    return int(head[9:12]), "retry-after:" in head.lower()


class Load:
    def __init__(self, port, requests, seconds):
        self.port, self.requests, self.end = port, requests, time.monotonic() + seconds
        self.statuses, self.health, self.bare_503, self.broken = {}, [], 0, 0

    async def client(self, number):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        turn = number
        while time.monotonic() < self.end:
            status, may_retry = await ask(reader, writer, self.requests[turn % len(self.requests)])
            self.statuses[status] = self.statuses.get(status, 0) + 1
            turn += 1
            if status == 503:
                self.bare_503 += not may_retry
                await asyncio.sleep(1)
        writer.close()

    async def watch(self):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        while time.monotonic() < self.end:
            began = time.monotonic()
            await ask(reader, writer, b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            self.health.append((time.monotonic() - began) * 1000)
            await asyncio.sleep(0.02)
        writer.close()

    async def run(self, clients):
        done = await asyncio.gather(self.watch(), *(self.client(i) for i in range(clients)), return_exceptions=True)
        self.broken = sum(isinstance(one, Exception) for one in done)


def recognize_rate(bioctl, photos, seconds, environment):
    """Photos a second of the command line, on as many photos as take about so long."""
    def run(files):
        began = time.monotonic()
        subprocess.run([bioctl, "-q", "recognize", *files], env=environment, stdout=subprocess.DEVNULL, check=False)
        return time.monotonic() - began
    once = run(photos)
    files = photos * max(1, int(seconds / once))
    return len(files) / run(files)


def cpu_seconds(who):
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bioctl")
    parser.add_argument("photos", nargs="+")
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    o = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = service.environment(folder)
        subprocess.run([o.bioctl, "-q", "enroll", "--id", "one", "--faces", "largest", o.photos[0]], env=environment,
                       stdout=subprocess.DEVNULL, check=True)
        ratios = []
        for number in range(o.rounds):
            plain = recognize_rate(o.bioctl, o.photos, o.seconds / 3, environment)
            process, port = service.start(o.bioctl, environment)
            clients, services = cpu_seconds(resource.RUSAGE_SELF), cpu_seconds(resource.RUSAGE_CHILDREN)
            load = Load(port, [form_of(photo) for photo in o.photos], o.seconds)
            asyncio.run(load.run(o.clients))
            process.terminate()
            process.wait()
            served = load.statuses.get(200, 0) / o.seconds
            ratios.append(served / plain)
            health = sorted(load.health)
            print(f"round {number + 1}: recognize {plain:.1f}/s, serve {served:.1f}/s, ratio {served / plain:.2f}; "
                  f"statuses {dict(sorted(load.statuses.items()))}, 503 without Retry-After {load.bare_503}, broken {load.broken}; "
                  f"/health median {statistics.median(health):.1f} ms, p99 {health[int(len(health) * 0.99)]:.1f} ms, "
                  f"most {health[-1]:.1f} ms ({len(health)} asked); CPU of the clients "
                  f"{cpu_seconds(resource.RUSAGE_SELF) - clients:.0f} s, of the service {cpu_seconds(resource.RUSAGE_CHILDREN) - services:.0f} s",
                  flush=True)
        print(f"median ratio {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    sys.exit(main())
