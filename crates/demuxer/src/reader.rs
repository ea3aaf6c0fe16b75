//! The types that the readers of containers have in common.

use crate::coding::Coding;
use crate::source::{Pause, Source};

/// A coded piece of sound.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Piece {
    pub(crate) data: Vec<u8>,
    /// When it starts, in seconds, where the container says so.
    pub(crate) start: Option<f64>,
    /// How long it is, in seconds, where the container says so.
    pub(crate) seconds: Option<f64>,
}

/// The result of a reader's step.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    /// There is nothing to be handed on yet.
    Progress,
    /// The pieces that follow are coded like this.
    Coding(Box<Coding>),
    Piece(Piece),
    End,
}

/// A reader of a container. It may be asked again after each [`Pause::More`], so a
/// step changes nothing before it has all the bytes that it needs.
pub(crate) trait Reader {
    fn step(&mut self, source: &Source, ledger: &mut Ledger) -> Result<Step, Pause>;
}

/// A record of the parts of the recording that are missing.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// Known to be missing.
    pub(crate) lost_seconds: f64,
    /// The file ends in the middle of the recording; nothing says how much is missing.
    pub(crate) ends_early: bool,
    /// Something was damaged since the last piece.
    pub(crate) gap: bool,
    /// How many bytes of sound were skipped for it.
    pub(crate) gap_bytes: u64,
    /// When the last piece ought to end, by the time of the container.
    pub(crate) claimed_end: Option<f64>,
    /// How much of the end of the current coding is filling.
    pub(crate) tail_trim_seconds: f64,
}

impl Ledger {
    /// Notes that bytes of sound were skipped.
    pub(crate) fn skip(&mut self, bytes: u64) {
        self.gap = true;
        self.gap_bytes += bytes;
    }
}

/// How many bytes are searched at a time for the next sound place.
pub(crate) const SEARCHED_BYTES: usize = 128 * 1024;

/// Returns the first place from `at` on that `is_start` accepts, looking at `length`
/// bytes at a time; `Err` with the place to go on from, where there is none in them.
pub(crate) fn search(
    bytes: &[u8],
    at: u64,
    is_last: bool,
    overlap: usize,
    is_start: impl Fn(&[u8]) -> bool,
) -> Result<u64, u64> {
    let end = match is_last {
        true => bytes.len(),
        false => bytes.len().saturating_sub(overlap).max(1),
    };
    let found = (0..end).find(|offset| is_start(&bytes[*offset..]));
    found.map_or(Err(at + end as u64), |offset| Ok(at + offset as u64))
}

/// Returns how many bytes the ID3v2 tag takes that `head` starts with.
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

/// Whether a tag starts here that stands behind sound: ID3v1, APE, Lyrics3, or ID3v2.
pub(crate) fn is_tag(bytes: &[u8]) -> bool {
    let marks: [&[u8]; 4] = [b"TAG", b"APETAGEX", b"LYRICSBEGIN", b"ID3"];
    marks.iter().any(|mark| bytes.starts_with(mark))
}

/// Whether a packet is nothing but zeros, as a disk or a download leaves them that
/// was not finished. No coded sound is; very short packets of silence may be.
pub(crate) fn is_blank(packet: &[u8]) -> bool {
    packet.len() >= 8 && packet.iter().all(|byte| *byte == 0)
}
