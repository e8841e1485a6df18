//! How pushes are signed: what `deliver.sign` says, and the reader of it.

use super::block::Block;
use super::fields::{Fields, choice, items, value};
use super::problems::{Problem, Problems};
use super::secret::{Environment, resolved};
use super::tree::{Entry, Kind, Node};
use super::value::{Wrong, header_name, header_value};
use crate::diagnostic::Code;
use crate::spelling::tick;
use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

/// The most secrets that sign at once: the present one and those that it replaces.
pub const SECRETS_MAX: usize = 4;
/// What marks a secret of Standard Webhooks, before its base64.
pub const SECRET_PREFIX: &str = "whsec_";
/// The shortest key of Standard Webhooks 1.0.0: "between 24 bytes (192 bits) and 64 bytes (512 bits)".
const STANDARD_KEY_MIN_BYTES: usize = 24;
/// Base64 as people paste it: with or without its padding.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// How pushes are signed.
#[derive(Debug, Clone, PartialEq)]
pub struct Sign {
    /// What is signed, and where the signature stands.
    pub scheme: SignScheme,
    /// The secrets, the newest first. Each of them signs.
    pub secrets: Vec<String>,
    /// Which time a signature carries.
    pub clock: SignClock,
}

/// What is signed, and where the signature stands.
#[derive(Debug, Clone, PartialEq)]
pub enum SignScheme {
    /// The scheme of Standard Webhooks: `webhook-id`, `webhook-timestamp`, `webhook-signature`.
    StandardWebhooks,
    /// HMAC-SHA256 in one header.
    HmacSha256 {
        /// The header.
        header: String,
        /// How the digest is written.
        encoding: SignEncoding,
        /// What is signed beside the body.
        format: SignFormat,
    },
}

/// How a digest is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SignEncoding {
    /// Hexadecimal, in small letters.
    #[default]
    Hex,
    /// Base64, with padding.
    Base64,
}

/// What an HMAC covers, and how the header that holds it reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignFormat {
    /// The body alone; the header is the digest behind this text, such as `sha256=`.
    Body(String),
    /// Time and body, as `time.body`; the header is `t=TIME,v1=DIGEST`, with a further `v1=` for each further secret.
    Timestamped,
}

/// Which time a signature carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SignClock {
    /// The time at which the attempt is written.
    #[default]
    Real,
    /// The time of the story.
    Scenario,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Body,
    Timestamped,
}

impl Sign {
    /// The word of [`SignScheme::StandardWebhooks`].
    pub const STANDARD_WEBHOOKS: &'static str = "standard-webhooks";
    /// The word of [`SignScheme::HmacSha256`].
    pub const HMAC_SHA256: &'static str = "hmac-sha256";
    /// The words of all schemes, each with its meaning.
    pub const SCHEMES: [(&'static str, &'static str); 2] = [
        (
            Self::STANDARD_WEBHOOKS,
            "`webhook-id`, `webhook-timestamp` and `webhook-signature`, as Standard Webhooks has it",
        ),
        (Self::HMAC_SHA256, "HMAC-SHA256 in a header of your choice"),
    ];
    /// The words for the time that a signature carries.
    pub const CLOCKS: [(SignClock, &'static str, &'static str); 2] = [
        (SignClock::Real, "real", "the time at which the attempt is written"),
        (SignClock::Scenario, "scenario", "the time of the story"),
    ];
    /// The words for how a digest is written.
    pub const ENCODINGS: [(SignEncoding, &'static str, &'static str); 2] = [
        (SignEncoding::Hex, "hex", "hexadecimal, in small letters"),
        (SignEncoding::Base64, "base64", "base64, with padding"),
    ];
    /// The words for what an HMAC covers, each with its meaning.
    pub const FORMATS: [(&'static str, &'static str); 2] = [
        ("body", "the body is signed, and the header is the digest"),
        ("timestamped", "`time.body` is signed, and the header is `t=TIME,v1=DIGEST`"),
    ];

    /// Standard Webhooks with one secret and the real time.
    pub fn standard_webhooks(secret: impl Into<String>) -> Self {
        Self { scheme: SignScheme::StandardWebhooks, secrets: vec![secret.into()], clock: SignClock::Real }
    }

    /// The hexadecimal HMAC-SHA256 of the body in this header, with one secret.
    pub fn hmac_sha256(header: impl Into<String>, secret: impl Into<String>) -> Self {
        let format = SignFormat::Body(String::new());
        let scheme = SignScheme::HmacSha256 { header: header.into(), encoding: SignEncoding::Hex, format };
        Self { scheme, secrets: vec![secret.into()], clock: SignClock::Real }
    }
}

impl SignScheme {
    /// The key that a secret stands for. In Standard Webhooks it is base64, as the scheme's own libraries read it; where it
    /// is too short for a key of that scheme and has no prefix, and in HMAC-SHA256, it is the secret's own bytes.
    pub fn key(&self, secret: &str) -> Vec<u8> {
        let decoded = match (self, secret.strip_prefix(SECRET_PREFIX)) {
            (SignScheme::StandardWebhooks, Some(encoded)) => LENIENT.decode(encoded).ok(),
            (SignScheme::StandardWebhooks, None) => {
                LENIENT.decode(secret).ok().filter(|key| key.len() >= STANDARD_KEY_MIN_BYTES)
            }
            (SignScheme::HmacSha256 { .. }, _) => None,
        };
        decoded.unwrap_or_else(|| secret.as_bytes().to_vec())
    }
}

/// Reads the block.
pub(super) fn read(entry: &Entry, environment: Environment<'_>, problems: &mut Problems) -> Option<Sign> {
    let fields = Fields::open(&entry.value, &entry.at, Block::Sign, problems)?;
    let schemes = [(true, Sign::STANDARD_WEBHOOKS), (false, Sign::HMAC_SHA256)];
    let scheme = fields.required("scheme", "scheme: standard-webhooks", problems);
    let secrets = secrets(&fields, environment, problems);
    let clocks = Sign::CLOCKS.map(|(clock, word, _)| (clock, word));
    let clock = fields.optional("clock").map(|node| choice(node, "`clock`", &clocks, problems));
    let clock = clock.flatten().unwrap_or_default();
    let is_standard = scheme.and_then(|node| choice(node, "`scheme`", &schemes, problems))?;
    let scheme = match is_standard {
        true => standard_webhooks(&fields, problems),
        false => hmac_sha256(&fields, problems)?,
    };
    let secrets = secrets?;
    let writes_one = matches!(scheme, SignScheme::HmacSha256 { format: SignFormat::Body(_), .. });
    if let Some(second) = secrets.get(1).filter(|_| writes_one) {
        let message = "this header holds one signature, and every secret signs";
        let help = "keep one secret, or write `format: timestamped`, which holds a signature of each";
        problems.add(Problem::new(Code::BadValue, &second.1.span, message).help(help));
    }
    for (secret, node) in secrets.iter().filter(|_| is_standard) {
        let encoded = secret.strip_prefix(SECRET_PREFIX);
        if encoded.is_some_and(|encoded| encoded.is_empty() || LENIENT.decode(encoded).is_err()) {
            let message = format!("what follows {} in this secret is not base64", tick(SECRET_PREFIX));
            let help = "copy the whole secret from where the receiver has it";
            problems.add(Problem::new(Code::BadValue, &node.span, message).help(help));
        }
    }
    Some(Sign { scheme, secrets: secrets.into_iter().map(|(secret, _)| secret).collect(), clock })
}

/// The secrets, each with its place; `None` where something is wrong with them.
fn secrets<'n>(
    fields: &Fields<'n>,
    environment: Environment<'_>,
    problems: &mut Problems,
) -> Option<Vec<(String, &'n Node)>> {
    const EXAMPLE: &str = "secrets: [\"{env.NEW_SECRET}\", \"{env.OLD_SECRET}\"]";
    let Some(list) = fields.entry("secrets") else {
        let node = fields.required("secret", "secret: \"{env.HOOK_SECRET}\"", problems)?;
        return resolved(node, environment, problems).map(|secret| vec![(secret, node)]);
    };
    if let Some(one) = fields.entry("secret") {
        let problem = Problem::new(Code::Twice, &list.at, "`sign` has a `secret` and `secrets`");
        problems.add(problem.also(&one.at, "the first").help("keep one of the two"));
        return None;
    }
    let list_of = items(&list.value, "`secrets`", EXAMPLE, problems)?;
    if list_of.is_empty() {
        let problem = Problem::new(Code::WrongKind, &list.value.span, "`secrets` is an empty list");
        problems.add(problem.help(format!("write `{EXAMPLE}`")));
    }
    if let Some(first) = list_of.get(SECRETS_MAX) {
        let message = format!("`secrets` has {} entries, more than {SECRETS_MAX}", list_of.len());
        problems.add(Problem::new(Code::TooLarge, &first.span, message));
    }
    let mut secrets: Vec<(String, &Node)> = Vec::new();
    for node in list_of.iter().take(SECRETS_MAX) {
        let secret = resolved(node, environment, problems)?;
        if secrets.iter().any(|(known, _)| *known == secret) {
            let problem = Problem::new(Code::Twice, &node.span, "this secret is the same as one before");
            problems.add(problem.help("take one of them out, or write `secret`"));
            return None;
        }
        secrets.push((secret, node));
    }
    (!secrets.is_empty()).then_some(secrets)
}

/// Standard Webhooks leaves nothing to choose.
fn standard_webhooks(fields: &Fields<'_>, problems: &mut Problems) -> SignScheme {
    for key in ["header", "encoding", "prefix", "format"] {
        if let Some(entry) = fields.entry(key) {
            let message = match key {
                "header" => "`standard-webhooks` has headers of its own, so that none can be named".to_owned(),
                _ => format!("`standard-webhooks` settles its own form, so {} has no meaning", tick(key)),
            };
            let help = format!("take {} out, or write `scheme: hmac-sha256`", tick(key));
            problems.add(Problem::new(Code::UnknownKey, &entry.at, message).help(help));
        }
    }
    SignScheme::StandardWebhooks
}

fn hmac_sha256(fields: &Fields<'_>, problems: &mut Problems) -> Option<SignScheme> {
    let encodings = Sign::ENCODINGS.map(|(encoding, word, _)| (encoding, word));
    let encoding = fields.optional("encoding").map(|node| choice(node, "`encoding`", &encodings, problems));
    let formats = [(Format::Body, Sign::FORMATS[0].0), (Format::Timestamped, Sign::FORMATS[1].0)];
    let format = fields.optional("format").map(|node| choice(node, "`format`", &formats, problems));
    let prefix =
        fields.optional("prefix").map(|node| value(node, ("`prefix`", "a text such as `sha256=`"), problems, prefix));
    let format = match format.flatten().unwrap_or(Format::Body) {
        Format::Body => SignFormat::Body(prefix.flatten().unwrap_or_default()),
        Format::Timestamped => {
            if let Some(entry) = fields.entry("prefix") {
                let message = "`format: timestamped` writes `t=TIME,v1=DIGEST`, so `prefix` has no meaning";
                let help = "take `prefix` out, or write `format: body`";
                problems.add(Problem::new(Code::UnknownKey, &entry.at, message).help(help));
            }
            SignFormat::Timestamped
        }
    };
    let header = fields.required("header", "header: X-Signature", problems)?;
    let header = value(header, ("`header`", "the name of a header"), problems, header_name)?;
    Some(SignScheme::HmacSha256 { header, encoding: encoding.flatten().unwrap_or_default(), format })
}

/// A text that can begin the value of a header.
fn prefix(text: &str) -> Result<String, Wrong> {
    match text.starts_with(char::is_whitespace) {
        true => Err(Wrong {
            reason: "a prefix cannot begin with a blank: receivers strip it from the header".to_owned(),
            help: "write it without the blank, such as `sha256=`".to_owned(),
        }),
        false => header_value(text),
    }
}

/// The places of secrets that stand in the file itself, so that no output repeats them; also of those under a key that was
/// meant for one.
pub(super) fn signing_secrets(root: &Node) -> Vec<&Node> {
    let below = |node: &'_ Node, key: &str| match &node.kind {
        Kind::Map(entries) => entries.iter().position(|entry| entry.key == key),
        Kind::Nothing | Kind::Scalar { .. } | Kind::List(_) => None,
    };
    let mut here = root;
    for key in ["deliver", "sign"] {
        let (Some(index), Kind::Map(entries)) = (below(here, key), &here.kind) else { return Vec::new() };
        let Some(entry) = entries.get(index) else { return Vec::new() };
        here = &entry.value;
    }
    let Kind::Map(entries) = &here.kind else { return Vec::new() };
    let is_secret = |key: &str| key.contains("secret") || key.contains("key");
    let mut open: Vec<&Node> = entries.iter().filter(|entry| is_secret(&entry.key)).map(|entry| &entry.value).collect();
    let mut found = Vec::new();
    while let Some(node) = open.pop() {
        match &node.kind {
            Kind::Scalar { .. } => found.push(node),
            Kind::List(items) => open.extend(items),
            Kind::Map(entries) => open.extend(entries.iter().map(|entry| &entry.value)),
            Kind::Nothing => {}
        }
    }
    found
}
