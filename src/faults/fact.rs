//! An entry of the list of faults: everything that is known of a fault, and how it is written down.

use super::clash::Stage;
use super::connection::ConnectionFault;
use super::event::Event;
use super::http::Http;
use super::setting::{Setting, Values};
use super::{Kind, Loss};

/// How far down a fault reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// What arrives, when, how often.
    Event,
    /// A well-formed exchange with wrong content.
    Http,
    /// Below HTTP.
    Connection,
}

impl Layer {
    /// The word by which it is listed.
    pub fn as_str(self) -> &'static str {
        match self {
            Layer::Event => "event",
            Layer::Http => "http",
            Layer::Connection => "connection",
        }
    }
}

/// An entry of the list.
#[derive(Debug, Clone, Copy)]
pub struct FaultFact {
    /// Its name.
    pub name: &'static str,
    /// Its layer.
    pub layer: Layer,
    /// Its loss class, as long as no setting changes it.
    pub(super) loss: Loss,
    /// What a push must be like so that it changes anything, as the end of "no push that it is for ..."; none where any
    /// will do.
    pub needs: Option<&'static str>,
    /// What it settles alone, so that it cannot stand twice for the same pushes.
    pub(super) decides: Option<&'static str>,
    /// At which stage it bends the body; none where it does not.
    pub(super) stage: Option<Stage>,
    /// What it does, as half a sentence.
    pub meaning: &'static str,
    /// What can be set, with defaults and caps.
    pub settings: &'static [Setting],
    build: Build,
}

/// Makes a fault of its settings.
#[derive(Debug, Clone, Copy)]
enum Build {
    Event(fn(&Values) -> Event),
    Http(fn(&Values) -> Http),
    Connection(fn(&Values) -> ConnectionFault),
}

impl FaultFact {
    /// The fault with these settings.
    pub fn with(&self, values: &Values) -> Kind {
        match self.build {
            Build::Event(build) => Kind::Event(build(values)),
            Build::Http(build) => Kind::Http(build(values)),
            Build::Connection(build) => Kind::Connection(build(values)),
        }
    }

    const fn new(
        name: &'static str,
        layer: Layer,
        loss: Loss,
        settings: &'static [Setting],
        build: Build,
        meaning: &'static str,
    ) -> Self {
        Self { name, layer, loss, needs: None, decides: None, stage: None, meaning, settings, build }
    }

    pub(super) const fn loses(self, loss: Loss) -> Self {
        Self { loss, ..self }
    }

    pub(super) const fn needs(self, needs: &'static str) -> Self {
        Self { needs: Some(needs), ..self }
    }

    pub(super) const fn decides(self, what: &'static str) -> Self {
        Self { decides: Some(what), ..self }
    }

    pub(super) const fn bends(self, stage: Stage) -> Self {
        Self { stage: Some(stage), ..self }
    }
}

pub(super) const fn event(
    name: &'static str,
    settings: &'static [Setting],
    build: fn(&Values) -> Event,
    meaning: &'static str,
) -> FaultFact {
    FaultFact::new(name, Layer::Event, Loss::Lossless, settings, Build::Event(build), meaning)
}

/// A receiver can acknowledge what is wrong without having read what it was meant to say, unless an entry says otherwise.
pub(super) const fn http(
    name: &'static str,
    settings: &'static [Setting],
    build: fn(&Values) -> Http,
    meaning: &'static str,
) -> FaultFact {
    FaultFact::new(name, Layer::Http, Loss::Lossy, settings, Build::Http(build), meaning)
}

pub(super) const fn connection(
    name: &'static str,
    settings: &'static [Setting],
    build: fn(&Values) -> ConnectionFault,
    meaning: &'static str,
) -> FaultFact {
    FaultFact::new(name, Layer::Connection, Loss::Lossless, settings, Build::Connection(build), meaning)
}
