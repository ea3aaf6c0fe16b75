//! WAVE files: what is in one, and how to write one.

use super::{MediaType, Upload};
use crate::core::error::Failure;

const PCM: u16 = 1;
const EXTENSIBLE: u16 = 0xFFFE;

/// The length of the header that [`Writer`] writes, in bytes.
pub const HEADER_BYTES: usize = 44;

#[derive(Clone, Copy)]
struct Format {
    tag: u16,
    channels: u16,
    sample_rate: u32,
    bits: u16,
}

/// The facts of a PCM file that the API decodes; `None` where the file is a
/// WAVE in another coding, which has to be decoded first.
///
/// `head` holds the first bytes of a file of `total_bytes`.
pub fn inspect(head: &[u8], total_bytes: u64) -> Result<Option<Upload>, Failure> {
    let mut format = None;
    let mut at = 12usize;
    while let Some(chunk) = head.get(at..at + 8) {
        let id = &chunk[..4];
        let size = u32_at(chunk, 4);
        let body = at + 8;
        if id == b"fmt " {
            format = read_format(head, body, size);
        } else if id == b"data" {
            let Some(format) = format else {
                return Err(broken("its data comes before its format"));
            };
            return read_data(format, body as u64, size, total_bytes);
        }
        // Chunks are padded to an even length.
        let Some(next) = body
            .checked_add(size as usize)
            .and_then(|end| end.checked_add(size as usize & 1))
        else {
            break;
        };
        at = next;
    }
    if at as u64 > total_bytes {
        return Err(truncated());
    }
    if at >= head.len() && (head.len() as u64) < total_bytes {
        // A large chunk stands before the audio; the browser reads it whole.
        return Ok(None);
    }
    Err(broken("it has no data chunk"))
}

fn read_format(head: &[u8], body: usize, size: u32) -> Option<Format> {
    let fields = head.get(body..body + 16)?;
    let mut tag = u16_at(fields, 0);
    if tag == EXTENSIBLE && size >= 40 {
        // The sub-format's first two bytes are the tag proper.
        tag = u16_at(head.get(body + 24..body + 26)?, 0);
    }
    Some(Format {
        tag,
        channels: u16_at(fields, 2),
        sample_rate: u32_at(fields, 4),
        bits: u16_at(fields, 14),
    })
}

fn read_data(
    format: Format,
    body: u64,
    size: u32,
    total_bytes: u64,
) -> Result<Option<Upload>, Failure> {
    let frame_bytes = u64::from(format.channels) * u64::from(format.bits.div_ceil(8));
    if frame_bytes == 0 || format.sample_rate == 0 {
        return Err(broken("its format is impossible"));
    }
    let there = total_bytes.saturating_sub(body);
    // Recorders that stream leave the size at 0 or all ones.
    let streamed = size == u32::MAX || (size == 0 && there > 0);
    let data = if streamed { there } else { u64::from(size) };
    if data < frame_bytes {
        return Err(Failure::audio("empty", "the WAV file holds no samples"));
    }
    if there < data {
        return Err(truncated());
    }
    if streamed || format.tag != PCM || format.bits != 16 {
        return Ok(None);
    }
    Ok(Some(Upload {
        media_type: MediaType::Wav,
        sample_rate: format.sample_rate,
        channels: format.channels,
        duration_seconds: (data / frame_bytes) as f64 / f64::from(format.sample_rate),
    }))
}

/// Writes a mono 16-bit PCM file, block by block.
#[derive(Debug)]
pub struct Writer {
    sample_rate: u32,
    file: Vec<u8>,
}

impl Writer {
    /// A file at `sample_rate` Hz.
    pub fn new(sample_rate: u32) -> Self {
        Writer {
            sample_rate,
            file: vec![0; HEADER_BYTES],
        }
    }

    /// Appends samples, full scale being ±1; what is louder is clipped, because
    /// decoders overshoot.
    pub fn write(&mut self, samples: &[f32]) {
        self.file.reserve(samples.len() * 2);
        for sample in samples {
            let level = (sample * 32_767.0).round().clamp(-32_768.0, 32_767.0);
            self.file.extend_from_slice(&(level as i16).to_le_bytes());
        }
    }

    /// The length so far, in seconds.
    pub fn duration_seconds(&self) -> f64 {
        ((self.file.len() - HEADER_BYTES) / 2) as f64 / f64::from(self.sample_rate)
    }

    /// The whole file.
    pub fn finish(mut self) -> Vec<u8> {
        const BLOCK_ALIGN: u16 = 2;
        let data = (self.file.len() - HEADER_BYTES).min(u32::MAX as usize - HEADER_BYTES) as u32;
        let byte_rate = self.sample_rate.saturating_mul(u32::from(BLOCK_ALIGN));
        let mut put = |at: usize, bytes: &[u8]| {
            self.file[at..at + bytes.len()].copy_from_slice(bytes);
        };
        put(0, b"RIFF");
        put(4, &(data + HEADER_BYTES as u32 - 8).to_le_bytes());
        put(8, b"WAVEfmt ");
        put(16, &16u32.to_le_bytes());
        put(20, &PCM.to_le_bytes());
        put(22, &1u16.to_le_bytes());
        put(24, &self.sample_rate.to_le_bytes());
        put(28, &byte_rate.to_le_bytes());
        put(32, &BLOCK_ALIGN.to_le_bytes());
        put(34, &16u16.to_le_bytes());
        put(36, b"data");
        put(40, &data.to_le_bytes());
        self.file
    }
}

fn truncated() -> Failure {
    Failure::audio(
        "truncated",
        "the WAV file ends before the audio that its header promises",
    )
}

fn broken(problem: &str) -> Failure {
    Failure::audio("undecodable", format!("the WAV file is broken: {problem}"))
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
