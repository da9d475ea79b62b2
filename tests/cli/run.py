#!/usr/bin/env python3
"""Replays transcripts of the program: the commands of a text file, each with its expected output and exit status.
Not here: the transcripts (tests/cli/*.txt), unit tests (all *_test.cc files).

    # A line that starts with "# " between commands is a comment.
    file: bad.csv <<END
    a,b
    1
    END

    $ pellucid check bad.csv
    expected stdout, line by line
    any text in the middle of a line: ... rows
    ....
    2> error[D13]: bad.csv:2 has 1 field, the header has 2
    ? 3

  $ COMMAND       is run by bash; a line that ends with \\ continues in the next line. All lines up to the next command belong to it.
  2> LINE         a line of stderr; `2>` alone is an empty line.
  ? N             the exit status; 0 by default.
  ...             inside a line: any text.
  ....            as a whole line (`2> ....` for stderr): any number of lines, including none.
  \\LINE           LINE itself, for lines of stdout that would otherwise be read as one of these.
  file: NAME <<END    creates a file from the lines up to END (with <<-END, without a newline after the last line).
  requires: DIR       the following commands need the data folder $PELLUCID_DATA/DIR; without it they are skipped, with a
                      message. `requires: nothing` ends this.

A file with the same name as the transcript but another ending is copied into the folder (tests/strange). In the folders of
tests/cases, all files beside the transcript except other transcripts are copied.
Output that is not in the transcript must not occur: a command without `2>` lines has an empty stderr. Trailing blank lines are
ignored. Each transcript runs in its own empty folder, with the built program first on PATH, empty stdin, no terminal, COLUMNS=80
and NO_COLOR unset. $DATA is the data/ folder of the source tree; in outputs this path, $PELLUCID_DATA and the folder itself are
written as $DATA, $PELLUCID_DATA and $PWD.

    run.py --program PATH FILE…            exit status 0: all match; 1: differences, shown as a diff; 77: every command was skipped
    run.py --program PATH --accept FILE    rewrites the expectations of the commands that differ (review the changes)
    run.py --program PATH --document FILE  the ```sh blocks of a Markdown file that start with `$ pellucid`; see below

The blocks of a document run in order, in one folder that contains data/. Output that is not shown is not checked: a block
without output must only exit with 0; otherwise stdout and stderr together must contain the lines shown, in that order. `...`
works as above; alone on a line it stands for omitted lines.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
TIMEOUT_S = 300
SKIPPED = 77


@dataclass
class Command:
    line: int  # of the transcript, from 1
    text: str
    stdout: list = field(default_factory=list)
    stderr: list = field(default_factory=list)
    status: int = 0
    requires: str = ""
    end: int = 0  # the line after its last expected line
    whole: bool = True  # False: only the lines shown are checked, against both streams together


@dataclass
class NewFile:
    name: str
    content: str


def parse(lines):
    steps, requires, i = [], "", 0
    command = None
    while i < len(lines):
        line = lines[i]
        i += 1
        if line.startswith("$ "):
            text = line[2:]
            command = Command(i, text, requires=requires)
            while text.endswith("\\"):
                text = lines[i]
                command.text += "\n" + text
                i += 1
            steps.append(command)
        elif match := re.fullmatch(r"file: (\S+) <<(-?)(\S+)", line):
            start = i
            while lines[i] != match[3]:
                i += 1
            steps.append(NewFile(match[1], "\n".join(lines[start:i]) + ("" if match[2] else "\n")))
            i, command = i + 1, None
            continue
        elif match := re.fullmatch(r"requires: (\S+)", line):
            requires, command = "" if match[1] == "nothing" else match[1], None
        elif line.startswith("# ") or line == "#":
            command = None
        elif command is None:
            if line.strip():
                raise SystemExit(f"line {i}: output without a command: {line}")
        elif line == "2>" or line.startswith("2> "):
            command.stderr.append(line[3:])
        elif match := re.fullmatch(r"\? (\d+)", line):
            command.status = int(match[1])
        else:
            command.stdout.append(line[1:] if line.startswith("\\") else line)
        if command and line.strip():
            command.end = i
    return steps


def parse_document(text):
    """Returns the commands of the ```sh blocks that start with `$ pellucid`."""
    steps = []
    for block in re.finditer(r"^```sh\n(\$ pellucid.*?)^```", text, re.M | re.S):
        first = text.count("\n", 0, block.start(1))
        for command in parse(block[1].splitlines()):
            command.line += first
            command.whole = False
            command.stdout = ["...."] + ["...." if s.strip() == "..." else s for s in command.stdout] + ["...."]
            steps.append(command)
    return steps


def matches(pattern, line):
    return re.fullmatch(".*".join(re.escape(part) for part in pattern.split("...")), line) is not None


def compare(expected, actual):
    """Returns the diff with the fewest edits between patterns and lines, and whether they match. `....` matches any number of lines."""
    n, m = len(expected), len(actual)
    cost = [[0] * (m + 1) for _ in range(n + 1)]  # cost[i][j]: edits from expected[i:] to actual[j:]
    for i in range(n, -1, -1):
        for j in range(m, -1, -1):
            if i == n:
                cost[i][j] = m - j
            elif expected[i] == "....":
                cost[i][j] = min(cost[i + 1][j], cost[i][j + 1] if j < m else m + n)
            else:
                cost[i][j] = 1 + cost[i + 1][j]
                if j < m:
                    same = cost[i + 1][j + 1] if matches(expected[i], actual[j]) else m + n
                    cost[i][j] = min(cost[i][j], 1 + cost[i][j + 1], same)
    return walk(cost, expected, actual), cost[0][0] == 0


def walk(cost, expected, actual):
    diff, i, j = [], 0, 0
    while i < len(expected) or j < len(actual):
        here = cost[i][j]
        if i == len(expected):
            diff.append("+" + actual[j])
            j += 1
        elif expected[i] == "....":
            if here == cost[i + 1][j]:
                i += 1
            else:
                diff.append(" " + actual[j])
                j += 1
        elif j < len(actual) and here == cost[i + 1][j + 1] and matches(expected[i], actual[j]):
            diff.append(" " + actual[j])
            i, j = i + 1, j + 1
        elif here == 1 + cost[i + 1][j]:
            diff.append("-" + expected[i])
            i += 1
        else:
            diff.append("+" + actual[j])
            j += 1
    return diff


def lines_of(text):
    lines = text.split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def data_folder():
    given = os.environ.get("PELLUCID_DATA")
    return Path(given) if given else SOURCE.parent / "shared" / "data"


def environment(program, folder):
    keep = {k: v for k, v in os.environ.items() if not k.startswith("PELLUCID_") and k not in ("NO_COLOR", "FORCE_COLOR")}
    return keep | {
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "80", "TERM": "xterm", "LC_ALL": "C.UTF-8",
        "HOME": str(folder), "DATA": str(SOURCE / "data"), "PELLUCID_DATA": str(data_folder())}


def readable(text, folder):
    for path, name in ((data_folder(), "$PELLUCID_DATA"), (SOURCE / "data", "$DATA"), (folder, "$PWD")):
        text = text.replace(str(path), name)
    return text


def run(command, folder, env):
    """Returns exit status, lines of stdout and lines of stderr."""
    try:
        done = subprocess.run(["bash", "-c", command.text], cwd=folder, env=env, stdin=subprocess.DEVNULL, timeout=TIMEOUT_S,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE if command.whole else subprocess.STDOUT)
    except subprocess.TimeoutExpired:
        return -1, [f"(still running after {TIMEOUT_S} s)"], []
    text = [readable((s or b"").decode(errors="backslashreplace"), folder) for s in (done.stdout, done.stderr)]
    return done.returncode, lines_of(text[0]), lines_of(text[1])


def check(command, folder, env):
    """Returns a report of the differences ("" if there are none), and the outcome."""
    outcome = status, stdout, stderr = run(command, folder, env)
    report = []
    for name, expected, actual in (("stdout", command.stdout, stdout), ("stderr", command.stderr, stderr)):
        diff, same = compare(lines_of("\n".join(expected)), actual)
        if not same:
            report += [f"--- {name} expected", f"+++ {name} found", *diff]
    if status != command.status:
        report.append(f"exit status {status}, expected {command.status}")
        if command.whole and not command.stderr and status != 0 and not report[:-1]:
            report += stderr
    return "\n".join(report), outcome


def expectation(outcome):
    """Writes the outcome in the format of a transcript."""
    status, stdout, stderr = outcome
    special = re.compile(r"(\$ |2>|\? \d|# |#$|\\|requires: |file: )|\.\.\.\.$")
    lines = ["\\" + s if special.match(s) else s for s in stdout]
    lines += [f"2> {s}".rstrip() for s in stderr]
    return lines + ([f"? {status}"] if status else [])


def replay(path, steps, program, accept, folder):
    """Returns how many commands failed and how many were skipped."""
    env, lines = environment(program, folder), path.read_text().split("\n")
    failed, skipped, edits = 0, 0, []
    for step in steps:
        if isinstance(step, NewFile):
            target = folder / step.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(step.content)
        elif step.requires and not (data_folder() / step.requires).exists():
            print(f"{path.name}:{step.line}: skipped, needs data {step.requires}: {step.text}")
            skipped += 1
        else:
            report, outcome = check(step, folder, env)
            if report:
                failed += 1
                print(f"{path}:{step.line}: $ {step.text}\n{report}\n")
                edits.append((step, outcome))
    if accept and edits:
        for step, outcome in reversed(edits):
            lines[step.line + step.text.count("\n"):step.end] = expectation(outcome)
        path.write_text("\n".join(lines))
        print(f"{path}: {len(edits)} expectations rewritten")
    return failed, skipped


def main():
    parser = argparse.ArgumentParser(description="Replays transcripts of the program.")
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--accept", action="store_true")
    parser.add_argument("--document", action="store_true")
    parser.add_argument("files", type=Path, nargs="+")
    options = parser.parse_args()
    failed = skipped = commands = 0
    for path in options.files:
        text = path.read_text()
        steps = parse_document(text) if options.document else parse(text.split("\n"))
        commands += sum(isinstance(step, Command) for step in steps)
        with tempfile.TemporaryDirectory(prefix="pellucid-cli-") as name:
            folder = Path(name).resolve()
            if options.document:
                shutil.copytree(SOURCE / "data", folder / "data")
            whole_folder = path.parent.parent.name == "cases"
            for beside in path.parent.glob("*" if whole_folder else path.stem + ".*"):
                if beside != path and not options.document and not (whole_folder and beside.suffix == ".txt"):
                    shutil.copy(beside, folder)
            f, s = replay(path, steps, options.program.resolve(), options.accept, folder)
        failed, skipped = failed + f, skipped + s
    print(f"{commands} commands, {failed} failed, {skipped} skipped")
    if failed:
        return 1
    return SKIPPED if commands and skipped == commands else 0


if __name__ == "__main__":
    sys.exit(main())
