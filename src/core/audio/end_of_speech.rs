//! Tells, while a recording runs, that the speaker has finished.
//!
//! The [detector](super::activity) looks at a whole take; here the rest of it
//! is not known yet. A frame speaks where a [band](super::frames) stands out of
//! its noise floor and is about as loud as the speaker has been: a neighbor
//! stands out of a quiet room too.

use crate::core::audio::frames::{BANDS, FRAME_SECONDS, Frame, Framer, dbfs};

/// How far above the floor speech stands, in dB; noise alone varies by less.
const STANDS_OUT_DB: f64 = 9.0;
/// How much the floor rises in louder frames, in dB each: vowels are held for
/// seconds. It falls to the level of any quieter frame at once.
const FLOOR_RISE_DB: f64 = 0.06;
/// How much it falls in zeros, in dB a frame: a microphone that warms up gives
/// some, and later they are what a noise gate leaves of silence.
const FLOOR_FALL_DB: f64 = 1.0;
/// Never speech, in dBFS.
const INAUDIBLE_DBFS: f64 = -70.0;
/// Above the first level, in dBFS, one frame says that the speaker has spoken;
/// above the second it takes three, and below fifteen: noises of a quiet room
/// sound like speech, and a neighbor may speak first.
const LOUD_DBFS: f64 = -45.0;
const FAINT_DBFS: f64 = -58.0;
const SPOKEN_EVIDENCE: u32 = 15;
/// Three times as much says how loud the speaker is.
const LEVEL_EVIDENCE: u32 = 45;
/// Shorter sounds are clicks, in frames: 0.1 s.
const SHORTEST_FRAMES: u32 = 5;

/// The speaker is as loud as the loudest frames, of which so many are known. The
/// quietest of them counts, so that a slammed door, which dies away sooner, does
/// not pass for the speaker.
const LOUD_FRAMES: usize = 6;
/// Voices this far below are others, in dB. A voice 20 dB below the speaker has
/// syllables that are not as far below the speaker's weaker ones.
const OTHERS_DB: f64 = 14.0;
/// How fast the speaker's level is forgotten, in dB a frame, while frames no
/// further below than [`FADING_DB`] follow: who trails off stays the speaker.
const FORGOTTEN_DB: f64 = 0.06;
const FADING_DB: f64 = 8.0;
/// So many frames of weaker sound behind the speaker's voice are not silence:
/// final consonants, and words that trail off. 0.3 s.
const WEAK_FRAMES: u32 = 15;

/// The longest time without samples that is no gap, in seconds: clocks of audio
/// devices and of pages differ, and timers are late.
const JITTER_SECONDS: f64 = 0.1;
/// Silence that is longer is a pause, and not a gap between words, in seconds.
const PAUSE_SECONDS: f64 = 0.3;

/// Listens to a running recording.
#[derive(Debug)]
pub struct SpeechEnd {
    wanted_seconds: f64,
    rate: u32,
    framer: Framer,
    /// The noise floors, and [`STANDS_OUT_DB`] above.
    thresholds_dbfs: [f64; BANDS],
    loud_dbfs: [f64; LOUD_FRAMES],
    /// Speaking frames less those between them, up to [`SHORTEST_FRAMES`].
    speaking: u32,
    /// How much was heard of the speaker before it was taken for one.
    evidence: u32,
    weak: u32,
    silent_seconds: f64,
}

impl SpeechEnd {
    /// Waits for this much silence, in seconds, after speech; audio has `rate`
    /// Hz.
    pub fn new(wanted_seconds: f64, rate: u32) -> Self {
        SpeechEnd {
            wanted_seconds,
            rate,
            framer: Framer::new(rate),
            thresholds_dbfs: [STANDS_OUT_DB; BANDS],
            loud_dbfs: [f64::NEG_INFINITY; LOUD_FRAMES],
            speaking: 0,
            evidence: 0,
            weak: 0,
            silent_seconds: 0.0,
        }
    }

    /// Whether the speaker has finished, now that another `seconds` have passed,
    /// of which these samples are the last. In a hidden tab, timers are too slow
    /// to hear everything. NaN: nothing was missed.
    pub fn hear(&mut self, samples: &[f32], seconds: f64) -> bool {
        let missed_seconds = seconds - samples.len() as f64 / f64::from(self.rate);
        // Nobody knows what was said there, unless it was in a pause; where there is
        // speech now, it does not matter.
        if missed_seconds > JITTER_SECONDS && self.silent_seconds > PAUSE_SECONDS {
            self.silent_seconds += missed_seconds;
        }
        let mut frames = Vec::new();
        self.framer.push(samples, &mut frames);
        for frame in frames {
            self.look(frame);
        }
        let has_spoken = self.evidence >= SPOKEN_EVIDENCE;
        // A word that has just begun is not cut off.
        has_spoken && self.speaking == 0 && self.silent_seconds >= self.wanted_seconds
    }

    fn look(&mut self, frame: Frame) {
        let level = dbfs(frame.total);
        let is_zero = frame.loudest() == 0;
        for (threshold, &band) in self.thresholds_dbfs.iter_mut().zip(&frame.levels) {
            let followed = match is_zero {
                true => *threshold - FLOOR_FALL_DB,
                false => (dbfs(band) + STANDS_OUT_DB).min(*threshold + FLOOR_RISE_DB),
            };
            *threshold = followed.max(INAUDIBLE_DBFS);
        }
        // In order, so that the first is the quietest of the loudest frames.
        let speaker_dbfs = self.loud_dbfs[0];
        if level > speaker_dbfs && frame.is_sustained() {
            self.loud_dbfs[0] = level;
            for at in 1..LOUD_FRAMES {
                if self.loud_dbfs[at - 1] > self.loud_dbfs[at] {
                    self.loud_dbfs.swap(at - 1, at);
                }
            }
        }
        let least = match self.evidence >= LEVEL_EVIDENCE {
            true => speaker_dbfs - OTHERS_DB,
            false => f64::NEG_INFINITY,
        };
        self.silent_seconds += FRAME_SECONDS;
        if frame.reaches(&self.thresholds_dbfs, least) {
            self.speak(level);
            if level >= speaker_dbfs - FADING_DB {
                for loud in &mut self.loud_dbfs {
                    *loud -= FORGOTTEN_DB;
                }
            }
        } else {
            self.speaking = self.speaking.saturating_sub(1);
            if self.weak > 0 && frame.reaches(&self.thresholds_dbfs, f64::NEG_INFINITY) {
                self.weak -= 1;
                self.silent_seconds -= FRAME_SECONDS;
            }
        }
    }

    fn speak(&mut self, dbfs: f64) {
        self.speaking = (self.speaking + 1).min(SHORTEST_FRAMES);
        if self.speaking == SHORTEST_FRAMES {
            let more = match dbfs {
                LOUD_DBFS.. => SPOKEN_EVIDENCE,
                FAINT_DBFS.. => SPOKEN_EVIDENCE / 3,
                _ => 1,
            };
            self.evidence = (self.evidence + more).min(LEVEL_EVIDENCE);
            self.silent_seconds = 0.0;
            self.weak = WEAK_FRAMES;
        }
    }
}
