//! The callbacks of bidirectional calls: when, with what, and why a call was released.

use super::*;
use crate::call::Cause;

fn hang_up(by: Party) -> Step {
    Step::HangUp { by, release_after: Duration::from_secs(2), cause: None }
}

fn ring(party: Party) -> Step {
    Step::Ring(party)
}

const AGENT: Party = Party::Agent(ANN);

/// Five seconds of ringing each, eighty of talk.
fn talk(end: Step) -> Vec<Step> {
    vec![
        ring(AGENT),
        wait(5),
        answer(ANN),
        ring(Party::Customer),
        wait(5),
        Step::Answer(Party::Customer),
        wait(80),
        end,
    ]
}

fn release(script: &[Step]) -> Value {
    let pushes = tell(CALL, &[], script);
    let release: Vec<_> = pushes.iter().filter(|push| push.name == "callRelease").collect();
    assert_eq!(release.len(), 1, "every call is released once");
    body(release[0])
}

#[test]
fn a_call_is_told_at_its_connection_and_at_its_release() {
    let pushes = tell(CALL, &[("call_serial", text("1197235857187927062"))], &talk(hang_up(AGENT)));
    let names: Vec<&str> = pushes.iter().map(|push| push.name).collect();
    assert_eq!(names, ["callConnect", "callRelease"]);
    assert!(
        pushes.iter().all(|push| push.path.is_empty() && push.headers.iter().count() == 1),
        "no path, no authorization"
    );
    let connect = body(&pushes[0]).to_string();
    let expected = r#"{"callSerialNo":"1197235857187927062","serviceNo":"2001","called":"13800000000","callData":""}"#;
    assert_eq!(connect, expected);
    let release = body(&pushes[1]);
    assert_eq!(release["releaseReason"], "1");
    assert_eq!((&release["caller"], &release["callerPresent"]), (&"13900000001".into(), &"02100000000".into()));
    assert_eq!((&release["talkDuration"], &release["agentTalkDuration"]), (&"82".into(), &"85".into()));
    assert_eq!(release["recordfile"], "");
}

#[test]
fn every_value_is_a_text() {
    let release = release(&talk(hang_up(Party::Customer)));
    assert!(release.as_object().is_some_and(|values| values.values().all(Value::is_string)), "{release}");
}

#[test]
fn the_reason_tells_who_hung_up_or_did_not_answer() {
    let decline = |party, cause| Step::Decline(party, cause);
    let to_customer = |end| vec![ring(AGENT), wait(5), answer(ANN), ring(Party::Customer), wait(20), end];
    for (script, reason) in [
        (talk(hang_up(Party::Customer)), "0"),
        (talk(hang_up(AGENT)), "1"),
        (talk(hang_up(Party::System)), "9"),
        (vec![ring(AGENT), wait(30), decline(AGENT, None)], "4"),
        (vec![ring(AGENT), wait(3), decline(AGENT, Some(Cause::Rejected))], "2"),
        (to_customer(decline(Party::Customer, None)), "5"),
        (to_customer(decline(Party::Customer, Some(Cause::PoweredOff))), "3"),
        (to_customer(hang_up(AGENT)), "1"),
    ] {
        assert_eq!(release(&script)["releaseReason"], reason, "{script:?}");
    }
}

#[test]
fn an_unanswered_call_has_no_connection_and_no_talk() {
    let script = [ring(AGENT), wait(30), Step::Decline(AGENT, None)];
    assert_eq!(tell(CALL, &[], &script).len(), 1);
    let release = release(&script);
    assert_eq!((&release["talkingTime"], &release["talkDuration"]), (&"".into(), &"0".into()));
    assert_eq!(release["createCallTime"], START_MS.to_string());
}

#[test]
fn a_call_that_is_handed_on_is_released_when_the_customer_leaves() {
    let mut script = talk(Step::Consult(Party::Agent(BOB)));
    script.extend([wait(2), answer(BOB), wait(10), hang_up(Party::Agent(BOB)), Step::Transfer(Party::Agent(BOB))]);
    script.extend([wait(3), answer(BOB), wait(60), hang_up(Party::Customer)]);
    let release = release(&script);
    assert_eq!(release["releaseReason"], "0");
    assert_eq!(release["serviceNo"], "2001");
    let times = ["talkingTime", "releaseTime"].map(|key| release[key].as_str().and_then(|ms| ms.parse::<i64>().ok()));
    let [Some(talking), Some(released)] = times else { panic!("{release}") };
    assert_eq!((released - talking) / 1000, 155);
    assert_eq!(release["talkDuration"], "155");
    assert_eq!(release["agentTalkDuration"], "100");
}

#[test]
fn a_recorded_call_has_a_path_and_times_can_be_written_otherwise() {
    let mut script = talk(hang_up(AGENT));
    script.push(Step::Record);
    let release = release(&script);
    assert!(release["recordfile"].as_str().is_some_and(|path| path.starts_with("/recordings/1")), "{release}");
    assert_eq!(release["locationId"], "1");
    let clock = tell(CALL, &[("call_times", text("clock"))], &script);
    assert_eq!(body(&clock[1])["createCallTime"], "2021-07-10 14:27:33");
    let seconds = tell(CALL, &[("call_times", text("seconds"))], &script);
    assert_eq!(body(&seconds[1])["createCallTime"], "1625898453");
}
