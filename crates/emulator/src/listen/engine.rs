//! The speech engine `hama`, a native library that is loaded while the emulator runs.

#[cfg_attr(feature = "listen", path = "engine/native.rs")]
#[cfg_attr(not(feature = "listen"), path = "engine/absent.rs")]
mod native;

use std::ops::Range;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;

use super::emissions::{Columns, Emissions};
use super::error::Unavailable;

/// The engine's own symbols beside those of its vocabulary, in the order of its columns.
const EXTRA_SYMBOLS: [&str; 2] = ["<wb>", "<blank>"];
/// How many columns a frame of its output has.
const SYMBOLS: usize = 191;
/// The rate of its input, in Hz.
pub const SAMPLE_RATE: u32 = 16_000;
/// The number of samples for each frame of its output.
const FRAME_SAMPLES: usize = 320;
/// Shorter recordings are extended by silence: the engine has a window to fill.
const MIN_SAMPLES: usize = SAMPLE_RATE as usize / 5;
/// Longer recordings are not listened to, because of the time: a second takes 0.1 s.
pub const MAX_SECONDS: f64 = 60.0;
/// The engine looks at so many frames and ignores the rest: 30 s.
const WINDOW_FRAMES: usize = 1_500;
/// The frames at the joint of two overlapping windows that are taken from the other window: 2 s.
/// The engine recognizes a sound less well without the sounds before and after it.
const MARGIN_FRAMES: usize = 100;

/// The engine, loaded once and used by one recording at a time: it does not say that two may use
/// it at once.
#[derive(Debug)]
pub struct Engine {
    native: Mutex<native::Native>,
    columns: Columns,
}

#[derive(Deserialize)]
struct Vocabulary {
    decoder: Vec<String>,
}

impl Engine {
    /// Loads the library and its weights.
    pub fn load(
        library: &Path,
        weights: Vec<u8>,
        vocabulary: &[u8],
    ) -> Result<Engine, Unavailable> {
        let vocabulary: Vocabulary = serde_json::from_slice(vocabulary)
            .map_err(|error| Unavailable::Engine(error.to_string()))?;
        let known = vocabulary.decoder.iter().map(String::as_str);
        let symbols: Vec<&str> = known.chain(EXTRA_SYMBOLS).collect();
        let columns = Columns::find(|name| symbols.iter().position(|symbol| *symbol == name));
        let (Some(columns), SYMBOLS) = (columns, symbols.len()) else {
            return Err(Unavailable::Engine("it has other symbols".into()));
        };
        let native = native::Native::load(library, weights)?;
        Ok(Engine {
            native: Mutex::new(native),
            columns,
        })
    }

    /// The probabilities of the sounds in a recording of 16 kHz, of which [`MAX_SECONDS`] are
    /// looked at. `None` if the engine fails.
    pub fn emissions(&self, samples: &[f32]) -> Option<Emissions> {
        let max_samples = MAX_SECONDS as usize * SAMPLE_RATE as usize;
        // Files of floats may hold anything.
        let audible = |sample: &f32| match sample.is_finite() {
            true => sample.clamp(-1.0, 1.0),
            false => 0.0,
        };
        let mut samples: Vec<f32> = samples.iter().take(max_samples).map(audible).collect();
        if samples.len() < MIN_SAMPLES {
            samples.resize(MIN_SAMPLES, 0.0);
        }
        let mut emissions = Emissions::default();
        for window in windows(samples.len()) {
            let heard = self.run(&samples[window.samples])?;
            emissions.append(&heard, window.used_frames);
        }
        (emissions.frames() > 0).then_some(emissions)
    }

    fn run(&self, samples: &[f32]) -> Option<Emissions> {
        // The engine holds no state between recordings, so that a panic leaves nothing torn.
        let mut native = self.native.lock().unwrap_or_else(PoisonError::into_inner);
        let log_probabilities = native.run(samples, SYMBOLS)?;
        drop(native);
        let is_valid = |value: &f32| !value.is_nan() && *value < 1.0;
        if !log_probabilities.iter().all(is_valid) {
            return None;
        }
        Some(Emissions::from_symbols(
            &log_probabilities,
            SYMBOLS,
            &self.columns,
        ))
    }
}

/// A stretch that the engine hears at once.
struct Window {
    samples: Range<usize>,
    /// The frames of its output that are used.
    used_frames: Range<usize>,
}

/// Cuts a recording into overlapping windows, whose used frames follow each other.
fn windows(samples: usize) -> Vec<Window> {
    let mut windows = Vec::new();
    let mut first_frame = 0;
    loop {
        let start = first_frame * FRAME_SAMPLES;
        let end = (start + WINDOW_FRAMES * FRAME_SAMPLES).min(samples);
        let used_from = if first_frame == 0 { 0 } else { MARGIN_FRAMES };
        let is_last = end == samples;
        let used_until = match is_last {
            true => WINDOW_FRAMES,
            false => WINDOW_FRAMES - MARGIN_FRAMES,
        };
        windows.push(Window {
            samples: start..end,
            used_frames: used_from..used_until,
        });
        if is_last {
            return windows;
        }
        first_frame += WINDOW_FRAMES - 2 * MARGIN_FRAMES;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_used_frames_of_the_windows_follow_each_other() {
        for seconds in [1, 29, 30, 31, 32, 33, 56, 57, 60] {
            let samples = seconds * SAMPLE_RATE as usize + 7;
            let mut next_frame = 0;
            let windows = windows(samples);
            for window in &windows {
                let first = window.samples.start / FRAME_SAMPLES + window.used_frames.start;
                assert_eq!(first, next_frame, "{seconds} s");
                assert!(window.samples.len() <= WINDOW_FRAMES * FRAME_SAMPLES);
                next_frame += window.used_frames.len();
            }
            assert_eq!(windows.last().map(|last| last.samples.end), Some(samples));
            assert!(next_frame >= samples / FRAME_SAMPLES, "{seconds} s");
        }
    }
}
