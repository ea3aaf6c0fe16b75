//! The parts of a recording, as files that can be sent. Samples stay where the
//! browser keeps them: a part is a slice behind a header of its own.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::Blob;

use super::resume::Resume;
use crate::browser::audio::{self, Made, Way, mp3};
use crate::browser::bytes::{new_blob, slice};
use crate::browser::error::Rejection;
use crate::browser::form::Audio;
use crate::browser::property::global;
use crate::core::audio::split::{self, MOST_PART_BYTES};
use crate::core::audio::wanted::Wanted;
use crate::core::audio::wav::{HEADER_BYTES, header};
use crate::core::audio::{MediaType, Preparation};
use crate::core::error::Failure;
use crate::core::long::{Span, is_same_duration};
use crate::core::number::in_words;

/// A recording and where its parts are.
pub struct Parts {
    blob: Blob,
    media_type: MediaType,
    /// `None` where the recording is sent whole.
    layout: Option<Layout>,
    /// Of the recording.
    pub duration_seconds: f64,
    /// In order.
    pub spans: Vec<Span>,
}

/// Where the samples of a 16-bit WAV are.
struct Layout {
    sample_rate: u32,
    channels: u16,
    data_start: u64,
    data_bytes: u64,
}

impl Layout {
    /// `None` for an MP3, which is no row of samples.
    fn of(made: &Made) -> Option<Self> {
        match &made.way {
            Way::AsItIs(upload, _) => upload.wav.map(|wav| Layout {
                sample_rate: wav.sample_rate,
                channels: wav.channels,
                data_start: wav.data_start,
                data_bytes: wav.data_bytes,
            }),
            Way::Anew(prepared, channels) => Some(Layout {
                sample_rate: prepared.sample_rate,
                channels: *channels,
                data_start: HEADER_BYTES as u64,
                data_bytes: (made.blob.size() as u64).saturating_sub(HEADER_BYTES as u64),
            }),
            Way::Encoded(_) => None,
        }
    }

    fn frame_bytes(&self) -> u64 {
        u64::from(self.channels) * 2
    }

    fn spans(&self, made: &Made, most_seconds: f64) -> Vec<Span> {
        let longest = split::longest(self.sample_rate, self.frame_bytes(), most_seconds);
        let seconds = |sample: usize| sample as f64 / f64::from(self.sample_rate);
        let parts = made.quality().map(|quality| split::parts(quality, longest));
        parts
            .unwrap_or_default()
            .iter()
            .map(|part| Span {
                start_seconds: seconds(part.stretch.start),
                end_seconds: seconds(part.stretch.end),
                cut_mid_speech: part.cut_mid_speech,
            })
            .collect()
    }
}

impl Parts {
    /// The parts of `audio`, of at most `most_seconds` each; the same again where
    /// a call is resumed.
    pub async fn of(
        audio: &JsValue,
        most_seconds: f64,
        resumed: Option<&Resume>,
    ) -> Result<Self, Rejection> {
        let source = audio::blob_from(audio)?;
        let is_whole = |seconds: f64, blob: &Blob| match resumed {
            Some(resumed) => resumed.is_whole(),
            None => seconds <= most_seconds && blob.size() <= MOST_PART_BYTES as f64,
        };
        let made = match audio::inspected(&source).await? {
            Preparation::Walk => {
                let upload = mp3::walked(&source).await?;
                match is_whole(upload.duration_seconds, &source) {
                    true => mp3::of(audio, &source, upload).await?,
                    false => decoded(&source).await?,
                }
            }
            other => audio::from(&source, other, Wanted::default()).await?,
        };
        audio::refuse_silence(audio, &made)?;
        let duration_seconds = made.duration_seconds();
        let is_whole = is_whole(duration_seconds, &made.blob);
        if let Some(resumed) = resumed {
            resumed.refuse_other(duration_seconds)?;
        }
        let layout = Layout::of(&made).filter(|_| !is_whole);
        let spans = match (resumed, &layout) {
            (Some(resumed), _) => resumed.spans.clone(),
            (None, Some(layout)) => layout.spans(&made, most_seconds),
            (None, None) => vec![Span {
                start_seconds: 0.0,
                end_seconds: duration_seconds,
                cut_mid_speech: false,
            }],
        };
        Ok(Parts {
            media_type: made.media_type(),
            blob: made.blob,
            layout,
            duration_seconds,
            spans,
        })
    }

    /// The file of one part.
    pub fn audio(&self, span: &Span) -> Result<Audio, Rejection> {
        let Some(layout) = &self.layout else {
            return Ok(Audio {
                blob: self.blob.clone(),
                media_type: self.media_type,
                duration_seconds: self.duration_seconds,
            });
        };
        let at = |seconds: f64| {
            let sample = (seconds * f64::from(layout.sample_rate)).round() as u64;
            sample
                .saturating_mul(layout.frame_bytes())
                .min(layout.data_bytes)
        };
        let (start, end) = (at(span.start_seconds), at(span.end_seconds));
        let header = header(layout.sample_rate, layout.channels, end - start);
        let samples = slice(
            &self.blob,
            layout.data_start + start,
            layout.data_start + end,
        )?;
        let file = Array::of2(&Uint8Array::from(header.as_slice()), &samples);
        Ok(Audio {
            blob: new_blob(&file, MediaType::Wav.content_type())?,
            media_type: MediaType::Wav,
            duration_seconds: span.end_seconds - span.start_seconds,
        })
    }
}

impl Resume {
    fn refuse_other(&self, duration_seconds: f64) -> Result<(), Rejection> {
        if is_same_duration(self.duration_seconds, duration_seconds) {
            return Ok(());
        }
        Err(Failure::configuration(format!(
            "request.resume is of a recording of {} s, and this one has {} s",
            in_words(self.duration_seconds),
            in_words(duration_seconds)
        ))
        .into())
    }
}

/// A long MP3, as WAV: cut anywhere, an MP3 would begin with frames that lean on
/// what was cut off.
async fn decoded(mp3: &Blob) -> Result<Made, Rejection> {
    if !global("OfflineAudioContext").is_function() {
        return Err(Failure::audio(
            "undecodable",
            "the MP3 is too long for one request, and only a window can decode it to cut it; pass WAV here",
        )
        .into());
    }
    audio::convert(mp3, "mp3", Wanted::default()).await
}
