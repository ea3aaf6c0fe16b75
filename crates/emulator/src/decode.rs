//! Decodes uploads with a library that the SDK does not use, so that mistakes of the SDK show.

use std::io::Cursor;

use serde::Serialize;
use symphonia::core::audio::SampleBuffer;
use symphonia::core::codecs::{CODEC_TYPE_MP3, DecoderOptions};
use symphonia::core::formats::FormatOptions;
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;
use symphonia::core::probe::Hint;

/// The properties of an upload that can be decoded.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Facts {
    /// `wav` or `mp3`.
    pub format: &'static str,
    /// The sample rate in Hz.
    pub sample_rate: u32,
    /// The number of channels.
    pub channels: usize,
    /// The sample size, for WAV only.
    pub bits_per_sample: Option<u32>,
    /// The duration in seconds, computed from the number of samples.
    pub duration_seconds: f64,
}

/// A decoded upload.
#[derive(Debug)]
pub struct Decoded {
    /// The properties of the file.
    pub facts: Facts,
    /// The samples, downmixed to mono; full scale is ±1.
    pub mono: Vec<f32>,
}

/// Decodes WAV and MP3, which are recognized by their bytes. Returns `None` for a file that is
/// empty, truncated, of another format, or whose name has the wrong extension.
pub fn decode(bytes: Vec<u8>, file_name: &str) -> Option<Decoded> {
    let is_wav = bytes.starts_with(b"RIFF");
    let named = file_name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_ascii_lowercase());
    if named.as_deref() != Some(if is_wav { "wav" } else { "mp3" }) {
        return None;
    }
    if is_wav && !is_whole_wav(&bytes) {
        return None;
    }
    let stream = MediaSourceStream::new(Box::new(Cursor::new(bytes)), Default::default());
    let mut hint = Hint::new();
    hint.with_extension(if is_wav { "wav" } else { "mp3" });
    let mut format = symphonia::default::get_probe()
        .format(
            &hint,
            stream,
            &FormatOptions::default(),
            &MetadataOptions::default(),
        )
        .ok()?
        .format;
    let parameters = format.default_track()?.codec_params.clone();
    if !is_wav && parameters.codec != CODEC_TYPE_MP3 {
        return None;
    }
    let mut decoder = symphonia::default::get_codecs()
        .make(&parameters, &DecoderOptions::default())
        .ok()?;
    let mut mono = Vec::new();
    let (mut sample_rate, mut channels) = (parameters.sample_rate?, 1);
    while let Ok(packet) = format.next_packet() {
        let Ok(block) = decoder.decode(&packet) else {
            continue;
        };
        sample_rate = block.spec().rate;
        channels = block.spec().channels.count();
        let mut samples = SampleBuffer::<f32>::new(block.capacity() as u64, *block.spec());
        samples.copy_interleaved_ref(block);
        let frames = samples.samples().chunks_exact(channels);
        mono.extend(frames.map(|frame| frame.iter().sum::<f32>() / channels as f32));
    }
    if mono.is_empty() {
        return None;
    }
    Some(Decoded {
        facts: Facts {
            format: if is_wav { "wav" } else { "mp3" },
            sample_rate,
            channels,
            bits_per_sample: parameters.bits_per_sample,
            duration_seconds: mono.len() as f64 / f64::from(sample_rate),
        },
        mono,
    })
}

/// Whether the data chunk is complete.
fn is_whole_wav(bytes: &[u8]) -> bool {
    let mut at = 12;
    while let Some(header) = bytes.get(at..at + 8) {
        let size = u32::from_le_bytes([header[4], header[5], header[6], header[7]]) as usize;
        if header.starts_with(b"data") {
            return bytes.len() - at - 8 >= size;
        }
        at = at.saturating_add(8 + size + size % 2);
    }
    false
}
