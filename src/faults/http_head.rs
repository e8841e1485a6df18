//! Faults of the HTTP layer that bend the head of a request: method, path, headers.

use super::attempt::{Fate, HeaderBend};
use super::setting::Values;
use crate::http::{Method, Push};
use crate::random::Stream;
use std::ops::Range;

/// From this many characters on, a part of a header's value is a proof and not a scheme, a name or a time.
const PROOF_MIN_CHARS: usize = 16;

/// The header Content-Type names something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongContentType {
    /// What it says instead.
    pub to: String,
}

impl WrongContentType {
    pub(super) fn of(values: &Values) -> Self {
        Self { to: values.text("to").unwrap_or_default() }
    }

    pub(super) fn bend(&self, push: &mut Push) -> Option<String> {
        let before = push.headers.get("Content-Type");
        if before.as_deref() == Some(self.to.as_str()) {
            return None;
        }
        let before = before.map_or("nothing".to_owned(), |value| format!("`{value}`"));
        push.headers.set("Content-Type", &self.to);
        Some(format!("Content-Type is `{}` where it was {before}", self.to))
    }
}

/// What proves who sends a push is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongAuth;

impl WrongAuth {
    pub(super) fn bend(&self, fate: &mut Fate, draw: &mut Stream) -> Option<String> {
        fate.headers.push(HeaderBend::WrongAuth(draw.word()));
        Some("the proof of who sends it is wrong".to_owned())
    }

    /// Does to a request that is written, and begins here, what [`HeaderBend::WrongAuth`] does before.
    pub fn bend_head(request: &mut Vec<u8>, begin: usize, drawn: u64) {
        let (mut at, mut is_bent, mut end) = (begin, false, begin);
        while let Some(line) = request.get(at..).and_then(|rest| rest.split_inclusive(|byte| *byte == b'\n').next()) {
            let next = at + line.len();
            let colon = line.windows(2).position(|two| two == b": ").filter(|_| at > begin);
            let named = colon.and_then(|colon| Some((colon, std::str::from_utf8(line).ok()?)));
            match named.map(|(colon, line)| (colon, line.trim_end().split_at(colon))) {
                Some((colon, (name, value))) if is_proof(name) => {
                    let wrong = other(value.get(2..).unwrap_or_default(), drawn);
                    let value = at + colon + 2..at + colon + value.len();
                    at = next + wrong.len() - value.len();
                    request.splice(value, wrong.into_bytes());
                    is_bent = true;
                }
                _ if line == b"\r\n" => break,
                Some((_, (name, _))) if name.eq_ignore_ascii_case("content-length") => (at, end) = (next, at),
                _ => (at, end) = (next, next),
            }
        }
        if !is_bent {
            let added = format!("Authorization: Bearer wrong-{drawn:016x}\r\n");
            request.splice(end..end, added.into_bytes());
        }
    }
}

/// A header is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingHeader {
    /// Its name.
    pub header: String,
}

impl MissingHeader {
    pub(super) fn of(values: &Values) -> Self {
        Self { header: values.text("header").unwrap_or_default() }
    }

    pub(super) fn bend(&self, fate: &mut Fate) -> Option<String> {
        fate.headers.push(HeaderBend::Missing(self.header.clone()));
        Some(format!("no {}", self.header))
    }
}

/// Another method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongMethod {
    /// Which.
    pub to: Method,
}

impl WrongMethod {
    pub(super) fn of(values: &Values) -> Self {
        let word = values.text("to").unwrap_or_default();
        let known = Method::ALL.into_iter().find(|method| method.as_str().eq_ignore_ascii_case(&word));
        Self { to: known.unwrap_or(Method::Put) }
    }

    pub(super) fn bend(&self, push: &mut Push) -> Option<String> {
        let before = std::mem::replace(&mut push.method, self.to);
        Some(format!("{} where it was {before}", self.to))
    }
}

/// The path goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongPath {
    /// What stands behind it.
    pub to: String,
}

impl WrongPath {
    pub(super) fn of(values: &Values) -> Self {
        Self { to: values.text("to").unwrap_or_default() }
    }

    pub(super) fn bend(&self, push: &mut Push) -> Option<String> {
        let (path, query) = match push.path.split_once('?') {
            Some((path, query)) => (path.to_owned(), format!("?{query}")),
            None => (push.path.clone(), String::new()),
        };
        push.path = format!("{}/{}{query}", path.trim_end_matches('/'), self.to.trim_start_matches('/'));
        Some(format!("the path ends in {}", self.to))
    }
}

/// The names of headers are in small letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeaderCase;

impl HeaderCase {
    pub(super) fn bend(&self, fate: &mut Fate) -> Option<String> {
        fate.headers.push(HeaderBend::SmallLetters);
        Some("the names of headers are in small letters".to_owned())
    }
}

impl HeaderBend {
    /// Bends headers that are complete.
    pub(super) fn apply(&self, headers: &mut Vec<(String, String)>) {
        match self {
            HeaderBend::Missing(missing) => headers.retain(|(name, _)| !name.eq_ignore_ascii_case(missing)),
            HeaderBend::SmallLetters => headers.iter_mut().for_each(|(name, _)| name.make_ascii_lowercase()),
            HeaderBend::WrongAuth(drawn) => {
                if headers.iter().any(|(name, _)| is_proof(name)) {
                    let proofs = headers.iter_mut().filter(|(name, _)| is_proof(name));
                    proofs.for_each(|(_, value)| *value = other(value, *drawn));
                } else {
                    headers.push(("Authorization".to_owned(), format!("Bearer wrong-{drawn:016x}")));
                }
            }
        }
    }
}

/// Whether a header of this name proves who sends a push.
fn is_proof(name: &str) -> bool {
    const SIGNATURE: &str = "signature";
    let is_signature = |part: &[u8]| part.eq_ignore_ascii_case(SIGNATURE.as_bytes());
    name.eq_ignore_ascii_case("authorization")
        || name.as_bytes().windows(SIGNATURE.len()).any(is_signature)
        || name.split(['-', '_']).any(|word| word.eq_ignore_ascii_case("sign"))
}

/// A value of the same length and shape, one character another in each proof that it holds.
fn other(value: &str, drawn: u64) -> String {
    let mut letters: Vec<char> = value.chars().collect();
    // What stands around a proof (`Bearer`, `v1,`, `sha256=`, `t=`) stays, so that only the proof is wrong.
    let is_end = |at: &usize| letters.get(*at).is_none_or(|letter| matches!(letter, ' ' | ',' | '='));
    let ends = (0..=letters.len()).filter(is_end);
    let parts = ends.scan(0, |start, end| Some(std::mem::replace(start, end + 1)..end));
    let mut proofs: Vec<Range<usize>> = parts.filter(|part| !part.is_empty()).collect();
    match proofs.iter().any(|part| part.len() >= PROOF_MIN_CHARS) {
        true => proofs.retain(|part| part.len() >= PROOF_MIN_CHARS),
        false => drop(proofs.drain(..proofs.len().saturating_sub(1))),
    }
    let mut is_other = false;
    for proof in proofs {
        let places: Vec<usize> = proof.filter(|place| letters[*place].is_ascii_alphanumeric()).collect();
        if let Some(place) = places.get((drawn % places.len().max(1) as u64) as usize) {
            letters[*place] = if letters[*place] == '0' { '1' } else { '0' };
            is_other = true;
        }
    }
    if is_other { letters.into_iter().collect() } else { format!("{value}0") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_proof_differs_behind_its_scheme() {
        for value in ["v1,aGVsbG8=", "Bearer abc", "00ff", "0"] {
            let wrong = other(value, 7);
            assert_ne!(wrong, value);
            assert_eq!(wrong.len(), value.len());
            assert_eq!(wrong.split([' ', ',']).count(), value.split([' ', ',']).count());
        }
    }

    #[test]
    fn every_proof_of_a_header_is_wrong_and_nothing_around_them() {
        let digest = "5bdcc146bf60754e6a042426089575c7";
        for (around, drawn) in ["sha256=|", "t=1614265330,v1=|,v1=|", "v1,|= v1,|=", "Bearer |"]
            .into_iter()
            .flat_map(|around| (0..40).map(move |drawn| (around, drawn)))
        {
            let value = around.replace('|', digest);
            let wrong = other(&value, drawn);
            assert!(!wrong.contains(digest), "{wrong}");
            let proof = &wrong[wrong.len() - digest.len() - (value.len() - value.trim_end_matches('=').len())..];
            assert_eq!(around.replace('|', proof.trim_end_matches('=')), wrong);
        }
    }

    #[test]
    fn a_wrong_path_stands_before_the_query() {
        let mut push = Push { path: "/end?b=2".into(), ..Push::new("push", Method::Post) };
        assert!(WrongPath { to: "/x".into() }.bend(&mut push).is_some());
        assert_eq!(push.path, "/end/x?b=2");
    }
}
