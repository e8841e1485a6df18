//! The three ways in which parameters travel: a GET with a query and no body, a form, one flat JSON object.

use super::actions::Action;
use super::known::Known;
use super::options::ContentType;
use crate::body::{Blank, Body, Encoding, Leaf, Member, in_hash_order};
use crate::http::{Filed, Headers, Push, TargetQuery};
use crate::random::Stream;

/// In which order parameters are written. Receivers must not depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParamOrder {
    /// As a Java `HashMap` lists them. Both maps of the seed and the one real body that is known have this order exactly.
    Hash,
    /// As they are configured.
    Fixed,
    /// Drawn for every push.
    Random,
}

/// The push of an action with these parameters, about the call with this main unique id. `draw` shuffles them where their
/// order is drawn.
pub fn push(action: &Action, mut params: Vec<Member>, main_id: &Leaf, known: &Known<'_>, draw: &mut Stream) -> Push {
    let Known { options, account, .. } = known;
    let mut to = action.url.clone();
    if let Some(url) = to.as_mut().filter(|url| options.merge_url_query && url.query().is_some()) {
        for (name, value) in url.query_pairs().into_owned() {
            put(&mut params, name, value.into());
        }
        url.set_query(None);
    }
    sort(&mut params, options.param_order, draw);

    let (encoding, content_type) = match (action.method.has_body(), action.content_type) {
        (false, _) => (Encoding::Query(Blank::Plus), None),
        (true, ContentType::Form) => (Encoding::Form(Blank::Plus), Some(options.form_content_type.clone())),
        (true, ContentType::Json) => (Encoding::Json, Some(options.json_content_type.clone())),
    };
    let given = [("Content-Type", content_type), ("User-Agent", options.user_agent.clone())];
    let mut headers: Headers = given.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    action.headers.iter().for_each(|(name, value)| headers.set(name, value));
    Push {
        after: action.delay,
        headers,
        body: Body::Fields { fields: Leaf::Object(params), encoding },
        target_query: if options.merge_url_query { TargetQuery::Merged } else { TargetQuery::Kept },
        to,
        timeout: action.timeout,
        waits: action.waits.clone(),
        filed: Filed {
            account: account.enterprise.text().into_owned(),
            conversation: main_id.text().into_owned(),
            delay: action.delay,
        },
        ..Push::new(action.number, action.method)
    }
}

/// Gives a parameter a value: a name that is there already keeps its place.
pub fn put(params: &mut Vec<Member>, name: String, leaf: Leaf) {
    match params.iter_mut().find(|known| known.name == name) {
        Some(known) => *known = Member::new(name, leaf),
        None => params.push(Member::new(name, leaf)),
    }
}

fn sort(params: &mut [Member], order: ParamOrder, draw: &mut Stream) {
    match order {
        ParamOrder::Fixed => {}
        ParamOrder::Hash => in_hash_order(params),
        ParamOrder::Random => {
            for place in (1..params.len()).rev() {
                params.swap(place, draw.below(place as u64 + 1) as usize);
            }
        }
    }
}
