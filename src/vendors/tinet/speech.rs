//! What people and robots say where a script leaves it open, in the shapes of types 15 and 19.

use super::scene::Scene;
use crate::body::{Draw, Form, Leaf, Made, Shape};
use crate::random::{Purpose, Stream};

/// What a customer says to a voice robot.
const SAID: &[&str] = &["我想查一下订单", "现在不方便,晚点再打", "我要转人工", "可以,你说吧"];
/// What the robot answers to each of them.
const ANSWERS: &[&str] = &[
    "好的,正在为您查询订单,请稍候",
    "好的,稍后再与您联系,再见",
    "好的,正在为您转接人工座席",
    "感谢您的配合,下面为您介绍活动内容",
];
/// What an agent says first in a transcript.
const GREETING: &str = "您好,很高兴为您服务";
/// What a customer says in a transcript.
const REQUESTS: &[&str] = &["你好,我想咨询一下续费", "我的快递还没有收到", "麻烦帮我改一下预约时间"];
/// The recogniser. Inferred.
pub const ENGINE: &str = "aliyun";
/// The length that a transcript gives to one character, in milliseconds.
const CHARACTER_MS: u64 = 220;
/// The draws about what a robot understood, each time in the call.
const UNDERSTOOD: &str = "tinet.understood";
/// The draws about a transcript.
const TRANSCRIPT: &str = "tinet.transcript";

/// What the customer said to a robot.
pub fn said(scene: &Scene<'_>) -> Leaf {
    match scene.told.text {
        Some(text) => text.to_owned().into(),
        None => Leaf::drawn(scene.known.cast, Draw::new(UNDERSTOOD, Shape::Word(SAID)).nth(scene.told.nth)),
    }
}

/// What the robot answered: the words come in pairs, so the same draw finds the other half.
pub fn answered(scene: &Scene<'_>) -> Leaf {
    Leaf::drawn(scene.known.cast, Draw::new(UNDERSTOOD, Shape::Word(ANSWERS)).nth(scene.told.nth))
}

/// For how many seconds the customer spoke: drawn after the words.
fn seconds(scene: &Scene<'_>) -> Made {
    let make = |stream: &mut Stream, _| {
        stream.pick(SAID);
        stream.within(1..=4)
    };
    Made { purpose: Purpose::of(UNDERSTOOD), nth: scene.told.nth, of: 0, make }
}

/// The same as a leaf.
pub fn length(scene: &Scene<'_>) -> Leaf {
    Leaf::made(scene.known.cast, seconds(scene))
}

/// When the customer began to speak.
pub fn began(scene: &Scene<'_>) -> Leaf {
    Leaf::time_before(scene.known.cast, scene.now, seconds(scene), Form::Seconds)
}

/// What is drawn of a sentence of a transcript.
#[derive(Clone, Copy)]
enum Timing {
    Begin,
    End,
    Emotion,
    Silence,
}

/// A number of a sentence, drawn with those of the sentences before it: `of` is one more than the characters that the script
/// gives, or 0, then the place of the sentence and of the number.
fn timing(stream: &mut Stream, of: u64) -> u64 {
    let (characters, sentence, timing) = (of / 16, of / 4 % 4, of % 4);
    let count = |text: &str| text.chars().count() as u64;
    let request = count(stream.pick::<&str>(REQUESTS));
    let lengths = match characters.checked_sub(1) {
        Some(given) => [given, 0],
        None => [count(GREETING), request],
    };
    let mut begin = 0;
    for (nth, length) in (0..).zip(lengths) {
        let silence = stream.within(2..=9) * 100;
        begin += silence;
        let end = begin + CHARACTER_MS * length;
        let emotion = stream.within(5..=8);
        if nth == sentence {
            return [begin, end, emotion, silence][timing as usize];
        }
        begin = end;
    }
    0
}

/// What was said in a conversation, as the text of a JSON list: what the script gives, or a greeting and a request. All
/// names of a sentence follow a query of the vendor; that they come with the push is inferred.
pub fn transcript(scene: &Scene<'_>) -> Leaf {
    let cast = scene.known.cast;
    let request = || Leaf::drawn(cast, Draw::new(TRANSCRIPT, Shape::Word(REQUESTS)));
    let (said, characters) = match scene.told.text {
        Some(text) => (vec![("out", Leaf::from(text.to_owned()))], text.chars().count() as u64 + 1),
        None => (vec![("in", GREETING.into()), ("out", request())], 0),
    };
    let sentences = (0..).zip(said).map(|(nth, (side, text))| {
        let number = |of: Timing| {
            let of = characters * 16 + nth * 4 + of as u64;
            Leaf::made(cast, Made { purpose: Purpose::of(TRANSCRIPT), nth: 0, of, make: timing }).as_number()
        };
        Leaf::object([
            ("beginTime", number(Timing::Begin)),
            ("endTime", number(Timing::End)),
            ("channelId", u64::from(side == "in").into()),
            ("side", side.into()),
            ("text", text),
            ("emotionValue", number(Timing::Emotion)),
            ("speechRate", (60_000 / CHARACTER_MS).into()),
            ("silenceDuration", number(Timing::Silence)),
        ])
    });
    Leaf::Nested(Box::new(Leaf::List(sentences.collect())))
}
