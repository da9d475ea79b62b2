#!/usr/bin/env python3
"""Checks that web/dist was built from web/src: by the hash in the page, then by building it again. Exits with 77 (skipped) if
node or `npm ci` in web/ is missing.
Not here: tests of the page (web/tests/run.py).
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

WEB = Path(__file__).resolve().parents[1] / "web"
PAGE = WEB / "dist" / "report.html"
ADVICE = "to build it: cd web && npm ci && npm run build"


def sources_hash():
    """The same hash as web/build.mjs computes."""
    files = ["build.mjs", "package-lock.json"] + [f"src/{path.name}" for path in sorted((WEB / "src").iterdir())]
    whole = hashlib.sha256()
    for file in files:
        whole.update(f"{file}\0".encode() + (WEB / file).read_bytes() + b"\0")
    return whole.hexdigest()


def versions(lock):
    """Returns package → version; empty if the file does not exist."""
    return {name: entry.get("version") for name, entry in json.loads(lock.read_text())["packages"].items()} if lock.exists() else {}


def main():
    page = PAGE.read_bytes()
    if f"<!-- sources {sources_hash()} -->".encode() not in page:
        print(f"web/dist/report.html was built from other sources than those in web/; {ADVICE}")
        return 1
    installed = versions(WEB / "node_modules" / ".package-lock.json")
    locked = versions(WEB / "package-lock.json")
    if not shutil.which("node") or not installed or any(locked.get(name) != version for name, version in installed.items()):
        print("skipped: needs the tools node and `npm ci` in web/ to build web/dist/report.html; its hash matches the sources in web/")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        built = Path(folder) / "report.html"
        for command in (["node", "node_modules/typescript/bin/tsc", "--noEmit"], ["node", "build.mjs", str(built)]):
            result = subprocess.run(command, cwd=WEB, capture_output=True, text=True)
            if result.returncode != 0:
                print(result.stdout + result.stderr)
                return 1
        if built.read_bytes() != page:
            print(f"web/dist/report.html differs from the result of building web/; {ADVICE}")
            return 1
    print("web/dist/report.html equals the result of building web/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
