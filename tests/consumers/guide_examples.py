"""Runs the programs of the README and of the guide to serve, as they stand there, against a server: guide_examples.py ADDRESS

A program is a block of shell, Python or JavaScript that names the server's usual address; that address alone is replaced."""

import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
USUAL = "http://127.0.0.1:7070"
RUNNERS = {"console": ["bash", "-euo", "pipefail"], "python": [sys.executable], "js": ["node"]}
SUFFIXES = {"console": "sh", "python": "py", "js": "mjs"}
# Longer than any of them takes, shorter than anybody waits.
PATIENCE_S = 60

address = sys.argv[1].rstrip("/")
run = set()
for page in ["README.md", "src/guide/serve.md"]:
    text = (ROOT / page).read_text()
    for language, program in re.findall(r"^```(console|python|js)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        if USUAL not in program:
            continue
        if language == "console":
            # What is typed stands behind `$`; everything else is what comes back.
            program = "".join(f"{line[2:]}\n" for line in program.splitlines() if line.startswith("$ "))
        with tempfile.NamedTemporaryFile("w", suffix=f".{SUFFIXES[language]}") as file:
            file.write(program.replace(USUAL, address))
            file.flush()
            done = subprocess.run([*RUNNERS[language], file.name], capture_output=True, text=True, timeout=PATIENCE_S)
        last = done.stdout.strip().splitlines()[-1:] or ["nothing was printed"]
        print(f"{page}, {language}: {last[0][:120]}")
        assert done.returncode == 0, f"exit code {done.returncode}\n{program}\n{done.stdout[-2000:]}\n{done.stderr}"
        run.add((page, language))
missing = {("src/guide/serve.md", language) for language in RUNNERS} - run
assert not missing, f"no program of {missing}"
