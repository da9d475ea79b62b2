#!/usr/bin/env python3
"""Damaged and hostile files: each field of a model, checkpoint, report, examples and settings file gets hostile values, with a valid
checksum; other files have bytes changed, cut or added, with the old checksum. Each must be refused or read, within seconds and
limited memory. Not here: failing calls (tests/torture/kills.py).

    mutations.py PROGRAM [--seconds S] [--seed N]
"""

import argparse
import json
import random
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "data" / "iris.csv"
SECONDS, MEMORY = 20, 4 << 30
DEEP = "[" * 100_000 + "]" * 100_000
HOSTILE = [None, True, False, -1, 0, 1, 5, 0.5, -0.0, 1e308, 1e-320, 2**31, 2**32 + 1, 2**53, 2**63 - 1, 2**63, 2**64 - 1, -2**63, "", "x", "\u0000", "\x1b[2J",
           "none", "../../x", "x" * 100_000, [], [[]], [None], [1e308] * 3, list(range(1000)), {}, {"a": {}}, "DEEP", "GONE", "TWICE"]


class Broken(Exception):
    pass


def paths(value, here=()):
    """Yields the path of every value in a JSON document, including containers."""
    yield here
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        if isinstance(key, int) and key > 3:
            break  # all items of a list have the same structure
        yield from paths(item, here + (key,))


def changed(document, path, value):
    """Returns the document's text with this value at the path."""
    copy = json.loads(json.dumps(document))
    if not path:
        return DEEP if value == "DEEP" else json.dumps(value)
    holder = copy
    for key in path[:-1]:
        holder = holder[key]
    if value == "GONE":
        del holder[path[-1]]
    elif value == "TWICE":
        holder[path[-1]] = [holder[path[-1]]] * 2
    else:
        holder[path[-1]] = "@DEEP@" if value == "DEEP" else value
    return json.dumps(copy).replace('"@DEEP@"', DEEP)


class Container:
    """A safetensors file of pellucid: header, its JSON document, tensor bytes."""

    def __init__(self, file, key):
        data = file.read_bytes()
        size = struct.unpack("<Q", data[:8])[0]
        self.header, self.numbers, self.key = json.loads(data[8:8 + size]), data[8 + size:], key

    def document(self):
        return json.loads(self.header["__metadata__"][self.key])

    def bytes(self, document=None, header=None, numbers=None):
        """Returns the bytes with a valid checksum."""
        numbers = self.numbers if numbers is None else numbers
        if header is None:
            whole = json.loads(json.dumps(self.header))
            whole["__metadata__"] = {"checksum": "0" * 8} | {k: v for k, v in whole["__metadata__"].items() if k != "checksum"}
            if document is not None:
                whole["__metadata__"][self.key] = document
            header = json.dumps(whole)
        head = header.encode()
        head += b" " * (-len(head) % 8)
        crc = zlib.crc32(numbers, zlib.crc32(head))
        head = head.replace(b'"00000000"', b'"%08x"' % crc, 1)
        return struct.pack("<Q", len(head)) + head + numbers


class Torture:
    def __init__(self, program, seed):
        self.program, self.draw = program, random.Random(seed)
        self.keep = tempfile.TemporaryDirectory(prefix="pellucid-lie-")
        self.folder = Path(self.keep.name)
        shutil.copy(DATA, self.folder / "iris.csv")
        lines = DATA.read_text().splitlines()
        (self.folder / "numbers.csv").write_text("\n".join(",".join(line.split(",")[:4]) for line in lines) + "\n")
        self.train("class", "iris.csv", "species")
        self.train("number", "numbers.csv", "petal_width")
        self.cases = list(self.all_cases())
        self.draw.shuffle(self.cases)

    def train(self, name, data, target):
        done = subprocess.run([self.program, "train", data, "--target", target, "--epochs", "3", "--name", name, "-qq"], cwd=self.folder,
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def all_cases(self):
        """Yields (description, file of the run, function that returns its bytes, commands that read it)."""
        for run, data in (("class", "iris.csv"), ("number", "numbers.csv")):
            folder = self.folder / "runs" / run
            model = [["inspect", "M", "--weights"], ["predict", "M", data], ["evaluate", "M", data]]
            rarely = [["trace", "M", data, "--row", "1"], ["train", data, "--init-from", "M", "--dry-run"]]
            resume = [["train", data, "--resume", "R", "--epochs", "4", "-qq"]]
            yield from self.container_cases(run, "model.safetensors", "pellucid", model + rarely)
            yield from self.container_cases(run, "last.checkpoint", "pellucid.checkpoint", resume)
            for name, commands in (("report.json", [["inspect", "R"], ["compare", "R", f"runs/{run}"], ["report", "R"]]),
                                   ("examples.json", [["report", "R"]])):
                document = json.loads((folder / name).read_text())
                for path in paths(document):
                    for value in HOSTILE:
                        yield (f"{name} {path} = {short(value)}", run, name, lambda d=document, p=path, v=value: changed(d, p, v).encode(), commands, False)
            for name, commands in (("model.safetensors", model[:2]), ("last.checkpoint", resume)):
                for k in range(60):
                    yield (f"{name}, bytes {k}", run, name, lambda f=folder / name: self.spoiled(f.read_bytes()), commands, True)
            for name in ("report.json", "examples.json", "config.toml", "predictions.csv", "splits.csv", "metrics.jsonl"):
                for k in range(60):
                    yield (f"{name}, bytes {k}", run, name, lambda f=folder / name: self.spoiled(f.read_bytes()),
                           [["inspect", "R"], ["compare", "R", f"runs/{run}"], ["report", "R"], *resume], False)
            lines = (folder / "config.toml").read_text().splitlines()
            for k, line in enumerate(lines):
                if " = " in line:
                    for value in ("nan", "-1", "1e308", "9223372036854775807", '"x"', "[]", "{}", "true", "'''\n", "[" * 50_000, "1979-05-27", '"' + "x" * 9999 + '"'):
                        text = "\n".join(lines[:k] + [line.split(" = ")[0] + " = " + value] + lines[k + 1:]) + "\n"
                        yield (f"config.toml {line.split(' = ')[0]} = {value[:30]}", run, "config.toml", lambda t=text: t.encode(),
                               [["train", "--config", "R/config.toml", "--dry-run"], *resume], False)

    def container_cases(self, run, name, key, commands):
        container = Container(self.folder / "runs" / run / name, key)
        document = container.document()
        for path in paths(document):
            for value in HOSTILE:
                yield (f"{name} {key} {path} = {short(value)}", run, name, lambda c=container, d=document, p=path, v=value: c.bytes(document=changed(d, p, v)), commands, False)
        for path in paths(container.header):
            if "checksum" in path:
                continue
            for value in HOSTILE:
                yield (f"{name} header {path} = {short(value)}", run, name, lambda c=container, p=path, v=value: c.bytes(header=changed(c.header | {
                    "__metadata__": c.header["__metadata__"] | {"checksum": "0" * 8}}, p, v)), commands, False)
        for number in (0x7FC00000, 0x7F800000, 0xFF800000, 0x7F7FFFFF, 1):
            for at in range(0, len(container.numbers) - 3, max(4, len(container.numbers) // 40 // 4 * 4)):
                yield (f"{name} number {at // 4} = {number:#x}", run, name, lambda c=container, a=at, n=number: c.bytes(
                    numbers=c.numbers[:a] + struct.pack("<I", n) + c.numbers[a + 4:]), commands, False)

    def spoiled(self, data):
        """Returns different bytes."""
        draw, at = self.draw, self.draw.randrange(max(1, len(data)))
        return draw.choice([
            lambda: data[:at],
            lambda: data + bytes([draw.randrange(256)]) * draw.choice([1, 8, 4096]),
            lambda: data[:at] + bytes([data[at] ^ 1 << draw.randrange(8)]) + data[at + 1:],
            lambda: data[:at] + data[at + 1:],
            lambda: data[:at] + draw.randbytes(8) + data[at:],
            lambda: data[:at] + bytes(64) + data[at + 64:] if data[at:at + 64] != bytes(64) else data[:at],
            lambda: b"",
        ])()

    def run(self, case):
        what, run, name, make, commands, must_refuse = case
        folder = self.folder / "case"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder / "runs" / run, folder)
        (folder / name).write_bytes(make())
        for command in commands if name != "model.safetensors" else self.draw.sample(commands, min(2, len(commands))):
            words = [word.replace("R/", "case/") if word.startswith("R/") else {"R": "case", "M": "case/model.safetensors"}.get(word, word) for word in command]
            self.call(what, words, must_refuse)

    def call(self, what, words, must_refuse):
        limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        try:
            done = subprocess.run([self.program, *words], cwd=self.folder, capture_output=True, timeout=SECONDS, preexec_fn=limit,
                                  stdin=subprocess.DEVNULL)
        except subprocess.TimeoutExpired:
            raise Broken(f"{what}: {' '.join(words)} takes more than {SECONDS} s")
        said = done.stderr.decode(errors="replace")
        allowed = (3,) if must_refuse else (0, 1, 2, 3, 4, 5)
        if done.returncode not in allowed:
            raise Broken(f"{what}: {' '.join(words)} ended with {done.returncode}, not with one of {allowed}: {said[-500:]}")
        if len(said) > 20_000:
            raise Broken(f"{what}: {' '.join(words)}: an error text of {len(said)} characters")
        if b"-nan" in done.stdout or "Success" in said:
            raise Broken(f"{what}: {' '.join(words)}: {(done.stdout.decode(errors='replace') + said)[-500:]}")


def short(value):
    text = json.dumps(value)
    return text if len(text) < 40 else text[:37] + "..."


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="cases whose description holds this text")
    chosen = parser.parse_args()
    torture = Torture(str(Path(chosen.program).resolve()), chosen.seed)
    end, tried, failed = time.monotonic() + chosen.seconds, 0, 0
    cases = [case for case in torture.cases if chosen.only in case[0]]
    for case in cases:
        if time.monotonic() > end:
            break
        tried += 1
        try:
            torture.run(case)
        except Broken as broken:
            failed += 1
            print(f"{broken}\n", flush=True)
    print(f"seed {chosen.seed}: {tried} of {len(cases)} mutations tried, {failed} failed")
    return 1 if failed or not tried else 0


if __name__ == "__main__":
    sys.exit(main())
