"""Writes the CI examples of README.md into a folder, each as the file it would be: ci_examples.py FOLDER"""

import pathlib
import re
import sys

README = pathlib.Path(__file__).resolve().parents[2] / "README.md"
folder = pathlib.Path(sys.argv[1])
found = set()
for block in re.findall(r"^```yaml\n(.*?)^```$", README.read_text(), re.DOTALL | re.MULTILINE):
    # Their first line says what they are.
    name = re.match(r"# \.(github/workflows/[a-z-]+|gitlab-ci)\.yml\n", block)
    if name:
        kind = name.group(1).split("/")[0]
        found.add(kind)
        (folder / f"{kind}-{len(list(folder.iterdir()))}.yml").write_text(block)
assert found == {"github", "gitlab-ci"}, found
