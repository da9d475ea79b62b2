#!/usr/bin/env python3
"""Tests `pellucid serve`: its predictions are those of `pellucid predict`; what it refuses; slow, idle and hostile clients;
that it ends without losing a request. Not here: how fast it is (bench/serve.py).

    serve_test.py PROGRAM [unittest arguments]
"""

import csv
import http.client
import json
import os
import random
import re
import resource
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

PROGRAM = ""
FOLDER = None
FUZZED = 2000  # requests


def make_rows():
    choose = random.Random(1)
    rows = []
    for r in range(240):
        age, city = choose.randint(18, 90), choose.choice(["Oslo", "Bergen", "Tromsø"])
        member, since = choose.choice(["yes", "no"]), f"20{choose.randint(10, 23)}-0{choose.randint(1, 9)}-1{choose.randint(0, 9)}"
        price = f"{choose.uniform(1, 9):.2f}"
        kind = "large" if age + (20 if city == "Oslo" else 0) > 60 else "medium" if age > 40 else "small"
        row = {"age": str(age), "city": city, "member": member, "since": since, "price": price, "kind": kind, "cost": f"{age * 2.5:.1f}"}
        if r % 17 == 0:
            row[choose.choice(["age", "city", "member", "since"])] = ""
        rows.append(row)
    return rows


def run(*arguments, **options):
    return subprocess.run([PROGRAM, *arguments], cwd=FOLDER, capture_output=True, text=True, timeout=120, **options)


def setUpModule():
    global FOLDER
    FOLDER = tempfile.mkdtemp(prefix="pellucid-serve-")
    rows = make_rows()
    with open(f"{FOLDER}/rows.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    for name, target, drop in (("kinds", "kind", "cost"), ("costs", "cost", "kind"), ("strict", "kind", "cost,since")):
        extra = ("--missing", "drop") if name == "strict" else ()
        done = run("train", "rows.csv", "--target", target, "--drop", drop, "--epochs", "5", "--name", name, "-qq", *extra)
        assert done.returncode == 0, done.stderr


def tearDownModule():
    shutil.rmtree(FOLDER, ignore_errors=True)


class Server:
    def __init__(self, model="runs/kinds", *flags, env=None):
        self.process = subprocess.Popen([PROGRAM, "serve", model, "--port", "0", *flags], cwd=FOLDER, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, env=dict(os.environ, **(env or {})))
        self.line = self.process.stdout.readline()
        found = re.search(r"http://[^:]+:(\d+)", self.line) or re.search(r'"port":(\d+)', self.line)
        if not found:
            raise AssertionError(self.line + self.process.stderr.read())
        self.port = int(found[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body if body is None or isinstance(body, (str, bytes)) else json.dumps(body), headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def predict(self, body, headers=None):
        status, text = self.ask("POST", "/predict", body, headers)
        return status, json.loads(text)

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(timeout=20)


def records(columns):
    """The rows of rows.csv as JSON records: numbers as numbers, empty cells as null."""
    result = []
    with open(f"{FOLDER}/rows.csv", newline="") as file:
        for row in csv.DictReader(file):
            record = {name: row[name] or None for name in columns}
            for name in ("age", "price"):
                record[name] = float(row[name]) if row[name] else None
            result.append(record)
    return result


COLUMNS = ("age", "city", "member", "since", "price")


class Predictions(unittest.TestCase):
    def test_equal_those_of_predict_one_by_one_and_as_a_list(self):
        for model in ("runs/kinds", "runs/costs"):
            written = run("predict", model, "rows.csv", "--json", *(["--proba"] if model == "runs/kinds" else []))
            expected = [json.loads(line) for line in written.stdout.splitlines()]
            for line in expected:
                del line["row"]
            rows = records(COLUMNS)
            with Server(model) as server:
                self.assertEqual(server.predict(rows)[1]["predictions"], expected)
                self.assertEqual(server.predict({"rows": rows[:5]})[1]["predictions"], expected[:5])
                for row, line in list(zip(rows, expected))[:20]:
                    self.assertEqual(server.predict(row), (200, line))
                texts = [{name: "" if cell is None else str(cell) for name, cell in row.items()} for row in rows[:40]]
                self.assertEqual(server.predict(texts)[1]["predictions"], expected[:40])

    def test_have_the_intervals_or_sets_of_predict(self):
        for model, flags in (("runs/kinds", ["--proba"]), ("runs/costs", [])):
            written = run("predict", model, "rows.csv", "--json", "--interval", "0.8", *flags)
            expected = [json.loads(line) for line in written.stdout.splitlines()[:5]]
            for line in expected:
                del line["row"]
            with Server(model, "--interval", "0.8") as server:
                self.assertEqual(server.predict(records(COLUMNS)[:5])[1]["predictions"], expected)
            self.assertTrue("set" in expected[0] if flags else expected[0]["low"] < expected[0]["high"])
        self.assertEqual(run("serve", "runs/costs", "--interval", "0.9999").returncode, 3)

    def test_of_booleans_may_be_given_as_json_booleans_and_targets_are_ignored(self):
        with Server() as server:
            word = server.predict({"age": 41, "member": "yes"})
            self.assertEqual(server.predict({"age": 41, "member": True, "kind": "small"}), word)

    def test_of_images_take_lists_of_pixels(self):
        pictures = Path(FOLDER, "pictures")
        pictures.mkdir()
        choose = random.Random(3)
        images = [[[choose.randrange(256) if column > 2 or r % 2 else 0 for column in range(6)] for _ in range(5)] for r in range(60)]
        (pictures / "train-images-idx3-ubyte").write_bytes(struct.pack(">4i", 2051, 60, 5, 6) + bytes(p for image in images for row in image for p in row))
        (pictures / "train-labels-idx1-ubyte").write_bytes(struct.pack(">2i", 2049, 60) + bytes(r % 2 for r in range(60)))
        self.assertEqual(run("train", "pictures", "--epochs", "3", "--name", "pictures", "-qq").returncode, 0)
        expected = [json.loads(line) for line in run("predict", "runs/pictures", "pictures", "--json", "--proba").stdout.splitlines()]
        with Server("runs/pictures") as server:
            self.assertIn("/model", server.line)
            answers = server.predict([{"pixels": image} for image in images])[1]["predictions"]
            self.assertEqual(answers, [{"prediction": line["prediction"], "p": line["p"]} for line in expected])
            flat = [pixel for row in images[0] for pixel in row]
            self.assertEqual(server.predict({"pixels": flat}), (200, answers[0]))
            self.assertEqual(server.predict({"pixels": flat[1:]})[1]["error"]["code"], "U20")
            self.assertEqual(server.predict({"pixels": [flat, "a"]})[1]["error"]["code"], "U39")

    def test_of_many_rows_have_an_error_where_a_row_is_wrong(self):
        with Server() as server:
            status, answer = server.predict([{"age": 41}, {"aeg": 41}, {"age": "old"}, 7, {"age": 41}, {"age": [1, 2]}, {"age": {}}])
            self.assertEqual(status, 200)
            codes = [row.get("error", {}).get("code") for row in answer["predictions"]]
            self.assertEqual(codes, [None, "D11", "D12", "U39", None, "U20", "U39"])
            self.assertEqual(answer["predictions"][0], answer["predictions"][4])
            self.assertIn("age", answer["predictions"][1]["error"]["hint"])

    def test_the_printed_example_works_when_pasted(self):
        with Server("runs/costs") as server:
            command = server.line.split("try: ")[1]
            self.assertIn("/predict", command)
            body = json.loads(shlex.split(command)[2])
            self.assertEqual(server.predict(body)[0], 200)
            if shutil.which("curl"):
                done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=20)
                self.assertEqual(json.loads(done.stdout), server.predict(body)[1])


class Pages(unittest.TestCase):
    def test_model_health_and_metrics(self):
        with Server() as server:
            status, text = server.ask("GET", "/model")
            model = json.loads(text)
            self.assertEqual([column["name"] for column in model["columns"]], list(COLUMNS))
            self.assertEqual(model["targets"][0]["classes"], ["large", "medium", "small"])
            self.assertEqual(server.ask("GET", "/health"), (200, '{"status":"ok"}\n'))
            server.predict([{"age": 20}, {"aeg": 20}, {"age": 30}])
            server.ask("GET", "/nothing")
            text = server.ask("GET", "/metrics")[1]
            for line in ('pellucid_requests_total{path="/predict",status="200"} 1', 'pellucid_requests_total{path="other",status="404"} 1',
                         "pellucid_rows_total 2", 'pellucid_errors_total{code="D11"} 1',
                         'pellucid_request_seconds_bucket{le="+Inf"} 4', "pellucid_request_seconds_count 4"):
                self.assertIn(line + "\n", text)
            self.assertRegex(text, r"\npellucid_connections [1-9]")

    def test_json_says_where(self):
        with Server("runs/kinds", "--json") as server:
            self.assertEqual(json.loads(server.line)["port"], server.port)


class Refusals(unittest.TestCase):
    def test_bad_requests_have_a_status_and_a_code(self):
        with Server() as server:
            for body, code in (("{", "U39"), ("[" * 100, "U39"), ("7", "U39"), ('{"aeg":1}', "D11"), ('{"age":"old"}', "D12"),
                               ("", "U39"), (b"\xff\xfe", "U39"), ('{"rows":[],"age":3}', "D11")):
                status, answer = server.predict(body)
                self.assertEqual((status, answer["error"]["code"]), (400, code), body)
            for method, path, status in (("GET", "/predict", 405), ("GET", "/", 404), ("POST", "/model", 404), ("DELETE", "/predict", 405)):
                self.assertEqual(server.ask(method, path)[0], status)
            self.assertEqual(server.predict({"age": 41})[0], 200)

    def test_host_and_origin_must_be_those_of_the_server(self):
        with Server() as server:
            mine = f"127.0.0.1:{server.port}"
            for headers, status in (({"Host": mine}, 200), ({"Host": f"localhost:{server.port}"}, 200), ({"Host": "evil.example"}, 403),
                                    ({"Host": f"evil.example:{server.port}"}, 403), ({"Host": "127.0.0.1"}, 403), ({"Host": ""}, 403),
                                    ({"Origin": "http://evil.example"}, 403), ({"Origin": "null"}, 403), ({"Origin": f"http://{mine}"}, 200)):
                self.assertEqual(server.ask("GET", "/health", headers=headers)[0], status, headers)

    def test_another_address_needs_a_token_and_a_wrong_token_is_refused(self):
        refused = run("serve", "runs/kinds", "--address", "0.0.0.0")
        self.assertEqual(refused.returncode, 2)
        self.assertIn("needs a token", refused.stderr)
        secret = "0123456789abcdef"
        Path(FOLDER, "token").write_text(secret + "\n")
        with Server("runs/kinds", "--address", "0.0.0.0", "--token-file", "token") as server:
            self.assertNotIn(secret, server.line)
            for given, status in (({}, 401), ({"Authorization": "Bearer 0123456789abcdeF"}, 401), ({"Authorization": "Bearer "}, 401),
                                  ({"Authorization": secret}, 401), ({"Authorization": f"Bearer {secret}"}, 200),
                                  ({"Authorization": f"Bearer {secret}", "Host": "any.example"}, 200),
                                  ({"Authorization": f"Bearer {secret}", "Origin": "http://evil.example"}, 403)):
                self.assertEqual(server.ask("GET", "/health", headers=given)[0], status, given)
        with Server(env={"PELLUCID_TOKEN": secret}) as server:
            self.assertEqual(server.ask("GET", "/health")[0], 401)
        Path(FOLDER, "short").write_text("abc")
        self.assertEqual(run("serve", "runs/kinds", "--token-file", "short").returncode, 2)

    def test_wrong_flags_and_models_are_refused_before_anything_is_served(self):
        for arguments, status in ((("runs/none",), 3), (("rows.csv",), 3), (("runs/kinds", "--port", "70000"), 2), (("runs/kinds", "--address", "home"), 2),
                                  (("runs/kinds", "--max-body", "0"), 2), ((), 2)):
            done = run("serve", *arguments)
            self.assertEqual(done.returncode, status, done.stderr)
        with Server() as server:
            taken = run("serve", "runs/kinds", "--port", str(server.port))
            self.assertEqual(taken.returncode, 5)
            self.assertIn("--port 0", taken.stderr)

    def test_a_body_or_a_header_that_is_too_long_is_refused_and_the_answer_arrives(self):
        with Server("runs/kinds", "--max-body", "1") as server:
            self.assertEqual(server.predict(" " * (1 << 20))[0], 400)
            status, answer = server.predict(" " * (3 << 20))
            self.assertEqual((status, answer["error"]["code"]), (413, "U39"))
            self.assertEqual(server.ask("GET", "/health", headers={"X": "y" * 20000})[0], 431)
            self.assertEqual(server.predict(json.dumps([{"age": 41}] * 20000))[0], 200)


def response_of(connection):
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    return answer.status, answer.read()


def read_all(connection):
    data = b""
    try:
        while part := connection.recv(65536):
            data += part
    except (ConnectionError, TimeoutError):
        pass
    return data


class Clients(unittest.TestCase):
    def request(self, port, body='{"age":41}'):
        return f"POST /predict HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()

    def test_idle_and_slow_connections_do_not_keep_others_waiting(self):
        files = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, files[1]), files[1]))
        with Server() as server:
            expected = server.predict({"age": 41})
            idle = [server.connect() for _ in range(1000)]
            slow = [server.connect() for _ in range(200)]
            for n in range(8):
                for connection in slow:
                    connection.sendall(self.request(server.port)[n:n + 1])
                began = time.monotonic()
                self.assertEqual(server.predict({"age": 41}), expected)
                self.assertLess(time.monotonic() - began, 2)
            for connection in slow[:20]:
                connection.sendall(self.request(server.port)[8:])
                self.assertEqual(json.loads(response_of(connection)[1]), expected[1])
            for connection in idle[:20]:
                connection.sendall(self.request(server.port))
                self.assertEqual(json.loads(response_of(connection)[1]), expected[1])
            for connection in idle + slow:
                connection.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, files)

    def test_clients_that_send_or_read_byte_by_byte_are_dropped(self):
        with Server("runs/kinds", "--timeout", "1") as server:
            header, body, reader = server.connect(), server.connect(), server.connect()
            request = self.request(server.port, '{"age":41' + " " * 100 + "}")
            body.sendall(request[:-100])
            many = json.dumps([{"age": 41}] * 60000)
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            reader.sendall(self.request(server.port, many))
            began = time.monotonic()
            while "pellucid_connections 1\n" not in server.ask("GET", "/metrics")[1]:  # this one asks
                self.assertLess(time.monotonic() - began, 15, "a slow client is not dropped")
                for act in (lambda: header.sendall(b"P"), lambda: body.sendall(b" "), lambda: reader.recv(1)):
                    try:
                        act()
                    except ConnectionError:
                        pass
                time.sleep(0.1)
            self.assertGreater(time.monotonic() - began, 1)
            for connection in (header, body, reader):
                connection.close()

    def test_requests_in_one_packet_are_answered_in_order_and_expect_is_understood(self):
        with Server() as server, server.connect() as connection:
            connection.sendall(self.request(server.port) * 3)
            stream = connection.makefile("rb")
            for _ in range(3):
                self.assertTrue(stream.readline().startswith(b"HTTP/1.1 200"))
                length = 0
                while (line := stream.readline()) != b"\r\n":
                    length = int(line.split()[1]) if line.startswith(b"Content-Length") else length
                self.assertIn("prediction", json.loads(stream.read(length)))
            head, body = self.request(server.port).split(b"\r\n\r\n")
            connection.sendall(head + b"\r\nExpect: 100-continue\r\n\r\n")
            self.assertTrue(connection.recv(100).startswith(b"HTTP/1.1 100"))
            connection.sendall(body)
            self.assertEqual(response_of(connection)[0], 200)

    def test_malformed_requests_end_nothing(self):
        choose = random.Random(int(os.environ.get("SEED", "1")))
        with Server() as server:
            good = self.request(server.port, '{"age":41,"city":"Oslo","member":true,"rows":[]}')
            expected = server.predict({"age": 41})
            for n in range(FUZZED):
                data = bytearray(good)
                for _ in range(choose.randint(1, 6)):
                    at = choose.randrange(len(data))
                    way = choose.randrange(5)
                    if way == 0:
                        data[at] = choose.randrange(256)
                    elif way == 1:
                        del data[at:at + choose.randint(1, 20)]
                    elif way == 2:
                        data[at:at] = bytes(choose.randrange(256) for _ in range(choose.randint(1, 20)))
                    elif way == 3:
                        data[at:at] = choose.choice([b"\r\n", b"\0", b"[[[[", b'{"a":', b"Transfer-Encoding: chunked\r\n", b"Content-Length: -1\r\n",
                                                     b"Content-Length: 99999999999999999999\r\n", b"1e999", b"\\ud800"])
                    else:
                        data = data[:at + 1]
                    if not data:
                        break
                with server.connect() as connection:
                    connection.sendall(data)
                    connection.shutdown(socket.SHUT_WR)
                    answer = read_all(connection)
                if answer:
                    self.assertRegex(answer[:12], rb"HTTP/1\.[01] [1-5]\d\d", f"request {n}: {bytes(data)}")
                    self.assertNotIn(b" 500 ", answer[:20], f"request {n}: {bytes(data)}")
            self.assertIsNone(server.process.poll())
            self.assertEqual(server.predict({"age": 41}), expected)
            self.assertNotIn('code="P01"', server.ask("GET", "/metrics")[1])


class End(unittest.TestCase):
    def test_a_signal_during_load_loses_no_request_that_was_sent(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with Server() as server:
                body = json.dumps([{"age": 41, "city": "Oslo"}] * 300)
                expected = server.predict(body)
                lost, answered, refused, unaccepted, signalled = [], [0], [0], [0], threading.Event()

                def client():
                    while True:
                        try:
                            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
                            connection.connect()
                        except ConnectionError:  # the port is closed
                            refused[0] += 1
                            return
                        fresh = signalled.is_set()
                        try:
                            while True:
                                connection.request("POST", "/predict", body)
                                answer = connection.getresponse()
                                if (answer.status, json.loads(answer.read())) != expected:
                                    lost.append(answer.status)
                                answered[0] += 1
                                fresh = False
                                if answer.will_close:
                                    break
                        except Exception as error:  # noqa: BLE001
                            if fresh:  # the system had the connection, but the server closed the port before it could accept it
                                refused[0] += 1
                                unaccepted[0] += 1
                            else:
                                lost.append(repr(error))
                            return
                        finally:
                            connection.close()

                threads = [threading.Thread(target=client) for _ in range(8)]
                for thread in threads:
                    thread.start()
                time.sleep(0.5)
                signalled.set()
                self.assertEqual(server.end(number), 0)
                for thread in threads:
                    thread.join()
                self.assertEqual(lost, [])
                self.assertGreater(answered[0], 8)
                self.assertEqual(refused[0], 8)
                self.assertLessEqual(unaccepted[0], 2)

    def test_a_request_that_has_begun_is_answered_and_idle_connections_are_closed(self):
        with Server() as server, server.connect() as begun, server.connect() as idle:
            request = Clients().request(server.port)
            begun.sendall(request[:30])
            time.sleep(0.1)
            server.process.send_signal(signal.SIGTERM)
            self.assertEqual(read_all(idle), b"")
            begun.sendall(request[30:])
            self.assertEqual(response_of(begun)[0], 200)
            self.assertEqual(server.process.wait(timeout=20), 0)

    def test_a_second_signal_ends_at_once(self):
        with Server() as server, server.connect() as begun:
            begun.sendall(b"POST /pre")
            time.sleep(0.1)
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.1)
            self.assertEqual(server.end(), 128 + signal.SIGTERM)


if __name__ == "__main__":
    PROGRAM = str(Path(sys.argv.pop(1)).resolve())
    unittest.main()
