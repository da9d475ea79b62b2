#!/usr/bin/env python3
"""Times the C source that `pellucid export` writes, beside plain loops in C over the same layers, and prints a table.
Not here: whether the bits are equal (tests/export/c_source_test.cc).

    c_source.py PROGRAM [--compiler CC]
"""

import argparse
import re
import subprocess
import tempfile
from pathlib import Path

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


def measured(folder, compiler, name, call, sources):
    main = MEASURE.replace("@N@", name.upper()).replace("@CALL@", call).replace("@.h", f"{name}.h")
    if call == "plain_net":
        main = main.replace("int main", "void plain_net(const float *, float *);\nint main")
    (folder / "main.c").write_text(main)
    run(compiler, "-O3", "-march=native", "-o", "measure", "main.c", *sources, "-lm", folder=folder)
    return float(run("./measure", folder=folder))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--compiler", default="cc")
    options = parser.parse_args()
    program = Path(options.program).resolve()
    print("| net | read-only memory | stack | ns per row | plain loops |\n|---|---|---|---|---|")
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
            print(f"| {layers} | {flash / 1024:.1f} KiB | {stack} | {exported:.0f} | {plain:.0f} |")


if __name__ == "__main__":
    main()
