//! Where the platform says that recordings of a call lie. Nothing lies there.

use super::options::{Tracks, word};
use super::tenant::Tenant;
use crate::body::{Form, Leaf, Pattern, Zone};
use crate::call::{Conversation, Moment};

/// The recording fields of a CDR; empty texts where there is no recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// Both sides.
    pub both: Leaf,
    /// The agent's side.
    pub agent: Leaf,
    /// The customer's side.
    pub customer: Leaf,
    /// The message that the customer left.
    pub voice_mail: Leaf,
    /// `doubleTrack`, `normal` or `voiceMail`.
    pub kind: &'static str,
    /// From when until when.
    pub span: Option<(Moment, Moment)>,
}

/// The day of a folder, the second of a file.
const DAY: Form = Form::Clock(&Pattern::of("%Y%m%d"), Zone::Beijing);
const SECOND: Form = Form::Clock(&Pattern::of("%Y%m%d%H%M%S"), Zone::Beijing);

/// A file: what it is a recording of.
struct File<'a> {
    tenant: &'a Tenant<'a>,
    kind: &'static str,
    from: Moment,
    agent: Leaf,
    call_id: &'a Leaf,
}

impl File<'_> {
    fn path(&self, end: &'static str) -> Leaf {
        let Tenant { cast, options, .. } = self.tenant;
        let time = |form| Leaf::time(cast, self.from, form);
        let folders =
            [Leaf::from(&options.record_base), self.tenant.cdr_account(), self.kind.into(), time(DAY), Leaf::EMPTY];
        let name = [
            self.tenant.cdr_account(),
            time(SECOND),
            Leaf::from(&cast.customer.phone),
            Leaf::from(&cast.line),
            self.agent.clone(),
            "0".into(),
            self.call_id.clone(),
            self.kind.into(),
        ];
        Leaf::joined([Leaf::joined_by("/", folders), Leaf::joined_by("-", name), end.into()])
    }
}

impl Recording {
    const NONE: Self = Self {
        both: Leaf::EMPTY,
        agent: Leaf::EMPTY,
        customer: Leaf::EMPTY,
        voice_mail: Leaf::EMPTY,
        kind: "",
        span: None,
    };

    /// What was recorded of a conversation that is over.
    pub fn of(conversation: &Conversation, tenant: &Tenant<'_>, call_id: &Leaf) -> Self {
        let Tenant { cast, options, .. } = tenant;
        if let (Some(bridged), Some(hung_up), true) = (conversation.bridged, conversation.hung_up, cast.recorded) {
            let agent = conversation.agent.and_then(|agent| cast.agents.get(agent)).map(|agent| &agent.number);
            let kind = word(options.record_type);
            let file = File { tenant, kind, from: bridged, agent: Leaf::from(agent).or_empty(), call_id };
            let only = |is: bool, end| if is { file.path(end) } else { Leaf::EMPTY };
            return Self {
                both: file.path(".mp3"),
                agent: only(options.record_type == Tracks::Double, "-out.mp3"),
                customer: only(options.record_type == Tracks::Double, "-in.mp3"),
                voice_mail: only(options.voicemail_repeats_recording, ".mp3"),
                kind,
                span: Some((bridged, hung_up)),
            };
        }
        let Some((from, left)) = conversation.voicemail else { return Self::NONE };
        let file = File { tenant, kind: "voiceMail", from, agent: Leaf::EMPTY, call_id };
        let left = left.or(conversation.hung_up).unwrap_or(from);
        Self { voice_mail: file.path(".mp3"), kind: file.kind, span: Some((from, left)), ..Self::NONE }
    }
}
