#!/usr/bin/env python3
"""Tests that a new user can use the library: builds the first C++ program of README.md in a project of its own and runs it in a
folder that contains data/. Not here: what the program does (README.md), the list of installed files (cmake/install.cmake).

    run.py find_package BUILD      with what `cmake --install BUILD` puts into an empty prefix, found by find_package and by pkg-config;
                                   also from C
    run.py add_subdirectory BUILD  with a copy of the source tree inside the user's project and a shared library, where the additional
                                   libraries of the program cannot be found; the copy also has the files from the recipes of
                                   CONTRIBUTING.md, so that these are tested too
    run.py shared BUILD            with that shared library installed and as a Debian package (run add_subdirectory first); it must
                                   export public names only
    run.py archive BUILD           the archive that packaging/archive.py makes of the program runs without this system's libraries
    run.py documents BUILD         every other complete C++ program in the documents must compile
    run.py training_loops BUILD    the training loops of docs/library.md must run, and each must learn its task
    run.py headers BUILD           each public header must compile alone without warnings, with stricter flags than those of the build; so
                                   must what replaces ONNX in a library without it (PELLUCID_ONNX=OFF)

Build results are kept in BUILD/packaging, so that later runs are fast; the library is built there with little optimisation.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", *(str(p.relative_to(ROOT)) for p in sorted(ROOT.glob("docs/**/*.md")))]

RECIPE = re.compile(r"^In `([^`\n]+)`:\n\n```cpp\n(.*?)^```", re.M | re.S)
TREE = ("CMakeLists.txt", "cmake", "include", "src", "packaging", "docs/pellucid.1", "CHANGELOG.md")

PROGRAM_FILES = ("bin/pellucid", "share/man/man1/pellucid.1", "share/bash-completion/completions/pellucid",
                 "share/zsh/site-functions/_pellucid")
MOST_BYTES = 14_000_000  # of the stripped program

# Packages that the program needs and the library does not, by their names for CMake's find_package.
OF_THE_PROGRAM = ("CLI11", "tomlplusplus", "CURL", "OpenSSL", "Boost", "GTest", "Python3")

PROJECT = """cmake_minimum_required(VERSION 3.25)
project(newcomer CXX)
{library}
add_executable(newcomer main.cc)
target_link_libraries(newcomer PRIVATE pellucid::pellucid)
"""
RECIPE_PROGRAM = """#include <pellucid/pellucid.h>
int main() {{ return pellucid::Activation::parse("{name}") == pellucid::{name} ? 0 : 1; }}
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


def call(*command, cwd=None, env=None):
    """Returns stdout; if the command fails, ends the test and prints all output."""
    done = subprocess.run([str(c) for c in command], cwd=cwd, env=env, capture_output=True, text=True, timeout=600)
    if done.returncode:
        raise SystemExit(f"$ {' '.join(map(str, command))}\n{done.stdout}{done.stderr}exit status {done.returncode}")
    return done.stdout


def configure(source, build, *arguments):
    quick = ["-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS_DEBUG=-O1"]
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


def project(work, library):
    """Writes a project with one program that gets the library by the CMake lines `library`."""
    write_if_new(work / "CMakeLists.txt", PROJECT.format(library=library))
    write_if_new(work / "main.cc", first_program())


def build_and_run(work):
    call("cmake", "--build", work / "build")
    if not (work / "data").exists():
        shutil.copytree(ROOT / "data", work / "data")
    said = call(work / "build" / "newcomer", cwd=work)
    if not said.strip():
        raise SystemExit("the program ran, but printed nothing")
    print(said)


def find_installed(work, prefix):
    project(work, "find_package(pellucid CONFIG REQUIRED COMPONENTS library)")
    configure(work, work / "build", f"-DCMAKE_PREFIX_PATH={prefix}")
    build_and_run(work)


def use_pkg_config(work, prefix):
    """Compiles and runs the program with only the flags that pkg-config prints, with and without --static."""
    folder, = (f.parent for f in prefix.rglob("pellucid.pc"))
    environment = dict(os.environ, PKG_CONFIG_PATH=str(folder), LD_LIBRARY_PATH=str(folder.parent))
    write_if_new(work / "main.cc", first_program())
    for static in ([], ["--static"]):
        flags = call("pkg-config", "--cflags", "--libs", *static, "pellucid", env=environment).split()
        call("c++", "-std=c++20", "-O0", work / "main.cc", "-o", work / "by_pkg_config", *flags)
        call(work / "by_pkg_config", cwd=work, env=environment)


def use_from_c(work, prefix, *static):
    """Compiles tests/packaging/consumer.c and the program of docs/c.md as C89, and runs them and the ctypes program of docs/c.md."""
    folder, = (f.parent for f in prefix.rglob("pellucid.pc"))
    environment = dict(os.environ, PKG_CONFIG_PATH=str(folder), LD_LIBRARY_PATH=str(folder.parent))
    flags = call("pkg-config", "--cflags", "--libs", *static, "pellucid", env=environment).split()
    text = (ROOT / "docs/c.md").read_text()
    programs = re.findall(r"^```c\n(.*?)^```", text, re.M | re.S)
    shutil.copy(ROOT / "tests/packaging/consumer.c", work / "consumer.c")
    write_if_new(work / "documented.c", programs[0])
    for compiler in filter(shutil.which, ("gcc", "clang", "clang-14")):
        for program in ("consumer", "documented"):
            call(compiler, "-std=c89", "-pedantic", "-Wall", "-Wextra", "-Werror", work / f"{program}.c", "-o", work / program, *flags)
            print(call(work / program, cwd=work, env=environment), end="")
    if static:
        return
    write_if_new(work / "documented.py", re.search(r"^```python\n(.*?)^```", text, re.M | re.S)[1])
    print(call(sys.executable, work / "documented.py", cwd=work, env=environment), end="")


def public_names(build):
    folders = (ROOT / "include", build / "generated/include")
    text = "".join(p.read_text() for folder in folders for p in folder.rglob("*.h"))
    return set(re.findall(r"\w+", re.sub(r"//.*", "", text)))


# Mangled names: instances of templates of std, and the first name inside namespace pellucid.
OF_STD = re.compile(r"_Z(?:T[A-Z]|GV|Z)*(?:N[KRO]*)?(?:S[a-z]|9__gnu_cxx|n[wa]|d[la])")
OURS = re.compile(r"_Z(?:T[A-Zh]n?\d*_?|GV|Z)*N[KRO]*8pellucid(\d*)(\w+)")


def check_exports(build, library):
    """Checks that every exported symbol of namespace pellucid belongs to a name in a public header, and that all other symbols are
    templates of the standard library."""
    names = public_names(build)
    wrong, c_functions = [], 0
    for line in call("nm", "-D", "--defined-only", library).splitlines():
        symbol = line.split()[-1].split("@")[0]
        ours = OURS.match(symbol)
        if symbol.startswith("pellucid_") and symbol in names:
            c_functions += 1
            continue
        if OF_STD.match(symbol) or ours and (not ours[1] or ours[2][:int(ours[1])] in names):
            continue
        wrong.append(symbol)
    if wrong:
        listed = subprocess.run(["c++filt", *wrong[:40]], capture_output=True, text=True).stdout
        raise SystemExit(f"{library} exports {len(wrong)} symbols that no public header declares:\n{listed}")
    if c_functions != 26:
        raise SystemExit(f"{library} exports {c_functions} functions of pellucid_c.h, 26 are expected")


def check_program(prefix):
    """Checks that program, manual page and completions are installed, and that the program is small and runs from its new place."""
    for file in PROGRAM_FILES:
        if not (prefix / file).exists() or not (prefix / file).stat().st_size:
            raise SystemExit(f"not installed: {file}")
    call("strip", prefix / "bin/pellucid")
    if (size := (prefix / "bin/pellucid").stat().st_size) > MOST_BYTES:
        raise SystemExit(f"the stripped program has {size:,} bytes, at most {MOST_BYTES:,}")
    print(call(prefix / "bin/pellucid", "--version"))


def find_package(build, work):
    install(build, work / "prefix")
    check_program(work / "prefix")
    find_installed(work, work / "prefix")
    use_pkg_config(work, work / "prefix")
    use_from_c(work, work / "prefix", "--static")


def tree_with_recipes(tree):
    """Copies what a subproject needs and adds the files from the recipes of CONTRIBUTING.md. Returns the names of the added activations.
    File times are kept, so that nothing is rebuilt needlessly."""
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True)
    for name in TREE:
        (tree / name).parent.mkdir(exist_ok=True)
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, tree / name)
    contributing = ROOT / "CONTRIBUTING.md"
    recipes = RECIPE.findall(contributing.read_text())
    if not recipes:
        raise SystemExit("CONTRIBUTING.md: no recipe of the form: In `FILE`: and a block of C++")
    for file, text in recipes:
        (tree / file).write_text(text)
        os.utime(tree / file, (contributing.stat().st_mtime,) * 2)
    return [re.fullmatch(r"src/activations/(\w+)-inl\.h", file)[1] for file, _ in recipes]


def add_subdirectory(_, work):
    lines = ["add_subdirectory(pellucid)"]
    added = tree_with_recipes(work / "pellucid")
    for name in added:
        write_if_new(work / f"{name}.cc", RECIPE_PROGRAM.format(name=name))
        lines += [f"add_executable({name} {name}.cc)", f"target_link_libraries({name} PRIVATE pellucid::pellucid)"]
    project(work, "\n".join(lines))
    hidden = [f"-DCMAKE_DISABLE_FIND_PACKAGE_{name}=ON" for name in OF_THE_PROGRAM]
    configure(work, work / "static", *hidden)  # checks that the dependencies of the static library are found
    configure(work, work / "build", *hidden, "-DBUILD_SHARED_LIBS=ON", "-DPELLUCID_INSTALL=ON", "-DPELLUCID_ONE_TARGET=ON",
              "-DPELLUCID_PACKAGE=ON", "-DCMAKE_INSTALL_PREFIX=/usr")
    build_and_run(work)
    for name in added:
        call(work / "build" / name)


def shared(build, work):
    install(build / "packaging/add_subdirectory/build", work / "prefix")
    if not list((work / "prefix").rglob("libpellucid.so*")):
        raise SystemExit("BUILD_SHARED_LIBS=ON installed no shared library")
    if (work / "prefix/bin").exists():
        raise SystemExit("a project that uses add_subdirectory() installed the program")
    check_exports(build, next((work / "prefix").rglob("libpellucid.so")))
    find_installed(work, work / "prefix")
    use_pkg_config(work, work / "prefix")
    use_from_c(work, work / "prefix")
    check_debian_package(build / "packaging/add_subdirectory/build", work)


PACKAGED = ("libpellucid.so.0", "include/pellucid/pellucid.h", "pellucid-config.cmake", "pkgconfig/pellucid.pc", "doc/pellucid/copyright",
            "doc/pellucid/changelog.Debian.gz", "man/man1/pellucid.1.gz")


def check_debian_package(build, work):
    for old in build.glob("*.deb"):
        old.unlink()
    call("cpack", cwd=build)
    package, = build.glob("*.deb")
    unpacked = work / "deb"
    shutil.rmtree(unpacked, ignore_errors=True)
    call("dpkg-deb", "--extract", package, unpacked)
    files = [str(file) for file in unpacked.rglob("*")]
    for name in PACKAGED:
        if not any(file.endswith(name) for file in files):
            raise SystemExit(f"{package.name} lacks {name}")
    print(call("dpkg-deb", "--field", package, "Package", "Version", "Architecture"))


def archive(build, work):
    program = build / "bin/pellucid"
    packed = call(sys.executable, ROOT / "packaging/archive.py", program, "0.0", work).strip()
    shutil.rmtree(work / "unpacked", ignore_errors=True)
    (work / "unpacked").mkdir()
    call("tar", "-xf", packed, "-C", work / "unpacked")
    folder, = (work / "unpacked").iterdir()
    loaded = call("ldd", folder / "bin/pellucid")
    for name in (file.name for file in (folder / "lib/pellucid").iterdir()):
        if f"{name} => {folder}/" not in loaded.replace("bin/../", ""):
            raise SystemExit(f"{name} is in the archive, but another one is loaded:\n{loaded}")
    print(call("env", "-i", folder / "bin/pellucid", "demo", "digits", "--out", work / "demo", cwd=work))


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


def training_loops(build, work):
    library = (ROOT / "docs/library.md").read_text()
    section = re.search(r"^## Training loops of your own\n(.*?)^## ", library, re.M | re.S)[1]
    programs = re.findall(r"^```cpp\n(.*?)^```", section, re.M | re.S)
    if len(programs) < 8:
        raise SystemExit(f"docs/library.md has {len(programs)} training loops, 8 are expected")
    for number, program in enumerate(programs, 1):
        file = work / f"loop-{number}.cc"
        write_if_new(file, program)
        call("c++", "-std=c++20", "-O1", f"-I{ROOT / 'include'}", f"-I{build / 'generated/include'}", file, "-o", file.with_suffix(""),
             *build.glob("libpellucid.a"), *build.glob("libpellucid.so"), f"-Wl,-rpath,{build}", "-lhwy", "-lfmt", "-lz", "-lminizip", "-lprotobuf-lite", "-lpthread")
        print(call(file.with_suffix(""), cwd=ROOT), end="")
    print(f"{len(programs)} training loops learned")


def headers(build, work):
    for header in sorted((ROOT / "include/pellucid").glob("*.h")):
        file = work / f"{header.stem}.cc"
        write_if_new(file, f'#include "pellucid/{header.name}"\n')
        check_syntax(build, file, "-Wpedantic", "-Wshadow", "-Wconversion", "-Wold-style-cast")
    for file in (ROOT / "src").glob("*/without_onnx.cc"):
        check_syntax(build, file, "-Wpedantic")


def main():
    modes = {f.__name__: f for f in (find_package, add_subdirectory, shared, archive, documents, training_loops, headers)}
    if len(sys.argv) != 3 or sys.argv[1] not in modes:
        raise SystemExit(__doc__)
    build = Path(sys.argv[2]).resolve()
    work = build / "packaging" / sys.argv[1]
    work.mkdir(parents=True, exist_ok=True)
    modes[sys.argv[1]](build, work)


if __name__ == "__main__":
    main()
