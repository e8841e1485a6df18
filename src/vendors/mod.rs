//! The vendors: the trait that each one fills, and the visible list of all. Vendor words stay in the vendor's folder.

pub mod facts;
pub mod named;
pub mod options;
pub mod table;

pub mod huawei_cec;
pub mod moor7;
pub mod tinet;
pub mod tpns;
pub mod twilio;
pub mod udesk;

use crate::body::{Encoding, Leaf};
use crate::call::{CallState, Cast, Happening, Locale};
use crate::http::{Captured, Method, Push, Reply};
use crate::random::Keyed;
pub use facts::{
    FieldFact, FieldKind, FieldTable, Fields, OptionFact, OptionKind, Origin, PushFact, Retriable, RetryPolicy,
};
use jiff::Timestamp;
pub use named::Named;
pub use options::{GivenOptions, OptionValue};
use std::time::Duration;
use url::Url;

/// Every vendor, in the order in which they are listed and played.
pub const ALL: &[&dyn Vendor] =
    &[&udesk::Udesk, &moor7::Moor7, &tinet::Tinet, &huawei_cec::HuaweiCec, &tpns::Tpns, &twilio::Twilio];

/// The vendor with this id.
pub fn find(id: &str) -> Option<&'static dyn Vendor> {
    ALL.iter().copied().find(|vendor| vendor.id() == id)
}

/// A call-centre platform as its customers' receivers see it: what it pushes, when, and what it takes for an acknowledgement.
///
/// A vendor sees a call and returns bytes. It never sees a target, a clock or a socket.
pub trait Vendor: Sync {
    /// The id in scenarios and on the command line: `udesk`, `7moor`.
    fn id(&self) -> &'static str;

    /// The name of the product, for people.
    fn title(&self) -> &'static str;

    /// How many pushes and records the vendor's documents name, counted on its pages.
    fn documented(&self) -> usize;

    /// Where the casts of its customers are at home, where a scenario says nothing.
    fn locale(&self) -> Locale {
        Locale::ZhCn
    }

    /// Every push that the vendor sends, in the order of its document.
    fn pushes(&self) -> &'static [PushFact];

    /// The ways in which pushes travel, the default one first; which it is, is the customer's choice.
    fn ways(&self) -> &'static [Encoding] {
        &[Encoding::Json]
    }

    /// Whether pushes can be a form or a query, in which every value is a text.
    fn is_flat(&self) -> bool {
        self.ways().iter().any(|way| way.is_flat())
    }

    /// What the vendor appends to the path of the configured address for a push; mostly nothing.
    fn path(&self, _push: &str) -> &'static str {
        ""
    }

    /// Whether a push has a bearer token in its head, where no option says otherwise.
    fn bears_token(&self, _push: &str) -> bool {
        false
    }

    /// By what a push can have fields that are in no table, as "with ...": only where customers name them themselves.
    fn further_fields(&self) -> Option<&'static str> {
        None
    }

    /// Every kind of entry in the vendor's own records, which its customers can query; most vendors keep none.
    fn records(&self) -> &'static [PushFact] {
        &[]
    }

    /// What a customer of the vendor can configure, and which reading is taken where the documents are silent.
    fn options(&self) -> &'static [OptionFact];

    /// Whether the vendor has pushes for this story.
    ///
    /// # Errors
    /// Why it has none, as half a sentence: "7moor documents no direct dialling".
    fn can_tell(&self, cast: &Cast) -> Result<(), String>;

    /// Starts to tell a call: draws the vendor's own ids.
    ///
    /// # Errors
    /// Which option is impossible and why.
    fn teller<'a>(&self, cast: &'a Cast, options: &GivenOptions) -> Result<Box<dyn Teller + 'a>, BadOption>;

    /// Whether the vendor takes the reply for an acknowledgement.
    fn acknowledged(&self, reply: &Reply, options: &GivenOptions) -> Acknowledgement;

    /// The same for the reply to one of the pushes, where a vendor takes another answer for some of them.
    fn acknowledged_push(&self, _push: &str, reply: &Reply, options: &GivenOptions) -> Acknowledgement {
        self.acknowledged(reply, options)
    }

    /// How long the vendor waits for an answer.
    fn timeout(&self, options: &GivenOptions) -> Duration;

    /// When and after what the vendor tries again.
    fn retry(&self, options: &GivenOptions) -> RetryPolicy;

    /// Which push of this vendor a captured request is; `None` where it is none.
    fn recognise(&self, captured: &Captured) -> Option<&'static str>;

    /// Which call a captured request is about, and where in its story it stands; `None` where it is about no call. For
    /// receivers: what one of them can know from the request alone.
    fn about(&self, _captured: &Captured) -> Option<About> {
        None
    }

    /// The headers by which a push proves where it comes from, over what is really sent: asked last, on every path.
    fn sign(&self, _unsigned: &Unsigned<'_>, _options: &GivenOptions) -> Vec<(String, String)> {
        Vec::new()
    }

    /// Whether that is what the vendor meant to send, although a fault has bent the push on its way: then a receiver that
    /// checks refuses it. Else it is what arrives.
    fn signs_before_faults(&self, _options: &GivenOptions) -> bool {
        false
    }

    /// The sample of a push on the vendor's page, as it is printed; `None` where the page prints none.
    fn printed(&self, _push: &str) -> Option<&'static str> {
        None
    }

    /// An answer that the vendor takes for an acknowledgement: status, content type, body.
    fn thanks(&self) -> (u16, &'static str, &'static str);

    /// The same for one of the pushes, where a vendor takes another answer for some of them.
    fn thanks_for(&self, _push: &str) -> (u16, &'static str, &'static str) {
        self.thanks()
    }
}

/// A request that the vendor may sign.
#[derive(Debug, Clone, Copy)]
pub struct Unsigned<'a> {
    /// Its method.
    pub method: Method,
    /// Where it goes, with its query.
    pub url: &'a Url,
    /// Its body.
    pub body: &'a [u8],
    /// When it is written.
    pub at: Timestamp,
    /// The key of what is drawn for the centre, such as a secret that nobody gives.
    pub centre: Keyed,
}

/// What a request tells of its place in the story of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The vendor's id of the call.
    pub call: String,
    /// When it happened, as the vendor writes it; among pushes of one vendor, texts of one length compare as times.
    pub at: Option<String>,
    /// Where it stands.
    pub stage: Stage,
}

/// Where in the story of a call a push stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Before its end.
    During,
    /// At its end.
    End,
    /// It is meant to come after the end, such as a recording.
    After,
}

/// Tells one call, happening by happening.
pub trait Teller {
    /// Appends the pushes that the happening causes. `state` already knows of the happening.
    fn tell(&mut self, happening: &Happening, state: &CallState, pushes: &mut Vec<Push>);

    /// Appends the entries that the happening makes or changes in the vendor's own records, after `tell` was asked.
    /// Most vendors keep none.
    fn record(&mut self, _happening: &Happening, _state: &CallState, _records: &mut Vec<Record>) {}
}

/// An entry in a vendor's own records, which its customers can query.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The customer's account at the vendor; empty where the records go by none.
    pub account: String,
    /// The vendor's id of the entry. A later entry of the same account and id takes the place of the earlier one.
    pub id: String,
    /// The instant that the entry is found by, whatever the moment at which it changed.
    pub at: Timestamp,
    /// The entry as the vendor's query API shows it, with every field that any version of the API has.
    pub content: Leaf,
}

/// What a vendor makes of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acknowledgement {
    /// The push is settled.
    Yes,
    /// The push is settled, but not as the vendor's document has it: what is wrong with the answer.
    YesBut(String),
    /// It is not, and why: "status 500 is not 2xx".
    No(String),
}

impl Acknowledgement {
    /// The rule of vendors that look at the status alone: any success, or 200 and no other.
    pub(crate) fn by_status(reply: &Reply, only_200: bool) -> Self {
        let (settled, wanted) = if only_200 { (reply.status == 200, "200") } else { (reply.is_success(), "2xx") };
        if settled { Self::Yes } else { Self::No(format!("status {} is not {wanted}", reply.status)) }
    }
}

/// An option whose value is well-formed but impossible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadOption {
    /// The name of the option.
    pub option: &'static str,
    /// What is wrong, and what would be right.
    pub reason: String,
}
