//! Reads the steps of a chat: who says, reads, hands on and leaves.

use super::block::Block;
use super::fields::{Fields, switch, text, value};
use super::names::Whom;
use super::problems::Problem;
use super::step::Reading;
use super::tree::Node;
use super::value::{Wrong, integer};
use crate::call::{Afterwards, Content, Media, Speaker, Step};
use crate::diagnostic::Code;
use crate::spelling::{choices, tick};

/// The keys of `say` of which one holds what is said.
const CONTENTS: [&str; 6] = ["text", "image", "video", "audio", "document", "location"];

impl<'n> Reading<'_, 'n> {
    pub fn say(&mut self) -> Option<Step> {
        let node = self.needed("您好")?;
        if self.is_plain() {
            return text(node, "`say`", self.problems).map(|text| Step::Say(None, Content::Text(text)));
        }
        let fields = self.fields(Block::Say)?;
        let by = fields.optional("by").map(|node| self.names.speaker(node, self.verb, Whom::Chatter, self.problems));
        let content = self.content(&fields);
        Some(Step::Say(by.map_or(Some(None), |by| by.map(Some))?, content?))
    }

    fn content(&mut self, fields: &Fields<'n>) -> Option<Content> {
        let given: Vec<_> = CONTENTS.into_iter().filter_map(|key| Some((key, fields.entry(key)?))).collect();
        let (key, entry) = match given.as_slice() {
            [] => {
                // A misspelt key is already noted.
                if !CONTENTS.iter().any(|key| fields.has_misspelt(key)) {
                    let problem = Problem::new(Code::MissingKey, self.at, "`say` does not tell what is said");
                    let help = format!("add `text: 您好`, or one of {}", choices(CONTENTS.into_iter().skip(1)));
                    self.problems.add(problem.help(help));
                }
                return None;
            }
            [only] => *only,
            [(first, _), (second, entry), ..] => {
                let message = format!("`say` says one thing, and this has {} and {}", tick(first), tick(second));
                let problem = Problem::new(Code::Twice, &entry.at, message);
                self.problems.add(problem.help("make two steps of it, each on a line of its own"));
                return None;
            }
        };
        let what = tick(key);
        if key == "location" {
            let fields = Fields::open(&entry.value, &entry.at, Block::Location, self.problems)?;
            return self.location(&fields);
        }
        let said = text(&entry.value, &what, self.problems)?;
        match Media::ALL.iter().find(|(_, word)| *word == key) {
            Some((media, _)) => Some(Content::File(*media, said)),
            None => Some(Content::Text(said)),
        }
    }

    fn location(&mut self, fields: &Fields<'n>) -> Option<Content> {
        let latitude = fields.required("latitude", "latitude: 39.9", self.problems);
        let longitude = fields.required("longitude", "longitude: 116.4", self.problems);
        let description = fields.optional("description").map(|node| text(node, "`description`", self.problems));
        let latitude =
            latitude.and_then(|node| value(node, ("`latitude`", "degrees"), self.problems, |text| degrees(text, 90.0)));
        let longitude = longitude
            .and_then(|node| value(node, ("`longitude`", "degrees"), self.problems, |text| degrees(text, 180.0)));
        Some(Content::Location {
            latitude: latitude?,
            longitude: longitude?,
            description: description.unwrap_or(Some(String::new()))?,
        })
    }

    pub fn read(&mut self) -> Option<Step> {
        if self.is_plain() {
            return self.agent().map(|agent| Step::Read(agent, None));
        }
        let fields = self.fields(Block::Read)?;
        let count = fields
            .optional("count")
            .map(|node| value(node, ("`count`", "a whole number"), self.problems, at_least_one));
        let agent = self.agent_in(fields.optional("by"));
        Some(Step::Read(agent?, count.map_or(Some(None), |count| count.map(Some))?))
    }

    pub fn hand_on(&mut self) -> Option<Step> {
        let node = self.needed("bob")?;
        self.names.destination(node, self.verb, self.problems).map(Step::HandOn)
    }

    pub fn disconnect(&mut self) -> Option<Step> {
        let node = self.needed("ann")?;
        if self.is_plain() {
            let by = self.names.speaker(node, self.verb, Whom::Anybody, self.problems)?;
            return Some(Step::Disconnect { by, afterwards: Afterwards::Closed });
        }
        let fields = self.fields(Block::Disconnect)?;
        let by = fields.required("by", "by: ann", self.problems);
        let by = by.and_then(|node| self.names.speaker(node, self.verb, Whom::Anybody, self.problems));
        let goes_on = fields.optional("async").map(|node| switch(node, "`async`", self.problems));
        let tip = fields.optional("text").map(|node| text(node, "`text`", self.problems));
        let (goes_on, tip) = (goes_on.unwrap_or(Some(false))?, tip.map_or(Some(None), |tip| tip.map(Some))?);
        if goes_on && by.is_some_and(|by| by != Speaker::System) {
            let message = "only the platform leaves a chat open, and it does so after a timeout";
            self.refuse(fields.optional("async"), message, "write `by: system`, or take `async` out");
            return None;
        }
        if !goes_on && tip.is_some() {
            let message = "`text` tells the customer that the chat stays open, but it does not";
            self.refuse(fields.optional("text"), message, "add `async: true`, or let somebody `say` it before");
            return None;
        }
        let afterwards = if goes_on { Afterwards::Open { tip } } else { Afterwards::Closed };
        Some(Step::Disconnect { by: by?, afterwards })
    }

    fn refuse(&mut self, node: Option<&'n Node>, message: &str, help: &str) {
        let span = node.map_or(self.at, |node| &node.span);
        self.problems.add(Problem::new(Code::BadValue, span, message).help(help));
    }
}

fn at_least_one(text: &str) -> Result<usize, Wrong> {
    match usize::try_from(integer(text)?) {
        Ok(count) if count > 0 => Ok(count),
        _ => Err(Wrong {
            reason: format!("{} messages cannot be read", tick(text)),
            help: "write how many of the customer's messages are read, or leave `count` out for all".to_owned(),
        }),
    }
}

/// Degrees of a place, as written.
fn degrees(text: &str, most: f64) -> Result<String, Wrong> {
    match text.parse::<f64>() {
        Ok(degrees) if degrees.abs() <= most => Ok(text.to_owned()),
        _ => Err(Wrong {
            reason: format!("{} are no degrees of a place", tick(text)),
            help: format!("write a number from -{most} to {most}, such as `39.9`"),
        }),
    }
}
