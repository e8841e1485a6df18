//! Draws what a scenario leaves out of its push notifications: ids, words, and whom they are for.

use super::draw::distinct;
use super::{Audience, Notification, NotificationSpec};
use crate::random::Keyed;

/// Titles with their texts, in order; further tasks take them again.
const MESSAGES: [(&str, &str); 6] = [
    ("春季活动开始了", "全场八折，仅限三天，点击查看详情。"),
    ("您的订单已发货", "包裹预计三天内送达，点击查看物流。"),
    ("会员日提醒", "明天是会员日，积分可双倍兑换。"),
    ("服务升级通知", "今晚零点起系统升级，预计需要一小时。"),
    ("优惠券即将到期", "您有一张优惠券将于明天到期。"),
    ("新功能上线", "新版本已上线，快来体验吧。"),
];
/// Tags, of which a task for tags gets one.
const TAGS: [&str; 5] = ["vip", "new_user", "beijing", "inactive_30d", "newsletter"];
/// How many devices or accounts a task is for where the scenario names none.
const RECIPIENTS_DRAWN: u64 = 3;
/// The length of a device's token, in hexadecimal digits.
const TOKEN_DIGITS: usize = 36;

/// Settles the tasks; what is given stays as it is.
pub(super) fn draw(specs: &[NotificationSpec], keyed: &Keyed) -> Vec<Notification> {
    let given = specs.iter().map(|spec| spec.id.clone()).collect();
    let ids = distinct(keyed, "notification.id", given, Vec::new(), |_, stream| {
        stream.within(100_000_000..=999_999_999).to_string()
    });
    let settle = |((spec, id), nth): ((&NotificationSpec, String), usize)| {
        let (title, content) = MESSAGES[nth % MESSAGES.len()];
        Notification {
            key: spec.key.clone(),
            id,
            title: spec.title.clone().unwrap_or_else(|| title.to_owned()),
            content: spec.content.clone().unwrap_or_else(|| content.to_owned()),
            audience: audience(&spec.audience, keyed, nth as u64),
            sending: spec.sending.clone(),
        }
    };
    specs.iter().zip(ids).zip(0..).map(settle).collect()
}

fn audience(given: &Audience, keyed: &Keyed, nth: u64) -> Audience {
    match given {
        Audience::Tags { tags, all } if tags.is_empty() => {
            Audience::Tags { tags: vec![(*keyed.nth("notification.tag", nth).pick(&TAGS)).to_owned()], all: *all }
        }
        Audience::Tokens(tokens) if tokens.is_empty() => {
            let mut stream = keyed.nth("notification.token", nth);
            Audience::Tokens((0..RECIPIENTS_DRAWN).map(|_| stream.hex(TOKEN_DIGITS)).collect())
        }
        Audience::Accounts(accounts) if accounts.is_empty() => {
            let mut stream = keyed.nth("notification.account", nth);
            Audience::Accounts((0..RECIPIENTS_DRAWN).map(|_| format!("user-{}", stream.digits(6))).collect())
        }
        Audience::Package(0) => Audience::Package(keyed.nth("notification.package", nth).within(1000..=99_999)),
        given @ (Audience::All
        | Audience::Tags { .. }
        | Audience::Tokens(_)
        | Audience::Accounts(_)
        | Audience::Package(_)) => given.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_drawn_and_what_is_given_stays() {
        let spec = |key: &str, audience| NotificationSpec { key: key.into(), audience, ..NotificationSpec::default() };
        let given = Audience::Tokens(vec!["t1".into()]);
        let specs = [
            spec("one", Audience::Tokens(Vec::new())),
            NotificationSpec {
                id: Some("12".into()), title: Some("测试标题".into()), ..spec("two", given.clone())
            },
            spec("three", Audience::Tags { tags: Vec::new(), all: true }),
            spec("four", Audience::Accounts(Vec::new())),
            spec("five", Audience::Package(0)),
        ];
        for seed in 0..50 {
            let drawn = draw(&specs, &Keyed::new(seed, "tasks", 1));
            assert!(matches!(&drawn[0].audience, Audience::Tokens(tokens) if tokens.len() == 3));
            assert_eq!((&*drawn[1].id, &*drawn[1].title, &drawn[1].audience), ("12", "测试标题", &given));
            assert!(matches!(&drawn[2].audience, Audience::Tags { tags, all: true } if tags.len() == 1));
            assert!(matches!(&drawn[3].audience, Audience::Accounts(accounts) if accounts.len() == 3));
            assert!(matches!(drawn[4].audience, Audience::Package(1000..)));
            let mut ids: Vec<_> = drawn.iter().map(|task| &task.id).collect();
            assert!(drawn[0].id.len() == 9 && drawn.iter().all(|task| !task.content.is_empty()));
            ids.sort();
            ids.dedup();
            assert_eq!(ids.len(), drawn.len());
        }
    }
}
