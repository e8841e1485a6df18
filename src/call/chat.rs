//! The words of a chat: its channel, who speaks, what is said, and what can happen. Who may do what when stands in `player`.

/// Through what the customer chats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// A window on a web page.
    Web,
    /// WhatsApp.
    Whatsapp,
}

impl Channel {
    /// Every channel with the word by which a scenario names it.
    pub const ALL: [(Channel, &'static str); 2] = [(Channel::Web, "web"), (Channel::Whatsapp, "whatsapp")];
}

/// One who takes part in a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Speaker {
    /// The customer.
    Customer,
    /// The robot that serves customers until a person does.
    Robot,
    /// An agent, by index in the cast.
    Agent(usize),
    /// The platform itself.
    System,
}

/// A kind of file that is said in place of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Media {
    /// A picture.
    Image,
    /// A film.
    Video,
    /// A voice message.
    Audio,
    /// Any other file.
    Document,
}

impl Media {
    /// Every kind with the word by which a scenario names it.
    pub const ALL: [(Media, &'static str); 4] =
        [(Media::Image, "image"), (Media::Video, "video"), (Media::Audio, "audio"), (Media::Document, "document")];
}

/// What is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Words.
    Text(String),
    /// A file, by the id under which the platform keeps it.
    File(Media, String),
    /// A place on the map.
    Location {
        /// Degrees north, as written.
        latitude: String,
        /// Degrees east, as written.
        longitude: String,
        /// What is there.
        description: String,
    },
}

/// To whom a chat is handed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    /// An agent, by index in the cast.
    Agent(usize),
    /// A queue, by index in the cast.
    Queue(usize),
}

/// What remains of a chat that was disconnected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Afterwards {
    /// Nothing.
    Closed,
    /// The customer can go on writing, and is answered later.
    Open {
        /// What the platform tells the customer of it, where the scenario says.
        tip: Option<String>,
    },
}

/// What can happen in a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChatEvent {
    /// The customer opens the chat.
    Opened,
    /// The customer waits for an agent.
    Queued {
        /// Index of the queue in the cast, where one is named.
        queue: Option<usize>,
    },
    /// An agent takes the customer.
    Answered {
        /// Index of the agent in the cast.
        agent: usize,
    },
    /// Somebody says something.
    Said {
        /// Who.
        by: Speaker,
        /// What.
        content: Content,
    },
    /// An agent has read messages of the customer.
    Read {
        /// Index of the agent in the cast.
        agent: usize,
        /// Which of the customer's messages, counted from 0 through the chat.
        messages: std::ops::Range<usize>,
    },
    /// The chat is handed on; the customer waits again.
    Transferred {
        /// By whom: the robot or an agent.
        from: Speaker,
        /// To whom.
        to: Destination,
    },
    /// The chat is over.
    Disconnected {
        /// Who ended it; the platform, where the customer was silent for too long.
        by: Speaker,
        /// What remains of it.
        afterwards: Afterwards,
    },
}
