//! The live page, as files within the binary: what people see of `serve`. It knows nothing but the control API; what it does
//! happens in the browser. What it may do there is the guard's matter.

use crate::look::{EVERY, LADDER, Part, script, style};
use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::LazyLock;

/// The most that the page may weigh in all, so that it opens at once over a slow line, too.
#[cfg(test)]
const PAGE_MAX_BYTES: usize = 200 * 1000;

const INDEX: &str = include_str!("index.html");
const OWN: Part = Part {
    style: include_str!("style.css"),
    scripts: &[
        include_str!("chinese.js"),
        include_str!("phrases.js"),
        include_str!("api.js"),
        include_str!("stream.js"),
        include_str!("model.js"),
        include_str!("fold.js"),
        include_str!("lanes.js"),
        include_str!("happenings.js"),
        include_str!("rungs.js"),
        include_str!("ladder.js"),
        include_str!("controls.js"),
        include_str!("cards.js"),
        include_str!("start.js"),
        include_str!("editor.js"),
        include_str!("fields.js"),
        include_str!("push.js"),
        include_str!("inbox.js"),
        include_str!("head.js"),
        include_str!("keys.js"),
    ],
};
const PARTS: [&Part; 3] = [&EVERY, &LADDER, &OWN];

static PAGE_STYLE: LazyLock<String> = LazyLock::new(|| style(&PARTS));
static PAGE_SCRIPT: LazyLock<String> = LazyLock::new(|| script(&PARTS));

/// What the page needs besides itself.
pub(super) fn routes() -> Router {
    Router::new()
        .route("/page/page.css", get(async || file("text/css; charset=utf-8", &PAGE_STYLE)))
        .route("/page/page.js", get(async || file("text/javascript; charset=utf-8", &PAGE_SCRIPT)))
}

/// The page itself.
pub(super) async fn index() -> Response {
    file("text/html; charset=utf-8", INDEX).into_response()
}

fn file(kind: &'static str, text: &'static str) -> impl IntoResponse + use<> {
    // Another version of Ringback may answer at this address tomorrow.
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_small() {
        let bytes = INDEX.len() + PAGE_STYLE.len() + PAGE_SCRIPT.len();
        assert!(bytes < PAGE_MAX_BYTES, "{bytes}");
    }

    #[test]
    fn the_page_does_what_its_policy_allows() {
        for (what, text) in [("index", INDEX), ("script", PAGE_SCRIPT.as_str())] {
            for forbidden in
                ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", " style=", " onclick=\""]
            {
                assert!(!text.contains(forbidden), "{what}: {forbidden}");
            }
        }
        assert!(!INDEX.contains("<style") && !INDEX.contains("http://") && !INDEX.contains("https://"));
        assert_eq!(INDEX.matches("<script").count(), INDEX.matches("<script src=").count());
        // A namespace is a name, not an address that is asked.
        let named = PAGE_SCRIPT.replace("http://www.w3.org/2000/svg", "");
        assert!(!named.contains("https://"));
    }

    #[test]
    fn every_text_has_its_chinese() {
        let chinese = include_str!("chinese.js");
        let mut missing: Vec<&str> = Vec::new();
        for behind in PAGE_SCRIPT.split("tr(\"").skip(1) {
            let Some((english, _)) = behind.split_once('"') else { continue };
            if !chinese.contains(&format!("\"{english}\":")) {
                missing.push(english);
            }
        }
        assert!(missing.is_empty(), "no Chinese for {missing:?}");
    }
}
