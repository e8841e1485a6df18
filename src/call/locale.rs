//! Where a cast is at home: in which language people, queues and tasks are named, and in which country they have numbers.

use super::place::{AREAS, Area, US_AREAS};
use fake::locales::{Data, EN, ZH_CN};

/// The language and the country of whatever is drawn for a cast. What a scenario gives is kept as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Locale {
    /// Chinese names, numbers of China as they are dialled there.
    ZhCn,
    /// English names, numbers of the United States as E.164 writes them.
    EnUs,
}

/// What names are made of. Of the library only the lists are used: its own draws may change with the version of `rand`.
pub(super) struct Names {
    /// What comes first in a person's name.
    pub(super) first: &'static [&'static str],
    /// What comes last in it.
    pub(super) last: &'static [&'static str],
    /// What stands between the two.
    pub(super) between: &'static str,
    /// The words that companies begin with.
    pub(super) brands: &'static [&'static str],
    /// What follows these: what companies do, or are.
    pub(super) trades: &'static [&'static str],
    /// The names of queues, in order; further ones are numbered.
    pub(super) queues: &'static [&'static str],
    /// What a numbered queue is called.
    pub(super) queue: &'static str,
    /// The names of dialling tasks, in order; further ones are numbered.
    pub(super) tasks: &'static [&'static str],
    /// What a numbered task is called.
    pub(super) task: &'static str,
}

const CHINESE: Names = Names {
    first: ZH_CN::NAME_LAST_NAME,
    last: ZH_CN::NAME_FIRST_NAME,
    between: "",
    brands: ZH_CN::NAME_FIRST_NAME,
    trades: &[
        "科技有限公司",
        "贸易有限公司",
        "物流有限公司",
        "餐饮有限公司",
        "教育有限公司",
        "建材有限公司",
        "医药有限公司",
        "文化传媒有限公司",
    ],
    queues: &["售前组", "售后组", "技术支持组", "投诉组", "会员组", "回访组"],
    queue: "技能组",
    tasks: &["回访任务", "续费提醒", "满意度调查", "新品推广", "活动邀约"],
    task: "外呼任务",
};

const ENGLISH: Names = Names {
    first: EN::NAME_FIRST_NAME,
    last: EN::NAME_LAST_NAME,
    between: " ",
    brands: EN::NAME_LAST_NAME,
    trades: &[" Inc", " LLC", " Group", " Logistics", " Health", " Foods", " Media", " Partners"],
    queues: &["Sales", "Support", "Technical Support", "Complaints", "Members", "Follow-up"],
    queue: "Queue ",
    tasks: &["Follow-up calls", "Renewal reminder", "Satisfaction survey", "New products", "Invitations"],
    task: "Campaign ",
};

impl Locale {
    /// Every locale with the tag by which a scenario names it (BCP 47).
    pub const ALL: [(Locale, &'static str); 2] = [(Locale::ZhCn, "zh-CN"), (Locale::EnUs, "en-US")];

    /// What it means, as half a sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Locale::ZhCn => "Chinese names, numbers of China as they are dialled there",
            Locale::EnUs => "English names, numbers of the United States as E.164 writes them",
        }
    }

    /// Where people are at home of whom nothing else is known.
    pub(super) fn areas(self) -> &'static [Area] {
        match self {
            Locale::ZhCn => AREAS,
            Locale::EnUs => US_AREAS,
        }
    }

    pub(super) fn names(self) -> &'static Names {
        match self {
            Locale::ZhCn => &CHINESE,
            Locale::EnUs => &ENGLISH,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_drawn_for_a_cast_stands_in_json_as_it_is() {
        for (locale, _) in Locale::ALL {
            let Names { first, last, between, brands, trades, .. } = locale.names();
            let names = [first, last, brands, trades].into_iter().copied().flatten().chain([between]);
            let areas = locale.areas().iter();
            let places = areas.flat_map(|area| [&area.province, &area.city, &area.code, &area.postcode]);
            for text in names.chain(places) {
                assert_eq!(serde_json::to_string(text).expect("a text"), format!("\"{text}\""));
            }
        }
    }
}
