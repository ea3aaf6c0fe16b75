//! What only the browser can decode, by the browser.

use js_sys::{ArrayBuffer, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AudioBuffer, OfflineAudioContext};

use super::clock::within;
use super::error::Rejection;
use crate::core::error::Failure;

/// The rate in which recordings are decoded, in Hz: the rate of nearly every
/// microphone and of Opus, so that the browser does not resample. Its own
/// resampling folds sibilants into the speech band.
const DECODED_RATE: f32 = 48_000.0;

/// How long a browser may take, in milliseconds. WebKit never settles on some
/// broken files.
const DECODING_MS: f64 = 120_000.0;

/// Decodes the bytes of a whole file, which `container` names in messages.
pub async fn decode(bytes: &ArrayBuffer, container: &str) -> Result<AudioBuffer, Rejection> {
    let undecodable = |problem: String| Failure::audio("undecodable", problem);
    let global = js_sys::global();
    if !Reflect::get(&global, &"OfflineAudioContext".into()).is_ok_and(|found| found.is_function())
    {
        return Err(undecodable(format!(
            "the audio is {container}, and only a window can decode that; pass WAV or MP3 here"
        ))
        .into());
    }
    let cannot = |cause: JsValue| {
        Rejection::caused_by(
            undecodable(format!(
                "this browser could not decode the {container} file"
            )),
            cause,
        )
    };
    let context = OfflineAudioContext::new_with_number_of_channels_and_length_and_sample_rate(
        1,
        1,
        DECODED_RATE,
    )
    .map_err(cannot)?;
    let decoding = context.decode_audio_data(bytes).map_err(cannot)?;
    match within(DECODING_MS, JsFuture::from(decoding)).await {
        Some(Ok(decoded)) => decoded.dyn_into().map_err(cannot),
        Some(Err(cause)) => Err(cannot(cause)),
        None => Err(undecodable(format!(
            "this browser did not finish decoding the {container} file"
        ))
        .into()),
    }
}

/// Samples of a decoded recording, downmixed.
pub fn downmixed(decoded: &AudioBuffer, start: u32, mono: &mut [f32]) -> Result<(), JsValue> {
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
