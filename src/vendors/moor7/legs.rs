//! `billCalls` of the CDR: one text per line that the platform held, for its bill.

use super::callee::Callee;
use super::options::word;
use super::tenant::Tenant;
use crate::body::{Form, Leaf};
use crate::call::{Conversation, Kind, Moment, NumberKind};

/// One line: who was called, and when.
struct Leg {
    times: [Option<Moment>; 3],
    role: &'static str,
    shown: Leaf,
    dialled: Leaf,
    agent_number: Leaf,
    number_kind: NumberKind,
    area_code: Leaf,
    city: Leaf,
    direction: &'static str,
    login_type: &'static str,
}

impl Leg {
    fn text(self, tenant: &Tenant<'_>) -> Leaf {
        let times = self.times.map(|at| Leaf::time_or_empty(tenant.cast, at, Form::BEIJING));
        let kind = match self.number_kind {
            NumberKind::Mobile => "mobileInternal",
            NumberKind::Landline => "landlineInternal",
        };
        let who = [self.role.into(), self.shown, self.dialled, self.agent_number, kind.into()];
        // Whose area comes first is unknown, because the sample shows the same one twice.
        let area = ["86".into(), self.area_code, self.city];
        let end = [self.direction.into(), self.login_type.into()];
        Leaf::joined_by("|", times.into_iter().chain(who).chain(area.clone()).chain(area).chain(end))
    }
}

/// The lines of a conversation that is over, in the order in which they began. The inbound labels are inferred.
pub fn bill_calls(conversation: &Conversation, tenant: &Tenant<'_>, callee: &Callee) -> Leaf {
    let cast = tenant.cast;
    let (line, customer) = (&cast.line, &cast.customer);
    let agent_leg = |ring| Leg {
        times: [Some(ring), conversation.agent_answer, conversation.agent_hangup],
        role: "agent",
        shown: line.into(),
        dialled: callee.tel.clone(),
        agent_number: callee.number.clone(),
        number_kind: callee.tel_kind,
        area_code: callee.area_code.clone(),
        city: callee.city.clone(),
        direction: "out-bound-call-agent",
        login_type: if callee.is_agent() { word(tenant.options.login_type) } else { "null" },
    };
    let (shown, dialled, direction) = if tenant.kind == Kind::Inbound {
        (&customer.phone, line, "in-bound-customer")
    } else {
        (line, &customer.phone, "out-bound-customer")
    };
    let customer_leg = |ring| Leg {
        times: [Some(ring), conversation.customer_answer, conversation.customer_hangup],
        role: "customer",
        shown: shown.into(),
        dialled: dialled.into(),
        agent_number: Leaf::EMPTY,
        number_kind: customer.number_kind,
        area_code: Leaf::from(&customer.area_code),
        city: Leaf::from(&customer.city),
        direction,
        login_type: "null",
    };
    // A customer who was handed on keeps the line of the call before.
    let is_first = conversation.from.is_none();
    let legs =
        [conversation.agent_ring.map(agent_leg), conversation.customer_ring.filter(|_| is_first).map(customer_leg)];
    let mut legs: Vec<Leg> = legs.into_iter().flatten().collect();
    legs.sort_by_key(|leg| leg.times[0]);
    Leaf::List(legs.into_iter().map(|leg| leg.text(tenant)).collect())
}
