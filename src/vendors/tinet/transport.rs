//! The three ways in which parameters travel: a GET with a query and no body, a form, one flat JSON object.

use super::actions::{Action, Encoding};
use super::options::Options;
use crate::http::{Filed, Push, TargetQuery};
use crate::random::Stream;
use serde_json::{Map, Value};
use std::time::Duration;

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

/// The push of an action with these parameters, about the call with this main unique id. `draw` shuffles them where their order is drawn.
pub fn push(
    action: &Action,
    mut params: Vec<(String, String)>,
    main_id: &str,
    options: &Options,
    draw: &mut Stream,
) -> Push {
    let mut to = action.url.clone();
    if let Some(url) = to.as_mut().filter(|url| options.merge_url_query && url.query().is_some()) {
        for (name, value) in url.query_pairs().into_owned() {
            put(&mut params, name, value);
        }
        url.set_query(None);
    }
    sort(&mut params, options.param_order, draw);

    let content_type = match (action.method.has_body(), action.encoding) {
        (false, _) => None,
        (true, Encoding::Form) => Some(options.form_content_type.clone()),
        (true, Encoding::Json) => Some(options.json_content_type.clone()),
    };
    let known = [("Content-Type", content_type), ("User-Agent", options.user_agent.clone())];
    let mut headers: Vec<(String, String)> =
        known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    for (name, value) in &action.headers {
        headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        headers.push((name.clone(), value.clone()));
    }

    let (query, body) = match (action.method.has_body(), action.encoding) {
        (false, _) => (form(params), String::new()),
        (true, Encoding::Form) => (String::new(), form(params)),
        (true, Encoding::Json) => (String::new(), json(params)),
    };
    Push {
        after: action.delay,
        headers,
        query,
        body: body.into(),
        target_query: if options.merge_url_query { TargetQuery::Merged } else { TargetQuery::Kept },
        to,
        timeout: action.timeout,
        waits: action.waits.clone(),
        filed: Filed { account: options.enterprise.clone(), conversation: main_id.to_owned(), delay: action.delay },
        ..Push::new(action.number, action.method)
    }
}

/// Gives a parameter a value: a name that is there already keeps its place.
pub fn put(params: &mut Vec<(String, String)>, name: String, value: String) {
    match params.iter_mut().find(|(known, _)| *known == name) {
        Some((_, known)) => *known = value,
        None => params.push((name, value)),
    }
}

fn form(params: Vec<(String, String)>) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(params).finish()
}

fn json(params: Vec<(String, String)>) -> String {
    let object: Map<String, Value> = params.into_iter().map(|(name, value)| (name, Value::String(value))).collect();
    Value::Object(object).to_string()
}

fn sort(params: &mut [(String, String)], order: ParamOrder, draw: &mut Stream) {
    match order {
        ParamOrder::Fixed => {}
        ParamOrder::Hash => {
            let buckets = hash_buckets(params.len());
            params.sort_by_key(|(name, _)| spread_hash(name) & (buckets - 1));
        }
        ParamOrder::Random => {
            for place in (1..params.len()).rev() {
                params.swap(place, draw.below(place as u64 + 1) as usize);
            }
        }
    }
}

/// How many buckets a Java `HashMap` has once it holds so many entries: it starts with 16 and doubles beyond three quarters.
fn hash_buckets(entries: usize) -> u32 {
    let mut buckets: u32 = 16;
    while entries as u64 * 4 > u64::from(buckets) * 3 && buckets < 1 << 30 {
        buckets *= 2;
    }
    buckets
}

/// `String.hashCode` as a Java `HashMap` spreads it.
fn spread_hash(name: &str) -> u32 {
    let hash = name.encode_utf16().fold(0_u32, |hash, unit| hash.wrapping_mul(31).wrapping_add(u32::from(unit)));
    hash ^ (hash >> 16)
}

/// Sends a push later.
pub fn later(mut push: Push, by: Duration) -> Push {
    push.after = push.after.saturating_add(by);
    push
}
