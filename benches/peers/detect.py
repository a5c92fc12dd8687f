#!/usr/bin/env python3
"""Detection by fixenc and by others on the same labelled files, whole and cut: right is the same decoded text,
as the detector has it or as Python decodes the encoding that it names.

    detect.py BIN LABELS.tsv ROOT [--cuts] [--without PEER]...

LABELS.tsv has a path and a label in each line; the files lie below ROOT. What is not installed is passed over:
chardet, charset-normalizer (`pip install`). Standard library otherwise.
"""
import argparse
import base64
import collections
import json
import os
import subprocess
import threading
import time

# Narrow names that files of the wider encoding go by.
WIDER = {"ascii": "cp1252", "iso-8859-1": "cp1252", "iso-8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030",
         "euc-kr": "cp949", "shift_jis": "cp932", "tis-620": "cp874", "iso-8859-11": "cp874", "big5": "big5hkscs", "windows-874": "cp874",
         "macintosh": "mac_roman", "x-mac-cyrillic": "mac_cyrillic", "ibm866": "cp866"}
CUTS = (16, 32, 64, 256)


def decoded(data, name):
    """The text, or None where the name means nothing."""
    if name is None:
        return None
    try:
        return data.decode(WIDER.get(name.lower(), name), "replace").lstrip("\ufeff")
    except LookupError:
        return None


def fixenc(binary, pieces):
    """The text and the name that one `fixenc stream` gives for each of the pieces."""
    process = subprocess.Popen([binary, "stream", "-j", "1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def feed():
        for data in pieces:
            line = {"bytes": base64.b64encode(data).decode(), "want": ["detect"]}
            process.stdin.write(json.dumps(line).encode() + b"\n")
        process.stdin.close()

    threading.Thread(target=feed, daemon=True).start()
    for data, line in zip(pieces, process.stdout):
        answer = json.loads(line)
        yield (answer.get("text") or "").lstrip("\ufeff"), decoded(data, answer.get("encoding"))
    process.wait()


def peers(without):
    """Name and function of each peer that is installed."""
    found = []
    if "chardet" not in without:
        try:
            import chardet
            found.append((f"chardet {chardet.__version__}", lambda data: chardet.detect(data)["encoding"]))
        except ImportError:
            print("chardet: not installed")
    if "charset-normalizer" not in without:
        try:
            import charset_normalizer

            def normalizer(data):
                best = charset_normalizer.from_bytes(data).best()
                return best.encoding if best else None

            found.append((f"charset-normalizer {charset_normalizer.__version__}", normalizer))
        except ImportError:
            print("charset-normalizer: not installed")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("labels")
    parser.add_argument("root")
    parser.add_argument("--cuts", action="store_true", help="also the first bytes from the first one above 7F")
    parser.add_argument("--without", action="append", default=[], metavar="PEER")
    arguments = parser.parse_args()
    sets = collections.defaultdict(list)
    with open(arguments.labels, encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t")[:2] for line in lines][1:]
    for path, label in rows:
        with open(os.path.join(arguments.root, path), "rb") as file:
            data = file.read()
        sets["files"].append((data, label))
        first = next((at for at, byte in enumerate(data) if byte > 127), None)
        if arguments.cuts and first is not None and not label.startswith(("utf-16", "utf-32")):
            for cut in CUTS:
                sets[f"first {cut}"].append((data[first:first + cut], label))
    for name, cases in sets.items():
        pieces = [data for data, _ in cases]
        truths = [decoded(data, label) for data, label in cases]
        detectors = [("fixenc", None)] + peers(arguments.without)
        for detector, detect in detectors:
            start = time.time()
            if detect is None:
                texts = list(fixenc(arguments.binary, pieces))
            else:
                texts = [(decoded(data, detect(data)),) for data in pieces]
            seconds = time.time() - start
            by = collections.defaultdict(list)
            for (_, label), truth, text in zip(cases, truths, texts):
                by[label].append(truth is not None and truth in text)
            right = sum(map(sum, by.values()))
            mean = sum(sum(all_) / len(all_) for all_ in by.values()) / len(by)
            print(f"{name:10} {detector:26} {right:5} of {len(cases)} {100 * right / len(cases):6.2f} %  "
                  f"mean over labels {100 * mean:6.2f} %  {seconds:6.1f} s", flush=True)


if __name__ == "__main__":
    main()
