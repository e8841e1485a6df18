"""A receiver written with FastAPI. Its bug, `crash`: it raises on one push, which is answered by 500."""

import json
import sys

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

ACK = {"code": 200, "resultCode": "0", "resultDesc": "success.", "retCode": "0", "retMsg": "success"}
app, calls = FastAPI(), {}
has_bug = len(sys.argv) > 2


@app.get("/calls/{call}")
async def state(call: str):
    return {"state": calls.get(call, "unknown")}


@app.api_route("/hook", methods=["GET", "POST"])
@app.api_route("/hook/{rest:path}", methods=["GET", "POST"])
async def hook(request: Request):
    body = await request.body()
    try:
        push = json.loads(body) if request.headers.get("content-type", "").startswith("application/json") else {}
    except ValueError:
        return JSONResponse({"error": "not JSON"}, 400)
    if not isinstance(push, dict):
        return JSONResponse({"error": "not an object"}, 400)
    if has_bug and push.get("occasion") == "agent_answer":
        raise RuntimeError("a bug of the receiver")
    if isinstance(push.get("call_id"), str) and calls.get(push["call_id"]) != "ended":
        calls[push["call_id"]] = "ended" if push.get("occasion") == "end" else "open"
    return ACK


uvicorn.run(app, port=int(sys.argv[1]), log_level="critical")
