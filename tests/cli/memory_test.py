#!/usr/bin/env python3
"""Tests `pellucid train` on a table that is large for the memory it may use: its peak memory, and that limits, a full disk
and an interruption change no result and leave no temporary file. Not here: large vectors (tests/core/large_vector_test.cc).

    memory_test.py PROGRAM [unittest arguments]
"""

import hashlib
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

PROGRAM = ""
MIB = 1 << 20
ROWS, NUMBERS, WORDS = 400_000, 32, 8
TABLE = ROWS * (NUMBERS * 8 + WORDS * 4 + 4 + 4)  # cells, target values, line ends
FEATURES = ROWS * (NUMBERS * 4 + WORDS)


def write_table(path):
    """Rows drawn from 500 different ones, so that writing them is fast."""
    draw = random.Random(1)
    names = [f"n{i}" for i in range(NUMBERS)] + [f"w{i}" for i in range(WORDS)] + ["y"]
    rows = []
    for _ in range(500):
        numbers = [str(draw.randrange(1000)) for _ in range(NUMBERS)]
        words = [draw.choice(("ash", "elm", "oak", "fir", "yew")) for _ in range(WORDS)]
        rows.append(",".join(numbers + words + ["yes" if int(numbers[0]) > 500 else "no"]))
    order = [draw.randrange(500) for _ in range(ROWS)]
    path.write_text(",".join(names) + "\n" + "\n".join(rows[i] for i in order) + "\n")


class Memory(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="pellucid-memory-")
        cls.path = Path(cls.folder.name)
        write_table(cls.path / "large.csv")
        (cls.path / "small.csv").write_text("x,y\n" + "1,a\n2,b\n" * 20)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def start(self, *arguments, limits=(), **more):
        """`limits`: pairs (resource, bytes) for this process only."""

        def set_limits():
            for what, most in limits:
                resource.setrlimit(what, (most, most))
            if limits:  # each thread has a stack
                os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])

        environment = {k: v for k, v in os.environ.items() if not k.startswith("PELLUCID_") and k != "TMPDIR"}
        return subprocess.Popen([PROGRAM, *arguments], cwd=self.path, preexec_fn=set_limits, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, **more)

    def run_program(self, *arguments, limits=()):
        """Returns exit status, standard error and peak memory of the process."""
        process = self.start(*arguments, limits=limits)
        errors = process.stderr.read()
        process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stdout.close()
        process.stderr.close()
        return process.returncode, errors, usage.ru_maxrss * 1024

    def train(self, name, *more, data="large.csv", limits=()):
        return self.run_program("train", data, "--target", "y", "--epochs", "1", "--threads", "2", "--hidden", "8", "--name", name,
                                "--force", *more, limits=limits)

    def model(self, name):
        return hashlib.sha256((self.path / "runs" / name / "model.safetensors").read_bytes()).hexdigest()

    def nothing_but(self, *names):
        """Checks that no temporary data file is left in the folder or beside the runs."""
        self.assertEqual(sorted(p.name for p in self.path.iterdir()), sorted(("large.csv", "small.csv", *names)))
        if (self.path / "runs").exists():
            self.assertTrue(all(p.is_dir() for p in (self.path / "runs").iterdir()))

    def test_the_table_and_its_features_are_never_in_memory_at_the_same_time(self):
        _, _, small = self.train("small", data="small.csv")
        status, errors, most = self.train("whole", "--memory", "100G")
        self.assertEqual(status, 0, errors)
        self.assertNotIn("temporary files", errors)
        own = most - small
        self.assertGreater(own, TABLE)  # checks the figures above
        self.assertLess(own, TABLE + FEATURES * 0.6, f"{own / MIB:.0f} MiB for a table of {TABLE / MIB:.0f} and features of "
                                                     f"{FEATURES / MIB:.0f}")

    def test_under_a_limit_below_the_table_the_model_is_the_same_to_the_bit(self):
        self.train("free", "--memory", "100G")
        limit = 64 * MIB
        self.assertLess(limit, TABLE * 0.6)
        status, errors, _ = self.train("limited", limits=[(resource.RLIMIT_DATA, limit)])
        self.assertEqual(status, 0, errors)
        self.assertRegex(errors, r"memory    up to \d.*MiB of the data are in temporary\s+files")
        self.assertEqual(self.model("limited"), self.model("free"))
        status, errors, _ = self.train("asked", "--memory", "8M")
        self.assertEqual(status, 0, errors)
        self.assertRegex(errors, r"at most\s+8\.0 MiB\s+in\s+memory \(--memory\)")
        self.assertEqual(self.model("asked"), self.model("free"))
        for name in ("predictions.csv", "splits.csv", "examples.json"):
            same = {(self.path / "runs" / run / name).read_bytes() for run in ("free", "limited", "asked")}
            self.assertEqual(len(same), 1, name)
        self.nothing_but("runs")

    def test_the_other_commands_take_a_limit_too(self):
        self.train("judged", "--memory", "100G")
        for arguments in (["evaluate", "runs/judged", "large.csv"], ["inspect", "large.csv"], ["check", "large.csv", "--target", "y"]):
            process = self.start(*arguments)
            free = process.communicate()[0]
            process = self.start(*arguments, limits=[(resource.RLIMIT_DATA, 64 * MIB)])
            limited, errors = process.communicate()
            self.assertEqual(limited, free, errors)
            self.assertRegex(errors, "note: up to .* of the data are in temporary files")

    def test_a_full_disk_ends_with_status_5_and_leaves_nothing(self):
        status, errors, _ = self.train("full", "--memory", "0", limits=[(resource.RLIMIT_FSIZE, MIB)])
        self.assertEqual(status, 5, errors)
        self.assertIn("error[M03]: no space for", errors)
        self.assertIn("TMPDIR", errors)
        self.assertFalse((self.path / "runs" / "full").exists())
        self.nothing_but(*(["runs"] if (self.path / "runs").exists() else []))

    def test_an_interrupted_and_a_killed_run_leave_no_file_of_the_data(self):
        for sent, expected in ((signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)):
            process = self.start("train", "large.csv", "--target", "y", "--epochs", "1000", "--patience", "0", "--memory", "0",
                                 "--name", "cut", "--force")
            metrics = self.path / "runs" / "cut" / "metrics.jsonl"
            metrics.unlink(missing_ok=True)
            while process.poll() is None and not (metrics.exists() and metrics.stat().st_size > 0):
                time.sleep(0.05)
            process.send_signal(sent)
            errors = process.communicate()[1]
            self.assertEqual(process.returncode, expected, errors)
            self.nothing_but("runs")

    def test_a_column_whose_words_exceed_the_memory_is_named_and_can_be_dropped(self):
        rows = 1_500_000
        with open(self.path / "names.csv", "w") as file:
            file.write("name,x,y\n")
            file.writelines(f"a rather long name {i},{i % 7},{'yes' if i % 7 > 3 else 'no'}\n" for i in range(rows))
        limits = [(resource.RLIMIT_DATA, 160 * MIB)]
        try:
            status, errors, _ = self.train("names", data="names.csv", limits=limits)
            self.assertEqual(status, 5, errors)
            self.assertRegex(errors, r'error\[M02\]: the different words of column "name" do not fit into memory: [\d,]+ so far')
            self.assertIn("--drop name", errors)
            status, errors, _ = self.train("names", "--drop", "name", data="names.csv", limits=limits)
            self.assertEqual(status, 0, errors)
        finally:
            (self.path / "names.csv").unlink()


if __name__ == "__main__":
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
