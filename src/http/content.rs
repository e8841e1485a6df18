//! What a push carries, as one value, whichever way it travels: JSON, a form, or a query.

use super::{Captured, Push};
use crate::body::{Blank, Body, Encoding, Leaf};
use serde_json::Value;

impl Captured {
    /// The fields: the JSON of the body, or the parameters of a form or a query as texts. `None` where there are none.
    pub fn content(&self) -> Option<Value> {
        let content_type = self.header("Content-Type").unwrap_or_default().to_ascii_lowercase();
        match self.body.is_empty() {
            true => Some(texts(self.query.as_bytes())),
            false if content_type.contains("x-www-form-urlencoded") => Some(texts(&self.body)),
            false => serde_json::from_slice(&self.body).ok(),
        }
    }
}

impl Push {
    /// The fields, whichever way they travel; of a form and a query texts. `None` where there are none.
    pub fn fields(&self) -> Option<Leaf> {
        let (body, query) = match &self.body {
            Body::Fields { fields, .. } => return Some(fields.clone()),
            Body::Written { body, query } => (body, query),
        };
        match self.encoding() {
            Encoding::Json => serde_json::from_slice::<Value>(body).ok().map(Leaf::from),
            Encoding::Form(_) => Some(texts(body).into()),
            Encoding::Query(_) => Some(texts(query.as_bytes()).into()),
        }
    }

    /// The same as JSON.
    pub fn content(&self) -> Option<Value> {
        self.fields().map(|fields| fields.to_json())
    }

    /// Replaces the fields; they travel as they did before. A form and a query take the fields of an object as texts.
    pub fn set_fields(&mut self, fields: Leaf) {
        self.body = Body::Fields { fields, encoding: self.encoding() };
    }

    /// How the fields are written.
    pub fn encoding(&self) -> Encoding {
        let (body, query) = match &self.body {
            Body::Fields { encoding, .. } => return *encoding,
            Body::Written { body, query } => (body, query),
        };
        let content_type = self.headers.get("Content-Type").unwrap_or_default().to_ascii_lowercase();
        // What is in the query stays there when a fault sends it by another method.
        match body.is_empty() && (!self.method.has_body() || !query.is_empty()) {
            true => Encoding::Query(Blank::Plus),
            false if content_type.contains("x-www-form-urlencoded") => Encoding::Form(Blank::Plus),
            false => Encoding::Json,
        }
    }
}

fn texts(encoded: &[u8]) -> Value {
    let pairs = form_urlencoded::parse(encoded).into_owned();
    Value::Object(pairs.map(|(name, value)| (name, Value::String(value))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Method;
    use serde_json::json;

    fn form(body: &'static str) -> Push {
        Push {
            headers: vec![("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")].into(),
            body: body.into(),
            ..Push::new("push", Method::Post)
        }
    }

    #[test]
    fn fields_are_read_and_replaced_whichever_way_they_travel() {
        let mut json = Push { body: r#"{"a":1}"#.into(), ..Push::new("push", Method::Post) };
        assert_eq!(json.content(), Some(json!({"a": 1})));
        json.set_fields(json!({"a": [2]}).into());
        assert_eq!(json.body.bytes(), r#"{"a":[2]}"#);

        let mut form = form("a=1&b=%E7%A9%BA+x");
        assert_eq!(form.content(), Some(json!({"a": "1", "b": "空 x"})));
        form.set_fields(json!({"a": 2, "b": null, "c": ["空"]}).into());
        assert_eq!(form.body.bytes(), "a=2&b=&c=%5B%22%E7%A9%BA%22%5D");

        let body = Body::Written { body: Default::default(), query: "a=1".into() };
        let mut get = Push { body, ..Push::new("push", Method::Get) };
        assert_eq!(get.content(), Some(json!({"a": "1"})));
        get.set_fields(json!({"a": "2"}).into());
        assert_eq!((&*get.body.query(), get.body.bytes().len()), ("a=2", 0));
    }

    #[test]
    fn what_is_not_json_has_no_fields() {
        assert_eq!(Push { body: "hello".into(), ..Push::new("push", Method::Post) }.content(), None);
    }
}
