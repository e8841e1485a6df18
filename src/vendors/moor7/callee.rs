//! The one whom the customer is to speak to, as the pushes and the CDR name them.

use super::ids::Ids;
use super::options::Options;
use crate::call::{Cast, NumberKind};

/// An agent, an outside party of a transfer, or nobody (all texts empty).
#[derive(Debug, Clone)]
pub struct Callee {
    /// 工号; empty for who is not an agent.
    pub number: String,
    /// The name shown.
    pub name: String,
    /// The agent's id.
    pub id: String,
    /// The phone.
    pub tel: String,
    /// Mobile or landline.
    pub tel_kind: NumberKind,
    /// The area code of the phone.
    pub area_code: String,
    /// The city of the phone.
    pub city: String,
    /// The province of the phone.
    pub province: String,
}

impl Callee {
    /// The agent with this index in the cast; nobody where there is none.
    pub fn agent(cast: &Cast, index: usize, ids: &Ids, options: &Options) -> Self {
        let Some(agent) = cast.agents.get(index) else { return Self::nobody() };
        let given = options.agent_id.clone().filter(|_| index == 0);
        Self {
            number: agent.number.clone(),
            name: agent.name.clone(),
            id: given.unwrap_or_else(|| ids.agent(index)),
            tel: agent.phone.clone(),
            tel_kind: agent.number_kind,
            area_code: agent.area_code.clone(),
            city: agent.city.clone(),
            province: agent.province.clone(),
        }
    }

    /// The outside party with this index in the cast: a phone, and no agent.
    pub fn outsider(cast: &Cast, index: usize) -> Self {
        let tel = cast.outsiders.get(index).map(|outsider| outsider.phone.clone()).unwrap_or_default();
        // Landlines are written with their area code, which begins with a zero.
        let tel_kind = if tel.starts_with('1') { NumberKind::Mobile } else { NumberKind::Landline };
        Self { tel, tel_kind, ..Self::nobody() }
    }

    /// Nobody.
    pub fn nobody() -> Self {
        Self {
            number: String::new(),
            name: String::new(),
            id: String::new(),
            tel: String::new(),
            tel_kind: NumberKind::Mobile,
            area_code: String::new(),
            city: String::new(),
            province: String::new(),
        }
    }
}

/// `mobile` is the page's; the word for a landline is inferred.
pub fn number_type(kind: NumberKind) -> &'static str {
    match kind {
        NumberKind::Mobile => "mobile",
        NumberKind::Landline => "landline",
    }
}
