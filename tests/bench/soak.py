#!/usr/bin/env python3
"""`serve` under valid and hostile requests at random for a while: it must not crash, leak or run out of descriptors.

soak.py BIOCTL PHOTO... [--seconds 600] [--warm-up 60] [--clients 12] [--seed N] [--idle 2000]

Prints resident memory and open descriptors every 30 seconds, what was asked how often and what statuses came. Exit status 1 if the
service ended, answered 5xx other than 503, grew by 5 % or more after the warm-up, or holds more descriptors at the end than after the
warm-up. With a binary built with sanitizers any report of theirs is one more reason. Python's standard library only.
"""

import argparse
import asyncio
import base64
import collections
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import threading
import time

import service


def multipart(fields, boundary="soak"):
    body = b""
    for name, content in fields.items():
        file = '; filename="a.jpg"\r\nContent-Type: image/jpeg' if isinstance(content, bytes) else ""
        content = content if isinstance(content, bytes) else content.encode()
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + content + b"\r\n"
    return body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


class Soak:
    def __init__(self, port, key, photos, faces, rng):
        self.port, self.key, self.photos, self.faces, self.rng = port, key, photos, faces, rng
        self.asked, self.statuses, self.bad = collections.Counter(), collections.defaultdict(collections.Counter), []
        self.is_over = False

    # ---- one request, one reply

    def head(self, method, path, extra=""):
        return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {self.key}\r\n{extra}"

    async def exchange(self, data, patience=30):
        """The status, or None if the connection ended without one."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(data)
            await asyncio.wait_for(writer.drain(), patience)
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), patience)
            status = int(head[9:12])
            if length := re.search(rb"(?i)content-length: (\d+)", head):
                await asyncio.wait_for(reader.readexactly(int(length.group(1))), patience)
            return status
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.TimeoutError, asyncio.LimitOverrunError, ValueError):
            return None
        finally:
            writer.close()

    async def send(self, method, path, body=b"", kind="application/json"):
        extra = f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        return await self.exchange(self.head(method, path, extra).encode() + body)

    # ---- what clients do

    async def read(self):
        path = self.rng.choice([
            "/health", "/config", "/metrics", "/openapi.json", "/docs", "/api/onts", "/api/outages", "/api/outages/summary", "/api/notifications",
            "/api/history", "/api/v2/people?limit=2", "/api/v2/events?since=1d", "/api/v2/audit", "/api/v2/outages", "/api/v2/devices",
            "/api/v2/outbox", "/api/v2/people/nobody", "/api/v1/biometric/?page=1", "/nothing/here"])
        return await self.send("GET", path)

    async def photo(self):
        photo = self.rng.choice(self.photos)
        if self.rng.random() < 0.3:
            photo = self.spoil(photo)
        body, kind = multipart({"image": photo})
        return await self.send("POST", self.rng.choice(["/recognize", "/api/v2/recognize", "/recognize/realtime"]), body, kind)

    async def base64_photo(self):
        text = base64.b64encode(self.rng.choice(self.photos)).decode()
        if self.rng.random() < 0.5:
            text = text[:self.rng.randrange(len(text))] + self.rng.choice(["%%%", "é", "=" * 5, ""])
        body = json.dumps({"image": "data:image/jpeg;base64," + text}).encode()
        return await self.send("POST", "/api/face-recognition/recognize", body)

    async def enrol(self):
        """A face is always the same person's; what follows the end of a JPEG makes another photo of it."""
        number = self.rng.randrange(len(self.faces))
        photo = self.faces[number] + self.rng.randbytes(8)
        chance = self.rng.random()
        if chance < 0.4:
            body, kind = multipart({"image": photo, "name": "Soak"})
            return await self.send("POST", f"/api/v2/people/soak-{number}/photos", body, kind)
        if chance < 0.6:
            body, kind = multipart({"image": photo, "student_id": f"soak-{number}"})
            return await self.send("POST", "/enroll", body, kind)
        if chance < 0.8:
            body, kind = multipart({"file": photo, "type": "face"})
            return await self.send("POST", "/api/v1/biometric/compare", body, kind)
        return await self.send("DELETE", f"/api/v2/people/soak-{number}")

    async def write(self):
        if self.rng.random() < 0.5:
            return await self.send("POST", "/api/notifications", json.dumps({"message": "soak", "type": "info"}).encode())
        return await self.send("POST", "/api/notifications/clear-all")

    async def keep_alive(self):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        status = None
        for _ in range(self.rng.randrange(1, 20)):
            writer.write((self.head("GET", "/health") + "\r\n").encode())
            try:
                head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
                await reader.readexactly(int(re.search(rb"(?i)content-length: (\d+)", head).group(1)))
                status = int(head[9:12])
            except (asyncio.IncompleteReadError, ConnectionError, asyncio.TimeoutError):
                break
        writer.close()
        return status

    async def listen(self):
        """A WebSocket that asks in fragments of a byte, pings, breaks the rules, or leaves without a word."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write((self.head("GET", self.rng.choice(["/ws/live", "/ws/recognitions"])) + "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                      "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
            mask = b"\0\0\0\0"
            kind = self.rng.randrange(4)
            if kind == 0:
                writer.write(b"\x01\x81" + mask + b"a" + (b"\x00\x81" + mask + b"b") * 200 + b"\x80\x81" + mask + b"c")
            elif kind == 1:
                writer.write((b"\x89\x84" + mask + b"ping") * 500)
            elif kind == 2:
                writer.write(b"\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff" + mask)
            else:
                writer.write(self.rng.randbytes(200))
            await writer.drain()
            await asyncio.sleep(self.rng.random())
            return int(head[9:12])
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.TimeoutError):
            return None
        finally:
            writer.close()

    # ---- what nobody should do

    def spoil(self, data):
        data = bytearray(data[:self.rng.randrange(1, len(data))])
        for _ in range(self.rng.randrange(20)):
            data[self.rng.randrange(len(data))] = self.rng.randrange(256)
        return bytes(data)

    async def hostile(self):
        post = self.head("POST", "/recognize")
        deep = b"[" * 100_000
        many, kind = multipart({f"f{i}": "x" for i in range(10_000)})
        attacks = [
            post.encode() + b"Content-Length: 2147483648\r\n\r\n",
            post.encode() + b"Content-Length: -1\r\n\r\n",
            post.encode() + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n",
            post.encode() + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab\r\n0\r\n\r\n",
            post.encode() + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
            post.encode() + b"Content-Type: multipart/form-data\r\nContent-Length: 4\r\n\r\nabcd",
            post.encode() + f"Content-Type: {kind}\r\nContent-Length: {len(many)}\r\n\r\n".encode() + many,
            self.head("POST", "/api/notifications").encode() + b"Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n" + deep,
            self.head("GET", self.rng.choice(["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/%252e%252e/etc/passwd", "/a%00b", "//", "/%"])).encode() + b"\r\n",
            b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
            b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
            self.rng.randbytes(self.rng.randrange(1, 2000)),
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        ]
        return await self.exchange(self.rng.choice(attacks), patience=2)

    async def vanish(self):
        """Sends a part, perhaps shuts its half, and is gone."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        body, kind = multipart({"image": self.rng.choice(self.photos)})
        whole = self.head("POST", "/recognize", f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body
        writer.write(whole[:self.rng.randrange(len(whole) + 1)])
        if self.rng.random() < 0.5 and writer.can_write_eof():
            writer.write_eof()
        await asyncio.sleep(self.rng.random() / 5)
        writer.transport.abort() if self.rng.random() < 0.5 else writer.close()
        return None

    async def client(self):
        works = [self.read] * 8 + [self.photo] * 4 + [self.base64_photo, self.enrol, self.write, self.keep_alive, self.listen, self.vanish] + [
            self.hostile] * 4
        while not self.is_over:
            work = self.rng.choice(works)
            try:
                status = await work()
            except OSError as error:
                status = None
                self.bad.append(f"{work.__name__}: {error}")
            self.asked[work.__name__] += 1
            self.statuses[work.__name__][status] += 1
            if status is not None and status >= 500 and status not in (501, 503):
                self.bad.append(f"{work.__name__}: {status}")

    async def slow_ones(self):
        """Always a few that send their header byte by byte."""
        while not self.is_over:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            try:
                for byte in b"GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + b"z" * 60:
                    if self.is_over:
                        break
                    writer.write(bytes([byte]))
                    await writer.drain()
                    await asyncio.sleep(0.5)
            except ConnectionError:
                pass
            writer.close()

    async def idle(self, count):
        """Connections that say nothing. They are opened again as the service ends them."""
        while not self.is_over:
            held = []
            for _ in range(count):
                try:
                    held.append(await asyncio.open_connection("127.0.0.1", self.port))
                except OSError:
                    break
            for _ in range(20):
                if self.is_over:
                    break
                await asyncio.sleep(1)
            for _, writer in held:
                writer.close()
            await asyncio.sleep(2)

    async def run(self, seconds, clients, idle, look):
        tasks = [asyncio.create_task(self.client()) for _ in range(clients)]
        tasks += [asyncio.create_task(self.slow_ones()) for _ in range(3)]
        tasks.append(asyncio.create_task(self.idle(idle)))
        end = time.monotonic() + seconds
        while time.monotonic() < end and look():
            await asyncio.sleep(1)
        self.is_over = True
        await asyncio.wait(tasks, timeout=60)


def faces_of(photo, folder, run):
    """Photos of one face each: the portraits that an enrolment of all faces keeps."""
    data = folder + "/faces"
    run("enroll", "--id", "all", "--faces", "all", "--on-duplicate", "allow", photo, BIOCTL_DATA_DIR=data)
    faces = []
    for path in sorted(pathlib.Path(data, "media/faces").glob("*/*.jpg")):
        faces.append(path.read_bytes())
    return faces


class Process:
    def __init__(self, pid):
        self.pid = pid

    def resident_mb(self):
        with open(f"/proc/{self.pid}/smaps_rollup", encoding="ascii") as file:
            return int(re.search(r"Rss:\s+(\d+)", file.read()).group(1)) / 1024

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bioctl")
    parser.add_argument("photos", nargs="+")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--warm-up", type=float, default=60)
    parser.add_argument("--clients", type=int, default=12)
    parser.add_argument("--idle", type=int, default=500)
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    o = parser.parse_args()
    if o.seconds <= o.warm_up:
        parser.error("--seconds must be more than --warm-up")
    print(f"seed {o.seed}", flush=True)
    photos = []
    for name in o.photos:
        with open(name, "rb") as file:
            photos.append(file.read())
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        environment = service.environment(folder)

        def run(*words, **more):
            return subprocess.run([o.bioctl, "-q", *words], env=environment | more, check=True, capture_output=True, text=True).stdout

        faces = faces_of(o.photos[0], folder, run)
        scopes = [word for scope in "read recognize enrol people devices network admin metrics".split() for word in ("--scope", scope)]
        key = json.loads(run("--json", "accounts", "keys", "create", "soak", *scopes))["key"]
        served, port = service.start(o.bioctl, environment)
        said = []
        listener = threading.Thread(target=lambda: said.extend(served.stderr), daemon=True)
        listener.start()
        process = Process(served.pid)
        soak = Soak(port, key, photos, faces, random.Random(o.seed))
        began = time.monotonic()
        warm, next_line = None, 0.0

        def look():
            nonlocal warm, next_line
            if served.poll() is not None:
                problems.append(f"the service ended with {served.returncode}")
                return False
            now = time.monotonic() - began
            if now >= next_line:
                next_line += 30
                print(f"{now:6.0f} s  {process.resident_mb():7.1f} MB  {process.descriptors():5} descriptors  "
                      f"{sum(soak.asked.values())} requests", flush=True)
            if warm is None and now >= o.warm_up:
                warm = process.resident_mb()
            return True

        asyncio.run(soak.run(o.seconds, o.clients, o.idle, look))
        if served.poll() is None:
            time.sleep(5)  # what the last clients left behind
            grown, left = process.resident_mb(), process.descriptors()
            print(f"after: {grown:.1f} MB, {left} descriptors; after the warm-up it was {warm:.1f} MB")
            if grown > warm * 1.05:
                problems.append(f"memory grew from {warm:.1f} to {grown:.1f} MB")
            if left > 64:
                problems.append(f"{left} descriptors are still open with nobody there")
            served.terminate()
            if served.wait(30) != 0:
                problems.append(f"the service ended with {served.returncode}")
        listener.join(10)
        for work, statuses in soak.statuses.items():
            print(f"{work}: {dict(sorted(statuses.items(), key=str))}")
            # What never succeeds tries nothing.
            if work not in ("hostile", "vanish") and not any(status in (101, 200, 201, 204) for status in statuses):
                problems.append(f"{work} never succeeded")
        problems += soak.bad[:20]
        problems += [line.strip() for line in said if "ERROR: AddressSanitizer" in line or "runtime error" in line or "LeakSanitizer" in line]
        other = [line.strip() for line in said if "bioctl:" in line]
        print(f"the service said {len(said)} lines, the last of them:", *other[-5:], sep="\n  ")
    for problem in problems:
        print("problem:", problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
