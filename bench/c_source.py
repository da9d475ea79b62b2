#!/usr/bin/env python3
"""Times the C source that `pellucid export` writes, beside plain loops in C over the same layers and beside the C source that emlearn
writes for the same weights, and prints a table.
Not here: whether the bits are equal (tests/export/c_source_test.cc).

    c_source.py PROGRAM [--compiler CC] [--emlearn PYTHON]      PYTHON: has emlearn, scikit-learn and numpy
"""

import argparse
import re
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NETS = {  # name → arguments of pellucid, layer sizes, activation
    "iris": (["demo", "iris", "--hidden", "4", "--activation", "tanh", "--epochs", "20"], [4, 4, 3], "tanhf(%s)"),
    "digits": (["demo", "digits", "--hidden", "32", "--epochs", "5"], [64, 32, 10], "%s > 0 ? %s : 0"),
    "digits_wide": (["demo", "digits", "--hidden", "256,128", "--epochs", "2"], [64, 256, 128, 10], "%s > 0 ? %s : 0"),
}
MEASURE = """
#include <stdio.h>
#include <time.h>
#include "@.h"
int main(void) {
  static float x[@N@_FEATURES], y[@N@_OUTPUTS];
  double best = 1e9;
  for (int repeat = 0; repeat < 60; ++repeat) {
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    for (int i = 0; i < 4000; ++i) {
      x[0] = (float)(i & 7);
      @CALL@(x, y);
      __asm__ volatile("" : : "r"(y) : "memory");
    }
    clock_gettime(CLOCK_MONOTONIC, &b);
    const double time = ((double)(b.tv_sec - a.tv_sec) * 1e9 + (double)(b.tv_nsec - a.tv_nsec)) / 4000;
    if (time < best) best = time;
  }
  printf("%.1f\\n", best);
  return 0;
}
"""

COMPARE = """
#include <math.h>
#include <stdio.h>
#include "@.h"
void emlearn_net(const float *, float *);
extern const float peer_rows[@ROWS@][@N@_FEATURES];
int main(void) {
  double most = 0;
  for (int row = 0; row < @ROWS@; ++row) {
    float a[@N@_OUTPUTS], b[@N@_OUTPUTS];
    @_net(peer_rows[row], a);
    emlearn_net(peer_rows[row], b);
    for (int o = 0; o < @N@_OUTPUTS; ++o) most = fmax(most, fabs((double)a[o] - (double)b[o]));
  }
  printf("%.1e\\n", most);
  return 0;
}
"""


def plain_loops(sizes, activation):
    """One sum per output in the order in which one would write it first; libm's functions; the same number of weights."""
    text = "#include <math.h>\n"
    body = ["const float *v0 = x;"]
    for layer, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        last = layer == len(sizes) - 2
        weights = ", ".join(f"{(i * 37 % 101 - 50) / 200}f" for i in range(inputs * outputs))
        text += f"static const float w{layer}[{outputs}][{inputs}] = {{{weights}}};\n"
        target = f"v{layer + 1}"
        value = "s" if last else activation.replace("%s", "s")
        body.append(f"float {target}[{outputs}];")
        body.append(f"for (int o = 0; o < {outputs}; ++o) {{ float s = 0; for (int i = 0; i < {inputs}; ++i) s += v{layer}[i] * w{layer}[o][i]; "
                    f"{target}[o] = {value}; }}")
    n, out = sizes[-1], f"v{len(sizes) - 1}"
    body.append(f"float sum = 0; for (int o = 0; o < {n}; ++o) sum += y[o] = expf({out}[o]); for (int o = 0; o < {n}; ++o) y[o] /= sum;")
    return text + "void plain_net(const float *x, float *y) {\n  " + "\n  ".join(body) + "\n}\n"


def run(*arguments, folder):
    return subprocess.run([str(a) for a in arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def measured(folder, compiler, name, call, sources, flags=()):
    main = MEASURE.replace("@N@", name.upper()).replace("@CALL@", call).replace("@.h", f"{name}.h")
    main = main.replace("int main", f"void {call}(const float *, float *);\nint main") if call != f"{name}_net" else main
    (folder / "main.c").write_text(main)
    run(compiler, "-O3", "-march=native", *flags, "-o", "measure", "main.c", *sources, "-lm", folder=folder)
    return float(run("./measure", folder=folder))


def emlearn(python, compiler, name, folder):
    """Time and largest difference of a probability from ours, as cells of the table."""
    include, rows = run(python, ROOT / "bench/peers/emlearn_net.py", f"runs/{name}/model.safetensors", ".", folder=folder).split()
    flags = [f"-I{include}"]
    time = measured(folder, compiler, name, "emlearn_net", ["peer.c", f"{name}.c"], flags)
    (folder / "compare.c").write_text(COMPARE.replace("@ROWS@", rows).replace("@N@", name.upper()).replace("@", name))
    run(compiler, "-O2", *flags, "-o", "compare", "compare.c", "peer.c", f"{name}.c", "-lm", folder=folder)
    return f" {time:.0f} | {run('./compare', folder=folder).strip()} |"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--compiler", default="cc")
    parser.add_argument("--emlearn", metavar="PYTHON")
    options = parser.parse_args()
    program = Path(options.program).resolve()
    print("| net | read-only memory | stack | ns per row | plain loops |" + " emlearn | its largest difference |" * bool(options.emlearn))
    print("|---|---|---|---|---|" + "---|---|" * bool(options.emlearn))
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name, (arguments, sizes, activation) in NETS.items():
            run(program, *arguments, "-qq", "--name", name, folder=folder)
            said = run(program, "export", f"runs/{name}", "-o", f"{name}.c", folder=folder)
            stack = re.search(r"constants, (.*?) of arrays", said)[1]
            run(options.compiler, "-Os", "-march=native", "-c", f"{name}.c", folder=folder)
            flash = sum(int(x) for x in run("size", f"{name}.o", folder=folder).splitlines()[1].split()[:1])
            (folder / "plain.c").write_text(plain_loops(sizes, activation))
            exported = measured(folder, options.compiler, name, f"{name}_net", [f"{name}.c"])
            plain = measured(folder, options.compiler, name, "plain_net", ["plain.c", f"{name}.c"])
            layers = "-".join(str(size) for size in sizes)
            peer = emlearn(options.emlearn, options.compiler, name, folder) if options.emlearn else ""
            print(f"| {layers} | {flash / 1024:.1f} KiB | {stack} | {exported:.0f} | {plain:.0f} |{peer}")


if __name__ == "__main__":
    main()
