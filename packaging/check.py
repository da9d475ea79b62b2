#!/usr/bin/env python3
"""Tries both packages where nothing of a development machine is: in fresh Debian roots made by mmdebstrap. Needs root and Debian's archive.
Not here: making the packages (./dev package).

    check.py PACKAGE.deb ARCHIVE.tar.gz FOLDER     the roots are made in FOLDER and removed afterwards
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SUITE = "bookworm"


def call(*command, **options):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, **options)
    if done.returncode:
        raise SystemExit(f"$ {' '.join(map(str, command))}\n{done.stdout}{done.stderr}exit status {done.returncode}")
    return done.stdout


def inside(root, line):
    """Runs a shell command in the root, with an environment and a /proc of its own."""
    return call("unshare", "--mount", "--pid", "--fork", f"--mount-proc={root}/proc", "chroot", root, "env", "-i", "HOME=/root", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "sh", "-euc", line)


def fresh(root, *packages):
    shutil.rmtree(root, ignore_errors=True)
    include = [f"--include={','.join(packages)}"] if packages else []
    call("mmdebstrap", "--variant=minbase", *include, SUITE, root)


def train(root, program):
    """The demo, and a training with a prediction from it, in a folder with the data of this repository."""
    shutil.copytree(ROOT / "data", root / "try/data", dirs_exist_ok=True)
    inside(root, f"cd /try && {program} demo digits --out demo >/dev/null")
    inside(root, f"cd /try && {program} train data/iris.csv --target species --name iris --quiet")
    said = inside(root, f"cd /try && {program} predict runs/iris data/iris.csv | head -n 3")
    if "setosa" not in said:
        raise SystemExit(f"predict said: {said}")


def first_block(document, language):
    return re.search(rf"^```{language}\n(.*?)^```", (ROOT / document).read_text(), re.M | re.S)[1]


def check_archive(archive, root):
    fresh(root)
    call("tar", "-xf", archive, "-C", root)
    train(root, "/" + archive.name.removesuffix(".tar.gz") + "/bin/pellucid")
    print("the archive runs in a root that contains only Debian's essential packages")


def check_package(package, root):
    fresh(root, "g++", "pkg-config", "cmake", "make")
    shutil.copy2(package, root / package.name)
    shutil.copy2("/etc/resolv.conf", root / "etc/resolv.conf")
    inside(root, f"apt-get update -q && apt-get install -y -q --no-install-recommends /{package.name}")
    train(root, "pellucid")
    (root / "try/main.cc").write_text(first_block("README.md", "cpp"))
    (root / "try/main.c").write_text(first_block("docs/c.md", "c"))
    (root / "try/CMakeLists.txt").write_text("cmake_minimum_required(VERSION 3.25)\nproject(newcomer CXX)\n"
                                             "find_package(pellucid CONFIG REQUIRED COMPONENTS library)\n"
                                             "add_executable(newcomer main.cc)\n"
                                             "target_link_libraries(newcomer PRIVATE pellucid::pellucid)\n")
    inside(root, "cd /try && cmake -B build >/dev/null && cmake --build build >/dev/null && build/newcomer")
    inside(root, "cd /try && c++ -std=c++20 main.cc $(pkg-config --cflags --libs pellucid) && ./a.out")
    inside(root, "cd /try && cc -std=c89 -pedantic -Wall -Werror main.c $(pkg-config --cflags --libs pellucid) && ./a.out")
    inside(root, "apt-get purge -y -q pellucid >/dev/null && ! test -e /usr/bin/pellucid")
    print("the package: the program runs, C++ and C programs compile and run with it, and it can be removed again")


def main():
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    folder = Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    for check, file in ((check_archive, sys.argv[2]), (check_package, sys.argv[1])):
        root = folder.resolve() / check.__name__
        try:
            check(Path(file).resolve(), root)
        finally:
            shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    main()
