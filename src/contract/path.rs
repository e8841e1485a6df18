//! Where in a body something is looked for: a key, a JSON Pointer or a JSONPath.

use super::path_work::{self, Steps};
use serde_json::Value;
use serde_json_path::JsonPath;
use std::fmt;

/// Where in a value something is expected.
#[derive(Debug, Clone, PartialEq)]
pub enum At {
    /// Under this key.
    Key(String),
    /// At this JSON Pointer (RFC 6901).
    Pointer(String),
    /// At every place that this JSONPath (RFC 9535) finds.
    Path(Box<PathPattern>),
}

/// A JSONPath that could be read.
#[derive(Debug, Clone)]
pub struct PathPattern {
    text: String,
    path: JsonPath,
}

impl PathPattern {
    /// Reads a JSONPath.
    ///
    /// # Errors
    /// What is wrong with it, as half a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        path_work::check(text)?;
        match JsonPath::parse(text) {
            Ok(path) => path_work::check_patterns(text).map(|()| Self { text: text.to_owned(), path }),
            Err(error) => Err(match text.char_indices().nth(error.position()) {
                Some((byte, _)) => format!("it cannot be read from `{}` on", text.get(byte..).unwrap_or_default()),
                None => "it breaks off too early".to_owned(),
            }),
        }
    }

    /// Whether it can find several values: it has a wildcard, a slice, a filter, a list, or looks in all depths.
    pub fn may_find_several(&self) -> bool {
        let mut quoted = None;
        let mut last = ' ';
        for c in self.text.chars() {
            match quoted {
                Some(quote) if c == quote && last != '\\' => quoted = None,
                Some(_) => {}
                None if matches!(c, '\'' | '"') => quoted = Some(c),
                None if matches!(c, '*' | '?' | ',' | ':') || (c == '.' && last == '.') => return true,
                None => {}
            }
            last = c;
        }
        false
    }

    /// Each value that it finds, with where it is; `None` where that could take more than the steps that are left.
    pub(super) fn find<'v>(&self, value: &'v Value, left: &Steps) -> Option<Vec<(String, &'v Value)>> {
        let found = left.take(path_work::steps(&self.text, value)).then(|| self.path.query_located(value))?;
        Some(found.iter().map(|node| (plain(&node.location().to_string()), node.node())).collect())
    }

    /// Where each value is that it finds, as JSON Pointers; nowhere where looking for them would be too much work.
    pub(super) fn pointers(&self, value: &Value) -> Vec<String> {
        if !Steps::new().take(path_work::steps(&self.text, value)) {
            return Vec::new();
        }
        self.path.query_located(value).locations().map(|location| location.to_json_pointer()).collect()
    }
}

impl PartialEq for PathPattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl fmt::Display for PathPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The path of a key below a path, as people write it.
pub(super) fn below(path: &str, key: &str) -> String {
    let is_plain = !key.is_empty()
        && key.chars().all(|c| c.is_alphanumeric() || c == '_')
        && !key.starts_with(|c: char| c.is_ascii_digit());
    match is_plain {
        true => format!("{path}.{key}"),
        false => format!("{path}['{}']", key.replace('\\', "\\\\").replace('\'', "\\'")),
    }
}

/// A normalized path, `$['a']['b c'][0]`, as people write it: `$.a['b c'][0]`. What does not look like one stays.
fn plain(normalized: &str) -> String {
    let mut path = "$".to_owned();
    let mut rest = normalized.strip_prefix('$').unwrap_or(normalized);
    while !rest.is_empty() {
        let (part, behind) = match rest.strip_prefix("['").and_then(|inner| inner.split_once("']")) {
            Some((key, _)) if key.contains('\\') => return normalized.to_owned(),
            Some((key, behind)) => (below("", key), behind),
            None => match rest.split_once(']') {
                Some((index, behind)) => (format!("{index}]"), behind),
                None => return normalized.to_owned(),
            },
        };
        path += &part;
        rest = behind;
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_path_says_whether_it_can_find_several() {
        for (text, several) in [
            ("$.a.b[0]", false),
            ("$['a,b']['*']", false),
            (r"$['it\'s, so']", false),
            (r#"$["a"].b"#, false),
            (r#"$["a"]..b"#, true),
            ("$['a'][1,2]", true),
            ("$.a[*]", true),
            ("$..a", true),
            ("$.a[0,1]", true),
            ("$.a[0:2]", true),
            ("$.a[?@.b == 1]", true),
        ] {
            assert_eq!(PathPattern::parse(text).map(|path| path.may_find_several()), Ok(several), "{text}");
        }
    }

    #[test]
    fn what_is_found_is_named_as_people_write_it() {
        let value = json!({ "a": [{ "b c": 1, "d": 2 }] });
        let found =
            |text: &str| PathPattern::parse(text).expect("a path").find(&value, &Steps::new()).expect("few steps");
        assert_eq!(found("$.a[0].*"), [("$.a[0]['b c']".to_owned(), &json!(1)), ("$.a[0].d".to_owned(), &json!(2))]);
        assert_eq!(found("$.x"), []);
        for (key, place) in
            [("a b", "$['a b']"), ("", "$['']"), ("1a", "$['1a']"), ("_1", "$._1"), ("it's", r"$['it\'s']")]
        {
            let value = json!({ key: 1 });
            let found = PathPattern::parse("$.*").expect("a path").find(&value, &Steps::new()).expect("few steps");
            assert_eq!(found, [(place.to_owned(), &json!(1))]);
        }
        assert_eq!(below("$", r"it's\"), r"$['it\'s\\']");
    }

    #[test]
    fn places_are_given_as_pointers_unless_it_takes_too_long_to_find_them() {
        let value = json!({ "a": [{ "b/c": 1 }, { "b/c": 2 }] });
        let pattern = |text: &str| PathPattern::parse(text).expect("a path");
        assert_eq!(pattern("$.a[*]['b/c']").pointers(&value), ["/a/0/b~1c", "/a/1/b~1c"]);
        let chain = (0..120).fold(json!(1), |inner, _| json!([inner]));
        assert_eq!(pattern("$..*..*..*").pointers(&chain), [""; 0]);
        assert!(pattern("$.a") == pattern("$.a") && pattern("$.a") != pattern("$.b"));
    }

    #[test]
    fn a_path_that_cannot_be_read_says_where() {
        assert_eq!(PathPattern::parse("$.a[").expect_err("open"), "it cannot be read from `[` on");
        assert!(PathPattern::parse("$.a b").is_err() && PathPattern::parse("$a").is_err());
    }
}
