"""Runs the program: ``python -m pellucid train houses.csv --target price``. Not here: the program itself (app/)."""

from __future__ import annotations

import os
import shutil
import sys


def main() -> None:
    # A wheel holds the library only: with the program it would be half as large again.
    program = shutil.which("pellucid")
    if program is None:
        sys.exit(
            "error[U02]: there is no program pellucid on the PATH, and the Python package does not contain it\n"
            "  in a checkout of the repository: ./dev install PREFIX, or ./dev package for a .deb\n"
            "  without it, use the package: python -c 'import pellucid; help(pellucid.train)'"
        )
    os.execv(program, [program, *sys.argv[1:]])


if __name__ == "__main__":
    main()
