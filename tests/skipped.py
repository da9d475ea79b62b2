#!/usr/bin/env python3
"""Lists the tests that were skipped, entirely or partly, with the reasons. With CI=true, a missing tool is a failure.
Not here: the tests. Each prints "skipped" with its reason; for a missing tool this is "needs the tool NAME".

    skipped.py JUNIT.xml
"""

import os
import re
import sys
import xml.etree.ElementTree as ElementTree

# The messages of our scripts, of unittest and of GoogleTest (whose reason is in the next line).
SAID = re.compile(r"^(?:.*: )?skipped[:,] (.+)$|\.\.\. skipped ['\"](.+)['\"]$|: Skipped\n(.+)$", re.M)


def reasons(case):
    """Returns the reasons for skipping in a test's output, each once."""
    said = SAID.finditer(case.findtext("system-out") or "")
    found = list(dict.fromkeys(next(filter(None, match.groups())).strip() for match in said))
    return found or (["no reason given"] if case.find("skipped") is not None else [])


def main():
    lines, lacks_tool = [], False
    for case in ElementTree.parse(sys.argv[1]).getroot().iter("testcase"):
        part = " in part" if case.find("skipped") is None else ""
        for reason in reasons(case):
            lines.append(f"skipped{part}: {case.get('name')}: {reason}")
            lacks_tool = lacks_tool or "needs the tool" in reason
    print("\n".join(lines) or "no test was skipped")
    if not lacks_tool or os.environ.get("CI") != "true":
        return 0
    print("with CI=true, a missing tool counts as a failed test")
    return 1


if __name__ == "__main__":
    sys.exit(main())
