//! Thresholds as people write them, and what is wrong with others.

use super::*;

fn read(text: &str) -> Threshold {
    Threshold::parse(text, "--threshold").unwrap_or_else(|flaw| panic!("{text}: {flaw}"))
}

#[test]
fn thresholds_are_read() {
    let time = |clock, share| Metric::Time(clock, Quantile::Share(share));
    let one = read("p99<200ms");
    assert_eq!((one.metric, one.comparison), (time(Clock::Response, 0.99), Comparison::Below));
    assert_eq!(one.limit, Limit::Time(Duration::from_millis(200)));
    let one = read("  udesk:end   service p99.9 <= 1.5s ");
    assert_eq!(one.text, "udesk:end service p99.9<=1.5s");
    assert_eq!(one.push.as_deref(), Some("udesk:end"));
    let Metric::Time(Clock::Service, Quantile::Share(share)) = one.metric else { panic!("{one:?}") };
    assert!((share - 0.999).abs() < 1e-9);
    assert_eq!(read("errors<0.1%").limit, Limit::Share(0.001));
    assert_eq!(read("lost==0").limit, Limit::Count(0));
    assert_eq!(read("rate>=190/s").limit, Limit::Rate(190.0));
    assert_eq!(read("rate>12000/m").limit, Limit::Rate(200.0));
    assert_eq!(read("max<500us").limit, Limit::Time(Duration::from_micros(500)));
    assert_eq!(read("p50<0.25ms").limit, Limit::Time(Duration::from_micros(250)));
    assert_eq!(read("p50<1m30s").limit, Limit::Time(Duration::from_secs(90)));
    assert!(read("7moor:* retries<5").is_about("7moor:hangup"));
    assert!(!read("7moor:* retries<5").is_about("udesk:end"));
}

#[test]
fn a_limit_itself_is_within_or_not_as_the_sign_says() {
    let holds = |comparison: Comparison| [1.0, 2.0, 3.0].map(|measured| comparison.holds(measured, 2.0));
    assert_eq!(holds(Comparison::Below), [true, false, false]);
    assert_eq!(holds(Comparison::AtMost), [true, true, false]);
    assert_eq!(holds(Comparison::Above), [false, false, true]);
    assert_eq!(holds(Comparison::AtLeast), [false, true, true]);
    assert_eq!(holds(Comparison::Exactly), [false, true, false]);
    let signs = ["<", "<=", ">", ">=", "=="].map(|sign| read(&format!("lost{sign}10")).comparison);
    let all = [Comparison::Below, Comparison::AtMost, Comparison::Above, Comparison::AtLeast, Comparison::Exactly];
    assert_eq!(signs, all);
}

#[test]
fn the_ends_of_what_can_be_written_can_be_written() {
    let longest = format!("udesk:{} p99<1s", "x".repeat(TEXT_MAX_CHARS - "udesk: p99<1s".len()));
    assert_eq!(read(&longest).text, longest);
    assert!(
        Threshold::parse(&format!("{longest} "), "").is_ok() && Threshold::parse(&format!("{longest}0"), "").is_err()
    );
    assert_eq!(read("response p50<1us").limit, Limit::Time(Duration::from_micros(1)));
    assert_eq!(read("udesk:end response p50<1s").push.as_deref(), Some("udesk:end"));
    assert_eq!([read("errors<100%").limit, read("errors<0%").limit], [Limit::Share(1.0), Limit::Share(0.0)]);
    assert_eq!(read("max<168h").limit, Limit::Time(duration::DURATION_MAX));
    assert_eq!(read("max<604800000ms").limit, Limit::Time(duration::DURATION_MAX));
    assert!(Threshold::parse("max<604800001ms", "").is_err());
    for (word, metric) in [("retries", Counted::Retries), ("held", Counted::Held), ("lost", Counted::Lost)] {
        assert_eq!(read(&format!("{word}<3")).metric, Metric::Count(metric));
    }
    assert_eq!(read("rate<3/s").metric, Metric::Rate);
    assert_eq!(read("mean<3s").metric, Metric::Time(Clock::Response, Quantile::Mean));
    assert_eq!(read("max<3us").limit, read("max<3µs").limit);
}

#[test]
fn nonsense_is_told_as_such() {
    for (wrong, told) in [
        ("", "compares nothing"),
        ("p99", "compares nothing"),
        ("p99=200ms", "compares nothing"),
        ("<200ms", "does not say what is measured"),
        ("p99<", "nothing to compare with"),
        ("p99<200", "has no unit"),
        ("p99<0ms", "that short"),
        ("p99<-5ms", "negative"),
        ("p99<0.1%", "compared with a length of time"),
        ("p99<200/s", "compared with a length of time"),
        ("p100<1s", "write `max`"),
        ("p0<1s", "below `p100`"),
        ("avg<1s", "did you mean `mean`?"),
        ("failures<1%", "did you mean `errors`?"),
        ("throughput>1/s", "did you mean `rate`?"),
        ("dropped<1", "did you mean `held`?"),
        ("latency<1s", "did you mean `p99`?"),
        ("med<1s", "did you mean `p50`?"),
        ("P99<1s", "did you mean `p99`?"),
        ("erors<1%", "did you mean `errors`?"),
        ("weather<1%", "there are p50"),
        ("errors<1s", "neither a share nor a whole number"),
        ("errors<0.5", "neither a share nor a whole number"),
        ("errors<101%", "between `0%` and `100%`"),
        ("errors<-1%", "between `0%` and `100%`"),
        ("rate>=190", "write `190/s`"),
        ("rate>=fast", "no rate"),
        ("service errors<1%", "only times"),
        ("end p99<1s", "its vendor in front"),
        ("udesk:end of call p99<1s", "too many words"),
        ("p99<1s<2s", "not a length of time"),
        ("p\u{1b}[31m<1s", "nothing that is measured"),
    ] {
        let flaw = Threshold::parse(wrong, "").expect_err(wrong).to_string();
        assert!(flaw.contains(told), "{wrong}: {flaw}");
        assert!(!flaw.contains('\u{1b}'), "{flaw}");
    }
    assert!(Threshold::parse(&"p".repeat(10_000), "").is_err());
}
