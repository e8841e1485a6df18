//! Secrets: `{env.NAME}` is looked up when the file is loaded, and a secret that stands in the file is never repeated.

use super::fields::scalar;
use super::problems::{Problem, Problems};
use super::tree::{Kind, Node};
use crate::diagnostic::Code;
use crate::spelling::tick;

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

/// The text of a file that is not YAML, with whatever follows `secret:` or `secrets:` on a line covered, byte for byte; of a
/// list, every entry.
pub(super) fn covered_lines(text: &str) -> String {
    let (mut is_listed, mut is_open) = (false, false);
    let cover = |line: &str| {
        is_listed &= line.trim_start().starts_with('-');
        if is_listed || is_open {
            is_open &= !line.contains(']');
            return stars(line);
        }
        let keys = ["secret:", "secrets:"].into_iter().filter_map(|key| Some(line.find(key)? + key.len()));
        let Some((key, value)) = keys.min().and_then(|end| line.split_at_checked(end)) else { return line.to_owned() };
        is_listed = value.trim().is_empty();
        is_open = value.contains('[') && !value.contains(']');
        format!("{key}{}", stars(value))
    };
    text.split_inclusive('\n').map(cover).collect()
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
