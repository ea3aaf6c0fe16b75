//! The speech engine `hama`, a native library that is loaded while the emulator runs.

#[cfg_attr(feature = "listen", path = "engine/native.rs")]
#[cfg_attr(not(feature = "listen"), path = "engine/absent.rs")]
mod native;

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
/// Shorter recordings are extended by silence: the engine has a window to fill.
const MIN_SAMPLES: usize = SAMPLE_RATE as usize / 5;
/// Longer recordings are not listened to: the engine takes 2.4 MB a second.
pub const MAX_SECONDS: f64 = 60.0;

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
    pub fn load(library: &Path, weights: &[u8], vocabulary: &[u8]) -> Result<Engine, Unavailable> {
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
        // The engine holds no state between recordings, so that a panic leaves nothing torn.
        let mut native = self.native.lock().unwrap_or_else(PoisonError::into_inner);
        let log_probabilities = native.run(&samples, SYMBOLS)?;
        drop(native);
        let is_sound = |value: &f32| !value.is_nan() && *value < 1.0;
        if log_probabilities.is_empty() || !log_probabilities.iter().all(is_sound) {
            return None;
        }
        Some(Emissions::from_symbols(
            &log_probabilities,
            SYMBOLS,
            &self.columns,
        ))
    }
}
