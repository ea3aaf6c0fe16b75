//! Reads streams of frames that each contain their length: AAC in ADTS, and MP3.

use crate::codec_config::{CodecConfig, PacketLength, aac_rate, audio_specific_config};
use crate::reader::{
    LossRecord, RawPacket, Reader, SEARCHED_BYTES, Step, id3_bytes, is_tag, search,
};
use crate::source::{ReadError, Source, be};

const SHORTEST_HEADER: usize = 7;

/// The header of a frame.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Frame {
    /// The length of the header, and of the whole frame.
    header: usize,
    bytes: usize,
    rate: u32,
    channels: u32,
    samples: u32,
    /// The header fields that stay the same from frame to frame.
    kind: u32,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Adts,
    Mp3,
}

impl Kind {
    fn frame(self, bytes: &[u8]) -> Option<Frame> {
        match self {
            Kind::Adts => adts(bytes),
            Kind::Mp3 => mp3(bytes),
        }
    }

    /// True if two frames of a kind start here: a single one occurs by chance.
    fn is_chain(self, bytes: &[u8], kind: u32) -> bool {
        self.frame(bytes).is_some_and(|frame| {
            let next = bytes.get(frame.bytes..).unwrap_or_default();
            frame.kind == kind && self.frame(next).is_some_and(|next| next.kind == kind)
        })
    }

    fn config(self, frame: &Frame) -> Option<CodecConfig> {
        match self {
            Kind::Mp3 => Some(CodecConfig {
                length: PacketLength::Fixed(frame.samples),
                ..CodecConfig::named("mp3", frame.rate, frame.channels)
            }),
            Kind::Adts => {
                let object = (frame.kind >> 8) as u8;
                let config = audio_specific_config(object, frame.rate, frame.channels)?;
                CodecConfig::aac(&config, frame.rate, frame.channels)
            }
        }
    }
}

pub(crate) struct Frames {
    kind: Kind,
    at: u64,
    end: u64,
    /// The kind of the frame before.
    before: Option<u32>,
    is_searching: bool,
    /// The padding that an encoder stated in its first frame.
    padding: Padding,
    total_seconds: Option<f64>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Padding {
    head_seconds: f64,
    tail_seconds: f64,
}

impl Frames {
    pub(crate) fn new(kind: Kind) -> Self {
        Frames::within(kind, 0, u64::MAX)
    }

    pub(crate) fn within(kind: Kind, start: u64, end: u64) -> Self {
        Frames {
            kind,
            at: start,
            end,
            before: None,
            is_searching: false,
            padding: Padding::default(),
            total_seconds: None,
        }
    }

    fn finish(&self, losses: &mut LossRecord) -> Result<Step, ReadError> {
        if self.before.is_none() {
            return Err(ReadError::Broken("no frames in it"));
        }
        losses.tail_trim_seconds = self.padding.tail_seconds;
        losses.claimed_end = self.total_seconds;
        Ok(Step::End)
    }

    fn search(&mut self, source: &Source, losses: &mut LossRecord) -> Result<Step, ReadError> {
        let bytes = source.up_to(self.at, SEARCHED_BYTES, self.end)?;
        let is_last = self.at + bytes.len() as u64 >= self.end.min(source.total());
        let kind = self.kind;
        let is_start = |bytes: &[u8]| {
            let frame = kind.frame(bytes);
            frame.is_some_and(|frame| kind.is_chain(bytes, frame.kind))
        };
        let (next, is_found) = match search(bytes, self.at, is_last, 16_384, is_start) {
            Ok(place) => (place, true),
            Err(place) => (place, false),
        };
        // Bytes before the first frame are not audio.
        if self.before.is_some() {
            losses.skip(next - self.at);
        }
        self.at = next;
        self.is_searching = !is_found;
        if is_last && !is_found {
            self.finish(losses)
        } else {
            Ok(Step::Progress)
        }
    }
}

impl Reader for Frames {
    fn step(&mut self, source: &Source, losses: &mut LossRecord) -> Result<Step, ReadError> {
        if self.is_searching {
            return self.search(source, losses);
        }
        let head = source.up_to(self.at, 16, self.end)?;
        if self.before.is_none() && id3_bytes(head) > 0 {
            self.at += id3_bytes(head);
            return Ok(Step::Progress);
        }
        if head.is_empty() || is_tag(head) {
            return self.finish(losses);
        }
        if head.len() < SHORTEST_HEADER && head[0] == 0xFF && self.before.is_some() {
            losses.ends_early = true;
            return self.finish(losses);
        }
        let Some(frame) = self.kind.frame(head) else {
            if self.before.is_some() && head.len() >= SHORTEST_HEADER {
                losses.gap = true;
            }
            self.is_searching = true;
            return Ok(Step::Progress);
        };
        let end = self.end.min(source.total());
        if self.at + frame.bytes as u64 > end {
            // Either the last frame was cut off, or this is none.
            if self.before == Some(frame.kind) {
                losses.ends_early = true;
                return self.finish(losses);
            }
            self.is_searching = true;
            return Ok(Step::Progress);
        }
        let bytes = source.up_to(self.at, frame.bytes + 16, self.end)?;
        let (data, next) = bytes.split_at(frame.bytes.min(bytes.len()));
        let follows = next.len() < 16 || is_tag(next) || self.kind.frame(next).is_some();
        if !follows {
            // If it holds frames, its size is damaged; otherwise, what follows is.
            let kind = self.kind;
            let is_frame =
                |at: &usize| kind.is_chain(&data[*at..], self.before.unwrap_or(frame.kind));
            let inner = (1..data.len()).find(is_frame);
            let skipped = match (inner, self.before == Some(frame.kind)) {
                (Some(at), _) => at,
                (None, true) => 0,
                (None, false) => 1,
            };
            if skipped > 0 {
                if self.before.is_some() {
                    losses.skip(skipped as u64);
                }
                self.at += skipped as u64;
                self.is_searching = inner.is_none();
                return Ok(Step::Progress);
            }
        }
        // A single frame of another kind is a damaged header.
        if self
            .before
            .is_some_and(|before| before != 0 && before != frame.kind)
            && !self.kind.is_chain(bytes, frame.kind)
        {
            losses.skip(frame.bytes as u64);
            self.at += frame.bytes as u64;
            return Ok(Step::Progress);
        }
        let is_first = self.before.is_none();
        if self.kind == Kind::Mp3
            && is_first
            && let Some(info) = info(data, &frame)
        {
            let seconds = |samples: u32| f64::from(samples) / f64::from(frame.rate);
            // A decoder has a delay of 529 samples.
            let tail = info.padding.saturating_sub(529);
            self.padding = Padding {
                head_seconds: info.delay.map_or(0.0, |delay| seconds(delay + 529)),
                tail_seconds: seconds(tail),
            };
            self.total_seconds = info
                .frames
                .map(|count| f64::from(count) * f64::from(frame.samples) / f64::from(frame.rate));
            self.at += frame.bytes as u64;
            self.before = Some(0);
            return Ok(Step::Progress);
        }
        if self.before.is_none_or(|before| before != frame.kind) {
            let unsupported = || ReadError::Unsupported("its AAC is not described".to_owned());
            let mut config = self.kind.config(&frame).ok_or_else(unsupported)?;
            config.head_trim_seconds = match self.before {
                Some(0) | None => self.padding.head_seconds,
                Some(_) => 0.0,
            };
            self.before = Some(frame.kind);
            return Ok(Step::CodecConfig(Box::new(config)));
        }
        let packet = RawPacket {
            data: data[frame.header..].to_vec(),
            start: None,
            seconds: Some(f64::from(frame.samples) / f64::from(frame.rate)),
        };
        self.at += frame.bytes as u64;
        Ok(Step::RawPacket(packet))
    }
}

fn adts(bytes: &[u8]) -> Option<Frame> {
    let [0xFF, second, rates, a, b, c, d, ..] = *bytes else {
        return None;
    };
    if second & 0xF6 != 0xF0 || d & 0b11 != 0 {
        return None;
    }
    let rate = aac_rate(rates >> 2 & 0x0F)?;
    let header = if second & 1 == 1 { 7 } else { 9 };
    let length = usize::from(a & 0b11) << 11 | usize::from(b) << 3 | usize::from(c >> 5);
    let channels = match u32::from(rates & 1) << 2 | u32::from(a >> 6) {
        7 => 8,
        channels => channels,
    };
    let object = (rates >> 6) + 1;
    (length > header).then_some(Frame {
        header,
        bytes: length,
        rate,
        channels,
        samples: 1_024,
        kind: u32::from(object) << 8 | u32::from(rates >> 2 & 0x0F) << 4 | channels,
    })
}

fn mp3(bytes: &[u8]) -> Option<Frame> {
    const KBPS: [[u32; 15]; 2] = [
        [
            0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320,
        ],
        [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    ];
    let [0xFF, second, third, fourth, ..] = *bytes else {
        return None;
    };
    let (version, layer) = (second >> 3 & 3, second >> 1 & 3);
    if second & 0xE0 != 0xE0 || version == 1 || layer != 1 || third >> 2 & 3 == 3 {
        return None;
    }
    let is_1 = version == 3;
    let rate = [44_100, 48_000, 32_000][usize::from(third >> 2 & 3)]
        >> match version {
            3 => 0,
            2 => 1,
            _ => 2,
        };
    let kbps = *KBPS[usize::from(!is_1)].get(usize::from(third >> 4))?;
    let samples = if is_1 { 1_152 } else { 576 };
    let length = samples / 8 * kbps * 1_000 / rate + u32::from(third >> 1 & 1);
    (kbps > 0).then_some(Frame {
        header: 0,
        bytes: length as usize,
        rate,
        channels: if fourth >> 6 == 3 { 1 } else { 2 },
        samples,
        kind: u32::from(second & 0xFE) << 8
            | u32::from(third & 0x0C) << 1
            | u32::from(fourth >> 6 == 3),
    })
}

/// The content of a Xing or LAME frame.
struct Info {
    frames: Option<u32>,
    delay: Option<u32>,
    padding: u32,
}

fn info(frame: &[u8], header: &Frame) -> Option<Info> {
    let side = match (header.samples, header.channels) {
        (1_152, 2) => 32,
        (1_152, _) | (_, 2) => 17,
        _ => 9,
    };
    let body = frame.get(4 + side..)?;
    if !body.starts_with(b"Xing") && !body.starts_with(b"Info") {
        return None;
    }
    let flags = body.get(7)?;
    let frames = (flags & 1 == 1)
        .then(|| body.get(8..12).map(|count| be(count) as u32))
        .flatten();
    let lengths = [(1, 4), (2, 4), (4, 100), (8, 4)];
    let extension = lengths.iter().fold(8, |sum, (flag, bytes)| {
        sum + if flags & flag != 0 { *bytes } else { 0 }
    });
    let delays = body
        .get(extension..)
        .filter(|lame| lame.first().is_some_and(|byte| *byte != 0))
        .and_then(|lame| lame.get(21..24))
        .map(|bytes| be(bytes) as u32);
    Some(Info {
        frames,
        delay: delays.map(|delays| delays >> 12),
        padding: delays.map_or(0, |delays| delays & 0xFFF),
    })
}
