//! Reads what the file says of each party, queue and task.

use super::block::Block;
use super::fields::{Fields, switch, text, value};
use super::problems::Problems;
use super::tree::Entry;
use super::value::{area_code, integer, phone};
use crate::call::{AgentSpec, CustomerSpec, OutsiderSpec, QueueSpec, TaskSpec};

const PHONE: &str = "a phone number";

/// The customer.
pub(super) fn customer(entry: &Entry, problems: &mut Problems) -> CustomerSpec {
    let Some(fields) = Fields::open(&entry.value, &entry.at, Block::Customer, problems) else {
        return CustomerSpec::default();
    };
    CustomerSpec {
        phone: fields.optional("phone").and_then(|node| value(node, ("`phone`", PHONE), problems, phone)),
        name: fields.optional("name").and_then(|node| text(node, "`name`", problems)),
        province: fields.optional("province").and_then(|node| text(node, "`province`", problems)),
        city: fields.optional("city").and_then(|node| text(node, "`city`", problems)),
        area_code: fields
            .optional("area_code")
            .and_then(|node| value(node, ("`area_code`", "an area code"), problems, area_code)),
        blacklisted: fields
            .optional("blacklisted")
            .and_then(|node| switch(node, "`blacklisted`", problems))
            .unwrap_or_default(),
    }
}

/// An agent.
pub(super) fn agent(entry: &Entry, problems: &mut Problems) -> AgentSpec {
    let key = entry.key.clone();
    let Some(fields) = Fields::open(&entry.value, &entry.at, Block::Agent, problems) else {
        return AgentSpec { key, ..AgentSpec::default() };
    };
    AgentSpec {
        key,
        number: fields.optional("number").and_then(|node| text(node, "`number`", problems)),
        name: fields.optional("name").and_then(|node| text(node, "`name`", problems)),
        phone: fields.optional("phone").and_then(|node| value(node, ("`phone`", PHONE), problems, phone)),
        email: fields.optional("email").and_then(|node| text(node, "`email`", problems)),
        city: fields.optional("city").and_then(|node| text(node, "`city`", problems)),
    }
}

/// An outside party.
pub(super) fn outsider(entry: &Entry, problems: &mut Problems) -> OutsiderSpec {
    let fields = Fields::open(&entry.value, &entry.at, Block::Outsider, problems);
    let number = fields.and_then(|fields| fields.optional("phone"));
    OutsiderSpec {
        key: entry.key.clone(),
        phone: number.and_then(|node| value(node, ("`phone`", PHONE), problems, phone)),
    }
}

/// A queue.
pub(super) fn queue(entry: &Entry, problems: &mut Problems) -> QueueSpec {
    let key = entry.key.clone();
    let Some(fields) = Fields::open(&entry.value, &entry.at, Block::Queue, problems) else {
        return QueueSpec { key, ..QueueSpec::default() };
    };
    QueueSpec {
        key,
        number: fields.optional("number").and_then(|node| text(node, "`number`", problems)),
        name: fields.optional("name").and_then(|node| text(node, "`name`", problems)),
    }
}

/// A dialling task.
pub(super) fn task(entry: &Entry, problems: &mut Problems) -> TaskSpec {
    let key = entry.key.clone();
    let Some(fields) = Fields::open(&entry.value, &entry.at, Block::Task, problems) else {
        return TaskSpec { key, ..TaskSpec::default() };
    };
    TaskSpec {
        key,
        id: fields.optional("id").and_then(|node| value(node, ("`id`", "a whole number"), problems, integer)),
        name: fields.optional("name").and_then(|node| text(node, "`name`", problems)),
    }
}
