#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""What scripts/draw/ladder makes of made-up rows."""
import sys
import unittest

sys.dont_write_bytecode = True
from figures import ScriptCase, made_row


def rung(index, path, base, cost, title="", **more):
    return made_row(base, cost, 0.05, scenario="vm_bind", path=path,
                    path_index=index, title=title or path + " title",
                    defaults=more.pop("defaults", True), **more)


def ladder():
    """Out of order, as rows are that were looked at twice."""
    rows = []
    for new, cost in (("gpuva", 24.0), ("gpuva_coarse", 12.0)):
        rows += [rung(2, "ioctl", 9600, cost, new=new),
                 rung(0, "list", 48, cost, new=new),
                 rung(1, "map", 480, cost, new=new),
                 rung(3, "exec_lock", 900, 0.1, new=new,
                      title="control: the lists are left alone")]
    return rows


class Ladder(ScriptCase):
    program = "ladder"

    def test_order_and_numbers(self):
        text = self.written(ladder())
        places = [text.index("\n" + p + ":") for p in
                  ("list", "map", "ioctl", "exec_lock")]
        self.assertEqual(places, sorted(places))
        flat = " ".join(text.split())
        self.assertIn("list: list title default 48.0 gpuva +24.0 "
                      "[+22.8 +25.2] +50.0 SLOWER", flat)
        self.assertIn("9600 gpuva +24.0 [+22.8 +25.2] +0.25 SAME", flat)
        self.assertIn("A/A +0.00 % [-0.10 +0.10] SAME", flat)
        self.assertIn("must add nothing: all SAME", flat)
        self.assertIn("Intervals over 12 processes, level 99.4 %, at 3.00 "
                      "GHz", flat)
        self.assert_pictures(self.folder, "ladder")
        svg = (self.folder / "ladder.svg").read_text()
        for word in ("exec_lock (control)", "gpuva_coarse", "A/A",
                     "over 12 processes", "host own", "Testor 9", "commit 0123456789ab"):
            self.assertIn(word, svg)

    def test_a_path_is_added(self):
        text = self.written(ladder() + [rung(1.5, "another", 700, 24)])
        places = [text.index("\n" + p + ":") for p in ("map", "another",
                                                       "ioctl")]
        self.assertEqual(places, sorted(places))

    def test_scenarios_stand_on_each_other(self):
        more = [dict(rung(0, "list", 70, 24), scenario="vm_bind_drivers"),
                dict(rung(1, "xe", 900, 24), scenario="vm_bind_drivers")]
        text = self.written(more + ladder())
        places = [text.index("\n" + p + ":") for p in (
            "list", "ioctl", "vm_bind_drivers/list", "vm_bind_drivers/xe")]
        self.assertEqual(places, sorted(places))
        svg = (self.folder / "ladder.svg").read_text()
        self.assertIn("vm_bind, vm_bind_drivers", svg)

    def test_control_that_moves(self):
        rows = ladder()
        rows[3].update(rung(3, "exec_lock", 900, 90, new="gpuva",
                            title="control: the lists are left alone"))
        self.assertIn("not SAME: exec_lock gpuva SLOWER",
                      " ".join(self.written(rows).split()))

    def test_equal_code(self):
        """The largest of what none reads apart, where the resv is held."""
        rows = ladder() + [
            rung(0, "list", 48, 0.1, new="none"),
            rung(1, "map", 480, -6.3, new="none"),
            rung(4, "panthor", 900, -90, new="none",
                 title="instead of the resv, as a job"),
            rung(3, "exec_lock", 900, 9, new="none",
                 title="control: the lists are left alone")]
        flat = " ".join(self.written(rows).split())
        self.assertIn("read up to -6.30 ns (-1.31 %, map: SAME) apart", flat)
        self.assertIn("panthor: instead of the resv, as a job the lock "
                      "stands in for the resv, which is not held", flat)
        self.assertIn("panthor (instead)",
                      (self.folder / "ladder.svg").read_text())
        self.assertNotIn("Equal code", self.written(ladder()))

    def test_no_control(self):
        self.assertIn("No control is among", self.written(ladder()[:3]))

    def test_other_cases(self):
        rows = ladder() + [rung(1, "map", 5000, 24, defaults=False,
                                params={"op": "split", "tree": 10000})]
        text = self.written(rows)
        self.assertGreater(text.index("map op=split tree=10000"),
                           text.index("Other cases"))
        self.assertNotIn("5000 ", text[:text.index("Other cases")])

    def test_straddling_and_missing(self):
        rows = ladder()
        rows[0].update(made_row(9600, 96, 0.5))
        rows[0]["verdict"] = "INCONCLUSIVE"
        rows[1]["ratio"]["lo"] = None
        rows[2]["verdict"] = "NO RESULT"
        rows[5]["aa"] = None
        text = self.written(rows)
        flat = " ".join(text.split())
        self.assertIn("[+48.0 +144] +1.00 ?", flat)
        self.assertEqual(flat.count("NO RESULT"), 2)
        self.assertIn("A/A not measured", flat)
        rows = [dict(r, verdict="NO RESULT") for r in rows]
        self.written(rows)

    def test_no_design_of_the_figure_has_a_result(self):
        rows = [rung(0, "list", 48, 24, new="none"),
                rung(0, "list", 48, 24, new="gpuva", verdict="NO RESULT")]
        self.assertIn("NO RESULT", self.written(rows))
        self.assert_pictures(self.folder, "ladder")

    def test_any_one_result(self):
        """Whichever row is the only one that came out, there is a text."""
        whole = ladder() + [rung(0, "list", 48, 24, new="list_obj"),
                            rung(1, "map", 480, 24, new="list_obj",
                                 defaults=False)]
        for kept in range(len(whole)):
            rows = [r if i == kept else dict(r, verdict="NO RESULT")
                    for i, r in enumerate(whole)]
            self.assertIn("NO RESULT", self.written(rows))

    def test_designs_that_are_not_the_usual(self):
        self.assertIn("immediate", self.written(
            [rung(0, "list", 48, 24, new="immediate")]))
        self.assert_pictures(self.folder, "ladder")

    def test_between_hosts_is_no_rung(self):
        rows = ladder() + [rung(0, "list", 50, 1, new_host="ksrc",
                                new="resv")]
        self.assertNotIn("resv +1.00", " ".join(self.written(rows).split()))

    def test_bad_input(self):
        self.refuses_bad_folders()
        self.refused(self.give([]), 2, "has no rows")

    def test_a_run(self):
        """Of any scenario: its paths are the rungs."""
        folder, text, rows = self.run_lab("vm_bo_lock")
        paths = list(dict.fromkeys(r["path"] for r in sorted(
            rows, key=lambda r: r["path_index"])))
        self.assertEqual(paths[0], "obtain")
        places = [text.index("\n" + p + ":") for p in paths]
        self.assertEqual(places, sorted(places))
        self.assertTrue(all(r["defaults"] for r in rows))
        if (folder / "ladder.png").exists():
            self.assert_pictures(folder, "ladder")


if __name__ == "__main__":
    unittest.main(verbosity=2)
