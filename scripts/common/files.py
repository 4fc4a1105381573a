# SPDX-License-Identifier: GPL-2.0 OR MIT
"""Files and folders of results."""
import json
import pathlib
import tempfile

from scripts.common.program import fail


def load(path, advice):
    """What a JSON file has; advice: what to name where it cannot be read."""
    try:
        return json.loads(pathlib.Path(path).read_text("utf-8"))
    except (OSError, ValueError) as error:
        return fail(2, "%s: %s: %s" % (path, error, advice))


def write(path, text):
    """A file is whole or not there."""
    new = path.with_name(path.name + ".new")
    new.write_text(text, "utf-8")
    new.rename(path)


def write_json(path, doc):
    write(path, json.dumps(doc, indent=1) + "\n")


def make_folder(folder):
    """Folders that are there, and take files: known before anything is measured."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        fail(2, "%s: %s: name a folder that can be used" %
             (folder, error.strerror))
