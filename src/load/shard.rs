//! Which story a call plays, and which shard and worker it belongs to: by hash of its number, so that any division has the
//! same calls.

/// A word that looks random, and is a pure function of the two (the finaliser of SplitMix64).
pub fn mix(seed: u64, number: u64) -> u64 {
    let mut word = seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// What the hash is taken for, so that the draws know nothing of each other.
const SHARD: u64 = 0x5348_4152;
const WORKER: u64 = 0x574f_524b;
const STORY: u64 = 0x5354_4f52;

/// The part, from 0, of `of` parts that a call belongs to. Independent of any seed: shards need not agree on one.
pub fn shard_of(call: u64, of: u32) -> u32 {
    (mix(SHARD, call) % u64::from(of.max(1))) as u32
}

/// The worker, from 0, of `of` workers within a shard.
pub fn worker_of(call: u64, of: usize) -> usize {
    (mix(WORKER, call) % of.max(1) as u64) as usize
}

/// The story, by weight.
pub fn story_of(seed: u64, call: u64, weights: &[u32]) -> usize {
    if weights.len() < 2 {
        return 0;
    }
    let total: u64 = weights.iter().map(|weight| u64::from(*weight)).sum();
    let mut drawn = mix(mix(STORY, seed), call) % total.max(1);
    for (index, weight) in weights.iter().enumerate() {
        match drawn.checked_sub(u64::from(*weight)) {
            Some(rest) => drawn = rest,
            None => return index,
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_even_and_make_the_whole() {
        for of in [1, 2, 3, 7, 64] {
            let mut counts = vec![0_u32; of as usize];
            (1..=64_000).for_each(|call| counts[shard_of(call, of) as usize] += 1);
            let expected = 64_000 / of;
            assert!(counts.iter().all(|count| count.abs_diff(expected) < expected / 5), "{of}: {counts:?}");
        }
    }

    #[test]
    fn shards_and_workers_do_not_follow_each_other() {
        let both = (1..=10_000).filter(|call| shard_of(*call, 2) == 0 && worker_of(*call, 2) == 0).count();
        assert!(both.abs_diff(2500) < 200, "{both}");
    }

    #[test]
    fn stories_come_by_weight() {
        let mut counts = [0; 3];
        (1..=10_000).for_each(|call| counts[story_of(7, call, &[1, 0, 3])] += 1);
        assert_eq!(counts[1], 0);
        assert!(usize::abs_diff(counts[0], 2500) < 200, "{counts:?}");
    }
}
