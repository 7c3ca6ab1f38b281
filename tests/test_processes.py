"""The helper that other tests trust to leave no process behind."""

import os
import sys

import pytest

from tests.processes import Children, wait_for

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="process groups are those of POSIX")

PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
{then}
"""


def is_gone(pid):
    """Not there, or dead and not yet collected by whoever inherits it."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False


@pytest.mark.parametrize("then", ["time.sleep(600)", "raise SystemExit"])
def test_a_grandchild_ends_with_the_test_whatever_became_of_its_parent(then):
    children = Children()
    process = children.start("-c", PARENT.format(then=then))
    grandchild = int(process.stdout.readline())
    assert not is_gone(grandchild)
    children.end()
    wait_for(lambda: is_gone(grandchild), 60)
    assert process.poll() is not None


def test_a_child_that_is_waited_for_says_how_it_ended(children):
    done = children.run("-c", "import sys; print('out'); sys.exit('err')")
    assert (done.returncode, done.stdout, done.stderr) == (1, "out\n", "err\n")


def test_waiting_in_vain_is_a_failure():
    with pytest.raises(AssertionError, match="still waiting"):
        wait_for(lambda: False, 0.01)
