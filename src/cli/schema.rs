//! `ringback schema`: prints the schema of a format, for editors and other tools.

use super::inputs::VendorArg;
use super::print::{Problem, out};
use crate::exit::Exit;
use crate::schema;
use crate::spelling::{choices, tick};
use crate::vendors;
use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use serde_json::Value;
use std::sync::LazyLock;

/// The longest path of a receiver, in bytes.
const PATH_MAX_BYTES: usize = 1024;

/// The arguments of `ringback schema`.
#[derive(Debug, Args)]
pub(super) struct Schema {
    /// What the schema is of.
    of: Of,
    /// How the pushes of a vendor are described.
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::JsonSchema)]
    format: Format,
    /// With `--format openapi`: also the path of a receiver that takes all pushes, such as `/hook`.
    #[arg(long, value_name = "PATH", value_parser = path)]
    paths: Option<String>,
}

#[derive(Debug, Clone, Copy)]
enum Of {
    Scenario,
    Events,
    Report,
    Load,
    LoadEvents,
    Pushes(VendorArg),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// JSON Schema 2020-12, a definition for each push.
    JsonSchema,
    /// OpenAPI 3.1, a webhook for each push.
    Openapi,
    /// AsyncAPI 3.0, a channel for each push.
    Asyncapi,
}

impl ValueEnum for Of {
    fn value_variants<'a>() -> &'a [Self] {
        static ALL: LazyLock<Vec<Of>> = LazyLock::new(|| {
            let own = [Of::Scenario, Of::Events, Of::Report, Of::Load, Of::LoadEvents];
            own.into_iter().chain(vendors::ALL.iter().map(|vendor| Of::Pushes(VendorArg(*vendor)))).collect()
        });
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, help) = match self {
            Of::Scenario => (
                "scenario",
                "Scenario files: `ringback schema scenario > scenario.schema.json`, beside the files, tells editors",
            ),
            Of::Events => ("events", "One line of `ringback run --report ndjson`"),
            Of::Report => ("report", "What `ringback run --report json` writes"),
            Of::Load => ("load", "What `ringback load --report json` and `--out` write"),
            Of::LoadEvents => ("load-events", "The lines of `ringback load --report ndjson` that a run has not"),
            Of::Pushes(VendorArg(vendor)) => (vendor.id(), vendor.title()),
        };
        Some(PossibleValue::new(name).help(help))
    }
}

impl Schema {
    pub(super) fn execute(self) -> Result<Exit, Problem> {
        if self.paths.is_some() && self.format != Format::Openapi {
            return Err(Problem::usage("`--paths` belongs to OpenAPI", "add `--format openapi`, or leave it out"));
        }
        let schema = match self.of {
            Of::Pushes(VendorArg(vendor)) => self.pushes(vendor)?,
            _ if self.format != Format::JsonSchema => {
                let pushing = vendors::ALL.iter().filter(|vendor| !vendor.pushes().is_empty());
                return Err(Problem::usage(
                    "Ringback's own formats are JSON Schema alone",
                    format!("leave `--format` out, or name a vendor: {}", choices(pushing.map(|vendor| vendor.id()))),
                ));
            }
            Of::Scenario => schema::scenario(),
            Of::Events => schema::events(),
            Of::Report => schema::report(),
            Of::Load => schema::load(),
            Of::LoadEvents => schema::load_events(),
        };
        out(&format!("{schema:#}\n"))
    }

    fn pushes(&self, vendor: &dyn vendors::Vendor) -> Result<Value, Problem> {
        let document = match self.format {
            Format::JsonSchema => Some(schema::pushes(vendor)),
            Format::Openapi => schema::openapi(vendor, self.paths.as_deref()),
            Format::Asyncapi => schema::asyncapi(vendor),
        };
        document.ok_or_else(|| {
            let id = vendor.id();
            Problem::usage(
                format!("{} pushes nothing, so that it has neither webhooks nor channels", tick(id)),
                format!("`ringback schema {id}` prints the JSON Schema of the record that it keeps"),
            )
        })
    }
}

/// The path of a receiver, as it stands in an address.
fn path(text: &str) -> Result<String, String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~%!$&'()*+,;=:@".contains(&byte);
    if !text.starts_with('/') || text.len() > PATH_MAX_BYTES || !text.bytes().all(is_plain) {
        return Err("a path begins with `/` and has neither query nor blanks, as in `/hook`".to_owned());
    }
    Ok(text.to_owned())
}
