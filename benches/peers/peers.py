#!/usr/bin/env python3
"""What ftfy, plsfix and fixenc make of the same labelled strings, as a Markdown table.

    peers.py FOLDER [--told]

FOLDER holds `eval/repair/*.json` and `corpora/dev/zh-Hans.txt`; what is not there is left out. `--told` adds a column
for fixenc told that the text is garbled. ftfy is installed from PyPI into a virtual environment in `target/` on the
first run; plsfix and fixenc are built by Cargo from this folder.

All three repair encodings only. For ftfy that is `ftfy.fix_encoding`: its decoding steps and the four that belong to
them (restore_byte_a0, replace_lossy_sequences, decode_inconsistent_utf8, fix_c1_controls), without entities, quotes,
ligatures, widths and normal forms. For plsfix it is the same choice of options (`src/encoding_only.rs`).
"""

import argparse
import difflib
import json
import os
import subprocess
import sys
import venv
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
FTFY = "6.3.1"

# Lines of Chinese for each of the two rows of GBK read as Latin-1.
LINES = 1000


def import_ftfy():
    """ftfy in the pinned version: from here, else from a virtual environment that this program starts again in."""
    try:
        import ftfy

        if ftfy.__version__ == FTFY:
            return ftfy
    except ImportError:
        pass
    home = HERE / "target" / "venv"
    if Path(sys.prefix) == home:
        sys.exit(f"ftfy {FTFY} is not in {home}; remove that folder")
    python = home / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not python.exists():
        venv.create(home, with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", f"ftfy=={FTFY}"], check=True, stdout=sys.stderr)
    sys.exit(subprocess.run([python, __file__, *sys.argv[1:]]).returncode)


def build():
    """The path of the program that runs plsfix and fixenc."""
    command = ["cargo", "build", "--release", "--bin", "lines", "--message-format=json-render-diagnostics"]
    done = subprocess.run(command, cwd=HERE, check=True, stdout=subprocess.PIPE, encoding="utf-8")
    messages = [json.loads(line) for line in done.stdout.split("\n")[:-1]]
    return next(m["executable"] for m in messages if m.get("executable"))


def by_program(program, name):
    def repair(texts):
        lines = "".join(json.dumps(text) + "\n" for text in texts)
        done = subprocess.run([program, name], input=lines, check=True, stdout=subprocess.PIPE, encoding="utf-8")
        # Not `splitlines`, which also parts at U+0085 and the like.
        answers = [json.loads(line) for line in done.stdout.split("\n")[:-1]]
        assert len(answers) == len(texts), f"{name}: {len(answers)} answers to {len(texts)} texts"
        return answers

    return repair


def groups(folder):
    """(name, [(garbled, truth)]) of each row; clean text has itself as the truth."""
    cases = folder / "eval" / "repair"

    def load(name):
        path = cases / name
        if not path.exists():
            print(f"{name} is not there", file=sys.stderr)
            return []
        return json.loads(path.read_text(encoding="utf-8"))

    def pairs(records):
        return [(r["garbled"], r["truth"]) for r in records]

    matrix = load("matrix.json")
    lossless = [r for r in matrix if r["lossless"]]
    yield "matrix, lossless", pairs(lossless)
    for kind, written in [("utf-8", "UTF-8"), ("legacy", "a legacy encoding")]:
        records = [r for r in lossless if r["class"] == kind]
        yield f"– {written} was written", pairs(records)
        for index, words in [(0, "one short field"), (2, "one sentence"), (4, "several sentences")]:
            yield f"– – {words}", pairs(r for r in records if r["i"] == index)
    yield "matrix, lossy", pairs(r for r in matrix if not r["lossless"])
    samples = load("samples.json")
    yield "samples, all kinds", pairs(samples)
    for family in sorted({r["family"] for r in samples}):
        yield f"– {family}", pairs(r for r in samples if r["family"] == family)
    damaged = load("damage.json")
    yield "damage", pairs(r for r in damaged)
    yield "clean: tricky strings", [(r["text"], r["text"]) for r in load("tricky_clean.json") if not r["debatable"]]
    yield "clean: names", [(r["text"], r["text"]) for r in load("clean_names.json")]
    yield from gbk_lines(folder / "corpora" / "dev" / "zh-Hans.txt")


def gbk_lines(path):
    """Lines of Chinese as GBK read as Latin-1: whole, and those with the byte AD without it."""
    if not path.exists():
        print(f"{path.name} is not there", file=sys.stderr)
        return
    pairs = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        try:
            pairs.append((line.encode("gbk").decode("latin-1"), line))
        except UnicodeEncodeError:
            continue
    pairs = [pair for pair in pairs if pair[0] != pair[1]]
    yield "GBK as Latin-1, lines", pairs[:LINES]
    lost = [(garbled.replace("\u00ad", ""), truth) for garbled, truth in pairs if "\u00ad" in garbled]
    yield "GBK as Latin-1, U+00AD dropped", lost[:LINES]


def similarity(a, b):
    return difflib.SequenceMatcher(None, a, b, autojunk=False).ratio()


def score(pairs, answers):
    """How many are exact, how many are changed and wrong, and how many of these are no nearer to the truth now."""
    count = Counter()
    for (garbled, truth), got in zip(pairs, answers):
        count["exact"] += got == truth
        if got not in (truth, garbled):
            count["wrong"] += 1
            count["worse"] += garbled == truth or similarity(got, truth) <= similarity(garbled, truth)
    return count


def cell(clean, pairs, count):
    if clean:
        return f"{len(pairs) - count['exact']} changed"
    return f"{100 * count['exact'] / len(pairs):.1f} %, {count['wrong']} ({count['worse']})"


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--told", action="store_true", help="add a column for fixenc told that the text is garbled")
    options = options.parse_args()
    ftfy = import_ftfy()
    program = build()
    peers = {
        f"ftfy {ftfy.__version__}": lambda texts: [ftfy.fix_encoding(text) for text in texts],
        "plsfix 0.1.8": by_program(program, "plsfix"),
        "fixenc": by_program(program, "fixenc"),
    }
    if options.told:
        peers["fixenc, told"] = by_program(program, "fixenc-told")
    print("Exact, changed but wrong (of these no nearer to the truth):\n")
    print("| |", " | ".join(["strings", *peers]), "|")
    print("|---|", "---|" * (len(peers) + 1), sep="")
    for name, pairs in groups(options.folder):
        if not pairs:
            continue
        garbled = [pair[0] for pair in pairs]
        cells = [cell(name.startswith("clean"), pairs, score(pairs, repair(garbled))) for repair in peers.values()]
        print("|", " | ".join([name, str(len(pairs)), *cells]), "|", flush=True)


if __name__ == "__main__":
    main()
