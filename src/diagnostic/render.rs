//! Draws diagnostics as rustc does: the message, the place, the line with a caret, and what to do.

use super::{Diagnostic, Place, Severity};
use crate::visible::visible;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

/// How much of a text is drawn around a mistake, in bytes; where the lines are longer, only their place is.
const DRAWN_MAX_BYTES: usize = 8 * 1024;

/// Draws the diagnostics of one text, with colours only where `styled`. Each ends with a line end.
pub fn render(diagnostics: &[Diagnostic], text: &str, styled: bool) -> String {
    let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
    let each = diagnostics.iter().map(|diagnostic| draw(diagnostic, text, &renderer));
    each.collect::<Vec<_>>().join("\n")
}

fn draw(diagnostic: &Diagnostic, text: &str, renderer: &Renderer) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(visible(&diagnostic.message)).id(diagnostic.code.as_str());
    let mut group = Group::with_title(title);
    let file = diagnostic.file.as_deref().map(visible);
    match (diagnostic.place, file.clone()) {
        (Some(place), _) if !text.is_empty() => match (snippet(diagnostic, place, text), file) {
            (Some(snippet), _) => group = group.element(snippet),
            (None, file) => {
                let origin =
                    Origin::path(file.unwrap_or_else(|| "text".to_owned())).line(place.line).char_column(place.column);
                group = group.element(origin);
            }
        },
        (_, Some(file)) => group = group.element(Origin::path(file)),
        (_, None) => {}
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(visible(help)));
    }
    let mut drawn = renderer.render(&[group]);
    drawn.push('\n');
    drawn
}

/// Only the lines between the marked places are handed on: a text may be a megabyte, and have many mistakes.
fn snippet<'a>(
    diagnostic: &'a Diagnostic,
    place: Place,
    text: &'a str,
) -> Option<Snippet<'a, annotate_snippets::Annotation<'a>>> {
    let places = || diagnostic.also.iter().map(|(place, _)| *place).chain([place]);
    let first = places().min().unwrap_or(place);
    let last = places().max().unwrap_or(place);
    let from = text[..first.start].rfind('\n').map_or(0, |newline| newline + 1);
    let to = text[last.end..].find('\n').map_or(text.len(), |newline| last.end + newline);
    if to - from > DRAWN_MAX_BYTES {
        return None;
    }
    let primary = AnnotationKind::Primary
        .span(place.start - from..place.end - from)
        .label(diagnostic.label.as_deref().map(visible));
    let also = diagnostic.also.iter().map(|(place, label)| {
        AnnotationKind::Context.span(place.start - from..place.end - from).label(Some(visible(label)))
    });
    let snippet = Snippet::source(&text[from..to])
        .line_start(first.line)
        .path(diagnostic.file.as_deref().map(visible))
        .annotation(primary)
        .annotations(also);
    Some(snippet)
}

#[cfg(test)]
mod tests {
    use super::super::Code;
    use super::*;

    fn at(text: &str, word: &str) -> Diagnostic {
        let start = text.find(word).unwrap_or_default();
        let mut diagnostic = Diagnostic::error(Code::UnknownKey, "unknown key `custmer`")
            .in_file("transfer.yaml")
            .help("did you mean `customer`?");
        diagnostic.place = Some(Place::new(text, &(start..start + word.len())));
        diagnostic
    }

    #[test]
    fn a_line_is_shown_with_a_caret_and_help() {
        let text = "title: t\ncall:\n  custmer: {}\n";
        let expected = "\
error[RB-102]: unknown key `custmer`
 --> transfer.yaml:3:3
  |
3 |   custmer: {}
  |   ^^^^^^^
  |
  = help: did you mean `customer`?
";
        assert_eq!(render(&[at(text, "custmer")], text, false), expected);
    }

    #[test]
    fn chinese_text_takes_two_columns_and_does_not_shift_the_caret() {
        let text = "call: { name: 王芳, custmer: 李 }\n";
        let expected = "\
error[RB-102]: unknown key `custmer`
 --> transfer.yaml:1:19
  |
1 | call: { name: 王芳, custmer: 李 }
  |                     ^^^^^^^
  |
  = help: did you mean `customer`?
";
        assert_eq!(render(&[at(text, "custmer")], text, false), expected);
    }

    #[test]
    fn an_error_without_a_place_names_its_file() {
        let diagnostic = Diagnostic::error(Code::Unreadable, "there is no such file").in_file("calls/a.yaml");
        assert_eq!(
            render(std::slice::from_ref(&diagnostic), "", false),
            "error[RB-110]: there is no such file\n--> calls/a.yaml\n"
        );
        let diagnostic = Diagnostic { file: None, ..diagnostic }.help("make one");
        assert_eq!(render(&[diagnostic], "", false), "error[RB-110]: there is no such file\n |\n = help: make one\n");
    }

    #[test]
    fn colours_come_only_when_asked_for() {
        let text = "custmer: {}\n";
        assert!(render(&[at(text, "custmer")], text, true).contains('\u{1b}'));
        assert!(!render(&[at(text, "custmer")], text, false).contains('\u{1b}'));
    }
}
