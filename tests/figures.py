# SPDX-License-Identifier: GPL-2.0 OR MIT
"""What the tests of the scripts that draw have in common: made-up result
folders, and how a script is called."""
import json
import pathlib
import subprocess
import tempfile

from cases import LOCKLAB, ROOT, Case

LARGEST = 100000    # bytes of a PNG that a list may get

ENV = {"cpu": {"model": "Testor 9", "topology": {"threads": 2}},
       "build": {"commit": "0123456789abcdef"}, "kernel": {"release": "6.12"}}


def made_row(base, cost, width=0.0, **more):
    """A row whose intervals are the truth times 1 -+ width."""
    span = {k: cost * (1 + s * width)
            for k, s in (("est", 0), ("lo", -1), ("hi", 1))}
    row = {"host": "own", "base_host": "own", "new_host": "own",
           "base": "resv", "new": "gpuva", "title": "t", "op": "item",
           "threads": 1, "margin": 1, "base_ns": base,
           "new_ns": base + cost, "delta_ns": span,
           "ratio": {k: 1 + v / base for k, v in span.items()},
           "aa": {"est": 1, "lo": 0.999, "hi": 1.001, "verdict": "SAME"},
           "samples": [], "params": {}, "level": 0.9937, "units": 12,
           "unit": "process", "processes": 12, "cycles": None}
    row["cycles"] = cycles_of(row)
    percent = {k: 100 * v / base for k, v in span.items()}
    row["verdict"] = "SAME" if percent["hi"] < 1 else \
        "SLOWER" if percent["lo"] > 0 else "INCONCLUSIVE"
    row.update(more)
    return row


def cycles_of(row, ghz=3):
    """As a row has them whose clock ran at so many GHz."""
    return {"ghz": ghz, **{k: {e: ghz * row[k + "_ns"] * by for e, by in
                               (("est", 1), ("lo", 0.99), ("hi", 1.01))}
                           for k in ("base", "new")},
            "delta": {e: ghz * v for e, v in row["delta_ns"].items()}}


def measured(processes, arms=("base", "new")):
    """What a row has of its rounds: of each process the arms' ns in each of its
    placements, in which all orders ran once."""
    orders = 6 if len(arms) == 3 else 2
    samples, places = [], {"first_round": [], "process": [],
                           "stolen_ticks": [], "throttled_us": [],
                           "cycle_ns": [], "handover_ns": [], "cpu": []}
    for p, placements in enumerate(processes):
        for ns in placements:
            places["first_round"].append(len(samples))
            places["process"].append(p)
            places["stolen_ticks"].append(0)
            places["throttled_us"].append(0)
            places["cycle_ns"].append([None, None])
            places["handover_ns"].append(None)
            places["cpu"].append(0)
            samples += [[order, 0, *ns, 400] for order in range(orders)]
    return {"samples": samples, "places": places, "arms": list(arms)}


class ScriptCase(Case):
    """A test that gives folders to one of the scripts: the program."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="test figures.")
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def call(self, *args):
        return subprocess.run([str(ROOT / "scripts/draw" / self.program), *args],
                              capture_output=True, text=True, check=False)

    def give(self, rows):
        (self.folder / "samples.json").write_text(json.dumps(
            {"seed": 1, "command": "made up", "rows": rows}))
        (self.folder / "env.json").write_text(json.dumps(ENV))
        return self.call(str(self.folder))

    def written(self, rows):
        """What the script prints of rows, which is what it writes."""
        done = self.give(rows)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr, "")
        self.assert_plain(done.stdout)
        text = (self.folder / (self.program + ".txt")).read_text()
        self.assertEqual(text, done.stdout)
        return text

    def assert_pictures(self, folder, *names):
        for name in names:
            png = (folder / (name + ".png")).read_bytes()
            self.assertTrue(png.startswith(b"\x89PNG"), name)
            self.assertLess(len(png), LARGEST, name)
            self.assertIn(b"</svg>", (folder / (name + ".svg")).read_bytes())

    def refuses_bad_folders(self):
        self.refused(self.call(), 2, "usage")
        self.refused(self.call("a", "b"), 2, "usage")
        self.refused(self.call("/no/folder"), 2, "/no/folder",
                     "give the folder")
        self.refused(self.give([]), 2, str(self.folder), "give the folder")
        (self.folder / "samples.json").write_text("[")
        self.refused(self.call(str(self.folder)), 2, "samples.json")

    def run_lab(self, scenario, budget="1"):
        """A run of a moment, drawn by the script; its folder."""
        out = self.folder / "out"
        done = subprocess.run([LOCKLAB, "run", "--scenario", scenario,
                               "--budget", budget, "--exact", "no",
                               "--out", str(out),
                               "--plot", str(ROOT / "scripts/draw" / self.program)],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        found = list(out.glob("own/*"))
        self.assertEqual(len(found), 1, found)
        text = (found[0] / (self.program + ".txt")).read_text()
        self.assert_plain(text)
        self.assertIn(text, done.stdout)
        rows = json.loads((found[0] / "samples.json").read_text())["rows"]
        return found[0], text, rows
