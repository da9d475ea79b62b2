#!/usr/bin/env python3
"""Checks the files of one folder for compiler warnings, with the flags of a configured build directory and without output files.
Not here: the compiler and its flags (compile_commands.json of the build).

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
    """Returns the compiler's warnings and errors, "" if there are none."""
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
