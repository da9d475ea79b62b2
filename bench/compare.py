#!/usr/bin/env python3
"""Trains the same networks on the same rows with pellucid and other libraries ("peers"), checks that the results agree, and
reports the times. Not here: the networks (bench/workloads.json), the rows (bench/rows.py), training by a peer (bench/peers), the
text of the tables (bench/report.py).

`./dev bench` builds everything this needs and calls it. Its virtual environment and its data are in build/bench.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import venv
from datetime import date
from pathlib import Path

import report

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent
BUILD = ROOT / "build/bench"
PYTHON = BUILD / "venv/bin/python"
RESULTS = BUILD / "results.json"  # the last result of each workload; the document is made from it
PELLUCID = ROOT / "build/release/bin/pellucid_peer"

PACKAGES = {  # packages of requirements.txt that each peer needs besides NumPy
    "numpy": [],
    "jax": ["jax[cpu]"],
    "torch": ["torch"],
    "sklearn": ["scikit-learn"],
    "keras": ["tensorflow-cpu", "keras"],
    "onnxruntime": ["onnx", "onnxruntime"],
}
LOSS_TOLERANCE = 0.05  # relative, for the mean training loss of the last epoch
SCORE_TOLERANCE = {"accuracy": 0.015, "rmse": 0.03}  # absolute; relative
OUTPUT_TOLERANCE = 1e-5
FAR_BEHIND = 3  # a peer that takes so many times as long as the fastest one is not run again


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def arguments():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__.split("\n")[0])
    parser.add_argument("--peers", default=",".join(PACKAGES), help="peers to run, separated by commas (default %(default)s)")
    parser.add_argument("--workloads", help="workloads of bench/workloads.json to run, separated by commas (default: all)")
    parser.add_argument("--repeats", type=int, default=3, help="number of runs of each peer, made in turns (default %(default)s)")
    clocks = "cpu measures CPU time instead of wall-clock time, on one thread, for a machine that is not quiet"
    parser.add_argument("--clock", choices=["wall", "cpu"], default="wall", help=clocks)
    parser.add_argument("--quick", action="store_true", help="one run on few rows, to check that everything works; the times mean nothing")
    parser.add_argument("--again", action="store_true", help="write docs/benchmarks.md from the last results without measuring")
    chosen = parser.parse_args()
    chosen.peers = chosen.peers.split(",")
    if unknown := set(chosen.peers) - set(PACKAGES):
        parser.error(f"unknown peer {', '.join(sorted(unknown))}; known peers are {', '.join(PACKAGES)}")
    chosen.kept = not chosen.quick and chosen.clock == "wall"
    return chosen


def chosen_jobs(chosen):
    jobs = json.loads((BENCH / "workloads.json").read_text())
    jobs = {name: {"name": name, "seeds": [1], "clock": chosen.clock} | job for name, job in jobs.items()}
    if chosen.workloads:
        names = chosen.workloads.split(",")
        if unknown := set(names) - set(jobs):
            sys.exit(f"bench: no workload {', '.join(sorted(unknown))}; there are {', '.join(jobs)}")
        jobs = {name: jobs[name] for name in names}
    for job in jobs.values() if chosen.quick else []:
        job |= {"seeds": [1], "quick": True} | ({"rows": 6000, "epochs": 1} if "mnist" in job.get("data", "") else {})
    return list(jobs.values())


def install(peers):
    """The virtual environment with the pinned packages of the chosen peers."""
    if not PYTHON.exists():
        say(f"making a virtual environment in {PYTHON.parents[1].relative_to(ROOT)}; all peers together take 7 GB there")
        venv.create(PYTHON.parents[1], with_pip=True)
    wanted = {"numpy"}.union(*(PACKAGES[peer] for peer in peers))
    pinned = [line for line in (BENCH / "requirements.txt").read_text().split("\n") if line.split("==")[0] in wanted]
    say(f"packages: {' '.join(pinned)}")
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *pinned]
    subprocess.run(command, check=True, stdout=sys.stderr)


def prepare(jobs):
    """Writes rows and weights; returns the jobs that have data."""
    folders = [Path(os.environ.get("PELLUCID_DATA", "")), ROOT.parent / "shared/data"]
    data = next((folder for folder in folders if folder.is_absolute() and folder.is_dir()), None)
    if data is None:
        without = [job["name"] for job in jobs if "data" in job]
        jobs = [job for job in jobs if "data" not in job]
        say(f"no data folder (name it in PELLUCID_DATA): left out {', '.join(without)}")
    paths = [BUILD / f"{job['name']}.json" for job in jobs]
    for job, path in zip(jobs, paths):
        path.write_text(json.dumps(job))
    if paths:
        subprocess.run([PYTHON, BENCH / "rows.py", str(data), BUILD / "data", *paths], check=True)
    return [json.loads(path.read_text()) for path in paths]


def runs_of(job, peers):
    """The (peer, threads) pairs of a job: each peer runs with one and with two threads; the better time counts."""
    able = job.get("peers") or [peer for peer in peers if peer != "onnxruntime"]
    counts = [1, 2] if len(os.sched_getaffinity(0)) > 1 and job["clock"] == "wall" else [1]
    able = ["pellucid", *(peer for peer in peers if peer in able)]
    return [(peer, threads) for peer in able for threads in counts]


def run(job, peer, threads):
    """Runs one process on as many CPUs as it may have threads; returns its answer."""
    path = BUILD / "job.json"
    path.write_text(json.dumps(job | {"threads": threads}))
    names = ("OMP", "OPENBLAS", "MKL")
    environment = os.environ | {f"{name}_NUM_THREADS": str(threads) for name in names}
    cpus = sorted(os.sched_getaffinity(0))[-threads:]
    command = [PELLUCID, path] if peer == "pellucid" else [PYTHON, BENCH / f"peers/{peer}_peer.py", path]
    done = subprocess.run(
        command, env=environment, preexec_fn=lambda: os.sched_setaffinity(0, cpus), capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"bench: {peer} failed at {job['name']}:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.strip().split("\n")[-1])


def key_of(peer, threads):
    return f"{peer} {threads}"


def seconds_of(job, answer):
    """One number per process: its fastest epoch or call; for a race to an accuracy, the whole training, averaged over the seeds."""
    if "reach" in job:
        return statistics.mean(sum(r["seconds"]) for r in answer["runs"])
    return min(s for r in answer["runs"] for s in r["seconds"])


def measure(job, peers, repeats):
    """Runs every peer in turn, `repeats` times, starting with another one each time; a peer that is far behind runs once."""
    turns = runs_of(job, peers)
    result = {"name": job["name"], "job": job, "peers": {}}
    for repeat in range(repeats):
        if repeat > 0:
            first = {turn: result["peers"][key_of(*turn)]["seconds"][0] for turn in turns}
            fastest = min((s for (peer, _), s in first.items() if peer != "pellucid"), default=0)
            turns = [turn for turn in turns if turn[0] == "pellucid" or first[turn] < FAR_BEHIND * fastest]
        shift = repeat * len(turns) // repeats
        for peer, threads in turns[shift:] + turns[:shift]:
            answer = run(job, peer, threads)
            entry = result["peers"].setdefault(key_of(peer, threads), {"seconds": [], "runs": []})
            entry["version"] = answer["version"]
            entry["seconds"].append(seconds_of(job, answer))
            entry["runs"] += [{k: v for k, v in r.items() if k != "seconds"} for r in answer["runs"]]
            say(f"{job['name']}: {peer}, {threads} thread{'s'[: threads - 1]}: {report.duration(entry['seconds'][-1])}")
    result["complaints"] = complaints(job, result["peers"])
    return result


def complaints(job, peers):
    """The peers whose results differ from the others', compared with the median, so that a single outlier is found."""
    found = []

    def compare(what, values, tolerance, relative):
        middle = statistics.median(values.values())
        scale = abs(middle) if relative else 1
        found.extend(
            f"{who}: {what} {value:.4g}, the others {middle:.4g}"
            for who, value in values.items()
            if not abs(value - middle) <= tolerance * scale
        )

    if job.get("predict"):
        reference = peers["pellucid 1"]["runs"][0]["outputs"]
        for who, entry in peers.items():
            pairs = zip(sum(entry["runs"][0]["outputs"], []), sum(reference, []))
            if max(abs(a - b) for a, b in pairs) > OUTPUT_TOLERANCE:
                found.append(f"{who}: other outputs than pellucid")
        return found
    mean = lambda key: {who: statistics.mean(r[key] for r in entry["runs"]) for who, entry in peers.items()}
    tolerance = job.get("loss_tolerance", LOSS_TOLERANCE)  # larger where the order of rows alone changes the loss
    exempt = [key_of(peer, threads) for peer in job.get("differs", {}) for threads in (1, 2)]
    compare("loss", {who: v for who, v in mean("loss").items() if who not in exempt}, tolerance, True)
    metric = "rmse" if job["loss"] == "mse" else "accuracy"
    compare(metric, mean("score"), SCORE_TOLERANCE[metric], metric == "rmse")
    if "reach" in job and "quick" not in job and mean("score")["pellucid 1"] < job["reach"]:
        found.append(f"pellucid did not reach {job['reach']}")
    return found


def machine():
    lines = Path("/proc/cpuinfo").read_text().split("\n")
    cpu = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "unknown CPU")
    says = [subprocess.run([PELLUCID, "machine"], check=True, capture_output=True, text=True).stdout for _ in range(9)]
    best = max(map(json.loads, says), key=lambda answer: answer["peak_gflops"])  # other programs disturb single attempts
    return best | {
        "cpu": cpu,
        "cpus": len(os.sched_getaffinity(0)),
        "load": os.getloadavg()[0],
        "date": date.today().isoformat(),
        "python": sys.version.split()[0],
    }


def kept_results():
    return json.loads(RESULTS.read_text()) if RESULTS.exists() else {"results": []}


def keep(where, result):
    """Replaces the older result of the same workload. A whole run takes long and may be made in parts."""
    kept = kept_results()
    others = [one for one in kept["results"] if one["name"] != result["name"]]
    RESULTS.write_text(json.dumps({"machine": where, "clock": "wall", "results": [*others, result]}))


def write_document():
    kept = kept_results()
    if not kept["results"]:
        sys.exit("bench: nothing was measured yet")
    names = list(json.loads((BENCH / "workloads.json").read_text()))
    kept["results"].sort(key=lambda one: names.index(one["name"]))
    kept["missing"] = [name for name in names if name not in {one["name"] for one in kept["results"]}]
    report.write(ROOT / "docs/benchmarks.md", kept)


def main():
    chosen = arguments()
    if not chosen.again:
        BUILD.mkdir(parents=True, exist_ok=True)
        install(chosen.peers)
        where = machine()
        repeats = 1 if chosen.quick else chosen.repeats
        results = []
        for job in prepare(chosen_jobs(chosen)):
            results.append(measure(job, chosen.peers, repeats) | {"repeats": repeats})
            if chosen.kept:
                keep(where, results[-1])
        print(report.text({"machine": where, "clock": chosen.clock, "results": results}))
        if chosen.quick:
            print("These times mean nothing: few rows, one run.")
        if any(result["complaints"] for result in results):
            sys.exit("bench: the peers do not agree; the figures above do not count")
    if chosen.again or chosen.kept:
        write_document()


if __name__ == "__main__":
    main()
