#!/usr/bin/env python3
"""Measures `pellucid serve` with wrk (Debian: wrk) on this machine: requests of one row per second, and their times.
Not here: whether the answers are right (tests/cli/serve_test.py).

    serve.py PROGRAM [--seconds S] [--connections N,…]
"""

import argparse
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = """wrk.method = "POST"
wrk.body = [[{body}]]
done = function(summary, latency)
  io.write(string.format("RESULT %d %f %f %d\\n", summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000,
                         latency:percentile(99) / 1000, summary.errors.status + summary.errors.read + summary.errors.timeout))
end
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--connections", default="1,8,64,256")
    arguments = parser.parse_args()
    if not shutil.which("wrk"):
        raise SystemExit("serve.py needs wrk: apt install wrk")
    program = str(Path(arguments.program).resolve())
    with tempfile.TemporaryDirectory() as folder:
        for name, data, target in (("iris", "iris.csv", "species"), ("digits", "digits.csv", "digit")):
            subprocess.run([program, "train", ROOT / "data" / data, "--target", target, "--epochs", "5", "--name", name, "-qq"], cwd=folder,
                           check=True, stdout=subprocess.DEVNULL)
            server = subprocess.Popen([program, "serve", f"runs/{name}", "--port", "0"], cwd=folder, stdout=subprocess.PIPE, text=True)
            try:
                line = server.stdout.readline()
                url = re.search(r"http://\S+", line)[0] + "/predict"
                if name == "iris":
                    body = re.search(r"-d '(.*?)' http", line)[1]
                else:
                    header, row = (ROOT / "data" / data).read_text().split("\n")[:2]
                    body = json.dumps({k: float(v) for k, v in zip(header.split(","), row.split(",")) if k != target})
                script = Path(folder, "post.lua")
                script.write_text(SCRIPT.replace("{body}", body))
                for connections in arguments.connections.split(","):
                    said = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{arguments.seconds}s", "-s", script, url], capture_output=True,
                                          text=True, check=True).stdout
                    rate, middle, slow, errors = re.search(r"RESULT (\S+) (\S+) (\S+) (\S+)", said).groups()
                    print(f"{name:7} {connections:>4} connections {int(rate):>7,} requests/s   median {float(middle):.2f} ms   "
                          f"p99 {float(slow):.2f} ms   {errors} errors", flush=True)
            finally:
                server.terminate()
                server.wait()


if __name__ == "__main__":
    main()
