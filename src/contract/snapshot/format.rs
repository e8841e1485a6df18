//! The file of a snapshot, in the format of the crate `insta`: front matter between `---`, then the answers.

use std::fmt;

/// The version of what stands below the front matter; it rises when an older Ringback would misjudge it.
pub const SNAPSHOT_FORMAT: u32 = 1;
/// The key under `info` that says so.
const FORMAT_KEY: &str = "ringback_snapshot";
const FENCE: &str = "---";
/// The marks that an unresolved merge leaves.
const MERGE_MARKS: [&str; 2] = ["<<<<<<< ", ">>>>>>> "];

/// A snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The scenario's file, or the name of a built-in one.
    pub source: String,
    /// What the scenario says of itself.
    pub description: String,
    /// The command that takes it.
    pub expression: String,
    /// The answers, without a line break at the end.
    pub body: String,
}

/// Why a text is no snapshot of Ringback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// It does not begin with front matter.
    NoFrontMatter,
    /// The front matter does not end.
    Unfinished,
    /// Nothing in it says that it is of Ringback.
    NotOurs,
    /// It is of this newer version.
    Newer(String),
    /// A merge was left unresolved.
    Merge(usize),
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Damage::NoFrontMatter => write!(f, "it is damaged: it does not begin with `{FENCE}` and front matter"),
            Damage::Unfinished => write!(f, "it is damaged: its front matter does not end with `{FENCE}`"),
            Damage::NotOurs => write!(f, "it is no snapshot of Ringback: its `info` has no `{FORMAT_KEY}`"),
            Damage::Newer(version) => {
                write!(f, "it is of version {version}, and this Ringback knows versions up to {SNAPSHOT_FORMAT}")
            }
            Damage::Merge(line) => write!(f, "line {line} has the marks of a merge that was left unresolved"),
        }
    }
}

impl Snapshot {
    /// The file.
    pub fn to_text(&self) -> String {
        let Self { source, description, expression, body } = self;
        format!(
            "{FENCE}\nsource: {}\ndescription: {}\nexpression: {}\ninfo:\n  {FORMAT_KEY}: {SNAPSHOT_FORMAT}\n{FENCE}\n{}\n",
            scalar(source),
            scalar(description),
            scalar(expression),
            body.trim_end_matches('\n')
        )
    }

    /// Reads a file, also one that `cargo insta` has accepted and written anew.
    ///
    /// # Errors
    /// Why it is no snapshot.
    pub fn parse(text: &str) -> Result<Self, Damage> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        // However many editors and checkouts have ended a line by CR LF.
        let text = text.split('\n').map(|line| line.trim_end_matches('\r')).collect::<Vec<_>>().join("\n");
        let marked = text.lines().position(|line| MERGE_MARKS.iter().any(|mark| line.starts_with(mark)));
        if let Some(line) = marked {
            return Err(Damage::Merge(line + 1));
        }
        let inner = text.strip_prefix(FENCE).and_then(|rest| rest.strip_prefix('\n')).ok_or(Damage::NoFrontMatter)?;
        let (front, body) = match inner.split_once(&format!("\n{FENCE}\n")) {
            Some(parts) => parts,
            None => (inner.strip_suffix(&format!("\n{FENCE}")).ok_or(Damage::Unfinished)?, ""),
        };
        let value = |key: &str| {
            let line = front.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
            line.map(|value| unquoted(value.trim())).unwrap_or_default()
        };
        let version = front
            .lines()
            .skip_while(|line| line.trim_end() != "info:")
            .skip(1)
            .take_while(|line| line.starts_with(' '))
            .find_map(|line| line.trim().strip_prefix(FORMAT_KEY)?.strip_prefix(':'))
            .ok_or(Damage::NotOurs)?
            .trim();
        match version.parse::<u32>() {
            Ok(1..=SNAPSHOT_FORMAT) => {}
            Ok(_) | Err(_) => return Err(Damage::Newer(version.to_owned())),
        }
        Ok(Self {
            source: value("source"),
            description: value("description"),
            expression: value("expression"),
            body: body.trim_end_matches('\n').to_owned(),
        })
    }
}

/// A text as YAML on one line.
fn scalar(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_./-@ ".contains(c);
    let starts_plain = text.starts_with(|c: char| c.is_ascii_alphabetic());
    match starts_plain && text.chars().all(is_plain) && !text.ends_with(' ') && !is_word_of_yaml(text) {
        true => text.to_owned(),
        // JSON is YAML.
        false => serde_json::Value::from(text).to_string(),
    }
}

fn is_word_of_yaml(text: &str) -> bool {
    ["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(&text.to_ascii_lowercase().as_str())
}

fn unquoted(value: &str) -> String {
    if let Ok(text) = serde_json::from_str::<String>(value) {
        return text;
    }
    let single = value.strip_prefix('\'').and_then(|value| value.strip_suffix('\''));
    single.map_or_else(|| value.to_owned(), |value| value.replace("''", "'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot() -> Snapshot {
        Snapshot {
            source: "scenarios/a.yaml".into(),
            description: "客户: \"hello\"".into(),
            expression: "ringback run scenarios/a.yaml --vendor udesk".into(),
            body: "udesk:end\n  200\n\n---\nmore".into(),
        }
    }

    #[test]
    fn a_snapshot_is_read_as_it_was_written() {
        let text = snapshot().to_text();
        assert!(text.starts_with("---\nsource: scenarios/a.yaml\n"), "{text}");
        assert_eq!(Snapshot::parse(&text), Ok(snapshot()));
        for ends in ["\r\n", "\r\r\n"] {
            assert_eq!(Snapshot::parse(&text.replace('\n', ends)), Ok(snapshot()));
        }
        let empty = Snapshot { body: String::new(), ..snapshot() };
        assert_eq!(Snapshot::parse(empty.to_text().trim_end()), Ok(empty));
    }

    #[test]
    fn a_scalar_is_quoted_where_yaml_would_read_something_else() {
        for (text, is_plain) in [
            ("a b/c-1", true),
            ("a ", false),
            ("1a", false),
            ("a: b", false),
            ("No", false),
            ("客户", false),
            ("", false),
            ("nobody", true),
        ] {
            assert_eq!(scalar(text) == text, is_plain, "{text}");
            assert_eq!(unquoted(&scalar(text)), text);
        }
        assert_eq!(unquoted("'it''s'"), "it's");
    }

    #[test]
    fn what_is_no_snapshot_says_why() {
        let text = snapshot().to_text();
        for (text, damage) in [
            (String::new(), Damage::NoFrontMatter),
            ("<html>".into(), Damage::NoFrontMatter),
            ("---\nsource: a\n".into(), Damage::Unfinished),
            ("---\nsource: a\n---\nx\n".into(), Damage::NotOurs),
            (text.replace("ringback_snapshot: 1", "ringback_snapshot: 2"), Damage::Newer("2".into())),
            (text.replace("ringback_snapshot: 1", "ringback_snapshot: new"), Damage::Newer("new".into())),
            (text.replace("udesk:end", "<<<<<<< HEAD\nudesk:end"), Damage::Merge(8)),
        ] {
            assert_eq!(Snapshot::parse(&text), Err(damage), "{text}");
        }
    }
}
