//! Telling frames from bytes that only look like them.

use crate::core::audio::mp3::header::{HEADER_BYTES, Header};
use crate::core::audio::mp3::tag;

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

/// Longer than any frame of 640 kbps, which is where decoders stop.
const MOST_FREE_BYTES: usize = 2_900;
/// So many frames are no chance where they also fill the file.
const LEAST_FREE_FRAMES: usize = 4;

/// Whether `stream` consists of frames without a bit rate, which only their
/// constant distance tells from noise. Quiet PCM is full of what looks like their
/// headers, so that they have to begin at once, and to fill all that is seen.
pub fn is_free_format(stream: &[u8]) -> bool {
    let Some(first) = Header::parse(stream).filter(|header| header.bit_rate == 0) else {
        return false;
    };
    (HEADER_BYTES + 1..MOST_FREE_BYTES).any(|distance| fills(stream, &first, distance))
}

fn fills(stream: &[u8], first: &Header, distance: usize) -> bool {
    let mut at = 0;
    let mut frames = 0;
    while let Some(rest @ [_, _, _, _, ..]) = stream.get(at..) {
        match Header::parse(rest) {
            Some(header)
                if header.bit_rate == 0
                    && header.continues(first)
                    && header.channels == first.channels =>
            {
                at += distance + header.padding_bytes();
            }
            _ if tag::may_start(rest) => break,
            _ => return false,
        }
        frames += 1;
    }
    frames >= LEAST_FREE_FRAMES
}
