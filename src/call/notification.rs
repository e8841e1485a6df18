//! Push notifications to phones: what a scenario says of a task, what is settled of it, and what can happen to it.

use std::time::Duration;

/// How long a notification is worth delivering, where the scenario does not say.
pub const EXPIRES_DEFAULT: Duration = Duration::from_secs(12 * 60 * 60);

/// Whom a task is for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Audience {
    /// Everybody who has the application.
    #[default]
    All,
    /// The devices with these tags.
    Tags {
        /// The tags.
        tags: Vec<String>,
        /// Whether a device has to have all of them, and not only one.
        all: bool,
    },
    /// These devices.
    Tokens(Vec<String>),
    /// The devices of these accounts.
    Accounts(Vec<String>),
    /// The accounts of a list that was uploaded before, by its number; drawn where it is 0.
    Package(u64),
}

/// The system of the phones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Platform {
    /// Android.
    #[default]
    Android,
    /// iOS.
    Ios,
}

impl Platform {
    /// Every platform with the word by which a scenario names it.
    pub const ALL: [(Platform, &'static str); 2] = [(Platform::Android, "android"), (Platform::Ios, "ios")];
}

/// What a task carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum MessageType {
    /// A notification that the phone shows.
    #[default]
    Notify,
    /// A message that only the application sees.
    Message,
}

impl MessageType {
    /// Every type with the word by which a scenario names it.
    pub const ALL: [(MessageType, &'static str); 2] =
        [(MessageType::Notify, "notify"), (MessageType::Message, "message")];
}

/// Which build of the application is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Environment {
    /// The one that customers have.
    #[default]
    Product,
    /// The one that is being developed.
    Dev,
}

impl Environment {
    /// Every environment with the word by which a scenario names it.
    pub const ALL: [(Environment, &'static str); 2] = [(Environment::Product, "product"), (Environment::Dev, "dev")];
}

/// By what a task was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Source {
    /// The REST API.
    #[default]
    Api,
    /// The console on the web.
    Web,
}

impl Source {
    /// Every source with the word by which a scenario names it.
    pub const ALL: [(Source, &'static str); 2] = [(Source::Api, "api"), (Source::Web, "web")];
}

/// How a task is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sending {
    /// The system of the phones.
    pub platform: Platform,
    /// What it carries.
    pub message_type: MessageType,
    /// Which build of the application it is for.
    pub environment: Environment,
    /// By what it was made.
    pub source: Source,
    /// How long it is worth delivering.
    pub expires: Duration,
    /// Whether it goes to every package name of the application.
    pub multi_package: bool,
    /// The id under which a later task covers it; 0 for none.
    pub collapse_id: u64,
    /// Parameters for the application, in order.
    pub custom: Vec<(String, String)>,
}

impl Default for Sending {
    fn default() -> Self {
        Self {
            platform: Platform::default(),
            message_type: MessageType::default(),
            environment: Environment::default(),
            source: Source::default(),
            expires: EXPIRES_DEFAULT,
            multi_package: false,
            collapse_id: 0,
            custom: Vec::new(),
        }
    }
}

/// What the scenario says about a task.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NotificationSpec {
    /// The name in the scenario.
    pub key: String,
    /// The id of the task, digits.
    pub id: Option<String>,
    /// The title.
    pub title: Option<String>,
    /// The text.
    pub content: Option<String>,
    /// Whom it is for; a list without entries is drawn.
    pub audience: Audience,
    /// How it is sent.
    pub sending: Sending,
}

/// A task, all of it settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// The name in the scenario.
    pub key: String,
    /// The id of the task, digits.
    pub id: String,
    /// The title.
    pub title: String,
    /// The text.
    pub content: String,
    /// Whom it is for.
    pub audience: Audience,
    /// How it is sent.
    pub sending: Sending,
}

/// What can happen to a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotificationEvent {
    /// It is made.
    Created,
    /// It waits for its moment.
    Scheduled,
    /// It is being pushed.
    Started,
    /// Everything is pushed.
    Finished,
    /// It could not be pushed.
    Failed,
    /// It is called off before it starts.
    Cancelled,
    /// It is deleted before it starts.
    Deleted,
    /// It is deleted while it is being pushed.
    Terminated,
    /// It is taken back from the phones.
    Revoked,
    /// A later one covers it on the phones.
    Collapsed,
}

impl NotificationEvent {
    /// What has happened, after "is": "created", "being pushed".
    pub fn words(self) -> &'static str {
        match self {
            NotificationEvent::Created => "created",
            NotificationEvent::Scheduled => "scheduled",
            NotificationEvent::Started => "being pushed",
            NotificationEvent::Finished => "finished",
            NotificationEvent::Failed => "not to be pushed",
            NotificationEvent::Cancelled => "cancelled",
            NotificationEvent::Deleted => "deleted",
            NotificationEvent::Terminated => "deleted while it was being pushed",
            NotificationEvent::Revoked => "revoked",
            NotificationEvent::Collapsed => "covered by a later one",
        }
    }
}
