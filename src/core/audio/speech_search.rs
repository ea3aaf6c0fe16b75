//! Tells whether there is speech in a take at all, without hearing all of it.

use crate::core::audio::vad::Detector;

/// Looks for speech until there surely is some.
#[derive(Debug)]
pub struct SpeechSearch {
    detector: Detector,
    samples: u64,
    heard: u64,
    /// How much is to be heard before the next look.
    look_at: u64,
}

impl SpeechSearch {
    /// A search through `samples` samples of mono audio at `rate` Hz.
    pub fn new(rate: u32, samples: u64) -> Self {
        SpeechSearch {
            detector: Detector::new(rate),
            samples,
            heard: 0,
            look_at: samples / 10,
        }
    }

    /// Listens on. `true`: there is speech, and the rest cannot change that.
    pub fn push(&mut self, samples: &[f32]) -> bool {
        self.detector.push(samples);
        self.heard += samples.len() as u64;
        if self.heard < self.look_at {
            return false;
        }
        // A look costs as much as was heard: looking at every block of an hour
        // would take a second.
        self.look_at = self.heard + self.heard / 4;
        self.detector.surely_speaks(self.samples)
    }

    /// Whether there was speech, now that everything was heard.
    pub fn finish(self) -> bool {
        !self.detector.finish().is_empty()
    }
}
