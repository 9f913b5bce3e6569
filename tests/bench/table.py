#!/usr/bin/env python3
"""One table of bioctl against named peers: `make bench`, as JSON `make bench-json`. It tells figures and never judges.

table.py [--json] [--only SECTION,...] BUILD_DIR       from the root of the repository; what the rows mean is in README.md
"""

import argparse
import datetime
import json
import os
import sys
import tempfile

from measure import machine
from rows import SECTIONS, Bench

HEADERS = ["work", "unit", "bioctl", "min..max", "CPU ms", "peer", "min..max", "CPU ms", "ratio", "by CPU", "of the limit", "peer is"]


def number(value):
    return "" if value is None else f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def spread(value):
    return (number(value.median), f"{number(value.least)}..{number(value.most)}") if value else ("", "")


def times(value):
    return f"{number(value)}x" if value else ""


def cells(row):
    limit = f"{row.limit_share:.0%} of {row.limit}" if row.limit_share is not None else ""
    return [row.work, row.unit, *spread(row.ours), number(row.ours_cpu_ms), *spread(row.peer), number(row.peer_cpu_ms),
            times(row.ratio), times(row.cpu_ratio), limit, row.peer_name]


def print_table(rows):
    lines = [HEADERS] + [cells(row) for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADERS))]
    words = {0, 1, 10, 11}
    for line in lines:
        print("  ".join(cell.ljust(width) if column in words else cell.rjust(width)
                        for column, (cell, width) in enumerate(zip(line, widths))).rstrip())


def rounded(figures):
    """Without what there is not, and without digits that nobody measured."""
    return {key: round(value, 4) if isinstance(value, float) else value for key, value in figures.items() if value not in (None, "")}


def as_json(row):
    figures = rounded(vars(row) | {"ratio": row.ratio, "cpu_ratio": row.cpu_ratio})
    return figures | {key: rounded(vars(figures[key])) for key in ("ours", "peer") if key in figures}


def main():
    parser = argparse.ArgumentParser(description="bioctl against named peers, in turns")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    parser.add_argument("--only", help="names of sections: " + ", ".join(section.__name__ for section in SECTIONS))
    parser.add_argument("build")
    options = parser.parse_args()
    chosen = options.only.split(",") if options.only else [section.__name__ for section in SECTIONS]
    date = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
    about = machine()
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(os.path.abspath(options.build), scratch)
        for section in SECTIONS:
            if section.__name__ in chosen:
                print(f"bench: {section.__name__} ...", file=sys.stderr)
                rows += section(bench)
    if options.json:
        print(json.dumps({"machine": about, "date": date, "rows": [as_json(row) for row in rows], "notes": bench.notes}, indent=1))
        return
    print(f"== bioctl against its peers, {date}, {about['processors']} x {about['processor']}, load {about['load_average_at_start']:.2f} ==")
    print_table(rows)
    print()
    for note in bench.notes:
        print(f"  {note}")


if __name__ == "__main__":
    main()
