//! Where a push goes: the configured address joined with what the vendor appends to it.

use url::Url;

/// The address of one push: the path of `target` with `appended` behind it. The query of the target is kept, and a query
/// in `appended` follows it. A fragment never crosses the wire and is dropped.
pub fn address(target: &Url, appended: &str) -> Url {
    let mut address = target.clone();
    address.set_fragment(None);
    let (path, query) = appended.split_once('?').unwrap_or((appended, ""));
    if !path.is_empty() {
        let joined = format!("{}/{}", target.path().trim_end_matches('/'), path.trim_start_matches('/'));
        address.set_path(&joined);
    }
    if !query.is_empty() {
        let joined = match target.query() {
            Some(kept) if !kept.is_empty() => format!("{kept}&{query}"),
            _ => query.to_owned(),
        };
        address.set_query(Some(&joined));
    }
    address
}

#[cfg(test)]
mod tests {
    use super::address;
    use url::Url;

    #[test]
    fn paths_are_joined_and_queries_are_kept() {
        for (target, appended, expected) in [
            ("http://127.0.0.1:8080/hook", "", "http://127.0.0.1:8080/hook"),
            ("http://127.0.0.1:8080", "", "http://127.0.0.1:8080/"),
            ("http://127.0.0.1:8080", "/end", "http://127.0.0.1:8080/end"),
            ("http://127.0.0.1:8080/hook/", "end", "http://127.0.0.1:8080/hook/end"),
            ("http://127.0.0.1:8080/hook?a=1#top", "/end", "http://127.0.0.1:8080/hook/end?a=1"),
            ("http://127.0.0.1:8080/hook?a=1", "?b=2", "http://127.0.0.1:8080/hook?a=1&b=2"),
            ("http://127.0.0.1:8080/hook", "/end?b=2", "http://127.0.0.1:8080/hook/end?b=2"),
        ] {
            let target: Url = target.parse().expect("an address");
            assert_eq!(address(&target, appended).as_str(), expected);
        }
    }
}
