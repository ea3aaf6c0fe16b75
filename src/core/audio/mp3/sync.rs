//! Distinguishes frames from bytes that only look like them.

use crate::core::audio::mp3::header::{HEADER_BYTES, Header};
use crate::core::audio::mp3::tag;

/// The number of headers that must follow a first frame, and the number where a frame is expected.
/// One byte in 16,000 looks like the start of a frame.
const FOLLOWERS: usize = 2;
const EXPECTED_FOLLOWERS: usize = 1;

/// True if a frame of a stream starts `window`. If `is_end`, the file ends with the window;
/// otherwise `None` says that more of the file is needed.
///
/// The last frame of a file, with none after it, counts only if it ends with the file and
/// `is_expected`.
pub(super) fn is_frame_sync(
    window: &[u8],
    first: &Header,
    is_expected: bool,
    is_end: bool,
) -> Option<bool> {
    let mut at = 0;
    let mut bytes = first.frame_bytes();
    let followers = if is_expected {
        EXPECTED_FOLLOWERS
    } else {
        FOLLOWERS
    };
    for seen in 0..followers {
        let Some(frame_bytes) = bytes else {
            return Some(false);
        };
        at += frame_bytes;
        let Some(next) = window.get(at..at + HEADER_BYTES) else {
            return match (is_end, seen) {
                (false, _) => None,
                (true, 0) => Some(is_expected && at == window.len()),
                // Cut off, or with a few bytes of junk after it.
                (true, _) => Some(true),
            };
        };
        bytes = match Header::parse(next) {
            Some(next) if next.continues(first) => next.frame_bytes(),
            _ => return Some(tag::may_start_tag(next)),
        };
    }
    Some(true)
}

/// The largest distance of two frames, in bytes: longer than any frame of 640 kbps, which is the
/// limit of decoders.
const MOST_FREE_BYTES: usize = 2_900;
/// The number of frames that are no coincidence if they also fill the file.
const LEAST_FREE_FRAMES: usize = 4;

/// True if `stream` consists of frames without a bit rate, which differ from noise only by their
/// constant distance. Quiet PCM is full of bytes that look like their headers, so frames have to
/// begin at once and to fill the whole stream.
pub(super) fn is_free_format(stream: &[u8]) -> bool {
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
            _ if tag::may_start_tag(rest) => break,
            _ => return false,
        }
        frames += 1;
    }
    frames >= LEAST_FREE_FRAMES
}
