"""The tables of the benchmarks, for the terminal and docs/benchmarks.md. Not here: measuring (bench/compare.py)."""

import re
import statistics

NAMES = {
    "numpy": "NumPy",
    "jax": "JAX",
    "torch": "PyTorch",
    "sklearn": "scikit-learn",
    "keras": "Keras",
    "onnxruntime": "ONNX Runtime",
}
OPTIMIZERS = {"sgd": "SGD", "rmsprop": "RMSProp", "adam": "Adam"}
BEGIN, END = "<!-- written by ./dev bench: begin -->", "<!-- written by ./dev bench: end -->"
OPENING = "# Benchmarks\n\n"


def duration(seconds):
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9)):
        if seconds >= size or unit == "ns":
            return f"{seconds / size:.3g} {unit}"


def table(rows):
    """A Markdown table with aligned columns."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    lines = ["| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths)) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "|".join("-" * (w + 2) for w in widths) + "|", *lines[1:]])


def net(job, features):
    return "-".join(str(n) for n in [features, *(units for units, _ in job["layers"])])


def threads_of(result, peer):
    """Median times by number of threads."""
    found = {key.split()[1]: entry for key, entry in result["peers"].items() if key.split()[0] == peer}
    return {threads: statistics.median(entry["seconds"]) for threads, entry in sorted(found.items())}


def best_peer(result):
    """Returns (peer, threads, ratio): the fastest peer and the median of its paired ratios to pellucid."""
    own = min((result["peers"][key]["seconds"] for key in result["peers"] if key.startswith("pellucid")), key=statistics.median)
    others = {key: entry["seconds"] for key, entry in result["peers"].items() if not key.startswith("pellucid")}
    if not others:
        return None
    key = min(others, key=lambda k: statistics.median(others[k]))
    return *key.split(), statistics.median(theirs / ours for theirs, ours in zip(others[key], own))


def times_table(results):
    peers = [peer for peer in NAMES if any(threads_of(result, peer) for result in results)]
    rows = [["workload", "pellucid", *(NAMES[peer] for peer in peers), "fastest peer takes"]]
    for result in results:
        best = best_peer(result)
        cells = [" / ".join(duration(s) for s in threads_of(result, peer).values()) or "–" for peer in peers]
        verdict = f"{best[2]:.3g} × pellucid ({NAMES[best[0]]}, {best[1]})" if best else "–"
        own = " / ".join(map(duration, threads_of(result, "pellucid").values()))
        rows.append([result["name"], own, *cells, verdict])
    return table(rows)


def agreement_table(results):
    rows = [["workload", "what", "pellucid", "peers, lowest to highest"]]
    for result in results:
        job = result["job"]
        for key, what in (("loss", "training loss, last epoch"), ("score", "RMSE" if job["loss"] == "mse" else "accuracy")):
            exempt = job.get("differs", {}) if key == "loss" else {}
            means = {who: statistics.mean(r[key] for r in entry["runs"]) for who, entry in result["peers"].items()}
            own = means["pellucid 1"]
            theirs = [m for who, m in means.items() if who.split()[0] not in ["pellucid", *exempt]] or [own]
            rows.append([result["name"], f"{what} (test rows)" if key == "score" else what, f"{own:.4f}",
                         f"{min(theirs):.4f} … {max(theirs):.4f}"])  # fmt: skip
    return table(rows)


def workload_table(results):
    rows = [["workload", "net", "rows", "batch", "optimizer"]]
    for result in results:
        job = result["job"]
        optimizer = f"{OPTIMIZERS[job['optimizer']]}, {job['learning_rate']:g}"
        optimizer += f", {job['schedule']}" if "schedule" in job else ""
        kinds = ", ".join(kind for _, kind in job["layers"])
        rows.append([result["name"], f"{net(job, job['features'])} ({kinds})", f"{job['data']}, {job['rows']:,}",
                     str(job["batch"]), optimizer])  # fmt: skip
    return table(rows)


def text(outcome):
    where, results = outcome["machine"], outcome["results"]
    train = [r for r in results if not r["job"].get("predict") and "reach" not in r["job"]]
    race = [r for r in results if "reach" in r["job"]]
    predict = [r for r in results if r["job"].get("predict")]
    versions = sorted({entry["version"] for r in results for entry in r["peers"].values()}, key=str.lower)
    repeats = sorted({r["repeats"] for r in results})
    medians = str(repeats[0]) if len(repeats) == 1 else f"{repeats[0]} to {repeats[-1]}"
    parts = [
        f"{where['date']}, {where['cpu']}, {where['cpus']} CPUs, FMA peak of one thread {where['peak_gflops']:.0f} GFLOP/s, "
        f"kernels {where['kernels']}; load average before the run {where['load']:.1f}. "
        f"{', '.join(versions)}; Python {where['python']}. Medians of {medians} runs."
    ]
    if outcome["clock"] == "cpu":
        parts.append(SHARED)
    if outcome.get("missing"):
        parts.append(f"Not measured: {', '.join(outcome['missing'])}.")
    if train:
        parts += ["### Time per training epoch", times_table(train)]
    if race:
        job = race[0]["job"]
        heading = f"### Training time to {100 * job['reach']:g} % on MNIST's test rows (mean of {len(job['seeds'])} seeds)"
        parts += [heading, times_table(race)]
    if predict:
        parts += ["### Prediction of a single row", times_table(predict)]
    if train + race:
        parts += ["### Agreement of the results", agreement_table(train + race), "### The networks", workload_table(train + race)]
    complaints = [f"- {r['name']}: {c}" for r in results for c in r["complaints"]]
    if complaints:
        parts += ["### Disagreements", "\n".join(complaints)]
    return "\n\n".join(parts)


SHARED = """\
The machine was shared with other programs, so these are CPU seconds on one thread, not wall-clock seconds (`--clock cpu`). The
gain of peers from a second thread was not measured."""

HOW = """\
`./dev bench` rewrites this section; `--workloads mnist-64` or `--peers numpy,jax` measure a part and keep the other results.

All peers use the same rows, initial weights and batch sizes, in float32. Data are in memory before the clock starts (pellucid
keeps bytes where the data are bytes, the peers float32). A warm-up epoch is not counted; shuffling is (the full batch of paris-512
is not shuffled). pellucid's time is measured from the end of one epoch to the end of the next and includes all work of fit(). On a
quiet machine every peer runs on one CPU and on two (shown as one / two), and the better time counts. The last column is the median
of the ratios of runs made in the same turn. JAX runs an epoch as one jit with lax.scan, PyTorch eager with fused optimizers,
scikit-learn partial_fit (Adam, because it has no RMSProp), Keras one fit(). The time of a run is its fastest epoch. Each peer is a
separate process; they run in turns, and a peer that took three times as long as the fastest one is not run again. A time counts only
if losses agree within 5 % (10 % where the order of rows alone changes them as much) and accuracies within 1.5 points. time-to-98 is
the fastest recipe that we know for pellucid, to-98-by-adam the fastest for JAX.
"""


def write(path, outcome):
    """Replaces the section between the marks, or adds it."""
    part = f"{BEGIN}\n## Whole programs: pellucid beside its peers\n\n{HOW}\n{text(outcome)}\n{END}"
    old = path.read_text() if path.exists() else OPENING
    if BEGIN in old:
        new = re.sub(re.escape(BEGIN) + ".*" + re.escape(END), lambda _: part, old, flags=re.S)
    else:
        new = old.rstrip("\n") + "\n\n" + part + "\n"
    path.write_text(new)
