//! Reads the value of a step, verb by verb.

use super::about::About;
use super::block::Block;
use super::fields::{Fields, choice, scalar, switch, text, value};
use super::names::{Names, Whom};
use super::problems::{Problem, Problems, Span};
use super::tree::{Entry, Kind, Node};
use super::value::{Wrong, duration, keys as telephone_keys, span};
use super::verb::Verb;
use crate::call::{Cause, NotificationEvent, Party, Recognition, Span as Length, Step};
use crate::diagnostic::Code;
use crate::spelling::tick;
use std::time::Duration;

/// How long a survey takes from the hang-up of the agent, where the file does not say.
pub const SURVEY_AFTER: Duration = Duration::from_secs(5);

const LENGTH: &str = "a length of time such as `5s`";

/// The keys that the value of a verb can have, the main one first.
pub(super) fn keys(verb: Verb) -> Vec<&'static str> {
    let block = match verb {
        Verb::Ivr => Block::Ivr,
        Verb::Decline => Block::Decline,
        Verb::HangUp => Block::HangUp,
        Verb::Survey => Block::Survey,
        Verb::Recognise => Block::Recognise,
        Verb::Login => Block::Login,
        Verb::Logout => Block::Logout,
        Verb::Say => Block::Say,
        Verb::Read => Block::Read,
        Verb::Disconnect => Block::Disconnect,
        _ => return Vec::new(),
    };
    block.keys()
}

/// Reads a step. `at` is where its verb stands.
pub(super) fn read(verb: Verb, node: Option<&Node>, at: &Span, names: &Names, problems: &mut Problems) -> Option<Step> {
    let mut reading = Reading { verb, node, at, names, problems };
    match verb {
        Verb::Wait => reading.length("5s").map(Step::Wait),
        Verb::Ivr => reading.ivr(),
        Verb::Keys => {
            let node = reading.needed("\"1\"")?;
            value(node, ("`keys`", "digits, `*` and `#`"), problems, telephone_keys).map(Step::Keys)
        }
        Verb::Enqueue => reading.named(Names::queue).map(Step::Enqueue),
        Verb::Task => reading.named(Names::task).map(|task| Step::Task(task.unwrap_or(0))),
        Verb::Lock => reading.agent().map(Step::Lock),
        Verb::Ring => reading.party(Whom::WithPhone, "ann").map(Step::Ring),
        Verb::Answer if names.about() == About::Chat => reading.agent().map(|agent| Step::Answer(Party::Agent(agent))),
        Verb::Answer => reading.party(Whom::WithPhone, "ann").map(Step::Answer),
        Verb::Decline => reading.decline(),
        Verb::Hold => reading.agent().map(Step::Hold),
        Verb::Resume => reading.agent().map(Step::Resume),
        Verb::Transfer if names.about() == About::Chat => reading.hand_on(),
        Verb::Transfer => reading.party(Whom::Third, "bob").map(Step::Transfer),
        Verb::Consult => reading.party(Whom::Third, "bob").map(Step::Consult),
        Verb::Conference => reading.party(Whom::Third, "bob").map(Step::Conference),
        Verb::Listen => reading.supervisor().map(Step::Listen),
        Verb::Whisper => reading.supervisor().map(Step::Whisper),
        Verb::Barge => reading.supervisor().map(Step::Barge),
        Verb::Intercept => reading.supervisor().map(Step::Intercept),
        Verb::HangUp => reading.hang_up(),
        Verb::Voicemail => reading.length("20s").map(Step::Voicemail),
        Verb::Survey => reading.survey(),
        Verb::Record => reading.nothing().map(|()| Step::Record),
        Verb::Recognise => reading.recognise(),
        Verb::Transcribe => reading.words().map(Step::Transcribe),
        Verb::Understand => reading.words().map(Step::Understand),
        Verb::Status => reading.status(),
        Verb::Login => reading.login(),
        Verb::Logout => reading.logout(),
        Verb::Say => reading.say(),
        Verb::Read => reading.read(),
        Verb::Disconnect => reading.disconnect(),
        Verb::Create => reading.push_task(NotificationEvent::Created),
        Verb::Schedule => reading.push_task(NotificationEvent::Scheduled),
        Verb::Start => reading.push_task(NotificationEvent::Started),
        Verb::Finish => reading.push_task(NotificationEvent::Finished),
        Verb::Fail => reading.push_task(NotificationEvent::Failed),
        Verb::Cancel => reading.push_task(NotificationEvent::Cancelled),
        Verb::Delete => reading.push_task(NotificationEvent::Deleted),
        Verb::Revoke => reading.push_task(NotificationEvent::Revoked),
        Verb::Collapse => reading.push_task(NotificationEvent::Collapsed),
    }
}

/// One step that is being read.
pub(super) struct Reading<'r, 'n> {
    pub verb: Verb,
    pub node: Option<&'n Node>,
    pub at: &'r Span,
    pub names: &'r Names,
    pub problems: &'r mut Problems,
}

impl<'n> Reading<'_, 'n> {
    pub fn needed(&mut self, example: &str) -> Option<&'n Node> {
        if self.node.is_none() {
            let word = self.verb.word();
            let problem = Problem::new(Code::MissingKey, self.at, format!("`{word}` needs a value"));
            self.problems.add(problem.help(format!("write `- {word}: {example}`")));
        }
        self.node
    }

    fn nothing(&mut self) -> Option<()> {
        let Some(node) = self.node else { return Some(()) };
        let word = self.verb.word();
        let problem = Problem::new(Code::WrongKind, &node.span, format!("`{word}` takes no value"));
        self.problems.add(problem.help(format!("write `- {word}`")));
        None
    }

    fn length(&mut self, example: &str) -> Option<Length> {
        let node = self.needed(example)?;
        value(node, (&format!("`{}`", self.verb.word()), LENGTH), self.problems, span)
    }

    fn party(&mut self, whom: Whom, example: &str) -> Option<Party> {
        let node = self.needed(example)?;
        self.names.party(node, self.verb, whom, self.problems)
    }

    /// An agent, who need not be named where there is only one.
    pub fn agent(&mut self) -> Option<usize> {
        self.agent_in(self.node)
    }

    pub fn agent_in(&mut self, node: Option<&Node>) -> Option<usize> {
        match node {
            Some(node) => self.names.agent(node, self.verb, self.problems),
            None => self.names.only_agent(self.verb, self.at, self.problems),
        }
    }

    fn supervisor(&mut self) -> Option<usize> {
        let node = self.needed("sup")?;
        self.names.agent(node, self.verb, self.problems)
    }

    fn named(&mut self, find: fn(&Names, &Node, &mut Problems) -> Option<usize>) -> Option<Option<usize>> {
        match self.node {
            Some(node) => find(self.names, node, self.problems).map(Some),
            None => Some(None),
        }
    }

    fn push_task(&mut self, event: NotificationEvent) -> Option<Step> {
        let task = match self.node {
            Some(node) => self.names.push_task(node, self.verb, self.problems),
            None => self.names.only_task(self.verb, self.at, self.problems),
        };
        Some(Step::Notification { task: task?, event })
    }

    fn words(&mut self) -> Option<Option<String>> {
        match self.node {
            Some(node) => text(node, &format!("`{}`", self.verb.word()), self.problems).map(Some),
            None => Some(None),
        }
    }

    /// The keys of a value that is written as such.
    pub fn fields(&mut self, block: Block) -> Option<Fields<'n>> {
        match self.node.filter(|node| matches!(node.kind, Kind::Map(_) | Kind::List(_))) {
            Some(node) => Fields::open(node, self.at, block, self.problems),
            None => None,
        }
    }

    pub fn is_plain(&self) -> bool {
        self.node.is_none_or(|node| matches!(node.kind, Kind::Scalar { .. } | Kind::Nothing))
    }

    fn ivr(&mut self) -> Option<Step> {
        if self.is_plain() {
            return self.words().map(|name| Step::Ivr { name, variables: Vec::new(), recorded: false });
        }
        let fields = self.fields(Block::Ivr)?;
        let name = fields.optional("name").and_then(|node| text(node, "`name`", self.problems));
        let recorded = fields.optional("record").and_then(|node| switch(node, "`record`", self.problems));
        let variables = match fields.optional("variables").map(|node| (&node.kind, node)) {
            None => Vec::new(),
            Some((Kind::Map(entries), _)) => entries.iter().filter_map(|entry| self.variable(entry)).collect(),
            Some((_, node)) => {
                let message = format!("`variables` is a set of keys, but this is {}", node.kind_in_words());
                let problem = Problem::new(Code::WrongKind, &node.span, message);
                self.problems.add(problem.help("write `variables: { account: \"8021\" }`"));
                Vec::new()
            }
        };
        Some(Step::Ivr { name, variables, recorded: recorded.unwrap_or_default() })
    }

    fn variable(&mut self, entry: &Entry) -> Option<(String, String)> {
        let value = scalar(&entry.value, &tick(&entry.key), "a text", self.problems)?;
        Some((entry.key.clone(), value.to_owned()))
    }

    fn cause(&mut self, fields: &Fields<'n>) -> Option<Cause> {
        fields.optional("cause").and_then(|node| choice(node, "`cause`", &Cause::ALL, self.problems))
    }

    fn decline(&mut self) -> Option<Step> {
        if self.is_plain() {
            return self.party(Whom::WithPhone, "customer").map(|party| Step::Decline(party, None));
        }
        let fields = self.fields(Block::Decline)?;
        let cause = self.cause(&fields);
        let party = fields.required("party", "party: customer", self.problems)?;
        let party = self.names.party(party, self.verb, Whom::WithPhone, self.problems)?;
        Some(Step::Decline(party, cause))
    }

    fn hang_up(&mut self) -> Option<Step> {
        if self.is_plain() {
            let by = self.party(Whom::Anybody, "ann")?;
            return Some(Step::HangUp { by, release_after: Duration::ZERO, cause: None });
        }
        let fields = self.fields(Block::HangUp)?;
        let cause = self.cause(&fields);
        let release_after = fields
            .optional("release_after")
            .and_then(|node| value(node, ("`release_after`", LENGTH), self.problems, duration));
        let by = fields.required("by", "by: ann", self.problems)?;
        let by = self.names.party(by, self.verb, Whom::Anybody, self.problems)?;
        Some(Step::HangUp { by, release_after: release_after.unwrap_or_default(), cause })
    }

    fn survey(&mut self) -> Option<Step> {
        let what = ("`survey`", "digits, `*` and `#`");
        if self.is_plain() {
            let node = self.needed("\"5\"")?;
            let keys = value(node, what, self.problems, telephone_keys)?;
            return Some(Step::Survey { keys, after: Length::exactly(SURVEY_AFTER) });
        }
        let fields = self.fields(Block::Survey)?;
        let after = fields.optional("after").map(|node| value(node, ("`after`", LENGTH), self.problems, span));
        let keys = fields.required("keys", "keys: \"5\"", self.problems)?;
        let keys = value(keys, what, self.problems, telephone_keys)?;
        Some(Step::Survey { keys, after: after.unwrap_or(Some(Length::exactly(SURVEY_AFTER)))? })
    }

    fn recognise(&mut self) -> Option<Step> {
        let node = self.needed("{ reason: onThePhone, code: 15, keyword: 正在通话 }")?;
        let fields = Fields::open(node, self.at, Block::Recognise, self.problems)?;
        let reason = fields.required("reason", "reason: onThePhone", self.problems);
        let code = fields.required("code", "code: 15", self.problems);
        let keyword = fields.required("keyword", "keyword: 正在通话", self.problems);
        let reason = reason.and_then(|node| text(node, "`reason`", self.problems));
        let code = code.and_then(|node| value(node, ("`code`", "a whole number"), self.problems, signed));
        let keyword = keyword.and_then(|node| text(node, "`keyword`", self.problems));
        Some(Step::Recognise(Recognition { reason: reason?, code: code?, keyword: keyword? }))
    }
}

fn signed(text: &str) -> Result<i64, Wrong> {
    let too_large = || Wrong {
        reason: format!("{} is too large", tick(text)),
        help: format!("the largest number here is `{}`", i64::MAX),
    };
    match text.parse() {
        Ok(number) => Ok(number),
        Err(_) => i64::try_from(super::value::integer(text)?).map_err(|_| too_large()),
    }
}
