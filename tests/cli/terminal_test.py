#!/usr/bin/env python3
"""Tests of terminal output: names and cells from files cannot control the terminal, and messages never land in other files.
Not here: the texts of the messages (tests/cli/*.txt).

    terminal_test.py PROGRAM [unittest arguments]
"""

import json
import os
import pty
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = ""
# A window title, a colour, its C1 form, reversed writing direction, an isolate, a carriage return, a bell, invalid UTF-8.
EVIL = "\x1b]0;pwned\x07\x1b[2m\u009b31m\u202e\u2066\r\b\x7f"
OWN_COLORS = re.compile(r"\x1b\[(0|36|2|32|1;33|1;31)m")
OBEYED = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def rows(folder, name, evil=EVIL, count=90):
    draw = random.Random(1)
    lines = [f"a{evil},b{evil},t{evil}"]
    for k in range(count):
        x = draw.gauss(k % 3, 0.3)
        lines.append(f"{x:.3f},{'xyz'[draw.randrange(3)]}{evil},{'uv'[x > 1]}{evil}")
    (folder / name).write_text("\n".join(lines).replace("\r", "") + "\n")


def strings(value):
    """Yields every string of a JSON document."""
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    return [value] if isinstance(value, str) else []


class Shown(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.keep = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.keep.name)
        cls.evil = EVIL.replace("\r", "")
        cls.data = f"t{cls.evil}.csv"
        cls.target = f"t{cls.evil}"
        rows(cls.folder, cls.data)
        cls.out = f"out{cls.evil}"
        for name in ("one", "two"):
            done = cls.call("train", cls.data, "--target", cls.target, "--out", cls.out, "--name", name, "--epochs", "3")
            assert done.returncode == 0, done.stderr
        cls.run_folder = f"{cls.out}/one"
        cls.model = cls.run_folder + "/model.safetensors"

    @classmethod
    def tearDownClass(cls):
        cls.keep.cleanup()

    @classmethod
    def call(cls, *arguments, **more):
        return subprocess.run([PROGRAM, *arguments], cwd=cls.folder, capture_output=True, text=True, stdin=subprocess.DEVNULL,
                              encoding="utf-8", timeout=120, **more)

    def commands(self):
        yield "train", self.data, "--target", self.target, "--dry-run"
        yield "train", self.data, "--target", self.target, "--epochs", "2", "--out", "more", "-v"
        yield "train", self.data, "--target", "u" + self.target
        yield "train", "--resume", self.run_folder + "/none"
        yield "check", self.data, "--target", self.target
        yield "init", self.data, "--target", self.target, "--force"
        yield "evaluate", self.model, self.data
        yield "predict", self.model, "none" + self.evil
        yield "predict", self.data, self.model
        yield "inspect", self.run_folder
        yield "inspect", self.model, "--weights"
        yield "inspect", self.data
        yield "compare", self.run_folder, self.out + "/two"
        yield "trace", self.model, self.data, "--row", "1"
        yield "gradcheck", self.model, self.data
        yield "report", self.out
        yield "tune", self.data, "--target", self.target, "--trials", "2", "--epochs", "2", "--out", "tuned"
        yield "explain", self.evil
        yield "tutorial", self.evil
        yield "demo", self.evil
        yield "fetch", self.evil
        yield "fetch", "--catalogue", self.data
        yield "help", self.evil
        yield "completions", self.evil
        yield (self.evil,)
        yield "train", "--" + self.evil

    def assert_harmless(self, text):
        found = OBEYED.search(OWN_COLORS.sub("", text).replace("\r\n", "\n"))
        self.assertIsNone(found, f"{found and found[0]!r} in {text!r}")

    def test_no_command_prints_control_sequences_from_files(self):
        seen = 0
        for command in self.commands():
            with self.subTest(command=command):
                done = self.call(*command, "--color", "always") if command[0] not in ("completions", self.evil) else self.call(*command)
                self.assertIn(done.returncode, (0, 1, 2, 3, 5), done.stderr)
                lines = done.stdout.splitlines()
                if done.returncode == 0 and lines and lines[-1].startswith(("more/", "tuned/", self.out)):
                    lines.pop()  # a path that is meant for scripts
                self.assert_harmless("\n".join(lines) + done.stderr)
                self.assertNotRegex(done.stdout + done.stderr, r"pwned\\x07\x1b\[2m")
                seen += "pwned" in done.stdout + done.stderr
        self.assertGreater(seen, 12)

    def test_the_log_of_a_run_can_be_shown_too(self):
        self.assert_harmless((self.folder / self.run_folder / "log.txt").read_text())

    def test_control_sequences_in_a_report_json_are_spelled_out(self):
        run = self.folder / "odd"
        run.mkdir()
        report = json.loads((self.folder / self.run_folder / "report.json").read_text())

        def spoiled(value):
            if isinstance(value, dict):
                return {key: spoiled(item) for key, item in value.items()}
            if isinstance(value, list):
                return [spoiled(item) for item in value]
            return value + EVIL if isinstance(value, str) else value

        for key in report:
            (run / "report.json").write_text(json.dumps(report | {key: spoiled(report[key])}))
            for command in (("inspect", "odd"), ("compare", "odd", self.run_folder)):
                done = self.call(*command)
                self.assertIn(done.returncode, (0, 3), done.stderr)
                self.assert_harmless(done.stdout + done.stderr)

    def test_a_report_json_with_wrong_types_causes_no_internal_error(self):
        run = self.folder / "lists"
        run.mkdir()
        report = json.loads((self.folder / self.run_folder / "report.json").read_text())
        for odd in ("x", 5, None, [], {}, [None], True):
            report["health"]["kept"]["layers"] = odd
            (run / "report.json").write_text(json.dumps(report))
            done = self.call("inspect", "lists")
            self.assertIn(done.returncode, (0, 3), done.stderr)

    def test_data_for_programs_stays_as_it_is(self):
        for command in (("inspect", self.data), ("inspect", self.run_folder), ("evaluate", self.model, self.data),
                        ("compare", self.run_folder, self.out + "/two")):
            with self.subTest(command=command):
                done = self.call(*command, "--json")
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertTrue(any(self.evil in text for text in strings(json.loads(done.stdout))), done.stdout)
        done = self.call("predict", self.model, self.data)
        self.assertIn("u" + self.evil, done.stdout)
        done = self.call("train", self.data, "--target", self.target, "--epochs", "1", "--out", self.out, "-qq")
        self.assertTrue((self.folder / done.stdout.rstrip("\n") / "report.json").is_file(), "a path that scripts can go on with")

    def test_on_a_terminal_the_progress_line_and_the_path_are_spelled_out_too(self):
        ours, theirs = pty.openpty()
        command = [PROGRAM, "train", self.data, "--target", self.target, "--out", self.out, "--epochs", "3"]
        program = subprocess.Popen(command, cwd=self.folder, stdin=theirs, stdout=theirs, stderr=theirs,
                                   env=os.environ | {"TERM": "xterm"})
        os.close(theirs)
        seen = b""
        try:
            while piece := os.read(ours, 65536):
                seen += piece
        except OSError:
            pass  # the program has ended
        os.close(ours)
        self.assertEqual(program.wait(timeout=60), 0)
        self.assert_harmless(seen.decode().replace("\r\x1b[K", "\n"))


class ClosedDescriptors(unittest.TestCase):
    """Programs started with `>&-`: their messages must not land in the files that they write."""

    def setUp(self):
        keep = tempfile.TemporaryDirectory()
        self.addCleanup(keep.cleanup)
        self.folder = Path(keep.name)
        rows(self.folder, "t.csv", "")
        self.sh(f"{PROGRAM} train t.csv --target t --epochs 3 --name base -qq", 0)

    def sh(self, command, status):
        done = subprocess.run(["bash", "-c", command], cwd=self.folder, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, status, (command, done.stderr))
        return done

    def test_messages_do_not_land_in_files(self):
        for closed in ("2>&-", "2>&- <&-", "2>&- >&- <&-", ">&-", "<&-"):
            with self.subTest(closed=closed):
                status = 5 if ">&-" in closed.replace("2>&-", "") else 0
                self.sh(f"{PROGRAM} train t.csv --target t --epochs 3 --name run --force {closed}", status)
                for name in ("metrics.jsonl", "predictions.csv", "splits.csv", "report.json", "config.toml"):
                    text = (self.folder / "runs/run" / name).read_text()
                    base = (self.folder / "runs/base" / name).read_text()
                    self.assertEqual(len(text.splitlines()), len(base.splitlines()), (name, text[:300]))
                (self.folder / "bad.csv").write_text("a,b\n999999,x\n")
                self.sh(f"{PROGRAM} predict runs/base bad.csv -o out.csv {closed}", 0)
                self.assertTrue((self.folder / "out.csv").read_text().startswith("row,"))

    def test_a_result_that_cannot_be_written_is_an_error(self):
        for command in ("predict runs/base t.csv", "evaluate runs/base t.csv", "check t.csv --target t", "inspect runs/base", "--version",
                        "--help", "help train", "explain D10", "fetch --json", "completions bash", "report runs/base", "demo --write",
                        "compare runs/base runs/base", "trace runs/base t.csv --row 1", "predict runs/base t.csv --json"):
            with self.subTest(command=command):
                done = self.sh(f"{PROGRAM} {command} >&-", 5)
                self.assertIn("error[M01]: cannot write to standard output: Bad file descriptor", done.stderr)

    def test_a_closed_standard_input_is_an_error(self):
        done = self.sh(f"{PROGRAM} predict runs/base - <&-", 3)
        self.assertIn("Bad file descriptor", done.stderr)
        done = self.sh(f"{PROGRAM} predict runs/base - < .", 3)
        self.assertIn("Is a directory", done.stderr)


class StrangePaths(unittest.TestCase):
    """Loops of links, dangling links, names that are too long, folders in place of files and vice versa: each gives a documented
        exit status and the reason."""

    def setUp(self):
        keep = tempfile.TemporaryDirectory()
        self.addCleanup(keep.cleanup)
        self.folder = Path(keep.name)
        rows(self.folder, "t.csv", "")
        self.assertEqual(self.call("train", "t.csv", "--target", "t", "--epochs", "3", "--name", "base").returncode, 0)
        os.symlink("loop", self.folder / "loop")
        os.symlink("nothing", self.folder / "dangling")
        (self.folder / "plain").write_text("x")

    def call(self, *arguments, cwd=None):
        return subprocess.run([PROGRAM, *arguments], cwd=cwd or self.folder, capture_output=True, text=True, timeout=60,
                              stdin=subprocess.DEVNULL)

    def assert_told(self, done, *statuses):
        self.assertIn(done.returncode, statuses, done.stderr)
        self.assertIn("error[", done.stderr)
        self.assertNotIn("Success", done.stderr)
        self.assertNotIn("filesystem error", done.stderr)

    def strange(self):
        yield "loop", "symbolic links"
        yield "loop/more", "symbolic links"
        yield "dangling", ""
        yield "x" * 300, "too long"
        yield "y/" * 3000 + "z", "too long"
        yield "plain/inside", ""
        yield "t.csv/", ""
        yield "", ""

    def test_as_what_is_read(self):
        for path, reason in self.strange():
            for command in (["train", path, "--target", "t"], ["check", path], ["init", path], ["inspect", path], ["evaluate", path, "t.csv"],
                            ["evaluate", "runs/base", path], ["predict", path, "t.csv"], ["predict", "runs/base", path], ["compare", path, "runs/base"],
                            ["report", path], ["trace", path, "t.csv", "--row", "1"], ["train", "t.csv", "--target", "t", "--config", path],
                            ["train", "t.csv", "--target", "t", "--init-from", path], ["train", "--resume", path], ["tune", path],
                            ["train", "t.csv", "--target", "t", "--test", path], ["fetch", "--catalogue", path]):
                if not path and command[0] in ("fetch", "train", "tune"):
                    continue  # an empty value counts as no value
                with self.subTest(command=[part[:20] for part in command]):
                    done = self.call(*command)
                    if command == ["inspect", "t.csv/"]:
                        continue  # an extra slash is allowed, as for the folder of a run
                    self.assert_told(done, 2, 3, 5)
                    if reason and command[0] != "compare":
                        self.assertIn(reason, done.stderr)

    def test_as_what_is_written(self):
        for path, _ in self.strange():
            if not path:
                continue
            for command in (["train", "t.csv", "--target", "t", "--epochs", "1", "--out", path], ["predict", "runs/base", "t.csv", "-o", path],
                            ["train", "t.csv", "--target", "t", "--epochs", "1", "--out", path + "/deeper"],
                            ["tutorial", "neuron", "--html", path + "/x.html"],
                            ["fetch", "iris-that-is-not", "--into", path]):
                with self.subTest(command=[part[:20] for part in command]):
                    done = self.call(*command)
                    if path.endswith("/") or path in ("dangling", "loop"):  # a link may be replaced by a file
                        self.assertNotEqual(done.returncode, 70, done.stderr)
                    else:
                        self.assert_told(done, 2, 3, 5)

    def test_a_link_to_nothing_is_told_from_a_file_that_is_not_there(self):
        self.assertIn("cannot open dangling: it is a link to nothing, which is not there", self.call("check", "dangling").stderr)
        self.assertIn("cannot open nothing: no such file", self.call("check", "nothing").stderr)

    def test_inside_a_run(self):
        for name in ("report.json", "model.safetensors", "examples.json", "config.toml", "predictions.csv", "splits.csv", "last.checkpoint",
                     "log.txt", "metrics.jsonl"):
            for kind in ("loop", "folder", "empty", "nothing"):
                run = self.folder / "runs" / f"{name}-{kind}"
                subprocess.run(["cp", "-r", self.folder / "runs/base", run], check=True)
                (run / name).unlink(missing_ok=True)
                if kind == "loop":
                    os.symlink(name, run / name)
                elif kind == "folder":
                    (run / name).mkdir()
                elif kind == "empty":
                    (run / name).write_text("")
                for command in (["inspect", str(run)], ["compare", str(run), "runs/base"], ["report", str(run)], ["evaluate", str(run), "t.csv"],
                                ["predict", str(run), "t.csv"], ["train", "--resume", str(run)], ["train", "t.csv", "--target", "t", "--init-from", str(run)]):
                    with self.subTest(name=name, kind=kind, command=command[0]):
                        done = self.call(*command)
                        self.assertIn(done.returncode, (0, 2, 3, 5), done.stderr)
                        self.assertNotIn("Success", done.stderr)

    def test_without_permission(self):
        """Runs as another user, because root may open everything."""
        locked, program = self.folder / "locked", self.folder / "pellucid"
        shutil.copy(PROGRAM, program)
        shutil.copytree(self.folder / "runs/base", locked / "base")
        shutil.copy(self.folder / "t.csv", locked)
        for path, mode in ((locked, 0), (self.folder, 0o755), (program, 0o755)):
            path.chmod(mode)
        self.addCleanup(locked.chmod, 0o700)
        other = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
        for path in ("locked", "locked/t.csv", "locked/base"):
            for command in (["train", path, "--target", "t"], ["inspect", path], ["evaluate", path, "t.csv"], ["predict", "runs/base", path],
                            ["compare", path, "runs/base"], ["report", path], ["train", "t.csv", "--resume", path], ["train", "t.csv", "--config", path],
                            ["train", "t.csv", "--target", "t", "--out", path], ["predict", "runs/base", "t.csv", "-o", path + "/x"],
                            ["fetch", "mnist", "--into", path], ["tutorial", "neuron", "--html", path + "/x"]):
                with self.subTest(command=command):
                    done = subprocess.run([program, *command], cwd=self.folder, capture_output=True, text=True, timeout=60, **other)
                    self.assert_told(done, 3, 5)
                    self.assertRegex(done.stderr, "Permission denied|it is a directory")

    def test_a_settings_file_that_cannot_be_examined_is_not_ignored(self):
        os.symlink("pellucid.toml", self.folder / "pellucid.toml")
        done = self.call("train", "t.csv", "--target", "t")
        self.assert_told(done, 2, 3)
        self.assertIn("pellucid.toml: Too many levels of symbolic links", done.stderr)


if __name__ == "__main__":
    PROGRAM = str(Path(sys.argv[1]).resolve())
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
