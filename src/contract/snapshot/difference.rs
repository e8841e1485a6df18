//! Two texts, line by line: what differs, with the lines around it.

use crate::contract::shown::differing;
use crate::event::Difference;
use similar::TextDiff;

/// How many lines that both have stand around those that differ.
pub const CONTEXT_LINES: usize = 3;

/// The lines that differ, those around them, and `...` where lines are left out.
pub fn difference(expected: &str, found: &str) -> Vec<Difference> {
    differing(&TextDiff::from_lines(expected, found), CONTEXT_LINES, str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn lines_far_from_a_difference_are_left_out() {
        let text = |fifth: &str, last: &str| {
            let lines: Vec<String> = (0..30).map(|n| if n == 5 { fifth.to_owned() } else { n.to_string() }).collect();
            format!("{}\n{last}\n", lines.join("\n"))
        };
        let told: Vec<_> = difference(&text("a", "x"), &text("b", "y"))
            .into_iter()
            .map(|line| format!("{}{}", line.side.sign(), line.text))
            .collect();
        let expected = " 2, 3, 4,-a,+b, 6, 7, 8, ..., 27, 28, 29,-x,+y";
        assert_eq!(told.join(","), expected);
    }
}
