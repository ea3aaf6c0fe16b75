//! WAVE files: what is in one, and the header of one.

use super::pcm::Coding;
use crate::core::error::Failure;
use crate::core::text::{digits, joined};

const PCM: u16 = 1;
const EXTENSIBLE: u16 = 0xFFFE;
/// The size of a chunk whose real size stands elsewhere, or was never known.
const UNKNOWN: u32 = u32::MAX;
/// From here on, a size that passes the end of the file is what recorders that
/// stream write for want of a better one: SoX 0x7FFFF000, others 0xFFFFFFFF less
/// the header. No request holds 2 GB.
const PLACEHOLDER_BYTES: u64 = 0x7FFF_0000;

/// The length of a [`header`], in bytes.
pub const HEADER_BYTES: usize = 44;

/// A WAVE file whose audio can be read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wav {
    /// How its samples are written.
    pub coding: Coding,
    /// In Hz.
    pub sample_rate: u32,
    /// 1 is mono.
    pub channels: u16,
    /// Where the audio starts, in bytes from the start of the file.
    pub data_start: u64,
    /// The length of the audio, in bytes: what is there, where the header does
    /// not know.
    pub data_bytes: u64,
    /// Whether the header says all this rightly, so that any reader gets it.
    pub is_plain: bool,
}

impl Wav {
    /// In seconds.
    pub fn duration_seconds(&self) -> f64 {
        (self.data_bytes / self.frame_bytes()) as f64 / f64::from(self.sample_rate)
    }

    /// The length of one sample of every channel, in bytes.
    pub fn frame_bytes(&self) -> u64 {
        u64::from(self.channels) * self.coding.bytes() as u64
    }
}

/// What a file says of its samples.
#[derive(Clone, Copy)]
struct Format {
    tag: u16,
    channels: u16,
    sample_rate: u32,
    bits: u16,
    is_extensible: bool,
}

/// What is in a WAVE file of `total_bytes` that starts with `head`; `None`
/// where the audio starts behind `head`.
pub fn inspect(head: &[u8], total_bytes: u64) -> Result<Option<Wav>, Failure> {
    // RF64 and BW64 keep the sizes that 32 bits cannot hold in a chunk of
    // their own (EBU Tech 3306).
    let is_64_bit = !head.starts_with(b"RIFF");
    let mut long_data_bytes = None;
    let mut format = None;
    let mut at = 12usize;
    while let Some(chunk) = head.get(at..at.saturating_add(8)) {
        let id: [u8; 4] = field(chunk, 0);
        let size = u32_at(chunk, 4);
        let body = at + 8;
        if id == *b"fmt " {
            format = read_format(head, body, size);
        } else if id == *b"ds64" && is_64_bit {
            long_data_bytes = head.get(body + 8..body + 16).map(|bytes| u64_at(bytes, 0));
        } else if id == *b"data" {
            let Some(format) = format else {
                return Err(broken("its data comes before its format"));
            };
            let claimed = match (size, long_data_bytes) {
                (UNKNOWN, long) => long,
                (size, _) => Some(u64::from(size)),
            };
            let wav = read_data(format, body as u64, claimed, total_bytes)?;
            return Ok(Some(Wav {
                is_plain: wav.is_plain && !is_64_bit,
                ..wav
            }));
        }
        // Chunks are padded to an even length; some writers forget.
        let next = body.saturating_add(size as usize);
        let padded = next.saturating_add(size as usize & 1);
        let is_unpadded = next != padded
            && head
                .get(next..)
                .and_then(<[u8]>::first_chunk)
                .is_some_and(is_chunk_id);
        at = if is_unpadded { next } else { padded };
    }
    if at as u64 > total_bytes {
        return Err(truncated());
    }
    if at.saturating_add(8) > head.len() && (head.len() as u64) < total_bytes {
        return Ok(None);
    }
    Err(broken("it has no data chunk"))
}

fn is_chunk_id(id: &[u8; 4]) -> bool {
    [b"data", b"fmt ", b"LIST", b"fact"].contains(&id)
}

fn read_format(head: &[u8], body: usize, size: u32) -> Option<Format> {
    let fields = head.get(body..body + 16)?;
    let mut tag = u16_at(fields, 0);
    let is_extensible = tag == EXTENSIBLE;
    if is_extensible && size >= 40 {
        // The sub-format's first two bytes are the tag proper.
        tag = u16_at(head.get(body + 24..body + 26)?, 0);
    }
    Some(Format {
        tag,
        channels: u16_at(fields, 2),
        sample_rate: u32_at(fields, 4),
        bits: u16_at(fields, 14),
        is_extensible,
    })
}

fn read_data(
    format: Format,
    data_start: u64,
    claimed: Option<u64>,
    total_bytes: u64,
) -> Result<Wav, Failure> {
    let Some(coding) = Coding::of(format.tag, format.bits) else {
        return Err(Failure::audio(
            "unsupported_codec",
            joined(&[
                "the WAV file holds format ",
                &digits(format.tag.into()),
                " with ",
                &digits(format.bits.into()),
                " bits, which is neither PCM nor G.711",
            ]),
        ));
    };
    if format.channels == 0 || format.sample_rate == 0 {
        return Err(broken("it claims no channels, or a rate of 0 Hz"));
    }
    let there = total_bytes.saturating_sub(data_start);
    // Recorders that stream leave the size at 0, or at a placeholder.
    let known = claimed.filter(|&bytes| match bytes {
        0 => there == 0,
        _ => bytes < PLACEHOLDER_BYTES || bytes <= there,
    });
    if known.is_some_and(|bytes| bytes > there) {
        return Err(truncated());
    }
    let wav = Wav {
        coding,
        sample_rate: format.sample_rate,
        channels: format.channels,
        data_start,
        data_bytes: known.unwrap_or(there),
        is_plain: known.is_some() && coding == Coding::I16 && !format.is_extensible,
    };
    if wav.data_bytes < wav.frame_bytes() {
        return Err(Failure::audio("empty", "the WAV file holds no samples"));
    }
    Ok(wav)
}

/// The header of a 16-bit PCM file with `data_bytes` of samples, which never
/// pass what its 32 bits can say: an hour has 115 MB.
pub fn header(sample_rate: u32, channels: u16, data_bytes: u64) -> [u8; HEADER_BYTES] {
    let data = data_bytes.min(u64::from(u32::MAX) - HEADER_BYTES as u64) as u32;
    let block_align = channels.saturating_mul(2);
    let words = [
        u32::from_le_bytes(*b"RIFF"),
        data + HEADER_BYTES as u32 - 8,
        u32::from_le_bytes(*b"WAVE"),
        u32::from_le_bytes(*b"fmt "),
        16,
        pair(PCM, channels),
        sample_rate,
        sample_rate.saturating_mul(u32::from(block_align)),
        pair(block_align, 16),
        u32::from_le_bytes(*b"data"),
        data,
    ];
    let mut header = [0; HEADER_BYTES];
    for (place, word) in header.as_chunks_mut().0.iter_mut().zip(words) {
        *place = word.to_le_bytes();
    }
    header
}

/// Two fields of 16 bits in the place of one with 32.
fn pair(first: u16, second: u16) -> u32 {
    u32::from(first) | u32::from(second) << 16
}

fn truncated() -> Failure {
    Failure::audio(
        "truncated",
        "the WAV file ends before the audio that its header promises",
    )
}

fn broken(problem: &str) -> Failure {
    Failure::audio(
        "undecodable",
        joined(&["the WAV file is broken: ", problem]),
    )
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(field(bytes, at))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(field(bytes, at))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(field(bytes, at))
}

/// Zeros where there is none, which nobody asks for.
fn field<const BYTES: usize>(bytes: &[u8], at: usize) -> [u8; BYTES] {
    let field = bytes.get(at..).and_then(<[u8]>::first_chunk);
    field.copied().unwrap_or([0; BYTES])
}
