//! Reads Ogg (RFC 3533) with Opus (RFC 7845), Vorbis or FLAC in it, and streams one after the
//! other.

use std::collections::VecDeque;

use crate::codec_config::CodecConfig;
use crate::flac;
use crate::reader::{
    LossRecord, RawPacket, Reader, SEARCHED_BYTES, Step, id3_bytes, is_blank, search,
};
use crate::source::{ReadError, Source, le};

const MARK: &[u8] = b"OggS";
const HEADER_BYTES: usize = 27;
const CONTINUED: u8 = 1;
const FIRST: u8 = 2;
const LAST: u8 = 4;
/// The position of a page on which no packet ends.
const NO_POSITION: u64 = u64::MAX;
/// The jump of positions from which the position itself counts as damaged, in seconds.
const MOST_JUMP_SECONDS: f64 = 86_400.0;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Codec {
    Opus,
    Vorbis,
    Flac,
}

/// The stream that is read.
struct Stream {
    serial: u32,
    codec: Codec,
    headers: Vec<Vec<u8>>,
    config: Option<CodecConfig>,
    next_page: u32,
    partial: Vec<u8>,
    /// The state of the last packet, for Vorbis.
    previous: u32,
    /// The duration of what was read, in seconds, and the time at which that began.
    seconds: f64,
    offset: Option<f64>,
    was_damaged: bool,
    has_ended: bool,
}

pub(crate) struct Ogg {
    at: u64,
    stream: Option<Stream>,
    waiting: VecDeque<Step>,
    is_searching: bool,
    /// The codecs of streams that cannot be read.
    unknown: Option<String>,
}

/// A parsed page.
struct Page<'a> {
    flags: u8,
    position: u64,
    serial: u32,
    sequence: u32,
    lacing: &'a [u8],
    body: &'a [u8],
    whole: &'a [u8],
}

impl Ogg {
    pub(crate) fn new() -> Self {
        Ogg {
            at: 0,
            stream: None,
            waiting: VecDeque::new(),
            is_searching: false,
            unknown: None,
        }
    }

    fn end(&mut self, losses: &mut LossRecord, is_cut: bool) -> Result<Step, ReadError> {
        match &self.stream {
            Some(stream) if stream.config.is_some() => {
                losses.ends_early |= is_cut || !stream.has_ended;
                Ok(Step::End)
            }
            Some(_) => Err(ReadError::End),
            None => Err(match &self.unknown {
                Some(codec) => ReadError::Unsupported(format!("no known codec in it ({codec})")),
                None if is_cut => ReadError::End,
                None => ReadError::Broken("no stream in it"),
            }),
        }
    }

    fn search(&mut self, source: &Source, losses: &mut LossRecord) -> Result<Step, ReadError> {
        let bytes = source.up_to(self.at, SEARCHED_BYTES, u64::MAX)?;
        let is_last = self.at + bytes.len() as u64 >= source.total();
        let is_start = |bytes: &[u8]| bytes.starts_with(MARK) && bytes.get(4) == Some(&0);
        let (next, is_found) = match search(bytes, self.at, is_last, 8, is_start) {
            Ok(place) => (place, true),
            Err(place) => (place, false),
        };
        losses.gap_bytes += next - self.at;
        self.at = next;
        if is_found {
            self.is_searching = false;
        } else if is_last {
            return self.end(losses, true);
        }
        Ok(Step::Progress)
    }

    fn damaged(&mut self, losses: &mut LossRecord) -> Result<Step, ReadError> {
        if let Some(stream) = &mut self.stream {
            stream.was_damaged = true;
        }
        losses.gap_bytes += 1;
        self.at += 1;
        self.is_searching = true;
        Ok(Step::Progress)
    }

    fn take(&mut self, page: &Page<'_>, losses: &mut LossRecord) {
        let is_first = page.flags & FIRST != 0;
        let is_playing = |stream: &Stream| stream.config.is_some();
        if is_first && self.stream.as_ref().is_none_or(is_playing) {
            match codec_of(page.body) {
                Some(codec) => {
                    if let Some(before) = &self.stream {
                        losses.ends_early |= !before.has_ended;
                    }
                    self.stream = Some(Stream::new(page.serial, codec));
                }
                None => self.unknown = Some(printable(page.body)),
            }
        }
        let waiting = &mut self.waiting;
        let Some(stream) = self
            .stream
            .as_mut()
            .filter(|stream| stream.serial == page.serial)
        else {
            return;
        };
        let is_continued = page.flags & CONTINUED != 0;
        let is_missing = page.sequence != stream.next_page && !is_first;
        stream.next_page = page.sequence.wrapping_add(1);
        if is_missing {
            stream.was_damaged = true;
        }
        if is_missing || !is_continued {
            stream.partial.clear();
        }
        // The end of a packet whose start is missing.
        let mut is_orphan = is_continued && stream.partial.is_empty();
        let mut rest = page.body;
        let mut page_seconds = 0.0;
        for size in page.lacing {
            let (part, after) = rest.split_at(usize::from(*size).min(rest.len()));
            rest = after;
            stream.partial.extend(part);
            if *size == 255 {
                continue;
            }
            let packet = std::mem::take(&mut stream.partial);
            if std::mem::take(&mut is_orphan) {
                continue;
            }
            page_seconds += stream.packet(packet, waiting);
        }
        let is_last = page.flags & LAST != 0;
        stream.has_ended = is_last;
        let trim = stream.position(page, page_seconds, losses);
        if is_last && trim > 0.0 {
            losses.tail_trim_seconds = trim;
        }
    }
}

impl Stream {
    fn new(serial: u32, codec: Codec) -> Self {
        Stream {
            serial,
            codec,
            headers: Vec::new(),
            config: None,
            next_page: 0,
            partial: Vec::new(),
            previous: 0,
            seconds: 0.0,
            offset: None,
            was_damaged: false,
            has_ended: false,
        }
    }

    /// Reads a packet. Returns its duration, in seconds.
    fn packet(&mut self, packet: Vec<u8>, waiting: &mut VecDeque<Step>) -> f64 {
        if packet.is_empty() {
            return 0.0;
        }
        // A second recording in the same stream.
        if self.config.is_some() && codec_of(&packet) == Some(self.codec) {
            *self = Stream {
                next_page: self.next_page,
                has_ended: self.has_ended,
                ..Stream::new(self.serial, self.codec)
            };
        }
        let Some(config) = &self.config else {
            self.header(packet);
            if let Some(config) = self.finished_headers() {
                waiting.push_back(Step::CodecConfig(Box::new(config.clone())));
                self.config = Some(config);
            }
            return 0.0;
        };
        let is_header = match self.codec {
            Codec::Opus => packet.starts_with(b"OpusTags"),
            Codec::Vorbis => packet[0] & 1 == 1,
            Codec::Flac => packet[0] != 0xFF,
        };
        if is_header {
            return 0.0;
        }
        if is_blank(&packet) {
            self.was_damaged = true;
            return 0.0;
        }
        let seconds = match self.codec {
            Codec::Flac => flac::seconds(&packet, config.sample_rate),
            _ => config.seconds(&packet, &mut self.previous),
        };
        waiting.push_back(Step::RawPacket(RawPacket {
            data: packet,
            start: None,
            seconds,
        }));
        seconds.unwrap_or(0.0)
    }

    fn header(&mut self, packet: Vec<u8>) {
        // A stream that starts again before its headers are complete.
        if codec_of(&packet) == Some(self.codec) {
            self.headers.clear();
        }
        self.headers.push(packet);
    }

    fn finished_headers(&self) -> Option<CodecConfig> {
        let first = self.headers.first()?;
        match self.codec {
            Codec::Opus => CodecConfig::opus(first),
            Codec::Vorbis => {
                let setup = self
                    .headers
                    .iter()
                    .find(|header| header.starts_with(b"\x05"))?;
                CodecConfig::vorbis(first, setup)
            }
            // The mark, the version, the number of headers, "fLaC", and the header of the block.
            Codec::Flac => CodecConfig::flac(first.get(17..)?),
        }
    }

    /// Compares the position of a page with what was read. Returns the duration of the padding at
    /// its end, in seconds.
    fn position(&mut self, page: &Page<'_>, page_seconds: f64, losses: &mut LossRecord) -> f64 {
        self.seconds += page_seconds;
        let Some(config) = &self.config else {
            return 0.0;
        };
        if page.position == NO_POSITION || page_seconds == 0.0 && !self.was_damaged {
            return 0.0;
        }
        let position = page.position as i64 as f64 / f64::from(config.sample_rate);
        let is_last = page.flags & LAST != 0;
        // A stream that was joined in the middle does not start at zero.
        let offset = *self.offset.get_or_insert(if is_last || self.was_damaged {
            0.0
        } else {
            (position - self.seconds).max(0.0)
        });
        let jump = position - (offset + self.seconds);
        let mut was_damaged = std::mem::take(&mut self.was_damaged);
        // Packets may contain a wrong duration.
        was_damaged |= jump > 0.001 && !has_right_sum(page.whole);
        if jump > 0.0 {
            if was_damaged && jump < MOST_JUMP_SECONDS {
                losses.lost_seconds += jump;
                losses.gap_bytes = 0;
            }
            self.offset = Some(offset + jump);
        }
        if is_last && jump < 0.0 && -jump <= page_seconds + 1.0 {
            -jump
        } else {
            0.0
        }
    }
}

impl Reader for Ogg {
    fn step(&mut self, source: &Source, losses: &mut LossRecord) -> Result<Step, ReadError> {
        if let Some(step) = self.waiting.pop_front() {
            return Ok(step);
        }
        if self.is_searching {
            return self.search(source, losses);
        }
        if self.at == 0 {
            self.at = id3_bytes(source.up_to(0, 10, u64::MAX)?);
        }
        let header = source.up_to(self.at, HEADER_BYTES, u64::MAX)?;
        if header.is_empty() {
            return self.end(losses, false);
        }
        if header.len() < HEADER_BYTES {
            let is_cut =
                MARK.starts_with(&header[..header.len().min(4)]) || header.starts_with(MARK);
            return self.end(losses, is_cut);
        }
        if !header.starts_with(MARK) || header[4] != 0 {
            return self.damaged(losses);
        }
        let segments = usize::from(header[26]);
        let lacing = source.up_to(self.at, HEADER_BYTES + segments, u64::MAX)?;
        let body: usize = lacing[HEADER_BYTES..].iter().map(|n| usize::from(*n)).sum();
        let length = HEADER_BYTES + segments + body;
        let bytes = source.up_to(self.at, length + MARK.len(), u64::MAX)?;
        if bytes.len() < length {
            // Either the page is cut off, or its sizes are damaged. In the second case, another
            // page follows.
            return if bytes[4..].windows(4).any(|part| part == MARK) {
                self.damaged(losses)
            } else {
                self.end(losses, true)
            };
        }
        let (bytes, next) = bytes.split_at(length);
        if !MARK.starts_with(&next[..next.len().min(4)]) && !has_right_sum(bytes) {
            return self.damaged(losses);
        }
        let page = Page {
            flags: bytes[5],
            position: le(&bytes[6..14]),
            serial: le(&bytes[14..18]) as u32,
            sequence: le(&bytes[18..22]) as u32,
            lacing: &bytes[HEADER_BYTES..HEADER_BYTES + segments],
            body: &bytes[HEADER_BYTES + segments..],
            whole: bytes,
        };
        self.take(&page, losses);
        self.at += length as u64;
        Ok(Step::Progress)
    }
}

fn codec_of(packet: &[u8]) -> Option<Codec> {
    if packet.starts_with(b"OpusHead") {
        Some(Codec::Opus)
    } else if packet.starts_with(b"\x01vorbis") {
        Some(Codec::Vorbis)
    } else if packet.starts_with(b"\x7FFLAC") {
        Some(Codec::Flac)
    } else {
        None
    }
}

fn printable(packet: &[u8]) -> String {
    let letters = packet
        .iter()
        .take(8)
        .filter(|byte| byte.is_ascii_alphanumeric());
    letters.map(|byte| char::from(*byte)).collect()
}

/// True if the checksum of a page is correct: the CRC-32 of RFC 3533.
fn has_right_sum(page: &[u8]) -> bool {
    const SUM: std::ops::Range<usize> = 22..26;
    let sum = page.iter().enumerate().fold(0_u32, |sum, (at, byte)| {
        let byte = if SUM.contains(&at) { 0 } else { *byte };
        (0..8).fold(sum ^ u32::from(byte) << 24, |sum, _| {
            sum << 1 ^ if sum >> 31 == 1 { 0x04C1_1DB7 } else { 0 }
        })
    });
    le(&page[SUM]) as u32 == sum
}
