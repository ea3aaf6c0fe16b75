//! The types that the readers of containers share.

use crate::codec_config::CodecConfig;
use crate::source::{ReadError, Source};

/// A packet of coded audio, with the times of the container.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct RawPacket {
    pub(crate) data: Vec<u8>,
    /// The start in seconds, if the container states it.
    pub(crate) start: Option<f64>,
    /// The duration in seconds, if the container states it.
    pub(crate) seconds: Option<f64>,
}

/// The result of a reader's step.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    /// There is no packet yet.
    Progress,
    /// The packets that follow have this configuration.
    CodecConfig(Box<CodecConfig>),
    RawPacket(RawPacket),
    End,
}

/// A reader of a container. After each [`ReadError::More`], the step is repeated, so a step changes
/// nothing before it has all the bytes that it needs.
pub(crate) trait Reader {
    fn step(&mut self, source: &Source, losses: &mut LossRecord) -> Result<Step, ReadError>;
}

/// A record of the parts of the recording that are missing.
#[derive(Debug, Default)]
pub(crate) struct LossRecord {
    /// The duration that is known to be missing.
    pub(crate) lost_seconds: f64,
    /// Whether the file ends in the middle of the recording, without saying how much is missing.
    pub(crate) ends_early: bool,
    /// Whether something was damaged since the last packet.
    pub(crate) gap: bool,
    /// The number of bytes of audio that were skipped because of the damage.
    pub(crate) gap_bytes: u64,
    /// The time of the container at which the last packet should end.
    pub(crate) claimed_end: Option<f64>,
    /// The duration of the padding at the end of the current configuration.
    pub(crate) tail_trim_seconds: f64,
}

impl LossRecord {
    /// Records that bytes of audio were skipped.
    pub(crate) fn skip(&mut self, bytes: u64) {
        self.gap = true;
        self.gap_bytes += bytes;
    }
}

/// The number of bytes that are searched at a time for the next undamaged position.
pub(crate) const SEARCHED_BYTES: usize = 128 * 1024;

/// Returns the first position from `at` on that `is_start` accepts, in windows of `length` bytes.
/// `Err` holds the position to continue from, if there is none in the window.
pub(crate) fn search(
    bytes: &[u8],
    at: u64,
    is_last: bool,
    overlap: usize,
    is_start: impl Fn(&[u8]) -> bool,
) -> Result<u64, u64> {
    let end = if is_last {
        bytes.len()
    } else {
        bytes.len().saturating_sub(overlap).max(1)
    };
    let found = (0..end).find(|offset| is_start(&bytes[*offset..]));
    found.map_or(Err(at + end as u64), |offset| Ok(at + offset as u64))
}

/// Returns the length of the ID3v2 tag at the start of `head`, in bytes.
pub(crate) fn id3_bytes(head: &[u8]) -> u64 {
    match head {
        [b'I', b'D', b'3', _, _, flags, a, b, c, d, ..] if (a | b | c | d) & 0x80 == 0 => {
            let size = [a, b, c, d]
                .iter()
                .fold(0_u64, |sum, byte| sum << 7 | u64::from(**byte));
            size + if flags & 0x10 == 0 { 10 } else { 20 }
        }
        _ => 0,
    }
}

/// True if a tag starts here that follows audio: ID3v1, APE, Lyrics3, or ID3v2.
pub(crate) fn is_tag(bytes: &[u8]) -> bool {
    let marks: [&[u8]; 4] = [b"TAG", b"APETAGEX", b"LYRICSBEGIN", b"ID3"];
    marks.iter().any(|mark| bytes.starts_with(mark))
}

/// True if a packet consists of zeros, which an unfinished disk write or download leaves. No coded
/// audio does, except for very short packets of silence.
pub(crate) fn is_blank(packet: &[u8]) -> bool {
    packet.len() >= 8 && packet.iter().all(|byte| *byte == 0)
}
