//! Recognizes MPEG audio layer III, and measures its duration.

mod header;
mod info;
mod parser;
mod sync;
mod tag;
mod xing;

pub use crate::core::audio::mp3::header::{Header, Layer, Version};
pub use crate::core::audio::mp3::info::Mp3Info;
pub use crate::core::audio::mp3::parser::Mp3Parser;

/// The range after the tags in which a first frame is looked for, in bytes. Encoders write it at
/// once; some taggers leave padding.
const SEARCHED_BYTES: usize = 64 * 1024;

/// A frame and its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// The start, in bytes from the start of the file.
    pub offset: usize,
    /// The header.
    pub header: Header,
}

/// Returns the first frame of `head`, of any layer, after its tags. A frame counts only if others
/// of the same kind follow it, or if the file ends with it: four bytes alone look like a header too
/// often.
pub fn first_frame(head: &[u8]) -> Option<Frame> {
    let expected = leading_tag_bytes(head);
    candidates(head).find(|frame| {
        let is_expected = frame.offset == expected;
        head.get(frame.offset..).is_some_and(|window| {
            sync::is_frame_sync(window, &frame.header, is_expected, true) == Some(true)
        })
    })
}

/// True if `head` starts a stream without a bit rate after its tags, in which [`first_frame`] finds
/// nothing.
pub fn is_free_format(head: &[u8]) -> bool {
    let stream = head.get(leading_tag_bytes(head)..);
    stream.is_some_and(sync::is_free_format)
}

/// Returns the end of the tags at the start of `head`, which may be beyond the end of `head`.
pub fn leading_tag_bytes(head: &[u8]) -> usize {
    let mut start = 0usize;
    while let Some(length) = head.get(start..).and_then(tag::leading) {
        start = start.saturating_add(usize::try_from(length).unwrap_or(usize::MAX));
    }
    start
}

/// Returns everything that looks like a header where the first frame may be.
fn candidates(head: &[u8]) -> impl Iterator<Item = Frame> {
    let start = leading_tag_bytes(head).min(head.len());
    let end = head.len().min(start.saturating_add(SEARCHED_BYTES));
    (start..end).filter_map(|offset| {
        let header = Header::parse(head.get(offset..)?)?;
        Some(Frame { offset, header })
    })
}
