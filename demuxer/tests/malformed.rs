//! Files that were damaged, by chance and on purpose.
//!
//! symphonia asserts what only a damaged index can violate. In wasm that is a
//! trap, which `demux.js` turns into the error that a broken file is anyway; so
//! a panic of symphonia's is let through here, and one of this crate's is not.

use std::cell::RefCell;
use std::fs;
use std::panic::{self, AssertUnwindSafe};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use thetaone_web_demux::demuxer::Demuxer;

const RECORDINGS: &[(&str, &str)] = &[
    ("chromium.webm", "webm"),
    ("firefox.webm", "webm"),
    ("firefox.ogg", "ogg"),
    ("vorbis.ogg", "ogg"),
    ("chromium.mp4", "mp4"),
    ("aac.m4a", "mp4"),
    ("fragmented-aac.mp4", "mp4"),
    ("speech.flac", "flac"),
    ("speech.aac", "aac"),
];

thread_local! {
    static PANICKED_IN: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// How many packets there are, until the end or the first problem.
fn packets(bytes: Vec<u8>, container: &str) -> usize {
    let size = bytes.len();
    let Ok(mut demuxer) = Demuxer::open(bytes, container) else {
        return 0;
    };
    let mut count = 0;
    while let Ok(Some(packet)) = demuxer.next_packet() {
        assert!(packet.data.len() <= size, "a packet larger than the file");
        assert!(packet.timestamp.is_finite());
        count += 1;
        assert!(count <= size, "more packets than bytes");
    }
    count
}

/// The packets of a damaged file; `None` if symphonia panicked.
fn survived(bytes: Vec<u8>, container: &str) -> Option<usize> {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(|place| place.file().to_owned());
        PANICKED_IN.set(place);
    }));
    let result = panic::catch_unwind(AssertUnwindSafe(|| packets(bytes, container)));
    let place = PANICKED_IN.take().unwrap_or_default();
    assert!(
        result.is_ok() || place.contains("symphonia-"),
        "a panic in {place}"
    );
    result.ok()
}

fn recording(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/recordings");
    fs::read(format!("{folder}/{name}")).unwrap()
}

/// Headers and indices are at the start of most files, and damage elsewhere
/// hits only sound.
const HEAD: usize = 1_500;

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn damaged_recordings_end(
        which in any::<Index>(),
        damage in vec((any::<Index>(), any::<bool>(), prop_oneof![any::<u8>(), Just(0), Just(0xFF)]), 1..8),
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
        survived(bytes, container);
    }

    #[test]
    fn bytes_that_are_no_recording_end(
        which in any::<Index>(),
        start in 0..64_usize,
        noise in vec(any::<u8>(), 0..4_000),
    ) {
        let (name, container) = *which.get(RECORDINGS);
        let mut bytes = recording(name)[..start].to_vec();
        bytes.extend(noise);
        survived(bytes, container);
    }
}

#[test]
fn damaged_sound_is_the_decoders_business() {
    let mut bytes = recording("chromium.webm");
    let (whole, size) = (packets(bytes.clone(), "webm"), bytes.len());
    bytes[size - 50] ^= 0xFF;
    assert_eq!(survived(bytes, "webm"), Some(whole));
}
