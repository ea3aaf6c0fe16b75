//! Reads WebM and Matroska (RFC 9559). Recorders write them while they record: without sizes,
//! durations and indices.

use std::collections::VecDeque;

use crate::codec_config::CodecConfig;
use crate::pcm::{Pcm, SampleKind};
use crate::reader::{LossRecord, RawPacket, Reader, SEARCHED_BYTES, Step, is_blank, search};
use crate::riff;
use crate::source::{Cursor, ReadError, Source, be};

mod id {
    pub(super) const EBML: u32 = 0x1A45_DFA3;
    pub(super) const SEGMENT: u32 = 0x1853_8067;
    pub(super) const INFO: u32 = 0x1549_A966;
    pub(super) const TRACKS: u32 = 0x1654_AE6B;
    pub(super) const CLUSTER: u32 = 0x1F43_B675;
    pub(super) const CUES: u32 = 0x1C53_BB6B;
    pub(super) const TIMESTAMP: u32 = 0xE7;
    pub(super) const SIMPLE_BLOCK: u32 = 0xA3;
    pub(super) const BLOCK_GROUP: u32 = 0xA0;
    pub(super) const BLOCK: u32 = 0xA1;
    pub(super) const ENCRYPTED_BLOCK: u32 = 0xAF;
    pub(super) const DISCARD_PADDING: u32 = 0x75A2;
    pub(super) const TIMESTAMP_SCALE: u32 = 0x2A_D7B1;
    pub(super) const DURATION: u32 = 0x4489;
    pub(super) const TRACK_ENTRY: u32 = 0xAE;
    pub(super) const TRACK_NUMBER: u32 = 0xD7;
    pub(super) const TRACK_TYPE: u32 = 0x83;
    pub(super) const FLAG_DEFAULT: u32 = 0x88;
    pub(super) const DEFAULT_DURATION: u32 = 0x23_E383;
    pub(super) const CODEC_ID: u32 = 0x86;
    pub(super) const CODEC_PRIVATE: u32 = 0x63A2;
    pub(super) const CODEC_DELAY: u32 = 0x56AA;
    pub(super) const AUDIO: u32 = 0xE1;
    pub(super) const SAMPLING_FREQUENCY: u32 = 0xB5;
    pub(super) const CHANNELS: u32 = 0x9F;
    pub(super) const BIT_DEPTH: u32 = 0x6264;
    pub(super) const CONTENT_ENCODINGS: u32 = 0x6D80;
    pub(super) const CONTENT_ENCODING: u32 = 0x6240;
    pub(super) const COMPRESSION: u32 = 0x5034;
    pub(super) const COMPRESSION_ALGORITHM: u32 = 0x4254;
    pub(super) const COMPRESSION_SETTINGS: u32 = 0x4255;
    /// The elements of segments and clusters without audio: SeekHead, Cues, Tags, Attachments,
    /// Chapters, Position, PrevSize, SilentTracks, Void, CRC-32.
    pub(super) const SKIPPED: [u32; 10] = [
        0x114D_9B74,
        CUES,
        0x1254_C367,
        0x1941_A469,
        0x1043_A770,
        0xA7,
        0xAB,
        0x5854,
        0xEC,
        0xBF,
    ];
}

const AUDIO_TRACK: u64 = 2;
/// The longest identifier and size together.
const HEADER_BYTES: usize = 12;

struct Track {
    number: u64,
    /// The bytes that a compression removed from the start of each packet, and that are restored.
    stripped: Vec<u8>,
    /// The default duration of a packet, in seconds.
    default_seconds: Option<f64>,
    config: CodecConfig,
}

pub(crate) struct Matroska {
    at: u64,
    segment_end: Option<u64>,
    cluster_end: Option<u64>,
    is_in_cluster: bool,
    /// Whether an element was seen since the last cluster that belongs after all clusters.
    is_behind_clusters: bool,
    /// The unit of timestamps, in seconds.
    scale: f64,
    cluster_time: f64,
    duration: Option<f64>,
    has_other_tracks: bool,
    track: Option<Track>,
    waiting: VecDeque<Step>,
    is_searching: bool,
}

impl Matroska {
    pub(crate) fn new() -> Self {
        Matroska {
            at: 0,
            segment_end: None,
            cluster_end: None,
            is_in_cluster: false,
            is_behind_clusters: false,
            scale: 1e-3,
            cluster_time: 0.0,
            duration: None,
            has_other_tracks: false,
            track: None,
            waiting: VecDeque::new(),
            is_searching: false,
        }
    }

    fn end(&self, losses: &mut LossRecord) -> Result<Step, ReadError> {
        if self.track.is_none() {
            return Err(ReadError::End);
        }
        // A recording with video may have no audio at its end.
        if !self.has_other_tracks {
            losses.claimed_end = self.duration;
        }
        Ok(Step::End)
    }

    /// Ends because the bytes end within an element.
    fn end_inside(&self, losses: &mut LossRecord) -> Result<Step, ReadError> {
        losses.ends_early |= !self.is_behind_clusters;
        self.end(losses)
    }

    /// Searches for the next position from which the file can be read again.
    fn search(&mut self, source: &Source, losses: &mut LossRecord) -> Result<Step, ReadError> {
        let bytes = source.up_to(self.at, SEARCHED_BYTES, u64::MAX)?;
        if bytes.is_empty() {
            return self.end(losses);
        }
        let is_last = self.at + bytes.len() as u64 >= source.total();
        let number = self.track.as_ref().map_or(0, |track| track.number);
        let is_start = |bytes: &[u8]| is_cluster(bytes) || is_simple_block(bytes, number, is_last);
        let found = search(bytes, self.at, is_last, SEARCHED_BYTES / 2, is_start);
        let next = match found {
            Ok(place) => {
                self.is_searching = false;
                // After damage, the end that the cluster stated is not reliable.
                self.cluster_end = None;
                place
            }
            Err(place) => place,
        };
        losses.skip(next - self.at);
        self.at = next;
        Ok(Step::Progress)
    }

    fn damaged(&mut self, losses: &mut LossRecord) -> Result<Step, ReadError> {
        if self.track.is_none() {
            return Err(ReadError::Broken("the Matroska header is damaged"));
        }
        losses.skip(1);
        self.at += 1;
        self.is_searching = true;
        Ok(Step::Progress)
    }

    fn read_info(&mut self, info: &[u8]) {
        let mut duration = None;
        for (id, data) in Children(info) {
            match id {
                id::TIMESTAMP_SCALE => self.scale = (be_number(data).max(1)) as f64 * 1e-9,
                id::DURATION => duration = float(data),
                _ => {}
            }
        }
        self.duration = duration
            .map(|ticks| ticks * self.scale)
            .filter(|seconds| *seconds > 0.0 && seconds.is_finite());
    }

    fn read_tracks(&mut self, tracks: &[u8]) -> Result<(), ReadError> {
        let mut chosen = None;
        let mut problem = None;
        let mut entries = 0;
        for (id, entry) in Children(tracks) {
            if id != id::TRACK_ENTRY {
                continue;
            }
            entries += 1;
            let number_of = |wanted| child(entry, wanted).map(be_number);
            if number_of(id::TRACK_TYPE) != Some(AUDIO_TRACK) {
                continue;
            }
            match track(entry) {
                Ok(track) => {
                    let is_default = number_of(id::FLAG_DEFAULT) != Some(0);
                    if chosen.is_none() || is_default && !matches!(chosen, Some((_, true))) {
                        chosen = Some((track, is_default));
                    }
                }
                Err(pause) => problem = problem.or(Some(pause)),
            }
        }
        let none = || match entries {
            0 => ReadError::Broken("no track in it"),
            _ => ReadError::Unsupported("no track of sound in it".to_owned()),
        };
        let (track, _) = chosen.ok_or_else(|| problem.unwrap_or_else(none))?;
        self.has_other_tracks = entries > 1;
        let is_new = |before: &Track| before.config != track.config;
        if self.track.as_ref().is_none_or(is_new) {
            let config = Box::new(track.config.clone());
            self.waiting.push_back(Step::CodecConfig(config));
        }
        self.track = Some(track);
        Ok(())
    }

    /// Reads the frames of a block. `trim` is the padding at the end of the last.
    fn read_block(&mut self, block: &[u8], trim: f64, losses: &mut LossRecord) -> bool {
        let Some(track) = &self.track else {
            return false;
        };
        let mut cursor = Cursor::new(block);
        let (Some(number), Some(relative), Some(flags)) =
            (variable(&mut cursor), cursor.be(2), cursor.be(1))
        else {
            return false;
        };
        if number != Some(track.number) {
            return true;
        }
        let start = self.cluster_time + f64::from(relative as u16 as i16) * self.scale;
        let Some(frames) = frames(cursor, (flags >> 1 & 3) as u8) else {
            return false;
        };
        for (index, frame) in frames.into_iter().enumerate() {
            if track.config.pcm.is_none() && is_blank(frame) {
                losses.skip(frame.len() as u64);
                continue;
            }
            let start = match track.default_seconds {
                Some(seconds) => Some(start + seconds * index as f64),
                None => (index == 0).then_some(start),
            };
            self.waiting.push_back(Step::RawPacket(RawPacket {
                data: [&track.stripped, frame].concat(),
                start,
                seconds: track.default_seconds,
            }));
        }
        losses.tail_trim_seconds = trim;
        true
    }

    /// True if the block whose content starts with `head` belongs to the track that is read.
    fn is_ours(&self, head: &[u8]) -> bool {
        let number = variable(&mut Cursor::new(head)).flatten();
        self.track
            .as_ref()
            .is_some_and(|track| number == Some(track.number))
    }
}

impl Reader for Matroska {
    fn step(&mut self, source: &Source, losses: &mut LossRecord) -> Result<Step, ReadError> {
        if let Some(step) = self.waiting.pop_front() {
            return Ok(step);
        }
        if self.is_searching {
            return self.search(source, losses);
        }
        let head = source.up_to(self.at, HEADER_BYTES + 16, u64::MAX)?;
        if self.at == 0 && head.len() >= 4 && be(&head[..4]) != id::EBML.into() {
            return Err(ReadError::Broken("no Matroska header in it"));
        }
        if head.is_empty() {
            // A segment that promises more was cut off between two elements.
            let total = source.total();
            let is_cut = |end: Option<u64>| end.is_some_and(|end| end > total);
            if is_cut(self.cluster_end) || is_cut(self.segment_end) && !self.is_behind_clusters {
                return self.end_inside(losses);
            }
            return self.end(losses);
        }
        let mut cursor = Cursor::new(head);
        let identifier = match identifier(&mut cursor) {
            Ok(Some(identifier)) => identifier,
            Ok(None) => return self.end_inside(losses),
            // Bytes after the segment do not belong to it.
            Err(()) if self.segment_end.is_some_and(|end| self.at >= end) => {
                return self.end(losses);
            }
            Err(()) => return self.damaged(losses),
        };
        let Some(size) = variable(&mut cursor) else {
            return if head.len() < HEADER_BYTES {
                self.end_inside(losses)
            } else {
                self.damaged(losses)
            };
        };
        let content = self.at + (head.len() - cursor.rest().len()) as u64;
        let end = size.map(|size| content.saturating_add(size));
        match identifier {
            id::SEGMENT => {
                self.segment_end = end;
                self.at = content;
                return Ok(Step::Progress);
            }
            id::CLUSTER => {
                if self.track.is_none() {
                    return Err(ReadError::Broken("no tracks before the sound"));
                }
                self.is_in_cluster = true;
                self.cluster_end = end;
                self.is_behind_clusters = false;
                self.at = content;
                return Ok(Step::Progress);
            }
            _ => {}
        }
        let Some(end) = end else {
            return self.damaged(losses);
        };
        let is_block = matches!(identifier, id::SIMPLE_BLOCK | id::BLOCK_GROUP);
        // A block that exceeds its cluster has a damaged size.
        if is_block && self.cluster_end.is_some_and(|cluster| end > cluster) {
            return self.damaged(losses);
        }
        let size = usize::try_from(end - content).unwrap_or(usize::MAX);
        match identifier {
            id::EBML => {}
            id::INFO => {
                let info = source.get(content, size)?.to_vec();
                self.read_info(&info);
            }
            id::TRACKS => {
                let tracks = source.get(content, size)?.to_vec();
                self.read_tracks(&tracks)?;
            }
            id::TIMESTAMP if size <= 8 => {
                let Ok(ticks) = source.get(content, size).map(be) else {
                    return whole(source, content, size).and_then(|_| self.end_inside(losses));
                };
                self.cluster_time = ticks as f64 * self.scale;
            }
            id::SIMPLE_BLOCK => {
                if end > source.total() {
                    return self.end_inside(losses);
                }
                let is_numbered =
                    matches!(variable(&mut Cursor::new(cursor.rest())), Some(Some(_)));
                if !is_numbered || !self.has_other_tracks && !self.is_ours(cursor.rest()) {
                    return self.damaged(losses);
                }
                if self.is_ours(cursor.rest()) {
                    let block = whole(source, self.at, (end - self.at) as usize)?.to_vec();
                    // Blocks within a block: its size is damaged.
                    let inner = &block[1..];
                    let number = self.track.as_ref().map_or(0, |track| track.number);
                    if (0..inner.len()).any(|at| are_simple_blocks(&inner[at..], number)) {
                        return self.damaged(losses);
                    }
                    if !self.read_block(&block[(content - self.at) as usize..], 0.0, losses) {
                        return self.damaged(losses);
                    }
                }
            }
            id::BLOCK_GROUP => {
                if end > source.total() {
                    return self.end_inside(losses);
                }
                // Pictures are skipped without being read.
                let mut group = Cursor::new(cursor.rest());
                let first = identifier_of(&mut group);
                let is_other = first == Some(id::BLOCK)
                    && variable(&mut group).is_some()
                    && !self.is_ours(group.rest());
                if !is_other {
                    let group = whole(source, self.at, (end - self.at) as usize)?.to_vec();
                    let group = &group[(content - self.at) as usize..];
                    let padding = child(group, id::DISCARD_PADDING).map_or(0, signed);
                    let trim = (padding as f64 * 1e-9).max(0.0);
                    let block = child(group, id::BLOCK);
                    if !block.is_some_and(|block| self.read_block(block, trim, losses)) {
                        return self.damaged(losses);
                    }
                }
            }
            id::ENCRYPTED_BLOCK => {
                return Err(ReadError::Unsupported("it is encrypted".to_owned()));
            }
            // Short identifiers occur by chance in damaged audio. Their real elements are short.
            0xA7 | 0xAB | 0xBF if size > 8 => return self.damaged(losses),
            0xEC if self.is_in_cluster && size > 512 => return self.damaged(losses),
            identifier if id::SKIPPED.contains(&identifier) => {
                if identifier > 0xFF_FFFF && self.is_in_cluster {
                    self.is_behind_clusters = true;
                }
            }
            // Future elements before the audio are skipped. Within the audio, they are damage.
            _ if !self.is_in_cluster && end <= source.total() => {}
            _ => return self.damaged(losses),
        }
        if end > source.total() {
            return self.end_inside(losses);
        }
        self.at = end;
        Ok(Step::Progress)
    }
}

/// Returns the bytes of an element. The caller has checked that it does not exceed the file.
fn whole(source: &Source, at: u64, length: usize) -> Result<&[u8], ReadError> {
    source.get(at, length)
}

fn track(entry: &[u8]) -> Result<Track, ReadError> {
    let bytes = |wanted| child(entry, wanted);
    let number = |wanted| bytes(wanted).map(be_number);
    let audio = bytes(id::AUDIO).unwrap_or_default();
    let rate = child(audio, id::SAMPLING_FREQUENCY).and_then(float);
    let rate = rate.map_or(8_000, |rate| rate.clamp(0.0, 1e6) as u32);
    let channels = child(audio, id::CHANNELS).map_or(1, be_number).min(255) as u32;
    let bits = child(audio, id::BIT_DEPTH).map_or(16, be_number).min(255) as u32;
    let codec = bytes(id::CODEC_ID).unwrap_or_default();
    let codec = String::from_utf8_lossy(codec);
    let codec = codec.trim_end_matches('\0');
    let mut config = config(codec, bytes(id::CODEC_PRIVATE), rate, channels, bits)?;
    let nanoseconds = |wanted| number(wanted).map(|value| value as f64 * 1e-9);
    if config.codec != "opus" {
        config.head_trim_seconds = nanoseconds(id::CODEC_DELAY).unwrap_or(0.0).min(1.0);
    }
    Ok(Track {
        number: number(id::TRACK_NUMBER).unwrap_or(1),
        stripped: stripped(bytes(id::CONTENT_ENCODINGS).unwrap_or_default())?,
        default_seconds: nanoseconds(id::DEFAULT_DURATION)
            .filter(|seconds| *seconds > 0.0 && *seconds < 10.0 && config.pcm.is_none()),
        config,
    })
}

fn config(
    codec: &str,
    private: Option<&[u8]>,
    rate: u32,
    channels: u32,
    bits: u32,
) -> Result<CodecConfig, ReadError> {
    let broken = ReadError::Broken("the description of its codec is damaged");
    let pcm = |kind, is_big_endian| {
        Pcm::new(kind, bits, is_big_endian, channels).map(|pcm| CodecConfig::pcm(pcm, rate))
    };
    let integer = match bits {
        8 => SampleKind::Unsigned,
        _ => SampleKind::Signed,
    };
    let named = |name: &str| Some(CodecConfig::named(name, rate, channels));
    match (codec, private) {
        ("A_OPUS" | "A_OPUS/EXPERIMENTAL", Some(head)) => CodecConfig::opus(head),
        ("A_OPUS" | "A_OPUS/EXPERIMENTAL", None) => {
            let head = [b"OpusHead\x01", &[channels as u8][..], &[0; 9]].concat();
            CodecConfig::opus(&head)
        }
        ("A_VORBIS", Some(headers)) => {
            laced_headers(headers).and_then(|[id, _, setup]| CodecConfig::vorbis(id, setup))
        }
        ("A_FLAC", Some(head)) => {
            let info = head.strip_prefix(b"fLaC").and_then(|rest| rest.get(4..));
            info.and_then(CodecConfig::flac)
        }
        ("A_AAC", Some(config)) => CodecConfig::aac(config, rate, channels),
        (aac, config) if aac.starts_with("A_AAC") => match config {
            Some(config) => CodecConfig::aac(config, rate, channels),
            None => CodecConfig::plain_aac(rate, channels),
        },
        ("A_MPEG/L3", _) => named("mp3"),
        ("A_PCM/INT/LIT", _) => pcm(integer, false),
        ("A_PCM/INT/BIG", _) => pcm(integer, true),
        ("A_PCM/FLOAT/IEEE", _) => pcm(SampleKind::Float, false),
        ("A_MS/ACM", Some(format)) => return riff::config(format),
        ("A_ALAC", _) => named("alac"),
        ("A_AC3", _) => named("ac-3"),
        ("A_EAC3", _) => named("ec-3"),
        (other, _) => return Err(ReadError::Unsupported(format!("its codec is {other}"))),
    }
    .ok_or(broken)
}

/// Splits three headers in the lacing of Xiph.
fn laced_headers(private: &[u8]) -> Option<[&[u8]; 3]> {
    let mut cursor = Cursor::new(private);
    if cursor.be(1)? != 2 {
        return None;
    }
    let first = xiph_size(&mut cursor)?;
    let second = xiph_size(&mut cursor)?;
    Some([cursor.take(first)?, cursor.take(second)?, cursor.rest()])
}

fn xiph_size(cursor: &mut Cursor<'_>) -> Option<usize> {
    let mut size = 0;
    loop {
        let byte = cursor.be(1)? as usize;
        size += byte;
        if byte < 255 {
            return Some(size);
        }
    }
}

/// Returns the bytes that a compression removed from the start of each packet.
fn stripped(encodings: &[u8]) -> Result<Vec<u8>, ReadError> {
    const HEADER_STRIPPING: u64 = 3;
    let Some(encoding) = child(encodings, id::CONTENT_ENCODING) else {
        return Ok(Vec::new());
    };
    let compression = child(encoding, id::COMPRESSION);
    let algorithm = compression
        .map(|compression| child(compression, id::COMPRESSION_ALGORITHM).map_or(0, be_number));
    match (compression, algorithm) {
        (Some(compression), Some(HEADER_STRIPPING)) => {
            Ok(child(compression, id::COMPRESSION_SETTINGS)
                .unwrap_or_default()
                .to_vec())
        }
        _ => Err(ReadError::Unsupported(
            "its packets are compressed or encrypted".to_owned(),
        )),
    }
}

/// Splits the frames of a block after its header.
fn frames<'a>(mut cursor: Cursor<'a>, lacing: u8) -> Option<Vec<&'a [u8]>> {
    if lacing == 0 {
        return Some(vec![cursor.rest()]);
    }
    let count = cursor.be(1)? as usize + 1;
    let mut sizes = Vec::with_capacity(count);
    match lacing {
        1 => {
            for _ in 1..count {
                sizes.push(xiph_size(&mut cursor)?);
            }
        }
        2 => sizes = vec![cursor.rest().len() / count; count - 1],
        _ => {
            let mut size = 0_i64;
            for index in 1..count {
                let before = cursor.rest().len();
                let value = variable(&mut cursor)?? as i64;
                let width = before - cursor.rest().len();
                size = match index {
                    1 => value,
                    _ => size + value - ((1_i64 << (7 * width - 1)) - 1),
                };
                sizes.push(usize::try_from(size).ok()?);
            }
        }
    }
    let mut frames = Vec::with_capacity(count);
    for size in sizes {
        frames.push(cursor.take(size)?);
    }
    frames.push(cursor.rest());
    Some(frames)
}

/// True if a cluster starts here: its identifier and, in it, a timestamp.
fn is_cluster(bytes: &[u8]) -> bool {
    let mut cursor = Cursor::new(bytes);
    identifier_of(&mut cursor) == Some(id::CLUSTER) && variable(&mut cursor).is_some()
}

/// True if a block of the track starts here, followed by an element or the end.
fn is_simple_block(bytes: &[u8], number: u64, is_last: bool) -> bool {
    let mut cursor = Cursor::new(bytes);
    if identifier_of(&mut cursor) != Some(id::SIMPLE_BLOCK) {
        return false;
    }
    let Some(block) = variable(&mut cursor)
        .flatten()
        .and_then(|size| cursor.take(usize::try_from(size).ok()?))
    else {
        return false;
    };
    let is_ours = variable(&mut Cursor::new(block)).flatten() == Some(number);
    let next = identifier_of(&mut Cursor::new(cursor.rest()));
    let is_known = |id| {
        matches!(
            id,
            id::SIMPLE_BLOCK | id::BLOCK_GROUP | id::CLUSTER | id::CUES
        ) || id::SKIPPED.contains(&id)
    };
    is_ours && (next.is_some_and(is_known) || is_last && cursor.rest().is_empty())
}

/// True if two blocks of the track start here, which is no coincidence.
fn are_simple_blocks(bytes: &[u8], number: u64) -> bool {
    let mut cursor = Cursor::new(bytes);
    if !is_simple_block(bytes, number, false) || identifier_of(&mut cursor).is_none() {
        return false;
    }
    let size = variable(&mut cursor).flatten().unwrap_or(0) as usize;
    is_simple_block(cursor.rest().get(size..).unwrap_or_default(), number, true)
}

/// Reads an identifier; `Ok(None)` if the bytes end, `Err` if there is none.
fn identifier(cursor: &mut Cursor<'_>) -> Result<Option<u32>, ()> {
    let Some(first) = cursor.rest().first() else {
        return Ok(None);
    };
    let length = first.leading_zeros() as usize + 1;
    if length > 4 {
        return Err(());
    }
    Ok(cursor.be(length).map(|id| id as u32))
}

fn identifier_of(cursor: &mut Cursor<'_>) -> Option<u32> {
    identifier(cursor).ok().flatten()
}

/// Reads a number of variable length: `None` if there is none, `Some(None)` for the unknown size.
fn variable(cursor: &mut Cursor<'_>) -> Option<Option<u64>> {
    let first = *cursor.rest().first()?;
    let length = first.leading_zeros() as usize + 1;
    if length > 8 {
        return None;
    }
    let mask = (1_u64 << (7 * length)) - 1;
    let value = cursor.be(length)? & mask;
    Some((value != mask).then_some(value))
}

fn be_number(data: &[u8]) -> u64 {
    be(data.get(..8).unwrap_or(data))
}

fn signed(data: &[u8]) -> i64 {
    let is_negative = data.first().is_some_and(|byte| byte & 0x80 != 0);
    let fill = if is_negative { -1 } else { 0 };
    data.iter()
        .take(8)
        .fold(fill, |sum, byte| sum << 8 | i64::from(*byte))
}

fn float(data: &[u8]) -> Option<f64> {
    match data.len() {
        4 => Some(f32::from_bits(be(data) as u32).into()),
        8 => Some(f64::from_bits(be(data))),
        _ => None,
    }
}

fn child(parent: &[u8], wanted: u32) -> Option<&[u8]> {
    Children(parent)
        .find(|(id, _)| *id == wanted)
        .map(|(_, data)| data)
}

/// The elements within an element. One that states a larger size is cut.
struct Children<'a>(&'a [u8]);

impl<'a> Iterator for Children<'a> {
    type Item = (u32, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let mut cursor = Cursor::new(self.0);
        let id = identifier_of(&mut cursor)?;
        let rest = cursor.rest().len();
        let size = variable(&mut cursor)?.map_or(rest, |size| size.min(rest as u64) as usize);
        let data = cursor.take(size.min(cursor.rest().len()))?;
        self.0 = cursor.rest();
        Some((id, data))
    }
}
