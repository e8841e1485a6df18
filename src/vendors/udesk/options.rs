//! What a scenario can set for Udesk, and what of it is impossible. Nothing is drawn here.

use super::fields::{ISO, ZONED};
use super::set_fields::SetFields;
use crate::body::Form;
use crate::vendors::options::{OptionType, OptionValue, Words, options};
use crate::vendors::{BadOption, GivenOptions, OptionKind};
use std::collections::BTreeMap;
use std::time::Duration;

/// The most further attempts that can be set.
const RETRY_COUNT_MAX: u64 = 100;
/// The largest id that can be set: beyond it, readers of JSON that know only floating-point numbers lose digits.
const ID_MAX: u64 = 9_007_199_254_740_991 - 1_000_000;
/// What stands in `survey` where the customer answered none: the sample's word.
const NOT_RATED: &str = "未评价";

options! {
    /// The options of a call.
    #[derive(Debug, Clone)]
    pub struct Options {
        agent_lock: bool = false, Seed, "whether Udesk has enabled the push `agent_lock`";
        defeat_cause: bool = false, Seed, "whether Udesk has enabled the field `defeat_cause`";
        retry: bool = false, Seed, "whether Udesk has enabled retries";
        retry_count: u64 = (3, RETRY_COUNT_MAX), Inferred, "how many further attempts there are, with `retry`";
        retry_interval: Duration = (Duration::from_secs(60), Duration::MAX), Inferred, "how long the wait before each is";
        timeout: Duration = (Duration::from_secs(5), Duration::MAX), Inferred, "how long Udesk waits for an answer";
        success: Success = (), Inferred, "which status settles a push; the body is ignored";
        content_type: String = "application/json", Inferred, "the Content-Type of every push";
        end_info: EndInfo = (), Inferred, "when `end_info` is sent; whatever follows `end` can be taken for a retry";
        time_format: TimeFormat = (), Seed, "how ring, answer and hang-up times are written";
        questionnaire_id: QuestionnaireId = (), Seed, "the JSON type of `questionnaire_id`";
        user_group: bool = true, Seed, "whether `user_group_id` and `user_group_name` are sent at all";
        queue_statue_waiting: String = "排队中", Inferred, "`queue_statue` while the customer waits";
        queue_statue_answered: String = "排队成功", Inferred, "`queue_statue` once an agent has answered";
        queue_statue_abandoned: String = "排队放弃", Inferred, "`queue_statue` once the wait was in vain";
        survey_names: SurveyNames = (), Inferred, "the text in `survey` for each key, as in `{ \"5\": 非常满意, \"1\": 非常不满意 }`";
        device_info: String = "网页电话", Seed, "the agent's device: 网页电话, 手机, IP话机";
        record_url: String = "http://127.0.0.1:9/udesk/recordings/{conversation_id}.wav", Inferred,
            "the address of a recording; {conversation_id} is replaced";
        call_id: Option<String> = (), Inferred, "the call's id, else a drawn UUID";
        conversation_id: Option<u64> = ID_MAX, Inferred, "the first conversation's id, else drawn; later ones are larger";
        agent_id: Option<u64> = ID_MAX, Inferred, "the first agent's id, else drawn; the next agents' are larger";
        customer_id: Option<u64> = ID_MAX, Inferred, "the customer's id, else drawn";
        fields: SetFields = (), Inferred,
            "values for fields of the customer's, the business and the agent's record, as in `{ level: vip }`; each stands in the pushes that carry the field";
    }
}

impl Options {
    /// Reads what is given and refuses what no call can have.
    ///
    /// # Errors
    /// The first option that is impossible.
    pub fn checked(given: &GivenOptions) -> Result<Self, BadOption> {
        let options = Self::read(given)?;
        let bad = |option, reason: &str| Err(BadOption { option, reason: reason.to_owned() });
        if options.timeout.is_zero() {
            return bad("timeout", "a push needs time to be answered, as in `5s`");
        }
        let is_visible = |text: &str| text.chars().all(|sign| sign == ' ' || sign.is_ascii_graphic());
        if options.content_type.is_empty() || !is_visible(&options.content_type) {
            return bad("content_type", "a header takes visible ASCII only, as in `application/json;charset=utf8`");
        }
        let Self { conversation_id, agent_id, customer_id, .. } = options;
        let ids = [("conversation_id", conversation_id), ("agent_id", agent_id), ("customer_id", customer_id)];
        match ids.into_iter().find(|(_, id)| *id == Some(0)) {
            Some((option, _)) => bad(option, "an id is at least 1"),
            None => Ok(options),
        }
    }
}

/// Which status settles a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Success {
    /// Any that means success.
    Any,
    /// 200 and no other.
    Only200,
}

impl Words for Success {
    const ALL: &'static [(&'static str, Self)] = &[("2xx", Success::Any), ("200", Success::Only200)];
}

/// When `end_info` is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndInfo {
    /// So that `end` is the last word on a conversation, as the page has it.
    BeforeEnd,
    /// The other reading.
    AfterEnd,
    /// Never.
    Off,
}

impl Words for EndInfo {
    const ALL: &'static [(&'static str, Self)] =
        &[("before_end", EndInfo::BeforeEnd), ("after_end", EndInfo::AfterEnd), ("off", EndInfo::Off)];
}

/// How ringing, answers and hang-ups are written: as in the page's sample, or as in its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeFormat(pub Form);

impl Words for TimeFormat {
    const ALL: &'static [(&'static str, Self)] = &[("iso", TimeFormat(ISO)), ("legacy", TimeFormat(ZONED))];
}

/// The JSON type of `questionnaire_id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuestionnaireId {
    /// As in the page's sample.
    Text,
    /// As in its table.
    Number,
}

impl Words for QuestionnaireId {
    const ALL: &'static [(&'static str, Self)] =
        &[("text", QuestionnaireId::Text), ("number", QuestionnaireId::Number)];
}

/// The texts in `survey` by the keys that the customer pressed.
#[derive(Debug, Clone)]
pub struct SurveyNames(BTreeMap<String, String>);

impl SurveyNames {
    /// The text for these keys; keys without a name stand as they are.
    pub fn name<'a>(&'a self, keys: Option<&'a str>) -> &'a str {
        match keys {
            None | Some("") => NOT_RATED,
            Some(keys) => self.0.get(keys).map_or(keys, String::as_str),
        }
    }
}

impl OptionType for SurveyNames {
    type Default = ();

    fn kind((): &()) -> OptionKind {
        OptionKind::Any
    }

    fn read(given: Option<&OptionValue>, (): ()) -> Result<Self, String> {
        const HINT: &str = "a map of keys to texts is needed, as in `{ \"1\": 满意, \"2\": 不满意 }`";
        let Some(OptionValue::Any(given)) = given else {
            let names = [("5", "非常满意"), ("4", "满意"), ("3", "一般"), ("2", "不满意"), ("1", "非常不满意")];
            return Ok(Self(names.map(|(key, name)| (key.to_owned(), name.to_owned())).into()));
        };
        serde_json::from_value(given.clone()).map(Self).map_err(|_| HINT.to_owned())
    }
}
