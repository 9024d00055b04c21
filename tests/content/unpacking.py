"""A picture read as the worker does, in a process of its own, to see what it costs."""

import subprocess
import sys

from tests.servers import ROOT

# VmHWM and not ru_maxrss, which begins with the size of the process that started this one.
READ = """
import re, sys
from pathlib import Path
from updates.content.picture_file import Refusal, read
def highest():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
data = sys.stdin.buffer.read()
before = highest()
try:
    picture = read(data).values
    print(picture["width"], picture["height"])
except Refusal as refusal:
    print(refusal.code)
print(highest() - before)
"""


def read_apart(data):
    """What came of it, and the extra memory in kilobytes."""
    run = subprocess.run([sys.executable, "-c", READ], input=data, capture_output=True, check=True, cwd=ROOT)
    outcome, kilobytes = run.stdout.decode().splitlines()
    return outcome, int(kilobytes)
