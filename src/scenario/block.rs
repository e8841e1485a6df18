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
    Customer,
    Agent,
    Outsider,
    Queue,
    Task,
    Override,
    Deliver,
    Retry,
    Sign,
    Profile,
    When,
    Ivr,
    Decline,
    HangUp,
    Survey,
    Recognise,
    Login,
    Logout,
    Status,
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
            Block::Customer => &grammar::CUSTOMER,
            Block::Agent => &grammar::AGENT,
            Block::Outsider => &grammar::OUTSIDER,
            Block::Queue => &grammar::QUEUE,
            Block::Task => &grammar::TASK,
            Block::Override => &grammar::OVERRIDE,
            Block::Deliver => &grammar::DELIVER,
            Block::Retry => &grammar::RETRY,
            Block::Sign => &grammar::SIGN,
            Block::Profile => &grammar::PROFILE,
            Block::When => &grammar::WHEN,
            Block::Ivr => &grammar::IVR,
            Block::Decline => &grammar::DECLINE,
            Block::HangUp => &grammar::HANG_UP,
            Block::Survey => &grammar::SURVEY,
            Block::Recognise => &grammar::RECOGNISE,
            Block::Login => &grammar::LOGIN,
            Block::Logout => &grammar::LOGOUT,
            Block::Status => &grammar::STATUS,
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
            Block::Customer => "`customer`",
            Block::Agent => "an agent",
            Block::Outsider => "an outside party",
            Block::Queue => "a queue",
            Block::Task => "a task",
            Block::Override => "an entry of `set`",
            Block::Deliver => "`deliver`",
            Block::Retry => "`retry`",
            Block::Sign => "`sign`",
            Block::Profile => "a fault profile",
            Block::When => "`when`",
            Block::Ivr => "`ivr`",
            Block::Decline => "`decline`",
            Block::HangUp => "`hangup`",
            Block::Survey => "`survey`",
            Block::Recognise => "`recognise`",
            Block::Login => "`login`",
            Block::Logout => "`logout`",
            Block::Status => "a status of one's own",
        }
    }

    /// How it is written.
    pub fn example(self) -> &'static str {
        match self {
            Block::File => "start with `title: ...`, `call:` and `script:`",
            Block::Call => "write `call: { kind: outbound }`",
            Block::Shift => "write `shift: { agents: { ann: } }`",
            Block::Customer => "write `customer: { phone: \"13800138000\" }`, or leave it out",
            Block::Agent => "write `ann: { number: \"2001\" }`, or `ann:` to have all of her generated",
            Block::Outsider => "write `boss: { phone: \"13900139000\" }`, or `boss:`",
            Block::Queue => "write `sales: { number: \"800\" }`, or `sales:`",
            Block::Task => "write `spring: { id: 12 }`, or `spring:`",
            Block::Override => "write `- { push: \"udesk:end\", field: survey, value: 满意 }`",
            Block::Deliver => "write `deliver: { to: http://127.0.0.1:8080/hook }`",
            Block::Retry => "write `vendor`, `none`, or `{ waits: [5s, 5m, 30m] }`",
            Block::Sign => "write `sign: { scheme: standard-webhooks, secret: \"{env.HOOK_SECRET}\" }`",
            Block::Profile => "start with `faults:` and a list: `- { fault: duplicate, push: \"*:end\" }`",
            Block::When => "write `when: { nth: 2 }`; the keys are `nth`, `every`, `between`, `rate` and `attempts`",
            Block::Ivr => "write `- ivr: 主菜单`, or `- ivr: { name: 主菜单, variables: { lang: zh } }`",
            Block::Decline => "write `- decline: customer`, or `- decline: { party: customer, cause: busy }`",
            Block::HangUp => "write `- hangup: ann`, or `- hangup: { by: ann, release_after: 3s }`",
            Block::Survey => "write `- survey: \"5\"`, or `- survey: { keys: \"5\", after: 6s }`",
            Block::Recognise => "write `- recognise: { reason: onThePhone, code: 15, keyword: 正在通话 }`",
            Block::Login => "write `- login: ann`, or `- login: { agent: ann, device: softphone }`",
            Block::Logout => "write `- logout: ann`, or `- logout: { agent: ann, offline: phone }`",
            Block::Status => "write `- status: { ann: { number: 101, name: 小休 } }`",
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

    /// Words that people bring along from elsewhere, with what to do about them.
    fn other_words(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Block::File => &[
                ("name", "write `title`"),
                ("description", "write `title`, or a comment after `#`"),
                ("scenario", "write `title`; a file holds one scenario"),
                ("scenarios", "a file holds one scenario; give a folder as SCENARIO to play several"),
                ("steps", "write `script`"),
                ("flow", "write `script`"),
                ("events", "write `script`"),
                ("vendor", "write `vendors: [udesk]`"),
                ("target", "write `deliver: { to: ... }`, or give `--target` on the command line"),
                ("targets", "write `deliver: { to: [...] }`, or give `--target` on the command line"),
                ("url", "write `deliver: { to: ... }`, or give `--target` on the command line"),
                ("seed", "give `--seed` on the command line"),
                ("pace", "give `--pace` on the command line"),
                ("fault", "write `faults:` and a list: `- { fault: duplicate, push: \"*:end\" }`"),
                ("chaos", "write `faults:` and a list: `- { fault: duplicate, push: \"*:end\" }`"),
                ("expect", "this version checks no expectations yet; take it out"),
                ("probe", "this version has no probe yet; take it out"),
                ("snapshot", "this version takes no snapshots yet; take it out"),
            ],
            Block::Call => &[
                ("type", "write `kind`"),
                ("direction", "write `kind: outbound` or `kind: inbound`"),
                ("agent", "write `agents: { ann: }`, with a name for each"),
                ("queue", "write `queues: { sales: }`, with a name for each"),
                ("task", "write `tasks: { spring: }`, with a name for each"),
                ("outsiders", "write `outside`"),
                ("caller", "write `customer`"),
                ("from", "the centre's own number is `line`, the other side is `customer: { phone: ... }`"),
                ("to", "the centre's own number is `line`, the other side is `customer: { phone: ... }`"),
                ("number", "the centre's own number is `line`, the customer's is `customer: { phone: ... }`"),
                ("phone", "the centre's own number is `line`, the customer's is `customer: { phone: ... }`"),
            ],
            Block::Customer => &[("number", "write `phone`"), ("tel", "write `phone`"), ("mobile", "write `phone`")],
            Block::Agent => &[
                ("id", "write `number` (工号)"),
                ("extension", "write `number` (工号)"),
                ("mail", "write `email`"),
                ("tel", "write `phone`"),
            ],
            Block::Outsider => &[("number", "write `phone`")],
            Block::Queue => &[("id", "write `number`")],
            Block::Task => &[("number", "write `id`")],
            Block::Profile => &[
                ("name", "write `title`"),
                ("description", "write `title`, or a comment after `#`"),
                ("fault", "write `faults:` and a list: `- { fault: duplicate, push: \"*:end\" }`"),
                ("call", "a profile holds `faults` alone; a scenario can have `faults` as well"),
                ("script", "a profile holds `faults` alone; a scenario can have `faults` as well"),
            ],
            Block::When => &[
                ("probability", "write `rate: 20%`"),
                ("percent", "write `rate: 20%`"),
                ("attempt", "write `attempts: 1` or `attempts: 1..2`"),
                ("first", "write `attempts: 1..2` for the first two attempts, `nth: 1` for the first push"),
                ("push", "`push` stands beside `when`, not within it"),
                ("call", "`call` stands beside `when`, not within it"),
                ("target", "`target` stands beside `when`, not within it"),
            ],
            Block::Deliver => &[
                ("url", "write `to`"),
                ("target", "write `to`"),
                ("retries", "write `retry: { waits: [5s, 5m] }`: one wait for each further attempt"),
                ("secret", "write `sign: { scheme: ..., secret: ... }`"),
            ],
            Block::Retry => &[
                ("delays", "write `waits`"),
                ("count", "write `waits: [5s, 5m]`: one wait for each further attempt"),
                ("attempts", "write `waits: [5s, 5m]`: one wait for each further attempt"),
            ],
            Block::Sign => &[("key", "write `secret`"), ("algorithm", "write `scheme`"), ("type", "write `scheme`")],
            Block::HangUp => {
                &[("agent", "write `by`"), ("party", "write `by`"), ("who", "write `by`"), ("reason", "write `cause`")]
            }
            Block::Decline => &[("agent", "write `party`"), ("by", "write `party`"), ("reason", "write `cause`")],
            Block::Shift
            | Block::Override
            | Block::Ivr
            | Block::Survey
            | Block::Recognise
            | Block::Login
            | Block::Logout
            | Block::Status => &[],
        }
    }
}
