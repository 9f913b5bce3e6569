"""How `make bench` measures: programs run in turns, their wall time, processor time and peak memory. Standard library only."""

import dataclasses
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time


@dataclasses.dataclass
class Run:
    """One run of a program, or of several at once. Seconds; peak_mb is the highest of one process."""
    wall: float
    cpu: float  # user + system of the process and its children
    peak_mb: float
    output: str


@dataclasses.dataclass
class Spread:
    median: float
    least: float
    most: float
    runs: int = None  # None: the program that measured did not say

    @classmethod
    def of(cls, values):
        return cls(statistics.median(values), min(values), max(values), len(values))


@dataclasses.dataclass
class Row:
    """A line of the table. ours and peer are in `unit`, cpu_ms is processor time for one item of the work."""
    work: str
    unit: str
    ours: Spread
    peer: Spread = None
    peer_name: str = ""
    ours_cpu_ms: float = None
    peer_cpu_ms: float = None
    limit_share: float = None  # 0..1
    limit: str = ""

    @property
    def ratio(self):
        """How many times better ours is."""
        if not self.peer:
            return None
        better, worse = (self.ours, self.peer) if self.unit in ("x", "photos/s") else (self.peer, self.ours)
        return better.median / worse.median

    @property
    def cpu_ratio(self):
        return self.peer_cpu_ms / self.ours_cpu_ms if self.peer_cpu_ms and self.ours_cpu_ms else None


def run_together(commands, env=None, expect=(0,), merge_stderr=False):
    """Starts all commands, waits for all. Exits with a message if a status is not expected."""
    start = time.perf_counter()
    children = []
    for command in commands:
        output = tempfile.TemporaryFile()
        children.append((command, output, subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=output,
                                                           stderr=subprocess.STDOUT if merge_stderr else subprocess.DEVNULL)))
    cpu = peak = 0
    text = ""
    for command, output, child in children:
        _, status, usage = os.wait4(child.pid, 0)  # the only call that tells what this one child used
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in expect:
            sys.exit(f"bench: exit status {child.returncode} of: {' '.join(map(str, command))}; run it by hand to see why")
        cpu += usage.ru_utime + usage.ru_stime
        peak = max(peak, usage.ru_maxrss / 1024)
        output.seek(0)
        text += output.read().decode(errors="replace")
    return Run(time.perf_counter() - start, cpu, peak, text)


def run(command, env=None, expect=(0,), merge_stderr=False):
    return run_together([command], env, expect, merge_stderr)


def in_turns(count, *actions):
    """Runs the actions one after the other, `count` times, after one round that only warms caches. A list of results for each."""
    for action in actions:
        action()
    results = [[] for _ in actions]
    for _ in range(count):
        for action, into in zip(actions, results):
            into.append(action())
    return results


def rss_samples(command, env, every=0.2):
    """Runs it and returns (Run, its resident size in MB at each moment)."""
    start = time.perf_counter()
    child = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    samples = []
    while True:
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if pid:
            break
        with open(f"/proc/{child.pid}/status", encoding="ascii", errors="replace") as file:
            match = re.search(r"VmRSS:\s+(\d+)", file.read())
        if match:
            samples.append(int(match[1]) / 1024)
        time.sleep(every)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"bench: exit status {child.returncode} of: {' '.join(map(str, command))}; run it by hand to see why")
    return Run(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, ""), samples


class Busy:
    """A second process that wants one whole processor for as long as the block lasts."""

    def __enter__(self):
        self.child = subprocess.Popen([sys.executable, "-c", "while True: pass"])

    def __exit__(self, *_):
        self.child.kill()
        self.child.wait()


def machine():
    model = platform.machine()
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        match = re.search(r"model name\s*:\s*(.+)", file.read())
    if match:
        model = match[1].strip()
    return {"processor": model, "processors": len(os.sched_getaffinity(0)), "kernel": platform.release(),
            "load_average_at_start": os.getloadavg()[0]}
