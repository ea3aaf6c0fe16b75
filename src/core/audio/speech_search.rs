//! Determines whether a recording contains any speech, without reading all of it.

use crate::core::audio::vad::SpeechDetector;

/// Searches for speech until its presence is certain.
#[derive(Debug)]
pub struct SpeechSearch {
    detector: SpeechDetector,
    samples: u64,
    read_samples: u64,
    /// The number of samples before the next check.
    next_check_at: u64,
}

impl SpeechSearch {
    /// Creates a search through `samples` samples of mono audio at `rate` Hz.
    pub fn new(rate: u32, samples: u64) -> Self {
        SpeechSearch {
            detector: SpeechDetector::new(rate),
            samples,
            read_samples: 0,
            next_check_at: samples / 10,
        }
    }

    /// Reads the next samples. Returns true if there is certainly speech, whatever follows.
    pub fn push(&mut self, samples: &[f32]) -> bool {
        self.detector.push(samples);
        self.read_samples += samples.len() as u64;
        if self.read_samples < self.next_check_at {
            return false;
        }
        // A check takes as long as all samples so far: one for every block of an hour would take a
        // second.
        self.next_check_at = self.read_samples + self.read_samples / 4;
        self.detector.has_certain_speech(self.samples)
    }

    /// True if there was speech, now that all samples were read.
    pub fn finish(self) -> bool {
        !self.detector.finish().is_empty()
    }
}
