//! Where to cut a recording that is too long for one request.
//!
//! Recognisers guess words from their neighbours, so a cut belongs where the
//! speaker pauses, and parts are better long than many. Silence between parts
//! is not sent: it would be billed.

use crate::core::audio::analysis::{KEPT_SECONDS, Quality};
use crate::core::audio::vad::{FRAME_SECONDS, Stretch};

/// How long a part is at most unless the caller says otherwise, in seconds. The
/// server gives up when upload and processing together exceed 60 s; how long it
/// processes is not documented, so a part stays below real time even there.
pub const PART_SECONDS: f64 = 50.0;
/// The shortest limit that can be asked for, in seconds: below, sentences would
/// be torn, and every part counts as a request of the minute.
pub const LEAST_PART_SECONDS: f64 = 5.0;
/// The longest limit that can be asked for, in seconds: it leaves the server 5
/// of its 60 s if it processes as slowly as people speak.
pub const MOST_PART_SECONDS: f64 = 55.0;
/// How large a part is at most, in bytes. The vendor names "a few tens of MB";
/// a WAV of many channels that goes up as it is would pass that in 50 s.
pub const MOST_PART_BYTES: u64 = 20_000_000;

/// Cuts are looked for behind this share of what a part may hold: a pause
/// further ahead would give more parts than needed.
const EARLIEST_SHARE: f64 = 2.0 / 3.0;

/// A stretch of a recording that is sent by itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// In samples.
    pub stretch: Stretch,
    /// Whether it ends within speech, because there was no pause to cut in.
    pub cut_mid_speech: bool,
}

/// The longest part, in samples, of audio at `rate` Hz with frames of
/// `frame_bytes`; never below a second.
pub fn longest(rate: u32, frame_bytes: u64, seconds: f64) -> usize {
    let by_time = (seconds * f64::from(rate)) as u64;
    let by_size = MOST_PART_BYTES / frame_bytes.max(1);
    by_time.min(by_size).max(u64::from(rate)) as usize
}

/// The parts of a recording, of at most `longest` samples each: in order, apart,
/// and together all of its speech.
pub fn parts(quality: &Quality, longest: usize) -> Vec<Part> {
    let (rate, samples) = (quality.rate(), quality.whole().end);
    let cutter = Cutter {
        speech: quality.speech(),
        loudness: quality.loudness(),
        samples,
        margin: (KEPT_SECONDS * f64::from(rate)) as usize,
        frame: ((f64::from(rate) * FRAME_SECONDS) as usize).max(1),
        // Less would be no longer than its margins.
        longest: longest.max(rate as usize).max(1),
    };
    cutter.parts()
}

struct Cutter<'a> {
    speech: &'a [Stretch],
    loudness: &'a [u8],
    samples: usize,
    margin: usize,
    frame: usize,
    longest: usize,
}

impl Cutter<'_> {
    fn parts(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        // The first stretch that no part holds to its end, where what is left of
        // it starts, and before where nothing can be taken any more.
        let (mut next, mut taken) = (0, 0);
        let mut from = self.speech.first().map_or(0, |first| first.start);
        while next < self.speech.len() {
            let start = from.saturating_sub(self.margin).max(taken);
            let limit = start + self.longest;
            let Some(last) = self.last_whole(next, start) else {
                let end = self.quietest(start);
                parts.push(part(start, end, true));
                (from, taken) = (end, end);
                continue;
            };
            let spoken = self.speech[last].end;
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

    /// The stretch behind which to cut a part that begins with what is left of
    /// stretch `next`; `None` where that alone is too long.
    fn last_whole(&self, next: usize, start: usize) -> Option<usize> {
        let limit = start + self.longest;
        let all = self.speech.len() - 1;
        if self.speech[all].end <= limit {
            return Some(all);
        }
        let late = start + (self.longest as f64 * EARLIEST_SHARE) as usize;
        let mut found = None;
        let mut best = (false, 0);
        for at in next..all {
            let (end, following) = (self.speech[at].end, self.speech[at + 1].start);
            if end > limit {
                break;
            }
            // The longest pause that is late enough; best with room for the margin,
            // too. Where none is, the last.
            let worth = match following >= late {
                true => (end <= limit - self.margin, following - end),
                false => (false, 0),
            };
            if worth >= best {
                (best, found) = (worth, Some(at));
            }
        }
        found
    }

    /// The middle of the quietest frame in the last part of what a part from
    /// `start` on may hold; the last of them, where several are.
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
        stretch: Stretch { start, end },
        cut_mid_speech,
    }
}
