//! `billCalls` of the CDR: one text per line that the platform held, for its bill.

use super::callee::Callee;
use super::options::Options;
use crate::call::{Cast, Conversation, Kind, NumberKind};
use std::time::Duration;

/// One line: who was called, and when.
struct Leg<'a> {
    times: [Option<Duration>; 3],
    role: &'a str,
    shown: &'a str,
    dialled: &'a str,
    agent_number: &'a str,
    number_kind: NumberKind,
    area_code: &'a str,
    city: &'a str,
    direction: &'a str,
    login_type: &'a str,
}

impl Leg<'_> {
    fn text(&self, cast: &Cast) -> String {
        let [start, answer, hangup] = self.times.map(|time| super::cdr::clock(cast, time));
        let kind = match self.number_kind {
            NumberKind::Mobile => "mobileInternal",
            NumberKind::Landline => "landlineInternal",
        };
        let Leg { role, shown, dialled, agent_number, area_code, city, direction, login_type, .. } = self;
        // Whose area comes first is unknown, because the sample shows the same one twice.
        let area = format!("86|{area_code}|{city}");
        format!(
            "{start}|{answer}|{hangup}|{role}|{shown}|{dialled}|{agent_number}|{kind}|{area}|{area}|{direction}|{login_type}"
        )
    }
}

/// The lines of a conversation that is over, in the order in which they began. The inbound labels are inferred.
pub fn bill_calls(
    conversation: &Conversation,
    cast: &Cast,
    kind: Kind,
    callee: &Callee,
    options: &Options,
) -> Vec<String> {
    let inbound = kind == Kind::Inbound;
    let grown = conversation.from.is_some();
    let agent = conversation.agent_ring.map(|ring| {
        let leg = Leg {
            times: [Some(ring), conversation.agent_answer, conversation.agent_hangup],
            role: "agent",
            shown: &cast.line,
            dialled: &callee.tel,
            agent_number: &callee.number,
            number_kind: callee.tel_kind,
            area_code: &callee.area_code,
            city: &callee.city,
            direction: "out-bound-call-agent",
            login_type: if callee.number.is_empty() { "null" } else { &options.login_type },
        };
        (ring, leg.text(cast))
    });
    // A customer who was handed on keeps the line of the call before.
    let customer = conversation.customer_ring.filter(|_| !grown).map(|ring| {
        let (shown, dialled) =
            if inbound { (&cast.customer.phone, &cast.line) } else { (&cast.line, &cast.customer.phone) };
        let leg = Leg {
            times: [Some(ring), conversation.customer_answer, conversation.customer_hangup],
            role: "customer",
            shown,
            dialled,
            agent_number: "",
            number_kind: cast.customer.number_kind,
            area_code: &cast.customer.area_code,
            city: &cast.customer.city,
            direction: if inbound { "in-bound-customer" } else { "out-bound-customer" },
            login_type: "null",
        };
        (ring, leg.text(cast))
    });
    let mut legs: Vec<(Duration, String)> = agent.into_iter().chain(customer).collect();
    legs.sort_by_key(|(ring, _)| *ring);
    legs.into_iter().map(|(_, text)| text).collect()
}
