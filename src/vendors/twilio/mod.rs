//! Twilio Programmable Voice: what its webhooks are called, how they travel, what counts as a success. What causes them is in
//! `story`, what stands in them in `fields`.
//!
//! Source: Twilio's documentation (voice/api/call-resource, voice/twiml and its verbs, usage/webhooks, api/errors), and requests
//! that receivers in public code have captured. A TwiML request asks what to do next: the answer is judged, and the script
//! goes on whatever it says.

mod fields;
mod options;
mod scene;
mod story;
#[cfg(test)]
mod tests;

use super::{
    About, Acknowledgement, BadOption, GivenOptions, OptionFact, PushFact, RetryPolicy, Stage, Teller, Unsigned, Vendor,
};
use crate::body::{Blank, Encoding};
use crate::call::{Cast, Locale, Subject};
use crate::http::{Captured, Reply};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fields::{PUSHES, asks_for_twiml};
use options::{Options, retried};
use ring::hmac;
use std::collections::HashMap;
use std::time::Duration;
use story::Story;

/// Twilio Programmable Voice.
pub struct Twilio;

impl Vendor for Twilio {
    fn id(&self) -> &'static str {
        "twilio"
    }

    fn title(&self) -> &'static str {
        "Twilio Programmable Voice webhooks"
    }

    fn documented(&self) -> usize {
        // The requests of a call, a queue and a recording; those of conferences, transcripts and payments are not counted.
        PUSHES.len()
    }

    fn locale(&self) -> Locale {
        Locale::EnUs
    }

    fn pushes(&self) -> &'static [PushFact] {
        PUSHES
    }

    fn ways(&self) -> &'static [Encoding] {
        &[Encoding::Form(Blank::Percent20), Encoding::Query(Blank::Percent20)]
    }

    fn options(&self) -> &'static [OptionFact] {
        Options::facts()
    }

    fn can_tell(&self, cast: &Cast) -> Result<(), String> {
        let is_call = matches!(cast.subject, Subject::Call(_));
        is_call.then_some(()).ok_or_else(|| "Twilio's voice webhooks tell of calls only".into())
    }

    fn teller<'a>(&self, cast: &'a Cast, given: &GivenOptions) -> Result<Box<dyn Teller + 'a>, BadOption> {
        Ok(Box::new(Story::new(cast, Options::checked(given)?)))
    }

    fn acknowledged(&self, reply: &Reply, _given: &GivenOptions) -> Acknowledgement {
        Acknowledgement::by_status(reply, false)
    }

    fn acknowledged_push(&self, push: &str, reply: &Reply, given: &GivenOptions) -> Acknowledgement {
        let is_xml = reply.header("Content-Type").is_some_and(|kind| kind.to_ascii_lowercase().contains("xml"));
        match self.acknowledged(reply, given) {
            Acknowledgement::Yes if asks_for_twiml(push) && !is_xml && !reply.body.is_empty() => {
                Acknowledgement::YesBut("Twilio asks for TwiML here, and the answer is not called `text/xml`".into())
            }
            judged => judged,
        }
    }

    fn timeout(&self, given: &GivenOptions) -> Duration {
        Options::timeout(given).unwrap_or_default()
    }

    fn retry(&self, given: &GivenOptions) -> RetryPolicy {
        let count = Options::retry_count(given).unwrap_or_default() as usize;
        let on = Options::retry_on(given).unwrap_or_default().into_iter().flat_map(retried).collect();
        // That a retry follows at once is inferred: no page tells of a wait.
        RetryPolicy { waits: vec![Duration::ZERO; count], jitter: 0.0, on }
    }

    fn recognise(&self, captured: &Captured) -> Option<&'static str> {
        fields::push_with(&fields_of(captured))
    }

    fn about(&self, captured: &Captured) -> Option<About> {
        let fields = fields_of(captured);
        let parent = fields.get("ParentCallSid");
        let stage = match fields::push_with(&fields)? {
            "completed" if parent.is_none() => Stage::End,
            "recording" => Stage::After,
            _ => Stage::During,
        };
        Some(About { call: parent.or_else(|| fields.get("CallSid"))?.clone(), at: None, stage })
    }

    /// HMAC-SHA1 over the address and every distinct pair of name and value of the form, decoded and sorted, as in the
    /// validators of Twilio's own libraries.
    fn sign(&self, unsigned: &Unsigned<'_>, given: &GivenOptions) -> Vec<(String, String)> {
        let Ok(token) = Options::auth_token(given) else { return Vec::new() };
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token.as_bytes());
        let mut signed = hmac::Context::with_key(&key);
        let url = unsigned.url.as_str();
        signed.update(url.split_once('#').map_or(url, |(sent, _)| sent).as_bytes());
        let mut pairs: Vec<_> = form_urlencoded::parse(unsigned.body).collect();
        pairs.sort_unstable();
        pairs.dedup();
        for text in pairs.iter().flat_map(|(name, value)| [name, value]) {
            signed.update(text.as_bytes());
        }
        vec![("X-Twilio-Signature".to_owned(), STANDARD.encode(signed.sign()))]
    }

    fn signs_before_faults(&self, given: &GivenOptions) -> bool {
        Options::signs_faults(given) == Ok(false)
    }

    fn thanks(&self) -> (u16, &'static str, &'static str) {
        (200, "text/xml", r#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#)
    }
}

/// The fields of a request, in its body or in its query.
fn fields_of(captured: &Captured) -> HashMap<String, String> {
    let written = if captured.body.is_empty() { captured.query.as_bytes() } else { &captured.body };
    form_urlencoded::parse(written).into_owned().collect()
}
