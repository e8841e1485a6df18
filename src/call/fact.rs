//! What can be known of a call, whatever a vendor calls it: one list. A vendor's table says which fact each field carries.

use std::fmt;

/// What kind of value a fact has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FactKind {
    /// A text that tells one thing from another.
    Id,
    /// A phone number.
    Phone,
    /// A name, an address, what somebody said.
    Text,
    /// A word of a closed list.
    Word,
    /// Yes or no.
    Flag,
    /// A moment.
    Time,
    /// A length of time.
    Length,
    /// How many.
    Count,
}

macro_rules! facts {
    ($($fact:ident $name:literal $kind:ident $english:literal $chinese:literal;)*) => {
        /// What can be known of a call, a chat, a shift or a notification.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Fact { $(#[doc = $english] $fact,)* }

        impl Fact {
            /// Every fact, in the order in which values are listed.
            pub const ALL: &[Fact] = &[$(Fact::$fact,)*];

            /// The name, as in `{call.id}` and `<call.id>`.
            pub fn as_str(self) -> &'static str {
                match self { $(Fact::$fact => $name,)* }
            }

            /// What kind of value it has.
            pub fn kind(self) -> FactKind {
                match self { $(Fact::$fact => FactKind::$kind,)* }
            }

            /// What it means, in English.
            pub fn meaning(self) -> &'static str {
                match self { $(Fact::$fact => $english,)* }
            }

            /// The same in Chinese.
            pub fn chinese(self) -> &'static str {
                match self { $(Fact::$fact => $chinese,)* }
            }
        }
    };
}

facts! {
    CallId "call.id" Id "what the vendor's pushes carry as the id of the call" "通话标识";
    ConversationId "conversation.id" Id "the id of one conversation of a call, where the vendor tells them apart" "单次会话标识";
    LegId "leg.id" Id "the id of one leg, or channel, of a call" "单条线路标识";
    RequestId "request.id" Id "the id that the request which started the call was given" "发起请求标识";
    PushId "push.id" Id "the vendor's id of a push, by which a receiver tells a repeat" "推送标识";
    MessageId "message.id" Id "the id of a message in a chat" "消息标识";
    Enterprise "enterprise" Id "the account of the call centre at the vendor" "企业账号";
    CustomerPhone "customer.phone" Phone "the phone of the customer" "客户号码";
    CustomerName "customer.name" Text "the name of the customer" "客户姓名";
    CustomerId "customer.id" Id "the id of the customer at the vendor" "客户标识";
    CustomerCompany "customer.company" Text "the company of the customer" "客户公司";
    CustomerToken "customer.token" Id "a token of the customer at the vendor" "客户令牌";
    AgentNumber "agent.number" Id "the number of an agent" "坐席工号";
    AgentName "agent.name" Text "the name of an agent" "坐席姓名";
    AgentPhone "agent.phone" Phone "the phone of an agent" "坐席电话";
    AgentEmail "agent.email" Text "the mail address of an agent" "坐席邮箱";
    AgentId "agent.id" Id "the id of an agent at the vendor" "坐席标识";
    OutsiderPhone "outsider.phone" Phone "the phone of a party outside" "外线号码";
    LineNumber "line.number" Phone "the centre's own number" "企业号码";
    QueueNumber "queue.number" Id "the number of a queue" "队列编号";
    QueueName "queue.name" Text "the name of a queue" "队列名称";
    TaskId "task.id" Id "the id of a dialling task" "外呼任务标识";
    TaskName "task.name" Text "the name of a dialling task" "外呼任务名称";
    RecordingUrl "recording.url" Text "where a recording is" "录音地址";
    MenuId "menu.id" Id "the id of a voice menu" "语音菜单标识";
    NotificationId "notification.id" Id "the id of a task that pushes notifications to phones" "推送任务标识";
    Place "place" Text "where a number is at home: a province, a city, or both" "号码归属地";
    AreaCode "area_code" Text "the area code of a number" "区号";
    Event "event" Word "what happened" "事件";
    Direction "direction" Word "how the call came about, and who called whom" "呼叫类型";
    Result "result" Word "how the call went" "接听结果";
    Cause "cause" Word "why a call failed" "失败原因";
    HungUpBy "hung_up_by" Word "who hung up first" "挂断方";
    Keys "keys" Text "the keys that the customer pressed in a voice menu" "按键";
    SurveyKeys "survey.keys" Text "the customer's answer to the survey" "满意度";
    AgentState "agent.state" Word "the state of an agent" "坐席状态";
    AgentDevice "agent.device" Word "the device at which an agent takes calls" "坐席设备";
    PhoneKind "phone_kind" Word "mobile or landline" "号码类型";
    Category "category" Word "whether it is a first conversation, a transfer, a consultation" "会话类别";
    Blacklisted "blacklisted" Flag "whether the customer is on the blacklist" "是否黑名单";
    MessageLeft "message_left" Flag "whether the customer left a message" "是否留言";
    Now "now" Time "when the push was made" "推送时间";
    Started "started" Time "when the call started" "呼叫开始时间";
    CustomerRang "customer.rang" Time "when the customer's phone began to ring" "客户振铃时间";
    CustomerAnswered "customer.answered" Time "when the customer answered" "客户接听时间";
    CustomerLeft "customer.left" Time "when the customer's line was released" "客户挂断时间";
    AgentRang "agent.rang" Time "when the agent's phone began to ring" "坐席振铃时间";
    AgentAnswered "agent.answered" Time "when the agent answered" "坐席接听时间";
    AgentLeft "agent.left" Time "when the agent's line was released" "坐席挂断时间";
    Bridged "bridged" Time "when customer and agent could hear each other" "双方接通时间";
    HungUp "hung_up" Time "when the first side hung up" "挂断时间";
    Ended "ended" Time "when the call and its survey were over" "呼叫结束时间";
    Queued "queued" Time "when the customer entered the queue" "进入队列时间";
    MenuEntered "menu.entered" Time "when the customer entered the voice menu" "进入语音菜单时间";
    MenuLeft "menu.left" Time "when the customer left the voice menu" "离开语音菜单时间";
    SurveyAsked "survey.asked" Time "when the survey began" "满意度调查开始时间";
    SurveyAnswered "survey.answered" Time "when the survey was answered" "满意度调查结束时间";
    Said "said.at" Time "when something was said" "发言时间";
    Talk "talk" Length "how long customer and agent talked" "通话时长";
    Total "total" Length "how long the call took as a whole" "总时长";
    CustomerRing "customer.ring" Length "how long the customer's phone rang" "客户振铃时长";
    AgentRing "agent.ring" Length "how long the agent's phone rang" "坐席振铃时长";
    AgentTalk "agent.talk" Length "how long the agent was on the line" "坐席通话时长";
    Ring "ring" Length "how long the side rang whose answer makes the call" "振铃时长";
    Wait "wait" Length "how long the customer was in the queue" "排队时长";
    MenuTime "menu.time" Length "how long the customer was in the voice menu" "语音菜单时长";
    SurveyTime "survey.time" Length "how long the survey took" "满意度调查时长";
    RecordingTime "recording.time" Length "how long a recording is" "录音时长";
    WrapUp "wrap_up" Length "how long an agent's wrap-up lasts" "整理时长";
    Missed "missed" Count "how many agents rang in vain" "未接坐席数";
    Text "text" Text "what somebody said" "内容";
    Media "media" Word "of what kind a message is" "消息类型";
    Speaker "speaker" Word "who said something: an agent, a robot, the platform" "发送方";
    Channel "channel" Word "over which channel a chat runs" "渠道";
    NotificationState "notification.state" Word "what became of a notification" "推送状态";
}

impl Fact {
    /// Whether a probe, a header or a field can name its value.
    pub fn is_named(self) -> bool {
        self <= Fact::Place
    }

    /// Whether its values tell one thing from another, so that they can be known again wherever they stand.
    pub fn identifies(self) -> bool {
        self <= Fact::NotificationId
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_distinct_and_everything_is_explained_twice() {
        let names: BTreeSet<&str> = Fact::ALL.iter().map(|fact| fact.as_str()).collect();
        assert_eq!(names.len(), Fact::ALL.len());
        for fact in Fact::ALL {
            assert!(fact.meaning().is_ascii() && !fact.chinese().is_ascii(), "{fact}");
        }
        assert!(Fact::CallId.identifies() && Fact::NotificationId.identifies() && !Fact::Place.identifies());
    }
}
