//! Secrets: `{env.NAME}` is looked up when the file is loaded, and a secret that stands in the file is never repeated.

use super::fields::scalar;
use super::problems::{Problem, Problems};
use super::tree::{Kind, Node};
use crate::diagnostic::Code;
use crate::http::is_secret_name;
use crate::spelling::tick;

/// The shortest name of a header that is covered in a text that cannot be read: `key` is mostly a key of something else.
const SECRET_NAME_MIN_CHARS: usize = 5;

/// Looks up an environment variable. Handed in, so that reading a scenario depends on nothing but its arguments.
pub type Environment<'e> = &'e dyn Fn(&str) -> Option<String>;

/// The secret with every `{env.NAME}` replaced.
pub(super) fn resolved(node: &Node, environment: Environment<'_>, problems: &mut Problems) -> Option<String> {
    let text = scalar(node, "`secret`", "a text such as `\"{env.HOOK_SECRET}\"`", problems)?;
    let mut secret = String::new();
    let mut rest = text;
    let mut missing = false;
    while let Some((before, after)) = rest.split_once("{env.") {
        let Some((name, behind)) = after.split_once('}') else {
            let problem = Problem::new(Code::BadValue, &node.span, "`{env.` is never closed");
            problems.add(problem.help("write `{env.HOOK_SECRET}`"));
            return None;
        };
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            let message = format!("{} is no name of an environment variable", tick(name));
            problems.add(Problem::new(Code::BadValue, &node.span, message).help("write `{env.HOOK_SECRET}`"));
            return None;
        }
        match environment(name).filter(|value| !value.is_empty()) {
            Some(value) => {
                secret.push_str(before);
                secret.push_str(&value);
            }
            None => {
                missing = true;
                let message = format!("the environment variable {} is not set", tick(name));
                let problem = Problem::new(Code::Environment, &node.span, message);
                problems.add(problem.help(format!("set it where Ringback runs: `{name}=... ringback run`")));
            }
        }
        rest = behind;
    }
    secret.push_str(rest);
    let foreign = text.starts_with("${") || text.starts_with("{{") || (text.starts_with('$') && text.len() > 1);
    if foreign {
        let name: String = text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let name = name.strip_prefix("env").unwrap_or(&name);
        let problem = Problem::new(Code::BadValue, &node.span, "this is no reference to an environment variable here");
        problems.add(problem.help(format!("write `\"{{env.{name}}}\"`")));
        return None;
    }
    if !missing && secret.is_empty() {
        problems
            .add(Problem::new(Code::BadValue, &node.span, "`secret` is empty").help("write `\"{env.HOOK_SECRET}\"`"));
        return None;
    }
    (!missing).then_some(secret)
}

/// The texts of a file that let others in and stand in the file itself, so that no output repeats them: those that sign, and
/// headers by their names.
pub(super) fn secrets_in_file(root: &Node) -> Vec<&Node> {
    let mut found = Vec::new();
    if let Kind::Map(entries) = &root.kind {
        let sending = entries.iter().filter(|entry| ["deliver", "probe"].contains(&entry.key.as_str()));
        sending.for_each(|entry| gather(&entry.value, &entry.key, &mut found));
    }
    found
}

/// Gathers the secrets in what stands under a key.
fn gather<'n>(node: &'n Node, key: &str, found: &mut Vec<&'n Node>) {
    match &node.kind {
        Kind::Map(entries) => {
            for entry in entries {
                let is_secret = match key {
                    "sign" => entry.key.starts_with("secret"),
                    "headers" => is_secret_name(&entry.key),
                    _ => false,
                };
                match (is_secret, &entry.value.kind) {
                    (true, Kind::Scalar { .. }) => found.push(&entry.value),
                    (true, Kind::List(items)) => {
                        found.extend(items.iter().filter(|item| matches!(item.kind, Kind::Scalar { .. })));
                    }
                    _ => gather(&entry.value, &entry.key, found),
                }
            }
        }
        Kind::List(items) => items.iter().for_each(|item| gather(item, key, found)),
        Kind::Scalar { .. } | Kind::Nothing => {}
    }
}

/// The text of the file with the characters of its secrets covered, byte for byte.
pub(super) fn covered(text: &str, root: &Node) -> String {
    let mut covered = text.to_owned();
    for Node { span, kind } in secrets_in_file(root) {
        let Kind::Scalar { text: secret, .. } = kind else { continue };
        if secret.contains("{env.") || secret.starts_with(['$', '{']) {
            continue;
        }
        if let Some(shown) = text.get(span.clone()) {
            let stars =
                |c: char| if matches!(c, '\n' | '\r' | '"' | '\'') { c.to_string() } else { "*".repeat(c.len_utf8()) };
            covered.replace_range(span.clone(), &shown.chars().map(stars).collect::<String>());
        }
    }
    covered
}

/// The text of a file that is no YAML, with whatever follows the name of a secret on a line covered, byte for byte.
pub(super) fn covered_lines(text: &str) -> String {
    let star = |c: char| if c.is_alphanumeric() { "*".repeat(c.len_utf8()) } else { c.to_string() };
    let cover = |line: &str| {
        let behind_a_name = line.match_indices(':').map(|(at, _)| at).find(|at| {
            let before = line[..*at].trim_end_matches(['"', '\'']);
            let name = before.rsplit(|c: char| !c.is_ascii_alphanumeric() && !"-_".contains(c)).next();
            name.is_some_and(|name| name.len() >= SECRET_NAME_MIN_CHARS && is_secret_name(name))
        });
        match behind_a_name {
            Some(at) if !line[at..].contains("{env.") => {
                format!("{}{}", &line[..at], line[at..].chars().map(star).collect::<String>())
            }
            _ => line.to_owned(),
        }
    };
    text.split_inclusive('\n').map(cover).collect()
}
