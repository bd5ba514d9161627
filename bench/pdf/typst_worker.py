"""Keeps Typst warm: reads the path of a source file a line, answers with seconds and the PDF's size and pages."""

import os
import sys
import time

import typst

for line in sys.stdin:
    source = line.strip()
    started = time.perf_counter()
    # A new compiler for a new document, as a service would; what Typst remembers between documents stays.
    pdf = typst.Compiler(source, font_paths=[os.environ["BENCH_FONTS"]], ignore_system_fonts=True).compile()
    print(time.perf_counter() - started, len(pdf), flush=True)
    with open(f"{source}.pdf", "wb") as file:
        file.write(pdf)
