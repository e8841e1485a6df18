//! What faults need of the fields of a push: every leaf with its path, in order; the place of a path.

use serde_json::Value;

/// The paths of every value that is neither a list nor an object, in order, `outer.inner`; lists count from 0.
pub(super) fn leaves(content: &Value) -> Vec<(String, &Value)> {
    fn walk<'v>(path: &str, value: &'v Value, found: &mut Vec<(String, &'v Value)>) {
        let inner = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        match value {
            Value::Object(object) => object.iter().for_each(|(key, value)| walk(&inner(key), value, found)),
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(index, value)| walk(&inner(&index.to_string()), value, found));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => found.push((path.to_owned(), value)),
        }
    }
    let mut found = Vec::new();
    walk("", content, &mut found);
    found
}

/// The value at a path. A key that holds dots itself is found as well.
pub(super) fn at<'v>(content: &'v mut Value, path: &str) -> Option<&'v mut Value> {
    let (holder, key) = holder(content, path)?;
    match holder {
        Value::Object(object) => object.get_mut(&key),
        Value::Array(items) => items.get_mut(key.parse::<usize>().ok()?),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// Takes the value at a path out; false where there is none.
pub(super) fn remove(content: &mut Value, path: &str) -> bool {
    match holder(content, path) {
        Some((Value::Object(object), key)) => object.shift_remove(&key).is_some(),
        Some((Value::Array(items), key)) => match key.parse::<usize>() {
            Ok(index) if index < items.len() => {
                items.remove(index);
                true
            }
            Ok(_) | Err(_) => false,
        },
        Some(_) | None => false,
    }
}

/// What holds the value at a path, and the last key.
fn holder<'v>(content: &'v mut Value, path: &str) -> Option<(&'v mut Value, String)> {
    let is_here = match &*content {
        Value::Object(object) => object.contains_key(path),
        _ => false,
    };
    if is_here {
        return Some((content, path.to_owned()));
    }
    match path.split_once('.') {
        None => Some((content, path.to_owned())),
        Some((key, rest)) => {
            let inner = match content {
                Value::Object(object) => object.get_mut(key)?,
                Value::Array(items) => items.get_mut(key.parse::<usize>().ok()?)?,
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return None,
            };
            holder(inner, rest)
        }
    }
}

/// Changes every text and number within.
pub(super) fn each(content: &mut Value, change: &mut impl FnMut(&mut Value)) {
    match content {
        Value::Object(object) => object.values_mut().for_each(|value| each(value, change)),
        Value::Array(items) => items.iter_mut().for_each(|value| each(value, change)),
        Value::String(_) | Value::Number(_) => change(content),
        Value::Null | Value::Bool(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn leaves_are_found_by_the_paths_they_are_told_by() {
        let mut content = json!({"a": 1, "b": {"c": [true, {"d": null}]}, "e.f": "x"});
        let paths: Vec<String> = leaves(&content).into_iter().map(|(path, _)| path).collect();
        assert_eq!(paths, ["a", "b.c.0", "b.c.1.d", "e.f"]);
        for path in &paths {
            assert!(at(&mut content, path).is_some(), "{path}");
        }
        assert!(remove(&mut content, "b.c.0") && remove(&mut content, "e.f") && !remove(&mut content, "b.x.y"));
        assert_eq!(content, json!({"a": 1, "b": {"c": [{"d": null}]}}));
    }
}
