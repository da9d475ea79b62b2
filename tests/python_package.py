#!/usr/bin/env python3
"""Installs the wheel that `./dev wheel` built into build/venv and runs python/tests there.

    python_package.py BUILD_DIR PROGRAM EXAMPLE     EXAMPLE: the built examples/train_a_table.cc

Not here: building the wheel (./dev wheel), the tests themselves (python/tests).
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main():
    build, program, example = (Path(p).resolve() for p in sys.argv[1:])
    python = build.parent / "venv" / "bin" / "python"
    wheels = sorted((build.parent / "wheel").glob("*.whl"))
    for thing, there in (("build/venv, which ./dev test makes", python.exists()), ("a wheel, which ./dev wheel builds", wheels)):
        if not there:
            print(f"skipped: there is no {thing}")
            return 1 if os.environ.get("CI") == "true" else 77
    install = ["-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps", "--force-reinstall", str(wheels[0])]
    subprocess.run([python, *install], check=True)
    settings = {"PELLUCID_PROGRAM": str(program), "PELLUCID_EXAMPLE": str(example), "SCIPY_ARRAY_API": "1"}
    tests = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", ROOT / "python" / "tests"]
    return subprocess.run(tests, cwd=build, env={**os.environ, **settings}).returncode


if __name__ == "__main__":
    sys.exit(main())
