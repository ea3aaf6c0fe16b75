//! Files that were damaged, by chance and on purpose: reading them ends, and the amount of missing
//! audio is known.

mod support;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::RngSeed;
use support::{RECORDINGS, read, recording};
use thetaone_web_demux::demuxer::DemuxError;

/// Headers and indices are at the start of most files. Damage elsewhere affects only audio.
const HEAD: usize = 1_500;

/// Returns the length of the start of a file in which damage may turn it into another valid file.
fn described(name: &str) -> usize {
    match name {
        "vorbis.ogg" => 3_600,
        _ => 900,
    }
}

/// The duration that may be missing without notice: less than a word.
const UNNOTICED_SECONDS: f64 = 0.2;

/// Asserts that the found and the missing durations add up to the whole.
fn assert_accounted(name: &str, container: &str, bytes: &[u8], what: &str) {
    let whole = read(&recording(name), container).unwrap().seconds;
    match read(bytes, container) {
        Ok(contents) => {
            let found = contents.seconds;
            assert!(
                found > whole - UNNOTICED_SECONDS || contents.missing_seconds > 0.1,
                "{name}, {what}: {found} s of {whole}, {} s missing",
                contents.missing_seconds,
            );
            assert!(found < whole + 10.0, "{name}, {what}: {found} s of {whole}");
        }
        Err(DemuxError::Truncated(_) | DemuxError::Broken(_)) => {}
        Err(refusal) => panic!("{name}, {what}: {refusal}"),
    }
}

proptest! {
    // A few flips in a hundred thousand make another valid file, so the seed is fixed.
    #![proptest_config(ProptestConfig {
        cases: 1_000,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(14),
        ..ProptestConfig::default()
    })]

    #[test]
    fn damaged_recordings_end(
        which in any::<Index>(),
        damage in vec(
            (any::<Index>(), any::<bool>(), prop_oneof![any::<u8>(), Just(0), Just(0xFF)]),
            1..8,
        ),
        length in proptest::option::of(any::<Index>()),
    ) {
        let (name, container) = *which.get(RECORDINGS);
        let mut bytes = recording(name);
        for (at, in_head, value) in damage {
            let most = if in_head { HEAD.min(bytes.len()) } else { bytes.len() };
            bytes[at.index(most)] = value;
        }
        if let Some(length) = length {
            bytes.truncate(length.index(bytes.len()));
        }
        let _ = read(&bytes, container);
    }

    #[test]
    fn bytes_that_are_no_recording_end(
        which in any::<Index>(),
        start in 0..64_usize,
        noise in vec(any::<u8>(), 0..4_000),
        container in prop_oneof![Just("wav"), Just("mp3"), Just("mp4"), Just("ogg"), Just("webm")],
    ) {
        let (name, own) = *which.get(RECORDINGS);
        let mut bytes = recording(name)[..start].to_vec();
        bytes.extend(noise);
        let _ = read(&bytes, own);
        let _ = read(&bytes, container);
    }

    #[test]
    fn a_bit_that_flips_in_the_sound_loses_nothing_without_a_word(
        which in any::<Index>(),
        flips in vec((any::<Index>(), 0..8_u32), 1..4),
    ) {
        let (name, container) = *which.get(RECORDINGS);
        // The index of this file is at its end.
        prop_assume!(name != "aac.m4a");
        let mut bytes = recording(name);
        for (at, bit) in &flips {
            let at = described(name) + at.index(bytes.len() - described(name));
            bytes[at] ^= 1 << bit;
        }
        assert_accounted(name, container, &bytes, &format!("{flips:?}"));
    }

    #[test]
    fn a_part_that_is_zeroed_is_missing(
        which in any::<Index>(),
        from in any::<Index>(),
        length in any::<Index>(),
    ) {
        let (name, container) = *which.get(RECORDINGS);
        prop_assume!(name != "aac.m4a");
        let mut bytes = recording(name);
        let from = described(name) + from.index(bytes.len() - described(name));
        let length = length.index(bytes.len() - from);
        bytes[from..from + length].fill(0);
        assert_accounted(name, container, &bytes, &format!("{length} zeros at {from}"));
    }
}

#[test]
fn a_file_that_is_cut_anywhere_in_its_sound_is_truncated() {
    // Between two packets of a live recording, nothing shows that there were more.
    const AT_A_BOUNDARY: usize = 3;
    for (name, container) in RECORDINGS {
        let whole = recording(name);
        let seconds = read(&whole, container).unwrap().seconds;
        let mut unnoticed = Vec::new();
        for percent in 5..99 {
            let cut = &whole[..whole.len() * percent / 100];
            match read(cut, container) {
                Ok(contents) => {
                    assert!(contents.seconds <= seconds, "{name}, {percent} %");
                    let lost = seconds - contents.seconds;
                    if lost > UNNOTICED_SECONDS && contents.missing_seconds <= UNNOTICED_SECONDS {
                        unnoticed.push(percent);
                    }
                }
                Err(refusal) => {
                    assert!(
                        matches!(refusal, DemuxError::Truncated(_)),
                        "{name}, {percent} %: {refusal}"
                    );
                }
            }
        }
        assert!(unnoticed.len() <= AT_A_BOUNDARY, "{name}: {unnoticed:?}");
    }
}

#[test]
fn damaged_sound_is_the_decoders_business() {
    let mut bytes = recording("chromium.webm");
    let whole = read(&bytes, "webm").unwrap();
    let size = bytes.len();
    bytes[size - 50] ^= 0xFF;
    let damaged = read(&bytes, "webm").unwrap();
    assert_eq!(damaged.packets.len(), whole.packets.len());
    assert_eq!(damaged.missing_seconds, 0.0);
}
