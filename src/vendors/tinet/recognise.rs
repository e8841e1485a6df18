//! Which push a captured request is, told by its default field names.

use super::facts::TYPES;
use super::topic::Topic;
use crate::http::Captured;
use crate::vendors::{About, Stage};
use serde_json::{Map, Value};

/// The parameters of a request, whichever of the three ways they travelled.
struct Params(Vec<(String, String)>);

impl Params {
    fn of(captured: &Captured) -> Option<Self> {
        let pairs = |bytes: &[u8]| form_urlencoded::parse(bytes).into_owned().collect::<Vec<_>>();
        if captured.body.is_empty() {
            return Some(Self(pairs(captured.query.as_bytes())));
        }
        if captured.body.first() != Some(&b'{') {
            return Some(Self(pairs(&captured.body)));
        }
        let object: Map<String, Value> = serde_json::from_slice(&captured.body).ok()?;
        // Every value is a string; anything else is another vendor's.
        let text = |(name, value): (String, Value)| match value {
            Value::String(text) => Some((name, text)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
        };
        object.into_iter().map(text).collect::<Option<Vec<_>>>().map(Self)
    }

    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }
}

/// Which push it is; `None` where it is none of this vendor, or has none of the default names.
pub fn recognise(captured: &Captured) -> Option<&'static str> {
    let params = Params::of(captured)?;
    let topic = by_event(&params).or_else(|| by_names(&params))?;
    TYPES.get(topic as usize).map(|of_type| of_type.fact.name)
}

/// Which call it is about, and where in its story it stands. The status of an agent and the state of a task are about no call.
pub fn about(captured: &Captured) -> Option<About> {
    let params = Params::of(captured)?;
    let stage = match by_event(&params).or_else(|| by_names(&params))? {
        Topic::AgentStatus | Topic::Task => return None,
        Topic::InboundHangup | Topic::OutboundHangup => Stage::End,
        Topic::Recording | Topic::Transcript | Topic::NumberStatus | Topic::HttpInteraction => Stage::After,
        _ => Stage::During,
    };
    let first = |names: &[&str]| names.iter().map(|name| params.get(name)).find(|value| !value.is_empty());
    Some(About {
        call: first(&["mainUniqueId", "cdr_main_unique_id"])?.to_owned(),
        at: match stage {
            Stage::During | Stage::End => first(&["bridgeTime", "endTime", "cdr_end_time"]).map(str::to_owned),
            Stage::After => None,
        },
        stage,
    })
}

fn by_event(params: &Params) -> Option<Topic> {
    let call_type = params.get("callType");
    let transfer = !params.get("transferCno").is_empty();
    let customer_side = params.get("cno").is_empty();
    if !params.has("enterpriseId") {
        return None;
    }
    match (params.get("event"), call_type) {
        ("incoming", _) => Some(Topic::Incoming),
        ("ringing", "2") if transfer => Some(Topic::WebcallTransferRing),
        ("ringing", "1") => Some(Topic::InboundRing),
        ("ringing", _) if transfer => Some(Topic::InboundRing),
        ("ringing", "2") if customer_side => Some(Topic::WebcallCustomerRing),
        ("ringing", "2") => Some(Topic::WebcallRing),
        ("ringing", "6") if customer_side => Some(Topic::DirectCustomerRing),
        ("ringing", "6") => Some(Topic::DirectRing),
        ("ringing", _) => Some(Topic::OutboundRing),
        ("previewOutcallRinging", _) => Some(Topic::OutboundCustomerRing),
        ("bridged", "2") => Some(Topic::WebcallTransferBridge),
        ("bridged", _) => Some(Topic::InboundBridge),
        ("previewOutcallBridge", "5") => Some(Topic::PredictiveBridge),
        ("previewOutcallBridge", "6") => Some(Topic::DirectBridge),
        ("previewOutcallBridge", _) => Some(Topic::OutboundBridge),
        ("answer", "6") => Some(Topic::DirectAnswer),
        ("answer", _) => Some(Topic::WebcallCustomerAnswer),
        ("status", _) => Some(Topic::AgentStatus),
        ("pressKeys", _) => Some(Topic::Keys),
        _ => None,
    }
}

/// The pushes without `event`, each with a name that no other has.
fn by_names(params: &Params) -> Option<Topic> {
    const OWN_NAMES: [(&str, Topic); 9] = [
        ("cdr_record_duration", Topic::Recording),
        ("tsiFile", Topic::NumberStatus),
        ("taskStatus", Topic::Task),
        ("recordSide", Topic::Transcript),
        ("investigationName", Topic::Survey),
        ("isRealAnswer", Topic::PredictiveAnswer),
        ("botText", Topic::Understood),
        ("ivrFlow", Topic::IvrEnd),
        ("tag", Topic::HttpInteraction),
    ];
    if params.has("cdr_status") {
        let inbound = params.get("cdr_call_type") == "1";
        return Some(if inbound { Topic::InboundHangup } else { Topic::OutboundHangup });
    }
    if !params.has("enterpriseId") && !params.has("cdr_enterprise_id") {
        return None;
    }
    OWN_NAMES.iter().find(|(name, _)| params.has(name)).map(|(_, topic)| *topic)
}
