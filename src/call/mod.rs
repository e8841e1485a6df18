//! The neutral model of a call, a shift, a chat or a notification: who takes part, what happens, and what is known at each
//! moment. No vendor's words, no HTTP.

mod cast;
mod cause;
mod chat;
mod course;
mod customers;
mod draw;
mod draw_notifications;
mod fact;
mod happening;
mod home;
mod legs;
mod locale;
mod moment;
mod notification;
mod people;
mod place;
mod player;
mod settled;
mod spec;
mod state;
mod status;
mod step;
mod timeline;
mod who;
mod words;

pub use cast::{Agent, Cast, Customer, NumberKind, Outsider, Queue, Task};
pub use cause::Cause;
pub use chat::{Afterwards, Channel, ChatEvent, Content, Destination, Media, Speaker};
pub use course::Course;
pub use customers::{Customers, DrawnCustomer, Taken};
pub use fact::{Fact, FactKind};
pub use happening::{Advanced, Happening, Outcome, Party, Side, What};
pub use legs::{Leg, LegEvent, LegRole, Legs};
pub use locale::Locale;
pub use moment::Moment;
pub use notification::{
    Audience, EXPIRES_DEFAULT, Environment, MessageType, Notification, NotificationEvent, NotificationSpec, Platform,
    Sending, Source,
};
pub use place::Area;
pub use settled::{Part, Settled, Settling};
pub use spec::{AgentSpec, CastSpec, CustomerSpec, Kind, OutsiderSpec, QueueSpec, Subject, TaskSpec};
pub use state::{CallState, Category, Conversation, Survey};
pub use status::AgentStatus;
pub use step::{LoginDevice, LogoutKind, Recognition, Span, Step};
pub use timeline::{Illegal, SoFar, Timeline, play, play_so_far};
pub use who::Who;
