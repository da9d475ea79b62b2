#!/usr/bin/env python3
"""Tests that the manual page names exactly the commands and flags that the program's help names.
Not here: what they do (tests/cli/*.txt).

    manual_test.py PROGRAM
"""

import re
import subprocess
import sys
from pathlib import Path

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "pellucid.1"
FLAG = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]+")


def said(program, *arguments):
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=True).stdout


def main():
    program = sys.argv[1]
    manual = MANUAL.read_text().replace("\\-", "-")
    commands = re.findall(r"^  ([a-z]+)  ", said(program, "help"), re.M)
    in_help = {flag for command in commands for flag in FLAG.findall(said(program, "help", command))}
    in_help |= set(FLAG.findall(said(program, "help")))
    in_manual = set(FLAG.findall(manual))
    missing = sorted(in_help - in_manual) + [c for c in commands if not re.search(rf"\b{c}\b", manual)]
    unknown = sorted(in_manual - in_help)
    if missing:
        print("docs/pellucid.1 lacks:", *missing)
    if unknown:
        print("docs/pellucid.1 names commands or flags that do not exist:", *unknown)
    if not commands:
        print("`pellucid help` lists no commands")
    return 1 if missing or unknown or not commands else 0


if __name__ == "__main__":
    sys.exit(main())
