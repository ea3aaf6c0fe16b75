//! Tells, while a recording runs, that the speaker has finished.
//!
//! The [detector](super::activity) looks at a whole take; here the rest of it
//! is not known yet. The noise floor is the least level of the last seconds:
//! speech has gaps, noise has none.

use super::level::SILENCE_DBFS;

/// How far back the floor is looked for, in seconds: longer than a vowel is held.
const FLOOR_SECONDS: f64 = 4.0;
/// How far above the floor speech stands, in dB; noise alone varies by less.
const STANDS_OUT_DB: f64 = 9.0;
/// Never speech, in dBFS.
const INAUDIBLE_DBFS: f64 = -55.0;
/// What is shorter is a click, in seconds.
const SHORTEST_SECONDS: f64 = 0.1;
/// The longest time that one level stands for, in seconds: a timer that was
/// held up says nothing of what was said meanwhile.
const LONGEST_LOOK_SECONDS: f64 = 0.1;

/// Listens to the levels of a running recording.
#[derive(Debug)]
pub struct SpeechEnd {
    wanted_seconds: f64,
    /// Levels in dBFS and their times, with none that is not the least of all
    /// behind it: the front is the floor.
    floor: Vec<(f64, f64)>,
    now_seconds: f64,
    speaking_seconds: f64,
    silent_seconds: f64,
    has_spoken: bool,
}

impl SpeechEnd {
    /// Waits for this much silence, in seconds, after speech.
    pub fn new(wanted_seconds: f64) -> Self {
        SpeechEnd {
            wanted_seconds,
            floor: Vec::new(),
            now_seconds: 0.0,
            speaking_seconds: 0.0,
            silent_seconds: 0.0,
            has_spoken: false,
        }
    }

    /// Whether the speaker has finished, now that the last `seconds` had the
    /// level `rms_dbfs`.
    pub fn hear(&mut self, rms_dbfs: f64, seconds: f64) -> bool {
        let seconds = seconds.clamp(0.0, LONGEST_LOOK_SECONDS);
        self.now_seconds += seconds;
        // A microphone that warms up gives zeros, which are no floor.
        if rms_dbfs > SILENCE_DBFS {
            self.remember(rms_dbfs);
        }
        if rms_dbfs >= self.least_speech_dbfs() {
            self.speaking_seconds += seconds;
            if self.speaking_seconds >= SHORTEST_SECONDS {
                self.has_spoken = true;
                self.silent_seconds = 0.0;
            }
        } else {
            self.speaking_seconds = 0.0;
            self.silent_seconds += seconds;
        }
        self.has_spoken && self.silent_seconds >= self.wanted_seconds
    }

    fn remember(&mut self, dbfs: f64) {
        let oldest = self.now_seconds - FLOOR_SECONDS;
        self.floor
            .retain(|&(level, at)| level < dbfs && at >= oldest);
        self.floor.push((dbfs, self.now_seconds));
    }

    fn least_speech_dbfs(&self) -> f64 {
        let floor = self.floor.first().map_or(SILENCE_DBFS, |&(level, _)| level);
        (floor + STANDS_OUT_DB).max(INAUDIBLE_DBFS)
    }
}
