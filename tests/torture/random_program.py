#!/usr/bin/env python3
"""Random tables with random flags: every call ends with a documented exit status, a refused call changes no byte, and predictions
are the same in CSV, JSON lines, predictions.csv and through a pipe. Each case has a seed, which is printed if the case fails.
Not here: the tables (tests/torture/tables.py), damaged files and failing calls (mutations.py, kills.py).

    random_program.py PROGRAM [--seconds S] [--seed N] [--cases K]
"""

import argparse
import csv
import hashlib
import io
import json
import os
import random
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tables import Table

DOCUMENTED = {0, 1, 2, 3, 4, 5}
TIMEOUT_S = 120


class Broken(Exception):
    pass


def snapshot(folder):
    return {str(p.relative_to(folder)): "folder" if p.is_dir() else hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*"))}


class Case:
    def __init__(self, program, seed):
        self.program, self.seed = program, seed
        self.draw = random.Random(seed)
        self.keep = tempfile.TemporaryDirectory(prefix=f"pellucid-random-{seed}-")
        self.folder = Path(self.keep.name)
        self.said = []

    def call(self, *arguments, given=b"", allowed=DOCUMENTED):
        self.said.append("pellucid " + shlex.join(arguments))
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PELLUCID_")}
        try:
            done = subprocess.run([self.program, *arguments], cwd=self.folder, input=given, capture_output=True, timeout=TIMEOUT_S, env=environment)
        except subprocess.TimeoutExpired:
            raise Broken(f"still running after {TIMEOUT_S} s")
        done.stderr = done.stderr.decode(errors="replace")
        if done.returncode not in allowed:
            raise Broken(f"exit status {done.returncode}: {done.stderr[-1500:]}")
        if done.returncode in (2, 3, 4, 5) and "error[" not in done.stderr and "interrupted" not in done.stderr:
            raise Broken(f"exit status {done.returncode} without a word: {done.stderr[-500:]}")
        if "P01" in done.stderr or "Success" in done.stderr:
            raise Broken(done.stderr[-1500:])
        if len(done.stderr) > 100_000:
            raise Broken(f"{len(done.stderr)} characters of messages, {done.stderr[:500]}")
        return done

    def refused(self, *arguments, allowed=DOCUMENTED):
        """Whether the call was refused; in that case nothing may have changed."""
        before = snapshot(self.folder)
        done = self.call(*arguments, allowed=allowed)
        if done.returncode in (2, 3, 5) and (after := snapshot(self.folder)) != before:
            changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
            raise Broken(f"refused with {done.returncode}, but changed {', '.join(changed)}: {done.stderr[-700:]}")
        return done.returncode != 0

    def flag(self, table):
        """One flag of train, sometimes with a value that must be refused."""
        draw = self.draw
        column = quote_name(draw.choice(table.names))
        choices = {
            "--hidden": (["none", "4", "8,4", "auto", "1"], ["0", "64 32", "1000000000"]),
            "--activation": (["relu", "tanh", "sigmoid", "gelu", "leaky_relu", "selu"], ["nothing"]),
            "--optimizer": (["adam", "sgd", "adamw", "rmsprop", "lbfgs", "momentum"], ["x"]),
            "--lr": (["auto", "0.1", "1e-3", "1e6"], ["0,01", "-1", "nan"]),
            "--batch-size": (["1", "7", "32", "100000"], ["0", "9223372036854775807"]),
            "--dropout": (["0", "0.5", "0.99"], ["1", "x"]),
            "--scale": (["auto", "standard", "minmax", "robust", "none"], ["big"]),
            "--target-scale": (["standard", "log"], []),
            "--missing": (["auto", "mean", "median", "most-frequent", "drop"], ["error"]),
            "--drop": ([column], ["none such"]),
            "--kind": ([f"{column}={kind}" for kind in ("number", "categorical", "text", "drop")], [f"{column}=odd", "="]),
            "--val-split": (["0", "0.3"], ["0.9", "1", "-0.1"]),
            "--test-split": (["0.3", "0.1"], ["0", "0.9", "1e300"]),
            "--group": ([column], ["none such"]),
            "--time": ([column], ["none such"]),
            "--loss": (["mse", "mae", "huber", "cross_entropy", "binary_cross_entropy"], ["x"]),
            "--task": (["auto", "classification", "regression"], ["x"]),
            "--class-weights": (["balanced"], []),
            "--preset": (["plain", "tabular", "auto"], ["x"]),
            "--schedule": (["constant", "cosine", "step", "plateau", "onecycle"], ["x"]),
            "--one-hot": (["0", "1", "50"], ["-1"]),
            "--rare": (["auto", "3", "1000"], ["0"]),
            "--calibrate": (["temperature", "none"], ["x"]),
            "--threshold": (["auto", "0.1"], ["1.5"]),
            "--patience": (["0", "1", "auto"], ["99999999999999999999"]),
            "--seed": (["0", "7", "4294967296"], ["18446744073709551616", "-1"]),
            "--clip-norm": (["1", "1e-30"], ["inf"]),
            "--header": (["yes"], ["no"]),
            "--repeat": (["2"], ["0"]),
            "--folds": (["2", "3"], ["1000"]),
            "--memory": (["auto", "1G", "64M"], ["1", "-5"]),
            "--set": (["optimizer.beta1=0.5"], ["none=1", "lr", "optimizer.beta1=7"]),
            "--threads": (["1", "2"], ["-1"]),
        }
        plain = ["--json", "-q", "-qq", "-v", "--no-report", "--no-test-rows", "--no-health", "--no-progress"]
        if draw.random() < 0.15:
            return [draw.choice(plain)] if draw.random() < 0.95 else ["--unknown-flag"]
        name = draw.choice(list(choices))
        good, bad = choices[name]
        return [name, draw.choice(bad if bad and draw.random() < 0.06 else good)]

    def train(self, table, data):
        draw = self.draw
        target = ",".join(quote_name(t.name) for t in table.targets)
        flags = [word for _ in range(draw.choice([0, 0, 1, 1, 1, 2, 3])) for word in self.flag(table)]
        where = "./" + data if data.startswith("-") else data
        return ["train", where, "--target", target if draw.random() < 0.98 else "none such", "--epochs", draw.choice(["1", "2", "3"]), *flags]

    def run(self):
        table = Table(self.draw)
        data = table.write(self.folder)
        where = "./" + data if data.startswith("-") else data
        self.call("check", where, "--target", ",".join(quote_name(t.name) for t in table.targets))
        name = self.draw.choice(["r", "r", "odd name", "ü"])
        arguments = self.train(table, data)
        if self.refused(*arguments, "--name", name):
            return "refused"
        self.again(arguments, name, table, where)
        run = f"runs/{name}"
        if not (self.folder / run / "model.safetensors").exists():
            return "trained, several models"
        for command in (["inspect", run], ["inspect", where], ["report", run], ["compare", run, run]):
            self.call(*command)
        evaluated = self.call("evaluate", run, where, "--json", allowed={0, 2, 3})
        if evaluated.returncode == 0:
            json.loads(evaluated.stdout)
        return self.agree(run, where, table)

    def again(self, arguments, name, table, where):
        """Calls that must be refused or succeed while a run exists."""
        self.refused(*self.train(table, where.removeprefix("./")), "--name", name)  # the name is already in use
        if self.draw.random() < 0.5:
            self.refused("train", where, "--resume", f"runs/{name}", *self.flag(table))
        if self.draw.random() < 0.3:
            self.refused(*self.train(table, where.removeprefix("./")), "--name", name, "--force", "--dry-run")

    def agree(self, run, where, table):
        """Checks that CSV, JSON lines, a file, a pipe and predictions.csv have the same predictions."""
        plain = self.call("predict", run, where, allowed={0, 3})
        if plain.returncode == 3:
            return "predictions refused"
        rows = list(csv.DictReader(io.StringIO(plain.stdout.decode())))
        wanted = [name for name in rows[0] if name != "row"] if rows else []
        lines = self.call("predict", run, where, "--json", allowed={0}).stdout.decode().splitlines()
        self.same("JSON lines", [(row["row"], [row[name] for name in wanted]) for row in rows], [json_row(json.loads(line)) for line in lines])
        self.call("predict", run, where, "-o", "out.csv", allowed={0})
        if (self.folder / "out.csv").read_bytes() != plain.stdout:
            raise Broken("-o FILE holds other bytes than standard output")
        if not where.endswith(".gz"):
            piped = self.call("predict", run, "-", given=(self.folder / where).read_bytes())
            if piped.returncode or piped.stdout != plain.stdout:
                raise Broken(f"through a pipe: exit status {piped.returncode}, other bytes: {piped.stderr[-500:]}")
        self.kept(run, where, table)
        kept = self.folder / run / "predictions.csv"
        if kept.exists() and len(wanted) == 1:
            said = {row["row"]: row[wanted[0]] for row in rows}
            for row in csv.DictReader(kept.open(newline="")):
                if row["row"] in said and not alike(said[row["row"]], row["prediction"]):
                    raise Broken(f"row {row['row']}: predict says {said[row['row']]}, predictions.csv {row['prediction']}")
        return "agreed"

    def kept(self, run, where, table):
        """Checks that --keep copies cells exactly as they are in the file."""
        name = self.draw.choice(table.names)
        done = self.call("predict", run, where, "--proba", "--keep", quote_name(name), allowed={0, 2, 3})
        rows = list(csv.DictReader(io.StringIO(done.stdout.decode(), newline="")))
        if done.returncode or not (table.whole and table.header) or len(rows) != len(table.rows):
            return
        copy = f"data_{name}" if f"data_{name}" in rows[0] else name  # renamed if predict has a column with this name
        cells = [row[table.names.index(name)] for row in table.rows]
        for k, (row, cell) in enumerate(zip(rows, cells), 1):
            if row.get(copy) != cell:
                raise Broken(f"--keep {name}: row {k} is {row.get(copy)!r}, in the file {cell!r}")

    @staticmethod
    def same(what, ours, theirs):
        if len(ours) != len(theirs):
            raise Broken(f"{what}: {len(theirs)} rows, CSV {len(ours)}")
        for (row, cells), (other, values) in zip(ours, theirs):
            if str(row) != str(other) or len(cells) != len(values) or not all(map(alike, cells, values)):
                raise Broken(f"{what}: row {other} {values}, CSV row {row} {cells}")


def quote_name(name):
    """Quotes a name for flags that take several names separated by commas."""
    return '"' + name.replace('"', '""') + '"' if any(c in name for c in ',"') or name != name.strip() else name


def json_row(line):
    said = line["prediction"]
    return line["row"], list(said.values()) if isinstance(said, dict) else [said]


def alike(cell, value):
    """Whether both are the same text or the same number."""
    if str(cell) == str(value):
        return True
    if isinstance(value, bool):
        return cell.lower() == str(value).lower()
    try:
        return float(cell) == float(value)
    except ValueError:
        return False


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=10**9)
    chosen = parser.parse_args()
    end, ends, failed, seed = time.monotonic() + chosen.seconds, {}, 0, chosen.seed
    while seed < chosen.seed + chosen.cases and time.monotonic() < end:
        case = Case(str(Path(chosen.program).resolve()), seed)
        try:
            outcome = case.run()
        except Broken as broken:
            failed += 1
            outcome = "broken"
            [data] = [p for p in case.folder.iterdir() if p.suffix in (".csv", ".tsv", ".txt", ".gz") and p.name != "out.csv"] or [None]
            head = data.read_bytes()[:600] if data else b""
            print(f"seed {seed}: {broken}\n  " + "\n  ".join(case.said[-3:]) + f"\n  {data and data.name}: {head!r}\n", flush=True)
        ends[outcome] = ends.get(outcome, 0) + 1
        case.keep.cleanup()
        seed += 1
    print(f"seeds {chosen.seed} to {seed - 1}: " + ", ".join(f"{count} {what}" for what, count in sorted(ends.items())))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
