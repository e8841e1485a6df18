//! A clock that is set while a load goes on moves nothing: what is due is reckoned by the steady one.

use std::path::Path;

/// Every place of the engine that asks for the time of day, by file: none of them is asked again once calls have started.
const ASKED: [(&str, usize); 5] = [
    // A signature carries the time at which its attempt is written, which a receiver compares with its own clock.
    ("careful.rs", 1),
    ("compiled.rs", 1),
    ("planned.rs", 1),
    // When the run began, as a text for reports; and `--start-at`, which follows the clock on purpose.
    ("run.rs", 2),
    // When it began, once: what is told of an attempt's time of day is that and the steady clock.
    ("setting.rs", 1),
];

fn count(folder: &Path, found: &mut Vec<(String, usize)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            // A Locust master wants the time of day in what it is told.
            if !path.ends_with("locust") {
                count(&path, found);
            }
        } else {
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let asked = code.matches("clock::now").count() + code.matches("this_second").count();
            if asked > 0 {
                found.push((path.file_name().unwrap().to_string_lossy().into_owned(), asked));
            }
        }
    }
}

#[test]
fn nothing_that_sends_asks_for_the_time_of_day() {
    let mut found = Vec::new();
    count(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/load"), &mut found);
    found.sort();
    assert_eq!(found, ASKED.map(|(file, count)| (file.to_owned(), count)));
}
