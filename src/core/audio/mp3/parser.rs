//! From frame to frame through a file that comes in blocks.

use std::ops::Range;

use crate::core::audio::mp3::header::{Header, Layer};
use crate::core::audio::mp3::info::{CUT, Report, Sum};
use crate::core::audio::mp3::sync::starts_stream;
use crate::core::audio::mp3::{tag, xing};
use crate::core::audio::warnings::InvalidAudio;
use crate::core::error::failure::Failure;

/// How much is copied at a time, in bytes, so that big blocks take no more
/// memory than small ones.
const COPIED_BYTES: usize = 4 * 1024;
/// How many ends the parts may have in which the frames lie, so that a file that is broken everywhere
/// takes no more memory than others.
const MOST_PARTS: usize = 10_000;

/// Walks through an MP3 file from its start to its end.
///
/// Every decision waits until the bytes it depends on are there, so the report
/// does not depend on how the file was cut into blocks. At most two frames and
/// `COPIED_BYTES` are kept.
#[derive(Debug, Default)]
pub struct Walker {
    /// What is not yet decided on, from `used` on.
    pending: Vec<u8>,
    used: usize,
    /// What is still to come of a tag.
    skipped: u64,
    /// The place in the file of what is decided next.
    offset: u64,
    /// The end of what came last.
    tail: Vec<u8>,
    last: Option<Header>,
    last_frame: Range<u64>,
    /// Where the bytes start that belong to nothing, behind what did.
    junk_start: Option<u64>,
    /// Where each part with frames starts and ends.
    parts: Vec<f64>,
    /// Whether the file ends within its first frame.
    is_cut: bool,
    sum: Sum,
}

impl Walker {
    /// At the start of a file.
    pub fn new() -> Self {
        Walker::default()
    }

    /// Walks on.
    pub fn push(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(COPIED_BYTES) {
            self.remember_tail(part);
            let skipped = part
                .len()
                .min(usize::try_from(self.skipped).unwrap_or(usize::MAX));
            self.skipped -= skipped as u64;
            self.offset += skipped as u64;
            self.pending.extend_from_slice(&part[skipped..]);
            self.walk(false);
        }
    }

    /// What was in the file, all of which has been seen. In place, because it is
    /// large; it is of no use afterwards.
    pub fn report(&mut self) -> Result<Report, Failure> {
        self.summed_up()
            .map_err(|(reason, message)| Failure::audio(reason, message))
    }

    fn summed_up(&mut self) -> Result<Report, InvalidAudio> {
        if self.tail.is_empty() {
            return Err(("empty", "the audio has no bytes"));
        }
        self.walk(true);
        let has_only_tags = self.skipped > 0 || self.junk_start.is_none();
        let is_start_of_tag = self.offset < tag::HEADER_BYTES && self.tail.starts_with(b"ID3");
        if self.last.is_none() && (has_only_tags || self.is_cut || is_start_of_tag) {
            return Err(CUT);
        }
        self.sum.problems.truncated |= self.skipped > 0;
        let audio_end = self
            .offset
            .checked_sub(tag::trailing(&self.tail))
            // A tag can cut the last frame off, but not swallow it.
            .filter(|&end| end > self.last_frame.start)
            .unwrap_or(self.offset);
        if self.last_frame.end > audio_end {
            self.sum.drop_last();
            if let Some(end) = self.parts.last_mut()
                && *end == self.last_frame.end as f64
            {
                *end = self.last_frame.start as f64;
            }
        }
        if self.junk_start.is_some_and(|start| start < audio_end) {
            self.sum.problems.junk = true;
        }
        if self.parts.len() > MOST_PARTS {
            return Err(("undecodable", "the MP3 file is broken everywhere"));
        }
        self.sum.finish()
    }

    /// Where the frames are that were found: where each part starts and where it ends,
    /// in bytes from the start of the file. Between the parts are tags and junk, at
    /// which some decoders stop. Numbers as JavaScript has them.
    pub fn parts(&self) -> &[f64] {
        &self.parts
    }

    fn remember_tail(&mut self, part: &[u8]) {
        const MOST_BYTES: usize = 4 * tag::TAIL_BYTES;

        let part = &part[part.len().saturating_sub(tag::TAIL_BYTES)..];
        // Shifted rarely, so that single bytes do not shift it each.
        if self.tail.len() + part.len() > MOST_BYTES {
            let kept = tag::TAIL_BYTES - part.len();
            self.tail.drain(..self.tail.len() - kept);
        }
        self.tail.extend_from_slice(part);
    }

    fn walk(&mut self, is_end: bool) {
        let pending = std::mem::take(&mut self.pending);
        while let window @ [_, ..] = &pending[self.used..] {
            let Some(step) = self.step(window, is_end) else {
                break;
            };
            let here = usize::try_from(step).map_or(window.len(), |step| step.min(window.len()));
            self.used += here;
            self.offset += here as u64;
            self.skipped = step - here as u64;
        }
        self.pending = pending;
        // Moving what is left costs as much as it is long; done rarely, that is
        // no more than was pushed.
        if self.used >= COPIED_BYTES || self.used == self.pending.len() {
            self.pending.drain(..self.used);
            self.used = 0;
        }
    }

    /// How far the next frame, tag or piece of junk reaches, or `None` where
    /// more of the file has to be seen.
    fn step(&mut self, window: &[u8], is_end: bool) -> Option<u64> {
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
            return self.stray(is_end.then_some(window));
        };
        let Some(frame_bytes) = header.frame_bytes() else {
            return self.stray(None);
        };
        let continues = self.last.is_some_and(|last| header.continues(&last));
        let is_next = self.junk_start.is_none();
        if continues && is_next {
            if frame_bytes > window.len() {
                self.sum.problems.truncated |= is_end;
                return is_end.then_some(whole);
            }
        } else if !starts_stream(window, &header, continues || is_next, is_end)? {
            // A header alone is a weak hint, unless a tag or a note announces it.
            self.is_cut |= is_end
                && is_next
                && frame_bytes > window.len()
                && (self.offset > 0 || xing::read(window, &header).is_some());
            return self.stray(None);
        }
        self.accept(header, &window[..frame_bytes]);
        Some(frame_bytes as u64)
    }

    fn accept(&mut self, header: Header, frame: &[u8]) {
        self.sum.problems.junk |= self.junk_start.take().is_some();
        self.last = Some(header);
        let place = self.offset..self.offset + frame.len() as u64;
        match xing::read(frame, &header) {
            // The notes of files that were joined to the first say nothing of
            // the whole, and decoders play them as silence.
            Some(_) if self.sum.note.is_some() || !self.last_frame.is_empty() => {}
            Some(note) => {
                self.sum.note = Some(note);
                self.keep(place);
            }
            None => {
                self.sum.add(header);
                if header.layer == Layer::Three {
                    self.keep(place.clone());
                }
                self.last_frame = place;
            }
        }
    }

    fn keep(&mut self, place: Range<u64>) {
        let (start, end) = (place.start as f64, place.end as f64);
        // One more than may be, and the file is refused.
        let has_room = self.parts.len() <= MOST_PARTS;
        match self.parts.last_mut() {
            Some(last) if *last == start => *last = end,
            _ if has_room => self.parts.extend([start, end]),
            _ => {}
        }
    }

    /// One byte that belongs to nothing; `last` holds the last bytes of the
    /// file, where they may be what is left of a header.
    fn stray(&mut self, last: Option<&[u8]>) -> Option<u64> {
        if let (Some([0xFF] | [0xFF, _] | [0xFF, _, _]), Some(_), None) =
            (last, self.last, self.junk_start)
        {
            self.sum.problems.truncated = true;
            return last.map(|bytes| bytes.len() as u64);
        }
        self.junk_start = self.junk_start.or(Some(self.offset));
        Some(1)
    }
}
