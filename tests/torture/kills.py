#!/usr/bin/env python3
"""Kills the program at a call that changes a file, or makes that call fail as on a full or broken disk. Afterwards nothing may be
lost or damaged: every file is the complete old or the complete new one, incomplete files are refused, and a second attempt gives
the usual bytes. Not here: making a call fail (tests/torture/fail_at.cc), damaged files on disk (tests/torture/mutations.py).

    kills.py PROGRAM FAIL_AT_LIBRARY [--seconds S] [--seed N]
"""

import argparse
import filecmp
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "data" / "iris.csv"
WAYS = ["kill", "half", "ENOSPC", "EIO", "ENOSPC stays", "EIO stays"]
TRAIN = ["train", "iris.csv", "--target", "species", "--epochs", "4", "--threads", "1", "-qq"]
SAME = ("model.safetensors", "predictions.csv", "splits.csv")  # files of a run that have the same bytes in every training


class Broken(Exception):
    pass


class Attempt:
    """A folder in which the program runs, normally or with a failing call."""

    def __init__(self, program, library, template=None):
        self.program, self.library = program, library
        self.keep = tempfile.TemporaryDirectory(prefix="pellucid-kill-")
        self.folder = Path(self.keep.name) / "f"
        if template:
            shutil.copytree(template, self.folder, symlinks=True)
        else:
            self.folder.mkdir()

    def call(self, *arguments, **fault):
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("PELLUCID_", "FAIL_"))} | {"no_proxy": "*"}
        if fault:
            environment |= {"LD_PRELOAD": str(self.library)} | {f"FAIL_{k.upper()}": str(v) for k, v in fault.items()}
        done = subprocess.run([self.program, *arguments], cwd=self.folder, env=environment, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=120, errors="replace")
        if done.returncode == 70 or (done.returncode < 0 and not str(fault.get("how")) in ("kill", "half")):
            raise Broken(f"{arguments[0]} ended with {done.returncode}: {done.stderr[-600:]}")
        if "Success" in done.stderr:
            raise Broken(f"the reason was lost: {done.stderr[-600:]}")
        return done

    def must(self, *arguments, statuses=(0,)):
        done = self.call(*arguments)
        if done.returncode not in statuses:
            raise Broken(f"pellucid {' '.join(arguments)}: exit status {done.returncode}, not one of {statuses}: {done.stderr[-600:]}")
        return done

    def litter(self):
        return [str(path.relative_to(self.folder)) for path in self.folder.rglob("*.part*")]


class Scene:
    """The initial files, the command to interrupt, and the checks afterwards."""

    name = ""
    command = []
    keeps_part = False  # intended: the second attempt continues from it

    def prepare(self, attempt):
        shutil.copy(DATA, attempt.folder)

    def check(self, attempt, reference, before, killed):
        """Checks made after the interruption and before the second attempt."""

    def second(self, attempt, reference):
        attempt.must(*self.command)


def same_run(attempt, run, reference):
    for name in SAME:
        if not filecmp.cmp(attempt.folder / run / name, reference / run / name, shallow=False):
            raise Broken(f"{run}/{name} differs from that of an undisturbed run")


def look(attempt, run, references):
    """An interrupted run: an accepted model is one of the complete ones, and an incomplete one is refused."""
    attempt.must("inspect", run, statuses=(0, 3))
    model = attempt.folder / run / "model.safetensors"
    if not model.exists():
        return
    if not any(filecmp.cmp(model, reference, shallow=False) for reference in references):
        raise Broken(f"{run}/model.safetensors is none of the models that were whole")
    attempt.must("predict", run, "iris.csv")


class Fresh(Scene):
    name, command = "train", [*TRAIN, "--name", "run"]

    def check(self, attempt, reference, before, killed):
        if (attempt.folder / "runs/run").exists():
            look(attempt, "runs/run", [reference / "runs/run/model.safetensors"])

    def second(self, attempt, reference):
        """Resumes if there is a checkpoint, otherwise replaces the run; the folder of a refused run is gone or can be replaced."""
        if (attempt.folder / "runs/run/last.checkpoint").exists():
            attempt.must("train", "iris.csv", "--resume", "runs/run", "-qq")
        else:
            attempt.must(*self.command, "--force")
        same_run(attempt, "runs/run", reference)


class Members(Fresh):
    name, command = "train --members", [*TRAIN, "--name", "run", "--members", "3", "--cross-fit", "2", "--threads", "2"]


class Resumed(Scene):
    name, command = "train --resume", ["train", "iris.csv", "--resume", "runs/run", "--epochs", "6", "-qq", "--threads", "1"]

    def prepare(self, attempt):
        super().prepare(attempt)
        attempt.must(*TRAIN, "--name", "run", "--patience", "0", "--schedule", "constant")

    def check(self, attempt, reference, before, killed):
        look(attempt, "runs/run", [reference / "runs/run/model.safetensors", before / "runs/run/model.safetensors"])

    def second(self, attempt, reference):
        super().second(attempt, reference)
        same_run(attempt, "runs/run", reference)


class Forced(Fresh):
    name, command = "train --force", [*TRAIN, "--name", "run", "--force"]

    def prepare(self, attempt):
        super().prepare(attempt)
        attempt.must(*TRAIN, "--name", "run", "--seed", "7")

    def check(self, attempt, reference, before, killed):
        if (attempt.folder / "runs/run").exists():
            look(attempt, "runs/run", [reference / "runs/run/model.safetensors", before / "runs/run/model.safetensors"])

    def second(self, attempt, reference):
        attempt.must(*self.command)
        same_run(attempt, "runs/run", reference)


class OneFile(Scene):
    """A command that replaces one file, which is always the complete old or the complete new one."""

    file = ""

    def prepare(self, attempt):
        super().prepare(attempt)
        attempt.must(*TRAIN, "--name", "run")
        (attempt.folder / self.file).write_text("old\n")

    def check(self, attempt, reference, before, killed):
        now = (attempt.folder / self.file).read_bytes()
        if now not in (b"old\n", (reference / self.file).read_bytes()):
            raise Broken(f"{self.file} is neither the old nor the new one")

    def second(self, attempt, reference):
        super().second(attempt, reference)
        if (attempt.folder / self.file).read_bytes() != (reference / self.file).read_bytes():
            raise Broken(f"{self.file} differs after the second attempt")


class Predicted(OneFile):
    name, command, file = "predict -o", ["predict", "runs/run", "iris.csv", "-o", "out.csv"], "out.csv"


class Paged(OneFile):
    name, command, file = "report", ["report", "runs/run"], "runs/run/report.html"


class Settings(OneFile):
    name, command, file = "init", ["init", "iris.csv", "--target", "species", "--force"], "pellucid.toml"


class Sample(OneFile):
    name, command, file = "demo --write", ["demo", "digits", "--write", "--force"], "digits.csv"


class Tuned(Scene):
    name, command = "tune", ["tune", "iris.csv", "--target", "species", "--trials", "2", "--epochs", "2", "--name", "run", "--threads", "1", "-qq"]

    def check(self, attempt, reference, before, killed):
        if (attempt.folder / "runs/run").exists():
            look(attempt, "runs/run", [reference / "runs/run/model.safetensors"])

    def second(self, attempt, reference):
        attempt.must(*self.command, "--force")


class Fetched(Scene):
    """A partial download may stay as FILE.part; a file with its final name is complete."""

    name, command, keeps_part = "fetch", ["fetch", "set", "--catalogue", "catalogue.json", "--into", "data", "-q"], True
    body = bytes(range(256)) * 400

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            start = int((self.headers.get("Range") or "bytes=0-")[6:-1])
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(Fetched.body) - 1}/{len(Fetched.body)}")
            self.send_header("Content-Length", str(len(Fetched.body) - start))
            self.end_headers()
            try:
                self.wfile.write(Fetched.body[start:])
            except OSError:
                pass  # the process was killed

        def log_message(self, *_):
            pass

    def prepare(self, attempt):
        server = ThreadingHTTPServer(("127.0.0.1", 0), self.Answer)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        entry = {"name": "a.bin", "size": len(self.body), "sha256": hashlib.sha256(self.body).hexdigest()}
        sets = [{"name": "set", "addresses": [f"http://127.0.0.1:{server.server_port}/"], "files": [entry]}]
        (attempt.folder / "catalogue.json").write_text(json.dumps({"v": 1, "sets": sets}))

    def check(self, attempt, reference, before, killed):
        file = attempt.folder / "data/set/a.bin"
        if file.exists() and file.read_bytes() != self.body:
            raise Broken("data/set/a.bin is not whole")

    def second(self, attempt, reference):
        super().second(attempt, reference)
        if (attempt.folder / "data/set/a.bin").read_bytes() != self.body:
            raise Broken("data/set/a.bin is not whole after the second attempt")


SCENES = [Fresh, Members, Resumed, Forced, Predicted, Paged, Settings, Sample, Tuned, Fetched]


class Stage:
    """A scene with its initial folder, the folder after an undisturbed run, and the number of calls to interrupt."""

    def __init__(self, scene, program, library):
        self.scene = scene()
        self.before = Attempt(program, library)
        self.scene.prepare(self.before)
        self.after = Attempt(program, library, self.before.folder)
        count = Path(self.after.keep.name) / "count"
        done = self.after.call(*self.scene.command, count=count)
        if done.returncode != 0:
            raise Broken(f"undisturbed, {self.scene.name} ended with {done.returncode}: {done.stderr}")
        self.calls = int(count.read_text())

    def hit(self, at, way):
        attempt = Attempt(self.before.program, self.before.library, self.before.folder)
        how, killed = way.split()[0], way in ("kill", "half")
        fault = {"at": at, "how": how} | ({"on": 1} if "stays" in way else {})
        done = attempt.call(*self.scene.command, **fault)
        if done.returncode not in ((-9, 0) if killed else (0, 3, 5)):
            raise Broken(f"exit status {done.returncode}: {done.stderr[-600:]}")
        if done.returncode in (3, 5) and "error[" not in done.stderr:
            raise Broken(f"exit status {done.returncode} without a word")
        if not killed and attempt.litter() and not self.scene.keeps_part:
            raise Broken(f"left behind: {attempt.litter()}")
        self.scene.check(attempt, self.after.folder, self.before.folder, killed)
        self.scene.second(attempt, self.after.folder)
        if attempt.litter():
            raise Broken(f"left behind by the first attempt, still there after the second: {attempt.litter()}")
        attempt.keep.cleanup()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("library")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1, help="of the order in which calls are hit")
    parser.add_argument("--scene", default="")
    parser.add_argument("--at", type=int, default=0, help="only this call")
    chosen = parser.parse_args()
    program, library = str(Path(chosen.program).resolve()), Path(chosen.library).resolve()
    end = time.monotonic() + chosen.seconds
    stages = [Stage(scene, program, library) for scene in SCENES if chosen.scene in ("", scene.name)]
    plans = [(stage, at, way) for stage in stages for at in range(1, stage.calls + 1) for way in WAYS if chosen.at in (0, at)]
    random.Random(chosen.seed).shuffle(plans)
    tried = failed = 0
    for stage, at, way in plans:
        if time.monotonic() > end:
            break
        tried += 1
        try:
            stage.hit(at, way)
        except (Broken, subprocess.TimeoutExpired) as broken:
            failed += 1
            print(f"{stage.scene.name}, call {at} of {stage.calls}, {way}: {broken}\n", flush=True)
    print(f"seed {chosen.seed}: {tried} of {len(plans)} calls interrupted, {failed} with damage")
    return 1 if failed or not tried else 0


if __name__ == "__main__":
    sys.exit(main())
