#!/bin/sh
# Waits for the Job of load.yaml, collects what its shards came to into shard-*.json of the current folder, and judges the
# whole: sh merge.sh [arguments of `ringback load merge`, such as --report html=load.html]
#
# It needs kubectl with your cluster, and ringback (or RINGBACK=path). NAMESPACE, JOB and WAIT can be set, too.
set -eu

job=${JOB:-ringback-load}
ringback=${RINGBACK:-ringback}
cluster() { kubectl ${NAMESPACE:+--namespace "$NAMESPACE"} "$@"; }

shards=$(cluster get job "$job" --output 'jsonpath={.spec.completions}')
# Done or failed: a shard that failed has told why, and the others count.
waited=0
until cluster get job "$job" --output 'jsonpath={.status.conditions[?(@.status=="True")].type}' | grep -Eq 'Complete|Failed'; do
  waited=$((waited + 5))
  if [ "$waited" -gt "${WAIT:-7200}" ]; then
    echo "the job $job is still running after ${WAIT:-7200} s; WAIT sets how long to wait" >&2
    exit 3
  fi
  sleep 5
done

rm -f shard-*.json
index=0
while [ "$index" -lt "$shards" ]; do
  file=shard-$((index + 1)).json
  # The report stands between two braces of its own; what else a shard had to say is shown where it has no report.
  cluster logs --tail=-1 --selector "batch.kubernetes.io/job-name=$job,batch.kubernetes.io/job-completion-index=$index" >"$file.log" || true
  sed -n '/^{$/,/^}$/p' "$file.log" >"$file"
  if [ ! -s "$file" ]; then
    echo "shard $((index + 1)) of $shards has no report; its log says:" >&2
    tail -n 20 "$file.log" >&2
    rm -f "$file"
  fi
  rm -f "$file.log"
  index=$((index + 1))
done

ls shard-*.json >/dev/null 2>&1 || { echo "no shard has a report" >&2; exit 3; }
exec "$ringback" load merge shard-*.json "$@"
