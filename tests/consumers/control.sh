#!/usr/bin/env bash
# The session of the README: control.sh [ADDRESS].
set -euo pipefail
ringback=${1:-http://127.0.0.1:7070}
ringback=${ringback%/}
run=$(curl -sf "$ringback/api/runs" --json '{"scenario": "outbound-answered", "vendor": "udesk", "pace": "10x"}' -o /dev/null -w '%header{location}')
curl -sf "$ringback$run/steps" --json '{"step": "hangup: ann"}' || curl -sf "$ringback$run/steps"
curl -sfN "$ringback$run/events"
