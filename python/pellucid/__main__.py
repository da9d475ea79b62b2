"""The program ``pellucid``: ``python -m pellucid train houses.csv --target price``. Not here: the program itself (app/)."""

from __future__ import annotations

import sys


def main() -> None:
    from . import _core

    sys.exit(_core.run_program(sys.argv[1:]))


if __name__ == "__main__":
    main()
