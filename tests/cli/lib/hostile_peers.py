#!/usr/bin/env python3
"""Peers that mean no good, for tests of `serve`.

hostile_peers.py idle PORT COUNT READY     holds COUNT connections that say nothing until stdin ends; makes the file READY when they stand
hostile_peers.py websocket URL KEY         breaks the rules of RFC 6455 in several ways; prints how each connection ended
hostile_peers.py half PORT                 sends half a body, shuts its half of the connection, prints the status line of the answer
hostile_peers.py png FILE                  writes a PNG that claims 30,000 x 30,000 pixels, in some hundred kB
"""

import os
import select
import socket
import struct
import sys
import time
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../support"))
import ws_client  # noqa: E402


def idle(port, count, ready):
    held = []
    for number in range(count):
        try:
            held.append(socket.create_connection(("127.0.0.1", port), timeout=10))
        except OSError as error:
            sys.exit(f"connection {number}: {error}")
    open(ready, "w", encoding="ascii").close()
    select.select([sys.stdin], [], [])


def half(port):
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.sendall(b"POST /recognize HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\nContent-Length: 1000\r\n\r\nabc")
    connection.shutdown(socket.SHUT_WR)
    print(connection.recv(65536).split(b"\r\n")[0].decode() or "closed")


def ending(connection):
    """How the server takes leave: the code of its close frame, "cut", or "open" if it does not."""
    end = time.monotonic() + 5
    try:
        while time.monotonic() < end:
            connection.receive(timeout=0.5)
            if connection.close_code is not None:
                return connection.close_code
    except ws_client.Broken:
        return connection.close_code or "cut"
    except (ConnectionError, TimeoutError, socket.timeout):
        return connection.close_code or "cut"
    return connection.close_code or "open"


def websocket(url, key):
    def one(name, work):
        connection = ws_client.WebSocket(url, [f"X-API-Key: {key}"])
        try:
            work(connection)
            result = ending(connection)
        except (BrokenPipeError, ConnectionResetError):
            result = "cut"
        print(name, result, flush=True)

    def fragments(connection):
        connection.send_frame(ws_client.TEXT, b"a", is_last=False)
        for _ in range(5000):
            connection.send_frame(ws_client.CONTINUATION, b"b", is_last=False)

    def oversize(connection):
        connection._socket.sendall(b"\x82\xff" + struct.pack(">Q", 2**62) + b"\0\0\0\0")

    def pings(connection):
        for _ in range(20_000):
            connection.send_frame(ws_client.PING, b"x" * 100)

    one("fragments", fragments)
    one("oversize", oversize)
    one("pings", pings)
    one("unmasked", lambda c: c.send_frame(ws_client.TEXT, b"a", is_masked=False))
    one("reserved", lambda c: c._socket.sendall(b"\xf1\x80\0\0\0\0"))
    one("no-utf8", lambda c: c.send_frame(ws_client.TEXT, b"\xff\xfe"))


def png(path):
    side = 30_000

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(b"\0" * (side // 8 + 1)) for _ in range(side)) + packer.flush()
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)) + chunk(b"IDAT", data)
                   + chunk(b"IEND", b""))


if __name__ == "__main__":
    what, *words = sys.argv[1:]
    if what == "idle":
        idle(int(words[0]), int(words[1]), words[2])
    elif what == "websocket":
        websocket(*words)
    elif what == "half":
        half(int(words[0]))
    else:
        png(words[0])
