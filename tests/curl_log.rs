//! CloudListCurlLog on the wire: filters, types, errors, signatures, crowds, and whether it tells the truth about a run.

use crate::support::served;
use crate::support::wire;

use jiff::Timestamp;
use ring::{digest, hmac};
use ringback::clock::Pace;
use ringback::delivery::{Transport, Trust, stop};
use ringback::event::Story;
use ringback::http::{Filed, Method};
use ringback::journal::Journal;
use ringback::plan::{Delivery, Plan};
use ringback::receive::{Behaviour, Receiver};
use ringback::report::{Ndjson, Report};
use ringback::session::{Session, StoryPlan};
use serde_json::{Value, json};
use served::{ACCOUNT, Asked, Client, Row, Served, instant, write};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

const ACTION: (&str, &str) = ("x-acs-action", "CloudListCurlLog");

fn query(parameters: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    format!("/?{query}")
}

/// Asks as the official client does, and expects an answer of this status.
async fn ask(client: &mut Client, parameters: &[(&str, &str)], status: u16) -> Value {
    let mut all = vec![("EnterpriseId", ACCOUNT)];
    all.retain(|(name, _)| !parameters.iter().any(|(given, _)| given == name));
    all.extend_from_slice(parameters);
    let answer = client.ask("POST", &query(&all), &[ACTION], b"").await;
    assert_eq!(answer.status, status, "{parameters:?}: {}", answer.text);
    answer.json
}

fn ids(answer: &Value) -> Vec<u32> {
    let rows = answer["Data"]["List"].as_array().unwrap();
    rows.iter().map(|row| row["UniqueId"].as_str().unwrap().rsplit('.').next().unwrap().parse().unwrap()).collect()
}

/// Five pushes: a status, a failed ring with its retry, a hang-up as a form, one of another account.
fn sample() -> Vec<Row> {
    let ring = Row { reply: Err("no answer".into()), ..Row::new(2, "2", 10) };
    let again = Row { attempt: 2, offset: Duration::from_secs(15), reply: Ok((500, "no".into())), ..ring.clone() };
    let hang_up = Row {
        url: "http://127.0.0.1:9/other".into(),
        headers: vec![
            ("Content-Type".into(), "application/x-www-form-urlencoded; charset=UTF-8".into()),
            ("User-Agent".into(), "x".into()),
            ("X-Env".into(), "ci".into()),
        ],
        body: "cdr_status=33&cdr_customer_city=%E9%95%BF%E6%B2%99%7C%E6%B9%98%E6%BD%AD".into(),
        delay: Duration::from_secs(7),
        ..Row::new(3, "8", 20)
    };
    let status = Row {
        method: "GET",
        url: "http://127.0.0.1:9/hook?event=status&state=%E7%A9%BA%E9%97%B2".into(),
        headers: Vec::new(),
        body: String::new(),
        conversation: "sip-33-1776650400.1".into(),
        ..Row::new(1, "9", 0)
    };
    vec![status, ring, again, hang_up, Row { account: "7999999".into(), ..Row::new(5, "9", 30) }]
}

#[tokio::test]
async fn a_row_has_the_fields_order_and_types_of_the_page() {
    let served = Served::with(Asked::default(), |path| write(path, &sample())).await;
    let answer = ask(&mut served.client().await, &[("Type", "9")], 200).await;
    let start = instant("2026-04-20T02:00:00Z").as_millisecond();
    let text = |ms: i64| (start + ms).to_string();
    let row = json!({
        "UniqueId": "sip-33-1776650400.1",
        "EndTime": text(100),
        "ContentType": 1,
        "Position": "0",
        "Timeout": "3",
        "Headers": "{}",
        "CreateTime": text(100),
        "TypeStr": "座席状态推送",
        "StartTime": text(0),
        "Params": r#"{"event":"status","state":"空闲"}"#,
        "RequestTime": text(0),
        "Method": "GET",
        "StatusCode": "200",
        "Url": "http://127.0.0.1:9/hook",
        "Delay": 0,
        "EnterpriseId": "7000002",
        "Result": "1",
        "Type": 9,
        "ResultText": "ok",
        "Level": 0,
        "Retry": 0,
        "Id": "1",
        "CurrentMonth": "",
    });
    let request_id = answer["RequestId"].as_str().unwrap();
    assert!(request_id.len() == 36 && request_id.to_ascii_uppercase() == request_id);
    let whole = json!({
        "AccessDeniedDetail": "无", "RequestId": request_id, "Message": "OK", "Data": {"List": [row]}, "Code": "OK"
    });
    assert_eq!(answer.to_string(), whole.to_string());

    let hang_up = &ask(&mut served.client().await, &[("Type", "8")], 200).await["Data"]["List"][0];
    assert_eq!(hang_up["Params"], r#"{"cdr_status":"33","cdr_customer_city":"长沙|湘潭"}"#);
    assert_eq!((&hang_up["Headers"], &hang_up["Delay"]), (&json!(r#"{"X-Env":"ci"}"#), &json!(7)));
    assert_eq!(hang_up["RequestTime"], text(13_000));
    let rings = ask(&mut served.client().await, &[("Type", "2")], 200).await;
    let of =
        |name: &str| rings["Data"]["List"].as_array().unwrap().iter().map(|row| row[name].clone()).collect::<Vec<_>>();
    assert_eq!(of("Retry"), [json!(1), json!(0)]);
    assert_eq!(of("Result"), ["0", "0"]);
    assert_eq!(of("StatusCode"), ["500", "0"]);
    assert_eq!(of("ResultText"), ["no", "timed out: no answer"]);
    assert_eq!(of("ContentType"), [2, 2]);
    served.end().await;
}

#[tokio::test]
async fn every_filter_selects_and_none_is_needed() {
    let served = Served::with(Asked::default(), |path| write(path, &sample())).await;
    let client = &mut served.client().await;
    for (parameters, expected) in [
        (vec![], vec![3, 2, 2, 1]),
        (vec![("Type", "2")], vec![2, 2]),
        (vec![("Type", "29")], vec![]),
        (vec![("Result", "1")], vec![3, 1]),
        (vec![("Result", "0")], vec![2, 2]),
        (vec![("Retry", "-2")], vec![3, 2, 2, 1]),
        (vec![("Retry", "0")], vec![3, 2, 1]),
        (vec![("Retry", "1")], vec![2]),
        (vec![("Retry", "99999999999")], vec![]),
        (vec![("Url", "http://127.0.0.1:9/hook")], vec![2, 2, 1]),
        (vec![("Url", "http://127.0.0.1:9/hook?event=status&state=%E7%A9%BA%E9%97%B2")], vec![1]),
        (vec![("Url", "http://127.0.0.1:9")], vec![]),
        (vec![("Url", "")], vec![3, 2, 2, 1]),
        (vec![("StartTime", "2026-04-20 10:00:01")], vec![3, 2, 2]),
        (vec![("EndTime", "2026-04-20 10:00:00")], vec![1]),
        (vec![("StartTime", "2026-04-20 10:00:10"), ("EndTime", "2026-04-20 10:00:15")], vec![2, 2]),
        (vec![("StartTime", "2026-03-01 00:00:00"), ("EndTime", "2026-03-31 23:59:59")], vec![]),
        (vec![("Start", "1"), ("Limit", "2")], vec![2, 2]),
        (vec![("Start", "3"), ("Limit", "500")], vec![1]),
        (vec![("Start", "9223372036854775807")], vec![]),
        (vec![("EnterpriseId", "1")], vec![]),
        (vec![("Unknown", "ignored")], vec![3, 2, 2, 1]),
        (vec![("Type", "2"), ("Retry", "1"), ("Result", "0"), ("Url", "http://127.0.0.1:9/hook")], vec![2]),
    ] {
        assert_eq!(ids(&ask(client, &parameters, 200).await), expected, "{parameters:?}");
    }
}

#[tokio::test]
async fn ten_rows_are_a_page_by_default_and_pages_join() {
    let rows: Vec<_> = (1..=1203).map(|number| Row::new(number, "9", u64::from(number / 3))).collect();
    let served = Served::with(Asked::default(), |path| write(path, &rows)).await;
    let client = &mut served.client().await;
    assert_eq!(ids(&ask(client, &[], 200).await), (1194..=1203).rev().collect::<Vec<_>>());
    let mut all = Vec::new();
    for start in ["0", "500", "1000", "1500"] {
        all.extend(ids(&ask(client, &[("Start", start), ("Limit", "500")], 200).await));
    }
    assert_eq!(all, (1..=1203).rev().collect::<Vec<_>>());
}

#[tokio::test]
async fn a_mistake_gets_the_vendors_error_and_never_500() {
    let served = Served::with(Asked::default(), |path| write(path, &sample())).await;
    let client = &mut served.client().await;
    for (parameters, told) in [
        (vec![("EnterpriseId", "")], "MissingEnterpriseId: EnterpriseId is mandatory"),
        (vec![("EnterpriseId", "seven")], "InvalidParameter: The specified parameter EnterpriseId"),
        (vec![("EnterpriseId", "7.5")], "InvalidParameter"),
        (vec![("EnterpriseId", "99999999999999999999")], "InvalidParameter"),
        (vec![("EnterpriseId", "1' OR '1'='1")], "InvalidParameter"),
        (vec![("Type", "0")], "InvalidParameter: The specified parameter Type"),
        (vec![("Type", "30")], "InvalidParameter"),
        (vec![("Type", "nine")], "InvalidParameter"),
        (vec![("Result", "2")], "InvalidParameter: The specified parameter Result"),
        (vec![("Result", "true")], "InvalidParameter"),
        (vec![("Retry", "-1")], "InvalidParameter: The specified parameter Retry"),
        (vec![("Retry", "-3")], "InvalidParameter"),
        (vec![("Start", "-1")], "InvalidParameter: The specified parameter Start"),
        (vec![("Start", "a")], "InvalidParameter"),
        (vec![("Limit", "0")], "InvalidParameter: The specified parameter Limit"),
        (vec![("Limit", "-1")], "InvalidParameter"),
        (vec![("Limit", "501")], "InvalidParameter"),
        (vec![("StartTime", "2026-04-20")], "InvalidParameter: The specified parameter StartTime"),
        (vec![("StartTime", "2026-4-20 10:00:00")], "InvalidParameter"),
        (vec![("StartTime", "2026-04-31 10:00:00")], "InvalidParameter"),
        (vec![("EndTime", "2026-04-20T10:00:00Z")], "InvalidParameter: The specified parameter EndTime"),
        (vec![("StartTime", "2026-04-21 00:00:00"), ("EndTime", "2026-04-20 00:00:00")], "InvalidParameter"),
        (vec![("StartTime", "2026-03-31 23:59:59"), ("EndTime", "2026-04-01 00:00:00")], "跨月"),
        (vec![("StartTime", "2025-04-01 00:00:00"), ("EndTime", "2026-04-01 00:00:00")], "跨月"),
        (vec![("StartTime", "2026-03-31 00:00:00")], "跨月"),
        (vec![("Format", "XML")], "InvalidParameter"),
        (vec![("Type", "9"), ("Type", "8")], "InvalidParameter: The parameter Type is given twice"),
    ] {
        let answer = ask(client, &parameters, 400).await;
        let keys: Vec<_> = answer.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["RequestId", "HostId", "Code", "Message", "Recommend"]);
        assert_eq!(answer["HostId"], "dyvmsapi.aliyuncs.com");
        let code_and_message = format!("{}: {}", answer["Code"].as_str().unwrap(), answer["Message"].as_str().unwrap());
        assert!(code_and_message.contains(told), "{parameters:?}: {code_and_message}");
    }
    let many: Vec<(String, String)> = (0..101).map(|number| (format!("p{number}"), String::new())).collect();
    let many: Vec<_> = many.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(ask(client, &many, 400).await["Code"], "InvalidParameter");

    for (method, target, headers, status, code) in [
        ("GET", "/?Version=2017-05-25", vec![], 400, "MissingAction"),
        ("POST", "/", vec![], 400, "MissingAction"),
        ("GET", "/?Action=CloudListCdr", vec![], 404, "InvalidAction.NotFound"),
        (
            "POST",
            "/?Action=CloudListCurlLog",
            vec![("x-acs-action", "cloudlistcurllog")],
            404,
            "InvalidAction.NotFound",
        ),
        ("POST", "/", vec![ACTION, ("x-acs-version", "2014-01-01")], 404, "NoSuchVersion"),
        ("PUT", "/", vec![ACTION], 403, "UnsupportedHTTPMethod"),
        ("OPTIONS", "/", vec![ACTION], 403, "UnsupportedHTTPMethod"),
        ("GET", "/?%ff=%zz&Action=CloudListCurlLog", vec![], 400, "MissingEnterpriseId"),
    ] {
        let answer = client.ask(method, target, &headers, b"").await;
        assert_eq!((answer.status, answer.json["Code"].as_str()), (status, Some(code)), "{method} {target}");
    }
    assert_eq!(client.ask("GET", "/nowhere", &[], b"").await.status, 404);
}

#[tokio::test]
async fn parameters_travel_in_the_query_or_in_a_form_by_get_or_post() {
    let served = Served::with(Asked::default(), |path| write(path, &sample())).await;
    let client = &mut served.client().await;
    let form = ("Content-Type", "application/x-www-form-urlencoded;charset=utf-8");
    let text = "Action=CloudListCurlLog&Version=2017-05-25&Format=JSON&EnterpriseId=7000002&Type=8";
    let get = client.ask("GET", &format!("/?{text}"), &[], b"").await;
    assert_eq!(ids(&get.json), [3]);
    assert_eq!(ids(&client.ask("POST", "/", &[form], text.as_bytes()).await.json), [3]);
    let both = client.ask("POST", "/?EnterpriseId=7000002", &[form, ACTION], b"Type=8").await;
    assert_eq!(ids(&both.json), [3]);
    // A body that is no form is not read: the parameters of this API never travel in JSON.
    let json = client.ask("POST", "/", &[ACTION, ("Content-Type", "application/json")], br#"{"EnterpriseId":1"#).await;
    assert_eq!((json.status, json.json["Code"].as_str()), (400, Some("MissingEnterpriseId")));
}

#[tokio::test]
async fn options_choose_the_other_reading_where_the_page_is_silent() {
    let options = &[
        "tinet.error_style=http_200_code",
        "tinet.order=oldest_first",
        "tinet.url_match=contains",
        "tinet.no_answer_status=empty",
        "tinet.current_month=yyyymm",
        "tinet.double_escape=true",
        "tinet.time_column=request",
    ];
    let served = Served::with(Asked { options, ..Asked::default() }, |path| write(path, &sample())).await;
    let client = &mut served.client().await;
    assert_eq!(ask(client, &[("Limit", "0")], 200).await["Code"], "InvalidParameter");
    assert_eq!(ids(&ask(client, &[("Url", "9/h")], 200).await), [1, 2, 2]);
    let ring = &ask(client, &[("Type", "2"), ("Retry", "0")], 200).await["Data"]["List"][0];
    assert_eq!((ring["StatusCode"].as_str(), ring["CurrentMonth"].as_str()), (Some(""), Some("202604")));
    assert_eq!(ring["Params"], r#"{\"event\":\"status\",\"cno\":\"8702\"}"#);
    // The hang-up was decided seven seconds before it was due.
    assert_eq!(ids(&ask(client, &[("StartTime", "2026-04-20 10:00:13"), ("Type", "8")], 200).await), [3]);
    assert!(ids(&ask(client, &[("StartTime", "2026-04-20 10:00:14"), ("Type", "8")], 200).await).is_empty());
}

#[tokio::test]
async fn bodies_that_are_too_long_are_refused_whole_or_in_chunks() {
    let served = Served::with(Asked::default(), |path| write(path, &sample())).await;
    let long = vec![b'x'; ringback::serve::BODY_MAX_BYTES + 1];
    let answer = served.client().await.ask("POST", "/", &[ACTION], &long).await;
    assert_eq!((answer.status, answer.json["Code"].as_str()), (413, Some("RequestEntityTooLarge")));

    let mut chunked =
        b"POST / HTTP/1.1\r\nHost: localhost\r\nx-acs-action: CloudListCurlLog\r\nTransfer-Encoding: chunked\r\n\r\n"
            .to_vec();
    for _ in 0..20 {
        chunked.extend_from_slice(format!("{:x}\r\n{}\r\n", 60_000, "y".repeat(60_000)).as_bytes());
    }
    chunked.extend_from_slice(b"0\r\n\r\n");
    let answer = served.raw(&chunked).await;
    assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("RequestEntityTooLarge"), "{answer}");

    let small = "POST /?EnterpriseId=7000002 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nx-acs-action: CloudListCurlLog\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nType=8\r\n0\r\n\r\n";
    let answer = served.raw(small.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("外呼挂机推送"), "{answer}");

    for garbage in ["not HTTP at all\r\n\r\n", "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: a\r\n\r\n"] {
        assert!(served.raw(garbage.as_bytes()).await.starts_with("HTTP/1.1 400"), "{garbage}");
    }
    let head = format!("GET /?Url={} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "u".repeat(200_000));
    let answer = served.raw(head.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
    served.end().await;
}

const KEY: &str = "testid:testsecret";

/// A signature as the official client makes it.
struct Signer {
    id: &'static str,
    secret: &'static str,
    date: String,
    nonce: String,
}

impl Signer {
    fn now(nonce: &str) -> Self {
        let date = Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        Self { id: "testid", secret: "testsecret", date, nonce: nonce.into() }
    }

    async fn ask(&self, client: &mut Client, parameters: &[(&str, &str)]) -> served::Answer {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let sha256 = |bytes: &[u8]| hex(digest::digest(&digest::SHA256, bytes).as_ref());
        let body = sha256(b"");
        let headers = [
            ("host", "mock"),
            ACTION,
            ("x-acs-content-sha256", &body),
            ("x-acs-date", &self.date),
            ("x-acs-signature-nonce", &self.nonce),
            ("x-acs-version", "2017-05-25"),
        ];
        let target = query(parameters);
        let mut sorted: Vec<_> = parameters.to_vec();
        sorted.sort_unstable();
        let encoded = query(&sorted).trim_start_matches("/?").replace('+', "%20");
        let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let names = headers.map(|(name, _)| name).join(";");
        let canonical = format!("POST\n/\n{encoded}\n{lines}\n{names}\n{body}");
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.secret.as_bytes());
        let signature = hmac::sign(&key, format!("ACS3-HMAC-SHA256\n{}", sha256(canonical.as_bytes())).as_bytes());
        let authorization = format!(
            "ACS3-HMAC-SHA256 Credential={},SignedHeaders={names},Signature={}",
            self.id,
            hex(signature.as_ref())
        );
        let mut all = headers.to_vec();
        all.push(("Authorization", &authorization));
        client.ask("POST", &target, &all, b"").await
    }
}

#[tokio::test]
async fn with_a_key_only_signed_requests_are_answered_and_each_once() {
    let asked = Asked { access_keys: &[KEY], ..Asked::default() };
    let served = Served::with(asked, |path| write(path, &sample())).await;
    let client = &mut served.client().await;
    let parameters = [("EnterpriseId", ACCOUNT), ("Url", ""), ("StartTime", "2026-04-20 10:00:00")];
    let answer = Signer::now("n1").ask(client, &parameters).await;
    assert_eq!((answer.status, ids(&answer.json)), (200, vec![3, 2, 2, 1]), "{}", answer.text);

    let code = |answer: &served::Answer| (answer.status, answer.json["Code"].as_str().unwrap().to_owned());
    let refused = |status, text: &str| (status, text.to_owned());
    assert_eq!(code(&Signer::now("n1").ask(client, &parameters).await), refused(400, "SignatureNonceUsed"));
    let unsigned = client.ask("POST", &query(&parameters), &[ACTION], b"").await;
    assert_eq!(code(&unsigned), refused(400, "MissingAccessKeyId"));
    for (signer, expected) in [
        (Signer { secret: "other", ..Signer::now("n2") }, refused(400, "SignatureDoesNotMatch")),
        (Signer { id: "nobody", ..Signer::now("n3") }, refused(404, "InvalidAccessKeyId.NotFound")),
        (Signer { date: "2026-04-23T02:00:00Z".into(), ..Signer::now("n4") }, refused(400, "InvalidTimeStamp.Expired")),
        (Signer { date: "2999-04-23T02:00:00Z".into(), ..Signer::now("n5") }, refused(400, "InvalidTimeStamp.Expired")),
        (Signer { date: "yesterday".into(), ..Signer::now("n6") }, refused(400, "InvalidTimeStamp.Format")),
    ] {
        assert_eq!(code(&signer.ask(client, &parameters).await), expected);
    }
    // A nonce that came with a wrong signature is not used up.
    assert_eq!(Signer::now("n2").ask(client, &parameters).await.status, 200);
    let odd = client.ask("POST", "/", &[ACTION, ("Authorization", "Basic dGVzdA==")], b"").await;
    assert_eq!(code(&odd), refused(400, "IncompleteSignature"));
    let v1 = client.ask("GET", "/?Action=CloudListCurlLog&Signature=x", &[], b"").await;
    assert_eq!(code(&v1), refused(400, "MissingSignatureMethod"));
    // Health needs no key, and a page of records neither leaks through it.
    assert_eq!(client.ask("GET", "/healthz", &[], b"").await.text, "ok\n");
}

#[tokio::test]
async fn two_thousand_quick_calls_are_all_answered() {
    let rows: Vec<_> = (1..=200).map(|number| Row::new(number, "9", u64::from(number))).collect();
    let served = Served::with(Asked { access_keys: &[KEY], ..Asked::default() }, |path| write(path, &rows)).await;
    let began = std::time::Instant::now();
    let callers = (0..20).map(|caller| {
        let address = served.address;
        tokio::spawn(async move {
            let mut client = Client::to(address).await;
            for call in 0..100 {
                let parameters = [("EnterpriseId", ACCOUNT), ("Limit", "20"), ("Type", "9")];
                let answer = Signer::now(&format!("{caller}-{call}")).ask(&mut client, &parameters).await;
                assert_eq!((answer.status, ids(&answer.json).len()), (200, 20));
            }
        })
    });
    for caller in callers.collect::<Vec<_>>() {
        caller.await.unwrap();
    }
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
    served.end().await;
}

#[tokio::test]
async fn two_clients_page_while_a_run_writes() {
    let rows: Vec<_> = (1..=400).map(|number| Row::new(number, "9", u64::from(number))).collect();
    let served = Served::with(Asked::default(), |path| write(path, &rows)).await;
    let journal = served.folder.path().join("journal");
    let (go_on, told_to_end) = std::sync::mpsc::channel::<()>();
    let writer = std::thread::spawn(move || {
        let mut journal = Journal::open(&journal).unwrap();
        journal.event(&served::started()).unwrap();
        let mut count = 0;
        while told_to_end.try_recv() != Err(std::sync::mpsc::TryRecvError::Disconnected) {
            let row = Row::new(10_000 + count, "9", 3600);
            journal.event(&row.began()).unwrap();
            journal.event(&row.ended()).unwrap();
            count += 1;
        }
        count
    });
    let pagers = [0, 1].map(|_| {
        let address = served.address;
        tokio::spawn(async move {
            let mut client = Client::to(address).await;
            for _ in 0..5 {
                let mut all = BTreeSet::new();
                for start in (0..).step_by(50) {
                    // The span ends before what is being written, so pages stay where they are.
                    let span = [("EndTime", "2026-04-20 10:30:00"), ("Limit", "50"), ("Start", &start.to_string())];
                    let page = ids(&ask(&mut client, &span, 200).await);
                    let whole = page.len() == 50;
                    all.extend(page);
                    if !whole {
                        break;
                    }
                }
                assert_eq!(all, (1..=400).collect());
            }
        })
    });
    for pager in pagers {
        pager.await.unwrap();
    }
    drop(go_on);
    assert!(writer.join().unwrap() > 0);
    served.end().await;
}

/// Pushes of type 9, 2 and 8, one a second.
fn story(target: std::net::SocketAddr) -> Plan {
    let delivery = |number: u32| {
        let plain = wire::push(number, u64::from(number), u64::from(number));
        let (kind, method) = match number % 3 {
            0 => ("9", Method::Post),
            1 => ("2", Method::Post),
            _ => ("8", Method::Post),
        };
        let filed =
            Filed { account: ACCOUNT.into(), conversation: format!("sip-33-1.{number}"), delay: Duration::ZERO };
        Delivery {
            push: format!("tinet:{kind}"),
            request: ringback::http::Push { method, filed, ..plain.request.clone() },
            ..plain
        }
    };
    let deliveries = (1..=40).map(delivery).collect();
    Plan { retry: wire::retries(&[5, 10]), start: instant(served::START), ..wire::plan(&[target], deliveries) }
}

#[tokio::test]
async fn the_log_tells_of_a_run_what_its_report_tells() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("run.ndjson");
    let served = Served::with(Asked::default(), |_| {}).await;
    // Every third answer is a failure; so retries come, and some of them fail again.
    let receiver = Receiver::bind("127.0.0.1:0".parse().unwrap(), Behaviour::Flaky, &[]).await.unwrap();
    let plan = story(receiver.local_addr());
    let (stopper, ear) = stop();
    let receiving = tokio::spawn(async move { receiver.run(|_| {}, ear.requested()).await });
    let journal = Journal::open(&served.folder.path().join("journal")).unwrap();
    let file = std::fs::File::create(&report).unwrap();
    let reports: Vec<(String, Box<dyn Report + Send>)> =
        vec![("journal".into(), Box::new(journal)), ("ndjson".into(), Box::new(Ndjson::new(file)))];
    let session = Session {
        stories: vec![StoryPlan {
            story: Story { scenario: "wire".into(), vendor: "tinet" },
            plan: Ok(plan),
            replay: String::new(),
            retelling: None,
        }],
        seed: 42,
        start: instant(served::START),
        pace: Pace::Fast,
        transport: Transport::new(Trust::System),
        reports,
        snapshots: None,
        to_built_in_receiver: false,
        strictness: ringback::contract::Strictness::Lenient,
    };
    let (_stopper, never) = stop();
    let ended = session.run(never).await;
    assert!(ended.reports.broken.is_empty());
    stopper.stop();
    receiving.await.unwrap();

    let mut told = BTreeMap::new();
    for line in std::fs::read_to_string(&report).unwrap().lines() {
        let event: Value = serde_json::from_str(line).unwrap();
        let key = (event["delivery"]["number"].as_u64(), event["attempt"].as_u64());
        if event["event"] == "replied" {
            let result = if event["acknowledged"] == true { "1" } else { "0" };
            told.insert(
                key,
                (result.to_owned(), event["status"].to_string(), event["body"].as_str().unwrap().to_owned()),
            );
        }
    }
    let mut logged = BTreeMap::new();
    let answer = ask(&mut served.client().await, &[("Limit", "500")], 200).await;
    for row in answer["Data"]["List"].as_array().unwrap() {
        let text = |name: &str| row[name].as_str().unwrap().to_owned();
        let number: u64 = text("UniqueId").rsplit('.').next().unwrap().parse().unwrap();
        let key = (Some(number), row["Retry"].as_u64().map(|retry| retry + 1));
        let before = logged.insert(key, (text("Result"), text("StatusCode"), text("ResultText")));
        assert!(before.is_none(), "{key:?} twice");
    }
    assert!(logged.len() > 40 && logged.keys().any(|(_, attempt)| *attempt > Some(1)));
    assert_eq!(logged, told);
}
