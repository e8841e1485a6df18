//! The blocks of a scenario: how each is called and written, and where a key that stands elsewhere belongs. The keys
//! themselves stand in `grammar`.

use super::grammar::{self, Table};
use crate::spelling::{choices, nearest, tick};

/// A block of a scenario: a set of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    File,
    Call,
    Shift,
    Chat,
    Notification,
    Customer,
    Agent,
    Outsider,
    Queue,
    Task,
    PushTask,
    Override,
    Deliver,
    Retry,
    Sign,
    Profile,
    Probe,
    Snapshot,
    Redaction,
    When,
    Ivr,
    Decline,
    HangUp,
    Survey,
    Recognise,
    Login,
    Logout,
    Status,
    Say,
    Location,
    Read,
    Disconnect,
    Expect,
    Story,
}

impl Block {
    /// The blocks that a misplaced key may have been meant for.
    const PLACES: [Block; 6] = [Block::File, Block::Call, Block::Customer, Block::Deliver, Block::Retry, Block::Sign];

    /// What each of its keys takes and means.
    pub fn table(self) -> &'static Table {
        match self {
            Block::File => &grammar::FILE,
            Block::Call => &grammar::CALL,
            Block::Shift => &grammar::SHIFT,
            Block::Chat => &grammar::CHAT,
            Block::Notification => &grammar::NOTIFICATION,
            Block::Customer => &grammar::CUSTOMER,
            Block::Agent => &grammar::AGENT,
            Block::Outsider => &grammar::OUTSIDER,
            Block::Queue => &grammar::QUEUE,
            Block::Task => &grammar::TASK,
            Block::PushTask => &grammar::PUSH_TASK,
            Block::Override => &grammar::OVERRIDE,
            Block::Deliver => &grammar::DELIVER,
            Block::Retry => &grammar::RETRY,
            Block::Sign => &grammar::SIGN,
            Block::Profile => &grammar::PROFILE,
            Block::Probe => &grammar::PROBE,
            Block::Snapshot => &grammar::SNAPSHOT,
            Block::Redaction => &grammar::REDACTION,
            Block::When => &grammar::WHEN,
            Block::Ivr => &grammar::IVR,
            Block::Decline => &grammar::DECLINE,
            Block::HangUp => &grammar::HANG_UP,
            Block::Survey => &grammar::SURVEY,
            Block::Recognise => &grammar::RECOGNISE,
            Block::Login => &grammar::LOGIN,
            Block::Logout => &grammar::LOGOUT,
            Block::Status => &grammar::STATUS,
            Block::Say => &grammar::SAY,
            Block::Location => &grammar::LOCATION,
            Block::Read => &grammar::READ,
            Block::Disconnect => &grammar::DISCONNECT,
            Block::Expect => &grammar::EXPECT,
            Block::Story => &grammar::STORY,
        }
    }

    /// Its keys.
    pub fn keys(self) -> Vec<&'static str> {
        self.table().keys.iter().map(|key| key.name).collect()
    }

    /// What it is called in messages.
    pub fn title(self) -> &'static str {
        match self {
            Block::File => "a scenario",
            Block::Call => "`call`",
            Block::Shift => "`shift`",
            Block::Chat => "`chat`",
            Block::Notification => "`notification`",
            Block::Customer => "`customer`",
            Block::Agent => "an agent",
            Block::Outsider => "an outside party",
            Block::Queue => "a queue",
            Block::Task => "a task",
            Block::PushTask => "a push task",
            Block::Override => "an entry of `set`",
            Block::Deliver => "`deliver`",
            Block::Retry => "`retry`",
            Block::Sign => "`sign`",
            Block::Profile => "a fault profile",
            Block::Probe => "a probe",
            Block::Snapshot => "`snapshot`",
            Block::Redaction => "an entry of `redact`",
            Block::When => "`when`",
            Block::Ivr => "`ivr`",
            Block::Decline => "`decline`",
            Block::HangUp => "`hangup`",
            Block::Survey => "`survey`",
            Block::Recognise => "`recognise`",
            Block::Login => "`login`",
            Block::Logout => "`logout`",
            Block::Status => "a status of one's own",
            Block::Say => "`say`",
            Block::Location => "`location`",
            Block::Read => "`read`",
            Block::Disconnect => "`disconnect`",
            Block::Expect => "an entry of `expect`",
            Block::Story => "`story`",
        }
    }

    /// How it is written.
    pub fn example(self) -> &'static str {
        match self {
            Block::File => "start with `title: ...`, `call:` and `script:`",
            Block::Call => "write `call: { kind: outbound }`",
            Block::Shift => "write `shift: { agents: { ann: } }`",
            Block::Chat => "write `chat: { agents: { ann: } }`",
            Block::Notification => "write `notification: { tasks: { spring: } }`",
            Block::Customer => "write `customer: { phone: \"13800138000\" }`, or leave it out",
            Block::Agent => "write `ann: { number: \"2001\" }`, or `ann:` to have all of her generated",
            Block::Outsider => "write `boss: { phone: \"13900139000\" }`, or `boss:`",
            Block::Queue => "write `sales: { number: \"800\" }`, or `sales:`",
            Block::Task => "write `spring: { id: 12 }`, or `spring:`",
            Block::PushTask => "write `spring: { title: 春季活动, target: all }`, or `spring:`",
            Block::Override => "write `- { push: \"udesk:end\", field: survey, value: 满意 }`",
            Block::Deliver => "write `deliver: { to: http://127.0.0.1:8080/hook }`",
            Block::Retry => "write `vendor`, `none`, or `{ waits: [5s, 5m, 30m] }`",
            Block::Sign => "write `sign: { scheme: standard-webhooks, secret: \"{env.HOOK_SECRET}\" }`",
            Block::Profile => "start with `faults:` and a list: `- { fault: duplicate, push: \"*:end\" }`",
            Block::Probe => "write `probe: { get: \"http://127.0.0.1:8080/calls/{call.id}\", json: { state: ended } }`",
            Block::Snapshot => "write `snapshot: { redact: [$.server_time] }`",
            Block::Redaction => {
                "write `$.server_time`, `/data/id`, `{ matches: \"req-[0-9]+\", as: <request> }` or `{ header: X-Request-Id }`"
            }
            Block::When => "write `when: { nth: 2 }`; the keys are `nth`, `every`, `between`, `rate` and `attempts`",
            Block::Ivr => "write `- ivr: 主菜单`, or `- ivr: { name: 主菜单, variables: { lang: zh } }`",
            Block::Decline => "write `- decline: customer`, or `- decline: { party: customer, cause: busy }`",
            Block::HangUp => "write `- hangup: ann`, or `- hangup: { by: ann, release_after: 3s }`",
            Block::Survey => "write `- survey: \"5\"`, or `- survey: { keys: \"5\", after: 6s }`",
            Block::Recognise => "write `- recognise: { reason: onThePhone, code: 15, keyword: 正在通话 }`",
            Block::Login => "write `- login: ann`, or `- login: { agent: ann, device: softphone }`",
            Block::Logout => "write `- logout: ann`, or `- logout: { agent: ann, offline: phone }`",
            Block::Status => "write `- status: { ann: { number: 101, name: 小休 } }`",
            Block::Say => "write `- say: 您好`, or `- say: { by: ann, text: 您好 }`",
            Block::Location => "write `location: { latitude: 39.9, longitude: 116.4, description: 天安门 }`",
            Block::Read => "write `- read: ann`, or `- read: { by: ann, count: 2 }`",
            Block::Disconnect => {
                "write `- disconnect: ann`, or `- disconnect: { by: system, async: true, text: 会话超时 }`"
            }
            Block::Expect => "write `- { push: \"*\", status: 2xx }`, or `- { story: answered }`",
            Block::Story => "write `story: answered`, or `story: { attempts: 3 }`",
        }
    }

    /// What to do about a key that this block does not know.
    pub fn help_for(self, key: &str) -> String {
        if let Some(ours) = self.other_words().iter().find(|(word, _)| word.eq_ignore_ascii_case(key)) {
            return ours.1.to_owned();
        }
        if let Some(near) = nearest(key, self.keys().iter().copied()).filter(|near| near.eq_ignore_ascii_case(key)) {
            return format!("did you mean {}?", tick(near));
        }
        if let Some(place) = Self::PLACES.into_iter().find(|place| *place != self && place.keys().contains(&key)) {
            return match place {
                Block::File => format!("{} belongs at the top of the file, without indentation", tick(key)),
                Block::Retry => "it belongs under `deliver.retry`".to_owned(),
                Block::Sign => "it belongs under `deliver.sign`".to_owned(),
                place => format!("{} belongs under {}", tick(key), place.title()),
            };
        }
        if self == Block::File && super::verb::Verb::find(key).is_some() {
            return format!("{} is a step: write `- {key}: ...` in the list under `script`", tick(key));
        }
        match nearest(key, self.keys().iter().copied()) {
            Some(near) => format!("did you mean {}?", tick(near)),
            None => match self.keys().as_slice() {
                [only] => format!("the only key here is {}", tick(only)),
                keys => format!("the keys here are {}", choices(keys.iter().copied()).replace(" or ", " and ")),
            },
        }
    }

    /// Whether an unknown key was meant to be this one.
    pub fn meant(self, unknown: &str, key: &str) -> bool {
        let help = self.help_for(unknown);
        [format!("did you mean `{key}`"), format!("write `{key}`"), format!("write `{key}:")]
            .iter()
            .any(|start| help.starts_with(start))
    }
}
