//! Splits a recording that is too long for one request.
//!
//! Recognizers guess words from their neighbors, so cuts belong into pauses, and a few long parts
//! are better than many short ones. Silence between parts is not sent, because it would be billed.

use crate::core::audio::analysis::{AudioAnalysis, TRIM_MARGIN_SECONDS};
use crate::core::audio::vad::{FRAME_SECONDS, SampleRange};

/// The default of the longest part, in seconds. The server gives up when upload and processing
/// together exceed 60 s. How long it processes is not documented, so a part stays below real time
/// even in that case.
pub const PART_SECONDS: f64 = 50.0;
/// The lowest valid limit, in seconds. Shorter parts would tear sentences apart, and every part
/// counts as a request of the minute.
pub const LEAST_PART_SECONDS: f64 = 5.0;
/// The highest valid limit, in seconds: it leaves the server 5 of its 60 s if it processes as
/// slowly as people speak.
pub const MOST_PART_SECONDS: f64 = 55.0;
/// The size of the largest part, in bytes. The vendor names "a few tens of MB"; a WAV of many
/// channels that is uploaded unchanged would exceed that in 50 s.
pub const MOST_PART_BYTES: u64 = 20_000_000;

/// The share of the longest part after which pauses are looked for. An earlier cut would lead to
/// more parts than needed.
const EARLIEST_SHARE: f64 = 2.0 / 3.0;

/// A range of a recording that is sent by itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// The range, in samples.
    pub range: SampleRange,
    /// Whether the part ends within speech, because there was no pause for the cut.
    pub cut_mid_speech: bool,
}

/// Returns the length of the longest part of audio at `rate` Hz with frames of `frame_bytes`, in
/// samples. Never less than a second.
pub fn longest(rate: u32, frame_bytes: u64, seconds: f64) -> usize {
    let by_time = (seconds * f64::from(rate)) as u64;
    let by_size = MOST_PART_BYTES / frame_bytes.max(1);
    by_time.min(by_size).max(u64::from(rate)) as usize
}

/// Splits a recording into parts of at most `longest` samples: in order, without overlap, and
/// together with all of its speech.
pub fn parts(analysis: &AudioAnalysis, longest: usize) -> Vec<Part> {
    let (rate, samples) = (analysis.rate(), analysis.whole().end);
    let splitter = Splitter {
        speech: analysis.speech(),
        loudness: analysis.loudness(),
        samples,
        margin: (TRIM_MARGIN_SECONDS * f64::from(rate)) as usize,
        frame: ((f64::from(rate) * FRAME_SECONDS) as usize).max(1),
        // A shorter part would not be longer than its margins.
        longest: longest.max(rate as usize).max(1),
    };
    splitter.parts()
}

struct Splitter<'a> {
    speech: &'a [SampleRange],
    loudness: &'a [u8],
    samples: usize,
    margin: usize,
    frame: usize,
    longest: usize,
}

impl Splitter<'_> {
    fn parts(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        // `next` is the first range of speech that no part holds to its end, and `from` the start
        // of its rest. Everything before `taken` is used up.
        let (mut next, mut taken) = (0, 0);
        let mut from = self.speech.first().map_or(0, |first| first.start);
        while next < self.speech.len() {
            let start = from.saturating_sub(self.margin).max(taken);
            let limit = start + self.longest;
            let Some((last, spoken)) = self.last_whole(next, start) else {
                let end = self.quietest(start);
                parts.push(part(start, end, true));
                (from, taken) = (end, end);
                continue;
            };
            let (pause_end, is_final) = match self.speech.get(last + 1) {
                Some(following) => (following.start, false),
                None => (self.samples, true),
            };
            // The margins of two parts share a short pause.
            let middle = spoken + (pause_end - spoken) / 2;
            let most = if is_final { self.samples } else { middle };
            let end = (spoken + self.margin).min(most).min(limit);
            parts.push(part(start, end, false));
            (next, from, taken) = (last + 1, pause_end, middle);
        }
        parts
    }

    /// Returns the range after which to cut a part that starts at `start`, within range `next`: its
    /// index, and its end. `None` if the rest of `next` alone is too long.
    fn last_whole(&self, next: usize, start: usize) -> Option<(usize, usize)> {
        let limit = start + self.longest;
        let end = self.speech.last()?.end;
        if end <= limit {
            return Some((self.speech.len() - 1, end));
        }
        let late = start + (self.longest as f64 * EARLIEST_SHARE) as usize;
        let mut found = None;
        let mut best = (false, 0);
        for (index, pair) in self.speech.windows(2).enumerate().skip(next) {
            let &[SampleRange { end, .. }, SampleRange { start, .. }] = pair else {
                break;
            };
            if end > limit {
                break;
            }
            // The longest pause that is late enough, preferably with room for the margin; otherwise
            // the last pause.
            let worth = if start >= late {
                (end <= limit - self.margin, start - end)
            } else {
                (false, 0)
            };
            if worth >= best {
                (best, found) = (worth, Some((index, end)));
            }
        }
        found
    }

    /// Returns the middle of the quietest frame in the last third of a part from `start` on; the
    /// last of them if several are equally quiet.
    fn quietest(&self, start: usize) -> usize {
        let limit = start + self.longest;
        let late = start + (self.longest as f64 * EARLIEST_SHARE) as usize;
        let frames = late.div_ceil(self.frame)..limit / self.frame;
        frames
            .rev()
            .filter_map(|at| Some((*self.loudness.get(at)?, at)))
            .min_by_key(|&(loudness, _)| loudness)
            .map_or(limit, |(_, at)| at * self.frame + self.frame / 2)
    }
}

fn part(start: usize, end: usize, cut_mid_speech: bool) -> Part {
    Part {
        range: SampleRange { start, end },
        cut_mid_speech,
    }
}
