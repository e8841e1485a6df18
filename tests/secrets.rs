//! No output of a run tells a secret: planted ones are sent to a receiver that repeats everything, and every output is scanned.

use crate::support::command::{Done, done, file, ringback, run};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

/// What a run can be asked to write, one run each; `DIR` is a folder of its own. A new output is one more line.
const OUTPUTS: &[&[&str]] = &[
    &[],
    &["--verbose"],
    &["--quiet"],
    &["--report", "term=DIR/run.txt"],
    &["--report", "ndjson"],
    &["--report", "ndjson=DIR/run.ndjson"],
    &["--journal", "DIR/run.journal"],
    &["--report", "json=DIR/run.json"],
    &["--report", "junit=DIR/run.xml"],
    &["--report", "github=DIR/summary.md"],
    &["--report", "html=DIR/run.html"],
    &["--snapshots", "DIR/snapshots"],
];

const PASSWORD: &str = "planted&password/of+ann";
const API_KEY: &str = "planted-api-key-0123456789";
const COOKIE: &str = "planted-cookie-0123456789";
const CUSTOM_TOKEN: &str = "planted custom=token";
const QUERY_KEY: &str = "planted-access-key-in-the-query";
const HOOK_SECRET: &str = "whsec_cGxhbnRlZC1ob29rLXNlY3JldC0wMTIzNDU2Nzg5";
const PROXY_PASSWORD: &str = "planted:proxy@password";
const VENDOR_TOKEN: &str = "planted-vendor-token-0123456789";
const PUSH_KEY: &str = "plantedPushKey01234567890123456789012345678";
const ACCESS_KEY: &str = "planted-vendor-access-key";
const VARIABLE: &str = "planted variable/of&the environment";

/// Every planted value, also without what is around it.
const PLANTED: [&str; 12] = [
    PASSWORD,
    API_KEY,
    COOKIE,
    CUSTOM_TOKEN,
    QUERY_KEY,
    HOOK_SECRET,
    "cGxhbnRlZC1ob29rLXNlY3JldC0wMTIzNDU2Nzg5",
    PROXY_PASSWORD,
    VENDOR_TOKEN,
    PUSH_KEY,
    ACCESS_KEY,
    VARIABLE,
];

/// What a receiver of the scenario below knows, or is sent.
const OF_THE_SCENARIO: &[&str] =
    &[QUERY_KEY, PASSWORD, API_KEY, COOKIE, CUSTOM_TOKEN, HOOK_SECRET, "cGxhbnRlZC1ob29rLXNlY3JldC0wMTIzNDU2Nzg5"];
/// And what it knows as a proxy.
const OF_SCENARIO_AND_PROXY: &[&str] = &[
    QUERY_KEY,
    PASSWORD,
    API_KEY,
    COOKIE,
    CUSTOM_TOKEN,
    HOOK_SECRET,
    "cGxhbnRlZC1ob29rLXNlY3JldC0wMTIzNDU2Nzg5",
    PROXY_PASSWORD,
];
/// What a receiver of the vendor's options knows.
const OF_THE_VENDOR: &[&str] = &[VENDOR_TOKEN, PUSH_KEY, ACCESS_KEY];

const SCENARIO: &str = r#"
title: Secrets everywhere
call: { kind: outbound }
script:
  - ring: agent
  - wait: 1s
  - answer: agent
  - ring: customer
  - wait: 2s
  - answer: customer
  - wait: 5s
  - hangup: agent
deliver:
  retry: none
  headers:
    Authorization: "Basic BASIC"
    X-Api-Key: "API_KEY"
    Cookie: "sid=COOKIE; lang=zh-CN"
    X-Custom-Token: "CUSTOM_TOKEN"
    X-Env: visible-setting
  sign: { scheme: standard-webhooks, secret: "{env.HOOK_SECRET}" }
expect:
  - { push: "udesk:end", headers: { X-Never: "CUSTOM_TOKEN" } }
"#;

/// A receiver that repeats all that it hears and knows, in its headers and its body; also as a proxy.
struct Echo {
    address: String,
    heard: Arc<Mutex<String>>,
}

/// How the body is sent.
#[derive(Clone, Copy, Debug)]
enum Packing {
    Plain,
    Gzip,
}

impl Echo {
    /// `known` is what the receiver knows anyway, such as the key of a signature.
    fn start(status: &'static str, packing: Packing, known: &'static [&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let heard = Arc::new(Mutex::new(String::new()));
        let hears = heard.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let hears = hears.clone();
                std::thread::spawn(move || while answer(&stream, (status, packing, known), &hears).is_some() {});
            }
        });
        Self { address, heard }
    }

    fn heard(&self) -> String {
        self.heard.lock().expect("a lock").clone()
    }
}

/// Answers one request; `None` where there is no further one.
fn answer(stream: &TcpStream, (status, packing, known): (&str, Packing, &[&str]), heard: &Mutex<String>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            line => head.push(line.to_owned()),
        }
    }
    let length =
        head.iter().find_map(|line| line.strip_prefix("Content-Length: ")).map_or(0, |text| text.parse().unwrap_or(0));
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    heard.lock().expect("a lock").push_str(&head.join("\n"));

    let everything = format!("{}\n{}\n{}", head.join("\n"), String::from_utf8_lossy(&body), known.join("\n"));
    let echoed = serde_json::json!({
        "code": 200,
        "resultCode": "0",
        "echo": everything,
        "forms": known.iter().flat_map(|secret| forms(secret)).collect::<Vec<_>>(),
        "whole": STANDARD.encode(&everything),
    });
    let body = match packing {
        Packing::Plain => echoed.to_string().into_bytes(),
        Packing::Gzip => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(echoed.to_string().as_bytes()).ok()?;
            encoder.finish().ok()?
        }
    };
    let mut answer = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n", body.len());
    if matches!(packing, Packing::Gzip) {
        answer.push_str("Content-Encoding: gzip\r\n");
    }
    for line in head.iter().skip(1) {
        answer.push_str(&format!("X-Echo-{line}\r\n"));
        if line.starts_with("Authorization") {
            answer.push_str(&format!("{line}\r\n"));
        }
    }
    answer.push_str(&format!("Set-Cookie: sid={COOKIE}; Path=/\r\nX-Debug: {}\r\n", known.join(" ")));
    let key = known.first().copied().unwrap_or_default();
    answer.push_str(&format!("Location: http://127.0.0.1:9/?key={key}\r\n\r\n"));
    let mut stream = stream;
    stream.write_all(&[answer.as_bytes(), &body].concat()).ok()
}

/// A planted value, and what it becomes where it is encoded.
fn forms(secret: &str) -> Vec<String> {
    let encoded: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    vec![
        secret.to_owned(),
        encoded.replace('+', "%20"),
        encoded,
        STANDARD.encode(secret),
        URL_SAFE_NO_PAD.encode(secret),
        hex,
        secret.replace('&', "&amp;"),
        serde_json::Value::from(secret).to_string().trim_matches('"').to_owned(),
    ]
}

/// Finds what was planted in some output. The text in front of it is shown, to find the place.
fn scan(place: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for form in PLANTED.iter().flat_map(|secret| forms(secret)) {
        if let Some(at) = text.find(&form) {
            let before: String = text[..at].chars().rev().take(120).collect::<Vec<_>>().into_iter().rev().collect();
            panic!("{place} tells {form:?} behind {before:?}");
        }
    }
    // What is base64 of more than a secret.
    for word in text.split(|c: char| !c.is_ascii_alphanumeric() && !"+/=-_".contains(c)).filter(|word| word.len() > 40)
    {
        if let Ok(plain) = STANDARD.decode(word.trim_end_matches('\\')) {
            let plain = String::from_utf8_lossy(&plain).into_owned();
            for secret in PLANTED {
                assert!(!plain.contains(secret), "{place} tells {secret:?} inside base64");
            }
        }
    }
}

fn scan_folder(folder: &Path) -> usize {
    let mut count = 0;
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            count += scan_folder(&path);
        } else {
            let bytes = fs::read(&path).expect("a file");
            scan(&path.display().to_string(), &bytes);
            if path.extension().is_some_and(|extension| extension == "html") {
                let packed = unpacked(&bytes);
                assert_eq!(packed.is_some(), path.ends_with("run.html"), "{}", path.display());
                scan("the packed part of the page", &packed.unwrap_or_default());
            }
            count += 1;
        }
    }
    count
}

/// What the page of a run packs, base64 of zlib; the page of a load packs nothing.
fn unpacked(page: &[u8]) -> Option<Vec<u8>> {
    let page = String::from_utf8_lossy(page);
    let (_, packed) = page.split_once("<script type=\"text/plain\" id=\"details\">")?;
    let (packed, _) = packed.split_once("</script>").expect("an end of the element");
    let mut bytes = Vec::new();
    let packed = STANDARD.decode(packed).expect("base64");
    flate2::read::ZlibDecoder::new(packed.as_slice()).read_to_end(&mut bytes).expect("zlib");
    assert!(bytes.len() > 1_000 && bytes.starts_with(b"{"), "{}", String::from_utf8_lossy(&bytes[..100]));
    Some(bytes)
}

/// Runs a command with these arguments and output, and scans all that it says and writes.
fn scanned(arguments: &[&str], output: &[&str], adapt: impl FnOnce(&mut Command)) -> Done {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path().to_str().expect("a path of UTF-8");
    let output: Vec<String> = output.iter().map(|part| part.replace("DIR", here)).collect();
    let all: Vec<&str> = arguments.iter().copied().chain(output.iter().map(String::as_str)).collect();
    let mut command = ringback(&all);
    command.env("HOOK_SECRET", HOOK_SECRET);
    adapt(&mut command);
    let done = done(command);
    scan("standard output", done.out.as_bytes());
    scan("standard error", done.err.as_bytes());
    let files = scan_folder(folder.path());
    let asked = output.iter().any(|part| part.contains(here));
    assert_eq!(files > 0, asked, "{output:?}: {}{}", done.out, done.err);
    done
}

fn scenario(folder: &Path) -> String {
    let basic = STANDARD.encode(format!("ann:{PASSWORD}"));
    let text = SCENARIO
        .replace("BASIC", &basic)
        .replace("CUSTOM_TOKEN", CUSTOM_TOKEN)
        .replace("API_KEY", API_KEY)
        .replace("COOKIE", COOKIE);
    file(folder, "secrets.yaml", &text)
}

#[test]
fn no_output_tells_what_was_sent_signed_or_repeated() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = scenario(folder.path());
    for (status, packing) in [("200 OK", Packing::Plain), ("200 OK", Packing::Gzip), ("500 Oh", Packing::Plain)] {
        let echo = Echo::start(status, packing, OF_SCENARIO_AND_PROXY);
        let target = format!("http://{}/hook?access_key={QUERY_KEY}&src=visible", echo.address);
        let escaped: String = form_urlencoded::byte_serialize(PROXY_PASSWORD.as_bytes()).collect();
        let proxy = format!("http://bob:{escaped}@{}", echo.address);
        let common = ["run", &scenario, "--vendor", "udesk,7moor", "--target", &target];
        for output in OUTPUTS {
            let done = scanned(&common, output, |command| {
                command.env("RINGBACK_PROXY", &proxy);
            });
            assert_eq!(done.code, 1, "{packing:?}: {}{}", done.out, done.err);
        }
        let heard = echo.heard();
        for sent in [API_KEY, COOKIE, CUSTOM_TOKEN, QUERY_KEY, &STANDARD.encode(format!("bob:{PROXY_PASSWORD}"))] {
            assert!(heard.contains(sent), "{sent} reached the receiver: {heard}");
        }
        assert!(heard.contains("Webhook-Signature: v1,"));
    }
}

#[test]
fn no_output_tells_the_secrets_of_a_vendors_options() {
    let echo = Echo::start("200 OK", Packing::Plain, OF_THE_VENDOR);
    let target = format!("http://{}/hook", echo.address);
    for auth in ["bearer", "auth_v2"] {
        let options = [("auth", auth), ("token", VENDOR_TOKEN), ("push_key", PUSH_KEY), ("access_key", ACCESS_KEY)];
        let options = options.map(|(name, value)| format!("huawei-cec.{name}={value}"));
        let mut arguments = vec!["run", "chat-answered", "--vendor", "huawei-cec", "--target", &target];
        options.iter().for_each(|option| arguments.extend(["--option", option]));
        for output in OUTPUTS {
            let done = scanned(&arguments, output, |_| {});
            assert_eq!(done.code, i32::from(output.contains(&"--snapshots")), "{}{}", done.out, done.err);
        }
    }
    let heard = echo.heard();
    assert!(heard.contains(VENDOR_TOKEN) && heard.contains(&format!("auth-v2/{ACCESS_KEY}/")), "{heard}");
}

#[test]
fn no_output_tells_what_a_placeholder_takes_from_the_environment() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "title: From the environment\ncall: { kind: outbound }\nvendors: [udesk]\nscript: [{ ring: agent }, { answer: agent }, \
        { ring: customer }, { answer: customer }, { hangup: agent }]\ndeliver:\n  retry: none\n  headers: { X-Own: \"{env.PLANTED}\" }\n\
        set: [{ push: \"udesk:end\", field: note_content, value: \"{env.PLANTED}\" }]\n\
        probe: { post: \"{target.origin}/state\", body: \"{env.PLANTED}\", within: 50ms, json: { $.code: 200 } }\n";
    let scenario = file(folder.path(), "variables.yaml", text);
    for status in ["200 OK", "500 Oh"] {
        let echo = Echo::start(status, Packing::Plain, &[VARIABLE]);
        let target = format!("http://{}/hook?q={{env.PLANTED}}", echo.address);
        let more = ["--header", "X-Flag: {env.PLANTED}", "--set", "udesk:end.agent_nick_name={env.PLANTED}"];
        let common = [&["run", &scenario, "--target", &target][..], &more].concat();
        for output in OUTPUTS {
            let done = scanned(&common, output, |command| {
                command.env("PLANTED", VARIABLE);
            });
            assert!(done.code <= 1, "{status}: {}{}", done.out, done.err);
        }
        let heard = echo.heard();
        assert!(
            heard.contains(&format!("X-Own: {VARIABLE}")) && heard.contains(&format!("X-Flag: {VARIABLE}")),
            "{heard}"
        );
        assert!(heard.contains("q=planted%20variable%2Fof%26the%20environment"), "{heard}");
        for format in ["table", "json", "http", "curl", "values"] {
            let plan = [&["plan", &scenario, "--target", &target][..], &more].concat();
            let done = scanned(&plan, &["--format", format], |command| {
                command.env("PLANTED", VARIABLE);
            });
            assert_eq!(done.code, 0, "{}", done.err);
        }
        let load = [
            &["load", &scenario, "--target", &target, "--rate", "20/s", "--for", "200ms", "--pace", "1000x"][..],
            &more,
        ];
        let files = ["--report", "json=DIR/load.json", "--report", "html=DIR/load.html"];
        for output in [&["--report", "term"][..], &[&["--report", "ndjson"][..], &files].concat()] {
            let done = scanned(&load.concat(), output, |command| {
                command.env("PLANTED", VARIABLE);
            });
            assert!(done.code != 2 && !done.err.contains("panicked"), "{}", done.err);
        }
    }
}

#[test]
fn what_is_no_secret_is_still_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = scenario(folder.path());
    let echo = Echo::start("200 OK", Packing::Plain, OF_THE_SCENARIO);
    let target = format!("http://{}/hook?access_key={QUERY_KEY}&src=visible", echo.address);
    let done = scanned(&["run", &scenario, "--vendor", "udesk", "--target", &target, "-v"], &[], |_| {});
    for shown in [
        "Authorization: Basic ***",
        "X-Api-Key: ***",
        "Cookie: sid=***; lang=***",
        "X-Env: visible-setting",
        "/hook?access_key=***&src=visible",
        "Webhook-Signature: v1,",
    ] {
        assert!(done.out.contains(shown), "{shown}: {}", done.out);
    }
}

#[test]
fn no_message_about_an_argument_repeats_a_password() {
    for arguments in [
        &["run", "--target", "http://ann:planted-api-key-0123456789@127.0.0.1:9/"][..],
        &["run", "--target", "ann:planted-api-key-0123456789@127.0.0.1:9"],
        &["run", "--wait-for", "http://ann:planted-api-key-0123456789@127.0.0.1:9/"],
        &["run", "--wait-for", "http://127.0.0.1:9/?token=planted-api-key-0123456789", "--wait-limit", "10ms"],
        &["run", "--proxy", "socks5://ann:planted-api-key-0123456789@127.0.0.1:9"],
        &["run", "--proxy", "http://ann:planted-api-key-0123456789@127.0.0.1:x"],
        &["run", "chat-answered", "--option", "huawei-cec.push_key=planted-api-key-0123456789"],
        &["run", "chat-answered", "--option", "huawei-cec.push_kye=planted-api-key-0123456789"],
        &["run", "--target", "http://127.0.0.1:9/", "--proxy", "http://ann:planted-api-key-0123456789@127.0.0.1:9"],
    ] {
        let done = run(arguments);
        assert!(done.code >= 2, "{arguments:?}: {}{}", done.out, done.err);
        scan(&format!("{arguments:?}"), format!("{}{}", done.out, done.err).as_bytes());
    }
}
