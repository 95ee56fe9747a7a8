"""Killed while the key is changed: every token opens with exactly one key that is there (F27)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from conftest import SOAK

SCRIPT = Path(__file__).with_name("killed_rotation.py")
KILLS = 200 if SOAK else 12
SEED = 20261122


def test_a_rotation_killed_anywhere_leaves_every_token_readable_and_can_go_on(tmp_path):
    tests, root = SCRIPT.parents[2], SCRIPT.parents[3]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(tests), str(root)))}
    command = [sys.executable, str(SCRIPT), str(tmp_path), str(KILLS), str(SEED)]
    done = subprocess.run(command, check=True, env=environment, timeout=600, capture_output=True, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    assert found == {"kills": KILLS, "rotations": found["rotations"], "unreadable": 0}
    assert found["rotations"] > 0
