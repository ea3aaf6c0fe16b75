//! Where speech is: an adaptive detector on three bands.
//!
//! Each [band](super::frames) has a noise floor of its own, taken from the quiet
//! part of the whole take, and a frame counts as speech when any band stands out
//! of its floor. When in doubt it says speech: what is called silence may be cut
//! off.

use crate::core::audio::frames::{BANDS, Frame, Framer, dbfs};

pub use crate::core::audio::frames::FRAME_SECONDS;

/// The share of a take that is taken for its noise.
const NOISE_SHARE: f64 = 0.1;
/// How far above the floor speech stands, in dB.
const STANDS_OUT_DB: f64 = 6.0;
/// The floor lies at least this far below the loudest frame, in dB: in a take
/// without any quiet, all of it is taken for speech.
const LEAST_RANGE_DB: f64 = 12.0;
/// A take in which no band is louder holds no speech, in dBFS.
const INAUDIBLE_DBFS: f64 = -65.0;
/// Where there is speech, all that is no further below its loudest frame may be
/// speech too, in dB: a faint speaker has weak syllables below what is audible.
const FAINT_DB: f64 = 20.0;
/// Gaps up to this long are within speech, in seconds.
const BRIDGED_SECONDS: f64 = 0.2;
/// Shorter bursts are clicks, in seconds.
const SHORTEST_SECONDS: f64 = 0.05;

/// The speaker is as loud as this share of the speaking frames, but no more than
/// so many seconds of them: a cough or a slammed door takes less.
const LOUD_SHARE: f64 = 0.2;
const LOUD_SECONDS: f64 = 0.3;
/// Voices this far below the speaker are others, in dB.
const OTHERS_DB: f64 = 14.0;
/// Speakers who get quieter by so many dB a second stay the speaker.
const FADING_DB_PER_SECOND: f64 = 0.2;
/// Weaker sounds this close to the speaker's voice are the speaker's, in
/// seconds: final consonants, a word that trails off, a shy start.
const WEAK_SECONDS: f64 = 0.75;

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
    /// From the first speech to the last that is the speaker's, and not that of
    /// others further away. Empty where there is no speech.
    pub speaker: Stretch,
    /// How loud each frame of [`FRAME_SECONDS`] is in its loudest band, in steps
    /// that say nothing but which of two is louder.
    pub loudness: Vec<u8>,
}

/// Listens to a take from its start to its end.
#[derive(Debug)]
pub struct Detector {
    framer: Framer,
    frames: Vec<Frame>,
    samples: usize,
}

impl Detector {
    /// A detector for audio at `rate` Hz.
    pub fn new(rate: u32) -> Self {
        Detector {
            framer: Framer::new(rate),
            frames: Vec::new(),
            samples: 0,
        }
    }

    /// Listens on.
    pub fn push(&mut self, samples: &[f32]) {
        self.framer.push(samples, &mut self.frames);
        self.samples += samples.len();
    }

    /// Whether there is speech already, whatever follows in a take of `samples`
    /// in all.
    ///
    /// A band's floor is no higher than the tenth percentile of the whole take,
    /// and that can rise no more once a tenth of the whole was as quiet. So the
    /// answer is never another one at the end; `false` means that it is open.
    pub fn surely_speaks(&self, samples: u64) -> bool {
        let frames = samples.div_ceil(self.framer.frame_samples() as u64);
        speaks(&self.frames, &self.thresholds_dbfs(frames as usize, None))
    }

    /// Where there was speech, in order.
    pub fn finish(self) -> Vec<Stretch> {
        self.activity().speech
    }

    /// Where there was speech, and how loud everything was.
    pub fn activity(mut self) -> Activity {
        self.framer.finish(&mut self.frames);
        let loudness: Vec<u8> = self.frames.iter().map(Frame::loudest).collect();
        let (mut speech, mut speaker) = (Vec::new(), Stretch { start: 0, end: 0 });
        if speaks(&self.frames, &self.thresholds_dbfs(loudness.len(), None)) {
            let loudest = loudness.iter().copied().max().unwrap_or(0);
            let faintest = dbfs(loudest) - FAINT_DB;
            let thresholds = self.thresholds_dbfs(loudness.len(), Some(faintest));
            let speaking = self
                .frames
                .iter()
                .map(|frame| frame.reaches(&thresholds, f64::NEG_INFINITY));
            speech = stretches(speaking);
            speaker = speaker_of(&speech, &loudness);
        }
        let frame_samples = self.framer.frame_samples();
        let in_samples = |stretch: &mut Stretch| {
            stretch.start *= frame_samples;
            stretch.end = (stretch.end * frame_samples).min(self.samples);
        };
        speech.iter_mut().for_each(in_samples);
        in_samples(&mut speaker);
        Activity {
            speech,
            speaker,
            loudness,
        }
    }

    /// How loud each band is where it speaks, in a take of so many frames, of
    /// which these are the first: the most that it can still be. With
    /// `faintest_dbfs`, that is audible too.
    fn thresholds_dbfs(&self, frames: usize, faintest_dbfs: Option<f64>) -> [f64; BANDS] {
        let share = (frames as f64 * NOISE_SHARE) as usize;
        let is_whole = frames <= self.frames.len();
        std::array::from_fn(|band| {
            let mut counts = [0usize; 256];
            for frame in &self.frames {
                counts[usize::from(frame.levels[band])] += 1;
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
            let audible = (floor.min(most) + STANDS_OUT_DB).max(INAUDIBLE_DBFS);
            match faintest_dbfs {
                Some(faintest) => audible.min((floor + STANDS_OUT_DB).max(faintest)),
                None => audible,
            }
        })
    }
}

fn speaks(frames: &[Frame], thresholds_dbfs: &[f64; BANDS]) -> bool {
    let mut run = 0;
    frames.iter().any(|frame| {
        run = if frame.sustains(thresholds_dbfs) {
            run + 1
        } else {
            0
        };
        run >= shortest_frames()
    })
}

fn shortest_frames() -> usize {
    (SHORTEST_SECONDS / FRAME_SECONDS).ceil() as usize
}

/// Runs of speaking frames, with short gaps bridged and short bursts left out;
/// counted in frames.
fn stretches(frames: impl Iterator<Item = bool>) -> Vec<Stretch> {
    let bridged = (BRIDGED_SECONDS / FRAME_SECONDS) as usize;
    let mut found = Vec::new();
    for (index, _) in frames.enumerate().filter(|(_, speaks)| *speaks) {
        extend(&mut found, 0, index, index + 1);
    }
    let mut joined = Vec::new();
    for Stretch { start, end } in found {
        if end - start >= shortest_frames() {
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

/// From the first speech to the last that is the speaker's; counted in frames.
fn speaker_of(speech: &[Stretch], loudness: &[u8]) -> Stretch {
    let (Some(first), Some(last)) = (speech.first(), speech.last()) else {
        return Stretch { start: 0, end: 0 };
    };
    let whole = Stretch {
        start: first.start,
        end: last.end,
    };
    let mut counts = [0; 256];
    let mut spoken = 0;
    for said in speech {
        for &level in &loudness[said.start..said.end] {
            counts[usize::from(level)] += 1;
        }
        spoken += said.end - said.start;
    }
    let share = (spoken as f64 * LOUD_SHARE).min(LOUD_SECONDS / FRAME_SECONDS) as usize;
    let mut seen = 0;
    let loud = counts.iter().rposition(|&count| {
        seen += count;
        seen > share
    });
    let loud_dbfs = dbfs(loud.unwrap_or(0) as u8);
    let within = &loudness[whole.start..whole.end];
    let weak = (WEAK_SECONDS / FRAME_SECONDS) as usize;
    let start = within.len() - last_loud(within, true, loud_dbfs);
    let end = last_loud(within, false, loud_dbfs);
    Stretch {
        start: whole.start + start.saturating_sub(weak),
        end: (whole.start + end + weak).min(whole.end),
    }
}

/// The number of frames up to the last that is about as loud as those before it,
/// or, backward, as those behind it.
fn last_loud(loudness: &[u8], is_backward: bool, loud_dbfs: f64) -> usize {
    let mut speaker_dbfs = f64::NEG_INFINITY;
    let mut end = 0;
    for at in 0..loudness.len() {
        let index = match is_backward {
            true => loudness.len() - 1 - at,
            false => at,
        };
        let level = dbfs(loudness[index]);
        let faded = speaker_dbfs - FADING_DB_PER_SECOND * FRAME_SECONDS;
        speaker_dbfs = level.min(loud_dbfs).max(faded);
        if level >= speaker_dbfs - OTHERS_DB {
            end = at + 1;
        }
    }
    end
}
