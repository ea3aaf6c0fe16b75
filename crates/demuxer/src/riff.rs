//! Reads WAVE files with a codec other than PCM, and the same description of audio in Matroska.

use crate::codec_config::CodecConfig;
use crate::flac::Flac;
use crate::frames::{Frames, Kind};
use crate::pcm::{Pcm, SampleKind};
use crate::reader::{LossRecord, Reader, Step};
use crate::source::{Cursor, ReadError, Source, be, le};

const PCM: u16 = 1;
const FLOAT: u16 = 3;
const ALAW: u16 = 6;
const MULAW: u16 = 7;
const MP3: u16 = 0x55;
const AAC: u16 = 0xFF;
const ADTS: u16 = 0x1600;
const FLAC: u16 = 0xF1AC;
const EXTENSIBLE: u16 = 0xFFFE;

/// The fields of a `WAVEFORMATEX`.
struct Format<'a> {
    tag: u16,
    channels: u32,
    rate: u32,
    bits: u32,
    extra: &'a [u8],
}

impl<'a> Format<'a> {
    fn of(format: &'a [u8]) -> Option<Self> {
        let mut cursor = Cursor::new(format);
        let tag = cursor.le(2)? as u16;
        let channels = cursor.le(2)? as u32;
        let rate = cursor.le(4)? as u32;
        cursor.take(6)?;
        let bits = cursor.le(2)? as u32;
        cursor.take(2);
        let extra = cursor.rest();
        let tag = match (tag, extra.get(6..8)) {
            (EXTENSIBLE, Some(tag)) => le(tag) as u16,
            _ => tag,
        };
        Some(Format {
            tag,
            channels,
            rate,
            bits,
            extra,
        })
    }
}

/// Reads the configuration that a `WAVEFORMATEX` describes.
pub(crate) fn config(format: &[u8]) -> Result<CodecConfig, ReadError> {
    let broken = || ReadError::Broken("the description of its codec is damaged");
    let format = Format::of(format).ok_or_else(broken)?;
    let (rate, channels) = (format.rate, format.channels);
    let pcm =
        |kind, bits| Pcm::new(kind, bits, false, channels).map(|pcm| CodecConfig::pcm(pcm, rate));
    match format.tag {
        PCM if format.bits == 8 => pcm(SampleKind::Unsigned, 8),
        PCM => pcm(SampleKind::Signed, format.bits),
        FLOAT => pcm(SampleKind::Float, format.bits),
        ALAW => pcm(SampleKind::Alaw, 8),
        MULAW => pcm(SampleKind::Mulaw, 8),
        MP3 => Some(CodecConfig::named("mp3", rate, channels)),
        AAC => CodecConfig::aac(format.extra, rate, channels),
        FLAC => CodecConfig::flac(format.extra),
        tag => {
            return Err(ReadError::Unsupported(format!(
                "its codec has the tag {tag:#x}"
            )));
        }
    }
    .ok_or_else(broken)
}

pub(crate) struct Riff {
    at: u64,
    format: Vec<u8>,
    inner: Option<Box<dyn Reader>>,
}

impl Riff {
    pub(crate) fn new() -> Self {
        Riff {
            at: 0,
            format: Vec::new(),
            inner: None,
        }
    }

    /// Returns the reader of the data.
    fn reader(&self, start: u64, end: u64, head: &[u8]) -> Result<Box<dyn Reader>, ReadError> {
        let broken = || ReadError::Broken("no description of the sound in front of it");
        let format = Format::of(&self.format).ok_or_else(broken)?;
        Ok(match format.tag {
            MP3 => Box::new(Frames::within(Kind::Mp3, start, end)),
            AAC | ADTS if head.starts_with(&[0xFF]) => {
                Box::new(Frames::within(Kind::Adts, start, end))
            }
            FLAC => Box::new(Flac::within(start, end, Some(format.extra))),
            tag => {
                let why = format!("its codec has the tag {tag:#x}");
                return Err(ReadError::Unsupported(why));
            }
        })
    }
}

impl Reader for Riff {
    fn step(&mut self, source: &Source, losses: &mut LossRecord) -> Result<Step, ReadError> {
        if let Some(inner) = &mut self.inner {
            return inner.step(source, losses);
        }
        if self.at == 0 {
            let head = source.get(0, 12)?;
            if be(&head[8..]) != be(b"WAVE") {
                return Err(ReadError::Broken("no WAVE in it"));
            }
            self.at = 12;
        }
        let head = source.get(self.at, 8)?;
        let size = le(&head[4..]);
        let content = self.at + 8;
        match &head[..4] {
            b"fmt " => self.format = source.get(content, (size as usize).min(4_096))?.to_vec(),
            b"data" => {
                let start = source.up_to(content, 4, u64::MAX)?;
                let end = match size {
                    0 => u64::MAX,
                    size => content + size,
                };
                self.inner = Some(self.reader(content, end, start)?);
                // A size far beyond every file is a placeholder.
                let missing = end.saturating_sub(source.total());
                if size < u64::from(u32::MAX) / 4 && size > 0 && missing > 0 {
                    losses.skip(missing);
                }
                return Ok(Step::Progress);
            }
            _ => {}
        }
        self.at = content + size + (size & 1);
        Ok(Step::Progress)
    }
}
