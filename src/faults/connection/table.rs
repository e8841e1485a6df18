//! The visible table of the connection faults: names, meanings, settings with defaults and limits. What they do is not here.

use super::link::{HalfClose, NewConnectionEach, Pipelined, Place, Refuse, Reset, SlowRead};
use super::{Abandon, ChunkGarbage, ConnectionFault, Flaw, LongLength, ShortLength, SplitUtf8, Stall, Trickle};
use super::{COPIES_MAX, LIE_MAX_BYTES, PAUSE_MAX, RATE_MAX, RATE_MIN, SPLITS_MAX};
use crate::faults::fact::connection;
use crate::faults::setting::{Setting, Takes, Values, length, setting, whole};
use crate::faults::{FaultFact, Loss};
use std::time::Duration;

/// Every fault of the connection layer, in the order in which they are listed.
pub const FACTS: &[FaultFact] = &[
    connection(
        "refuse",
        &[],
        |_| ConnectionFault::Refuse(Refuse),
        "the attempt never gets a connection and is reported as refused by the fault; nothing is opened",
    )
    .loses(Loss::RepairedByRetry),
    connection(
        "reset",
        &[setting(
            "at",
            Takes::Word(&["middle", "before", "after"]),
            "in the middle of the request, before its first byte, or after its last",
        )],
        |values| ConnectionFault::Reset(Reset { place: place(values) }),
        "the connection is broken off by an RST",
    )
    .loses(Loss::RepairedByRetry),
    connection(
        "half-close",
        &[setting(
            "at",
            Takes::Word(&["after", "middle", "before"]),
            "after the last byte of the request, in the middle of it, or before its first; the rest is not sent",
        )],
        |values| ConnectionFault::HalfClose(HalfClose { place: place(values) }),
        "Ringback says that it sends nothing more (FIN), and waits for the answer",
    ),
    connection(
        "trickle",
        &[rate("how many bytes leave per second", 1000)],
        |values| ConnectionFault::Trickle(Trickle { bytes_per_second: values.whole("rate") }),
        "the request leaves slowly",
    ),
    connection(
        "stall",
        &[length("for", Duration::from_secs(2), PAUSE_MAX, "how long it halts")],
        |values| ConnectionFault::Stall(Stall { pause: values.length("for") }),
        "the request halts in the middle and goes on after a while",
    ),
    connection(
        "abandon",
        &[],
        |_| ConnectionFault::Abandon(Abandon),
        "the whole request is sent, and the connection is closed without reading the answer",
    )
    .loses(Loss::RepairedByRetry),
    // A form that ends early is whole in its receiver's eyes.
    connection(
        "short-length",
        &[lie("by how many bytes; never below a length of 0")],
        |values| ConnectionFault::ShortLength(ShortLength { by_bytes: values.whole("by") }),
        "`Content-Length` says less than is sent, so that the rest looks like another request",
    )
    .loses(Loss::Lossy)
    .needs("has a body"),
    connection(
        "long-length",
        &[lie("by how many bytes")],
        |values| ConnectionFault::LongLength(LongLength { by_bytes: values.whole("by") }),
        "`Content-Length` says more than is sent, so that the receiver waits for what never comes",
    )
    .loses(Loss::RepairedByRetry),
    connection(
        "chunk-garbage",
        &[setting(
            "flaw",
            Takes::Word(&["size", "end", "no-end"]),
            "letters for the size of the second chunk, letters for the last chunk, or no last chunk at all",
        )],
        |values| ConnectionFault::ChunkGarbage(ChunkGarbage { flaw: flaw(values) }),
        "the body travels in chunks, and what frames them is broken",
    )
    .loses(Loss::RepairedByRetry),
    connection(
        "split-utf8",
        &[
            whole("splits", 1, (1, SPLITS_MAX), "how many characters are torn apart; which ones is drawn"),
            length("pause", Duration::from_millis(50), PAUSE_MAX, "how long after each half"),
        ],
        |values| {
            ConnectionFault::SplitUtf8(SplitUtf8 { splits: values.whole("splits"), pause: values.length("pause") })
        },
        "a segment ends inside a character of the body, and the rest of it follows after a pause",
    )
    .needs("has a character beyond ASCII in its body"),
    connection(
        "pipelined",
        &[whole("copies", 1, (1, COPIES_MAX), "how many further times")],
        |values| ConnectionFault::Pipelined(Pipelined { copies: values.whole("copies") }),
        "the request follows itself on the same connection before the first answer; each must be answered, and the last answer counts. Those before which the receiver closes the connection go again on a new one",
    ),
    connection(
        "slow-read",
        &[rate("how many bytes are read per second", 200)],
        |values| ConnectionFault::SlowRead(SlowRead { bytes_per_second: values.whole("rate") }),
        "the answer is read slowly, with a small window",
    ),
    connection(
        "new-connection-each",
        &[],
        |_| ConnectionFault::NewConnectionEach(NewConnectionEach),
        "the push gets a connection of its own, which is closed after the answer",
    ),
];

const fn rate(meaning: &'static str, default: u64) -> Setting {
    whole("rate", default, (RATE_MIN, RATE_MAX), meaning)
}

const fn lie(meaning: &'static str) -> Setting {
    whole("by", 10, (1, LIE_MAX_BYTES), meaning)
}

/// The place of a word, of which whoever reads the settings has seen to it that it is one.
fn place(values: &Values) -> Place {
    let word = values.text("at");
    Place::ALL.iter().find(|(_, known)| word.as_deref() == Some(known)).map_or(Place::After, |(place, _)| *place)
}

fn flaw(values: &Values) -> Flaw {
    let word = values.text("flaw").unwrap_or_default();
    Flaw::ALL.iter().find(|(_, known)| *known == word).map_or(Flaw::default(), |(flaw, _)| *flaw)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::Kind;

    #[test]
    fn every_fault_has_the_name_that_it_is_listed_by() {
        for fact in FACTS {
            let Kind::Connection(fault) = fact.with(&Values::new(fact.settings)) else { panic!("{}", fact.name) };
            assert_eq!(fault.name(), fact.name);
        }
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
                let fault = fact.with(&values);
                assert!(format!("{fault:?}").to_lowercase().contains(&word.replace('-', "")), "{fault:?}");
            }
        }
    }
}
