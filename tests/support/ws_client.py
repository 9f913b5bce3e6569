#!/usr/bin/env python3
"""A minimal WebSocket client (RFC 6455) for tests; python3's standard library only.

ws_client.py URL [--header 'Name: value']... [--count N] [--timeout S] [--send TEXT]... [--ready FILE]

Prints each text message on a line of its own. Exit status: 0 after N messages, or when the server closes in order; 1 when the
time is over first; 2 when the server refuses the handshake (its status and body are then on stderr); 3 when it breaks the protocol.

As a module: `with WebSocket(url, headers) as socket: socket.send("hello"); print(socket.receive(timeout=2))`.
"""

import argparse
import base64
import hashlib
import os
import socket
import ssl
import struct
import sys
import time
import urllib.parse

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
LONGEST_MESSAGE = 16 * 1024 * 1024


class Refused(Exception):
    """The server answered the handshake with something else than 101."""

    def __init__(self, status, body):
        super().__init__(f"HTTP status {status}")
        self.status, self.body = status, body


class Broken(Exception):
    """What came is no WebSocket traffic."""


class WebSocket:
    def __init__(self, url, headers=(), timeout=10, context=None):
        parts = urllib.parse.urlsplit(url)
        is_tls = parts.scheme in ("wss", "https")
        port = parts.port or (443 if is_tls else 80)
        self._socket = socket.create_connection((parts.hostname, port), timeout)
        if is_tls:
            context = context or ssl.create_default_context()
            self._socket = context.wrap_socket(self._socket, server_hostname=parts.hostname)
        self._buffer = b""
        self._fragments = None
        self.close_code = None
        self._shake_hands(parts, headers)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self._socket.close()

    def _shake_hands(self, parts, headers):
        key = base64.b64encode(os.urandom(16)).decode()
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        lines = [f"GET {path} HTTP/1.1", f"Host: {parts.netloc}", "Upgrade: websocket", "Connection: Upgrade",
                 f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", *headers, "", ""]
        self._socket.sendall("\r\n".join(lines).encode())
        head = self._take_until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        fields = {}
        for line in head[1:]:
            name, _, value = line.partition(":")
            fields[name.strip().lower()] = value.strip()
        status = int(head[0].split(" ")[1])
        if status != 101:
            raise Refused(status, self._take(int(fields.get("content-length", "0"))).decode("utf-8", "replace"))
        wanted = base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()
        if fields.get("sec-websocket-accept") != wanted:
            raise Broken("the server's Sec-WebSocket-Accept does not fit our key")

    def _fill(self):
        piece = self._socket.recv(65536)
        if not piece:
            raise Broken("the connection ended in the middle")
        self._buffer += piece

    def _take_until(self, end):
        while end not in self._buffer:
            if len(self._buffer) > 65536:
                raise Broken("a header without an end")
            self._fill()
        head, _, self._buffer = self._buffer.partition(end)
        return head

    def _take(self, size):
        while len(self._buffer) < size:
            self._fill()
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        return taken

    def send_frame(self, opcode, payload=b"", is_last=True, is_masked=True):
        """One frame, as it is wanted: also frames that no client may send."""
        head = bytes([(0x80 if is_last else 0) | opcode])
        mask_bit = 0x80 if is_masked else 0
        if len(payload) < 126:
            head += bytes([mask_bit | len(payload)])
        elif len(payload) < 65536:
            head += bytes([mask_bit | 126]) + struct.pack(">H", len(payload))
        else:
            head += bytes([mask_bit | 127]) + struct.pack(">Q", len(payload))
        if is_masked:
            mask = os.urandom(4)
            payload = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
            head += mask
        self._socket.sendall(head + payload)

    def send(self, text):
        self.send_frame(TEXT, text.encode())

    def _read_frame(self):
        # Nothing is taken before all of it is there: a time-out leaves the stream as it was.
        self._need(2)
        first, second = self._buffer[0], self._buffer[1]
        if first & 0x70 or second & 0x80:
            raise Broken("a frame with reserved bits, or masked by the server")
        size, begin = second & 0x7F, 2
        if size == 126:
            self._need(4)
            size, begin = struct.unpack(">H", self._buffer[2:4])[0], 4
        elif size == 127:
            self._need(10)
            size, begin = struct.unpack(">Q", self._buffer[2:10])[0], 10
        if size > LONGEST_MESSAGE:
            raise Broken(f"a frame of {size} bytes")
        self._need(begin + size)
        payload = self._buffer[begin:begin + size]
        self._buffer = self._buffer[begin + size:]
        return bool(first & 0x80), first & 0x0F, payload

    def _need(self, size):
        while len(self._buffer) < size:
            self._fill()

    def receive(self, timeout=None):
        """The next text message; None once the server has closed in order. TimeoutError when none comes in time."""
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            left = None if end is None else end - time.monotonic()
            if left is not None and left <= 0:
                raise TimeoutError
            self._socket.settimeout(left)
            is_last, opcode, payload = self._read_frame()
            if opcode == PING:
                self.send_frame(PONG, payload)
            elif opcode == CLOSE:
                self.close_code = struct.unpack(">H", payload[:2])[0] if len(payload) >= 2 else None
                self.send_frame(CLOSE, payload[:2])
                return None
            elif opcode in (TEXT, CONTINUATION):
                if (opcode == TEXT) != (self._fragments is None):
                    raise Broken("fragments out of order")
                self._fragments = (self._fragments or b"") + payload
                if is_last:
                    message, self._fragments = self._fragments, None
                    return message.decode()
            elif opcode != PONG:
                raise Broken(f"a frame with opcode {opcode}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("--header", action="append", default=[])
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--timeout", type=float, default=10)
    parser.add_argument("--send", action="append", default=[])
    parser.add_argument("--ready", help="file that is made when the connection stands")
    options = parser.parse_args()
    end = time.monotonic() + options.timeout
    try:
        with WebSocket(options.url, options.header, options.timeout) as live:
            if options.ready:
                open(options.ready, "w", encoding="utf-8").close()
            for text in options.send:
                live.send(text)
            for _ in range(options.count):
                message = live.receive(max(0.001, end - time.monotonic()))
                if message is None:
                    print(f"closed with {live.close_code}", file=sys.stderr)
                    break
                print(message, flush=True)
    except Refused as refusal:
        print(f"{refusal.status}\n{refusal.body}", file=sys.stderr)
        return 2
    except (TimeoutError, socket.timeout):
        print("no message came in time", file=sys.stderr)
        return 1
    except Broken as broken:
        print(broken, file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
