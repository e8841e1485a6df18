//! The one whom the customer is to speak to, as the CDR names them.

use super::tenant::Tenant;
use crate::body::Leaf;
use crate::call::NumberKind;

/// An agent, an outside party of a transfer, or nobody (all texts empty).
#[derive(Debug, Clone)]
pub struct Callee {
    /// 工号; empty for who is not an agent.
    pub number: Leaf,
    pub name: Leaf,
    pub id: Leaf,
    pub tel: Leaf,
    pub tel_kind: NumberKind,
    /// Where the phone is at home.
    pub area_code: Leaf,
    pub city: Leaf,
    pub province: Leaf,
}

impl Callee {
    /// The agent with this index in the cast; nobody where there is none.
    pub fn agent(tenant: &Tenant<'_>, index: usize) -> Self {
        let Some(agent) = tenant.cast.agents.get(index) else { return Self::NOBODY };
        let given = tenant.options.agent_id.as_ref().filter(|_| index == 0);
        Self {
            number: Leaf::from(&agent.number),
            name: Leaf::from(&agent.name),
            id: given.map_or_else(|| tenant.object("7moor.agent", index as u64), Leaf::from),
            tel: Leaf::from(&agent.phone),
            tel_kind: agent.number_kind,
            area_code: Leaf::from(&agent.area_code),
            city: Leaf::from(&agent.city),
            province: Leaf::from(&agent.province),
        }
    }

    /// The outside party with this index in the cast: a phone, and no agent.
    pub fn outsider(tenant: &Tenant<'_>, index: usize) -> Self {
        let Some(outsider) = tenant.cast.outsiders.get(index) else { return Self::NOBODY };
        // Landlines are written with their area code, which begins with a zero.
        let is_mobile = outsider.phone.starts_with('1');
        let tel_kind = if is_mobile { NumberKind::Mobile } else { NumberKind::Landline };
        Self { tel: Leaf::from(&outsider.phone), tel_kind, ..Self::NOBODY }
    }

    /// Nobody.
    pub const NOBODY: Self = Self {
        number: Leaf::EMPTY,
        name: Leaf::EMPTY,
        id: Leaf::EMPTY,
        tel: Leaf::EMPTY,
        tel_kind: NumberKind::Mobile,
        area_code: Leaf::EMPTY,
        city: Leaf::EMPTY,
        province: Leaf::EMPTY,
    };

    /// Whether it is an agent.
    pub fn is_agent(&self) -> bool {
        self.number != Leaf::EMPTY
    }

    /// Something that only who has a phone has.
    pub fn with_phone(&self, word: &'static str) -> Leaf {
        Leaf::from(if self.tel == Leaf::EMPTY { "" } else { word })
    }
}

/// `mobile` is the page's; the word for a landline is inferred.
pub fn number_type(kind: NumberKind) -> &'static str {
    match kind {
        NumberKind::Mobile => "mobile",
        NumberKind::Landline => "landline",
    }
}
