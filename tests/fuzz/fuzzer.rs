//! Feeds mutated inputs to every reader for as long as it is asked to: no panic, and no input that takes long or much memory.

use super::mutate::mutate;
use super::targets::TARGETS;
use ringback::random::Keyed;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How long all targets together go on unless `FUZZ_SECONDS` says otherwise: a smoke test.
const SECONDS_DEFAULT: f64 = 4.0;
/// How long one input may take, on a machine that is busy with other things.
const INPUT_MAX: Duration = Duration::from_secs(30);
/// By how much the peak of the memory may grow, in KiB.
const MEMORY_MAX_KIB: u64 = 1_500_000;

fn number<T: std::str::FromStr>(name: &str) -> Option<T> {
    std::env::var(name)
        .ok()
        .map(|text| text.trim().parse().unwrap_or_else(|_| panic!("{name} is not a number: {text}")))
}

/// The peak of the memory of this process; 0 where the system does not tell.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse().ok()).unwrap_or(0)
}

#[test]
fn every_reader_survives_whatever_it_is_given() {
    let seconds: f64 = number("FUZZ_SECONDS").unwrap_or(SECONDS_DEFAULT);
    let seed: u64 =
        number("FUZZ_SEED").unwrap_or(if seconds > SECONDS_DEFAULT { ringback::random::fresh_seed() } else { 1 });
    let only = std::env::var("FUZZ_TARGET").ok();
    println!("FUZZ_SEED={seed}");
    let targets = TARGETS.iter().filter(|(name, ..)| only.as_deref().is_none_or(|only| only == *name));
    assert!(targets.clone().count() > 0, "there is no FUZZ_TARGET {only:?}: {:?}", TARGETS.map(|(name, ..)| name));
    let share = Duration::from_secs_f64(seconds / targets.clone().count() as f64);
    for (name, corpus, check) in targets {
        let corpus = corpus();
        let first: u64 = number("FUZZ_INPUT").unwrap_or(0);
        let (send, inputs) = channel::<(u64, Vec<u8>)>();
        let (done, ended) = channel();
        let worker = std::thread::Builder::new().name((*name).to_owned()).spawn(move || {
            for (number, input) in inputs {
                check(&input, &mut Keyed::new(seed, name, number).stream("check"));
                if done.send(()).is_err() {
                    return;
                }
            }
        });
        let (began, before, mut number) = (Instant::now(), peak_kib(), first);
        while began.elapsed() < share {
            let input = mutate(&corpus, &mut Keyed::new(seed, name, number).stream("mutate"));
            let replay = || {
                let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
                let path = folder.join(format!("fuzz-{name}"));
                std::fs::write(&path, &input).unwrap();
                format!("FUZZ_TARGET={name} FUZZ_SEED={seed} FUZZ_INPUT={number}; the input is in {}", path.display())
            };
            send.send((number, input.clone())).unwrap();
            match ended.recv_timeout(INPUT_MAX) {
                Ok(()) => {}
                Err(RecvTimeoutError::Timeout) => panic!("an input takes longer than {INPUT_MAX:?}: {}", replay()),
                Err(RecvTimeoutError::Disconnected) => panic!("an input does not hold: {}", replay()),
            }
            let peak = peak_kib();
            assert!(peak.saturating_sub(before) < MEMORY_MAX_KIB, "an input takes {peak} KiB: {}", replay());
            number += 1;
        }
        drop(send);
        worker.unwrap().join().unwrap();
        println!("{name}: {} inputs", number - first);
    }
}
