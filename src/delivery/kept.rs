//! When a connection is kept for the next push: after which responses, and for how long, as real clients have it.

use crate::http::{Reply, Version, header};
use std::time::Duration;

/// How long a connection without work is kept, in real time and in scenario time. Shorter than what receivers keep it for
/// (gunicorn 2 s, Node.js, uvicorn and Apache 5 s), so that it seldom ends just as the next push leaves.
pub const KEPT_MAX: Duration = Duration::from_millis(1500);

/// Whether the connection on which this came can take another request: the receiver leaves it open, the end of the response was
/// found without its closing, and nothing broke in the receiver. Many servers close after a 5xx without saying so.
pub fn is_kept_after(reply: &Reply) -> bool {
    let is_framed = || {
        let chunked = reply.headers.iter().rfind(|(name, _)| name.eq_ignore_ascii_case("transfer-encoding"));
        match chunked {
            Some((_, encodings)) => {
                encodings.rsplit(',').next().is_some_and(|last| last.trim().eq_ignore_ascii_case("chunked"))
            }
            None => matches!(reply.status, 204 | 304) || header(&reply.headers, "content-length").is_some(),
        }
    };
    !reply.truncated
        && reply.status != 101
        && reply.status < 500
        && (reply.version == Version::Http2 || !says_close(reply) && is_framed())
}

/// Whether the receiver says that nothing more comes on this connection; in HTTP/1.0 it need not say so.
pub(super) fn says_close(reply: &Reply) -> bool {
    let values = reply.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("connection"));
    let mut options = values.flat_map(|(_, value)| value.split(','));
    reply.version == Version::Http10 || options.any(|option| option.trim().eq_ignore_ascii_case("close"))
}

/// Whether this is no answer to a request but the end of a connection that was at rest for too long (RFC 9110, 15.5.9).
pub(crate) fn is_goodbye(reply: &Reply) -> bool {
    reply.status == 408 && !is_kept_after(reply)
}

/// What is remarked of an answer to a push that was sent once more. Whether it was is a matter of chance, so no verdict and
/// no count depends on it.
pub(crate) fn sent_once_more(why: &str) -> String {
    format!("sent once more on a new connection: {why}")
}

/// Why, where the answer was a [goodbye](is_goodbye).
pub(crate) const GOODBYE: &str = "the receiver closed the kept connection with a 408";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_kept_only_where_the_receiver_surely_leaves_it_open() {
        let length: (&str, &str) = ("content-length", "2");
        for (status, version, headers, expected) in [
            (200, Version::Http11, &[length][..], true),
            (404, Version::Http11, &[length], true),
            (200, Version::Http11, &[("transfer-encoding", "gzip, Chunked")], true),
            (204, Version::Http11, &[], true),
            (200, Version::Http2, &[], true),
            (200, Version::Http11, &[], false),
            (200, Version::Http11, &[("transfer-encoding", "gzip"), length], false),
            (200, Version::Http11, &[length, ("connection", "x, Close")], false),
            (200, Version::Http10, &[length], false),
            (500, Version::Http11, &[length], false),
            (503, Version::Http2, &[], false),
            (101, Version::Http11, &[], false),
        ] {
            let headers: Vec<_> = headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
            let reply = Reply { status, version, headers, ..Reply::default() };
            assert_eq!(is_kept_after(&reply), expected, "{reply:?}");
            assert!(!is_kept_after(&Reply { truncated: true, ..reply }));
        }
    }
}
