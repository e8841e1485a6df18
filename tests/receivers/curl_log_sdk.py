"""Pages through CloudListCurlLog with Alibaba's own SDK, and compares the rows with the NDJSON report of the run.

Needs the package `alibabacloud-dyvmsapi20170525`. Every attempt of TiNet's pushes that ended has to be there exactly once, with
Result, Retry, StatusCode and ResultText as the report tells them, and nothing else.

    curl_log_sdk.py --endpoint 127.0.0.1:7072 --access-key ID:SECRET --report run.ndjson
"""

import argparse
import collections
import datetime
import json
import sys

from alibabacloud_dyvmsapi20170525.client import Client
from alibabacloud_dyvmsapi20170525.models import CloudListCurlLogRequest
from alibabacloud_tea_openapi.models import Config
from alibabacloud_tea_util.models import RuntimeOptions
from Tea.exceptions import TeaException

CHINA = datetime.timezone(datetime.timedelta(hours=8))
PAGE = 100
# What the journal keeps of a text.
TEXT_MAX_BYTES = 256 * 1024
# One push that failed and came again is the least that a run must have for the comparison to mean something.
RETRIES_MIN = 1


def client(endpoint, access_key):
    key_id, secret = access_key.split(":", 1)
    return Client(
        Config(access_key_id=key_id, access_key_secret=secret, endpoint=endpoint, protocol="HTTP")
    )


def told(report):
    """What the report tells of each attempt, and the months and accounts that it is found under."""
    attempts, left, spans = {}, {}, collections.defaultdict(set)
    start = None
    with open(report, encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            if event["event"] == "started":
                start = datetime.datetime.fromisoformat(event["start"].replace("Z", "+00:00"))
            delivery = event.get("delivery", {})
            if not delivery.get("push", "").startswith("tinet:"):
                continue
            key = (delivery["scenario"], delivery["push"], delivery["call"], delivery["number"], delivery["target"])
            if event["event"] == "attempted":
                left[key] = event
            elif event["event"] in ("replied", "failed"):
                out = left.pop(key)
                replied = event["event"] == "replied"
                began = start + datetime.timedelta(milliseconds=out["offset_ms"])
                ended = began + datetime.timedelta(microseconds=event["timing"]["total_us"])
                spans[out["account"]].add(ended.astimezone(CHINA).strftime("%Y-%m"))
                row = (
                    int(delivery["push"].split(":")[1]),
                    out["account"],
                    out.get("conversation", ""),
                    out["attempt"] - 1,
                    "1" if replied and event["acknowledged"] else "0",
                    str(event["status"]) if replied else "0",
                    event["body"].encode()[:TEXT_MAX_BYTES].decode(errors="ignore") if replied else None,
                )
                attempts[(*key, out["attempt"])] = row
    return collections.Counter(attempts.values()), spans


def month(text):
    """The first and the last second of a month."""
    first = datetime.datetime.strptime(text, "%Y-%m")
    after = (first + datetime.timedelta(days=32)).replace(day=1)
    last = after - datetime.timedelta(seconds=1)
    return first.strftime("%Y-%m-%d %H:%M:%S"), last.strftime("%Y-%m-%d %H:%M:%S")


def pages(sdk, account, start_time, end_time, **filters):
    """Every row, page by page: there is no total, so a page that is not full is the last."""
    start = 0
    while True:
        request = CloudListCurlLogRequest(
            enterprise_id=int(account), start_time=start_time, end_time=end_time,
            start=str(start), limit=str(PAGE), **filters,
        )
        body = sdk.cloud_list_curl_log_with_options(request, RuntimeOptions(autoretry=False)).body
        assert body.code == "OK" and body.message == "OK", body
        yield from body.data.list
        if len(body.data.list) < PAGE:
            return
        start += PAGE


def seen(row):
    # What the report says of a failure is worded otherwise, so only the text of an answer is compared.
    text = row.result_text if row.status_code != "0" else None
    return (row.type, row.enterprise_id, row.unique_id, row.retry, row.result, row.status_code, text)


def refused(call):
    try:
        call()
    except TeaException as error:
        return error.code
    return None


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--endpoint", required=True)
    arguments.add_argument("--access-key", required=True)
    arguments.add_argument("--report", required=True)
    given = arguments.parse_args()

    expected, spans = told(given.report)
    assert expected, "the report tells of no attempt by tinet"
    assert sum(times for row, times in expected.items() if row[3] > 0) >= RETRIES_MIN, "no push was tried again"
    sdk = client(given.endpoint, given.access_key)

    rows = [
        row
        for account, months in spans.items()
        for text in sorted(months)
        for row in pages(sdk, account, *month(text))
    ]
    assert len({row.id for row in rows}) == len(rows), "a row comes twice"
    logged = collections.Counter(map(seen, rows))
    assert logged == expected, f"only told: {expected - logged}\nonly logged: {logged - expected}"

    for account, months in spans.items():
        for text in months:
            for result in ("0", "1"):
                filtered = pages(sdk, account, *month(text), result=int(result))
                assert all(row.result == result for row in filtered)
    for row in rows:
        assert isinstance(json.loads(row.params), dict) and isinstance(json.loads(row.headers), dict)
        assert int(row.start_time) <= int(row.end_time) <= int(row.create_time)

    account = next(iter(spans))
    first = month(next(iter(spans[account])))
    stranger = client(given.endpoint, given.access_key + "x")
    code = refused(lambda: list(pages(stranger, account, *first)))
    assert code == "SignatureDoesNotMatch", code
    across = refused(lambda: list(pages(sdk, account, "2020-01-31 00:00:00", "2020-02-01 00:00:00")))
    assert across == "InvalidParameter", across

    failed = sum(times for row, times in logged.items() if row[4] == "0")
    print(f"{len(rows)} attempts logged as they were told, {failed} of them failures")


if __name__ == "__main__":
    sys.exit(main())
