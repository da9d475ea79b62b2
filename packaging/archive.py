#!/usr/bin/env python3
"""Makes an archive of the program that runs on any Linux with glibc 2.36 or newer, without installing anything: the program, the shared
libraries that it loads except those of glibc, their licences, the manual page and the completions.
Not here: the Debian package (cmake/package.cmake).

    archive.py PROGRAM VERSION FOLDER     writes FOLDER/pellucid-VERSION-linux-MACHINE.tar.gz and prints its path
"""

import gzip
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GLIBC = re.compile(r"(ld-linux.*|lib(c|m|mvec|dl|rt|pthread|resolv|util|nsl|anl|nss_\w+))\.so\.\d+")


def call(*command):
    return subprocess.run([str(c) for c in command], check=True, capture_output=True, text=True).stdout


def shared_libraries(program):
    """Paths of the libraries that the program loads, without those of glibc, by the names under which it loads them."""
    found = {}
    for line in call("ldd", program).splitlines():
        if "not found" in line:
            raise SystemExit(f"{program} needs a library that is not here: {line.strip()}")
        if (match := re.match(r"\s*(\S+) => (/\S+)", line)) and not GLIBC.fullmatch(match[1]):
            found[match[1]] = Path(match[2]).resolve()
    return found


def package_of(library):
    """The Debian package of the library; dpkg knows files by the path before /usr was merged, or after it."""
    for path in (library, Path("/") / library.relative_to("/usr") if library.is_relative_to("/usr") else library):
        done = subprocess.run(["dpkg-query", "-S", str(path)], capture_output=True, text=True)
        if done.returncode == 0:
            return done.stdout.split(":")[0]
    raise SystemExit(f"no Debian package owns {library}, so its licence is unknown")


def fill(folder, program):
    libraries = folder / "lib/pellucid"
    licences = folder / "share/doc/pellucid/licences"
    for new in (folder / "bin", libraries, licences, folder / "share/man/man1", folder / "share/completions"):
        new.mkdir(parents=True)
    ours = folder / "bin/pellucid"
    shutil.copy2(program, ours)
    call("strip", ours)
    for name, library in shared_libraries(program).items():
        copy = libraries / name
        shutil.copy2(library, copy)
        copy.chmod(0o644)
        call("patchelf", "--set-rpath", "$ORIGIN", copy)
        package = package_of(library)
        shutil.copy2(f"/usr/share/doc/{package}/copyright", licences / package)
    call("patchelf", "--set-rpath", "$ORIGIN/../lib/pellucid", ours)
    shutil.copy2(ROOT / "LICENSE", folder / "share/doc/pellucid/LICENSE")
    shutil.copy2(ROOT / "docs/pellucid.1", folder / "share/man/man1/pellucid.1")
    for shell in ("bash", "zsh"):
        (folder / f"share/completions/pellucid.{shell}").write_text(call(ours, "completions", shell))


def pack(folder, archive):
    """The same files give the same bytes: sorted, without times and owners."""
    def plain(info):
        info.uid = info.gid = 0
        info.uname = info.gname = "root"
        info.mtime = 0
        return info
    partly = archive.with_suffix(".part")
    with open(partly, "wb") as out, gzip.GzipFile("", "wb", 9, out, 0) as packed, tarfile.open(fileobj=packed, mode="w") as tar:
        for path in [folder, *sorted(folder.rglob("*"))]:
            tar.add(path, folder.name + str(path)[len(str(folder)):], recursive=False, filter=plain)
    os.replace(partly, archive)


def main():
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    program, version, target = Path(sys.argv[1]).resolve(), sys.argv[2], Path(sys.argv[3])
    target.mkdir(parents=True, exist_ok=True)
    name = f"pellucid-{version}-linux-{platform.machine()}"
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / name
        fill(folder, program)
        archive = target / f"{name}.tar.gz"
        pack(folder, archive)
    print(archive)


if __name__ == "__main__":
    main()
