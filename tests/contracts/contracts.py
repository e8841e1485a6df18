"""Holds the contracts that `ringback schema VENDOR` prints against tools that are not ours: contracts.py RINGBACK WORK VENV

Three validators of OpenAPI and the parser of AsyncAPI take them; from five generators come models for Python and types for
TypeScript, and every sample of the vendors' pages is one of these models and has one of these types. At last the guide: its
commands and programs are run as they stand there. WORK is an empty folder, VENV a virtual environment with FastAPI."""

import copy
import importlib.util
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
GUIDE = ROOT / "src/guide/contracts.md"
PYTHON = ["openapi-spec-validator==0.9.0", "datamodel-code-generator==0.89.0"]
NODE = [
    "@redocly/cli@2.77.0",
    "@seriousme/openapi-schema-validator@2.11.0",
    "@asyncapi/parser@3.6.6",
    "openapi-typescript@7.13.0",
    "@hey-api/openapi-ts@0.99.0",
    "json-schema-to-typescript@16.0.0",
    "quicktype@26.0.0",
    "typescript@5.9.3",
    "@types/node@20.19.25",
]
# How long any one of the commands may take.
PATIENCE_S = 180
# The address that the guide uses.
USUAL = "127.0.0.1:8080"

# The folder of each vendor, and which push a sample is whose file has another name.
VENDORS = {
    "udesk": ("udesk", {}),
    "7moor": ("moor7", {}),
    "tinet": ("tinet", {"record": "outbound-hangup-8", "status": "agent-state-9"}),
    "huawei-cec": ("huawei_cec", {"connected": "CHAT", "queuing": "CHAT", "disconnect": "DISCONNECT", "read": "READ"}),
    "tpns": ("tpns", {"record": "pushRecordData"}),
    "twilio": ("twilio", {}),
}
# Twilio's pages print no requests as a whole: these flows send one of each kind.
FLOWS = {"twilio": ["outbound-answered", "inbound-queue-abandon", "transfer"]}
# Fields that the tables of a page have and its sample has not.
LACKING = {
    "incomingHangup": {"extras": ""},
    "pushRecordData": {"createTime": 0, "xgMediaAudioResources": "", "collapseID": 0},
}


def run(*command, **options):
    environment = {**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words, capture_output=True, text=True, timeout=PATIENCE_S, env=environment, stdin=subprocess.DEVNULL, **options
        )
    except subprocess.TimeoutExpired:
        sys.exit(f"{words[0]} did not end within {PATIENCE_S} s")
    if done.returncode != 0:
        sys.exit(f"{' '.join(words)}: exit code {done.returncode}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")
    return done.stdout


def class_name(push):
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[-_]", push))


def samples(vendor):
    """Each sample of the vendor's page, or one of each push: the name of its push, and its body."""
    folder, names = VENDORS[vendor]
    for file in sorted((ROOT / "src/vendors" / folder / "samples").glob("*.json")):
        stem = file.stem.split("-")[0]
        push, body = names.get(stem, stem), json.loads(file.read_text())
        if vendor == "huawei-cec":
            # The page shows messages; this is what they travel in.
            body = {"timestamp": body["timestamp"], "messages": [body]}
        yield push, body
    seen = set()
    for flow in FLOWS.get(vendor, ()):
        told = json.loads(run(sys.argv[1], "plan", flow, "--vendor", vendor, "--seed", "1", "--format", "json"))
        for delivery in told["deliveries"]:
            push = delivery["push"].split(":")[1]
            if push not in seen:
                seen.add(push)
                yield push, dict(urllib.parse.parse_qsl(delivery["body"], keep_blank_values=True))


def validate(work, bin, venv, pushing):
    for vendor in pushing:
        for kind in ["openapi", "receiver"]:
            document = work / f"{vendor}.{kind}.json"
            run(venv / "bin/python", "-m", "openapi_spec_validator", document)
            # Whose licence the vendor's interface is under, and where a receiver stands, is not ours to say. That a body
            # with a `pushType` cannot be one of another `pushType` that may lack it, is more than the last rule sees.
            rules = ["info-license", "no-empty-servers", "no-illogical-composition-keywords"]
            skipped = [f"--skip-rule={rule}" for rule in rules]
            told = run(bin / "redocly", "lint", "--extends=recommended", "--format=json", *skipped, document, cwd=work)
            assert json.loads(told)["totals"] == {"errors": 0, "warnings": 0, "ignored": 0}, told
    (work / "validate.mjs").write_text((HERE / "validate.mjs").read_text())
    run("node", work / "validate.mjs", *pushing, cwd=work)
    print(f"{2 * len(pushing)} OpenAPI documents by three validators, {len(pushing)} AsyncAPI documents by its parser")


def models(work, venv):
    """Pydantic models: each sample is one, and is none any more where a field that is always there is missing."""
    parsed = 0
    for vendor in VENDORS:
        module = work / f"models_{vendor.replace('-', '_')}.py"
        schema = work / f"{vendor}.schema.json"
        kinds = ["--input-file-type=jsonschema", "--output-model-type=pydantic_v2.BaseModel", "--target-python-version=3.11"]
        run(venv / "bin/datamodel-codegen", "--input", schema, *kinds, "--output", module)
        specification = importlib.util.spec_from_file_location(module.stem, module)
        models = importlib.util.module_from_spec(specification)
        sys.modules[module.stem] = models
        specification.loader.exec_module(models)
        definitions = json.loads(schema.read_text())["$defs"]
        for push, body in samples(vendor):
            model = getattr(models, class_name(push))
            missing = {".".join(map(str, error["loc"])) for error in errors(model, body)}
            assert missing == set(LACKING.get(push, {})), f"{vendor}:{push}: {missing}"
            body = {**body, **LACKING.get(push, {})}
            assert not errors(model, body)
            for field in definitions[push]["required"]:
                less = copy.copy(body)
                del less[field]
                assert errors(model, less), f"{vendor}:{push} without {field}"
            parsed += 1
    print(f"{parsed} samples are what datamodel-code-generator has made of the contracts")


def errors(model, body):
    import pydantic

    try:
        model.model_validate(body)
    except pydantic.ValidationError as error:
        return error.errors()
    return []


def types(work, bin, pushing):
    """Types for TypeScript: they compile, and each sample has one."""
    lines, checked = [], 0
    for vendor in VENDORS:
        schema, document = work / f"{vendor}.schema.json", work / f"{vendor}.receiver.json"
        run(bin / "json2ts", "--input", schema, "--output", work / f"json2ts-{vendor}.ts")
        made = ["json2ts"]
        if vendor in pushing:
            run(bin / "openapi-typescript", document, "--output", work / f"openapi-typescript-{vendor}.ts")
            run(bin / "openapi-ts", "-i", document, "-o", work / f"hey-api-{vendor}", "-p", "@hey-api/typescript", cwd=work)
            made += ["openapi-typescript", "hey-api"]
        for tool in made:
            lines.append(f'import type * as {module(tool, vendor)} from "./{tool}-{vendor}";')
            for place, (push, body) in enumerate(samples(vendor)):
                body = json.dumps({**body, **LACKING.get(push, {})}, ensure_ascii=False)
                named = f'components["schemas"]["{push}"]' if tool == "openapi-typescript" else class_name(push)
                if tool == "hey-api" and push.isupper():
                    named = push.capitalize()
                lines.append(f"export const {module(tool, vendor)}_{place}: {module(tool, vendor)}.{named} = {body};")
                checked += 1
    (work / "samples.ts").write_text("\n".join(lines) + "\n")
    strict = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler"]
    run(bin / "tsc", *strict, *sorted(work.glob("*.ts")), cwd=work)
    print(f"types of three generators compile, and {checked} times a sample has its type")


def readers(work, bin):
    """Readers of quicktype: they take each sample, and none with a list in the place of a field that is always there."""
    taken = 0
    for vendor in VENDORS:
        schema = work / f"{vendor}.schema.json"
        options = ["--src-lang=schema", "--lang=js", "--top-level=Push"]
        run(bin / "quicktype", *options, "--out", work / f"quicktype-{vendor}.cjs", schema)
        definitions = json.loads(schema.read_text())["$defs"]
        lines = [f'const read = require("./quicktype-{vendor}.cjs").toPush;']
        for push, body in samples(vendor):
            body = {**body, **LACKING.get(push, {})}
            bent = {**body, definitions[push]["required"][0]: [[1]]}
            lines.append(f"read({json.dumps(json.dumps(body))});")
            lines.append(f"try {{ read({json.dumps(json.dumps(bent))}); process.exit(3); }} catch {{}}")
            taken += 1
        (work / f"readers-{vendor}.cjs").write_text("\n".join(lines) + "\n")
        run("node", work / f"readers-{vendor}.cjs")
    print(f"{taken} samples are taken by readers of quicktype")


def module(tool, vendor):
    return re.sub(r"\W", "_", f"{tool}_{vendor}")


def guide(work, ringback, bin, venv):
    """Runs the guide: its programs are saved under the names that stand before them, its commands run in order."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    text = GUIDE.read_text().replace(USUAL, address).replace("8080", address.split(":")[1])
    for name, program in re.findall(r"^`([\w.]+)`:\n\n```\w+\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        (work / name).write_text(program)
    paths = [ringback.resolve().parent, bin, venv / "bin", os.environ["PATH"]]
    environment = {**os.environ, "PATH": os.pathsep.join(str(path) for path in paths)}
    ran = 0
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        commands = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
        script = "set -euo pipefail\n" + "\n".join(commands) + "\n"
        with open(work / "guide.out", "w+") as out:
            shell = subprocess.Popen(
                ["bash", "-c", script], stdout=out, stderr=out, cwd=work, env=environment, start_new_session=True
            )
            try:
                code = shell.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                code = "none in time"
            # What a block has started in the background ends with it.
            try:
                os.killpg(shell.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            out.seek(0)
            assert code == 0, f"{block}\nexit code {code}\n{out.read()[-4000:]}"
        ran += len(commands)
    assert ran >= 8, ran
    print(f"{ran} commands of the guide run as they stand there")


def main():
    ringback, work, venv = (pathlib.Path(word).absolute() for word in sys.argv[1:4])
    run(venv / "bin/pip", "install", "--quiet", "--disable-pip-version-check", *PYTHON)
    run("npm", "install", "--silent", "--no-fund", "--no-audit", "--no-package-lock", "--prefix", work, *NODE)
    bin = work / "node_modules/.bin"
    pushing = [vendor for vendor in VENDORS if vendor != "tpns"]
    for vendor in VENDORS:
        (work / f"{vendor}.schema.json").write_text(run(ringback, "schema", vendor))
    for vendor in pushing:
        openapi = [ringback, "schema", vendor, "--format", "openapi"]
        (work / f"{vendor}.openapi.json").write_text(run(*openapi))
        (work / f"{vendor}.receiver.json").write_text(run(*openapi, "--paths", "/hook"))
        (work / f"{vendor}.asyncapi.json").write_text(run(ringback, "schema", vendor, "--format", "asyncapi"))
    validate(work, bin, venv, pushing)
    models(work, venv)
    types(work, bin, pushing)
    readers(work, bin)
    guide(work, ringback, bin, venv)


main()
