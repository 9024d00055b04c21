"""A picture read in a process of its own, to see what it costs."""

import subprocess
import sys

from tests.servers import ROOT

# VmHWM and not ru_maxrss, which begins with the size of the process that started this one.
READ = """
import re, sys
from io import BytesIO
from pathlib import Path
from django.conf import settings
settings.configure(USE_I18N=False)
from django.core.exceptions import ValidationError
from updates.content.images import read_image
def highest():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
data = sys.stdin.buffer.read()
before = highest()
try:
    picture = read_image(BytesIO(data))
    print(picture.width, picture.height)
except ValidationError as refusal:
    print(refusal.messages[0])
print(highest() - before)
"""


def read_apart(data):
    """What came of it, and the extra memory in kilobytes."""
    run = subprocess.run([sys.executable, "-c", READ], input=data, capture_output=True, check=True, cwd=ROOT)
    outcome, kilobytes = run.stdout.decode().splitlines()
    return outcome, int(kilobytes)
