#!/usr/bin/env python3
"""Tests ./dev on machines where tools are missing: it installs only the missing ones, and reports skipped tests.
Not here: real packages; apt-get, dpkg-query and the tools are stand-ins.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1]
SYSTEM = ("bash", "cat", "dirname", "env", "readlink", "sed", "grep", "python3")


class Machine(unittest.TestCase):
    def setUp(self):
        keep = tempfile.TemporaryDirectory()
        self.addCleanup(keep.cleanup)
        self.folder = Path(keep.name)
        self.asked = self.folder / "asked"
        self.asked.write_text("")
        for name in SYSTEM:
            os.symlink(shutil.which(name), self.folder / name)
        self.stand_in("dpkg-query", "echo not-installed")
        self.apt("")
        self.stand_in("sudo", 'exec "$@"')

    def stand_in(self, name, script):
        (self.folder / name).write_text(f"#!{shutil.which('bash')}\n{script}\n")
        (self.folder / name).chmod(0o755)

    def apt(self, refuses):
        """A stand-in for apt-get that records what it should install and knows all packages except one."""
        self.stand_in("apt-get", f'[[ $* == *-s* ]] && exit 0\n[[ $1 == install ]] && echo "$*" >>{self.asked}\n'
                      f'[[ -n "{refuses}" && " $* " == *" {refuses} "* ]] && exit 100\nexit 0')

    def tools(self, *names, node="v20.1.0"):
        for name in names:
            self.stand_in(name, f"echo {node}" if name == "node" else "exit 0")

    def call(self, command, **variables):
        return subprocess.run(["bash", "-c", f"source {SOURCE / 'dev'} help >/dev/null; {command}"], capture_output=True, text=True,
                              env={"PATH": str(self.folder), "HOME": str(self.folder)} | variables, cwd=self.folder)

    def installed(self):
        return [line.split()[-1] for line in self.asked.read_text().splitlines()]

    def test_python_packages_that_cannot_be_installed_do_not_stop_the_tests(self):
        (self.folder / "python3").unlink()  # a link to the real one
        self.stand_in("python3", "exit 1")
        self.stand_in("cmp", "exit 1")
        done = self.call("python_tools")
        self.assertEqual((done.returncode, self.installed()), (0, ["python3-venv"]), done.stderr)
        self.assertIn("could not be installed", done.stderr)

    def test_the_tools_for_the_page_are_installed_one_by_one_and_only_missing_ones(self):
        for there, lacking in ((("node", "npm"), ["chromium"]), (("node", "chromium-browser"), ["npm"]), (("npm", "google-chrome"), ["nodejs"]),
                               ((), ["nodejs", "npm", "chromium"]), (("node", "npm", "chromium"), [])):
            with self.subTest(there=there):
                for name in ("node", "npm", "chromium", "chromium-browser", "google-chrome"):
                    (self.folder / name).unlink(missing_ok=True)
                self.asked.write_text("")
                self.tools(*there)
                done = self.call("page_tools")
                self.assertEqual((done.returncode, self.installed()), (0, lacking), done.stderr)
                for package in lacking:
                    self.assertIn(f"installing {package} (needed to test the page)", done.stderr)

    def test_a_tool_that_cannot_be_installed_does_not_prevent_the_others(self):
        self.tools("node")
        self.apt("npm")
        done = self.call("page_tools")
        self.assertEqual((done.returncode, self.installed()), (0, ["npm", "chromium"]), done.stderr)
        self.assertIn("apt-get could not install: npm", done.stderr)

    def test_a_node_that_is_too_old_is_reported(self):
        self.tools("node", "npm", "chromium", node="v16.20.2")
        self.assertIn("node is 16.20.2, the page needs 18 or newer", self.call("page_tools").stderr)

    def test_a_tool_from_elsewhere_is_as_good_as_its_package(self):
        self.tools("cmake", "ninja")
        done = self.call('need "to build" cmake=cmake ninja=ninja-build g++=g++')
        self.assertEqual((done.returncode, self.installed()), (0, ["g++"]), done.stderr)

    def test_numpy_is_installed_only_where_python_lacks_it(self):
        for status, asked in ((0, []), (1, ["python3-numpy"])):
            with self.subTest(status=status):
                (self.folder / "python3").unlink()
                self.stand_in("python3", f"exit {status}")
                done = self.call("numpy_for_tests")
                self.assertEqual((done.returncode, self.installed()), (0, asked), done.stderr)
        self.apt("python3-numpy")
        self.assertEqual(self.call("numpy_for_tests").returncode, 0)  # the test then reports that it is skipped

    def test_without_apt_the_missing_packages_are_named(self):
        (self.folder / "apt-get").unlink()
        self.tools("cmake")
        done = self.call('need "to build" cmake=cmake ninja=ninja-build')
        self.assertEqual(done.returncode, 1)
        self.assertIn("by hand: ninja-build\n", done.stderr)
        self.assertEqual(self.call('PELLUCID_INSTALL=no need "to build" ninja=ninja-build').returncode, 0)


class Skipped(unittest.TestCase):
    CASES = """<testsuite><testcase name="web_report" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/>
<system-out>skipped: needs the tool chromium</system-out></testcase>
<testcase name="cli_train" status="run"><system-out>train.txt:7: skipped, needs data mnist: pellucid train
9 commands, 0 failed, 1 skipped</system-out></testcase>
<testcase name="Files.idx" status="notrun"><skipped/><system-out>files_test.cc:5: Skipped
mnist is not here
[  SKIPPED ] Files.idx (0 ms)
[  SKIPPED ] 1 test, listed below:</system-out></testcase>
<testcase name="cli_fetch" status="run"><system-out>test_a ... skipped 'mounting needs root'
OK (skipped=1)</system-out></testcase>
<testcase name="other" status="run"><system-out>10 files skipped nothing</system-out></testcase></testsuite>"""

    def told(self, text, ci):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "tests.xml").write_text(text)
            done = subprocess.run([sys.executable, SOURCE / "tests/skipped.py", f"{folder}/tests.xml"], capture_output=True, text=True,
                                  env=os.environ | {"CI": ci})
            return done.returncode, done.stdout

    def test_each_skipped_test_is_reported_with_its_reason(self):
        _, said = self.told(self.CASES, "")
        for line in ("skipped: web_report: needs the tool chromium", "skipped in part: cli_train: needs data mnist: pellucid train",
                     "skipped: Files.idx: mnist is not here", "skipped in part: cli_fetch: mounting needs root"):
            self.assertIn(line + "\n", said)
        self.assertEqual(said.count("\n"), 4, said)

    def test_with_ci_a_missing_tool_fails_and_missing_data_do_not(self):
        self.assertEqual(self.told(self.CASES, "")[0], 0)
        self.assertEqual(self.told(self.CASES, "true")[0], 1)
        self.assertEqual(self.told(self.CASES.replace("needs the tool chromium", "needs data mnist"), "true")[0], 0)


if __name__ == "__main__":
    unittest.main()
