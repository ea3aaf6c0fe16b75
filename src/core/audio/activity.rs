//! Where speech is: an adaptive detector on three bands.
//!
//! Vowels carry low in the spectrum, sibilants high, and noise is usually
//! strong in one of the two. Each band has a noise floor of its own, taken from
//! the quiet part of the whole take, and a frame counts as speech when any band
//! stands out of its floor. When in doubt it says speech: what is called
//! silence may be cut off.

use super::biquad::FilterBank;

/// How long one look is, in seconds.
pub const FRAME_SECONDS: f64 = 0.02;

/// The middle frequencies of the bands, in Hz, and their quality factors:
/// roughly 200–800, 800–2,500 and 2,500–6,000 Hz.
const BANDS: [(f64, f64); 3] = [(400.0, 0.7), (1_400.0, 0.85), (3_900.0, 1.1)];

/// The share of a take that is taken for its noise.
const NOISE_SHARE: f64 = 0.1;
/// How far above the floor speech stands, in dB.
const STANDS_OUT_DB: f64 = 6.0;
/// The floor lies at least this far below the loudest frame, in dB: in a take
/// without any quiet, all of it is taken for speech.
const LEAST_RANGE_DB: f64 = 12.0;
/// Never speech, in dBFS per band.
const INAUDIBLE_DBFS: f64 = -65.0;
/// Gaps up to this long are within speech, in seconds.
const BRIDGED_SECONDS: f64 = 0.2;
/// Shorter bursts are clicks, in seconds.
const SHORTEST_SECONDS: f64 = 0.05;

/// Levels are kept as bytes, half a dB each from -120 dBFS up, so that an hour
/// of audio takes half a megabyte.
const STEPS_PER_DB: f64 = 2.0;
const LOWEST_DBFS: f64 = -120.0;

/// A stretch of speech, in samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The first sample.
    pub start: usize,
    /// The sample behind the last.
    pub end: usize,
}

/// What a [`Detector`] heard.
#[derive(Debug)]
pub struct Activity {
    /// Where there was speech, in order.
    pub speech: Vec<Stretch>,
    /// How loud each frame of [`FRAME_SECONDS`] is in its loudest band, in steps
    /// that say nothing but which of two is louder.
    pub loudness: Vec<u8>,
}

/// Listens to a take from its start to its end.
#[derive(Debug)]
pub struct Detector {
    frame_samples: usize,
    filters: FilterBank,
    energies: [f64; BANDS.len()],
    in_frame: usize,
    levels: Vec<[u8; BANDS.len()]>,
    samples: usize,
}

impl Detector {
    /// A detector for audio at `rate` Hz.
    pub fn new(rate: u32) -> Self {
        Detector {
            frame_samples: ((f64::from(rate) * FRAME_SECONDS) as usize).max(1),
            filters: FilterBank::band_pass(f64::from(rate), BANDS),
            energies: [0.0; BANDS.len()],
            in_frame: 0,
            levels: Vec::new(),
            samples: 0,
        }
    }

    /// Listens on.
    pub fn push(&mut self, samples: &[f32]) {
        let mut left = samples;
        while !left.is_empty() {
            let (part, rest) = left.split_at(left.len().min(self.frame_samples - self.in_frame));
            for (sum, energy) in self.energies.iter_mut().zip(self.filters.energies(part)) {
                *sum += f64::from(energy);
            }
            self.in_frame += part.len();
            if self.in_frame == self.frame_samples {
                self.close_frame();
            }
            left = rest;
        }
        self.samples += samples.len();
    }

    fn close_frame(&mut self) {
        let count = self.in_frame as f64;
        self.levels.push(self.energies.map(|energy| {
            let dbfs = 10.0 * (energy / count).log10();
            ((dbfs - LOWEST_DBFS) * STEPS_PER_DB).clamp(0.0, 255.0) as u8
        }));
        self.energies = [0.0; BANDS.len()];
        self.in_frame = 0;
    }

    /// Whether there is speech already, whatever follows in a take of `samples`
    /// in all.
    ///
    /// A band's floor is no higher than the tenth percentile of the whole take,
    /// and that can rise no more once a tenth of the whole was as quiet. So the
    /// answer is never another one at the end; `false` means that it is open.
    pub fn surely_speaks(&self, samples: u64) -> bool {
        let frames = samples.div_ceil(self.frame_samples as u64);
        let floors = self.floors_dbfs(frames as usize);
        let mut run = 0;
        self.levels.iter().any(|levels| {
            run = if stands_out(levels, &floors) {
                run + 1
            } else {
                0
            };
            run >= shortest_frames()
        })
    }

    /// Where there was speech, in order.
    pub fn finish(self) -> Vec<Stretch> {
        self.activity().speech
    }

    /// Where there was speech, and how loud everything was.
    pub fn activity(mut self) -> Activity {
        if self.in_frame > 0 {
            self.close_frame();
        }
        let floors = self.floors_dbfs(self.levels.len());
        let frames = self.levels.iter().map(|levels| stands_out(levels, &floors));
        let mut speech = stretches(frames);
        for stretch in &mut speech {
            stretch.start *= self.frame_samples;
            stretch.end = (stretch.end * self.frame_samples).min(self.samples);
        }
        let loudest = |levels: &[u8; BANDS.len()]| levels.iter().copied().max().unwrap_or(0);
        Activity {
            speech,
            loudness: self.levels.iter().map(loudest).collect(),
        }
    }

    /// The noise floors of a take of so many frames, of which these are the
    /// first: the highest that they can still be.
    fn floors_dbfs(&self, frames: usize) -> [f64; BANDS.len()] {
        let share = (frames as f64 * NOISE_SHARE) as usize;
        let is_whole = frames <= self.levels.len();
        std::array::from_fn(|band| {
            let mut counts = [0usize; 256];
            for levels in &self.levels {
                counts[usize::from(levels[band])] += 1;
            }
            let mut seen = 0;
            let quiet = counts.iter().position(|&count| {
                seen += count;
                seen > share
            });
            // Half of the quiet frames lie above their tenth percentile.
            let floor = match quiet {
                Some(level) => dbfs(level as u8),
                None if is_whole => dbfs(0),
                None => f64::INFINITY,
            };
            let loudest = counts.iter().rposition(|&count| count > 0).unwrap_or(0);
            let most = match is_whole {
                true => dbfs(loudest as u8) - LEAST_RANGE_DB,
                false => f64::INFINITY,
            };
            floor.min(most).max(INAUDIBLE_DBFS - STANDS_OUT_DB)
        })
    }
}

fn stands_out(levels: &[u8; BANDS.len()], floors: &[f64; BANDS.len()]) -> bool {
    levels
        .iter()
        .zip(floors)
        .any(|(&level, floor)| dbfs(level) >= floor + STANDS_OUT_DB)
}

fn shortest_frames() -> usize {
    (SHORTEST_SECONDS / FRAME_SECONDS).ceil() as usize
}

fn dbfs(level: u8) -> f64 {
    f64::from(level) / STEPS_PER_DB + LOWEST_DBFS
}

/// Runs of speaking frames, with short gaps bridged and short bursts left out;
/// counted in frames.
fn stretches(frames: impl Iterator<Item = bool>) -> Vec<Stretch> {
    let bridged = (BRIDGED_SECONDS / FRAME_SECONDS) as usize;
    let shortest = shortest_frames();
    let mut found = Vec::new();
    for (index, _) in frames.enumerate().filter(|(_, speaks)| *speaks) {
        extend(&mut found, 0, index, index + 1);
    }
    let whole = found.len() == 1;
    let mut joined = Vec::new();
    for Stretch { start, end } in found {
        if whole || end - start >= shortest {
            extend(&mut joined, bridged, start, end);
        }
    }
    joined
}

/// Makes the last stretch longer where it ends at most `gap` before `start`, or
/// starts another.
fn extend(stretches: &mut Vec<Stretch>, gap: usize, start: usize, end: usize) {
    match stretches.last_mut() {
        Some(last) if start - last.end <= gap => last.end = end,
        _ => stretches.push(Stretch { start, end }),
    }
}
