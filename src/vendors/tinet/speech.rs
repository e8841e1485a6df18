//! What people and robots say where a script leaves it open, in the shapes of types 15 and 19.

use super::event::{Event, Scene};
use super::record::Record;
use crate::call::Recognition;
use crate::random::Stream;
use serde::Serialize;
use std::time::Duration;

/// What a customer says to a voice robot, and what the robot answers.
const EXCHANGES: [(&str, &str); 4] = [
    ("我想查一下订单", "好的,正在为您查询订单,请稍候"),
    ("现在不方便,晚点再打", "好的,稍后再与您联系,再见"),
    ("我要转人工", "好的,正在为您转接人工座席"),
    ("可以,你说吧", "感谢您的配合,下面为您介绍活动内容"),
];
/// What an agent says first in a transcript.
const GREETING: &str = "您好,很高兴为您服务";
/// What a customer says in a transcript.
const REQUESTS: [&str; 3] = ["你好,我想咨询一下续费", "我的快递还没有收到", "麻烦帮我改一下预约时间"];
/// The recogniser. Inferred.
const ENGINE: &str = "aliyun";
/// The length that a transcript gives to one character, in milliseconds.
const CHARACTER_MS: u64 = 220;

/// One sentence of a transcript. All its names follow a query of the vendor; that they come with the push is inferred.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Sentence<'t> {
    begin_time: u64,
    end_time: u64,
    channel_id: u8,
    side: &'static str,
    text: &'t str,
    emotion_value: u64,
    speech_rate: u64,
    silence_duration: u64,
}

/// A transcript is ready (type 15): of what the script gives, or of a greeting and a request.
pub fn transcribed(scene: Scene, record: &Record, text: Option<&str>) -> Event {
    let mut stream = scene.cast.keyed.stream("tinet.transcript");
    let request = *stream.pick(&REQUESTS);
    let said = match text {
        Some(text) => vec![("out", text)],
        None => vec![("in", GREETING), ("out", request)],
    };
    let mut begin_time = 0;
    let mut sentences = Vec::new();
    for (side, text) in said {
        let silence_duration = stream.within(2..=9) * 100;
        begin_time += silence_duration;
        let end_time = begin_time + CHARACTER_MS * text.chars().count() as u64;
        let sentence = Sentence {
            begin_time,
            end_time,
            channel_id: u8::from(side == "in"),
            side,
            text,
            emotion_value: stream.within(5..=8),
            speech_rate: 60_000 / CHARACTER_MS,
            silence_duration,
        };
        sentences.push(serde_json::to_string(&sentence).unwrap_or_default());
        begin_time = end_time;
    }
    scene
        .call()
        .with("uniqueId", record.get("cdr_unique_id").unwrap_or_default())
        .with("recordFile", record.recording().unwrap_or_default())
        .with("recordSide", "0")
        .with("monitorType", "1")
        .with("statusCode", "0")
        .with("errorMessage", "")
        .with("result", format!("[{}]", sentences.join(",")))
}

/// A voice robot understood the customer (type 19), for the `n`th time in this call.
pub fn understood(scene: Scene, record: &Record, text: Option<&str>, n: u64, now: Duration) -> Event {
    let mut stream: Stream = scene.cast.keyed.nth("tinet.understood", n);
    let (said, answer) = *stream.pick(&EXCHANGES);
    let length = stream.within(1..=4);
    let ended = scene.cast.epoch_second(now);
    let event = scene
        .customer()
        .with("engine", ENGINE)
        .with("text", text.unwrap_or(said))
        .with("botText", answer)
        .with("monitorSide", "2")
        .with("startTime", (ended - length as i64).to_string())
        .with("endTime", ended.to_string())
        .with("rasrDuration", length.to_string());
    let file = |what: &str| record.file(&format!("{what}-{n}")).unwrap_or_default();
    event
        .with("recordFile", file("rasr"))
        .with("outRecordFile", file("rasr_out"))
        .with("mixRecordFile", file("rasr_mix"))
}

/// The tone of a failed call was recognised (type 11).
pub fn recognised(scene: Scene, record: &Record, recognition: &Recognition, now: Duration) -> Event {
    let event = scene
        .customer()
        .with("sipCause", super::outcome::number_state(recognition.code).to_string())
        .with("tsiFile", record.file("tsi").unwrap_or_default())
        .with("timestamp", scene.second(now));
    match record.get("cdr_cno") {
        Some(cno) => event.with("cno", cno),
        None => event,
    }
}
