import json
import stat
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from threading import Thread

from odoo.tests import BaseCase, tagged

from ..tools import anchor
from ..tools.anchor import AnchorLog, Standing, find_standing
from ..tools.anchor_line import find_break
from ..tools.merkle import merkle_root

HEADS = [("b2", 1, "$1$bb"), ("a1", 3, "$1$aa")]


@tagged("post_install", "-at_install")
class TestAnchorFile(BaseCase):
    def setUp(self):
        super().setUp()
        folder = mkdtemp()
        self.addCleanup(rmtree, folder)
        self.log = AnchorLog(Path(folder, "below", "anchors.jsonl"))

    def _write(self, count=1, **entry):
        return [
            self.log.append({"database": "db", **entry}, [*HEADS, ("c", n, "$1$c")])
            for n in range(count)
        ]

    def test_a_file_that_was_never_written_has_no_lines(self):
        self.assertEqual(self.log.read_lines(), [])

    def test_only_the_account_of_the_server_may_read_it(self):
        self._write()
        modes = {stat.S_IMODE(path.stat().st_mode) for path in self.log.path.parent.iterdir()}
        self.assertEqual(modes, {0o600})
        self.assertEqual(stat.S_IMODE(self.log.path.parent.stat().st_mode), 0o700)

    def test_the_root_stands_for_the_heads_in_uuid_order(self):
        line = self.log.append({}, HEADS)
        self.assertEqual(line["root"], merkle_root([b"a1 3 $1$aa", b"b2 1 $1$bb"]))
        self.assertEqual(self.log.read_heads(line["root"]), sorted(HEADS))

    def test_a_line_is_read_as_it_was_written_and_follows_the_one_before(self):
        first, second = self._write(2, events=5)
        self.assertEqual(self.log.read_lines(), [first, second])
        self.assertEqual((first["previous"], second["previous"]), ("", first["digest"]))
        self.assertEqual(find_break(self.log.read_lines()), 0)

    def test_no_chains_at_all_can_be_anchored(self):
        line = self.log.append({}, [])
        self.assertEqual(self.log.read_heads(line["root"]), [])

    def test_a_changed_line_is_found_by_its_follower(self):
        self._write(3)
        lines = self.log.path.read_text().splitlines()
        lines[1] = lines[1].replace('"db"', '"dB"')
        self.log.path.write_text("\n".join(lines) + "\n")
        self.assertEqual(find_break(self.log.read_lines()), 3)

    def test_a_removed_line_is_found(self):
        self._write(3)
        lines = self.log.path.read_text().splitlines()
        self.log.path.write_text("\n".join([lines[0], lines[2]]) + "\n")
        self.assertEqual(find_break(self.log.read_lines()), 2)

    def test_a_line_that_is_no_anchor_is_found(self):
        for garbage in ("not json", "[1]", "", "{}"):
            self.log.path.unlink(missing_ok=True)
            self._write()
            with self.log.path.open("a") as file:
                file.write(garbage + "\n")
            self._write()
            self.assertEqual(find_break(self.log.read_lines()), 2, garbage)

    def test_heads_that_are_gone_or_changed_are_not_believed(self):
        root = self._write()[0]["root"]
        path = self.log.path.with_name(f"heads-{root}.gz")
        content = path.read_bytes()
        other = self.log.append({}, HEADS)["root"]
        for forged in (
            b"",
            b"garbage",
            content[:-9],
            self.log.path.with_name(f"heads-{other}.gz").read_bytes(),
        ):
            path.write_bytes(forged)
            self.assertIsNone(self.log.read_heads(root))
        path.unlink()
        self.assertIsNone(self.log.read_heads(root))
        self.assertIsNone(self.log.read_heads(None))

    def test_old_heads_go_and_lines_stay(self):
        self.patch(anchor, "KEPT_HEADS", 2)
        lines = self._write(4)
        kept = {path.name for path in self.log.path.parent.glob("heads-*")}
        self.assertEqual(kept, {f"heads-{line['root']}.gz" for line in lines[-2:]})
        self.assertEqual(len(self.log.read_lines()), 4)

    def test_writers_at_the_same_time_follow_each_other(self):
        writers = [Thread(target=self._write, args=(5,)) for _writer in range(4)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        lines = self.log.read_lines()
        self.assertEqual((len(lines), find_break(lines)), (20, 0))

    def test_lines_are_json_that_any_program_can_read(self):
        self._write(name="Zürich")
        entry = json.loads(self.log.path.read_text())
        self.assertEqual(entry["name"], "Zürich")
        self.assertNotIn("digest", entry)


@tagged("post_install", "-at_install")
class TestStanding(BaseCase):
    lines = (
        {"database": "mother", "digest": "m1"},
        {"database": "mother", "digest": "m2"},
        {"database": "child", "digest": "c1"},
        {"database": "mother", "digest": "m3"},
    )

    def test_a_database_goes_by_its_own_last_line(self):
        self.assertEqual(find_standing(self.lines, "mother", "m3", "mother"), Standing(4))
        self.assertEqual(find_standing(self.lines, "child", "c1", "child"), Standing(3))

    def test_a_database_set_back_to_an_older_day_still_goes_by_its_last_line(self):
        self.assertEqual(find_standing(self.lines, "mother", "m1", "mother"), Standing(4))

    def test_a_database_whose_memory_was_wiped_still_goes_by_its_last_line(self):
        self.assertEqual(find_standing(self.lines, "mother"), Standing(4))

    def test_a_fresh_copy_goes_by_the_line_it_remembers_and_is_a_fork(self):
        self.assertEqual(
            find_standing(self.lines, "copy", "m2", "mother"), Standing(2, fork_of="mother")
        )

    def test_a_copy_that_anchored_is_no_longer_fresh(self):
        self.assertEqual(find_standing(self.lines, "child", "m2", "mother"), Standing(3))

    def test_a_copy_without_its_file_is_a_fork_all_the_same(self):
        self.assertEqual(find_standing([], "copy", "m2", "mother"), Standing(0, fork_of="mother"))

    def test_a_copy_without_a_memory_is_known_by_the_file(self):
        self.assertEqual(find_standing(self.lines, "copy"), Standing(0, fork_of="mother"))

    def test_a_line_that_the_file_lost_is_missed(self):
        self.assertEqual(find_standing([], "mother", "m3", "mother"), Standing(0, lost=True))
        self.assertEqual(
            find_standing(self.lines[:2], "mother", "m3", "mother"), Standing(2, lost=True)
        )

    def test_a_new_database_with_a_new_file_has_nothing_to_fear(self):
        self.assertEqual(find_standing([], "new"), Standing())
