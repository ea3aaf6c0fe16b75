//! Recordings of browsers and of encoders are demuxed completely, as by an independent reader.

mod support;

use std::io::Cursor;

use support::{RECORDINGS, read, recording};
use symphonia_bundle_flac::FlacReader;
use symphonia_codec_aac::AdtsReader;
use symphonia_core::formats::FormatReader;
use symphonia_core::formats::probe::ProbeableFormat;
use symphonia_core::io::MediaSourceStream;
use symphonia_format_isomp4::IsoMp4Reader;
use symphonia_format_mkv::MkvReader;
use symphonia_format_ogg::OggReader;
use thetaone_web_demux::demuxer::DemuxError;

/// Returns the packets that symphonia finds.
fn independently(bytes: Vec<u8>, container: &str) -> Vec<Vec<u8>> {
    let source = MediaSourceStream::new(Box::new(Cursor::new(bytes)), Default::default());
    let open = match container {
        "webm" => MkvReader::try_probe_new,
        "ogg" => OggReader::try_probe_new,
        "mp4" => IsoMp4Reader::try_probe_new,
        "flac" => FlacReader::try_probe_new,
        _ => AdtsReader::try_probe_new,
    };
    let mut reader: Box<dyn FormatReader> = open(source, Default::default()).unwrap();
    let next = || reader.next_packet().ok().flatten();
    std::iter::from_fn(next)
        .map(|packet| packet.data.to_vec())
        .collect()
}

#[test]
fn an_independent_reader_finds_the_same_packets() {
    for (name, container) in RECORDINGS {
        let bytes = recording(name);
        let contents = read(&bytes, container).unwrap();
        let ours: Vec<_> = contents.packets.into_iter().map(|p| p.data).collect();
        let theirs = independently(bytes, container);
        assert_eq!(ours.len(), theirs.len(), "{name}");
        assert!(ours == theirs, "{name}: other bytes");
    }
}

#[test]
fn every_recording_is_whole_and_says_how_it_is_coded() {
    for (name, container, codec, sample_rate, count, seconds) in [
        ("chromium.webm", "webm", "opus", 48_000, 41, 2.46),
        ("chromium.mp4", "mp4", "opus", 48_000, 41, 2.46),
        ("firefox.webm", "webm", "opus", 48_000, 126, 2.52),
        ("firefox.ogg", "ogg", "opus", 48_000, 126, 2.52),
        ("aac.m4a", "mp4", "mp4a.40.2", 48_000, 150, 3.2),
        ("fragmented-aac.mp4", "mp4", "mp4a.40.2", 48_000, 150, 3.2),
        ("speech.flac", "flac", "flac", 16_000, 14, 1.0),
        ("speech.aac", "aac", "mp4a.40.2", 48_000, 150, 3.2),
        ("vorbis.ogg", "ogg", "vorbis", 48_000, 213, 3.178),
    ] {
        let contents = read(&recording(name), container).unwrap();
        let [config] = &contents.codings[..] else {
            panic!("{name}: {:?}", contents.codings);
        };
        assert_eq!(
            (config.codec.as_str(), config.sample_rate, config.channels),
            (codec, sample_rate, 1),
            "{name}"
        );
        assert!(config.description.is_some(), "{name}");
        assert_eq!(contents.packets.len(), count, "{name}");
        assert!(
            (contents.seconds - seconds).abs() < 0.02,
            "{name}: {}",
            contents.seconds
        );
        assert_eq!(contents.missing_seconds, 0.0, "{name}");
        assert!(contents.packets.iter().map(|p| p.timestamp).is_sorted());
    }
}

#[test]
fn priming_is_trimmed_from_the_head() {
    for (name, container, samples) in [
        ("chromium.webm", "webm", 0.0),
        ("firefox.webm", "webm", 312.0),
        ("firefox.ogg", "ogg", 312.0),
        ("aac.m4a", "mp4", 1_024.0),
        // This file has no edit list.
        ("fragmented-aac.mp4", "mp4", 0.0),
        ("vorbis.ogg", "ogg", 0.0),
        ("speech.flac", "flac", 0.0),
    ] {
        let contents = read(&recording(name), container).unwrap();
        let trimmed = contents.codings[0].head_trim_seconds * 48_000.0;
        assert!((trimmed - samples).abs() < 1.0, "{name}: {trimmed} samples");
    }
}

#[test]
fn it_does_not_matter_how_much_is_handed_in_at_a_time() {
    for (name, container) in RECORDINGS {
        let bytes = recording(name);
        let whole = read(&bytes, container).unwrap().packets;
        assert_eq!(
            support::read_with(&bytes, container, bytes.len())
                .unwrap()
                .packets,
            whole
        );
    }
}

#[test]
fn what_cannot_be_taken_apart_says_why() {
    let refusal = |bytes: &[u8], container: &str| read(bytes, container).err().unwrap();
    // The index of this file is at its end.
    let m4a = recording("aac.m4a");
    let cut = refusal(&m4a[..m4a.len() * 7 / 10], "mp4");
    assert!(matches!(cut, DemuxError::Truncated(_)), "{cut}");
    let head = refusal(&recording("chromium.webm")[..100], "webm");
    assert!(matches!(head, DemuxError::Truncated(_)), "{head}");
    for container in ["webm", "mp4", "flac", "aac", "mp3", "wav"] {
        let noise = refusal(&[0x80; 999], container);
        assert!(
            matches!(noise, DemuxError::Broken(_)),
            "{container}: {noise}"
        );
    }
    assert!(matches!(
        refusal(b"#!AMR", "amr"),
        DemuxError::Unsupported(_)
    ));
}
