//! The visible table of the connection faults: names, meanings, settings with defaults and limits. What they do is not here.

use super::link::{HalfClose, NewConnectionEach, Pipelined, Place, Refuse, Reset, SlowRead};
use super::{Abandon, ChunkGarbage, ConnectionFault, Flaw, LongLength, ShortLength, SplitUtf8, Stall, Trickle};
use super::{COPIES_MAX, LIE_MAX_BYTES, PAUSE_MAX, RATE_MAX, RATE_MIN, SPLITS_MAX};
use crate::faults::setting::{Setting, Takes, Values};
use std::time::Duration;

/// What is known about a fault.
#[derive(Debug, Clone, Copy)]
pub struct Fact {
    /// Its name.
    pub name: &'static str,
    /// What happens, as one sentence without its full stop.
    pub meaning: &'static str,
    /// What can be set.
    pub settings: &'static [Setting],
    /// Makes it of its settings.
    pub build: fn(&Values) -> ConnectionFault,
}

/// Every fault of the connection layer, in the order in which they are listed.
pub const FACTS: &[Fact] = &[
    Fact {
        name: "refuse",
        meaning: "the attempt never gets a connection and is reported as refused by the fault; nothing is opened",
        settings: &[],
        build: |_| ConnectionFault::Refuse(Refuse),
    },
    Fact {
        name: "reset",
        meaning: "the connection is broken off by an RST",
        settings: &[Setting {
            name: "at",
            takes: Takes::Word(&["middle", "before", "after"]),
            meaning: "in the middle of the request, before its first byte, or after its last",
        }],
        build: |values| ConnectionFault::Reset(Reset { place: place(values, Place::Middle) }),
    },
    Fact {
        name: "half-close",
        meaning: "Ringback says that it sends nothing more (FIN), and waits for the answer",
        settings: &[Setting {
            name: "at",
            takes: Takes::Word(&["after", "middle", "before"]),
            meaning: "after the last byte of the request, in the middle of it, or before its first; the rest is not sent",
        }],
        build: |values| ConnectionFault::HalfClose(HalfClose { place: place(values, Place::After) }),
    },
    Fact {
        name: "trickle",
        meaning: "the request leaves slowly",
        settings: &[rate("how many bytes leave per second", 1000)],
        build: |values| ConnectionFault::Trickle(Trickle { bytes_per_second: values.whole("rate") }),
    },
    Fact {
        name: "stall",
        meaning: "the request halts in the middle and goes on after a while",
        settings: &[Setting {
            name: "for",
            takes: Takes::Length { default: Duration::from_secs(2), most: PAUSE_MAX },
            meaning: "how long it halts",
        }],
        build: |values| ConnectionFault::Stall(Stall { pause: values.length("for") }),
    },
    Fact {
        name: "abandon",
        meaning: "the whole request is sent, and the connection is closed without reading the answer",
        settings: &[],
        build: |_| ConnectionFault::Abandon(Abandon),
    },
    Fact {
        name: "short-length",
        meaning: "`Content-Length` says less than is sent, so that the rest looks like another request",
        settings: &[lie("by how many bytes; never below a length of 0")],
        build: |values| ConnectionFault::ShortLength(ShortLength { by_bytes: values.whole("by") }),
    },
    Fact {
        name: "long-length",
        meaning: "`Content-Length` says more than is sent, so that the receiver waits for what never comes",
        settings: &[lie("by how many bytes")],
        build: |values| ConnectionFault::LongLength(LongLength { by_bytes: values.whole("by") }),
    },
    Fact {
        name: "chunk-garbage",
        meaning: "the body travels in chunks, and what frames them is broken",
        settings: &[Setting {
            name: "flaw",
            takes: Takes::Word(&["size", "end", "no-end"]),
            meaning: "letters for the size of the second chunk, letters for the last chunk, or no last chunk at all",
        }],
        build: |values| ConnectionFault::ChunkGarbage(ChunkGarbage { flaw: flaw(values) }),
    },
    Fact {
        name: "split-utf8",
        meaning: "a segment ends inside a character of the body, and the rest of it follows after a pause",
        settings: &[
            Setting {
                name: "splits",
                takes: Takes::Whole { default: 1, fewest: 1, most: SPLITS_MAX },
                meaning: "how many characters are torn apart; which ones is drawn",
            },
            Setting {
                name: "pause",
                takes: Takes::Length { default: Duration::from_millis(50), most: PAUSE_MAX },
                meaning: "how long after each half",
            },
        ],
        build: |values| {
            ConnectionFault::SplitUtf8(SplitUtf8 { splits: values.whole("splits"), pause: values.length("pause") })
        },
    },
    Fact {
        name: "pipelined",
        meaning: "the request follows itself on the same connection before the first answer; each must be answered, and the last answer counts. Those before which the receiver closes the connection go again on a new one",
        settings: &[Setting {
            name: "copies",
            takes: Takes::Whole { default: 1, fewest: 1, most: COPIES_MAX },
            meaning: "how many further times",
        }],
        build: |values| ConnectionFault::Pipelined(Pipelined { copies: values.whole("copies") }),
    },
    Fact {
        name: "slow-read",
        meaning: "the answer is read slowly, with a small window",
        settings: &[rate("how many bytes are read per second", 200)],
        build: |values| ConnectionFault::SlowRead(SlowRead { bytes_per_second: values.whole("rate") }),
    },
    Fact {
        name: "new-connection-each",
        meaning: "the push gets a connection of its own, which is closed after the answer",
        settings: &[],
        build: |_| ConnectionFault::NewConnectionEach(NewConnectionEach),
    },
];

const fn rate(meaning: &'static str, default: u64) -> Setting {
    Setting { name: "rate", takes: Takes::Whole { default, fewest: RATE_MIN, most: RATE_MAX }, meaning }
}

const fn lie(meaning: &'static str) -> Setting {
    Setting { name: "by", takes: Takes::Whole { default: 10, fewest: 1, most: LIE_MAX_BYTES }, meaning }
}

/// The place of a word; the default for one that is none, which whoever reads the settings has refused before.
fn place(values: &Values, default: Place) -> Place {
    let word = values.text("at").unwrap_or_default();
    Place::ALL.iter().find(|(_, known)| *known == word).map_or(default, |(place, _)| *place)
}

fn flaw(values: &Values) -> Flaw {
    let word = values.text("flaw").unwrap_or_default();
    Flaw::ALL.iter().find(|(_, known)| *known == word).map_or(Flaw::default(), |(flaw, _)| *flaw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_and_the_closed_list_agree_to_the_default() {
        let listed: Vec<_> = FACTS.iter().map(|fact| (fact.build)(&Values::new(fact.settings))).collect();
        assert_eq!(listed, ConnectionFault::all());
        let names: Vec<_> = ConnectionFault::all().iter().map(ConnectionFault::name).collect();
        assert_eq!(names, FACTS.iter().map(|fact| fact.name).collect::<Vec<_>>());
    }

    #[test]
    fn every_word_of_the_table_is_known() {
        for (name, setting, words) in [
            ("reset", "at", &["before", "middle", "after"][..]),
            ("half-close", "at", &["before", "middle", "after"]),
            ("chunk-garbage", "flaw", &["size", "end", "no-end"]),
        ] {
            let fact = FACTS.iter().find(|fact| fact.name == name).expect("in the table");
            for word in words {
                let mut values = Values::new(fact.settings);
                values.give(setting, crate::faults::setting::Value::Text((*word).to_owned()));
                let fault = (fact.build)(&values);
                assert!(format!("{fault:?}").to_lowercase().contains(&word.replace('-', "")), "{fault:?}");
            }
        }
    }
}
