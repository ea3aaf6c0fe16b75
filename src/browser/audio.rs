//! From whatever the caller has to what the API takes.

mod blocks;
pub mod encoder;
pub mod mp3;
mod work;

use js_sys::{Array, ArrayBuffer};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

use super::bytes::{buffer_of, bytes_of, new_blob, slice};
use super::decode::decode;
use super::error::Rejection;
use super::form::Audio;
use super::input::described;
use super::take;
use crate::core::audio::prepare::{Prepared, Preparer};
use crate::core::audio::quality::{Listener, Quality};
use crate::core::audio::speech_search::SpeechSearch;
use crate::core::audio::wanted::Wanted;
use crate::core::audio::wav::Wav;
use crate::core::audio::{INSPECTED_BYTES, MediaType, Preparation, Upload, inspect};
use crate::core::error::Failure;
use blocks::{Blocks, Breath};
use work::file;

pub use work::{Finished, Work};

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
    /// It goes up as it is; WAV was listened to, and MP3 where that was possible.
    AsItIs(Upload, Option<Quality>),
    /// It was written anew, as WAV with this many channels.
    Anew(Prepared, u16),
    /// It was written anew, as mono MP3.
    Encoded(Prepared),
}

impl Made {
    fn as_it_is(source: &Blob, upload: Upload, heard: Option<Quality>) -> Result<Self, Rejection> {
        Ok(Made {
            blob: new_blob(&Array::of1(source), upload.media_type.content_type())?,
            way: Way::AsItIs(upload, heard),
        })
    }

    /// What it is like, where it was listened to.
    pub fn quality(&self) -> Option<&Quality> {
        match &self.way {
            Way::AsItIs(_, quality) => quality.as_ref(),
            Way::Anew(prepared, _) | Way::Encoded(prepared) => Some(&prepared.quality),
        }
    }

    /// What is wrong with a file that goes up as it is.
    pub fn problems(&self) -> &[&'static str] {
        match &self.way {
            Way::AsItIs(upload, _) => &upload.problems,
            Way::Anew(..) | Way::Encoded(_) => &[],
        }
    }

    /// How long it is, in seconds.
    pub fn duration_seconds(&self) -> f64 {
        match &self.way {
            Way::AsItIs(upload, _) => upload.duration_seconds,
            Way::Anew(prepared, _) | Way::Encoded(prepared) => prepared.quality.duration_seconds,
        }
    }

    /// What it is.
    pub fn media_type(&self) -> MediaType {
        match &self.way {
            Way::AsItIs(upload, _) => upload.media_type,
            Way::Anew(..) => MediaType::Wav,
            Way::Encoded(_) => MediaType::Mp3,
        }
    }
}

/// What can be sent, from a take, blob, file or bytes.
pub async fn for_upload(source: &Source) -> Result<Audio, Rejection> {
    let audio = match source {
        Source::Callers(audio) => audio,
        Source::Ready(audio) => return Ok(audio.clone()),
    };
    let source = blob_from(audio)?;
    let head = head_of(&source).await?;
    let made = match inspect(&head, source.size() as u64)? {
        Preparation::SendAsIs(upload) => {
            if let Some(wav) = upload.wav
                && take::blob_of(audio).is_none()
                && !speaks(head, &source, wav).await?
            {
                return Err(silent());
            }
            Made::as_it_is(&source, upload, None)?
        }
        Preparation::Walk => mp3::of(audio, &source, mp3::walked(&source).await?).await?,
        other => from(&source, other, Wanted::default()).await?,
    };
    refuse_silence(audio, &made)?;
    Ok(Audio {
        media_type: made.media_type(),
        duration_seconds: made.duration_seconds(),
        blob: made.blob,
    })
}

/// Silence is refused: it would be billed, and judged as nothing.
pub fn refuse_silence(audio: &JsValue, made: &Made) -> Result<(), Rejection> {
    if made.quality().is_some_and(Quality::is_silent) || take::is_silent(audio) {
        return Err(silent());
    }
    Ok(())
}

fn silent() -> Rejection {
    Failure::audio("silent", "no speech was found in the audio").into()
}

/// A `Take` of a take, blob, file or bytes.
pub async fn take_of(audio: &JsValue, wanted: Wanted) -> Result<JsValue, Rejection> {
    if take::blob_of(audio).is_some_and(|blob| wanted.is_met_by(&blob.type_())) {
        return Ok(audio.clone());
    }
    let made = made(&blob_from(audio)?, wanted).await?;
    Ok(take::again(audio, &made))
}

/// What can be sent of a recording.
pub async fn made(source: &Blob, wanted: Wanted) -> Result<Made, Rejection> {
    from(source, inspected(source).await?, wanted).await
}

/// What is to be done with a recording.
pub async fn inspected(source: &Blob) -> Result<Preparation, Rejection> {
    Ok(inspect(&head_of(source).await?, source.size() as u64)?)
}

async fn head_of(source: &Blob) -> Result<Vec<u8>, Rejection> {
    bytes_of(&slice(source, 0, INSPECTED_BYTES as u64)?).await
}

/// Does it.
pub async fn from(
    source: &Blob,
    preparation: Preparation,
    wanted: Wanted,
) -> Result<Made, Rejection> {
    match preparation {
        Preparation::SendAsIs(Upload { wav: Some(wav), .. })
            if wanted.makes_mp3_of(wav.sample_rate) =>
        {
            read(source, wav, wanted).await
        }
        Preparation::SendAsIs(upload) => as_it_is(source, upload, wanted.trim).await,
        Preparation::Walk => mp3::heard(source, mp3::walked(source).await?).await,
        Preparation::Rewrite(wav) => read(source, wav, wanted).await,
        Preparation::Decode(container) => convert(source, container, wanted).await,
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
    Made::as_it_is(source, upload, heard)
}

/// A recording in a container, decoded by the browser.
pub async fn convert(
    source: &Blob,
    container: &'static str,
    wanted: Wanted,
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
        Some(mut work) => work.finish(wanted.trim)?.file(wanted).await,
        None => Err(Failure::audio("empty", "the recording holds no samples").into()),
    }
}

/// A WAV, read here.
async fn read(source: &Blob, wav: Wav, wanted: Wanted) -> Result<Made, Rejection> {
    let is_16_bit = wav.coding.fits_16_bits() && wav.channels == 1;
    let mut work = Work::new(Preparer::new(wav.sample_rate, is_16_bit)?);
    let mut breath = Breath::new();
    let mut blocks = Blocks::new(source, wav)?;
    while let Some(mono) = blocks.next().await? {
        work.feed(mono);
        breath.take().await;
    }
    work.finish(wanted.trim)?.file(wanted).await
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

/// Whether there is speech in a WAV that goes up as it is. Most of it need not
/// be read to know.
async fn speaks(head: Vec<u8>, source: &Blob, wav: Wav) -> Result<bool, Rejection> {
    let mut search = SpeechSearch::new(wav.sample_rate, wav.data_bytes / wav.frame_bytes());
    let mut breath = Breath::new();
    let mut blocks = Blocks::behind(head, source, wav)?;
    while let Some(mono) = blocks.next().await? {
        if search.push(mono) {
            return Ok(true);
        }
        breath.take().await;
    }
    Ok(search.finish())
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
