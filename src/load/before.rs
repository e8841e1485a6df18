//! What comes before the first call: the settings are looked at, a call of each story is tried, hosts are found, and the
//! beginning is waited for.

use super::setting::endpoint_name;
use super::{
    BEGIN_GRACE, CONNECTIONS_MAX, Ended, Load, MAX_IN_FLIGHT_MAX, SHARDS_MAX, Sending, TARGETS_MAX, WORKERS_MAX, trial,
};
use crate::clock::{PACE_TIMES_MAX, PACE_TIMES_MIN};
use crate::delivery::Stop;
use jiff::Timestamp;
use std::net::SocketAddr;
use std::time::Duration;

/// How often the machine's clock is asked whether the beginning has come.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Everything that comes before the first push.
pub async fn prepare(load: &Load, stop: &Stop) -> Result<Vec<(String, Vec<SocketAddr>)>, Ended> {
    if let Some(flaw) = flaw(load) {
        return Err(Ended::CannotGoOn(flaw));
    }
    if load.sending == Sending::Wire {
        trial::try_stories(load, stop).await?;
    }
    if stop.is_requested() {
        return Err(Ended::Interrupted);
    }
    resolve(load).await.map_err(Ended::CannotGoOn)
}

/// What is impossible about a load, and what would be possible.
fn flaw(load: &Load) -> Option<String> {
    let within = |what: &str, asked: usize, most: usize| {
        (asked == 0 || asked > most).then(|| format!("{what}: {asked}; it lies between 1 and {most}"))
    };
    if load.stories.iter().all(|story| story.weight == 0) {
        return Some("there is nothing to play: no story has a weight".into());
    }
    if !(PACE_TIMES_MIN..=PACE_TIMES_MAX).contains(&load.pace) {
        return Some(format!(
            "a pace of {}x; under load it lies between {PACE_TIMES_MIN}x and {PACE_TIMES_MAX}x",
            load.pace
        ));
    }
    if load.shard.number == 0 || load.shard.number > load.shard.of || load.shard.of > SHARDS_MAX {
        return Some(format!("there is no shard {} of {}; of at most {SHARDS_MAX}", load.shard.number, load.shard.of));
    }
    let targets = load.stories.iter().map(|story| story.calls.targets().len()).max().unwrap_or_default();
    load.arrival
        .flaw()
        .or_else(|| within("workers", load.workers, WORKERS_MAX))
        .or_else(|| within("connections", load.connections, CONNECTIONS_MAX))
        .or_else(|| within("pushes in flight", load.max_in_flight, MAX_IN_FLIGHT_MAX))
        .or_else(|| within("targets", targets, TARGETS_MAX))
        .or_else(|| within("stories", load.stories.len(), usize::from(u16::MAX)))
}

/// Finds where every endpoint is, once for the whole run.
async fn resolve(load: &Load) -> Result<Vec<(String, Vec<SocketAddr>)>, String> {
    let mut found: Vec<(String, Vec<SocketAddr>)> = Vec::new();
    for url in load.stories.iter().flat_map(|story| story.calls.targets()) {
        let Some(name) =
            endpoint_name(url, &load.transport).filter(|name| found.iter().all(|(known, _)| known != name))
        else {
            continue;
        };
        found.push((name, load.transport.addresses(url).await?));
    }
    Ok(found)
}

/// Waits for the beginning by a clock that may be set in the meantime, forwards or backwards: it is asked again and again.
/// How late it is where it is over already.
pub async fn wait_until<R: Future<Output = ()>>(
    begin: Option<Timestamp>,
    (now, rest): (impl Fn() -> Timestamp, impl Fn(Duration) -> R),
    stop: &Stop,
) -> Result<Option<Duration>, Ended> {
    let Some(begin) = begin else { return Ok(None) };
    let late = Duration::try_from(now().duration_since(begin)).unwrap_or_default();
    while let Ok(left) = Duration::try_from(begin.duration_since(now())) {
        tokio::select! {
            () = stop.requested() => return Err(Ended::Interrupted),
            () = rest(left.min(LOOK_EVERY)) => {}
        }
        if left.is_zero() {
            break;
        }
    }
    Ok((late > BEGIN_GRACE).then_some(late))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::delivery::stop;
    use std::cell::RefCell;
    use std::future::ready;

    /// By a clock that tells these times one after the other, in seconds: how it ended, and how long each rest was.
    async fn waited(begin: i64, told: &[i64]) -> (Result<Option<Duration>, Ended>, Vec<u64>) {
        let (told, rests) = (RefCell::new(told.iter()), RefCell::new(Vec::new()));
        let now = || Timestamp::from_second(*told.borrow_mut().next().unwrap()).unwrap();
        let rest = |length: Duration| ready(rests.borrow_mut().push(length.as_secs()));
        let ended = wait_until(Some(Timestamp::from_second(begin).unwrap()), (now, rest), &stop().1).await;
        (ended, rests.take())
    }

    #[tokio::test]
    async fn a_clock_that_is_set_while_the_beginning_is_waited_for_is_followed() {
        // An hour ahead, until somebody sets the clock.
        assert_eq!(waited(3600, &[0, 0, 4000]).await, (Ok(None), vec![1]));
        // Set back in the meantime: it waits for the time that was asked for.
        assert_eq!(waited(10, &[9, 9, 8, 10]).await, (Ok(None), vec![1, 1, 0]));
        assert_eq!(waited(10, &[15, 15]).await, (Ok(Some(Duration::from_secs(5))), vec![]));
    }
}
