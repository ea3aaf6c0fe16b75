//! Drives the demuxer as the package's JavaScript does.
#![allow(dead_code)]

use std::fs;

use thetaone_web_demux::codec_config::CodecConfig;
use thetaone_web_demux::demuxer::{DemuxError, Demuxer, Event, Packet};

pub const RECORDINGS: &[(&str, &str)] = &[
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

pub fn recording(name: &str) -> Vec<u8> {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/fixtures/recordings"
    );
    fs::read(format!("{folder}/{name}")).unwrap()
}

/// The content that was found in a file.
#[derive(Debug, Default)]
pub struct Contents {
    pub codings: Vec<CodecConfig>,
    pub packets: Vec<Packet>,
    pub missing_seconds: f64,
    pub tail_trim_seconds: f64,
    pub seconds: f64,
}

/// Demuxes a file that is supplied in windows of `window` bytes, or of as many as are asked for.
pub fn read_with(bytes: &[u8], container: &str, window: usize) -> Result<Contents, DemuxError> {
    let mut demuxer = Demuxer::open(container, bytes.len() as u64)?;
    let mut contents = Contents::default();
    let mut steps = 0;
    loop {
        steps += 1;
        assert!(steps <= 8 * bytes.len() + 64, "it does not end");
        match demuxer.advance()? {
            Event::More { at, length } => {
                let at = usize::try_from(at).unwrap();
                assert!(
                    at + length <= bytes.len(),
                    "bytes behind the end are wanted"
                );
                let end = (at + length.max(window)).min(bytes.len());
                demuxer.supply(at as u64, bytes[at..end].to_vec());
            }
            Event::CodecConfig => contents.codings.push(demuxer.config().unwrap().clone()),
            Event::Packet(packet) => {
                assert!(packet.data.len() <= bytes.len(), "larger than the file");
                assert!(packet.timestamp.is_finite() && packet.timestamp >= 0.0);
                contents.packets.push(packet);
                assert!(contents.packets.len() <= bytes.len(), "more than bytes");
            }
            Event::End => break,
        }
    }
    contents.missing_seconds = demuxer.missing_seconds();
    contents.tail_trim_seconds = demuxer.tail_trim_seconds();
    contents.seconds = demuxer.seconds();
    Ok(contents)
}

pub fn read(bytes: &[u8], container: &str) -> Result<Contents, DemuxError> {
    read_with(bytes, container, 0)
}
