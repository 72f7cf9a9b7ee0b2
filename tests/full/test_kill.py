import random
import time

from common import RealStoreCase

from store_lib.system import free_port

KILLS = 4
NAME = "killed_store"


class TestKill(RealStoreCase):
    """`./store run` may be killed at any moment: the same command goes on from there."""

    def setUp(self):
        self.drop(NAME)
        self.addCleanup(self.drop, NAME)
        self.addCleanup(self.drop, f"{NAME}_building")

    def run_arguments(self):
        """The smallest store there is, in a database of its own."""
        modules = ["--modules", "jewelry_debian", "--no-demo", "--database", NAME]
        return ["run", "--check", "--port", free_port(), *modules]

    def assert_opens(self):
        done = self.run_store(*self.run_arguments())
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("The store is open after", done.stdout)
        names = self.prepared.databases.names()
        self.assertIn(NAME, names)
        self.assertNotIn(f"{NAME}_building", names)

    def test_a_start_killed_at_random_moments_is_followed_by_one_that_opens(self):
        seconds = self.measure()
        for moment in sorted(random.uniform(0, seconds) for _ in range(KILLS)):
            with self.subTest(moment=f"{moment:.1f} of {seconds:.1f} s"):
                self.drop(NAME)
                process = self.start_store(*self.run_arguments())
                time.sleep(moment)
                process.kill()
                process.wait()
                self.assert_opens()

    def measure(self):
        """How long a start takes that nobody kills."""
        started = time.monotonic()
        self.assert_opens()
        return time.monotonic() - started

    def test_an_update_killed_half_way_is_done_by_the_next_start(self):
        self.assert_opens()
        (stamp,) = self.prepared.paths.state.glob(f"database-{NAME}-*.json")
        self.addCleanup(stamp.unlink)
        stamp.write_text('{"jewelry_debian": "an older one"}')
        process = self.start_store(*self.run_arguments())
        time.sleep(4)
        process.kill()
        process.wait()
        self.assert_opens()
        self.assertNotIn("older", stamp.read_text())
