//! From whatever the caller has to what the API takes.

use js_sys::{Array, ArrayBuffer, Object, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AudioBuffer, Blob, BlobPropertyBag, OfflineAudioContext};

use super::clock::within;
use super::error::Rejection;
use super::events::to_js;
use super::form::Audio;
use super::input::described;
use crate::core::audio::level::Level;
use crate::core::audio::resample::Resampler;
use crate::core::audio::wav::Writer;
use crate::core::audio::{API_SAMPLE_RATE, INSPECTED_BYTES, MediaType, Preparation, inspect};
use crate::core::error::Failure;

#[wasm_bindgen(module = "/pkg-template/take.js")]
extern "C" {
    #[wasm_bindgen(js_name = blobOf)]
    fn blob_of(value: &JsValue) -> JsValue;

    #[wasm_bindgen(js_name = Take)]
    type Take;
    #[wasm_bindgen(constructor, js_class = "Take")]
    fn new(blob: &Blob, facts: &JsValue) -> Take;
}

/// The rate in which recordings are decoded, in Hz: the rate of nearly every
/// microphone and of Opus, so that the browser does not resample. Its own
/// resampling folds sibilants into the speech band.
const DECODED_RATE: f32 = 48_000.0;

/// How long a browser may take to decode, in milliseconds. WebKit never
/// settles on some broken files.
const DECODING_MS: f64 = 120_000.0;

/// How many samples cross from the browser at a time.
const BLOCK_SAMPLES: usize = 16_384;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Facts {
    duration_seconds: f64,
    sample_rate: u32,
    channels: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    peak_dbfs: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rms_dbfs: Option<f64>,
}

/// What can be sent, from a take, blob, file or bytes.
pub async fn for_upload(audio: &JsValue) -> Result<Audio, Rejection> {
    let (audio, _) = prepared(&blob_from(audio)?).await?;
    Ok(audio)
}

/// A `Take` of a take, blob, file or bytes.
pub async fn take_of(audio: &JsValue) -> Result<JsValue, Rejection> {
    if !blob_of(audio).is_undefined() {
        return Ok(audio.clone());
    }
    let (audio, facts) = prepared(&blob_from(audio)?).await?;
    Ok(Take::new(&audio.blob, &to_js(&facts)).into())
}

async fn prepared(source: &Blob) -> Result<(Audio, Facts), Rejection> {
    let head = bytes_of(&slice(source, INSPECTED_BYTES as f64)?).await?;
    let preparation = inspect(&Uint8Array::new(&head).to_vec(), source.size() as u64)?;
    match preparation {
        Preparation::SendAsIs(upload) => {
            let parts = Array::of1(source);
            let audio = Audio {
                blob: blob(&parts, upload.media_type.content_type())?,
                media_type: upload.media_type,
            };
            let facts = Facts {
                duration_seconds: upload.duration_seconds,
                sample_rate: upload.sample_rate,
                channels: upload.channels,
                peak_dbfs: None,
                rms_dbfs: None,
            };
            Ok((audio, facts))
        }
        Preparation::Decode(container) => {
            let decoded = decode(bytes_of(source).await?, container).await?;
            convert(&decoded)
        }
    }
}

fn blob_from(audio: &JsValue) -> Result<Blob, Rejection> {
    let held = blob_of(audio);
    let audio = if held.is_undefined() { audio } else { &held };
    if let Some(blob) = audio.dyn_ref::<Blob>() {
        return Ok(blob.clone());
    }
    if audio.is_instance_of::<ArrayBuffer>() || ArrayBuffer::is_view(audio) {
        return blob(&Array::of1(audio), "");
    }
    Err(Failure::configuration(format!(
        "audio must be a Take, Blob, File, ArrayBuffer or Uint8Array, got {}",
        described(audio)
    ))
    .into())
}

fn blob(parts: &Array, content_type: &str) -> Result<Blob, Rejection> {
    let properties = BlobPropertyBag::new();
    properties.set_type(content_type);
    Blob::new_with_buffer_source_sequence_and_options(parts, &properties).map_err(unreadable)
}

fn slice(source: &Blob, bytes: f64) -> Result<Blob, Rejection> {
    source
        .slice_with_f64_and_f64(0.0, bytes)
        .map_err(unreadable)
}

/// A copy of the blob's bytes. A file that was changed or removed since it was
/// chosen cannot be read any more.
async fn bytes_of(blob: &Blob) -> Result<JsValue, Rejection> {
    JsFuture::from(blob.array_buffer())
        .await
        .map_err(unreadable)
}

fn unreadable(cause: JsValue) -> Rejection {
    Rejection::caused_by(
        Failure::audio("undecodable", "the audio could not be read"),
        cause,
    )
}

async fn decode(bytes: JsValue, container: &str) -> Result<AudioBuffer, Rejection> {
    let undecodable = |problem: String| Failure::audio("undecodable", problem);
    let global: Object = js_sys::global();
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
    let decoding = context
        .decode_audio_data(bytes.unchecked_ref::<ArrayBuffer>())
        .map_err(cannot)?;
    match within(DECODING_MS, JsFuture::from(decoding)).await {
        Some(Ok(decoded)) => decoded.dyn_into().map_err(cannot),
        Some(Err(cause)) => Err(cannot(cause)),
        None => Err(undecodable(format!(
            "this browser did not finish decoding the {container} file"
        ))
        .into()),
    }
}

/// 16 kHz, mono, 16-bit, block by block.
fn convert(decoded: &AudioBuffer) -> Result<(Audio, Facts), Rejection> {
    let length = decoded.length() as usize;
    if length == 0 {
        return Err(Failure::audio("empty", "the recording holds no samples").into());
    }
    let rate = decoded.sample_rate() as u32;
    let Some(mut resampler) = Resampler::new(rate) else {
        return Err(Failure::audio(
            "undecodable",
            format!("this browser decodes to {rate} Hz, which cannot be resampled"),
        )
        .into());
    };
    let channels = decoded.number_of_channels() as i32;
    let mut level = Level::default();
    let mut writer = Writer::new(API_SAMPLE_RATE);
    let mut output = Vec::new();
    for start in (0..length).step_by(BLOCK_SAMPLES) {
        let mono = downmixed(decoded, channels, start, BLOCK_SAMPLES.min(length - start))
            .map_err(unreadable)?;
        resampler.push(&mono, &mut output);
        level.add(&output);
        writer.write(&output);
        output.clear();
    }
    resampler.finish(&mut output);
    level.add(&output);
    writer.write(&output);

    let duration_seconds = writer.duration_seconds();
    let parts = Array::of1(&Uint8Array::from(writer.finish().as_slice()));
    let media_type = MediaType::Wav;
    let audio = Audio {
        blob: blob(&parts, media_type.content_type())?,
        media_type,
    };
    let facts = Facts {
        duration_seconds,
        sample_rate: API_SAMPLE_RATE,
        channels: 1,
        peak_dbfs: Some(level.peak_dbfs()),
        rms_dbfs: Some(level.rms_dbfs()),
    };
    Ok((audio, facts))
}

fn downmixed(
    decoded: &AudioBuffer,
    channels: i32,
    start: usize,
    samples: usize,
) -> Result<Vec<f32>, JsValue> {
    let mut mono = vec![0.0; samples];
    decoded.copy_from_channel_with_start_in_channel(&mut mono, 0, start as u32)?;
    let mut other = vec![0.0; samples];
    for channel in 1..channels {
        decoded.copy_from_channel_with_start_in_channel(&mut other, channel, start as u32)?;
        for (sum, sample) in mono.iter_mut().zip(&other) {
            *sum += sample;
        }
    }
    if channels > 1 {
        let share = 1.0 / channels as f32;
        mono.iter_mut().for_each(|sample| *sample *= share);
    }
    Ok(mono)
}
