//! What a chat is told by: order, names, ids, options.

use super::*;
use crate::body::{Leaf, Recipe, Scope};
use crate::call::{Afterwards, Content, Destination, Media, Speaker};
use crate::http::Captured;
use crate::vendors::Unsigned;

fn say(by: Speaker, words: &str) -> Step {
    Step::Say(Some(by), Content::Text(words.into()))
}

fn disconnect(by: Speaker) -> Step {
    Step::Disconnect { by, afterwards: Afterwards::Closed }
}

/// Robot, queue, agent; the customer writes, the agent reads and answers twice.
fn talk() -> Vec<Step> {
    vec![
        say(Speaker::Robot, "您好"),
        wait(1),
        say(Speaker::Customer, "转人工"),
        Step::Enqueue(None),
        wait(10),
        answer(ANN),
        wait(1),
        Step::Read(ANN, None),
        say(Speaker::Agent(ANN), "您好"),
        wait(5),
        Step::Say(None, Content::File(Media::Image, "1179725658739559425".into())),
        wait(5),
        disconnect(Speaker::Agent(ANN)),
    ]
}

/// A message in one line: what, from whom, under which name.
fn line(message: &Value) -> String {
    let part = |key: &str| message[key].as_str().unwrap_or("-");
    ["controlType", "sourceType", "mediaType", "senderNickname", "content"].map(part).join(" ")
}

fn lines(given: &[(&'static str, OptionValue)], script: &[Step]) -> Vec<String> {
    messages(&tell(CHAT, given, script)).iter().map(line).collect()
}

#[test]
fn a_chat_is_told_in_its_order_one_message_a_push() {
    let pushes = tell(CHAT, &[], &talk());
    let names: Vec<&str> = pushes.iter().map(|push| push.name).collect();
    assert_eq!(names, ["CHAT", "CHAT", "CHAT", "READ", "CHAT", "CHAT", "DISCONNECT"]);
    let read = messages(&pushes)[3]["content"].as_str().expect("ids").to_owned();
    assert_eq!(
        lines(&[], &talk()),
        [
            "CHAT ROBOT TEXT 智能客服 您好",
            "CHAT SYSTEM TEXT SYSTEM Queuing...",
            "CHAT SYSTEM TEXT SYSTEM The call is connected to an agent.",
            &format!("READ AGENT - - {read}"),
            "CHAT AGENT TEXT 安 您好",
            "CHAT AGENT IMAGE 安 1179725658739559425",
            "DISCONNECT AGENT - - -",
        ]
    );
}

#[test]
fn only_an_agents_messages_have_a_code() {
    for message in messages(&tell(CHAT, &[], &talk())) {
        let is_agents = message["controlType"] == "CHAT" && message["sourceType"] == "AGENT";
        assert_eq!(message["messageCode"].as_str().is_some_and(|code| code.len() == 36), is_agents, "{message}");
        assert!(message["simQuestions"].is_null());
    }
}

#[test]
fn the_sender_and_the_customer_are_the_same_throughout() {
    let messages = messages(&tell(CHAT, &[], &talk()));
    assert_eq!(messages[0]["from"].as_str().map(str::len), Some(18));
    for message in &messages {
        assert_eq!((&message["from"], &message["to"]), (&messages[0]["from"], &messages[0]["to"]));
        assert_eq!(message["channel"], "WEB");
    }
    let whatsapp = tell(Subject::Chat(Channel::Whatsapp), &[], &talk());
    assert!(self::messages(&whatsapp).iter().all(|message| message["channel"] == "WHATSAPP"));
}

#[test]
fn read_receipts_name_the_customers_messages_once_each() {
    let mut script = vec![Step::Enqueue(None), answer(ANN)];
    script.extend(["1", "2", "3", "4"].map(|words| say(Speaker::Customer, words)));
    script.extend([Step::Read(ANN, Some(3)), Step::Read(ANN, None), disconnect(Speaker::Customer)]);
    let messages = messages(&tell(CHAT, &[], &script));
    let ids: Vec<&str> =
        messages[2..4].iter().flat_map(|read| read["content"].as_str().expect("ids").split(',')).collect();
    assert_eq!(ids.len(), 4);
    assert!(ids.iter().all(|id| id.len() == 32 && ids.iter().filter(|other| *other == id).count() == 1), "{ids:?}");
}

#[test]
fn handing_on_is_told_and_the_customer_waits_again() {
    let script = [
        say(Speaker::Robot, "您好"),
        Step::HandOn(Destination::Queue(0)),
        answer(ANN),
        Step::HandOn(Destination::Agent(BOB)),
        answer(BOB),
        disconnect(Speaker::Agent(BOB)),
    ];
    let told: Vec<String> =
        lines(&[], &script).iter().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect();
    let expected = [
        "CHAT ROBOT",
        "TRANS2AGENT ROBOT",
        "CHAT SYSTEM",
        "CHAT SYSTEM",
        "TRANS2AGENT AGENT",
        "CHAT SYSTEM",
        "CHAT SYSTEM",
        "DISCONNECT AGENT",
    ];
    assert_eq!(told, expected);
    let silent = lines(&[("trans2agent", OptionValue::Switch(false))], &script);
    assert!(silent.len() == 6 && !silent.iter().any(|line| line.starts_with("TRANS2AGENT")));
}

#[test]
fn a_customer_who_gives_up_is_told_of_by_the_platform() {
    let script = [Step::Enqueue(Some(0)), wait(60), disconnect(Speaker::Customer)];
    assert_eq!(lines(&[], &script), ["CHAT SYSTEM TEXT SYSTEM Queuing...", "DISCONNECT SYSTEM - - -"]);
    assert_eq!(lines(&[("customer_disconnect", OptionValue::Switch(false))], &script).len(), 1);
}

#[test]
fn what_the_samples_do_not_show_can_be_switched_on() {
    let both = [
        ("connect", text("both")),
        ("input_status", OptionValue::Switch(true)),
        ("offline_false", OptionValue::Switch(true)),
    ];
    let told = messages(&tell(CHAT, &both, &talk()));
    let controls: Vec<&str> = told.iter().filter_map(|message| message["controlType"].as_str()).collect();
    assert_eq!(controls, ["CHAT", "CHAT", "CONNECT", "CHAT", "READ", "INPUT", "CHAT", "INPUT", "CHAT", "DISCONNECT"]);
    assert_eq!(told[9]["isOfflineStatus"], false);
    let only = lines(&[("connect", text("control"))], &talk());
    assert_eq!(only[2], "CONNECT SYSTEM - - -");
}

#[test]
fn the_key_call_id_stands_where_it_is_set() {
    let count = |word: &str| {
        let told = messages(&tell(CHAT, &[("call_id_key", text(word))], &talk()));
        told.iter().filter(|message| message.as_object().is_some_and(|keys| keys.contains_key("callId"))).count()
    };
    assert_eq!((count("connected"), count("never"), count("always")), (1, 0, 7));
}

#[test]
fn messages_that_pile_up_leave_together_and_none_is_left_behind() {
    let alone = messages(&tell(CHAT, &[], &talk()));
    for batch in [2, 3, 7, 50] {
        let pushes = tell(CHAT, &[("batch", OptionValue::Integer(batch))], &talk());
        assert_eq!(pushes.len(), 7usize.div_ceil(batch as usize), "{batch}");
        assert_eq!(messages(&pushes), alone);
        for push in &pushes {
            let body = body(push);
            let sent = body["timestamp"].as_i64().expect("a time");
            let said = body["messages"].as_array().expect("messages");
            assert!(said.iter().all(|message| message["timestamp"].as_i64().is_some_and(|said| said <= sent)));
            let last = said.last().map(|message| message["controlType"].clone());
            assert_eq!(last, Some(push.name.into()), "a push goes by its last message");
        }
    }
}

#[test]
fn a_location_is_one_text() {
    let location =
        Content::Location { latitude: "39.9".into(), longitude: "116.4".into(), description: "天安门".into() };
    let script = [Step::Say(Some(Speaker::Robot), location), disconnect(Speaker::System)];
    assert_eq!(lines(&[], &script)[0], "CHAT ROBOT LOCATE 智能客服 39.9/116.4/天安门");
}

#[test]
fn ids_that_are_drawn_are_told_from_those_that_are_given() {
    let given =
        [("channel_id", text("1")), ("customer_id", text("2")), ("message_ids", OptionValue::List(vec!["m".into()]))];
    for (given, channel, customer) in
        [(&given[..], None, None), (&[], Some(Scope::Centre(None)), Some("huawei-cec.customer"))]
    {
        let read = tell(CHAT, given, &talk()).remove(3);
        let mut message = read.fields().expect("fields");
        let mut at = |path: &str| message.at_mut(path).cloned().expect("a leaf");
        let scope = |leaf| if let Leaf::Drawn(drawn) = leaf { Some(drawn.scope) } else { None };
        let purpose = |scope| match scope {
            Some(Scope::Call(Recipe::Draw(draw))) => Some(draw.purpose.name),
            _ => None,
        };
        assert_eq!(scope(at("messages.0.from")), channel);
        assert_eq!(purpose(scope(at("messages.0.to"))), customer);
        let Leaf::Joined(ids) = at("messages.0.content") else { panic!("ids of messages") };
        let read = ids.into_iter().map(|id| purpose(scope(id))).collect::<Vec<_>>();
        assert_eq!(read, [customer.map(|_| "huawei-cec.customer_message")]);
    }
}

#[test]
fn the_authorization_is_as_the_tenant_chose() {
    let header = |given: &[(&'static str, OptionValue)]| {
        let push = tell(CHAT, given, &talk()).remove(0);
        let url = push.address(&"http://127.0.0.1/hook".parse().expect("an address"));
        let (body, centre) = (push.body.bytes(), cast(CHAT, false).keyed.centre());
        let unsigned = Unsigned { method: push.method, url: &url, body: &body, at: Timestamp::UNIX_EPOCH, centre };
        let signed = HuaweiCec.sign(&unsigned, &settings(given)).pop().map(|(_, value)| value);
        signed.or(push.headers.get("Authorization").map(|value| value.into_owned()))
    };
    assert!(header(&[]).is_some_and(|value| value.starts_with("Bearer ") && value.len() == 39));
    assert_eq!(header(&[("auth", text("none"))]), None);
    let literal = [("auth", text("auth_v2")), ("access_key", text("ak")), ("auth_v2_form", text("literal"))];
    assert_eq!(header(&literal), Some(format!("auth-v2/ak/{START_MS}/content-type")));
    assert!(header(&[("auth", text("auth_v2"))]).is_some_and(|value| value.split('/').count() == 5));
}

#[test]
fn a_push_is_recognised_by_its_last_message() {
    for given in [1, 3] {
        for push in tell(CHAT, &[("batch", OptionValue::Integer(given))], &talk()) {
            let captured = Captured {
                method: "POST".into(),
                path: push.path.clone(),
                query: String::new(),
                headers: Vec::new(),
                body: push.body.bytes(),
            };
            assert_eq!(HuaweiCec.recognise(&captured), Some(push.name));
        }
    }
}
