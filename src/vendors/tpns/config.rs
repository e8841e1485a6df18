//! How phones show a notification: the keys and values of the page's sample and of its snippet for iOS.

use serde_json::{Map, Value, json};

/// The part for Android phones; `given` takes the place of what the sample has.
pub fn android(given: Option<&Value>) -> Map<String, Value> {
    let sample = json!({
        "n_id": 0,
        "builder_id": 0,
        "ring": 1,
        "ring_raw": "",
        "vibrate": 1,
        "lights": 1,
        "clearable": 1,
        "icon_type": 0,
        "icon_res": "",
        "style_id": 0,
        "small_icon": "",
        "action": { "action_type": 3, "activity": "", "aty_attr": null, "browser": null, "intent": "" },
        "custom_content": ""
    });
    with(sample, given)
}

/// The part for iOS phones, within `aps`; `given` takes the place of what the page has.
pub fn aps(given: Option<&Value>) -> Map<String, Value> {
    let page = json!({
        "alert": { "subtitle": "" },
        "badge_type": -1,
        "category": "",
        "sound": "default",
        "mutable-content": 1
    });
    with(page, given)
}

fn with(page: Value, given: Option<&Value>) -> Map<String, Value> {
    let keys = |value: &Value| value.as_object().cloned().unwrap_or_default();
    keys(&page).into_iter().chain(given.map(keys).unwrap_or_default()).collect()
}
