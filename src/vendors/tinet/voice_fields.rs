//! The default fields of the pushes about what is pressed, said and heard, and about tasks.

use super::scene::known;
use super::speech;
use super::topic::Topic;
use super::variables::{
    CALL_TYPE, CNO, CUSTOMER, END_TIME, ENTERPRISE, IVR, KEYS, LEG_ID, MAIN_ID, RECORD_FILE, REQUEST_ID, Row,
    SIP_CAUSE, START_TIME, TASK, TIME, USER_FIELD, digits, event, second, text, word,
};
use crate::body::Leaf;
use crate::call::Fact;

pub(super) const KEYS_PRESSED: &[Row] = &[
    event(&["pressKeys"]),
    ENTERPRISE,
    CUSTOMER,
    CALL_TYPE,
    IVR,
    text("ivrNode", |t| known(t.told.node.as_ref())).meaning("the node of the menu, as a path", "语音导航节点路径"),
    KEYS,
    TIME,
    USER_FIELD,
    MAIN_ID,
];

pub(super) const HTTP_INTERACTION: &[Row] = &[
    ENTERPRISE,
    MAIN_ID,
    CUSTOMER,
    CALL_TYPE,
    KEYS.meaning("the keys pressed so far", "目前已按的键").only("once any were pressed"),
    text("tag", |t| t.on(Topic::HttpInteraction, || Leaf::from(&t.known.options.tag)))
        .meaning(
            "the mark of the customer; added where the action has no field of this name",
            "客户标记，动作中没有同名字段时自动添加",
        )
        .only("with the option `tag`"),
];

pub(super) const IVR_END: &[Row] = &[
    ENTERPRISE,
    MAIN_ID,
    CUSTOMER,
    IVR,
    text("ivrName", |t| t.on(Topic::IvrEnd, || Leaf::from(&t.known.menu.name)))
        .meaning("the name of the voice menu", "语音导航名称"),
    START_TIME.fact(Fact::MenuEntered),
    END_TIME.fact(Fact::MenuLeft),
    text("ivrFlow", |t| t.on(Topic::IvrEnd, || t.known.menu.flow(t.known.cast)))
        .meaning("the nodes visited, as the text of a JSON list", "经过的节点，JSON 列表文本"),
];

const WITH_AGENT: &str = "where an agent talked";

pub(super) const SURVEY: &[Row] = &[
    ENTERPRISE,
    MAIN_ID,
    LEG_ID.only(WITH_AGENT),
    CUSTOMER,
    CALL_TYPE,
    CNO.only(WITH_AGENT),
    text("clientName", |t| known(t.agent_on_leg().map(|agent| &agent.name)))
        .meaning("the agent's name", "座席姓名")
        .fact(Fact::AgentName)
        .only(WITH_AGENT),
    START_TIME.fact(Fact::SurveyAsked),
    END_TIME.fact(Fact::SurveyAnswered),
    text("investigationName", |t| t.on(Topic::Survey, || Leaf::from(&t.known.options.survey_name)))
        .meaning("the name of the survey", "满意度调查名称"),
    KEYS.fact(Fact::SurveyKeys),
    text("multiKeys", |_| Leaf::Absent)
        .meaning("the answers of a survey of several questions", "多题满意度调查的按键")
        .only("for a survey of several questions, which no script has"),
];

pub(super) const UNDERSTOOD: &[Row] = &[
    ENTERPRISE,
    MAIN_ID,
    LEG_ID,
    CUSTOMER,
    CNO.only("where an agent listens, which no script has"),
    text("engine", |t| t.on(Topic::Understood, || speech::ENGINE)).meaning("the recogniser", "语音识别引擎"),
    text("text", |t| t.on(Topic::Understood, || speech::said(t)))
        .meaning("what the customer said", "客户所说内容")
        .fact(Fact::Text),
    text("botText", |t| t.on(Topic::Understood, || speech::answered(t)))
        .meaning("what the robot answered", "机器人回复内容")
        .fact(Fact::Text),
    word("monitorSide", &["1", "2"], |t| t.on(Topic::Understood, || "2"))
        .meaning("who was heard: 1 the agent's side, 2 the customer's", "监听侧：1 座席侧，2 客户侧")
        .fact(Fact::Speaker),
    START_TIME.fact(Fact::Said),
    END_TIME,
    digits("rasrDuration", |t| t.on(Topic::Understood, || speech::length(t)))
        .meaning("how long the customer spoke, in seconds", "客户说话时长，秒"),
    RECORD_FILE.meaning("the recording of the customer", "客户侧录音文件名"),
    text("outRecordFile", |t| t.on(Topic::Understood, || t.file(format!("rasr_out-{}", t.told.nth)).or_empty()))
        .meaning("the recording of the robot", "机器人侧录音文件名")
        .fact(Fact::RecordingUrl),
    text("mixRecordFile", |t| t.on(Topic::Understood, || t.file(format!("rasr_mix-{}", t.told.nth)).or_empty()))
        .meaning("the recording of both", "混音录音文件名")
        .fact(Fact::RecordingUrl),
];

pub(super) const TASK_STATE: &[Row] = &[
    ENTERPRISE,
    TASK,
    text("taskName", |t| t.on(Topic::Task, || Leaf::from(t.task().map(|task| &task.name)).or_empty()))
        .meaning("the name of the task", "外呼任务名称")
        .fact(Fact::TaskName),
    word("taskType", &["1", "2"], |t| {
        t.on(Topic::Task, || if t.known.options.task_type.0 == "automatic" { "2" } else { "1" })
    })
    .meaning("1 predictive, 2 automatic", "任务类型：1 预测外呼，2 自动外呼"),
    word("taskStatus", &["0", "1", "2", "3"], |t| t.of_task("1", "3"))
        .meaning("0 new, 1 running, 2 paused, 3 ended", "任务状态：0 新建，1 运行，2 暂停，3 结束"),
    word("taskStatusDesc", &["运行", "结束"], |t| t.of_task("运行", "结束"))
        .meaning("the state in words", "任务状态描述"),
    START_TIME,
    END_TIME.only("once it has ended"),
    digits("totalCount", |t| t.of_task("1", "1")).meaning("how many numbers it has", "号码总数"),
    digits("calledCount", |t| t.count(|call| call.customer_rang)).meaning("how many were called", "已呼叫数"),
    digits("answeredCount", |t| t.count(|call| call.customer_answered)).meaning("how many answered", "客户接听数"),
    digits("bridgedCount", |t| t.count(|call| call.bridged)).meaning("how many reached an agent", "双方接通数"),
    TIME,
];

pub(super) const NUMBER_STATUS: &[Row] = &[
    ENTERPRISE,
    MAIN_ID,
    LEG_ID,
    REQUEST_ID,
    CUSTOMER,
    CALL_TYPE,
    CNO.only("where an agent is in the call"),
    SIP_CAUSE.meaning("the state of the number: 7xx and 8xx", "号码状态码：7xx、8xx"),
    text("tsiFile", |t| t.on(Topic::NumberStatus, || t.file("tsi").or_empty()))
        .meaning("the recording of the tone", "提示音录音文件名")
        .fact(Fact::RecordingUrl),
    second("timestamp", |t| t.on(Topic::NumberStatus, || t.second(Some(t.now))))
        .meaning("when, in seconds since 1970", "推送时间，秒级时间戳")
        .fact(Fact::Now),
];

pub(super) const TRANSCRIPT: &[Row] = &[
    ENTERPRISE,
    MAIN_ID,
    LEG_ID,
    CALL_TYPE,
    RECORD_FILE,
    word("recordSide", &["0", "1", "2", "3"], |t| t.on(Topic::Transcript, || "0"))
        .meaning("0 mixed, 1 customer, 2 agent, 3 both", "录音侧：0 混音，1 客户，2 座席，3 双侧"),
    word("monitorType", &["1", "2"], |t| t.on(Topic::Transcript, || "1"))
        .meaning("1 mixed, 2 split", "录音类型：1 混音，2 双轨"),
    digits("statusCode", |t| t.on(Topic::Transcript, || "0")).meaning("0 done", "转写状态码，0 为成功"),
    text("errorMessage", |t| t.on(Topic::Transcript, || ""))
        .meaning("what went wrong", "错误信息")
        .only("where the transcription failed, which no script has"),
    text("result", |t| t.on(Topic::Transcript, || speech::transcript(t)))
        .meaning("what was said, as the text of a JSON list", "转写结果，JSON 列表文本"),
];
