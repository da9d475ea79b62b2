#!/usr/bin/env python3
"""Tests `pellucid fetch` against a local server that can cut connections, send wrong data, stall and refuse.
Not here: the publishers' own servers, which no test contacts.

    fetch_test.py PROGRAM [unittest arguments]
"""

import gzip
import hashlib
import io
import json
import os
import resource
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
PROGRAM = ""
BODY = bytes(range(256)) * 1200  # 300 KiB


def sha256(content):
    return hashlib.sha256(content).hexdigest()


class Server:
    """Answers each path by the rule given for it; `seen` lists (path, Range header) of every request."""

    def __init__(self, certificate=None):
        self.rules, self.seen = {}, []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.seen.append((self.path, self.headers.get("Range")))
                rules = outer.rules.get(self.path, [])
                rule = (rules.pop(0) if len(rules) > 1 else rules[0]) if rules else {"status": 404}
                outer.answer(self, **rule)

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.http.socket = context.wrap_socket(self.http.socket, server_side=True)
            self.http.handle_error = lambda *_: None  # a client that does not trust the certificate closes the connection
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        self.base = f"{'https' if certificate else 'http'}://127.0.0.1:{self.http.server_port}"

    def give(self, path, *rules):
        self.rules[path] = list(rules)

    @staticmethod
    def answer(handler, body=b"", status=200, ranges=True, cut_after=None, stall_after=None, length=True, location=None):
        asked = handler.headers.get("Range")
        if ranges and asked and status == 200:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
            status, total, body = 206, len(body), body[start:]
        handler.send_response(status)
        if status == 206:
            handler.send_header("Content-Range", f"bytes {start}-{total - 1}/{total}")
        if location:
            handler.send_header("Location", location)
        if length:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        stop = cut_after if cut_after is not None else stall_after
        try:
            handler.wfile.write(body[:stop])
            handler.wfile.flush()
            if stall_after is not None:
                time.sleep(20)
        except OSError:
            pass  # the client has closed the connection
        handler.close_connection = True

    def close(self):
        self.http.shutdown()
        self.http.server_close()


class Fetch(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.close)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.cache = self.folder / "cache" / "pellucid"
        self.file = self.cache / "set" / "a.bin"
        self.part = self.cache / "set" / "a.bin.part"

    def environment(self, **variables):
        outside = ("PELLUCID_", "CURL_CA_BUNDLE", "SSL_CERT_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
        kept = {key: value for key, value in os.environ.items() if not key.upper().startswith(outside)}
        return kept | {"XDG_CACHE_HOME": str(self.folder / "cache"), "no_proxy": "*"} | variables

    def catalogue(self, *files, mirrors=("/one/",), name="set"):
        addresses = [m if m.startswith("http") else self.server.base + m for m in mirrors]
        path = self.folder / "catalogue.json"
        path.write_text(json.dumps({"v": 1, "sets": [{"name": name, "addresses": addresses, "files": list(files)}]}))
        return path

    def file_entry(self, body=BODY, **more):
        return {"name": "a.bin", "size": len(body), "sha256": sha256(body)} | more

    def fetch(self, *arguments, name="set", catalogue=None, limit=None, **variables):
        given = ["--catalogue", str(catalogue or self.catalogue(self.file_entry()))]
        before = (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))) if limit else None
        return subprocess.run([PROGRAM, "fetch", *([name] if name else []), *given, *arguments], capture_output=True, text=True,
                              env=self.environment(**variables), preexec_fn=before, timeout=120, cwd=self.folder)

    def assert_fetched(self, done):
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.file.read_bytes(), BODY)
        self.assertEqual([p.name for p in self.file.parent.iterdir()], ["a.bin"])

    def assert_refused(self, done, code, status):
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertIn(f"error[{code}]", done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertFalse(self.file.exists())

    def test_a_new_download_is_complete_in_the_cache_and_its_folder_is_printed_last(self):
        self.server.give("/one/a.bin", {"body": BODY})
        done = self.fetch()
        self.assert_fetched(done)
        self.assertEqual(done.stdout.splitlines()[-1], str(self.file.parent))
        self.assertIn("fetched   a.bin · 300.0 KiB", done.stderr)
        self.assertEqual(self.server.seen, [("/one/a.bin", None)])

    def test_a_second_call_downloads_nothing(self):
        self.server.give("/one/a.bin", {"body": BODY})
        self.fetch()
        done = self.fetch()
        self.assert_fetched(done)
        self.assertIn("there     a.bin", done.stderr)
        self.assertEqual(len(self.server.seen), 1)

    def test_a_damaged_file_of_the_right_size_is_downloaded_again(self):
        self.server.give("/one/a.bin", {"body": BODY})
        self.file.parent.mkdir(parents=True)
        self.file.write_bytes(b"x" * len(BODY))
        self.assert_fetched(self.fetch())
        self.assertEqual(len(self.server.seen), 1)

    def test_into_chooses_the_folder(self):
        self.server.give("/one/a.bin", {"body": BODY})
        done = self.fetch("--into", "here")
        self.assertEqual(done.stdout.splitlines()[-1], "here/set")
        self.assertEqual((self.folder / "here/set/a.bin").read_bytes(), BODY)
        self.assertFalse(self.cache.exists())

    def test_a_cut_connection_is_resumed_with_a_range(self):
        half = len(BODY) // 2
        self.server.give("/one/a.bin", {"body": BODY, "cut_after": half}, {"body": BODY})
        self.assert_fetched(self.fetch())
        self.assertEqual(self.server.seen, [("/one/a.bin", None), ("/one/a.bin", f"bytes={half}-")])

    def test_a_server_without_ranges_sends_the_whole_file_again(self):
        self.server.give("/one/a.bin", {"body": BODY, "cut_after": 5000}, {"body": BODY, "ranges": False})
        self.assert_fetched(self.fetch())
        self.assertEqual(len(self.server.seen), 2)

    def test_a_response_without_a_length_is_read_to_its_end(self):
        self.server.give("/one/a.bin", {"body": BODY, "length": False})
        self.assert_fetched(self.fetch())

    def test_a_redirect_is_followed(self):
        self.server.give("/one/a.bin", {"status": 302, "location": "/elsewhere"})
        self.server.give("/elsewhere", {"body": BODY})
        self.assert_fetched(self.fetch())

    def test_a_connection_that_stays_cut_leaves_a_partial_file_and_the_next_call_continues(self):
        self.server.give("/one/a.bin", {"body": BODY, "cut_after": 9000}, {"status": 404})
        done = self.fetch()
        self.assert_refused(done, "M04", 5)
        self.assertIn("9,000 of 307,200 bytes are kept", done.stderr)
        self.assertEqual(self.part.read_bytes(), BODY[:9000])
        self.server.give("/one/a.bin", {"body": BODY})
        self.assert_fetched(self.fetch())
        self.assertEqual(self.server.seen[-1], ("/one/a.bin", "bytes=9000-"))

    def test_a_partial_file_with_other_bytes_is_discarded_and_downloaded_again(self):
        self.part.parent.mkdir(parents=True)
        self.part.write_bytes(b"x" * 1000)
        self.server.give("/one/a.bin", {"body": BODY})
        self.assert_fetched(self.fetch())
        self.assertEqual([asked for _, asked in self.server.seen], ["bytes=1000-", None])

    def test_a_complete_partial_file_needs_no_request_and_one_that_is_too_long_is_discarded(self):
        self.part.parent.mkdir(parents=True)
        self.part.write_bytes(BODY)
        self.assert_fetched(self.fetch())
        self.assertEqual(self.server.seen, [])
        self.file.unlink()
        self.part.write_bytes(BODY + b"more")
        self.server.give("/one/a.bin", {"body": BODY})
        self.assert_fetched(self.fetch())
        self.assertEqual(self.server.seen, [("/one/a.bin", None)])

    def test_a_busy_server_is_asked_again(self):
        self.server.give("/one/a.bin", {"status": 503}, {"body": BODY})
        self.assert_fetched(self.fetch())

    def test_after_a_wrong_checksum_the_next_address_is_asked(self):
        self.server.give("/one/a.bin", {"body": BODY[::-1]})
        self.server.give("/two/a.bin", {"body": BODY})
        done = self.fetch(catalogue=self.catalogue(self.file_entry(), mirrors=("/one/", "/two/")))
        self.assert_fetched(done)
        self.assertIn("/two/a.bin", done.stderr)

    def test_if_every_checksum_is_wrong_nothing_is_left_and_both_checksums_are_named(self):
        for mirror in ("/one/", "/two/"):
            self.server.give(mirror + "a.bin", {"body": BODY[::-1]})
        done = self.fetch(catalogue=self.catalogue(self.file_entry(), mirrors=("/one/", "/two/")))
        self.assert_refused(done, "D24", 3)
        for text in (sha256(BODY), sha256(BODY[::-1]), "/one/a.bin", "/two/a.bin", "PELLUCID_FETCH_MIRROR"):
            self.assertIn(text, done.stderr)
        self.assertEqual(list(self.file.parent.iterdir()), [])

    def test_a_missing_file_names_address_and_status(self):
        done = self.fetch()
        self.assert_refused(done, "M04", 5)
        self.assertIn(self.server.base + "/one/a.bin: HTTP status 404", done.stderr)
        self.assertEqual(len(self.server.seen), 1)

    def test_a_body_of_another_length_is_refused_before_it_is_read(self):
        self.server.give("/one/a.bin", {"body": BODY + b"more"})
        done = self.fetch()
        self.assert_refused(done, "D24", 3)
        self.assertIn("it has 307204 bytes, expected 307200", done.stderr)

    def test_an_endless_body_is_cut_off_at_the_expected_size(self):
        self.server.give("/one/a.bin", {"body": BODY * 4, "length": False})
        done = self.fetch()
        self.assert_refused(done, "D24", 3)
        self.assertIn("more than the expected 307200 bytes", done.stderr)
        self.assertEqual(list(self.file.parent.iterdir()), [])

    def test_a_file_size_limit_ends_as_no_space_and_leaves_nothing(self):
        self.server.give("/one/a.bin", {"body": BODY})
        done = self.fetch(limit=100_000)
        self.assert_refused(done, "M03", 5)
        self.assertIn("a.bin.part", done.stderr)
        self.assertEqual(list(self.file.parent.iterdir()), [])

    def test_a_full_disk_is_named_and_nothing_is_left_on_it(self):
        disk = self.folder / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], capture_output=True, check=False)
        if mounted.returncode:
            self.skipTest("mounting a small tmpfs needs root")
        self.addCleanup(lambda: subprocess.run(["umount", disk], check=True))
        self.server.give("/one/a.bin", {"body": BODY})
        done = self.fetch("--into", str(disk))
        self.assert_refused(done, "M03", 5)
        self.assertIn(f"{disk}/set/a.bin.part: No space left on device", done.stderr)
        self.assertEqual(list((disk / "set").iterdir()), [])

    def test_a_folder_that_cannot_be_made_is_named(self):
        (self.folder / "blocked").write_text("")
        self.assert_refused(self.fetch("--into", "blocked"), "M01", 5)

    def test_ctrl_c_keeps_the_partial_file_and_the_next_call_continues(self):
        for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            with self.subTest(signal=number.name):
                self.file.unlink(missing_ok=True)
                self.server.give("/one/a.bin", {"body": BODY, "stall_after": 20_000}, {"body": BODY})
                command = [PROGRAM, "fetch", "set", "--catalogue", str(self.catalogue(self.file_entry()))]
                program = subprocess.Popen(command, env=self.environment(), stderr=subprocess.PIPE, text=True)
                wait_until(lambda: self.part.exists() and self.part.stat().st_size == 20_000)
                program.send_signal(number)
                complaint = program.communicate(timeout=10)[1]
                self.assertEqual(program.returncode, status, complaint)
                self.assertIn("continues where it stopped", complaint)
                self.assertFalse(self.file.exists())
                self.assert_fetched(self.fetch())
                self.assertEqual(self.server.seen[-1], ("/one/a.bin", "bytes=20000-"))

    def test_two_downloads_at_once_do_not_write_the_same_partial_file(self):
        self.server.give("/one/a.bin", {"body": BODY, "stall_after": 20_000}, {"body": BODY})
        command = [PROGRAM, "fetch", "set", "--catalogue", str(self.catalogue(self.file_entry()))]
        first = subprocess.Popen(command, env=self.environment(), stderr=subprocess.DEVNULL)
        wait_until(lambda: self.part.exists() and self.part.stat().st_size == 20_000)
        second = self.fetch()
        self.assert_refused(second, "M01", 5)
        self.assertIn("another pellucid", second.stderr)
        first.terminate()
        first.wait(timeout=10)

    def test_without_a_network_the_error_lists_every_address(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            nobody = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        done = self.fetch(catalogue=self.catalogue(self.file_entry(), mirrors=(nobody, nobody + "two/")))
        self.assert_refused(done, "M04", 5)
        self.assertEqual(done.stderr.count(nobody), 2)
        self.assertIn("onnect", done.stderr)
        self.assertEqual(list(self.file.parent.iterdir()), [])

    def test_a_mirror_replaces_the_addresses(self):
        self.server.give("/mirror/set/a.bin", {"body": BODY})
        self.assert_fetched(self.fetch(PELLUCID_FETCH_MIRROR=self.server.base + "/mirror"))
        self.assertEqual(self.server.seen, [("/mirror/set/a.bin", None)])

    def test_a_proxy_from_the_environment_is_used(self):
        self.server.give("http://data.invalid/a.bin", {"body": BODY})
        catalogue = self.catalogue(self.file_entry(), mirrors=("http://data.invalid/",))
        self.assert_fetched(self.fetch(catalogue=catalogue, http_proxy=self.server.base, no_proxy=""))

    def test_an_untrusted_certificate_is_refused_until_a_variable_names_it(self):
        certificate = self.folder / "server.pem"
        safe = self.safe_server()
        safe.give("/a.bin", {"body": BODY})
        catalogue = self.catalogue(self.file_entry(), mirrors=(safe.base + "/",))
        refused = self.fetch(catalogue=catalogue)
        self.assert_refused(refused, "M04", 5)
        self.assertIn("certificate", refused.stderr)
        self.assert_fetched(self.fetch(catalogue=catalogue, SSL_CERT_FILE=str(certificate)))

    def safe_server(self):
        """A server that uses https with the certificate server.pem."""
        if not shutil.which("openssl"):
            self.skipTest("needs the tool openssl")
        certificate = self.folder / "server.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=loopback", "-addext",
                        "subjectAltName=IP:127.0.0.1", "-keyout", certificate, "-out", self.folder / "cert"], check=True,
                       capture_output=True)
        certificate.write_text(certificate.read_text() + (self.folder / "cert").read_text())
        safe = Server(certificate)
        self.addCleanup(safe.close)
        return safe

    def test_a_redirect_from_https_to_http_is_not_followed(self):
        safe = self.safe_server()
        self.server.give("/plain", {"body": BODY})
        safe.give("/a.bin", {"status": 302, "location": self.server.base + "/plain"})
        safe.give("/b/a.bin", {"status": 302, "location": "/whole"})
        safe.give("/whole", {"body": BODY})
        certificate = str(self.folder / "server.pem")
        for base in (safe.base + "/", safe.base.replace("https", "HTTPS") + "/"):
            done = self.fetch(catalogue=self.catalogue(self.file_entry(), mirrors=(base,)), SSL_CERT_FILE=certificate)
            self.assertIn(done.returncode, (2, 5), done.stderr)
            self.assertEqual(self.server.seen, [])
        self.assertFalse(self.file.exists())
        done = self.fetch(catalogue=self.catalogue(self.file_entry(), mirrors=(safe.base + "/",)), SSL_CERT_FILE=certificate)
        self.assert_refused(done, "M04", 5)
        self.assertIn("it redirects to an address without https", done.stderr)
        self.assert_fetched(self.fetch(catalogue=self.catalogue(self.file_entry(), mirrors=(safe.base + "/b/",)), SSL_CERT_FILE=certificate))

    def test_a_password_in_an_address_is_shown_nowhere(self):
        host = self.server.base.removeprefix("http://")
        self.server.give("/one/a.bin", {"body": BODY})
        self.server.give("/m/set/a.bin", {"body": BODY})
        for user in ("user:secret", "user:se@secret", "secret", "user:secret/"):
            wrong = [f"http://{user}@{host}/none/", f"http://{user}@127.0.0.1:1/", f"http://{user}@no-such-host.invalid/", f"http://{user}@[bad/"]
            for mirrors in ((f"http://{user}@{host}/one/",), *((address,) for address in wrong)):
                for flags in ((), ("--json",)):
                    self.file.unlink(missing_ok=True)
                    done = self.fetch(*flags, catalogue=self.catalogue(self.file_entry(), mirrors=mirrors))
                    self.assertIn(done.returncode, (0, 5), done.stderr)
                    self.assertNotIn("secret", done.stdout + done.stderr)
            for mirror in (f"ftp://{user}@{host}/", f"http://{user}@{host}/m/", f"http://{user}@127.0.0.1:1"):
                self.file.unlink(missing_ok=True)
                done = self.fetch(PELLUCID_FETCH_MIRROR=mirror)
                self.assertNotIn("secret", done.stdout + done.stderr)
            done = self.fetch(catalogue=self.catalogue(self.file_entry(addresses=[f"ftp://{user}@host/"])))
            self.assertEqual((done.returncode, "secret" in done.stderr), (2, False), done.stderr)
            done = self.fetch(http_proxy=f"odd://{user}@127.0.0.1:1", no_proxy="")
            self.assertNotIn("secret", done.stdout + done.stderr)
        self.file.unlink(missing_ok=True)
        done = self.fetch(catalogue=self.catalogue(self.file_entry(), mirrors=(f"http://user:secret@{host}/one/",)))
        self.assertIn(f"from http://***@{host}/one/a.bin", done.stderr)

    def test_names_with_blanks_and_signs_are_encoded_in_the_address(self):
        for name, encoded in (("a b.bin", "a%20b.bin"), ("100%?#.bin", "100%25%3F%23.bin"), ("größe.bin", "gr%C3%B6%C3%9Fe.bin"),
                              ("a+b&c;.bin", "a%2Bb%26c%3B.bin")):
            self.server.give(f"/one/{encoded}", {"body": BODY})
            done = self.fetch(catalogue=self.catalogue(self.file_entry(name=name)))
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual((self.file.parent / name).read_bytes(), BODY)
        self.server.give("/m/my%20set/a%20b.bin", {"body": BODY})
        done = self.fetch(name="my set", catalogue=self.catalogue(self.file_entry(name="a b.bin"), name="my set"),
                          PELLUCID_FETCH_MIRROR=self.server.base + "/m")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_device_or_pipe_in_place_of_a_file_or_partial_file_does_not_block(self):
        self.server.give("/one/a.bin", {"body": BODY})
        self.file.parent.mkdir(parents=True)
        os.mkfifo(self.part)
        done = self.fetch()
        self.assert_refused(done, "M01", 5)
        self.assertIn("it is not a regular file", done.stderr)
        self.part.unlink()
        self.part.mkdir()
        self.assertIn("Is a directory", self.fetch().stderr)
        self.part.rmdir()
        os.mkfifo(self.file)
        self.assert_fetched(self.fetch())

    def test_json_is_one_object(self):
        self.server.give("/one/a.bin", {"body": BODY})
        for state in ("fetched", "there"):
            done = self.fetch("--json", "-q")
            self.assertEqual(done.stderr, "")
            said = json.loads(done.stdout)
            self.assertEqual((said["v"], said["name"], said["folder"]), (1, "set", str(self.file.parent)))
            [file] = said["files"]
            self.assertEqual((file["name"], file["bytes"], file["state"]), ("a.bin", len(BODY), state))

    def test_the_list_shows_which_data_sets_are_present(self):
        self.server.give("/one/a.bin", {"body": BODY})
        for here in ("no", "yes"):
            [entry] = json.loads(self.fetch("--json", name=None).stdout)["sets"]
            self.assertEqual((entry["here"], entry["bytes"]), (here, len(BODY)))
            self.assertRegex(self.fetch(name=None).stdout, rf"set +300.0 KiB  {here} ")
            self.fetch()

    def test_an_unknown_name_gets_the_nearest(self):
        done = subprocess.run([PROGRAM, "fetch", "mnit"], capture_output=True, text=True, env=self.environment())
        self.assertEqual((done.returncode, "did you mean mnist?" in done.stderr), (2, True))

    def test_all_mistakes_of_a_bad_catalogue_are_listed(self):
        bad = [{"name": "../a", "size": 3, "sha256": "0" * 64}, {"name": "b", "size": -1, "sha256": "0" * 64},
               {"name": "c", "size": 3, "sha256": "xyz"}, {"name": "d", "size": 3, "sha256": "0" * 64, "from": "e", "member": "m"}]
        done = self.fetch(catalogue=self.catalogue(*bad))
        self.assertEqual(done.returncode, 2)
        for text in ('"set/../a"', '"set/b" has no "size"', '"set/c" has no "sha256"', '"set/d" is made from "e"', "4 problems"):
            self.assertIn(text, done.stderr)
        for text in ("", "[]", '{"v":1,"sets":[1]}', '{"v":1,"sets":[{"name":"a","files":[1]}]}'):
            path = self.folder / "broken.json"
            path.write_text(text)
            self.assertIn("error[U05]", self.fetch(catalogue=path).stderr)

    def test_a_member_of_an_archive_is_unpacked_and_checked(self):
        archive = tar_of({"Set/other.txt": b"x" * 700, "Set/a.bin": BODY})
        self.server.give("/one/a.tgz", {"body": archive})
        packed = {"name": "a.tgz", "size": len(archive), "sha256": sha256(archive)}
        member = self.file_entry(**{"from": "a.tgz", "member": "Set/a.bin"})
        done = self.fetch(catalogue=self.catalogue(packed, member))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.file.read_bytes(), BODY)
        for entry, code in ((member | {"member": "Set/b.bin"}, "D16"), (member | {"size": 5}, "D16"),
                            (member | {"sha256": "0" * 64}, "D24")):
            self.file.unlink(missing_ok=True)
            self.assert_refused(self.fetch(catalogue=self.catalogue(packed, entry)), code, 3)

    def test_a_cut_archive_is_refused(self):
        archive = tar_of({"Set/a.bin": os.urandom(5000)})[:2000]
        self.server.give("/one/a.tgz", {"body": archive})
        packed = {"name": "a.tgz", "size": len(archive), "sha256": sha256(archive)}
        member = {"name": "a.bin", "size": 5000, "sha256": "0" * 64, "from": "a.tgz", "member": "Set/a.bin"}
        self.assert_refused(self.fetch(catalogue=self.catalogue(packed, member)), "D16", 3)


class BuiltIn(unittest.TestCase):
    """Compares the built-in catalogue with the data sets, if they are on this machine."""

    def setUp(self):
        self.catalogue = json.loads((SOURCE / "data" / "catalogue.json").read_text())
        given = os.environ.get("PELLUCID_DATA")
        self.data = Path(given) if given else SOURCE.parent / "shared" / "data"

    def files(self, name):
        [found] = [s for s in self.catalogue["sets"] if s["name"] == name]
        if not (self.data / name).is_dir():
            self.skipTest(f"no {self.data / name}")
        return found["files"]

    def test_sizes_and_checksums_are_those_of_the_original_images(self):
        for name in ("mnist", "fashion-mnist"):
            for file in self.files(name):
                content = (self.data / name / file["name"]).read_bytes()
                self.assertEqual((file["size"], file["sha256"]), (len(content), sha256(content)), file["name"])

    def test_california_housing_is_made_as_scikit_learn_makes_it(self):
        _, raw, table = self.files("california-housing")
        content = gzip.decompress((self.data / "california-housing/cal_housing.data.gz").read_bytes())
        wanted = gzip.decompress((self.data / "california-housing/california_housing.csv.gz").read_bytes())
        self.assertEqual((raw["size"], raw["sha256"]), (len(content), sha256(content)))
        archive = tar_of({"CaliforniaHousing/cal_housing.domain": b"longitude: continuous.\n", raw["member"]: content})
        server = Server()
        self.addCleanup(server.close)
        server.give("/cal_housing.tgz", {"body": archive})
        packed = {"name": "cal_housing.tgz", "size": len(archive), "sha256": sha256(archive), "addresses": [server.base + "/"]}
        with tempfile.TemporaryDirectory() as folder:
            catalogue = Path(folder) / "catalogue.json"
            catalogue.write_text(json.dumps({"v": 1, "sets": [{"name": "c", "files": [packed, raw, table]}]}))
            command = [PROGRAM, "fetch", "c", "--catalogue", str(catalogue), "--into", folder]
            environment = {k: v for k, v in os.environ.items() if k != "PELLUCID_FETCH_MIRROR"} | {"no_proxy": "*"}
            done = subprocess.run(command, capture_output=True, text=True, env=environment)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual((Path(folder) / "c" / table["name"]).read_bytes(), wanted)


def tar_of(members):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", format=tarfile.GNU_FORMAT) as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def wait_until(holds, seconds=20):
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise AssertionError("it did not come to that")
        time.sleep(0.01)


if __name__ == "__main__":
    PROGRAM = str(Path(sys.argv[1]).resolve())
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)  # shows why a test is skipped
