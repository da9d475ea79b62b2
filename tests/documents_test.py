#!/usr/bin/env python3
"""Checks that everything named in documents, comments and messages exists: files, public headers, flags, codes of errors and findings.
Checks also that `pellucid explain` knows every code, kind, term and setting value.
Not here: the commands that documents show (tests/cli/run.py --document), their C++ programs (tests/packaging/run.py).

    documents_test.py [PROGRAM]        without the program, flags and explanations are not checked
"""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HISTORY = {"CHANGELOG.md"}  # names files that existed at the time
ENDINGS = r"cc|h|py|cmake|cmake\.in|ts|mjs|js|md|toml|txt|csv|json|1"
CODE_ENDINGS = r"cc|h|py|cmake|ts|mjs"
FOLDERS = "include|src|app|tests|docs|cmake|data|lessons|examples|bench|web|fuzz"

# Files that may be named although they are not in the repository.
GENERATED = {"activations.h", "list.h", "rows.inc", "kinds.inc", "formulas.inc", "iris.h"}  # iris.h: docs/export.md writes it
OF_OTHERS = {"main.cc", "main.py", "highway.h", "foreach_target.h", "stb_image.h", "stb_image_write.h", "cblas.h"}
OF_RUNS = r"(^|/)(model|last|config|metrics|predictions|splits|report|examples|log|trials|trial|repeats|baselines)[\w.-]*$"

# Flags of other programs that documents and comments may name.
FOREIGN_FLAGS = set("""
    --build --preset --install --prefix --strip --target --gtest_filter --output-on-failure --output-junit --parallel
    --cflags --libs --static --tool --dry-run --Werror --seconds --cases --workloads --peers --quick --accept --program
    --document --compiler --no-install-recommends --audit --no-audit --no-fund --exclude-standard --defined-only --cached --write-table
    --benchmark_repetitions --benchmark_enable_random_interleaving --benchmark_filter
""".split())
FOREIGN_LINE = re.compile(r"\b(cmake|ctest|pip|npm|npx|apt-get|git|ldd|nm|c\+\+|g\+\+|clang\S*|pkg-config|valgrind|node|esbuild|"
                          r"python3? \S+\.py|\./dev|curl|docker|strace|perf|openssl|gdb|setarch|taskset|gcov|Chromium|chromium)\b")

PATH = re.compile(rf"(?<![\w/$.<>{{}}*~-])((?:[\w.*-]+/)*[\w*-]+(?:\.[\w-]+)*\.(?:{ENDINGS}))(?![\w/(])")
FOLDER = re.compile(rf"(?<![\w/$.<>{{}}*~-])((?:{FOLDERS})(?:/[\w-]+)+/)(?![\w.*<{{]|NAME)")
LINK = re.compile(r"\]\(([^)#\s:]+)(?:#[^)]*)?\)")
FLAG = re.compile(r"(?<![\w-])--[a-z][a-z0-9_-]*(?![\w-]|\.\.\.)")
CODE = re.compile(r"(?<![\w#.&-])[UDNHMP]\d\d(?![\w.])")
COMMENT = {".cc": r"//.*", ".h": r"//.*", ".ts": r"//.*|/\*.*", ".py": r"#.*", ".cmake": r"#.*", ".mjs": r"//.*"}
STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')

problems = []


def repository():
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True)
    if listed.returncode == 0:
        return sorted(p for p in listed.stdout.decode().split("\0") if p and (ROOT / p).is_file())
    skip = {"build", "runs", "out", ".git", "node_modules"}
    return sorted(str(p.relative_to(ROOT)) for p in ROOT.rglob("*") if p.is_file() and not skip & set(p.relative_to(ROOT).parts))


FILES = repository()
ENDS = {path[i:] for path in FILES for i in [0, *(m.end() for m in re.finditer("/", path))]}


def problem(path, number, text):
    problems.append(f"{path}:{number}: {text}")


def is_document(path):
    return path.endswith((".md", ".1")) and path not in HISTORY and not path.startswith("web/node_modules")


def lines_of(path):
    """Yields (number, line) of text for people: all lines of documents; of programs, only the comments."""
    suffix = Path(path).suffix
    try:
        text = (ROOT / path).read_text()
    except UnicodeDecodeError:
        return
    for number, line in enumerate(text.split("\n"), 1):
        if is_document(path):
            yield number, line.replace("\\-", "-")
        elif suffix in COMMENT:
            without_strings = STRING.sub(lambda m: " " * len(m[0]), line)
            if match := re.search(COMMENT[suffix], without_strings):
                yield number, line[match.start():]


def is_there(name, path):
    while name.startswith(("./", "../")):
        name = name.split("/", 1)[1]
    if "*" in name:
        pattern = re.compile("(^|.*/)" + re.escape(name).replace(r"\*", "[^/]*") + "$")
        return any(pattern.match(file) for file in FILES)
    beside = str(Path(path).parent / name)
    return name in ENDS or f"include/{name}" in ENDS or f"src/{name}" in ENDS or beside in ENDS or Path(name).name in GENERATED


def check_files(path, number, line):
    document = is_document(path)
    for name in PATH.findall(line):
        rooted = re.match(rf"({FOLDERS})/", name)
        code = re.search(rf"\.({CODE_ENDINGS})$", name)
        if re.search(r"NAME|FILE|NNN|YOURS", name) or (not rooted and not code) or line.startswith(f"In `{name}`:"):
            continue  # a placeholder, a user's data, a file that the reader is told to add
        if re.search(OF_RUNS, name) and not rooted or Path(name).name in OF_OTHERS or "http" in line.split(name)[0][-40:]:
            continue
        if document and not rooted and not code:
            continue
        if not is_there(name, path):
            problem(path, number, f"names {name}, which is not there")
    for folder in FOLDER.findall(line):
        if not (ROOT / folder).is_dir():
            problem(path, number, f"names the folder {folder}, which is not there")
    if path.endswith(".md"):
        for target in LINK.findall(line):
            if not (ROOT / path).parent.joinpath(target).exists():
                problem(path, number, f"links to {target}, which is not there")


def check_codes(path, number, line, known):
    for code in CODE.findall(line):
        if code not in known:
            problem(path, number, f"names the code {code}, which src/core/error_codes.cc does not have")


def check_headers():
    """Checks that docs/library.md lists every public header, and that a public header declares each name that it lists."""
    text = (ROOT / "docs/library.md").read_text()
    headers = [path for path in FILES if re.fullmatch(r"include/pellucid/\w+\.h", path)]
    for path in headers:
        name = Path(path).name
        if name not in ("pellucid.h", "export.h") and f"`{name}`" not in text:
            problems.append(f"docs/library.md: does not list {name}")
    declared = set(re.findall(r"\w+", " ".join((ROOT / path).read_text() for path in headers)))
    declared |= {Path(path).name.removesuffix("-inl.h") for path in FILES if path.startswith("src/activations/")}
    for line in text.split("\n"):
        cells = line.split(" | ")
        if line.startswith("| `") and len(cells) == 3 and ".h`" in cells[0]:
            for name in re.findall(r"`(\w+)", cells[2]):
                if name not in declared:
                    problems.append(f"docs/library.md: names {name}, which no public header declares")


def known_codes():
    table = (ROOT / "src/core/error_codes.cc").read_text()
    return re.findall(r'^\s*\{"([A-Z]\d\d)"', table, re.M)


def said(program, *arguments):
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=True).stdout


def flags_of(program):
    commands = re.findall(r"^  ([a-z]+)  ", said(program, "help"), re.M)
    helps = [said(program, "help"), *(said(program, "help", command) for command in commands)]
    return {flag for text in helps for flag in FLAG.findall(text)}


def check_flags(path, known):
    """Checks the flags in documents, comments and the program's messages (string literals of src/ and app/)."""
    lines = list(lines_of(path))
    if path.startswith(("src/", "app/")) and path.endswith((".cc", ".h")):
        text = (ROOT / path).read_text().split("\n")
        lines += [(number, literal) for number, line in enumerate(text, 1) for literal in STRING.findall(line.split("//")[0])]
    for number, line in lines:
        if FOREIGN_LINE.search(line):
            continue
        for flag in FLAG.findall(line):
            if flag not in known and flag not in FOREIGN_FLAGS:
                problem(path, number, f"names the flag {flag}, which the program does not have")


def words_to_explain(program):
    """Returns codes, kinds, terms with their other names, settings, and the values of settings that are words."""
    listed = said(program, "explain")
    words = known_codes()
    for block in re.split(r"\n\n", listed):
        title, *lines = block.split("\n")
        joined = re.sub(r"\n {10,}", " ", "\n".join(lines))
        if title == "Terms":
            words += [term for line in joined.split("\n") if line for term in line[2:].split(None, 1)[1].split(", ")]
        elif title == "Kinds and settings":
            words += [kind for line in joined.split("\n") if line for kind in line.split()[1:]]
    for line in said(program, "help", "train").split("\n"):
        if choices := re.match(r"\s+(?:-\w, )?--[\w-]+ ([a-z0-9-]+(?:\|[a-z0-9-]+)+)(?:\s|$)", line):
            words += [word for word in choices[1].split("|") if word not in ("auto", "always", "never")]  # of --color
    glossary = (ROOT / "app/text/glossary.cc").read_text()
    words += [word for other in re.findall(r'^    \{"[^"]+", \w+,\s+"([^"]*)"', glossary, re.M) for word in other.split(", ") if word]
    return sorted(set(words))


def check_explanations(program):
    def explained(word):
        return subprocess.run([program, "explain", *word.split()], capture_output=True).returncode == 0

    words = words_to_explain(program)
    with ThreadPoolExecutor(4) as pool:
        for word, good in zip(words, pool.map(explained, words)):
            if not good:
                problems.append(f"pellucid explain {word}: nothing is explained")
    if len(words) < 200:
        problems.append(f"only {len(words)} words were found in `pellucid explain`")


def main():
    codes = set(known_codes())
    check_headers()
    for path in FILES:
        if path.startswith(("data/", "fuzz/corpus", "web/dist", "tests/torture")) or path in HISTORY:
            continue
        for number, line in lines_of(path):
            check_files(path, number, line)
            check_codes(path, number, line, codes)
    if len(sys.argv) > 1:
        flags = flags_of(sys.argv[1])
        for path in FILES:
            if is_document(path) or path.startswith(("src/", "app/", "include/")):
                check_flags(path, flags)
        check_explanations(sys.argv[1])
    print("\n".join(problems) or f"{len(FILES)} files: what they name is there")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
