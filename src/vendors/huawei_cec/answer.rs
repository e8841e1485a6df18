//! What the platform makes of an answer: HTTP 200, and in its body a result code of "0".

use crate::http::Reply;
use crate::vendors::Acknowledgement;
use serde_json::Value;

/// The key of the result code in the answer to a message push.
pub const MESSAGE_CODE: &str = "resultCode";
/// The key of the result code in the answer to a callback of a call.
pub const CALL_CODE: &str = "retCode";

/// What the platform makes of an answer whose result code stands under `key`.
pub fn judge(reply: &Reply, key: &str, number_is_refused: bool) -> Acknowledgement {
    match flaw(reply, key) {
        None => Acknowledgement::Yes,
        Some(Flaw::Number) if !number_is_refused => {
            Acknowledgement::YesBut(format!("`{key}` is the number 0, and the document has the text \"0\""))
        }
        Some(flaw) => Acknowledgement::No(flaw.words(key)),
    }
}

enum Flaw {
    Status(u16),
    Empty,
    Cut,
    NotJson,
    NoCode,
    /// Zero, but as a number.
    Number,
    Other(Value),
}

fn flaw(reply: &Reply, key: &str) -> Option<Flaw> {
    if reply.status != 200 {
        return Some(Flaw::Status(reply.status));
    }
    if reply.truncated {
        return Some(Flaw::Cut);
    }
    if reply.body.iter().all(u8::is_ascii_whitespace) {
        return Some(Flaw::Empty);
    }
    let Ok(body) = serde_json::from_slice::<Value>(&reply.body) else { return Some(Flaw::NotJson) };
    match body.get(key) {
        None => Some(Flaw::NoCode),
        Some(Value::String(code)) if code == "0" => None,
        Some(Value::Number(code)) if code.as_i64() == Some(0) => Some(Flaw::Number),
        Some(code) => Some(Flaw::Other(code.clone())),
    }
}

impl Flaw {
    fn words(self, key: &str) -> String {
        match self {
            Flaw::Status(status) => format!("status {status} is not 200"),
            Flaw::Empty => format!("the body is empty, and should hold {{\"{key}\":\"0\",...}}"),
            Flaw::Cut => "the body is too long to be read".to_owned(),
            Flaw::NotJson => format!("the body is not JSON, and should hold {{\"{key}\":\"0\",...}}"),
            Flaw::NoCode => format!("the body has no `{key}`"),
            Flaw::Number => format!("`{key}` is the number 0, not the text \"0\""),
            Flaw::Other(code) => format!("`{key}` is {code}, not \"0\""),
        }
    }
}
