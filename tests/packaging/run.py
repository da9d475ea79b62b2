#!/usr/bin/env python3
"""Plays the newcomer: takes the first C++ program of README.md, builds it in a project of its own and runs it beside data/.
Not here: what the program does (README.md), what is installed (cmake/install.cmake).

    run.py find_package BUILD      against what `cmake --install BUILD` puts into an empty prefix
    run.py add_subdirectory BUILD  with the source tree inside the newcomer's project
    run.py shared BUILD            against an installed shared library
    run.py documents BUILD         every other whole C++ program in the documents compiles
    run.py headers BUILD           each public header compiles alone and without a warning, under stricter flags than ours

What is built is kept in BUILD/packaging, so the second time is quick; the library is built there without optimisation.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", *(str(p.relative_to(ROOT)) for p in sorted(ROOT.glob("docs/**/*.md")))]

CONSUMER = """cmake_minimum_required(VERSION 3.25)
project(newcomer CXX)
{library}
add_executable(newcomer main.cc)
target_link_libraries(newcomer PRIVATE pellucid::pellucid)
"""


def cpp_blocks(document):
    text = (ROOT / document).read_text() if (ROOT / document).exists() else ""
    return re.findall(r"^```cpp\n(.*?)^```", text, re.M | re.S)


def first_program():
    blocks = cpp_blocks("README.md")
    if not blocks:
        return (Path(__file__).parent / "newcomer.cc").read_text()
    if "int main(" not in blocks[0]:
        raise SystemExit("README.md: its first ```cpp block is not a whole program")
    return blocks[0]


def call(*command, cwd=None):
    """stdout; ends the test with all output where the command fails."""
    done = subprocess.run([str(c) for c in command], cwd=cwd, capture_output=True, text=True, timeout=600)
    if done.returncode:
        raise SystemExit(f"$ {' '.join(map(str, command))}\n{done.stdout}{done.stderr}exit status {done.returncode}")
    return done.stdout


def configure(source, build, *arguments):
    quick = ["-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS_DEBUG=-O0"]
    if shutil.which("ccache"):
        quick.append("-DCMAKE_CXX_COMPILER_LAUNCHER=ccache")
    call("cmake", "-S", source, "-B", build, *quick, *arguments)


def install(build, prefix):
    shutil.rmtree(prefix, ignore_errors=True)
    call("cmake", "--install", build, "--prefix", prefix)


def write_if_new(path, text):
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def newcomer(work, library, *arguments):
    """Builds and runs the program in a project whose way to the library is `library`."""
    write_if_new(work / "CMakeLists.txt", CONSUMER.format(library=library))
    write_if_new(work / "main.cc", first_program())
    configure(work, work / "build", *arguments)
    call("cmake", "--build", work / "build")
    if not (work / "data").exists():
        shutil.copytree(ROOT / "data", work / "data")
    said = call(work / "build" / "newcomer", cwd=work)
    if not said.strip():
        raise SystemExit("the program ran, but printed nothing")
    print(said)


def find_package(build, work):
    install(build, work / "prefix")
    newcomer(work, "find_package(pellucid CONFIG REQUIRED)", f"-DCMAKE_PREFIX_PATH={work / 'prefix'}")


def add_subdirectory(_, work):
    newcomer(work, f'add_subdirectory("{ROOT}" pellucid)')


def shared(_, work):
    configure(ROOT, work / "library", "-DBUILD_SHARED_LIBS=ON", "-DPELLUCID_TESTS=OFF", "-DPELLUCID_EXAMPLES=OFF",
              "-DPELLUCID_PROGRAM=OFF")
    call("cmake", "--build", work / "library")
    install(work / "library", work / "prefix")
    if not list((work / "prefix").rglob("libpellucid.so*")):
        raise SystemExit("BUILD_SHARED_LIBS=ON installed no shared library")
    newcomer(work, "find_package(pellucid CONFIG REQUIRED)", f"-DCMAKE_PREFIX_PATH={work / 'prefix'}")


def check_syntax(build, file, *flags):
    compiler = re.search(r"^CMAKE_CXX_COMPILER:\w+=(.*)$", (build / "CMakeCache.txt").read_text(), re.M)[1]
    call(compiler, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", *flags, f"-I{ROOT / 'include'}",
         f"-I{build / 'generated/include'}", file)


def documents(build, work):
    programs = 0
    for document in DOCUMENTS:
        for number, block in enumerate(cpp_blocks(document), 1):
            if "int main(" not in block or (document == "README.md" and number == 1):
                continue
            file = work / f"{document.replace('/', '_')}-{number}.cc"
            write_if_new(file, block)
            check_syntax(build, file)
            programs += 1
    print(f"{programs} further programs compile")


def headers(build, work):
    for header in sorted((ROOT / "include/pellucid").glob("*.h")):
        file = work / f"{header.stem}.cc"
        write_if_new(file, f'#include "pellucid/{header.name}"\n')
        check_syntax(build, file, "-Wpedantic", "-Wshadow", "-Wconversion", "-Wold-style-cast")


def main():
    modes = {f.__name__: f for f in (find_package, add_subdirectory, shared, documents, headers)}
    if len(sys.argv) != 3 or sys.argv[1] not in modes:
        raise SystemExit(__doc__)
    build = Path(sys.argv[2]).resolve()
    work = build / "packaging" / sys.argv[1]
    work.mkdir(parents=True, exist_ok=True)
    modes[sys.argv[1]](build, work)


if __name__ == "__main__":
    main()
