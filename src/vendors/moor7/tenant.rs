//! What every push of a story shares: who takes part, what the tenant has configured, and the ids that 7moor gives.

use super::options::{Options, Predictive};
use crate::body::{Body, Draw, Leaf, Shape, Stamp};
use crate::call::{Cast, Kind, Moment};
use crate::http::{Method, Push};

/// The instant from which the time part of a call id counts, in milliseconds since 1970: 2018-04-21 06:12:21 UTC.
///
/// Inferred: the usual epoch of this kind of generator, which fits every id on the page to the second.
const EPOCH_MS: i64 = 1_524_291_141_000;
/// By how much the time part of the page's call 403344537650466816 lies behind its start at a whole second, in milliseconds.
const SAMPLE_LAG_MS: i64 = 555;

/// The tenant in whose centre a story plays.
pub struct Tenant<'a> {
    /// Who takes part.
    pub cast: &'a Cast,
    /// What is configured.
    pub options: Options,
    /// How the call comes about.
    pub kind: Kind,
}

/// The ids of a call record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// callUniqueId.
    pub id: Leaf,
    /// callId: of the channel that began it.
    pub channel: Leaf,
}

impl Tenant<'_> {
    /// The tenant's number in all pushes but the CDR: eight digits from 2000 where it is drawn.
    pub fn account(&self) -> Leaf {
        let drawn = || format!("2000{}", self.cast.keyed.centre().stream("7moor.account").digits(4));
        self.options.account.as_ref().map_or_else(|| Leaf::of_centre(drawn()), Leaf::from)
    }

    /// The same in the CDR.
    pub fn cdr_account(&self) -> Leaf {
        self.options.cdr_account.as_ref().map_or_else(|| self.account(), Leaf::from)
    }

    /// The parameters of the call: an object, or the empty text.
    pub fn extras(&self) -> Leaf {
        Leaf::from(self.options.extras.clone()).or_empty()
    }

    /// A push that says this.
    pub fn push(&self, name: &'static str, id: &Leaf, fields: Leaf) -> Push {
        Push {
            headers: vec![("Content-Type", self.options.content_type.clone())].into(),
            body: Body::json(fields),
            event_id: Some(id.text().into_owned()),
            ..Push::new(name, Method::Post)
        }
    }

    /// The number that an inbound caller dialled.
    pub fn trunk(&self) -> Leaf {
        if self.kind == Kind::Inbound { Leaf::from(&self.cast.line) } else { Leaf::EMPTY }
    }

    /// The number shown to the customer of any other call.
    pub fn display(&self) -> Leaf {
        if self.kind == Kind::Inbound { Leaf::EMPTY } else { Leaf::from(&self.cast.line) }
    }

    /// Whether the agent's side of the call is told as that of an inbound one.
    pub fn tells_incoming(&self) -> bool {
        match self.kind {
            Kind::Inbound => true,
            Kind::Predictive => self.options.predictive_pushes == Predictive::Incoming,
            Kind::Outbound | Kind::Direct | Kind::Webcall | Kind::Preview => false,
        }
    }

    /// The ids of the `n`th call record of the story, which started at this moment.
    ///
    /// The id of a call has 18 digits until November 2025, 19 from then on; the 41 bits of its time last until 2087. Of
    /// the bits below, ten are the worker's and twelve the sequence's.
    pub fn call(&self, n: u64, started: Moment) -> Call {
        let first = |given: &Option<String>| given.clone().filter(|_| n == 0).map(Leaf::from);
        let stamp = Stamp {
            at: started,
            since_ms: EPOCH_MS - SAMPLE_LAG_MS,
            time_bits: 41,
            low_bits: 22,
            purpose: "7moor.call",
            nth: n,
        };
        let channel = Draw::new("7moor.channel", Shape::Uuid).nth(n);
        Call {
            id: first(&self.options.call_id).unwrap_or_else(|| Leaf::stamped(self.cast, stamp)),
            channel: first(&self.options.channel_id).unwrap_or_else(|| Leaf::drawn(self.cast, channel)),
        }
    }

    /// The id of the `n`th push of the story.
    pub fn event(&self, n: u64) -> Leaf {
        Leaf::drawn(self.cast, Draw::new("7moor.event", Shape::PlainUuid).nth(n))
    }

    /// The id of something that belongs to the centre: 24 hexadecimal digits, as the page's agentId has them.
    pub fn object(&self, purpose: &'static str, n: u64) -> Leaf {
        Leaf::of_centre(self.cast.keyed.centre().nth(purpose, n).hex(24))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_s_call_id_is_its_start() {
        let stamp = Stamp {
            at: Moment::default(),
            since_ms: EPOCH_MS - SAMPLE_LAG_MS,
            time_bits: 41,
            low_bits: 22,
            purpose: "",
            nth: 0,
        };
        // 2021-05-08 14:39:32 in Beijing; worker 1, sequence 0.
        assert_eq!(stamp.with(1 << 12, 1_620_455_972_000), 403_344_537_650_466_816);
        assert_eq!(stamp.with(7, i64::MIN), 7);
        assert!(i64::try_from(stamp.with(7, i64::MAX)).is_ok());
    }
}
