//! What browsers' recorders and encoders write is taken apart completely.

use std::fs;

use thetaone_web_demux::demuxer::{Demuxer, Packet, Refusal};

fn recording(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/recordings");
    fs::read(format!("{folder}/{name}")).unwrap()
}

fn open(name: &str, container: &str) -> Demuxer {
    Demuxer::open(recording(name), container).unwrap()
}

fn packets(demuxer: &mut Demuxer) -> Vec<Packet> {
    std::iter::from_fn(|| demuxer.next_packet().unwrap()).collect()
}

#[test]
fn every_recording_gives_all_of_its_packets() {
    for (name, container, codec, sample_rate, count, bytes, seconds) in [
        ("chromium.webm", "webm", "opus", 48_000, 41, 15_127, 2.40),
        ("chromium.mp4", "mp4", "opus", 48_000, 41, 15_127, 2.13),
        ("firefox.webm", "webm", "opus", 48_000, 126, 10_084, 2.50),
        ("firefox.ogg", "ogg", "opus", 48_000, 126, 10_084, 2.50),
        ("aac.m4a", "mp4", "mp4a.40.2", 48_000, 150, 19_619, 3.18),
        (
            "fragmented-aac.mp4",
            "mp4",
            "mp4a.40.2",
            48_000,
            150,
            19_619,
            3.18,
        ),
        ("speech.flac", "flac", "flac", 16_000, 14, 10_897, 0.94),
        ("speech.aac", "aac", "mp4a.40.2", 48_000, 150, 12_843, 3.18),
        ("vorbis.ogg", "ogg", "vorbis", 48_000, 213, 12_806, 3.17),
    ] {
        let mut demuxer = open(name, container);
        let coding = demuxer.coding();
        assert_eq!(
            (coding.codec.as_str(), coding.sample_rate, coding.channels),
            (codec, sample_rate, 1),
            "{name}"
        );
        assert!(coding.description.is_some(), "{name}");
        let packets = packets(&mut demuxer);
        let sum: usize = packets.iter().map(|packet| packet.data.len()).sum();
        assert_eq!((packets.len(), sum), (count, bytes), "{name}");
        let times: Vec<f64> = packets.iter().map(|packet| packet.timestamp).collect();
        assert!(times.is_sorted(), "{name}");
        let last = times.last().unwrap() / 1e6;
        assert!((last - seconds).abs() < 0.01, "{name}: {last} s");
        assert_eq!(demuxer.next_packet(), Ok(None), "{name}: still at its end");
    }
}

#[test]
fn the_same_sound_is_the_same_packets_in_every_container() {
    let data = |name: &str, container: &str| -> Vec<_> {
        let mut demuxer = open(name, container);
        packets(&mut demuxer).into_iter().map(|p| p.data).collect()
    };
    assert_eq!(
        data("aac.m4a", "mp4"),
        data("fragmented-aac.mp4", "mp4"),
        "fragmented or not"
    );
}

#[test]
fn descriptions_are_those_that_decoders_take() {
    let description =
        |name: &str, container: &str| open(name, container).coding().description.clone().unwrap();
    // Version 1, one channel, what to skip, the microphone's rate, no gain.
    assert_eq!(
        description("chromium.mp4", "mp4"),
        b"OpusHead\x01\x01\x00\x0F\x80\xBB\x00\x00\x00\x00\x00"
    );
    assert_eq!(
        description("firefox.ogg", "ogg"),
        b"OpusHead\x01\x01\x38\x01\x44\xAC\x00\x00\x00\x00\x00"
    );
    assert_eq!(description("aac.m4a", "mp4")[..2], [0x11, 0x88]);
    assert_eq!(description("speech.aac", "aac"), [0x11, 0x88]);
    assert_eq!(
        description("speech.flac", "flac")[..8],
        *b"fLaC\x80\x00\x00\x22"
    );
    let vorbis = description("vorbis.ogg", "ogg");
    assert_eq!(vorbis[..3], [2, 30, 16]);
    for (at, kind) in [(3, 1), (33, 3), (49, 5)] {
        assert_eq!(vorbis[at], kind);
        assert_eq!(&vorbis[at + 1..at + 7], b"vorbis");
    }
}

#[test]
fn a_recording_that_ends_early_gives_the_packets_until_then() {
    for (name, container) in [
        ("chromium.webm", "webm"),
        ("chromium.mp4", "mp4"),
        ("firefox.webm", "webm"),
        ("firefox.ogg", "ogg"),
        ("fragmented-aac.mp4", "mp4"),
        ("speech.flac", "flac"),
        ("speech.aac", "aac"),
    ] {
        let whole = packets(&mut open(name, container));
        let mut bytes = recording(name);
        bytes.truncate(bytes.len() * 7 / 10);
        let part = packets(&mut Demuxer::open(bytes, container).unwrap());
        assert!(
            part.len() > whole.len() / 3 && part.len() < whole.len(),
            "{name}: {} of {}",
            part.len(),
            whole.len()
        );
        for (part, whole) in part.iter().zip(&whole) {
            assert_eq!(part.timestamp, whole.timestamp, "{name}");
        }
    }
}

#[test]
fn what_cannot_be_taken_apart_says_why() {
    let refusal = |bytes: Vec<u8>, container: &str| Demuxer::open(bytes, container).err().unwrap();
    // Its index is at its end.
    let mut m4a = recording("aac.m4a");
    m4a.truncate(m4a.len() * 7 / 10);
    assert!(matches!(refusal(m4a, "mp4"), Refusal::Broken(_)));
    let head = recording("chromium.webm")[..100].to_vec();
    assert!(matches!(refusal(head, "webm"), Refusal::Broken(_)));
    assert!(matches!(refusal(Vec::new(), "ogg"), Refusal::Broken(_)));
    assert!(matches!(refusal(vec![0; 999], "flac"), Refusal::Broken(_)));
    assert!(matches!(
        refusal(recording("chromium.webm"), "wav"),
        Refusal::Unsupported(_)
    ));
    let mut unknown = recording("chromium.webm");
    let name = unknown
        .windows(6)
        .position(|text| text == b"A_OPUS")
        .unwrap();
    unknown[name..name + 6].copy_from_slice(b"A_NONE");
    assert!(matches!(refusal(unknown, "webm"), Refusal::Unsupported(_)));
}
