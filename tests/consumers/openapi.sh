#!/usr/bin/env bash
# Holds the OpenAPI document of a running server against validators that are not ours, and the server against the document:
# openapi.sh ADDRESS WORK VENV. WORK is an empty folder, VENV has openapi-spec-validator and schemathesis.
set -euo pipefail
address=${1%/} work=$2 venv=$3
here=$(cd "$(dirname "$0")" && pwd)
curl --silent --show-error --fail "$address/api/openapi.json" --output "$work/openapi.json"

"$venv/bin/python" -m openapi_spec_validator "$work/openapi.json"

npm install --silent --no-fund --no-audit --prefix "$work/node" @redocly/cli@2.77.0 @stoplight/spectral-cli@6.16.3
cp "$here/spectral.yaml" "$work/.spectral.yaml"
(cd "$work" && REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true node/node_modules/.bin/redocly lint openapi.json)
(cd "$work" && node/node_modules/.bin/spectral lint --fail-severity=hint openapi.json)

# Event streams do not end by themselves, so they are left to our own tests.
(cd "$work" && "$venv/bin/st" --config-file "$here/schemathesis.toml" run openapi.json --url "$address" \
  --exclude-path-regex 'events$' --checks all --max-examples 50 --seed 1 --request-timeout 10 --no-color)
