//! Parses an MP3 file that arrives in blocks, frame by frame.

use std::ops::Range;

use crate::core::audio::mp3::header::{Header, Layer};
use crate::core::audio::mp3::info::{Mp3Info, Mp3InfoBuilder, TRUNCATED};
use crate::core::audio::mp3::sync::is_frame_sync;
use crate::core::audio::mp3::{tag, xing};
use crate::core::audio::warnings::InvalidAudio;
use crate::core::error::failure::Failure;

/// The number of bytes that are copied at a time, so that big blocks take no more memory than small
/// ones.
const COPIED_BYTES: usize = 4 * 1024;
/// The largest number of bounds of parts with frames, so that a file that is broken everywhere
/// takes no more memory than others.
const MOST_PARTS: usize = 10_000;

/// Parses an MP3 file from its start to its end.
///
/// Every decision waits until the bytes that it depends on are there, so the result does not depend
/// on how the file was divided into blocks. At most two frames and `COPIED_BYTES` are stored.
#[derive(Debug, Default)]
pub struct Mp3Parser {
    /// The bytes without a decision yet, from `used` on.
    pending: Vec<u8>,
    used: usize,
    /// The bytes of a tag that are still to come.
    skipped: u64,
    /// The position in the file of the next decision.
    offset: u64,
    /// The last bytes that were read.
    tail: Vec<u8>,
    last: Option<Header>,
    last_frame: Range<u64>,
    /// The start of bytes that belong to nothing, after the last frame or tag.
    junk_start: Option<u64>,
    /// The start and the end of each part with frames.
    parts: Vec<f64>,
    /// Whether the file ends within its first frame.
    is_cut: bool,
    info: Mp3InfoBuilder,
}

impl Mp3Parser {
    /// Creates a parser for the start of a file.
    pub fn new() -> Self {
        Mp3Parser::default()
    }

    /// Parses the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(COPIED_BYTES) {
            self.remember_tail(part);
            let skipped = part
                .len()
                .min(usize::try_from(self.skipped).unwrap_or(usize::MAX));
            self.skipped -= skipped as u64;
            self.offset += skipped as u64;
            let rest = part.get(skipped..).unwrap_or_default();
            self.pending.extend_from_slice(rest);
            self.advance(false);
        }
    }

    /// Returns the content of the file, all of which has been pushed. Takes `&mut self` because the
    /// parser is large. The parser cannot be used afterwards.
    pub fn finish(&mut self) -> Result<Mp3Info, Failure> {
        self.summarize()
            .map_err(|(reason, message)| Failure::audio(reason, message))
    }

    fn summarize(&mut self) -> Result<Mp3Info, InvalidAudio> {
        if self.tail.is_empty() {
            return Err(("empty", "the audio has no bytes"));
        }
        self.advance(true);
        let has_only_tags = self.skipped > 0 || self.junk_start.is_none();
        let is_start_of_tag = self.offset < tag::HEADER_BYTES && self.tail.starts_with(b"ID3");
        if self.last.is_none() && (has_only_tags || self.is_cut || is_start_of_tag) {
            return Err(TRUNCATED);
        }
        self.info.problems.truncated |= self.skipped > 0;
        let audio_end = self
            .offset
            .checked_sub(tag::trailing(&self.tail))
            // A tag can cut off the last frame, but not swallow it.
            .filter(|&end| end > self.last_frame.start)
            .unwrap_or(self.offset);
        if self.last_frame.end > audio_end {
            self.info.remove_last_frame();
            if let Some(end) = self.parts.last_mut()
                && *end == self.last_frame.end as f64
            {
                *end = self.last_frame.start as f64;
            }
        }
        if self.junk_start.is_some_and(|start| start < audio_end) {
            self.info.problems.junk = true;
        }
        if self.parts.len() > MOST_PARTS {
            return Err(("undecodable", "the MP3 file is broken everywhere"));
        }
        self.info.finish()
    }

    /// The parts with frames: the start and the end of each, in bytes from the start of the file,
    /// as JavaScript numbers. Between the parts are tags and junk, at which some decoders stop.
    pub fn parts(&self) -> &[f64] {
        &self.parts
    }

    fn remember_tail(&mut self, part: &[u8]) {
        const MOST_BYTES: usize = 4 * tag::TAIL_BYTES;

        let start = part.len().saturating_sub(tag::TAIL_BYTES);
        let part = part.get(start..).unwrap_or_default();
        // Shifted rarely, so that single bytes do not shift it each time.
        if self.tail.len() + part.len() > MOST_BYTES {
            let kept = tag::TAIL_BYTES - part.len();
            self.tail.drain(..self.tail.len() - kept);
        }
        self.tail.extend_from_slice(part);
    }

    fn advance(&mut self, is_end: bool) {
        let pending = std::mem::take(&mut self.pending);
        while let window @ [_, ..] = pending.get(self.used..).unwrap_or_default() {
            let Some(step) = self.next_step(window, is_end) else {
                break;
            };
            let here = usize::try_from(step).map_or(window.len(), |step| step.min(window.len()));
            self.used += here;
            self.offset += here as u64;
            self.skipped = step - here as u64;
        }
        self.pending = pending;
        // Moving the rest takes as long as the rest is. Done rarely, it costs no more than what was
        // pushed.
        if self.used >= COPIED_BYTES || self.used == self.pending.len() {
            self.pending.drain(..self.used);
            self.used = 0;
        }
    }

    /// Returns the length of the next frame, tag or piece of junk, or `None` if more of the file is
    /// needed.
    fn next_step(&mut self, window: &[u8], is_end: bool) -> Option<u64> {
        if window.len() < tag::MARK_BYTES && !is_end {
            return None;
        }
        let whole = window.len() as u64;
        if self.junk_start.is_some() {
            match window.iter().position(|&byte| byte == 0xFF) {
                Some(0) => {}
                found => return Some(found.map_or(whole, |at| at as u64)),
            }
        } else if let Some(length) = tag::leading(window) {
            return Some(length);
        }
        let Some(header) = Header::parse(window) else {
            return self.skip_junk_byte(is_end.then_some(window));
        };
        let Some(frame_bytes) = header.frame_bytes() else {
            return self.skip_junk_byte(None);
        };
        let continues = self.last.is_some_and(|last| header.continues(&last));
        let is_next = self.junk_start.is_none();
        if continues && is_next {
            if frame_bytes > window.len() {
                self.info.problems.truncated |= is_end;
                return is_end.then_some(whole);
            }
        } else if !is_frame_sync(window, &header, continues || is_next, is_end)? {
            // A header alone is weak evidence, unless it follows a tag or has a Xing header.
            self.is_cut |= is_end
                && is_next
                && frame_bytes > window.len()
                && (self.offset > 0 || xing::read(window, &header).is_some());
            return self.skip_junk_byte(None);
        }
        self.push_frame(header, window.get(..frame_bytes)?);
        Some(frame_bytes as u64)
    }

    fn push_frame(&mut self, header: Header, frame: &[u8]) {
        self.info.problems.junk |= self.junk_start.take().is_some();
        self.last = Some(header);
        let place = self.offset..self.offset + frame.len() as u64;
        match xing::read(frame, &header) {
            // The Xing headers of files that were appended to the first say nothing about the
            // whole, and decoders play them as silence.
            Some(_) if self.info.xing.is_some() || !self.last_frame.is_empty() => {}
            Some(xing_header) => {
                self.info.xing = Some(xing_header);
                self.keep(place);
            }
            None => {
                self.info.add(header);
                if header.layer == Layer::Three {
                    self.keep(place.clone());
                }
                self.last_frame = place;
            }
        }
    }

    fn keep(&mut self, place: Range<u64>) {
        let (start, end) = (place.start as f64, place.end as f64);
        // One more than allowed, and the file is rejected.
        let has_room = self.parts.len() <= MOST_PARTS;
        match self.parts.last_mut() {
            Some(last) if *last == start => *last = end,
            _ if has_room => self.parts.extend([start, end]),
            _ => {}
        }
    }

    /// Skips one byte that belongs to nothing. `last` holds the last bytes of the file, if they may
    /// be the rest of a header.
    fn skip_junk_byte(&mut self, last: Option<&[u8]>) -> Option<u64> {
        if let (Some([0xFF] | [0xFF, _] | [0xFF, _, _]), Some(_), None) =
            (last, self.last, self.junk_start)
        {
            self.info.problems.truncated = true;
            return last.map(|bytes| bytes.len() as u64);
        }
        self.junk_start = self.junk_start.or(Some(self.offset));
        Some(1)
    }
}
