//! MPEG audio layer III: is it one, and how long is it.

mod header;
mod info;
mod parser;
mod sync;
mod tag;
mod xing;

pub use crate::core::audio::mp3::header::{Header, Layer, Version};
pub use crate::core::audio::mp3::info::Report;
pub use crate::core::audio::mp3::parser::Walker;

/// How far behind the tags a first frame is looked for, in bytes. Encoders put
/// it at once; some taggers leave padding.
const SEARCHED_BYTES: usize = 64 * 1024;

/// A frame, and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// Where it starts, in bytes from the start of the file.
    pub offset: usize,
    /// What it says of itself.
    pub header: Header,
}

/// The first frame of `head`, of any layer, behind its tags. A frame counts
/// only when others of the same kind follow it, or the file ends with it: four
/// bytes alone look like a header too often.
pub fn first_frame(head: &[u8]) -> Option<Frame> {
    let expected = leading_tag_bytes(head);
    candidates(head).find(|frame| {
        let window = &head[frame.offset..];
        let is_expected = frame.offset == expected;
        sync::starts_stream(window, &frame.header, is_expected, true) == Some(true)
    })
}

/// Whether `head` starts a stream without a bit rate behind its tags, in which
/// [`first_frame`] finds nothing.
pub fn is_free_format(head: &[u8]) -> bool {
    let stream = head.get(leading_tag_bytes(head)..);
    stream.is_some_and(sync::is_free_format)
}

/// Where the tags at the start of `head` end; that may be behind its end.
pub fn leading_tag_bytes(head: &[u8]) -> usize {
    let mut start = 0usize;
    while let Some(length) = head.get(start..).and_then(tag::leading) {
        start = start.saturating_add(usize::try_from(length).unwrap_or(usize::MAX));
    }
    start
}

/// Whatever looks like a header where the first frame may be.
fn candidates(head: &[u8]) -> impl Iterator<Item = Frame> {
    let start = leading_tag_bytes(head).min(head.len());
    let end = head.len().min(start.saturating_add(SEARCHED_BYTES));
    (start..end).filter_map(|offset| {
        let header = Header::parse(&head[offset..])?;
        Some(Frame { offset, header })
    })
}
