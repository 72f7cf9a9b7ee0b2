"""Where things are: the checkout, its state folder and the cache shared by all checkouts."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Paths:
    """Folders of one checkout.

    `state` belongs to the checkout (databases, files, logs). `cache` is shared by every
    checkout of this user on this machine and holds only what is named by a hash of its inputs.
    """

    root: Path

    @property
    def state(self):
        """What belongs to this checkout."""
        return self.root / ".odoo"

    @property
    def cache(self):
        """What all checkouts of this user share."""
        home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        return Path(home) / "jewelry-store"

    @property
    def addons(self):
        """The modules a store installs."""
        return self.root / "addons"

    @property
    def test_addons(self):
        """Addons that exist only while testing; never on the path of a store."""
        return self.root / "tests"

    @property
    def pins(self):
        """Versions and hashes of what is fetched."""
        return self.root / "pins"

    @property
    def logs(self):
        """One file per step, overwritten by the next run."""
        return self.state / "logs"

    @property
    def data(self):
        """Odoo's data folder: attachments and sessions."""
        return self.state / "data"

    @property
    def key(self):
        """Eight characters that tell this checkout from others on the machine."""
        return hashlib.sha256(str(self.root).encode()).hexdigest()[:8]


def digest(*parts):
    """Twelve characters that change when any of `parts` (paths or text) changes."""
    total = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if isinstance(part, Path) else str(part).encode()
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()[:12]
