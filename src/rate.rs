//! Rates as people write them: `200/s`, `12000/m`, `1000000/h`.

/// The units with their seconds, the smallest first.
pub const UNITS: [(&str, f64); 3] = [("s", 1.0), ("m", 60.0), ("h", 3600.0)];

/// The largest rate that can be written, a second.
pub const RATE_MAX: f64 = 1e9;

/// How many a second, for people: `200/s`, `0.5/s`.
pub fn text(per_second: f64) -> String {
    let digits = if per_second < 10.0 { 2 } else { usize::from(per_second < 1000.0) };
    let text = format!("{per_second:.digits$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text}/s")
}

/// Reads a rate: how many a second.
///
/// # Errors
/// What is wrong and what would be right, as one sentence.
pub fn parse(text: &str) -> Result<f64, String> {
    let text = text.trim();
    let Some((number, unit)) = text.split_once('/') else {
        return Err(match text.parse::<f64>() {
            Ok(_) => format!("`{text}` has no unit; write `{text}/s`, or `/m` or `/h`"),
            Err(_) => format!("`{text}` is no rate; write for example `200/s`, `12000/m` or `1000000/h`"),
        });
    };
    let (number, unit) = (number.trim(), unit.trim());
    let starts_well = number.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let number = number.parse::<f64>().ok().filter(|number| starts_well && number.is_finite());
    let seconds = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, seconds)| *seconds);
    match (number, seconds) {
        (Some(number), Some(seconds)) if number / seconds <= RATE_MAX => Ok(number / seconds),
        (Some(_), Some(_)) => Err(format!("`{text}` is more than a thousand million a second")),
        (Some(number), None) => {
            Err(format!("`{text}` has an unknown unit; write `{number}/s`, `{number}/m` or `{number}/h`"))
        }
        (None, _) => Err(format!("`{text}` is no rate; write for example `200/s`, `12000/m` or `1000000/h`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_have_a_unit() {
        assert_eq!(parse("200/s"), Ok(200.0));
        assert_eq!(parse("12000/m"), Ok(200.0));
        assert_eq!(parse(" 720000 / h "), Ok(200.0));
        assert_eq!(parse("0.5/s"), Ok(0.5));
        assert_eq!(parse("0/s"), Ok(0.0));
        for (wrong, told) in [
            ("200", "write `200/s`"),
            ("200/d", "unknown unit"),
            ("200/", "unknown unit"),
            ("-1/s", "no rate"),
            ("inf/s", "no rate"),
            ("NaN/s", "no rate"),
            ("/s", "no rate"),
            ("", "no rate"),
            ("fast", "no rate"),
            ("1e300/s", "more than"),
        ] {
            let error = parse(wrong).expect_err(wrong);
            assert!(error.contains(told), "{wrong}: {error}");
        }
    }

    #[test]
    fn rates_are_written_shortly() {
        let written = [0.0, 0.5, 12.345, 200.0, 190.25, 12_345.6].map(text);
        assert_eq!(written, ["0/s", "0.5/s", "12.3/s", "200/s", "190.2/s", "12346/s"]);
    }
}
