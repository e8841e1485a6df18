//! The parameters of a request: its query, and its body where that is a form.

use super::answer::Refusal;
use crate::http::Captured;

/// How many parameters a request may have.
const PARAMETERS_MAX: usize = 100;

/// Names and values, decoded, in the order in which they came.
#[derive(Debug)]
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads them. A name may come only once, whether in the query or in the form.
    pub(super) fn read(request: &Captured) -> Result<Self, Refusal> {
        let is_form = request.header("content-type").is_some_and(|kind| {
            kind.trim_start().to_ascii_lowercase().starts_with("application/x-www-form-urlencoded")
        });
        let form: &[u8] = if is_form { &request.body } else { &[] };
        let mut pairs: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(request.query.as_bytes()).chain(form_urlencoded::parse(form)) {
            if pairs.iter().any(|(known, _)| *known == name) {
                return Err(Refusal::new(400, "InvalidParameter", format!("The parameter {name} is given twice.")));
            }
            if pairs.len() == PARAMETERS_MAX {
                let told = format!("There are more than {PARAMETERS_MAX} parameters.");
                return Err(Refusal::new(400, "InvalidParameter", told));
            }
            pairs.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self(pairs))
    }

    /// A value. An empty one counts as not given: the official client sends a text that was set to "" as `Url=`.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// A value that has to be there.
    pub(super) fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| Refusal::missing(name))
    }

    /// A whole number.
    pub(super) fn integer(&self, name: &str) -> Result<Option<i64>, Refusal> {
        match self.get(name).map(str::parse) {
            None => Ok(None),
            Some(Ok(number)) => Ok(Some(number)),
            Some(Err(_)) => Err(Refusal::invalid(name, "it must be an integer")),
        }
    }

    /// All of them, also the empty ones.
    pub(super) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}
