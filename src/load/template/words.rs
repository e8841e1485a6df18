//! UUIDs and hexadecimal ids of calls beyond the archetypes: mixed from the number of the call.

/// Mixes a number so that no two become one (the last step of SplitMix64).
#[inline]
pub(super) fn mix(number: u64) -> u64 {
    let x = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// The odd number that SplitMix64 counts by.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// Writes the hexadecimal id of a call over the place that it takes: two calls differ in the first 16 digits, but for the
/// digits that a UUID of version 4 keeps.
#[inline]
pub(super) fn write_hex(salt: u64, call: u64, digits: &[u8; 16], place: &mut [u8]) {
    let mut word = mix(salt.wrapping_add(call.wrapping_mul(GOLDEN)));
    for chunk in place.chunks_mut(16) {
        let mut rest = word;
        for byte in chunk {
            *byte = digits[(rest & 15) as usize];
            rest >>= 4;
        }
        word = mix(word.wrapping_add(GOLDEN));
    }
}

/// Writes a UUID of version 4 over the place that it takes, where its dashes stand already.
#[inline]
pub(super) fn write_uuid(salt: u64, call: u64, place: &mut [u8]) {
    let mut plain = [0; 32];
    write_hex(salt, call, SMALL, &mut plain);
    mark_version(&mut plain);
    if let Some(place) = place.first_chunk_mut::<36>() {
        place[..8].copy_from_slice(&plain[..8]);
        place[9..13].copy_from_slice(&plain[8..12]);
        place[14..18].copy_from_slice(&plain[12..16]);
        place[19..23].copy_from_slice(&plain[16..20]);
        place[24..36].copy_from_slice(&plain[20..]);
    }
}

/// Hexadecimal digits in small letters.
pub(super) const SMALL: &[u8; 16] = b"0123456789abcdef";
/// Hexadecimal digits in capitals.
pub(super) const CAPITALS: &[u8; 16] = b"0123456789ABCDEF";

/// Whether 32 hexadecimal digits are a UUID of version 4 without its dashes.
pub(super) fn is_version_4(plain: &[u8]) -> bool {
    plain.len() == 32 && plain[12] == b'4' && matches!(plain[16], b'8' | b'9' | b'a' | b'b')
}

/// Makes 32 hexadecimal digits a UUID of version 4.
#[inline]
pub(super) fn mark_version(plain: &mut [u8]) {
    if plain.len() == 32 {
        plain[12] = b'4';
        plain[16] = b"89ab"[usize::from(plain[16] & 3)];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_hexadecimal_id_has_its_shape() {
        let mut place = [b'-'; 36];
        write_uuid(7, 3, &mut place);
        let text = std::str::from_utf8(&place).expect("text");
        let id: uuid::Uuid = text.parse().expect("a UUID");
        assert_eq!((id.get_version_num(), id.get_variant()), (4, uuid::Variant::RFC4122));
        let all: BTreeSet<[u8; 18]> = (0..100_000)
            .map(|call| {
                let mut place = [0; 18];
                write_hex(7, call, SMALL, &mut place);
                place
            })
            .collect();
        assert_eq!(all.len(), 100_000);
    }
}
