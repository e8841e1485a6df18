//! Secrets: `{env.NAME}` is looked up when the file is loaded, and a secret that stands in the file is never repeated.

use super::fields::scalar;
use super::problems::{Problem, Problems};
use super::sign::signing_secrets;
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
    let mut found = signing_secrets(root);
    if let Kind::Map(entries) = &root.kind {
        let sending = entries.iter().filter(|entry| ["deliver", "probe"].contains(&entry.key.as_str()));
        sending.for_each(|entry| gather(&entry.value, &entry.key, &mut found));
    }
    found
}

/// Gathers the headers with the name of a secret in what stands under a key.
fn gather<'n>(node: &'n Node, key: &str, found: &mut Vec<&'n Node>) {
    match &node.kind {
        Kind::Map(entries) => {
            for entry in entries {
                match &entry.value.kind {
                    Kind::Scalar { .. } if key == "headers" && is_secret_name(&entry.key) => found.push(&entry.value),
                    _ => gather(&entry.value, &entry.key, found),
                }
            }
        }
        Kind::List(items) => items.iter().for_each(|item| gather(item, key, found)),
        Kind::Scalar { .. } | Kind::Nothing => {}
    }
}

/// The text of the file with the characters of the secrets covered, byte for byte.
pub(super) fn covered(text: &str, secrets: &[&Node]) -> String {
    let mut covered = text.to_owned();
    for node in secrets {
        let Kind::Scalar { text: secret, .. } = &node.kind else { continue };
        if secret.contains("{env.") || secret.starts_with(['$', '{']) {
            continue;
        }
        if let Some(shown) = text.get(node.span.clone()) {
            let stars =
                |c: char| if matches!(c, '\n' | '\r' | '"' | '\'') { c.to_string() } else { "*".repeat(c.len_utf8()) };
            covered.replace_range(node.span.clone(), &shown.chars().map(stars).collect::<String>());
        }
    }
    covered
}

/// The text of a file that is not YAML, with whatever follows the name of a secret on a line covered, byte for byte; of a
/// list, every entry.
pub(super) fn covered_lines(text: &str) -> String {
    let (mut is_listed, mut is_open) = (false, false);
    let cover = |line: &str| {
        is_listed &= line.trim_start().starts_with('-');
        if is_listed || is_open {
            is_open &= !line.contains(']');
            return stars(line);
        }
        let Some((key, value)) = behind_a_secret_name(line).and_then(|end| line.split_at_checked(end)) else {
            return line.to_owned();
        };
        is_listed = value.trim().is_empty();
        is_open = value.contains('[') && !value.contains(']');
        format!("{key}{}", stars(value))
    };
    text.split_inclusive('\n').map(cover).collect()
}

/// Where the value begins that follows the name of a secret.
fn behind_a_secret_name(line: &str) -> Option<usize> {
    let mut ends = line.match_indices(':').map(|(at, _)| at);
    let end = ends.find(|at| {
        let before = line[..*at].trim_end_matches(['"', '\'']);
        let name = before.rsplit(|c: char| !c.is_ascii_alphanumeric() && !"-_".contains(c)).next();
        name.is_some_and(|name| name.len() >= SECRET_NAME_MIN_CHARS && is_secret_name(name))
    });
    end.map(|at| at + 1)
}

/// The text with its letters and digits covered, byte for byte, save for names of variables.
fn stars(text: &str) -> String {
    let star = |c: char| if c.is_alphanumeric() { "*".repeat(c.len_utf8()) } else { c.to_string() };
    let mut covered = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("{env.") {
        let end = rest[at..].find('}').map_or(rest.len(), |end| at + end);
        covered.extend(rest[..at].chars().map(star));
        covered.push_str(&rest[at..end]);
        rest = &rest[end..];
    }
    covered.extend(rest.chars().map(star));
    covered
}
