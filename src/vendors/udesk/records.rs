//! What Udesk keeps beside a call and draws here from the seed: ids, the customer's record, business records.

use super::fields::CUSTOM_FIELD;
use super::options::QuestionnaireId;
use super::scene::Scene;
use crate::body::{Draw, First, Leaf, Shape, Steps};
use crate::random::Purpose;
use crate::vendors::table::object;

/// How far apart two ids that follow each other are at most: other calls of the account lie between.
const ID_STEP_MAX: u64 = 9;

pub const LEVELS: &[&str] = &["normal", "vip"];
pub const GROUPS: &[&str] = &["客服一组", "客服二组", "售后组", "电销组"];
const AGENT_TAGS: &[&str] = &["客服标签", "售前", "售后", "资深客服", "新人"];
const NOTE_SUBJECTS: &[&str] = &["产品咨询", "售后回访", "投诉处理", "预约回电", "订单查询"];
const NOTE_TYPES: &[&str] = &["咨询", "投诉", "建议"];
const NOTE_REMARKS: &[&str] = &["客户已了解", "稍后跟进", "无"];

impl Scene<'_> {
    fn drawn(&self, purpose: &'static str, shape: Shape) -> Leaf {
        Leaf::drawn(self.cast, Draw::new(purpose, shape))
    }

    pub fn word(&self, purpose: &'static str, words: &'static [&'static str]) -> Leaf {
        self.drawn(purpose, Shape::Word(words))
    }

    /// A value that each conversation of a call has for itself.
    fn own(&self, purpose: &'static str, shape: Shape) -> Leaf {
        Leaf::drawn(self.cast, Draw::new(purpose, shape).nth(self.index as u64))
    }

    fn of_centre(&self, draw: Draw) -> Leaf {
        Leaf::of_centre(draw.text(&self.cast.keyed.centre()))
    }

    pub fn call_id(&self) -> Leaf {
        let drawn = || self.drawn("udesk.call_id", Shape::Uuid);
        self.options.call_id.as_ref().map_or_else(drawn, Leaf::from)
    }

    /// The id of the conversation: larger than that of the one before.
    pub fn conversation_id(&self) -> Leaf {
        let drawn = First::Drawn("udesk.conversation_id", 10_000_000, 1_999_999_999);
        let first = self.options.conversation_id.map_or(drawn, First::Given);
        following(first, "udesk.conversation_step", self.index, |steps| Leaf::stepped(self.cast, steps))
    }

    pub fn agent_id(&self) -> Leaf {
        self.agent_index().map(|agent| self.id_of_agent(agent)).into()
    }

    /// The id of the agent whose conversation this one grew from.
    pub fn grown_from(&self) -> Leaf {
        self.from().and_then(|from| from.agent).map(|agent| self.id_of_agent(agent)).into()
    }

    fn id_of_agent(&self, agent: usize) -> Leaf {
        let first = self.options.agent_id.map_or(First::Drawn("udesk.agent_id", 1_000, 99_999), First::Given);
        let centre = self.cast.keyed.centre();
        let of_centre = |steps: Steps| Leaf::of_centre(steps.number(&centre).to_string());
        following(first, "udesk.agent_step", agent, of_centre)
    }

    pub fn agent_tags(&self) -> Leaf {
        let tag = Draw::new("udesk.agent_tags", Shape::Word(AGENT_TAGS));
        self.agent_index().map(|agent| vec![self.of_centre(tag.nth(agent as u64))]).into()
    }

    pub fn customer_id(&self) -> Leaf {
        let drawn = || self.drawn("udesk.customer_id", Shape::Within(1_000_000_000, 1_999_999_999)).as_number();
        self.options.customer_id.map_or_else(drawn, Leaf::from)
    }

    pub fn token(&self, purpose: &'static str) -> Leaf {
        self.drawn(purpose, Shape::Hex(18))
    }

    pub fn ivr_record_id(&self) -> Leaf {
        self.own("udesk.ivr_record_id", Shape::Within(10_000_000, 99_999_999)).as_number()
    }

    pub fn tickets(&self) -> Leaf {
        vec![Leaf::joined(["#".into(), self.own("udesk.ticket", Shape::Within(1, 99_999))])].into()
    }

    pub fn note_id(&self) -> Leaf {
        let first = First::Drawn("udesk.note_id", 100_000, 9_999_999);
        following(first, "udesk.note_step", self.index, |steps| Leaf::stepped(self.cast, steps))
    }

    pub fn note_content(&self) -> Leaf {
        self.own("udesk.note_subject", Shape::Word(NOTE_SUBJECTS))
    }

    /// A text, and a choice, whose value is a list. That the options chosen are texts is inferred; the sample's lists are
    /// empty.
    pub fn note_fields(&self) -> Leaf {
        let remark = self.own("udesk.note_remark", Shape::Word(NOTE_REMARKS));
        let chosen = vec![self.own("udesk.note_type", Shape::Word(NOTE_TYPES))].into();
        [("TextField_286", "备注", remark), ("SelectField_364", "咨询类型", chosen)]
            .map(|custom| object(CUSTOM_FIELD, &custom))
            .to_vec()
            .into()
    }

    pub fn template_id(&self) -> Leaf {
        self.of_centre(Draw::new("udesk.note_template_id", Shape::Within(1, 200))).as_number()
    }

    pub fn questionnaire_id(&self) -> Leaf {
        let id = self.of_centre(Draw::new("udesk.questionnaire_id", Shape::Within(1, 200)));
        match self.options.questionnaire_id {
            QuestionnaireId::Text => id,
            QuestionnaireId::Number => id.as_number(),
        }
    }

    pub fn answers(&self) -> Leaf {
        Leaf::object([("问题是否已解决?", self.own("udesk.questionnaire", Shape::Word(&["是", "否"])))])
    }
}

/// The id that follows the first after so many steps. One that is given stands as it is.
fn following(first: First, purpose: &'static str, count: usize, leaf: impl FnOnce(Steps) -> Leaf) -> Leaf {
    match (first, count as u64) {
        (First::Given(id), 0) => Leaf::from(id),
        (first, count) => {
            let purpose = Purpose::of(purpose);
            leaf(Steps { first, purpose, longest: ID_STEP_MAX, count, is_one_stream: false }).as_number()
        }
    }
}
