//! The question of a probe, as its author wrote it and with the values of a story in it.

use crate::contract::template::MASK;
use crate::contract::{Escape, Filled, Known, Template};
use crate::http::{Method, masked};
use crate::shell;
use std::fmt;
use url::Url;

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Question {
    /// An address.
    Http {
        /// By which method.
        method: Method,
        /// The address.
        url: Template,
        /// The headers, without framing and host.
        headers: Vec<(String, Template)>,
        /// The body, and how values are written into it.
        body: Option<(Template, Escape)>,
    },
    /// A program with its arguments. No shell reads them.
    Command(Vec<Template>),
}

/// A question with the values of a story in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Ready {
    /// What is asked.
    pub words: Words,
    /// The same for people: the method and the address, or the command. Secrets are masked.
    pub shown: String,
    /// A shell command that asks the same. Secrets are masked.
    pub command: String,
    /// What stands for `***` in what is shown.
    secrets: Vec<String>,
}

/// What is asked, word for word.
#[derive(Clone, PartialEq, Eq)]
pub enum Words {
    /// A request.
    Http {
        /// The method.
        method: Method,
        /// The address.
        url: Url,
        /// The headers, without framing and host.
        headers: Vec<(String, String)>,
        /// The body; empty where there is none.
        body: String,
    },
    /// A program with its arguments.
    Command(Vec<String>),
}

/// Why a question cannot be asked in a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unready {
    /// The story knows nothing of this name.
    Unknown(String),
    /// With the values in it, it is no address.
    NoAddress {
        /// What it is, with secrets masked.
        shown: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl fmt::Display for Unready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unready::Unknown(name) => write!(f, "the story knows no `{name}`"),
            Unready::NoAddress { shown, reason } => write!(f, "`{shown}` cannot be asked: {reason}"),
        }
    }
}

impl Question {
    /// The question as its author wrote it, for people: the method and the address, or the command.
    pub fn written(&self) -> String {
        match self {
            Question::Http { method, url, .. } => format!("{method} {url}"),
            Question::Command(words) => line(words.iter().map(Template::to_string)),
        }
    }

    /// The question with the values of a story in it.
    ///
    /// # Errors
    /// A name that the story does not know, or an address that is none.
    pub fn ready(&self, known: &Known) -> Result<Ready, Unready> {
        let mut secrets = Vec::new();
        let mut fill = |template: &Template, escape| {
            let filled: Filled = template.fill(known, escape).map_err(Unready::Unknown)?;
            secrets.extend(filled.secrets);
            Ok((filled.sent, filled.shown))
        };
        let (words, shown, command) = match self {
            Question::Command(words) => {
                let words = words.iter().map(|word| fill(word, Escape::Plain)).collect::<Result<Vec<_>, _>>()?;
                let (sent, shown): (Vec<_>, Vec<_>) = words.into_iter().unzip();
                let shown = line(shown.into_iter());
                (Words::Command(sent), shown.clone(), shown)
            }
            Question::Http { method, url, headers, body } => {
                let (sent, shown) = fill(url, Escape::Address)?;
                let url = address(&sent, &shown)?;
                let mut sent_headers = Vec::new();
                let mut shown_headers = Vec::new();
                for (name, value) in headers {
                    let (sent, shown) = fill(value, Escape::Header)?;
                    sent_headers.push((name.clone(), sent));
                    shown_headers.push((name.clone(), shown));
                }
                let (body, shown_body) = match body {
                    Some((body, escape)) => fill(body, *escape)?,
                    None => Default::default(),
                };
                let command = shell::curl(method.as_str(), &shown, &masked(&shown_headers), &shown_body);
                let words = Words::Http { method: *method, url, headers: sent_headers, body };
                (words, format!("{method} {shown}"), command)
            }
        };
        // The longest first, so that none leaves a part of another behind.
        secrets.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        secrets.dedup();
        Ok(Ready { words, shown, command, secrets })
    }
}

impl Ready {
    /// A question that a story has no values for, as far as it can be shown.
    pub fn unasked(question: &Question) -> Self {
        let written = question.written();
        Ready { words: Words::Command(Vec::new()), shown: written.clone(), command: written, secrets: Vec::new() }
    }

    /// What nobody is told of it.
    pub fn secrets(&self) -> &[String] {
        &self.secrets
    }

    /// A text with the secrets of the question masked: an answer may well repeat them.
    pub fn covered(&self, text: &str) -> String {
        self.secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret, MASK))
    }
}

fn line(words: impl Iterator<Item = String>) -> String {
    words.map(|word| shell::word(&word)).collect::<Vec<_>>().join(" ")
}

/// The address that a question goes to.
fn address(sent: &str, shown: &str) -> Result<Url, Unready> {
    let wrong = |shown: &str, reason: &str| Unready::NoAddress { shown: shown.to_owned(), reason: reason.to_owned() };
    let url = sent.parse::<Url>().map_err(|error| wrong(shown, &error.to_string()))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong(MASK, "an address cannot hold a name and password: it is shown in every output"));
    }
    match (url.scheme(), url.has_host()) {
        ("http" | "https", true) => Ok(url),
        _ => Err(wrong(shown, "an address begins with `http://` or `https://` and a host")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Braces;

    fn template(text: &str) -> Template {
        let environment = |name: &str| match name {
            "TOKEN" => Some("hush hush".to_owned()),
            "LONGER" => Some("hush hush hush".to_owned()),
            "USER" => Some("ann@".to_owned()),
            _ => None,
        };
        Template::parse(text, Braces::All, &environment).expect("a template")
    }

    fn http(url: &str) -> Question {
        let headers = vec![("X-Key".to_owned(), template("{env.LONGER}"))];
        Question::Http { method: Method::Get, url: template(url), headers, body: None }
    }

    #[test]
    fn the_secrets_of_a_question_are_held_and_masked_the_longest_first() {
        let ready = http("http://127.0.0.1:9/calls?key={env.TOKEN}").ready(&Known::default()).expect("ready");
        assert_eq!(ready.secrets(), ["hush hush hush", "hush%20hush", "hush hush"]);
        assert_eq!(ready.shown, "GET http://127.0.0.1:9/calls?key=***");
        assert!(!ready.command.contains("hush"), "{}", ready.command);
        assert_eq!(ready.covered("hush hush hush, hush hush, hush"), "***, ***, hush");
        let command = Question::Command(vec![template("show"), template("{env.TOKEN}")]);
        assert_eq!(
            command.ready(&Known::default()).map(|ready| (ready.secrets().to_vec(), ready.shown)),
            Ok((vec!["hush hush".to_owned(); 1], "show '***'".to_owned()))
        );
    }

    #[test]
    fn an_address_is_one_of_the_web_and_holds_no_name_and_no_password() {
        for (url, is_one) in [
            ("http://127.0.0.1:9/calls", true),
            ("https://receiver.test/calls", true),
            ("ftp://receiver.test/calls", false),
            ("receiver.test:80/calls", false),
            ("http://ann@receiver.test/", false),
            ("http://:word@receiver.test/", false),
            ("http://ann:word@receiver.test/", false),
            ("calls", false),
        ] {
            assert_eq!(http(url).ready(&Known::default()).is_ok(), is_one, "{url}");
        }
    }
}
