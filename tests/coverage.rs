//! Everything that a vendor documents can be reached: each push, each word of each list, by some shipped scenario.

use crate::support::plans::{plan, shipped};
use serde_json::Value;
use std::collections::BTreeSet;

/// Vendor, push and body of everything that the shipped scenarios send.
fn everything(vendor: &str) -> Vec<(String, Value)> {
    shipped()
        .iter()
        // Its fields have names of its own.
        .filter(|scenario| scenario.name != "push-actions")
        .filter_map(|scenario| plan(scenario, vendor, 1))
        .flat_map(|plan| plan.deliveries)
        .map(|delivery| (delivery.push, delivery.request.content().expect("fields")))
        .collect()
}

fn words(bodies: &[(String, Value)], push: &str, field: &str) -> BTreeSet<String> {
    let of_push = bodies.iter().filter(|(name, _)| push == "*" || name == push);
    of_push.filter_map(|(_, body)| body.pointer(field)?.as_str()).map(str::to_owned).collect()
}

fn assert_all(found: &BTreeSet<String>, wanted: &[&str]) {
    let missing: Vec<_> = wanted.iter().filter(|word| !found.contains(**word)).collect();
    assert!(missing.is_empty(), "not reached: {missing:?}, of {found:?}");
}

#[test]
fn every_documented_push_is_sent_and_has_the_fields_of_its_catalogue() {
    for vendor in ringback::vendors::ALL {
        let told = vendor.pushes().len() + vendor.records().len();
        assert_eq!(told, vendor.documented(), "{} tells all that is documented", vendor.id());
        let bodies = everything(vendor.id());
        for push in vendor.pushes() {
            let name = format!("{}:{}", vendor.id(), push.name);
            let sent: Vec<_> = bodies.iter().filter(|(sent, _)| *sent == name).collect();
            assert!(!sent.is_empty(), "{name} is sent by no shipped scenario");
            for (_, body) in sent {
                let known: Vec<_> = push.fields.iter().map(|field| field.name).collect();
                for key in body.as_object().expect("an object").keys() {
                    let listed = known.iter().any(|name| name == key || name.starts_with(&format!("{key}.")));
                    assert!(listed, "{name} sends {key}, which its catalogue lacks");
                }
            }
        }
    }
}

#[test]
fn udesk_s_lists_are_reached() {
    let bodies = everything("udesk");
    assert_all(&words(&bodies, "*", "/workflow"), &["in", "out_callback", "out_direct", "out_auto"]);
    assert_all(
        &words(&bodies, "*", "/category"),
        &[
            "normal",
            "transfer",
            "transfer_outline",
            "consult",
            "consult_outline",
            "three_party",
            "three_party_outline",
            "listening",
            "barge_in",
            "substitute",
        ],
    );
    assert_all(
        &words(&bodies, "udesk:end", "/defeat_cause"),
        &[
            "关机",
            "空号",
            "停机",
            "正在通话中",
            "用户拒接",
            "无法接通",
            "暂停服务",
            "用户正忙",
            "拨号方式不正确",
            "呼入限制",
            "呼叫转移失败",
            "网络忙",
            "无人接听",
            "欠费",
            "无法接听",
            "改号",
            "线路故障",
            "稍后再拨",
        ],
    );
    assert_all(&words(&bodies, "udesk:end", "/drop_side"), &["客服", "客户", "系统"]);
    let left_message = bodies.iter().any(|(push, body)| push == "udesk:end" && body["is_leave_message"] == true);
    let rang_twice = bodies.iter().any(|(_, body)| body["multi_ring_count"].as_u64() > Some(1));
    assert!(left_message && rang_twice);
}

#[test]
fn moor7_s_lists_are_reached() {
    let bodies = everything("7moor");
    assert_all(
        &words(&bodies, "7moor:cdr", "/status"),
        &["IVR", "QUEUE_ABANDON", "ANSWER", "AGENT_NO_ANSWER", "CUSTOMER_NO_ANSWER", "CALL_TRANSFER"],
    );
    assert_all(
        &words(&bodies, "7moor:cdr", "/callType"),
        &["incoming", "dialout", "webcall", "previewDialout", "autoDialout"],
    );
    assert_all(
        &words(&bodies, "7moor:cdr", "/failureReason"),
        &["forbidden", "serviceUnavailable", "cancel", "requestTimeout", "unknow", "decline"],
    );
    assert_all(&words(&bodies, "7moor:cdr", "/hangUpSide"), &["AGENT", "CUSTOMER", "SYSTEM"]);
    assert_all(&words(&bodies, "7moor:cdr", "/recordType"), &["doubleTrack", "voiceMail"]);
    assert_all(&words(&bodies, "7moor:login", "/loginType"), &["PSTN", "WEBRTC", "SIP"]);
    assert_all(&words(&bodies, "7moor:logout", "/logoutType"), &["normal", "offline"]);
    assert_all(&words(&bodies, "7moor:logout", "/offlineType"), &["PSTN", "SIP"]);
    let states = words(&bodies, "7moor:callStatus", "/statusNumber");
    assert_all(&states, &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "101"]);
}

#[test]
fn huawei_s_lists_are_reached() {
    let bodies = everything("huawei-cec");
    let messages: Vec<(String, Value)> = bodies
        .iter()
        .flat_map(|(push, body)| {
            let messages = body["messages"].as_array().cloned().unwrap_or_default();
            messages.into_iter().map(|message| (push.clone(), message))
        })
        .collect();
    assert_all(
        &words(&messages, "*", "/controlType"),
        &["CHAT", "CONNECT", "DISCONNECT", "TRANS2AGENT", "READ", "INPUT"],
    );
    assert_all(&words(&messages, "*", "/mediaType"), &["TEXT", "IMAGE", "VIDEO", "AUDIO", "LOCATE", "DOCUMENT"]);
    assert_all(&words(&messages, "*", "/sourceType"), &["AGENT", "ROBOT", "SYSTEM"]);
    assert_all(&words(&messages, "*", "/channel"), &["WEB", "WHATSAPP"]);
    assert_all(&words(&bodies, "huawei-cec:callRelease", "/releaseReason"), &["0", "1", "2", "3", "4", "5"]);
}
