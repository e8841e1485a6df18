//! What a figure shall be at least, what is aimed at, and the line that says whether it is: `figures.py` reads these lines.

/// A goal. Where the aim is above the floor, more is better; else less is.
pub struct Goal<'a> {
    pub name: &'a str,
    pub unit: &'static str,
    pub floor: f64,
    pub aim: f64,
}

impl Goal<'_> {
    /// Prints a figure with its verdict.
    pub fn tell(&self, measured: f64) {
        let Goal { name, unit, floor, aim } = *self;
        let keeps = |goal: f64| if aim > floor { measured >= goal } else { measured <= goal };
        let verdict = match (keeps(floor), keeps(aim)) {
            (_, true) => "aim met",
            (true, false) => "floor met",
            (false, false) => "MISSED",
        };
        println!("{name:<60}{measured:>9.2} {unit:<4} floor {floor:<5} aim {aim:<5} {verdict}");
    }
}
