#!/usr/bin/env python3
"""The text of documents as fixenc and other programs read it, from the same labelled files, whole and damaged.

    documents.py FOLDER BINARY [--without PEER]...

FOLDER/truth.json maps the name of a file to its text, or to an object with `text` and `kind`. BINARY is `fixenc`.
Measured is the share of the truth's pairs of neighbouring characters that come out, white space left out. "-" is a
program that is not installed or that is not for such files. Of an archive no program here tells the names of the files
as text, so archives are left out. The second table is of damaged copies of the Word files.
What is asked: soffice (LibreOffice), antiword, catdoc, xls2csv and unrtf. Standard library.
"""
import argparse
import collections
import concurrent.futures
import html
import json
import os
import re
import shutil
import struct
import subprocess
import tempfile

# A file takes a tenth of one; some programs never end on damaged files.
SECONDS = 4
SECTOR = 512
FREE = 0xFFFFFFFF
LARGEST_SECTOR = 0xFFFFFFFA


def pairs(text):
    text = "".join(text.split())
    return collections.Counter(zip(text, text[1:]))


def recall(truth, text):
    """The share of the truth's pairs that are in the text, each as often as it is there."""
    wanted = pairs(truth)
    return sum((wanted & pairs(text)).values()) / max(1, sum(wanted.values()))


def printed(*command):
    """What a program prints, also if it fails later; nothing if it does not end."""
    try:
        ran = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return ""
    return ran.stdout.decode("utf-8", "replace")


def each(*command):
    """A program that is called once for each file and prints its text."""
    def texts(paths):
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            return dict(zip(paths, pool.map(lambda path: printed(*command, path), paths)))
    return texts


def soffice(paths):
    """One call for all files of a kind; those that it left out, once more alone: one file may stop all."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:

        def convert(filter_, ending, batch, out):
            command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to",
                       filter_, "--outdir", out, *batch]
            try:
                subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=30 + len(batch))
            except subprocess.TimeoutExpired:
                pass
            for path in batch:
                result = os.path.join(out, os.path.splitext(os.path.basename(path))[0] + ending)
                if os.path.exists(result):
                    with open(result, encoding="utf-8-sig", errors="replace") as file:
                        found[path] = file.read()

        sheets = [path for path in paths if path.endswith((".xls", ".dbf"))]
        # Names that differ in their endings only would be written to one file.
        for name, batch in (("sheets", sheets), ("texts", [path for path in paths if path not in sheets])):
            # TAB between cells, no quotes, UTF-8.
            how = ("csv:Text - txt - csv (StarCalc):9,0,76", ".csv") if name == "sheets" else \
                ("txt:Text (encoded):UTF8", ".txt")
            if batch:
                convert(*how, batch, os.path.join(folder, name))
            for path in [path for path in batch if path not in found]:
                convert(*how, [path], os.path.join(folder, name))
    # Of LibreOffice, the part for sheets may not be installed.
    reads_sheets = any(path in found for path in sheets)
    return {path: found.get(path, "") for path in paths if path not in sheets or reads_sheets}


def unrtf(paths):
    """As a page, whose text is what stands outside of tags: what it prints as text is ASCII."""
    pages = each("unrtf", "--html", "--quiet")(paths)
    bodies = {path: page.split("<body", 1)[-1] for path, page in pages.items()}
    return {path: html.unescape(re.sub("<[^>]*>", "", body)) for path, body in bodies.items()}


# Each peer: the program, how it is asked, and the endings of the files that it is for.
PEERS = [
    ("libreoffice", "soffice", soffice, {"doc", "rtf", "xls", "dbf", "html", "txt"}),
    ("antiword", "antiword", each("antiword", "-m", "UTF-8.txt"), {"doc"}),
    ("catdoc", "catdoc", each("catdoc", "-d", "utf-8"), {"doc", "rtf", "txt"}),
    ("xls2csv", "xls2csv", each("xls2csv", "-d", "utf-8"), {"xls"}),
    ("unrtf", "unrtf", unrtf, {"rtf"}),
]


def ending(path):
    return path.rsplit(".", 1)[-1].lower()


def kind_of(name):
    """`format-language-variant.ending` is of the kind `format-variant`."""
    parts = name.rsplit(".", 1)[0].split("-")
    return f"{parts[0]}-{parts[-1]}" if len(parts) > 2 else parts[0]


def table(cases, columns):
    """Mean recall by kind: one row a kind, one column a program. `cases` has path, kind and truth of each file."""
    kinds = sorted({kind for _, kind, _ in cases})
    print(f"{'kind':28} {'n':>4}" + "".join(f"{name:>12}" for name, *_ in columns))
    rows = {kind: [] for kind in kinds}
    for _, ask, endings in columns:
        mine = [case for case in cases if ask and (endings is None or ending(case[0]) in endings)]
        texts = ask([path for path, *_ in mine]) if mine else {}
        for kind in kinds:
            shares = [recall(truth, texts[path]) for path, of, truth in mine if of == kind and path in texts]
            rows[kind].append(f"{sum(shares) / len(shares):12.3f}" if shares else f"{'-':>12}")
    for kind in kinds:
        print(f"{kind:28} {sum(of == kind for _, of, _ in cases):4}" + "".join(rows[kind]))


def allocation_table(data):
    """Where the sectors of the allocation table stand, in bytes, as the header lists them."""
    listed = struct.unpack_from("<109I", data, 76)
    return [SECTOR * (1 + sector) for sector in listed if sector < LARGEST_SECTOR]


def zeroed(data, places):
    damaged = bytearray(data)
    for start, length in places:
        damaged[start:start + length] = bytes(len(damaged[start:start + length]))
    return bytes(damaged)


def chain(data, sector):
    """Where the sectors of a chain stand, in bytes."""
    table = [n for at in allocation_table(data) for n in struct.unpack_from(f"<{SECTOR // 4}I", data, at)]
    places = []
    while sector < len(table) and len(places) < len(table):
        places.append(SECTOR * (1 + sector))
        sector = table[sector]
    return places


def damages(data):
    """Name and bytes of each damaged copy of a compound file."""
    for percent in (25, 50, 75, 95):
        yield f"cut at {percent} %", data[:len(data) * percent // 100]
    yield "allocation table zeroed", zeroed(data, [(at, SECTOR) for at in allocation_table(data)])
    directory = chain(data, struct.unpack_from("<I", data, 48)[0])
    yield "directory zeroed", zeroed(data, [(at, SECTOR) for at in directory])
    yield "magic number zeroed", zeroed(data, [(0, 8)])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("binary")
    parser.add_argument("--without", action="append", default=[], metavar="PEER")
    arguments = parser.parse_args()
    with open(os.path.join(arguments.folder, "truth.json"), encoding="utf-8") as file:
        truths = json.load(file)
    cases = []
    for name, truth in sorted(truths.items()):
        truth = truth if isinstance(truth, dict) else {"text": truth}
        path = os.path.join(arguments.folder, name)
        if os.path.exists(path) and ending(name) not in ("zip", "tar"):
            cases.append((path, truth.get("kind") or kind_of(name), truth["text"]))
    columns = [("fixenc", each(os.path.abspath(arguments.binary), "fix", "--quiet"), None)]
    for name, program, ask, endings in PEERS:
        there = name not in arguments.without and shutil.which(program)
        columns.append((name, ask if there else None, endings))
    table(cases, columns)
    with tempfile.TemporaryDirectory() as folder:
        damaged = []
        for path, _, truth in [case for case in cases if ending(case[0]) == "doc"]:
            with open(path, "rb") as file:
                data = file.read()
            for damage, bytes_ in damages(data):
                copy = os.path.join(folder, f"{len(damaged)}.doc")
                with open(copy, "wb") as file:
                    file.write(bytes_)
                damaged.append((copy, damage, truth))
        if damaged:
            print()
            table(damaged, columns)


if __name__ == "__main__":
    main()
