//! The order in which a Java `HashMap` lists its entries: platforms that gather parameters in one send them in this order.

use super::Member;

/// Puts members into the order in which a Java `HashMap` (since Java 8) that holds them lists them. Those of one bucket stay
/// in the order in which they were put in.
pub fn in_hash_order(members: &mut [Member]) {
    let buckets = buckets(members.len());
    members.sort_by_key(|member| spread_hash(&member.name) & (buckets - 1));
}

/// How many buckets it has once it holds so many entries: it starts with 16 and doubles beyond three quarters.
fn buckets(entries: usize) -> u32 {
    let mut buckets: u32 = 16;
    while entries as u64 * 4 > u64::from(buckets) * 3 && buckets < 1 << 30 {
        buckets *= 2;
    }
    buckets
}

/// `String.hashCode` as the map spreads it.
fn spread_hash(name: &str) -> u32 {
    let hash = name.encode_utf16().fold(0_u32, |hash, unit| hash.wrapping_mul(31).wrapping_add(u32::from(unit)));
    hash ^ (hash >> 16)
}
