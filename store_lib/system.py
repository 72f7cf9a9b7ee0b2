"""What comes from the machine: programs installed by apt when we are root, free ports."""

import errno
import shutil
import socket
import urllib.error
import urllib.request
from pathlib import Path

from .console import StoreError, step
from .process import as_root, clean_environment, run


def apt_install(*packages):
    """Install Debian packages.

    :raise StoreError: not root or no apt, with the command to give.
    """
    names = " ".join(packages)
    if not (as_root() and shutil.which("apt-get")):
        raise StoreError(f"{names} is missing on this machine: apt-get install {names} (as root).")
    environment = clean_environment(DEBIAN_FRONTEND="noninteractive", LC_ALL="C")
    failure = f"apt-get could not install {names}: check the network and apt's sources."
    with step(f"apt-get install {names}"):
        run(["apt-get", "-qq", "update"], env=environment, failure=failure)
        command = ["apt-get", "-qq", "install", "-y", "--no-install-recommends", *packages]
        run(command, env=environment, failure=failure)


def require_browser():
    """Chromium for tours and hoot: a test that needs it must never be skipped."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    if not any(shutil.which(name) for name in names):
        apt_install("chromium")


def require_node():
    """Node for eslint and prettier."""
    if not (shutil.which("node") and shutil.which("npm")):
        apt_install("nodejs", "npm")


def require_tshark():
    """Wireshark's reader of captures: what the gateway sends is decoded by a program not ours."""
    if not shutil.which("tshark"):
        apt_install("tshark")


def free_port():
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(url):
    """Whether a page of this machine is there and well; no proxy of the person's is asked."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=60) as page:
            return page.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def require_port(port, host="127.0.0.1"):
    """Fail when `port` is taken, or the machine has no address `host`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            taken = f"Port {port} is taken ({error.strerror}): stop that program, or give --port."
            other = f"{host}:{port} cannot be opened ({error.strerror}): give another --host."
            raise StoreError(taken if error.errno == errno.EADDRINUSE else other) from error


def find_folders(*patterns):
    """Folders that match, the highest version first."""
    found = [path for pattern in patterns for path in Path("/").glob(pattern)]
    return sorted(found, key=lambda path: [int(n) for n in path.parts if n.isdigit()], reverse=True)
