use std::io::{Cursor, Write};

use super::*;
use crate::little_endian::u32_at;

/// Streams of two small and two large ones, one of them in a storage.
fn streams() -> Vec<(&'static str, Vec<u8>)> {
    let bytes = |seed: usize, length: usize| (0..length).map(|at| (at * 7 + at / 251 + seed) as u8).collect();
    vec![
        ("/Large", bytes(1, 20_000)),
        ("/Small", bytes(2, 700)),
        ("/Storage/Inner", bytes(3, 5_000)),
        ("/Storage/Tiny", bytes(4, 3)),
    ]
}

fn made(streams: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).unwrap();
    file.create_storage("/Storage").unwrap();
    for (path, bytes) in streams {
        file.create_stream(path).unwrap().write_all(bytes).unwrap();
    }
    file.into_inner().into_inner()
}

/// Where the sector begins whose number stands at `at`.
fn sector(file: &[u8], at: usize) -> usize {
    512 * (1 + u32_at(file, at).unwrap() as usize)
}

#[test]
fn all_streams_are_read_and_know_their_places() {
    let file = made(&streams());
    let compound = Compound::open(&file);
    assert!(compound.problems.is_empty());
    assert_eq!(compound.streams.len(), 4);
    for (path, bytes) in streams() {
        let stream = compound.stream(path).unwrap();
        assert_eq!(&*stream.bytes, bytes, "{path}");
        for position in [0, bytes.len() / 2, bytes.len() - 1] {
            let offset = stream.offset_at(position).unwrap() as usize;
            assert_eq!(file[offset], bytes[position], "{path} {position}");
        }
        assert_eq!(stream.offset_at(bytes.len()), None);
        let tail = stream.tail(bytes.len() / 3);
        assert_eq!(*tail.bytes, bytes[bytes.len() / 3..]);
        assert_eq!(tail.offset_at(1), stream.offset_at(bytes.len() / 3 + 1));
    }
}

#[test]
fn a_file_with_sectors_of_4096_bytes_is_read_too() {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream("/Large").unwrap().write_all(&streams()[0].1).unwrap();
    let file = file.into_inner().into_inner();
    assert_eq!(*Compound::open(&file).stream("/large").unwrap().bytes, streams()[0].1);
}

#[test]
fn without_its_allocation_table_streams_are_taken_as_one_piece() {
    let mut file = made(&streams());
    let table = sector(&file, 0x4C);
    file[table..table + 512].fill(0);
    let compound = Compound::open(&file);
    assert!(!compound.problems.is_empty());
    assert_eq!(*compound.stream("/Large").unwrap().bytes, streams()[0].1);
}

#[test]
fn without_its_directory_streams_are_chains_without_names() {
    let mut file = made(&streams());
    let directory = sector(&file, 0x30);
    file[directory..directory + 512].fill(0);
    let mut compound = Compound::open(&file);
    assert!(!compound.problems.is_empty());
    let orphans = compound.orphans();
    assert!(orphans.iter().any(|orphan| orphan.bytes.starts_with(&streams()[0].1)));
}

#[test]
fn a_stream_with_a_wrong_size_takes_nothing_from_the_others() {
    let mut file = made(&streams());
    // The first entry behind the root is made a large stream that begins where another one goes on.
    let large = file.windows(10).position(|name| name == b"L\0a\0r\0g\0e\0").unwrap();
    let first = u32_at(&file, large + 0x74).unwrap() as usize;
    let second = u32_at(&file, sector(&file, 0x4C) + 4 * first).unwrap();
    let liar = file.windows(10).position(|name| name == b"S\0m\0a\0l\0l\0").unwrap();
    assert!(liar > sector(&file, 0x30));
    file[liar + 0x74..liar + 0x78].copy_from_slice(&second.to_le_bytes());
    file[liar + 0x78..liar + 0x7C].copy_from_slice(&1_000_000_u32.to_le_bytes());
    // It comes first in the directory.
    for at in 0..128 {
        file.swap(large + at, liar + at);
    }
    assert_eq!(*Compound::open(&file).stream("/Large").unwrap().bytes, streams()[0].1);
}

#[test]
fn without_its_magic_number_a_file_is_still_one() {
    let mut file = made(&streams());
    file[..8].fill(0);
    assert!(is_compound(&file));
    assert_eq!(*Compound::open(&file).stream("/Large").unwrap().bytes, streams()[0].1);
    assert!(!is_compound(&[0; 4096]));
}

#[test]
fn no_more_bytes_are_given_out_than_there_are() {
    let good = made(&streams());
    let mut random = 0x2545_F491_4F6C_DD1D_u64;
    for round in 0..2_000 {
        let mut file = good.clone();
        for _ in 0..=round % 9 {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let at = random as usize % file.len();
            file[at] = (random >> 32) as u8;
        }
        file.truncate(file.len() - random as usize % 3 * (random >> 40) as usize % file.len());
        let mut compound = Compound::open(&file);
        let orphans = compound.orphans();
        let bytes: usize = compound.streams.iter().chain(&orphans).map(|stream| stream.bytes.len()).sum();
        // Small streams are stretches of a stream that is given out too.
        assert!(bytes <= file.len(), "{bytes} of {}", file.len());
    }
}

#[test]
fn names_of_streams_are_told_without_what_cannot_be_shown() {
    assert_eq!(shown("/\u{5}SummaryInformation"), "SummaryInformation");
    assert_eq!(shown("/ObjectPool/_7/\u{1}Ole"), "ObjectPool/_7/Ole");
}
