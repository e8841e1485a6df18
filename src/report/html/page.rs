//! The page of a run: what of it is text, what is data, and its own style and script.

use super::super::told::against;
use super::model::Overview;
use crate::look::{Data, EVERY, LADDER, Page, Part, REPORT};
use std::io;

const OWN: Part = Part {
    style: include_str!("style.css"),
    scripts: &[
        include_str!("script/words.js"),
        include_str!("script/data.js"),
        include_str!("script/head.js"),
        include_str!("script/list.js"),
        include_str!("script/strokes.js"),
        include_str!("script/ladder.js"),
        include_str!("script/bodies.js"),
        include_str!("script/push.js"),
        include_str!("script/story.js"),
        include_str!("script/keys.js"),
    ],
};

/// The whole page. The overview is JSON as it stands; the details, mostly bodies that repeat each other, are packed.
pub(super) fn page(overview: &Overview, details: &str) -> io::Result<String> {
    Ok(Page {
        title: &format!("{}: a Ringback run", overview.run.verdict),
        summary: &summary(overview),
        parts: &[&EVERY, &REPORT, &LADDER, &OWN],
        body: include_str!("body.html"),
        data: &[Data::json("overview", overview)?, Data::packed("details", details)?],
    }
    .text())
}

/// What a reader without a script still sees.
fn summary(overview: &Overview) -> String {
    let (run, figures) = (&overview.run, &overview.figures);
    format!(
        "{} ({}{}): {} pushes, {} acknowledged, {} given up, {} attempts; seed {}, start {}.",
        run.verdict,
        run.meaning,
        against(run.built_in_receiver),
        figures.planned,
        figures.acknowledged,
        figures.given_up,
        figures.attempts,
        run.seed,
        run.start
    )
}
