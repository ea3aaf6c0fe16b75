//! From whatever the caller has to what the API takes.

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag};

use super::clock::{monotonic_ms, sleep};
use super::decode::{decode, downmixed};
use super::error::Rejection;
use super::form::Audio;
use super::input::described;
use super::take;
use crate::core::audio::prepare::{Prepared, Preparer};
use crate::core::audio::quality::{Listener, Quality};
use crate::core::audio::wav::Wav;
use crate::core::audio::{INSPECTED_BYTES, MediaType, Preparation, Upload, inspect};
use crate::core::error::Failure;

/// How many samples are worked on at a time.
const BLOCK_SAMPLES: u32 = 16_384;
/// How many bytes of a file are read at a time.
const BLOCK_BYTES: u64 = 1 << 20;
/// How long the work may hold the thread, in milliseconds: half of a frame at
/// 60 Hz, so that the page stays smooth.
const SLICE_MS: f64 = 8.0;

/// What became of the caller's audio.
enum Ready {
    /// It goes up as it is; 16-bit WAV was listened to.
    AsItIs(Upload, Option<Quality>),
    /// It was written anew.
    Anew(Prepared),
}

/// What can be sent, from a take, blob, file or bytes. Silence is refused: it
/// would be billed, and judged as nothing.
pub async fn for_upload(audio: &JsValue) -> Result<Audio, Rejection> {
    let (blob, ready) = prepared(&blob_from(audio)?, false).await?;
    let (media_type, silent) = match &ready {
        Ready::AsItIs(upload, quality) => (
            upload.media_type,
            quality.as_ref().is_some_and(Quality::is_silent),
        ),
        Ready::Anew(prepared) => (MediaType::Wav, prepared.quality.is_silent()),
    };
    if silent || take::is_silent(audio) {
        return Err(Failure::audio("silent", "no speech was found in the audio").into());
    }
    Ok(Audio { blob, media_type })
}

/// A `Take` of a take, blob, file or bytes; with `trim`, without the silence
/// around its speech.
pub async fn take_of(audio: &JsValue, trim: bool) -> Result<JsValue, Rejection> {
    if !trim && take::blob_of(audio).is_some() {
        return Ok(audio.clone());
    }
    let (blob, ready) = prepared(&blob_from(audio)?, trim).await?;
    Ok(match &ready {
        Ready::AsItIs(upload, quality) => take::of_upload(&blob, upload, quality.as_ref()),
        Ready::Anew(prepared) => take::of_prepared(&blob, prepared),
    })
}

async fn prepared(source: &Blob, trim: bool) -> Result<(Blob, Ready), Rejection> {
    let head = bytes_of(&slice(source, 0, INSPECTED_BYTES as u64)?).await?;
    let anew = match inspect(&head, source.size() as u64)? {
        Preparation::SendAsIs(Upload { wav: Some(wav), .. }) if trim => {
            read(source, wav, trim).await?
        }
        Preparation::SendAsIs(upload) => {
            let quality = match upload.wav {
                Some(wav) => Some(listen(source, wav).await?),
                None => None,
            };
            let content_type = upload.media_type.content_type();
            let blob = new_blob(&Array::of1(source), content_type)?;
            return Ok((blob, Ready::AsItIs(upload, quality)));
        }
        Preparation::Rewrite(wav) => read(source, wav, trim).await?,
        Preparation::Decode(container) => convert(source, container, trim).await?,
    };
    let parts = Array::of1(&Uint8Array::from(anew.file.as_slice()));
    let blob = new_blob(&parts, MediaType::Wav.content_type())?;
    Ok((blob, Ready::Anew(anew)))
}

/// A recording in a container, decoded by the browser.
async fn convert(source: &Blob, container: &str, trim: bool) -> Result<Prepared, Rejection> {
    let bytes = JsFuture::from(source.array_buffer())
        .await
        .map_err(unreadable)?;
    let decoded = decode(bytes.unchecked_ref::<ArrayBuffer>(), container).await?;
    let mut preparer = Preparer::new(decoded.sample_rate() as u32)?;
    let mut breath = Breath::new();
    let mut mono = Vec::new();
    let mut start = 0;
    while start < decoded.length() {
        mono.resize(BLOCK_SAMPLES.min(decoded.length() - start) as usize, 0.0);
        downmixed(&decoded, start, &mut mono).map_err(unreadable)?;
        preparer.push(&mono);
        start += BLOCK_SAMPLES;
        breath.take().await;
    }
    Ok(preparer.finish(trim)?)
}

/// A WAV, read here.
async fn read(source: &Blob, wav: Wav, trim: bool) -> Result<Prepared, Rejection> {
    let mut preparer = Preparer::new(wav.sample_rate)?;
    each_block(source, wav, |mono| preparer.push(mono)).await?;
    Ok(preparer.finish(trim)?)
}

/// A WAV that goes up as it is, listened to.
async fn listen(source: &Blob, wav: Wav) -> Result<Quality, Rejection> {
    let mut listener = Listener::new(wav.sample_rate);
    each_block(source, wav, |mono| listener.push(mono)).await?;
    Ok(listener.finish())
}

async fn each_block(
    source: &Blob,
    wav: Wav,
    mut work: impl FnMut(&[f32]),
) -> Result<(), Rejection> {
    // Blocks end between frames, or the channels would change places.
    let block = (BLOCK_BYTES / wav.frame_bytes()).max(1) * wav.frame_bytes();
    let end = wav.data_start + wav.data_bytes;
    let mut breath = Breath::new();
    let mut mono = Vec::new();
    let mut at = wav.data_start;
    while at < end {
        let bytes = bytes_of(&slice(source, at, (at + block).min(end))?).await?;
        for part in bytes.chunks(BLOCK_SAMPLES as usize * wav.frame_bytes() as usize) {
            mono.clear();
            wav.coding.decode(part, wav.channels, &mut mono);
            work(&mono);
            breath.take().await;
        }
        at += block;
    }
    Ok(())
}

/// Lets the page draw and react between blocks.
struct Breath {
    since_ms: f64,
}

impl Breath {
    fn new() -> Self {
        Breath {
            since_ms: monotonic_ms(),
        }
    }

    async fn take(&mut self) {
        if monotonic_ms() - self.since_ms >= SLICE_MS {
            sleep(0.0).await;
            self.since_ms = monotonic_ms();
        }
    }
}

fn blob_from(audio: &JsValue) -> Result<Blob, Rejection> {
    if let Some(blob) = take::blob_of(audio) {
        return Ok(blob);
    }
    if let Some(blob) = audio.dyn_ref::<Blob>() {
        return Ok(blob.clone());
    }
    if audio.is_instance_of::<ArrayBuffer>() || ArrayBuffer::is_view(audio) {
        return new_blob(&Array::of1(audio), "");
    }
    Err(Failure::configuration(format!(
        "audio must be a Take, Blob, File, ArrayBuffer or Uint8Array, got {}",
        described(audio)
    ))
    .into())
}

fn new_blob(parts: &Array, content_type: &str) -> Result<Blob, Rejection> {
    let properties = BlobPropertyBag::new();
    properties.set_type(content_type);
    Blob::new_with_buffer_source_sequence_and_options(parts, &properties).map_err(unreadable)
}

fn slice(source: &Blob, start: u64, end: u64) -> Result<Blob, Rejection> {
    source
        .slice_with_f64_and_f64(start as f64, end as f64)
        .map_err(unreadable)
}

/// A copy of the blob's bytes. A file that was changed or removed since it was
/// chosen cannot be read any more.
async fn bytes_of(blob: &Blob) -> Result<Vec<u8>, Rejection> {
    let buffer = JsFuture::from(blob.array_buffer())
        .await
        .map_err(unreadable)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

fn unreadable(cause: JsValue) -> Rejection {
    Rejection::caused_by(
        Failure::audio("undecodable", "the audio could not be read"),
        cause,
    )
}
