#!/usr/bin/env python3
"""Checks that a program that uses the library makes the same model from a table as `pellucid train`, and that docs/library.md
shows this program. Not here: events and files of a run (tests/run/train_test.cc).

    library_run_test.py EXAMPLE PROGRAM       EXAMPLE: the built examples/train_a_table.cc
"""

import random
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILES = {"config.toml", "examples.json", "last.checkpoint", "metrics.jsonl", "model.safetensors", "predictions.csv", "report.json",
         "splits.csv", "train_rows.keys"}
MOST_LINES = 15


def houses():
    draw = random.Random(1)
    lines = ["rooms,area,district,price"]
    for _ in range(300):
        rooms, area, district = draw.randint(1, 6), draw.uniform(30, 200), draw.choice("north east south".split())
        price = 50_000 + 20_000 * rooms + 2_100 * area + (80_000 if district == "south" else 0) + draw.gauss(0, 9_000)
        lines.append(f"{rooms},{area:.1f},{district},{price:.0f}")
    return "\n".join(lines) + "\n"


def call(*command, cwd):
    done = subprocess.run([str(c) for c in command], cwd=cwd, capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise SystemExit(f"$ {' '.join(map(str, command))}\n{done.stdout}{done.stderr}exit status {done.returncode}")
    return done.stdout


def main():
    example, program = (Path(p).resolve() for p in sys.argv[1:])
    source = (ROOT / "examples/train_a_table.cc").read_text()
    code = source[source.index("#include"):]
    assert sum(bool(line.strip()) for line in code.splitlines()) <= MOST_LINES, "the example has more lines than it may"
    assert f"```cpp\n{code}```" in (ROOT / "docs/library.md").read_text(), "docs/library.md does not show the example as it is"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "houses.csv").write_text(houses())
        told = call(example, "houses.csv", "price", cwd=folder)
        run = folder / call(program, "train", "houses.csv", "--target", "price", "-qq", cwd=folder).strip()
        ours = folder / "runs/from-library"
        assert "RMSE" in told, told
        assert {p.name for p in ours.iterdir()} == FILES, sorted(p.name for p in ours.iterdir())
        assert {p.name for p in run.iterdir()} == FILES | {"log.txt", "report.html"}, sorted(p.name for p in run.iterdir())
        for same in ("model.safetensors", "predictions.csv", "splits.csv", "train_rows.keys", "examples.json"):
            assert (ours / same).read_bytes() == (run / same).read_bytes(), f"{same} differs"
    print("the library's program and `pellucid train` make the same model")


if __name__ == "__main__":
    main()
