#!/usr/bin/env python3
"""check_metrics.py FILE: reads Prometheus' text format 0.0.4 as strictly as promtool does; says what is wrong and exits 1.

Beside the syntax: HELP and TYPE once and before the samples, families in one piece, no series twice, counters named _total and
not negative, histograms whose buckets grow to +Inf, which is their _count, and a _sum beside it.
"""
import math
import re
import sys

NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*\Z")
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\n"])*)"(,|\Z)')
SAMPLE = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)\Z")
SUFFIXES = {"histogram": ("_bucket", "_sum", "_count")}
problems = []


def labels_of(text, number):
    labels, at = [], 0
    while at < len(text):
        match = LABEL.match(text, at)
        if not match:
            problems.append(f"line {number}: labels are broken: {text}")
            break
        labels.append((match[1], match[2]))
        at = match.end()
    names = [name for name, _ in labels]
    if len(names) != len(set(names)):
        problems.append(f"line {number}: a label comes twice")
    return labels


def number_of(text, number):
    if text in ("+Inf", "-Inf", "NaN"):
        return float(text.replace("Inf", "inf"))
    if not re.match(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\Z", text):
        problems.append(f"line {number}: no number: {text}")
        return math.nan
    return float(text)


def read(lines):
    families, current, series = {}, None, set()
    for number, line in enumerate(lines, 1):
        if line.startswith("# "):
            kind, name, rest = (line[2:].split(" ", 2) + ["", ""])[:3]
            if kind not in ("HELP", "TYPE") or not NAME.match(name) or not rest:
                problems.append(f"line {number}: neither HELP nor TYPE: {line}")
                continue
            family = families.setdefault(name, {"samples": []})
            if kind in family:
                problems.append(f"line {number}: a second {kind} of {name}")
            if family["samples"]:
                problems.append(f"line {number}: {kind} of {name} after its samples")
            if kind == "TYPE" and rest not in ("counter", "gauge", "histogram", "summary", "untyped"):
                problems.append(f"line {number}: unknown type {rest}")
            family[kind], current = rest, name
            continue
        match = SAMPLE.match(line)
        if not match:
            problems.append(f"line {number}: no sample: {line}")
            continue
        labels = labels_of(match[2] or "", number)
        key = (match[1], tuple(sorted(labels)))
        if key in series:
            problems.append(f"line {number}: the series comes twice: {line}")
        series.add(key)
        allowed = [current + suffix for suffix in SUFFIXES.get(families.get(current, {}).get("TYPE"), ("",))] if current else []
        if match[1] not in allowed:
            problems.append(f"line {number}: {match[1]} does not belong to the family {current}")
            continue
        families[current]["samples"].append((match[1][len(current):], labels, number_of(match[3], number)))
    return families


def check_histogram(name, samples):
    rows = {}
    for suffix, labels, value in samples:
        rest = tuple(sorted(pair for pair in labels if pair[0] != "le"))
        row = rows.setdefault(rest, {"buckets": []})
        if suffix == "_bucket":
            row["buckets"].append((float(dict(labels).get("le", "nan").replace("Inf", "inf")), value))
        else:
            row[suffix] = value
    for labels, row in rows.items():
        bounds = [bound for bound, _ in row["buckets"]]
        counts = [count for _, count in row["buckets"]]
        if bounds != sorted(set(bounds)) or not bounds or bounds[-1] != math.inf:
            problems.append(f"{name}{dict(labels)}: the bounds do not grow to +Inf: {bounds}")
        if counts != sorted(counts):
            problems.append(f"{name}{dict(labels)}: the buckets are not added up: {counts}")
        if "_sum" not in row or row.get("_count") != (counts or [None])[-1]:
            problems.append(f"{name}{dict(labels)}: _sum or _count is missing, or is not the last bucket")


def main():
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        text = file.read()
    if not text.endswith("\n") or "\r" in text:
        problems.append("the text does not end with a line feed, or has carriage returns")
    families = read(text[:-1].split("\n"))
    for name, family in families.items():
        if "HELP" not in family or "TYPE" not in family:
            problems.append(f"{name} has no HELP or no TYPE")
        kind = family.get("TYPE")
        if kind == "counter":
            if not name.endswith("_total"):
                problems.append(f"the counter {name} does not end in _total")
            if any(value < 0 or math.isnan(value) for _, _, value in family["samples"]):
                problems.append(f"the counter {name} is negative")
        if kind == "gauge" and name.endswith(("_total", "_count", "_sum", "_bucket")):
            problems.append(f"the gauge {name} is named like something else")
        if kind == "histogram":
            check_histogram(name, family["samples"])
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems or not families else 0


sys.exit(main())
