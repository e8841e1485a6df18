"""Holds every line of an NDJSON report against its schema: events.py SCHEMA REPORT"""

import json
import pathlib
import sys

import jsonschema

schema = jsonschema.Draft202012Validator(json.loads(pathlib.Path(sys.argv[1]).read_text()))
lines = pathlib.Path(sys.argv[2]).read_text().splitlines()
for line in lines:
    schema.validate(json.loads(line))
assert lines, "there is no event"
print(f"{len(lines)} events are as their schema says")
