//! How much work a JSONPath can cause: its limits, checked before it is read, and a bound of the steps that it takes through
//! a value, known before the first of them.

use super::matcher::Pattern;
use serde_json::Value;

/// The longest JSONPath, in bytes.
pub const PATH_MAX_BYTES: usize = 1000;
/// How deep brackets and parentheses of a JSONPath can stand within each other.
pub const BRACKETS_MAX: usize = 32;
/// How deep filters of a JSONPath can stand within each other; reading one takes twice as long with every level.
pub const FILTERS_MAX: usize = 4;
/// How often a JSONPath can look in all depths (`..`).
pub const DESCENTS_MAX: usize = 4;
/// How many steps may be taken through one value to find what a path leads to, or to compare it with what is expected.
pub const STEPS_MAX: u64 = 10_000_000;
/// How many steps it counts for to compile a pattern, which the library does for each value that it tests.
const PATTERN_STEPS: u64 = 100;

/// The steps that are left for one comparison.
#[derive(Debug)]
pub(super) struct Steps(std::cell::Cell<Option<u64>>);

impl Steps {
    pub fn new() -> Self {
        Self(std::cell::Cell::new(Some(STEPS_MAX)))
    }

    /// Takes some; `false`, from then on, where fewer are left.
    pub fn take(&self, steps: u64) -> bool {
        self.0.set(self.0.get().and_then(|left| left.checked_sub(steps)));
        !self.are_used_up()
    }

    /// Whether more was asked for than there was: whatever was found then is not to be relied on.
    pub fn are_used_up(&self) -> bool {
        self.0.get().is_none()
    }
}

/// Holds the text of a path to the limits that have to be checked before it is read.
///
/// # Errors
/// Which limit it breaks, as half a sentence.
pub(super) fn check(text: &str) -> Result<(), String> {
    if text.len() > PATH_MAX_BYTES {
        return Err(format!("it has {} bytes, more than {PATH_MAX_BYTES}", text.len()));
    }
    let mut cursor = Cursor::new(text);
    // For each open bracket, whether it holds a filter.
    let mut open: Vec<bool> = Vec::new();
    let mut descents = 0;
    while let Some(byte) = cursor.next() {
        match byte {
            // An escape without an end makes the reader of paths panic.
            b'\'' | b'"' if !cursor.skip_text(byte) => {
                return Err(format!("its `{}` is never closed", char::from(byte)));
            }
            b'[' | b'(' => open.push(false),
            b']' | b')' => drop(open.pop()),
            b'?' => {
                if let Some(bracket) = open.last_mut() {
                    *bracket = true;
                }
            }
            b'.' if cursor.peek() == Some(b'.') => {
                cursor.next();
                descents += 1;
            }
            _ => {}
        }
        if open.len() > BRACKETS_MAX {
            return Err(format!("its brackets stand more than {BRACKETS_MAX} deep within each other"));
        }
        if open.iter().filter(|is_filter| **is_filter).count() > FILTERS_MAX {
            return Err(format!("its filters stand more than {FILTERS_MAX} deep within each other"));
        }
        if descents > DESCENTS_MAX {
            return Err(format!("it looks in all depths (`..`) more than {DESCENTS_MAX} times"));
        }
    }
    Ok(())
}

/// Holds a path that could be read to the limits of the patterns in it.
///
/// # Errors
/// Which limit it breaks, as half a sentence.
pub(super) fn check_patterns(text: &str) -> Result<(), String> {
    let mut cursor = Cursor::new(text);
    let mut error = None;
    cursor.query(Size::default(), 1, &mut error);
    error.map_or(Ok(()), Err)
}

/// At least as many steps as a path that could be read takes through a value.
pub(super) fn steps(text: &str, value: &Value) -> u64 {
    let size = Size::of(value);
    // Each value that is found carries the keys that lead to it; what a filter looks at does not.
    Cursor::new(text).query(size, size.depth + 1, &mut None)
}

/// How large a value is.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    /// How many values there are, itself included.
    values: u64,
    /// How deep they stand within each other.
    depth: u64,
    /// How many stand side by side in one of them, at most.
    width: u64,
}

impl Size {
    fn of(value: &Value) -> Self {
        let (mut depth, mut values, mut width, mut items) = (0, 1, 0, 0);
        let mut add = |value: &Value| {
            let size = Self::of(value);
            values += size.values;
            depth = depth.max(size.depth + 1);
            width = width.max(size.width);
            items += 1;
        };
        match value {
            Value::Array(items) => items.iter().for_each(&mut add),
            Value::Object(keys) => keys.values().for_each(&mut add),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
        Self { values, depth, width: width.max(items) }
    }
}

/// Reads the bytes of a path. Everything that carries meaning in one is ASCII.
struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Goes behind a text in quotes whose first one is read; `false` if it is never closed.
    fn skip_text(&mut self, quote: u8) -> bool {
        while let Some(byte) = self.next() {
            match byte {
                b'\\' => drop(self.next()),
                byte if byte == quote => return true,
                _ => {}
            }
        }
        false
    }

    fn skip_name(&mut self) -> &'t str {
        let from = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()) {
            self.at += 1;
        }
        self.text.get(from..self.at).unwrap_or_default()
    }

    /// Goes behind a query, from its `$` or `@` on: the steps that it takes through a value of this size, `each` for one that
    /// it finds on its way.
    fn query(&mut self, size: Size, each: u64, error: &mut Option<String>) -> u64 {
        self.next();
        // How many values are found so far at most, and how often one and the same.
        let (mut steps, mut found, mut times) = (each, 1_u64, 1_u64);
        loop {
            let before = self.at;
            self.skip_space();
            let (is_descent, is_dotted) = match (self.peek(), self.text.as_bytes().get(self.at + 1)) {
                (Some(b'.'), Some(b'.')) => (true, true),
                (Some(b'.'), _) => (false, true),
                (Some(b'['), _) => (false, false),
                _ => {
                    self.at = before;
                    return steps;
                }
            };
            self.at += usize::from(is_descent) + usize::from(is_dotted);
            let all = |times: u64| size.values.saturating_mul(times);
            if is_descent {
                // Below several values, a value is found once for each of those that it stands in.
                times = times.saturating_mul(if found > 1 { size.depth + 1 } else { 1 });
                found = all(times);
                steps = steps.saturating_add(found.saturating_mul(each));
            }
            self.skip_space();
            match self.peek() {
                Some(b'[') => {
                    self.at += 1;
                    let selectors = self.selectors(size, error);
                    let below = if selectors.are_wide { found.saturating_mul(size.width) } else { found };
                    let tests = below.min(all(times)).saturating_mul(selectors.for_each);
                    steps = steps.saturating_add(tests).saturating_add(all(times).saturating_mul(selectors.for_all));
                    times = times.saturating_mul(selectors.count);
                    found = below.saturating_mul(selectors.count);
                }
                Some(b'*') => {
                    self.at += 1;
                    found = found.saturating_mul(size.width);
                }
                _ => drop(self.skip_name()),
            }
            found = found.min(all(times));
            steps = steps.saturating_add(found.saturating_mul(each));
        }
    }

    /// Goes behind the selectors in a bracket that is open.
    fn selectors(&mut self, size: Size, error: &mut Option<String>) -> Selectors {
        let mut selectors = Selectors { count: 1, are_wide: false, for_each: 0, for_all: 0 };
        let mut parentheses = 0_usize;
        // The function whose pattern has to come, and whether it has.
        let mut pattern: Option<bool> = None;
        while let Some(byte) = self.next() {
            match byte {
                b'\'' | b'"' => {
                    let from = self.at;
                    self.skip_text(byte);
                    if let Some(false) = pattern {
                        pattern = Some(true);
                        let written = self.text.get(from..self.at.saturating_sub(1)).unwrap_or_default();
                        if let Err(told) = Pattern::compile(written) {
                            *error = Some(format!("`{written}` is not a regular expression: {told}"));
                        }
                    }
                }
                b']' => return selectors,
                b',' if parentheses == 0 => selectors.count += 1,
                b'*' | b':' => selectors.are_wide = true,
                b'?' => {
                    selectors.are_wide = true;
                    // Two values may be compared with all that is in them.
                    selectors.for_all = selectors.for_all.saturating_add(size.depth + 2);
                }
                b'(' => parentheses += 1,
                b')' => {
                    parentheses = parentheses.saturating_sub(1);
                    if pattern.take() == Some(false) {
                        *error = Some("the pattern of `match` and `search` has to be written out in it".to_owned());
                    }
                }
                // All of the values that a filter tests, together, hold each value once for every depth at which it stands.
                b'@' => {
                    self.at -= 1;
                    let within = Size { values: size.depth + 1, width: size.depth + 1, ..size };
                    selectors.for_all = selectors.for_all.saturating_add(self.query(within, 1, error));
                }
                b'$' => {
                    self.at -= 1;
                    selectors.for_each = selectors.for_each.saturating_add(self.query(size, 1, error));
                }
                b'a'..=b'z' => {
                    self.at -= 1;
                    let name = self.skip_name();
                    if matches!(name, "match" | "search") && self.peek() == Some(b'(') {
                        pattern = Some(false);
                        selectors.for_each = selectors.for_each.saturating_add(PATTERN_STEPS);
                    }
                }
                _ => {}
            }
        }
        selectors
    }
}

/// What stands in a bracket.
struct Selectors {
    /// How many there are.
    count: u64,
    /// Whether one of them can find several values.
    are_wide: bool,
    /// The steps that the filters take for each value that they test.
    for_each: u64,
    /// Those that they take through all that they test, for each value that there is.
    for_all: u64,
}

#[cfg(test)]
mod tests;
