#!/usr/bin/env python3
"""Checks that compilers do not make: include order, opening comments, file and function sizes, forbidden words and calls.
Not here: behaviour (the other tests), formatting (clang-format).
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# The rooms in the order of ARCHITECTURE.md: a room may include its own files and those of the rooms before it.
ORDER = """core vocabulary kernels activations initializers losses optimizers metrics layers tables batches prepare model files
           judge export import health train recipe trainings run c_interface""".split()

# The public headers are in one folder; this table gives the room of each.
# "vocabulary": the descriptions of kinds. The kernels use the formulas of kinds, so these headers come before the kernels.
PUBLIC = {
    "core": "export error finding setting_hint auto describe large_vector tensor random numpy_random version version_macros",
    "vocabulary": "activation activations loss optimizer initializer schedule",
    "metrics": "metric calibration conformal_scores",
    "layers": "expression layer layers normalization number_embeddings picture_layers augmentation",
    "tables": "column_kind table image",
    "batches": "dataset",
    "prepare": "fitted_column preprocess findings",
    "model": "model health history observer",
    "files": "tensor_files",
    "judge": "evaluation prediction_intervals record table_predictor importance temperature gradient_check",
    "export": "c_source onnx_export",
    "import": "onnx_import",
    "health": "health_findings",
    "train": "trainer stepper trace",
    "recipe": "hidden_layer recipe train_table",
    "trainings": "tune members",
    "run": "run_result events run",
    "c_interface": "pellucid_c",
}
ROOM_OF_HEADER = {header: room for room, headers in PUBLIC.items() for header in headers.split()}

NOT_IN_PELLUCID_H = {"pellucid", "export", "numpy_random", "pellucid_c"}  # the list itself; included by all; rarely needed; for C
ALL_PUBLIC = (ROOT / "include/pellucid/pellucid.h").read_text()

LONG_FILES = {}  # path → reason why it may exceed MOST_LINES
MOST_LINES = 400
MOST_FUNCTION_LINES = 60

# Results must not depend on the C library or on the vector width: ARCHITECTURE.md, numerical contract.
EXACT_ROOMS = {"kernels", "activations", "initializers", "losses", "optimizers", "layers", "model", "files", "judge", "health", "train", "recipe", "trainings", "batches", "prepare"}
LIBM = re.compile(r"\bstd::(exp2?|expm1|log(2|10|1p)?|pow|a?sinh?|a?cosh?|a?tanh?|atan2|erfc?|cbrt|hypot|[tl]gamma)f?\(")
UNORDERED_SUMS = re.compile(r"\b(SumOfLanes|ReduceSum|Approximate\w+)\b|-ffast-math")
PRINTS = re.compile(r"std::(cout|cerr|clog|abort|exit|terminate)\b|\b(printf|fprintf|puts|abort|exit)\(|fmt::print\b")

# Without an error_code these throw exceptions that no caller expects (for a loop of links, a name that is too long).
THROWING = re.compile(r"\b(?:fs|std::filesystem)::(?:exists|is_\w+|file_size|create_director\w+|remove\w*|rename|copy\w*|directory_iterator \w+)\(")

UNWANTED = re.compile("|".join((
    r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b",
    r"(?<![\w.$}])/(wo" r"rk|ro" r"ot|ho" r"me|mn" r"t)/\w",
    r"pypi\.|npm" r"js\.|art" r"ifactory|ne" r"xus\.|jf" r"rog|proxy\.golang|crates\.i" r"o",
)))

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.M)
CODE = {".cc", ".h"}
problems = []


def problem(path, line, text):
    problems.append(f"{path}:{line}: {text}")


def our_files():
    """Paths of all files of the repository except ignored ones."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True)
    if listed.returncode == 0:
        return [Path(p) for p in sorted(listed.stdout.decode().split("\0")) if p and (ROOT / p).is_file()]
    skip = {"build", "runs", "out", ".git"}
    return [p.relative_to(ROOT) for p in sorted(ROOT.rglob("*")) if p.is_file() and p.relative_to(ROOT).parts[0] not in skip]


def room_of(path):
    """The room of a path under src or include/pellucid, or of a quoted include; "" for generated files and tests."""
    parts = path.split("/")
    if parts[0] in ("src", "include"):
        parts = parts[1:]
    if parts[0] == "pellucid":
        name = Path(parts[-1]).stem
        return "" if name == "pellucid" else ROOM_OF_HEADER.get(name, "unknown")
    return parts[0] if parts[0] in ORDER else ""


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def unmarked_templates(text):
    """Yields the start of each function template that is only declared; with g++, its instances are exported only if it says so itself."""
    for match in re.finditer(r"^template <[^\n]*>\n", text, re.M):
        begin, depth = match.end(), 0
        if re.match(r"(class|struct|using|inline|constexpr|requires|concept|PELLUCID_EXPORT)\b|\[\[", text[begin:]):
            continue
        for end in range(begin, len(text)):
            depth += (text[end] in "([") - (text[end] in ")]")
            if depth == 0 and text[end] in "{;=":
                if text[end] == ";" and "(" in text[begin:end]:
                    yield begin
                break


def check_includes(path, text):
    name = str(path)
    public = name.startswith("include/")
    here = room_of(name)
    if public and (match := re.search(r"^namespace pellucid \{", text, re.M)):
        problem(name, line_of(text, match.start()), "public headers say `namespace PELLUCID_EXPORT pellucid {` (pellucid/export.h)")
    for begin in unmarked_templates(text) if public else ():
        problem(name, line_of(text, begin), "a function template of a public header says PELLUCID_EXPORT before its result type")
    if public and Path(name).stem not in NOT_IN_PELLUCID_H and f'"{name.removeprefix("include/")}"' not in ALL_PUBLIC:
        problem(name, 1, "include/pellucid/pellucid.h does not list this header")
    if here == "unknown":
        problem(name, 1, "a public header without a room: add it to PUBLIC in tests/architecture_test.py")
    for match in INCLUDE.finditer(text):
        bracket, target = match.groups()
        line = line_of(text, match.start())
        if public and bracket == "<" and not re.fullmatch(r"[a-z_0-9]+|stddef\.h", target):
            problem(name, line, f"<{target}>: public headers include the standard library and pellucid/ only")
        if bracket == "<":
            continue
        if public and not target.startswith("pellucid/"):
            problem(name, line, f'"{target}": public headers do not reach into src')
        elif name.startswith("app/"):
            if not re.match(r"(pellucid|core|recipe|run|app|lessons|data)/", target):
                problem(name, line, f'"{target}": the program sees pellucid/, app/, src/core, src/recipe, src/run, data/ and lessons/')
        elif here in ORDER and (there := room_of(target)) in ORDER and ORDER.index(there) > ORDER.index(here):
            formula = here == "kernels" and (target.endswith("-inl.h") or target.endswith(".inc"))
            if not formula:
                problem(name, line, f'"{target}": {here} may not look into {there}')


def check_opening(path, text):
    opening = []
    for line in text.split("\n"):
        if not line.startswith("//"):
            break
        opening.append(line)
    if text.startswith("/*"):  # a header for C89
        opening = text[:text.find("*/")].split("\n")
    if "Not here:" not in " ".join(opening).replace(" // ", " "):
        problem(path, 1, 'opens with "// what lives here" and "// Not here: what does not"')
    if path.suffix == ".h" and "#pragma once" not in text and "#ifndef PELLUCID_" not in text and not path.name.endswith("-inl.h"):
        problem(path, 1, "a header without #pragma once")


def check_sizes(path, text):
    lines = text.split("\n")
    if len(lines) - 1 > MOST_LINES and str(path) not in LONG_FILES:
        problem(path, len(lines), f"{len(lines) - 1} lines, at most {MOST_LINES}")
    start = None
    for number, line in enumerate(lines, 1):
        if line.endswith("{") and not line.endswith("= {") and not re.match(r"[\s}]|namespace|class|struct|enum|union|extern|#", line):
            start = number
        elif line.startswith("}") and start:
            if number - start + 1 > MOST_FUNCTION_LINES and not path.parts[0] == "tests":
                problem(path, start, f"a function of {number - start + 1} lines, at most {MOST_FUNCTION_LINES}")
            start = None


def has_two_arguments(rest):
    """Whether the call whose arguments begin here has two arguments; a call that continues in the next line counts as one."""
    depth = 0
    for character in rest:
        depth += (character in "([{") - (character in ")]}")
        if depth < 0:
            return False
        if character == "," and depth == 0:
            return True
    return True


def without_raw_strings(text):
    """The same lines, with the contents of R"(…)" blanked: they are text that the code writes, such as C source."""
    return re.sub(r'R"\((.*?)\)"', lambda raw: 'R"(' + "\n" * raw[1].count("\n") + ')"', text, flags=re.S)


def check_calls(path, text):
    room = room_of(str(path))
    text = without_raw_strings(text)
    for number, line in enumerate(text.split("\n"), 1):
        code = line.split("//")[0]
        if room in EXACT_ROOMS and (match := LIBM.search(code)):
            problem(path, number, f"{match[0]}…): libm differs from machine to machine; use kernels/math-inl.h")
        if path.parts[0] in ("src", "app", "data") and (match := THROWING.search(code)) and not has_two_arguments(code[match.end():]):
            problem(path, number, f"{match[0]}…) without an error_code throws; see is_there() in core/file.h")
        if path.parts[0] in ("src", "include") and (match := PRINTS.search(code)):
            problem(path, number, f"{match[0]}: the library never prints, aborts or exits")
        if match := UNORDERED_SUMS.search(code):
            problem(path, number, f"{match[0]}: the order of sums is part of the contract")


def check_words(path, text):
    for match in UNWANTED.finditer(text):
        problem(path, line_of(text, match.start()), f"unwanted in the repository: {match[0]}")


def main():
    files = our_files()
    for path in files:
        try:
            text = (ROOT / path).read_text()
        except UnicodeDecodeError:
            continue  # binary
        if path.parts[0] != "data":
            check_words(path, text)
        if path.suffix in CODE:
            check_opening(path, text)
            check_sizes(path, text)
            check_calls(path, text)
            if path.parts[0] in ("src", "include", "app"):
                check_includes(path, text)
    stale = set(LONG_FILES) - {str(path) for path in files}
    problems.extend(f"{path}: listed in LONG_FILES, but gone" for path in sorted(stale))
    print("\n".join(problems) or f"{len(files)} files as they should be")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
