#!/usr/bin/env python3
"""Compiles the files of one folder without making anything, as a configured build directory would: the compiler's warnings alone.
Not here: which compiler and flags (the build's own compile_commands.json).

    syntax_check.py BUILD FOLDER
"""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def check(entry):
    """The compiler's complaints, "" if there are none."""
    words = entry["command"].split(" -o ")[0] + " -fsyntax-only " + entry["file"]
    done = subprocess.run(words, shell=True, cwd=entry["directory"], capture_output=True, text=True)
    return done.stdout + done.stderr if done.returncode else ""


def main():
    build, folder = Path(sys.argv[1]), ROOT / sys.argv[2]
    entries = json.loads((build / "compile_commands.json").read_text())
    ours = [entry for entry in entries if Path(entry["file"]).is_relative_to(folder)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        complaints = list(pool.map(check, ours))
    sys.stdout.write("".join(complaints))
    print(f"{len(ours)} files of {sys.argv[2]}, {sum(map(bool, complaints))} with errors")
    return 1 if any(complaints) or not ours else 0


if __name__ == "__main__":
    sys.exit(main())
