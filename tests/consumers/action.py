"""Runs the steps of deploy/action.yml that are shell, as a runner would: action.py BINARY TARGET REPORT_FORMATS

The expressions that the steps take their environment from are filled in; steps that use other actions are passed over."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

from ruamel.yaml import YAML

ROOT = pathlib.Path(__file__).resolve().parents[2]
ACTION = YAML(typ="safe").load((ROOT / "deploy/action.yml").read_text())


def run(inputs):
    """The exit code of the last shell step, its outputs, the job summary, and what was printed."""
    inputs = {name: inputs.get(name, given["default"]) for name, given in ACTION["inputs"].items()}
    with tempfile.TemporaryDirectory() as work:
        output, summary = pathlib.Path(work, "output"), pathlib.Path(work, "summary.md")
        outputs, printed, code = {}, "", 0
        for step in ACTION["runs"]["steps"]:
            if "run" not in step or step["name"] == "Build":
                continue
            output.write_text("")
            values = {"github.action_path": str(ROOT / "deploy"), "steps.version.outputs.binary": outputs.get("binary", "")}
            values |= {f"inputs.{name}": value for name, value in inputs.items()}

            def filled(expression):
                alternatives = expression.group(1).split("||")
                return next((values[name.strip()] for name in alternatives if values[name.strip()]), "")

            environment = {name: re.sub(r"\$\{\{ (.+?) \}\}", filled, text) for name, text in step.get("env", {}).items()}
            assert "${{" not in step["run"], "an expression within a script can be turned into a command"
            runner = {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary), "CI": "true", "PATH": os.environ["PATH"]}
            script = pathlib.Path(work, "script.sh")
            script.write_text(step["run"])
            command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)]
            done = subprocess.run(command, cwd=work, env=environment | runner, capture_output=True, text=True)
            printed, code = done.stdout + done.stderr, done.returncode
            outputs |= dict(line.split("=", 1) for line in output.read_text().splitlines())
        folder = pathlib.Path(work, inputs["report-dir"])
        written = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
        return code, outputs, summary.read_text() if summary.exists() else "", printed, written


binary, target = sys.argv[1:]
good = {"binary": str(pathlib.Path(binary).resolve()), "target": target, "wait-for": target, "vendor": "udesk,7moor", "seed": "7"}

code, outputs, summary, printed, written = run(good | {"scenarios": "outbound-answered\n\ntransfer\n"})
assert (code, outputs["exit-code"]) == (0, "0"), printed
assert "transfer by 7moor" in printed and "seed 7" in printed and "predictive-dial" not in printed, printed
assert summary.startswith("## Ringback: passed (exit 0)"), summary
assert written == ["junit.xml", "report.html"], written

code, outputs, summary, printed, written = run(good | {"target": "http://127.0.0.1:9/", "wait-for": "", "report-dir": "a b"})
assert (code, outputs["exit-code"], outputs["junit"]) == (3, "3", "a b/junit.xml"), printed
assert "::error title=" in printed and "could not go on (exit 3)" in summary, printed
assert written == ["junit.xml", "report.html"], written

code, outputs, summary, printed, written = run(good | {"scenarios": "tranfser", "arguments": "--set\nudesk:end.survey=a b\n"})
assert (code, outputs["exit-code"]) == (2, "2") and "did you mean `transfer`?" in printed, printed
print("the action's steps run, and keep the exit code")
