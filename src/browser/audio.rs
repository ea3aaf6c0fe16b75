//! From whatever the caller has to what the API takes.

use std::ops::Range;

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag};

use super::bytes::{BLOCK_BYTES, Bytes, buffer_of, bytes_of, slice, unreadable};
use super::clock::{monotonic_ms, yielded};
use super::decode::decode;
use super::error::Rejection;
use super::form::Audio;
use super::input::described;
use super::shelf::Shelf;
use super::take;
use crate::core::audio::prepare::{Prepared, Preparer};
use crate::core::audio::quality::{Listener, Quality};
use crate::core::audio::wav::Wav;
use crate::core::audio::{INSPECTED_BYTES, MediaType, Preparation, Upload, inspect};
use crate::core::error::Failure;

/// How many samples are worked on at a time.
const BLOCK_SAMPLES: usize = 16_384;
/// How long the work may hold the thread, in milliseconds: half of a frame at
/// 60 Hz, so that the page stays smooth.
const SLICE_MS: f64 = 8.0;

/// What a call sends.
pub enum Source {
    /// Whatever the caller passed.
    Callers(JsValue),
    /// What was made ready, and listened to, before.
    Ready(Audio),
}

/// What can be sent, and what is known of it.
#[derive(Clone)]
pub struct Made {
    /// The audio.
    pub blob: Blob,
    /// Where it came from.
    pub way: Way,
}

/// What became of the caller's audio.
#[derive(Clone)]
pub enum Way {
    /// It goes up as it is; 16-bit WAV was listened to.
    AsItIs(Upload, Option<Quality>),
    /// It was written anew, with this many channels.
    Anew(Prepared, u16),
}

impl Made {
    /// What it is like, where it was listened to.
    pub fn quality(&self) -> Option<&Quality> {
        match &self.way {
            Way::AsItIs(_, quality) => quality.as_ref(),
            Way::Anew(prepared, _) => Some(&prepared.quality),
        }
    }

    /// What it is.
    pub fn media_type(&self) -> MediaType {
        match &self.way {
            Way::AsItIs(upload, _) => upload.media_type,
            Way::Anew(..) => MediaType::Wav,
        }
    }
}

/// What can be sent, from a take, blob, file or bytes.
pub async fn for_upload(source: &Source) -> Result<Audio, Rejection> {
    let audio = match source {
        Source::Callers(audio) => audio,
        Source::Ready(audio) => return Ok(audio.clone()),
    };
    let made = made(&blob_from(audio)?, false).await?;
    refuse_silence(audio, &made)?;
    Ok(Audio {
        media_type: made.media_type(),
        blob: made.blob,
    })
}

/// Silence is refused: it would be billed, and judged as nothing.
pub fn refuse_silence(audio: &JsValue, made: &Made) -> Result<(), Rejection> {
    if made.quality().is_some_and(Quality::is_silent) || take::is_silent(audio) {
        return Err(Failure::audio("silent", "no speech was found in the audio").into());
    }
    Ok(())
}

/// A `Take` of a take, blob, file or bytes; with `trim`, without the silence
/// around its speech.
pub async fn take_of(audio: &JsValue, trim: bool) -> Result<JsValue, Rejection> {
    if !trim && take::blob_of(audio).is_some() {
        return Ok(audio.clone());
    }
    Ok(take::of(&made(&blob_from(audio)?, trim).await?, None))
}

/// What can be sent of a recording; with `trim`, without the silence around
/// its speech.
pub async fn made(source: &Blob, trim: bool) -> Result<Made, Rejection> {
    let head = bytes_of(&slice(source, 0, INSPECTED_BYTES as u64)?).await?;
    match inspect(&head, source.size() as u64)? {
        Preparation::SendAsIs(upload) => as_it_is(source, upload, trim).await,
        Preparation::Rewrite(wav) => read(source, wav, trim).await,
        Preparation::Decode(container) => convert(source, container, trim).await,
    }
}

/// A file that the API takes; what is cut off it is cut without touching the rest.
async fn as_it_is(source: &Blob, upload: Upload, trim: bool) -> Result<Made, Rejection> {
    let mut heard = None;
    if let Some(wav) = upload.wav {
        let quality = listen(source, wav).await?;
        if trim && quality.kept() != quality.whole() {
            let prepared = Prepared::new(wav.sample_rate, quality, trim);
            let (start, end) = prepared.kept_bytes(wav.frame_bytes());
            let kept = slice(source, wav.data_start + start, wav.data_start + end)?;
            return file(prepared, wav.channels, &kept);
        }
        heard = Some(quality);
    }
    Ok(Made {
        blob: new_blob(&Array::of1(source), upload.media_type.content_type())?,
        way: Way::AsItIs(upload, heard),
    })
}

/// A recording in a container, decoded by the browser.
pub async fn convert(
    source: &Blob,
    container: &'static str,
    trim: bool,
) -> Result<Made, Rejection> {
    let mut decoded = decode(buffer_of(source).await?, container).await?;
    let mut work = None;
    let mut breath = Breath::new();
    while let Some((mono, sample_rate)) = decoded.next().await? {
        let work = match &mut work {
            Some(work) => work,
            none => none.insert(Work::new(Preparer::new(sample_rate, false)?)),
        };
        work.feed(&mono);
        breath.take().await;
    }
    match work {
        Some(mut work) => work.finish(trim),
        None => Err(Failure::audio("empty", "the recording holds no samples").into()),
    }
}

/// A WAV, read here.
async fn read(source: &Blob, wav: Wav, trim: bool) -> Result<Made, Rejection> {
    let is_16_bit = wav.coding.fits_16_bits() && wav.channels == 1;
    let mut work = Work::new(Preparer::new(wav.sample_rate, is_16_bit)?);
    let mut breath = Breath::new();
    let mut blocks = Blocks::new(source, wav)?;
    while let Some(mono) = blocks.next().await? {
        work.feed(mono);
        breath.take().await;
    }
    work.finish(trim)
}

/// A WAV that goes up as it is, listened to.
async fn listen(source: &Blob, wav: Wav) -> Result<Quality, Rejection> {
    let mut listener = Listener::new(wav.sample_rate);
    let mut breath = Breath::new();
    let mut blocks = Blocks::new(source, wav)?;
    while let Some(mono) = blocks.next().await? {
        listener.push(mono);
        breath.take().await;
    }
    Ok(listener.finish())
}

/// A take in the making.
pub struct Work {
    /// `None` once it is finished.
    preparer: Option<Preparer>,
    shelf: Shelf,
    /// What came of it.
    prepared: Option<Prepared>,
}

impl Work {
    /// Nothing yet.
    pub fn new(preparer: Preparer) -> Self {
        Work {
            preparer: Some(preparer),
            shelf: Shelf::default(),
            prepared: None,
        }
    }

    /// Takes the next samples.
    pub fn feed(&mut self, mono: &[f32]) {
        if let Some(preparer) = &mut self.preparer {
            preparer.push(mono, &mut self.shelf.pcm);
            self.shelf.tidy();
        }
    }

    /// Whether nothing was made so far.
    pub fn is_empty(&self) -> bool {
        self.shelf.is_empty()
    }

    /// All of it; asked again, the same, so that a browser that had no room for
    /// it may have some later.
    pub fn finish(&mut self, trim: bool) -> Result<Made, Rejection> {
        if let Some(preparer) = self.preparer.take() {
            self.prepared = Some(preparer.finish(trim, &mut self.shelf.pcm)?);
        }
        let Some(prepared) = self.prepared.clone() else {
            return Err(Failure::audio("empty", "the recording holds no samples").into());
        };
        let (start, end) = prepared.kept_bytes(2);
        let kept = slice(&self.shelf.blob()?, start, end)?;
        file(prepared, 1, &kept)
    }
}

fn file(prepared: Prepared, channels: u16, samples: &Blob) -> Result<Made, Rejection> {
    let header = Uint8Array::from(prepared.header(channels).as_slice());
    let parts = Array::of2(&header, samples);
    Ok(Made {
        blob: new_blob(&parts, MediaType::Wav.content_type())?,
        way: Way::Anew(prepared, channels),
    })
}

/// The samples of a WAV, read block by block.
struct Blocks {
    source: Bytes,
    wav: Wav,
    bytes: Vec<u8>,
    /// Where in `bytes` there is something to decode.
    waiting: Range<usize>,
    mono: Vec<f32>,
}

impl Blocks {
    fn new(source: &Blob, wav: Wav) -> Result<Self, Rejection> {
        let audio = slice(source, wav.data_start, wav.data_start + wav.data_bytes)?;
        Ok(Blocks {
            source: Bytes::of(audio),
            wav,
            bytes: vec![0; BLOCK_BYTES.max(wav.frame_bytes() as usize)],
            waiting: 0..0,
            mono: Vec::new(),
        })
    }

    /// The next samples, downmixed; `None` behind the last.
    async fn next(&mut self) -> Result<Option<&[f32]>, Rejection> {
        let frame = self.wav.frame_bytes() as usize;
        while self.waiting.len() < frame {
            // Reads end anywhere, but blocks between frames, or the channels
            // would change places.
            self.bytes.copy_within(self.waiting.clone(), 0);
            self.waiting = 0..self.waiting.len();
            let place = &mut self.bytes[self.waiting.end..];
            match self.source.read(place).await? {
                0 => return Ok(None),
                count => self.waiting.end += count,
            }
        }
        let frames = (self.waiting.len() / frame).min(BLOCK_SAMPLES);
        let start = self.waiting.start;
        self.waiting.start += frames * frame;
        let part = &self.bytes[start..self.waiting.start];
        self.mono.clear();
        let Wav {
            coding, channels, ..
        } = self.wav;
        coding.decode(part, channels, &mut self.mono);
        Ok(Some(&self.mono))
    }
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
            yielded().await;
            self.since_ms = monotonic_ms();
        }
    }
}

/// The bytes behind what the caller passed.
pub fn blob_from(audio: &JsValue) -> Result<Blob, Rejection> {
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

/// A blob of these parts.
pub fn new_blob(parts: &Array, content_type: &str) -> Result<Blob, Rejection> {
    let properties = BlobPropertyBag::new();
    properties.set_type(content_type);
    Blob::new_with_buffer_source_sequence_and_options(parts, &properties).map_err(unreadable)
}
