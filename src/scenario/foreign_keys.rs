//! The keys that people bring along from elsewhere, and what to write in their place.

use super::block::Block;

impl Block {
    /// Words that people bring along from elsewhere, with what to do about them.
    pub(super) fn other_words(self) -> &'static [(&'static str, &'static str)] {
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
                ("probes", "write `probe`"),
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
            Block::Chat => &[
                ("kind", "a chat has no kind; its `channel` is web or whatsapp"),
                ("type", "write `channel: web` or `channel: whatsapp`"),
                ("agent", "write `agents: { ann: }`, with a name for each"),
                ("queue", "write `queues: { sales: }`, with a name for each"),
                ("robot", "the robot is always there: `- say: { by: robot, text: 您好 }`"),
            ],
            Block::Notification => &[
                ("task", "write `tasks: { spring: }`, with a name for each"),
                ("title", "write `tasks: { spring: { title: ... } }`"),
                ("content", "write `tasks: { spring: { content: ... } }`"),
                ("target", "write `tasks: { spring: { target: ... } }`"),
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
            Block::PushTask => &[
                ("text", "write `content`"),
                ("body", "write `content`"),
                ("name", "write `title`"),
                ("audience", "write `target`"),
                ("audience_type", "write `target`"),
                ("push_type", "write `target`"),
                ("tag", "write `tags: [vip]`"),
                ("token", "write `tokens: [...]`"),
                ("token_list", "write `tokens: [...]`"),
                ("account", "write `accounts: [...]`"),
                ("account_list", "write `accounts: [...]`"),
                ("upload_id", "write `package`"),
                ("expire_time", "write `expire: 12h`"),
                ("ttl", "write `expire: 12h`"),
                ("type", "write `message_type: notify` or `message_type: message`"),
                ("os", "write `platform: android` or `platform: ios`"),
                ("env", "write `environment: product` or `environment: dev`"),
            ],
            Block::Say => &[
                ("agent", "write `by`"),
                ("from", "write `by`"),
                ("who", "write `by`"),
                ("content", "write `text`"),
                ("message", "write `text`"),
                ("file", "write `document`"),
                ("place", "write `location`"),
            ],
            Block::Read => &[("agent", "write `by`"), ("messages", "write `count`"), ("number", "write `count`")],
            Block::Disconnect => &[
                ("agent", "write `by`"),
                ("party", "write `by`"),
                ("tip", "write `text`"),
                ("tips", "write `text`"),
                (
                    "after",
                    "the platform disconnects after a timeout: `by: system` says it, and `- wait` before it how long",
                ),
                ("because", "the platform disconnects after a timeout: `by: system` says it"),
                ("reason", "the platform disconnects after a timeout: `by: system` says it"),
                ("cause", "the platform disconnects after a timeout: `by: system` says it"),
            ],
            Block::Profile => &[
                ("name", "write `title`"),
                ("description", "write `title`, or a comment after `#`"),
                ("fault", "write `faults:` and a list: `- { fault: duplicate, push: \"*:end\" }`"),
                ("call", "a profile holds `faults` alone; a scenario can have `faults` as well"),
                ("script", "a profile holds `faults` alone; a scenario can have `faults` as well"),
            ],
            Block::Probe => &[
                ("url", "write `get: http://...` or `post: http://...`"),
                ("uri", "write `get: http://...` or `post: http://...`"),
                ("http", "write `get: http://...` or `post: http://...`"),
                ("request", "write `get: http://...` or `post: http://...`"),
                ("method", "write `get: http://...` or `post: http://...`"),
                ("put", "a probe asks by `get` or `post`; for anything else, let a `command` do it"),
                ("run", "write `command: [./state.sh, \"{call.id}\"]`"),
                ("exec", "write `command: [./state.sh, \"{call.id}\"]`"),
                ("cmd", "write `command: [./state.sh, \"{call.id}\"]`"),
                ("shell", "write `command: [/bin/sh, -c, \"...\"]`"),
                ("expect", "`status`, `json` and `text` stand in the probe itself"),
                ("assert", "`status`, `json` and `text` stand in the probe itself"),
                ("code", "write `status`"),
                ("exit", "write `status`"),
                ("data", "write `body`"),
                ("timeout", "write `within`"),
                ("until", "write `within`"),
                ("interval", "write `every`"),
                ("retry", "write `every: 100ms`: it is asked again until it agrees or `within` is over"),
                ("after", "a probe is asked after the story, or after every push: `each: true`"),
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
            | Block::Status
            | Block::Location => &[],
        }
    }
}
