//! What a push carries, as one value, whichever way it travels: JSON, a form, or a query.

use super::{Captured, Push, header};
use bytes::Bytes;
use serde_json::{Map, Value};

/// The ways in which a push carries its fields.
enum Way {
    Json,
    Form,
    Query,
}

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
    /// The fields: the JSON of the body, or the parameters of a form or a query as texts. `None` where there are none.
    pub fn content(&self) -> Option<Value> {
        match self.way() {
            Way::Json => serde_json::from_slice(&self.body).ok(),
            Way::Form => Some(texts(&self.body)),
            Way::Query => Some(texts(self.query.as_bytes())),
        }
    }

    /// Replaces the fields; they travel as they did before. A form and a query take the fields of an object as texts.
    pub fn set_content(&mut self, content: &Value) {
        match self.way() {
            Way::Json => self.body = Bytes::from(content.to_string()),
            Way::Form => self.body = encoded(content).into(),
            Way::Query => self.query = encoded(content),
        }
    }

    fn way(&self) -> Way {
        let content_type = header(&self.headers, "Content-Type").unwrap_or_default().to_ascii_lowercase();
        // What is in the query stays there when a fault sends it by another method.
        match self.body.is_empty() && (!self.method.has_body() || !self.query.is_empty()) {
            true => Way::Query,
            false if content_type.contains("x-www-form-urlencoded") => Way::Form,
            false => Way::Json,
        }
    }
}

fn texts(encoded: &[u8]) -> Value {
    let pairs = form_urlencoded::parse(encoded).into_owned();
    Value::Object(pairs.map(|(name, value)| (name, Value::String(value))).collect())
}

fn encoded(content: &Value) -> String {
    let none = Map::new();
    let pairs = content.as_object().unwrap_or(&none).iter().map(|(name, value)| {
        let text = match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
        };
        (name, text)
    });
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Method;
    use serde_json::json;

    fn form(body: &'static str) -> Push {
        Push {
            headers: vec![("Content-Type".into(), "application/x-www-form-urlencoded; charset=UTF-8".into())],
            body: body.into(),
            ..Push::new("push", Method::Post)
        }
    }

    #[test]
    fn fields_are_read_and_replaced_whichever_way_they_travel() {
        let mut json = Push { body: r#"{"a":1}"#.into(), ..Push::new("push", Method::Post) };
        assert_eq!(json.content(), Some(json!({"a": 1})));
        json.set_content(&json!({"a": [2]}));
        assert_eq!(json.body, r#"{"a":[2]}"#);

        let mut form = form("a=1&b=%E7%A9%BA+x");
        assert_eq!(form.content(), Some(json!({"a": "1", "b": "空 x"})));
        form.set_content(&json!({"a": 2, "b": null, "c": ["空"]}));
        assert_eq!(form.body, "a=2&b=&c=%5B%22%E7%A9%BA%22%5D");

        let mut get = Push { query: "a=1".into(), ..Push::new("push", Method::Get) };
        assert_eq!(get.content(), Some(json!({"a": "1"})));
        get.set_content(&json!({"a": "2"}));
        assert_eq!((get.query.as_str(), get.body.len()), ("a=2", 0));
    }

    #[test]
    fn what_is_not_json_has_no_fields() {
        assert_eq!(Push { body: "hello".into(), ..Push::new("push", Method::Post) }.content(), None);
    }
}
