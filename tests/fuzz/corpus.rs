//! What the fuzzer begins with: the files of this repository, and answers as receivers give them.

use std::path::Path;

/// The texts of all files below a folder whose names end so.
pub fn files(folder: &str, ending: &str) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), ending, &mut found);
    found.sort();
    assert!(!found.is_empty(), "{folder} has no {ending}");
    found
}

fn collect(folder: &Path, ending: &str, found: &mut Vec<Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, ending, found);
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(std::fs::read(&path).unwrap());
        }
    }
}

fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

pub fn scenarios() -> Vec<Vec<u8>> {
    [files("scenarios", ".yaml"), files("tests/wrong", ".yaml")].concat()
}

pub fn answers() -> Vec<Vec<u8>> {
    texts(&[
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nokHTTP/1.1 204 No\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nok\r\n1\r\n!\r\n0\r\nT: x\r\n\r\n",
        "HTTP/1.0 500 Oh\r\nServer: WSGIServer/0.2 CPython/3.11\r\n\r\nuntil the end",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nrest",
        "\r\n\nHTTP/1.1 200 OK\nContent-Length: 2\nConnection: close\n\nok",
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
    ])
}

pub fn paths() -> Vec<Vec<u8>> {
    texts(&[
        "$.a.b[0]",
        "$['a']['b c'][-1]",
        "$..id",
        "$.a[*].b",
        "$.a[0:2:1]",
        "$.a[?@.b == 1 && !(@.c > 2 || @.d)]",
        "$.a[?match(@.b, 'x.*')]",
        "$.a[?length(@.b) == count(@.*)]",
        "$.a[?value(@..b) == $.c]",
        "$['a','b'][1,2,*]",
        "$..[?@.a[?@.b]]",
        "$.\u{6ee1}\u{610f}[\"\\u6ee1\"]",
    ])
}

pub fn patterns() -> Vec<Vec<u8>> {
    texts(&[
        "^[0-9]{4}-[a-z]+$",
        "(?i)a|b(c|d)*?\\w+",
        "udesk:*",
        "*a*a*b",
        "p99<200ms",
        "udesk:end response p95 <= 1s",
        "errors < 1%",
        "1h2m3s4ms",
        "3s..12s",
        "200/s",
        "1.5/m",
        "2xx",
        "{call.id} and {env.HOME}",
        "http://user@127.0.0.1:8080/a?b=c#d",
        "udesk:end.survey=5",
        "a{1,10}",
        "50%",
    ])
}
