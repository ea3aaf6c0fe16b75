//! Decoding by an `OfflineAudioContext`, at once.

use js_sys::ArrayBuffer;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AudioBuffer, OfflineAudioContext};

use super::{DECODING_MS, undecodable, unfinished};
use crate::browser::clock::within;
use crate::browser::error::Rejection;

/// The rate in which recordings are decoded, in Hz: the rate of nearly every
/// microphone and of Opus, so that the browser does not resample. Its own
/// resampling folds sibilants into the speech band.
pub const DECODED_RATE: f32 = 48_000.0;

/// How many samples are handed on at a time.
const BLOCK_SAMPLES: u32 = 16_384;

/// A decoded recording.
pub struct Whole {
    buffer: AudioBuffer,
    container: &'static str,
    /// How many samples were handed on.
    done: u32,
}

/// Decodes the bytes of a whole file, at `rate` Hz.
pub async fn decode(
    bytes: &ArrayBuffer,
    container: &'static str,
    rate: f32,
) -> Result<Whole, Rejection> {
    let cannot = |cause| refused(container, cause);
    let context =
        OfflineAudioContext::new_with_number_of_channels_and_length_and_sample_rate(1, 1, rate)
            .map_err(cannot)?;
    let decoding = context.decode_audio_data(bytes).map_err(cannot)?;
    match within(DECODING_MS, JsFuture::from(decoding)).await {
        Some(Ok(decoded)) => Ok(Whole {
            buffer: decoded.dyn_into().map_err(cannot)?,
            container,
            done: 0,
        }),
        Some(Err(cause)) => Err(cannot(cause)),
        None => Err(unfinished(container)),
    }
}

impl Whole {
    /// The next samples, downmixed, and their rate; `None` behind the last.
    pub fn next(&mut self) -> Result<Option<(Vec<f32>, u32)>, Rejection> {
        let count = BLOCK_SAMPLES.min(self.buffer.length() - self.done);
        if count == 0 {
            return Ok(None);
        }
        let mut mono = vec![0.0; count as usize];
        downmixed(&self.buffer, self.done, &mut mono)
            .map_err(|cause| refused(self.container, cause))?;
        self.done += count;
        Ok(Some((mono, self.buffer.sample_rate() as u32)))
    }
}

fn refused(container: &str, cause: JsValue) -> Rejection {
    Rejection::caused_by(
        undecodable(format!(
            "this browser could not decode the {container} file"
        )),
        cause,
    )
}

/// Samples of a decoded recording, downmixed.
fn downmixed(decoded: &AudioBuffer, start: u32, mono: &mut [f32]) -> Result<(), JsValue> {
    let channels = decoded.number_of_channels();
    decoded.copy_from_channel_with_start_in_channel(mono, 0, start)?;
    if channels < 2 {
        return Ok(());
    }
    let mut other = vec![0.0; mono.len()];
    for channel in 1..channels {
        decoded.copy_from_channel_with_start_in_channel(&mut other, channel as i32, start)?;
        for (sum, sample) in mono.iter_mut().zip(&other) {
            *sum += sample;
        }
    }
    let share = 1.0 / channels as f32;
    mono.iter_mut().for_each(|sample| *sample *= share);
    Ok(())
}
