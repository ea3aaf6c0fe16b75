//! What only the browser can decode, by the browser: in windows by an
//! `OfflineAudioContext`, in workers, which have none, by an `AudioDecoder`.

mod window;
mod worker;

use js_sys::ArrayBuffer;

use super::clock::within;
use super::error::Rejection;
use super::property::global;
use crate::core::error::Failure;

/// How long a browser may take until something comes, in milliseconds. WebKit
/// never settles on some broken files.
const DECODING_MS: f64 = 120_000.0;

/// A recording that the browser decodes.
pub enum Decoded {
    /// All of it is decoded.
    Whole(window::Whole),
    /// It is decoded as it is read.
    Streamed(worker::Streamed),
}

/// Decodes the bytes of a whole file, which `container` names.
pub async fn decode(bytes: ArrayBuffer, container: &'static str) -> Result<Decoded, Rejection> {
    if global("OfflineAudioContext").is_function() {
        return window::decode(&bytes, container, window::DECODED_RATE)
            .await
            .map(Decoded::Whole);
    }
    if global("AudioDecoder").is_function() {
        return worker::decode(bytes, container)
            .await
            .map(Decoded::Streamed);
    }
    Err(undecodable(format!(
        "the audio is {container}, and only a browser can decode that, in a window or (by https) in a worker; pass WAV or MP3 here"
    ))
    .into())
}

/// All of an MP3 at `rate`, its own, so that nothing is resampled; `None` where
/// it cannot be had within `most_ms` milliseconds.
pub async fn decode_mp3(bytes: ArrayBuffer, rate: u32, most_ms: f64) -> Option<Decoded> {
    if !global("OfflineAudioContext").is_function() {
        return None;
    }
    let decoded = within(most_ms, window::decode(&bytes, "mp3", rate as f32));
    decoded.await?.ok().map(Decoded::Whole)
}

impl Decoded {
    /// The next samples, downmixed, and their rate in Hz; `None` behind the last.
    pub async fn next(&mut self) -> Result<Option<(Vec<f32>, u32)>, Rejection> {
        match self {
            Decoded::Whole(whole) => whole.next(),
            Decoded::Streamed(streamed) => streamed.next().await,
        }
    }
}

fn undecodable(problem: String) -> Failure {
    Failure::audio("undecodable", problem)
}

fn unfinished(container: &str) -> Rejection {
    undecodable(format!(
        "this browser did not finish decoding the {container} file"
    ))
    .into()
}
