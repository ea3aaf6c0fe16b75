//! Telling frames from bytes that only look like them.

use super::header::{HEADER_BYTES, Header};
use super::tag;

/// How many headers must follow a first frame, by whether one is expected
/// there: one byte in 16,000 looks like the start of a frame.
const FOLLOWERS: [usize; 2] = [2, 1];

/// Whether a frame of a stream starts `window`. The file ends with the window
/// where `is_end`; otherwise `None` says that more of it has to be seen.
///
/// The last frame of a file, with none behind it, counts only where it ends
/// with the file, and where it `is_expected`.
pub fn starts_stream(
    window: &[u8],
    first: &Header,
    is_expected: bool,
    is_end: bool,
) -> Option<bool> {
    let mut at = 0;
    let mut bytes = first.frame_bytes();
    for seen in 0..FOLLOWERS[usize::from(is_expected)] {
        let Some(frame_bytes) = bytes else {
            return Some(false);
        };
        at += frame_bytes;
        let Some(next) = window.get(at..at + HEADER_BYTES) else {
            return match (is_end, seen) {
                (false, _) => None,
                (true, 0) => Some(is_expected && at == window.len()),
                // Cut off, or with a few bytes of junk behind it.
                (true, _) => Some(true),
            };
        };
        bytes = match Header::parse(next) {
            Some(next) if next.continues(first) => next.frame_bytes(),
            _ => return Some(tag::may_start(next)),
        };
    }
    Some(true)
}

/// Frames without a bit rate can be told from noise only by their distance,
/// which is constant.
#[derive(Debug, Default)]
pub struct FreeFormat {
    last: Option<(u64, Header)>,
    distance: u64,
    run: u64,
    longest: u64,
}

impl FreeFormat {
    /// Longer than any frame of 640 kbps, which is where decoders stop.
    const MOST_BYTES: u64 = 2_900;
    /// Headers so close cannot both be headers.
    const LEAST_BYTES: u64 = HEADER_BYTES as u64;
    /// So many equal distances are no chance.
    const LEAST_RUN: u64 = 2;

    /// Takes note of a header without a bit rate at `offset` of the file.
    pub fn add(&mut self, offset: u64, header: Header) {
        let distance = match self.last {
            Some((at, last)) if header.continues(&last) => offset - at,
            _ => u64::MAX,
        };
        if distance <= Self::LEAST_BYTES {
            return;
        }
        let is_equal = distance.abs_diff(self.distance) <= u64::from(header.slot_bytes());
        self.run = match distance {
            Self::MOST_BYTES.. => 0,
            _ if is_equal => self.run + 1,
            _ => 1,
        };
        self.distance = distance;
        self.last = Some((offset, header));
        self.longest = self.longest.max(self.run);
    }

    /// How many frames were found in a row; 0 where they may be chance.
    pub fn frames(&self) -> u64 {
        if self.longest >= Self::LEAST_RUN {
            self.longest
        } else {
            0
        }
    }
}
