//! Builds the tables that `fixenc::language::table` reads: a binary fuse filter whose slots carry values.

use fixenc::language::table::{Geometry, hash};

/// Solves for slots such that the three slots of each key give its fingerprint and value.
pub fn build(keys: &[([u32; 3], u32)], fingerprint: fn(u64) -> u32) -> (Geometry, Vec<u32>) {
    // Sizes as in the reference description of binary fuse filters for three slots a key.
    let n = keys.len().max(2) as f64;
    let segment_length = 1u32 << ((n.ln() / 3.33f64.ln() + 1.25).floor() as u32).min(18);
    let factor = (0.875 + 0.25 * 1e6f64.ln() / n.ln()).max(1.125);
    let capacity = (n * factor).ceil() as u32;
    let segment_count = capacity.div_ceil(segment_length).saturating_sub(2).max(1);
    let mut seed = 0u64;
    loop {
        let geometry = Geometry { seed, segment_length, segment_count };
        if let Some(slots) = solve(geometry, keys, fingerprint) {
            return (geometry, slots);
        }
        // An unlucky seed leaves a core of keys that share their slots; the next one rarely does.
        seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    }
}

fn solve(geometry: Geometry, keys: &[([u32; 3], u32)], fingerprint: fn(u64) -> u32) -> Option<Vec<u32>> {
    let size = geometry.slots();
    let hashes: Vec<u64> = keys.iter().map(|&([a, b, c], _)| hash(geometry.seed, a, b, c)).collect();
    // For each slot: how many keys use it, and the exclusive or of their numbers.
    let mut users = vec![(0u32, 0usize); size];
    for (number, &h) in hashes.iter().enumerate() {
        for p in geometry.positions(h) {
            users[p].0 += 1;
            users[p].1 ^= number;
        }
    }
    // Peel: a slot with one user can be set last for it.
    let mut queue: Vec<usize> = (0..size).filter(|&p| users[p].0 == 1).collect();
    let mut order = Vec::with_capacity(keys.len());
    while let Some(slot) = queue.pop() {
        if users[slot].0 != 1 {
            continue;
        }
        let number = users[slot].1;
        order.push((number, slot));
        for p in geometry.positions(hashes[number]) {
            users[p].0 -= 1;
            users[p].1 ^= number;
            if users[p].0 == 1 {
                queue.push(p);
            }
        }
    }
    if order.len() != keys.len() {
        return None;
    }
    let mut slots = vec![0u32; size];
    for &(number, own) in order.iter().rev() {
        let mut rest = keys[number].1 ^ fingerprint(hashes[number]);
        for p in geometry.positions(hashes[number]) {
            if p != own {
                rest ^= slots[p];
            }
        }
        slots[own] = rest;
    }
    Some(slots)
}
