"""Runs a test under the Python of build/venv, which ./dev test makes. Not here: the packages in it (requirements.txt)."""

import importlib.util
import os
import sys
from pathlib import Path

VENV = Path(__file__).resolve().parents[1] / "build/venv"


def require(*modules):
    """Starts the script again under that Python if this one lacks a module. Exits with 77, skipped, if that lacks one too."""
    lacking = [module for module in modules if importlib.util.find_spec(module) is None]
    if not lacking:
        return
    python = VENV / "bin/python"
    if python.exists() and Path(sys.prefix) != VENV:
        os.execv(python, [str(python), *sys.argv])
    print(f"skipped: needs the tool {lacking[0]} in build/venv, which ./dev test makes")
    sys.exit(77)
