//! 7moor v7 event push

use super::{Acknowledgement, BadSetting, PushFact, RetryPolicy, SettingFact, Settings, Teller, Vendor};
use crate::call::Cast;
use crate::http::{Captured, Reply};
use std::time::Duration;

/// 7moor v7 event push
pub struct Moor7;

impl Vendor for Moor7 {
    fn id(&self) -> &'static str {
        "7moor"
    }

    fn title(&self) -> &'static str {
        "7moor v7 event push"
    }

    fn pushes(&self) -> &'static [PushFact] {
        &[]
    }

    fn settings(&self) -> &'static [SettingFact] {
        &[]
    }

    fn can_tell(&self, _cast: &Cast) -> Result<(), String> {
        Ok(())
    }

    fn teller<'a>(&self, _cast: &'a Cast, _settings: &Settings) -> Result<Box<dyn Teller + 'a>, BadSetting> {
        Err(BadSetting { setting: "", reason: String::new() })
    }

    fn acknowledged(&self, _reply: &Reply, _settings: &Settings) -> Acknowledgement {
        Acknowledgement::Yes
    }

    fn timeout(&self, _settings: &Settings) -> Duration {
        Duration::from_secs(5)
    }

    fn retry(&self, _settings: &Settings) -> RetryPolicy {
        RetryPolicy::none()
    }

    fn recognise(&self, _captured: &Captured) -> Option<&'static str> {
        None
    }

    fn thanks(&self) -> (u16, &'static str, &'static str) {
        (200, "application/json", "{}")
    }
}
