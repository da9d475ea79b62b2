#!/usr/bin/env python3
"""Measures pellucid at neighbouring sizes and draws the times, to show sudden slowdowns.
Not here: other libraries (bench/compare.py), single kernels (bench/kernels_bench.cc).

`./dev bench sweep` builds everything this needs, calls it, and writes docs/sweep.svg and a table in docs/benchmarks.md.
"""

import json
import math
import re
import struct
import subprocess
import sys
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build/bench/sweep"
PELLUCID = ROOT / "build/release/bin/pellucid_peer"
BEGIN, END = "<!-- written by ./dev bench sweep: begin -->", "<!-- written by ./dev bench sweep: end -->"
FEATURES, REPEATS = 64, 5
SWEEPS = [  # what changes, its values, (units, batch, rows) of each; all else is constant
    ("units of the hidden layer", list(range(40, 53)), lambda n: (n, 32, 3200)),
    ("rows of a batch", list(range(28, 37)), lambda n: (46, n, 100 * n)),
    ("rows of the data", [100, 150, 220, 330, 500, 750, 1000, 1500, 2200, 3300, 5000, 7500, 10000], lambda n: (46, 32, n)),
]
PANEL, HEIGHT, LEFT, TOP, GAP = 250, 200, 52, 34, 60


def write_data():
    """Rows and weights, enough for every size."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    random = Random(1)
    floats = lambda count, scale: struct.pack(f"{count}f", *(random.uniform(-scale, scale) for _ in range(count)))
    for prefix, rows in (("all_", 10000), ("test_", 10)):
        (FOLDER / f"{prefix}x").write_bytes(floats(rows * FEATURES, 1))
        (FOLDER / f"{prefix}y").write_bytes(struct.pack(f"{rows}i", *(random.randrange(10) for _ in range(rows))))
    (FOLDER / "weights-1").write_bytes(floats(FEATURES * 64 + 64 * 11, 0.1))


def nanoseconds(units, batch, rows):
    """Time per training row in the fastest of several epochs."""
    for name, size in (("x", 4 * FEATURES), ("y", 4)):
        (FOLDER / name).write_bytes((FOLDER / f"all_{name}").read_bytes()[: rows * size])
    job = {"folder": str(FOLDER), "features": FEATURES, "bytes": False, "clock": "wall", "loss": "cross_entropy"}
    job |= {"layers": [[units, "relu"], [10, "softmax"]], "optimizer": "sgd", "learning_rate": 0.01, "seeds": [1]}
    job |= {"batch": batch, "epochs": max(20, 40000 // rows), "threads": 0}
    path = FOLDER / "job.json"
    path.write_text(json.dumps(job))
    done = subprocess.run([PELLUCID, path], check=True, capture_output=True, text=True)
    return 1e9 * min(json.loads(done.stdout)["runs"][0]["seconds"]) / rows


def measure():
    """Returns (value, nanoseconds per row) by sweep. Runs every size several times in turn; the best counts, because other
    programs disturb."""
    best = {}
    for turn in range(REPEATS):
        print(f"sweep: run {turn + 1} of {REPEATS}", file=sys.stderr)
        for what, values, net in SWEEPS:
            for value in values:
                best[what, value] = min(nanoseconds(*net(value)), best.get((what, value), float("inf")))
    return [(what, [(value, best[what, value]) for value in values]) for what, values, _ in SWEEPS]


def largest_step(points):
    """(ratio, value, next value) of the two neighbouring sizes that differ most."""
    pairs = zip(points, points[1:])
    return max((max(b / a, a / b), x, y) for (x, a), (y, b) in pairs)


def panel(what, points, index):
    left, logarithmic = LEFT + index * (PANEL + GAP), points[-1][0] > 10 * points[0][0]
    place = math.log if logarithmic else float
    low, high = place(points[0][0]), place(points[-1][0])
    top = 1.25 * max(ns for _, ns in points)
    at = lambda value, ns: (left + PANEL * (place(value) - low) / (high - low), TOP + HEIGHT * (1 - ns / top))
    text = lambda x, y, words, anchor: f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{words}</text>'
    parts = [text(left + PANEL / 2, TOP - 14, f"ns per row, by {what}", "middle")]
    step = 10 ** math.floor(math.log10(top / 2))
    step *= next(k for k in (1, 2, 5) if top / (k * step) <= 6)
    for i in range(int(top / step) + 1):
        y = at(points[0][0], i * step)[1]
        parts += [f'<path class="grid" d="M{left} {y:.1f}h{PANEL}"/>', text(left - 6, y + 4, f"{i * step:g}", "end")]
    for value in [100, 1000, 10000] if logarithmic else [x for x, _ in points][::2]:
        parts += [text(at(value, 0)[0], TOP + HEIGHT + 18, f"{value:,}", "middle")]
    parts += [f'<polyline points="{" ".join("%.1f,%.1f" % at(*point) for point in points)}"/>']
    parts += ['<circle r="3" cx="%.1f" cy="%.1f"/>' % at(*point) for point in points]
    return "\n".join(parts)


def draw(sweeps):
    width = LEFT + len(sweeps) * (PANEL + GAP) - GAP + 24
    panels = "\n".join(panel(what, points, i) for i, (what, points) in enumerate(sweeps))
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {TOP + HEIGHT + 34}" role="img">
<title>Nanoseconds per training row, at neighbouring sizes</title>
<style>
svg {{ font: 12px system-ui, sans-serif; background: #fff }}
text {{ fill: #333 }} .grid {{ stroke: #ddd }} polyline {{ fill: none; stroke: #0a6ebd; stroke-width: 2 }} circle {{ fill: #0a6ebd }}
@media (prefers-color-scheme: dark) {{
  svg {{ background: #16191d }} text {{ fill: #ccc }} .grid {{ stroke: #3a3f45 }} polyline {{ stroke: #5db2f5 }} circle {{ fill: #5db2f5 }}
}}
</style>
{panels}
</svg>
"""


def table(sweeps):
    lines = ["| what changes | from … to | ns per row | largest step between neighbours |", "|---|---|---|---|"]
    for what, points in sweeps:
        ratio, before, after = largest_step(points)
        times = [ns for _, ns in points]
        lines += [
            f"| {what} | {points[0][0]:,} … {points[-1][0]:,} | {min(times):.0f} … {max(times):.0f} "
            f"| {100 * (ratio - 1):.0f} % ({before:,} → {after:,}) |"
        ]
    return "\n".join(lines)


def main():
    write_data()
    sweeps = measure()
    (ROOT / "docs/sweep.svg").write_text(draw(sweeps))
    part = f"""{BEGIN}
## Sizes in between

Nanoseconds per training row of {FEATURES} numbers, {FEATURES}-46-10 relu, SGD, batch size 32, 3,200 rows; only the named setting changes.
`./dev bench sweep` rewrites this section and the figure. The best of {REPEATS} runs. A network with more units does more work.

![Nanoseconds per training row, at neighbouring sizes](sweep.svg)

{table(sweeps)}
{END}"""
    page = ROOT / "docs/benchmarks.md"
    old = page.read_text()
    if BEGIN in old:
        page.write_text(re.sub(re.escape(BEGIN) + ".*" + re.escape(END), lambda _: part, old, flags=re.S))
    else:
        page.write_text(old.rstrip("\n") + "\n\n" + part + "\n")
    print(table(sweeps))


main()
