"""A receiver written with Flask. Its bug, `open`: it never notes that a call has ended."""

import sys

from flask import Flask, request
from werkzeug.serving import WSGIRequestHandler

ACK = {"code": 200, "resultCode": "0", "resultDesc": "success.", "retCode": "0", "retMsg": "success"}
app, calls = Flask(__name__), {}
has_bug = len(sys.argv) > 2


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_):
        pass


@app.get("/calls/<call>")
def state(call):
    return {"state": calls.get(call, "unknown")}


@app.route("/hook", methods=["GET", "POST"], defaults={"rest": ""})
@app.route("/hook/<path:rest>", methods=["GET", "POST"])
def hook(rest):
    push = {}
    try:
        if request.mimetype == "application/json":
            push = request.get_json(silent=True)
    except OSError:
        return {"error": "broken framing"}, 400
    if not isinstance(push, dict):
        return {"error": "not a JSON object"}, 400
    call = push.get("call_id")
    if isinstance(call, str) and calls.get(call) != "ended":
        calls[call] = "ended" if push.get("occasion") == "end" and not has_bug else "open"
    return ACK


app.run(port=int(sys.argv[1]), threaded=True, request_handler=Quiet)
