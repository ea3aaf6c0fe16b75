//! Reads MP4, M4A, 3GP and QuickTime, with one index or in fragments (ISO/IEC 14496-12).

use std::collections::VecDeque;
use std::ops::Range;

use crate::codec_config::CodecConfig;
use crate::pcm::{Pcm, SampleKind};
use crate::reader::{LossRecord, RawPacket, Reader, SEARCHED_BYTES, Step, is_blank, search};
use crate::source::{Cursor, ReadError, Source, be};

/// The approximate number of bytes of PCM in a packet.
const PCM_BYTES: u64 = 32 * 1024;

/// The known boxes at the top, in addition to those that are read.
const KNOWN: [&[u8; 4]; 14] = [
    b"ftyp", b"styp", b"mdat", b"free", b"skip", b"wide", b"uuid", b"meta", b"pnot", b"mfra",
    b"emsg", b"prft", b"ssix", b"udta",
];

/// The position of a sample.
#[derive(Debug, Clone, Copy)]
struct Sample {
    at: u64,
    bytes: u64,
    start: f64,
    seconds: f64,
}

pub(crate) struct Mp4 {
    at: u64,
    track: Option<Track>,
    /// Whether the file has no other track.
    is_alone: bool,
    /// The samples of the index that were not read yet.
    table: Option<Table>,
    /// The samples of the last fragment.
    run: VecDeque<Sample>,
    /// The start of the last fragment, and the end of its samples.
    fragment_at: u64,
    data_end: u64,
    /// The start of the next fragment in ticks, if the fragment does not state it.
    next_ticks: u64,
    /// The duration of the fragments according to index boxes, in seconds.
    indexed_seconds: f64,
    config: Option<Box<CodecConfig>>,
    is_searching: bool,
}

struct Track {
    id: u32,
    time_scale: f64,
    config: CodecConfig,
    /// The end of what the edit list shows, in seconds.
    shown_end: f64,
    /// The defaults in ticks and bytes, for fragments without own values.
    default_ticks: u32,
    default_bytes: u32,
    claimed_end: Option<f64>,
    is_fragmented: bool,
}

impl Mp4 {
    pub(crate) fn new() -> Self {
        Mp4 {
            at: 0,
            track: None,
            is_alone: false,
            table: None,
            run: VecDeque::new(),
            fragment_at: 0,
            data_end: 0,
            next_ticks: 0,
            indexed_seconds: 0.0,
            config: None,
            is_searching: false,
        }
    }

    fn end(&self, losses: &mut LossRecord) -> Result<Step, ReadError> {
        let track = self.track.as_ref().ok_or(ReadError::End)?;
        let indexed = (self.indexed_seconds > 0.0).then_some(self.indexed_seconds);
        losses.claimed_end = track.claimed_end.or(indexed);
        Ok(Step::End)
    }

    fn search(&mut self, source: &Source, losses: &mut LossRecord) -> Result<Step, ReadError> {
        let bytes = source.up_to(self.at, SEARCHED_BYTES, u64::MAX)?;
        let is_last = self.at + bytes.len() as u64 >= source.total();
        let is_start = |bytes: &[u8]| bytes.get(4..8) == Some(b"moof") && bytes[0] == 0;
        let (next, is_found) = match search(bytes, self.at, is_last, 8, is_start) {
            Ok(place) => (place, true),
            Err(place) => (place, false),
        };
        losses.skip(next - self.at);
        self.at = next;
        self.is_searching = !is_found;
        if is_last && !is_found {
            self.end(losses)
        } else {
            Ok(Step::Progress)
        }
    }

    /// Continues at the next fragment that can be found. A size may have led too far.
    fn damaged(&mut self, losses: &mut LossRecord) -> Step {
        // Never before the last fragment, or it would be read again and again.
        let goes_back = (self.fragment_at + 8..self.at).contains(&self.data_end);
        self.at = if goes_back {
            self.data_end
        } else {
            self.at + 1
        };
        self.data_end = 0;
        self.is_searching = true;
        losses.gap = true;
        Step::Progress
    }

    fn sample(
        &mut self,
        sample: Sample,
        source: &Source,
        losses: &mut LossRecord,
    ) -> Result<Option<Step>, ReadError> {
        let Some(track) = &self.track else {
            return Ok(None);
        };
        if sample.bytes == 0 || sample.start >= track.shown_end {
            return Ok(None);
        }
        let Ok(length) = usize::try_from(sample.bytes) else {
            return Err(ReadError::Broken("a packet claims to be too large"));
        };
        let data = match source.get(sample.at, length) {
            Err(ReadError::End) => {
                // The rest is looked for anyway, because only a part may be missing.
                losses.gap = true;
                if track.is_fragmented {
                    losses.ends_early = true;
                }
                return Ok(None);
            }
            other => other?.to_vec(),
        };
        if track.config.pcm.is_none() && is_blank(&data) {
            losses.skip(sample.bytes);
            return Ok(None);
        }
        let end = sample.start + sample.seconds;
        losses.tail_trim_seconds = (end - track.shown_end).max(0.0);
        Ok(Some(Step::RawPacket(RawPacket {
            data,
            start: Some(sample.start),
            seconds: Some(sample.seconds),
        })))
    }

    fn read_movie(&mut self, movie: Vec<u8>) -> Result<(), ReadError> {
        let movie_scale = child(&movie, b"mvhd").map_or(1_000, mvhd_scale);
        let mut problem = None;
        let mut chosen: Option<(Track, Table)> = None;
        let mut tracks = 0;
        for (name, trak) in Boxes(&movie) {
            if name != *b"trak" {
                continue;
            }
            tracks += 1;
            let media = child(trak, b"mdia").unwrap_or_default();
            let is_sound = child(media, b"hdlr").and_then(|hdlr| hdlr.get(8..12)) == Some(b"soun");
            if !is_sound || chosen.is_some() {
                continue;
            }
            match track(trak, media, movie_scale) {
                Ok(found) => chosen = Some(found),
                Err(pause) => problem = problem.or(Some(pause)),
            }
        }
        self.is_alone = tracks == 1;
        let none = || match tracks {
            0 => ReadError::Broken("no track in it"),
            _ => ReadError::Unsupported("no track of sound in it".to_owned()),
        };
        let (mut track, table) = chosen.ok_or_else(|| problem.unwrap_or_else(none))?;
        if track.config.head_trim_seconds == 0.0
            && let Some((head, shown)) = itunes_gap(&movie)
        {
            let rate = f64::from(track.config.sample_rate);
            track.config.head_trim_seconds = head as f64 / rate;
            track.shown_end = track.shown_end.min((head + shown) as f64 / rate);
            track.claimed_end = track.claimed_end.map(|end| end.min(track.shown_end));
        }
        if let Some(extends) = child(&movie, b"mvex") {
            track.is_fragmented = true;
            track.shown_end = f64::INFINITY;
            for (name, data) in Boxes(extends) {
                let mut cursor = Cursor::new(data);
                let version = cursor.be(4).unwrap_or(0) >> 24;
                if name == *b"mehd" {
                    let ticks = cursor.be(if version == 1 { 8 } else { 4 }).unwrap_or(0);
                    if ticks > 0 && tracks == 1 {
                        track.claimed_end = Some(ticks as f64 / f64::from(movie_scale));
                    }
                } else if name == *b"trex" && cursor.be(4) == Some(track.id.into()) {
                    cursor.take(4);
                    track.default_ticks = cursor.be(4).unwrap_or(0) as u32;
                    track.default_bytes = cursor.be(4).unwrap_or(0) as u32;
                }
            }
        }
        self.config = Some(Box::new(track.config.clone()));
        self.track = Some(track);
        self.table = Some(table);
        Ok(())
    }

    /// Notes the positions of the samples of a fragment whose box starts at `at`. Returns whether
    /// there was a run of the track, and all of it.
    fn read_fragment(&mut self, fragment: &[u8], at: u64) -> Option<bool> {
        let track = self.track.as_ref()?;
        let mut data_end = at;
        let mut is_whole = true;
        let before = self.run.len();
        for (name, traf) in Boxes(fragment) {
            if name != *b"traf" {
                continue;
            }
            let mut header = Cursor::new(child(traf, b"tfhd")?);
            let flags = header.be(4)? as u32;
            let is_ours = header.be(4)? as u32 == track.id;
            let base = match flags & 1 {
                1 => header.be(8)?,
                _ if flags & 0x2_0000 != 0 => at,
                _ => data_end,
            };
            if flags & 2 != 0 {
                header.take(4)?;
            }
            let mut ticks = track.default_ticks;
            if flags & 8 != 0 {
                ticks = header.be(4)? as u32;
            }
            let mut bytes = track.default_bytes;
            if flags & 0x10 != 0 {
                bytes = header.be(4)? as u32;
            }
            let mut time = child(traf, b"tfdt")
                .and_then(|tfdt| {
                    let mut cursor = Cursor::new(tfdt);
                    let version = cursor.be(4)? >> 24;
                    cursor.be(if version == 1 { 8 } else { 4 })
                })
                .unwrap_or(self.next_ticks);
            let mut place = base;
            for (name, trun) in Boxes(traf) {
                if name != *b"trun" {
                    continue;
                }
                let mut cursor = Cursor::new(trun);
                let flags = cursor.be(4)? as u32;
                let count = cursor.be(4)? as usize;
                if flags & 1 != 0 {
                    let offset = cursor.be(4)? as u32 as i32;
                    place = base.checked_add_signed(offset.into())?;
                }
                if flags & 4 != 0 {
                    cursor.take(4)?;
                }
                let fields = (flags & 0xF00).count_ones() as usize * 4;
                // Without any field, nothing in the file limits the count.
                let most = match fields {
                    0 => 65_536,
                    fields => cursor.rest().len() / fields,
                };
                is_whole &= fields == 0 || count == most;
                let count = count.min(most);
                for _ in 0..count {
                    let mut field = |flag: u32, default: u32| match flags & flag {
                        0 => Some(default),
                        _ => cursor.be(4).map(|value| value as u32),
                    };
                    let ticks = field(0x100, ticks)?;
                    let bytes = u64::from(field(0x200, bytes)?);
                    field(0x400, 0)?;
                    field(0x800, 0)?;
                    if is_ours {
                        self.run.push_back(Sample {
                            at: place,
                            bytes,
                            start: time as f64 / track.time_scale,
                            seconds: f64::from(ticks) / track.time_scale,
                        });
                        time = time.saturating_add(ticks.into());
                    }
                    place = place.saturating_add(bytes);
                }
                data_end = place;
            }
            if is_ours {
                self.next_ticks = time;
            }
        }
        self.data_end = data_end;
        Some(is_whole && self.run.len() > before)
    }

    /// Adds the duration that an index box promises for the track.
    fn read_index(&mut self, index: &[u8]) -> Option<()> {
        let track = self.track.as_ref()?;
        let mut cursor = Cursor::new(index);
        let version = cursor.be(4)? >> 24;
        let is_ours = cursor.be(4)? as u32 == track.id;
        let scale = cursor.be(4)?.max(1) as f64;
        cursor.take(if version == 0 { 8 } else { 16 })?;
        let count = cursor.be(4)? & 0xFFFF;
        for _ in 0..count {
            let kind_and_size = cursor.be(4)?;
            let ticks = cursor.be(4)?;
            cursor.take(4)?;
            if is_ours && kind_and_size >> 31 == 0 {
                self.indexed_seconds += ticks as f64 / scale;
            }
        }
        Some(())
    }
}

impl Reader for Mp4 {
    fn step(&mut self, source: &Source, losses: &mut LossRecord) -> Result<Step, ReadError> {
        if let Some(config) = self.config.take() {
            return Ok(Step::CodecConfig(config));
        }
        if let Some(table) = &mut self.table {
            let before = table.state;
            let Some(sample) = table.next() else {
                self.next_ticks = table.state.ticks;
                self.table = None;
                return Ok(Step::Progress);
            };
            return match self.sample(sample, source, losses) {
                Ok(step) => Ok(step.unwrap_or(Step::Progress)),
                Err(pause) => {
                    if let Some(table) = &mut self.table {
                        table.state = before;
                    }
                    Err(pause)
                }
            };
        }
        if let Some(sample) = self.run.front().copied() {
            let step = self.sample(sample, source, losses)?;
            self.run.pop_front();
            return Ok(step.unwrap_or(Step::Progress));
        }
        if self.is_searching {
            return self.search(source, losses);
        }
        let head = source.up_to(self.at, 16, u64::MAX)?;
        let is_fragmented = self.track.as_ref().is_some_and(|track| track.is_fragmented);
        if head.is_empty() || self.track.is_some() && !is_fragmented {
            return if head.is_empty() && self.track.is_none() {
                Err(ReadError::Broken("no index in it"))
            } else {
                self.end(losses)
            };
        }
        let (Some(size), Some(name)) = (head.get(..4).map(be), head.get(4..8)) else {
            // Less than a box.
            return self.end(losses);
        };
        let is_name = name
            .iter()
            .all(|letter| (0x20..0x7F).contains(letter) || *letter == 0xA9);
        let (header, size) = match size {
            0 => (8, source.total() - self.at),
            1 => match head.get(8..16) {
                Some(size) => (16, be(size)),
                None => return self.end(losses),
            },
            size => (8, size),
        };
        if !is_name || size < header {
            if self.track.is_none() {
                return Err(ReadError::Broken("its boxes are damaged"));
            }
            return Ok(self.damaged(losses));
        }
        let end = self.at.saturating_add(size);
        let length = usize::try_from(size).unwrap_or(usize::MAX);
        let mut kind = [0; 4];
        kind.copy_from_slice(name);
        match &kind {
            b"moov" | b"moof" | b"sidx" => {
                let whole = match source.get(self.at, length) {
                    Err(ReadError::End) if self.track.is_some() => {
                        losses.ends_early |= kind != *b"sidx";
                        return self.end(losses);
                    }
                    whole => whole?.to_vec(),
                };
                let content = whole.get(header as usize..).unwrap_or_default();
                match &kind {
                    b"moov" if self.track.is_none() => self.read_movie(content.to_vec())?,
                    b"moof" => {
                        if self.track.is_none() {
                            return Err(ReadError::Broken("no index before the fragments"));
                        }
                        self.fragment_at = self.at;
                        // In a file of several tracks, not every fragment has all of them.
                        let is_whole = self.read_fragment(content, self.at);
                        losses.gap |=
                            is_whole.is_none() || is_whole == Some(false) && self.is_alone;
                    }
                    b"sidx" => {
                        self.read_index(content);
                    }
                    _ => {}
                }
            }
            _ if end > source.total() && self.track.is_none() && !KNOWN.contains(&&kind) => {
                return Err(ReadError::Broken("its boxes are damaged"));
            }
            _ if end > source.total() => {
                // Unknown bytes follow the known samples.
                if is_fragmented && self.data_end + 16 < source.total() {
                    return Ok(self.damaged(losses));
                }
                losses.ends_early |= is_fragmented && kind == *b"mdat";
                return self.end(losses);
            }
            b"mdat" if is_fragmented && losses.gap => losses.gap_bytes += size,
            // The name of a fragment may be damaged.
            _ if is_fragmented && !KNOWN.contains(&&kind) => losses.gap = true,
            _ => {}
        }
        self.at = end;
        Ok(Step::Progress)
    }
}

fn mvhd_scale(mvhd: &[u8]) -> u32 {
    let at = match mvhd.first() {
        Some(1) => 20,
        _ => 12,
    };
    mvhd.get(at..at + 4).map_or(1_000, be).max(1) as u32
}

fn track(trak: &[u8], media: &[u8], movie_scale: u32) -> Result<(Track, Table), ReadError> {
    let broken = || ReadError::Broken("its index is damaged");
    let tkhd = child(trak, b"tkhd").ok_or_else(broken)?;
    let id_at = match tkhd.first() {
        Some(1) => 20,
        _ => 12,
    };
    let id = tkhd.get(id_at..id_at + 4).map(be).ok_or_else(broken)? as u32;
    let time_scale = child(media, b"mdhd").map_or(1, mvhd_scale);
    let information = child(media, b"minf").ok_or_else(broken)?;
    let tables = child(information, b"stbl").ok_or_else(broken)?;
    let description = child(tables, b"stsd").ok_or_else(broken)?;
    let mut config = sample_entry(description.get(8..).unwrap_or_default())?;
    let scale = f64::from(time_scale);
    let table = Table::of(tables, scale, config.pcm);
    let edit = child(trak, b"edts").and_then(|edits| child(edits, b"elst"));
    let (shown_start, shown_seconds) = edit
        .and_then(|list| edit_of(list, scale, movie_scale))
        .unwrap_or((0.0, 0.0));
    // Opus states the same twice: in its own header and in the edit list.
    config.head_trim_seconds = config.head_trim_seconds.max(shown_start);
    let shown_end = if shown_seconds > 0.0 {
        shown_start + shown_seconds
    } else {
        f64::INFINITY
    };
    let total = table.seconds();
    let track = Track {
        id,
        time_scale: scale,
        config,
        shown_end,
        default_ticks: 0,
        default_bytes: 0,
        claimed_end: (total > 0.0).then_some(total.min(shown_end)),
        is_fragmented: false,
    };
    Ok((track, table))
}

/// Returns the start of what an edit list shows, and its duration or 0, in seconds.
fn edit_of(list: &[u8], scale: f64, movie_scale: u32) -> Option<(f64, f64)> {
    let mut cursor = Cursor::new(list);
    let (version, width) = match cursor.be(4)? >> 24 {
        1 => (1, 8),
        _ => (0, 4),
    };
    let count = cursor.be(4)?;
    let mut shown: Option<(f64, f64)> = None;
    for _ in 0..count {
        let (Some(duration), Some(time)) = (cursor.be(width), cursor.be(width)) else {
            break;
        };
        cursor.take(4);
        let is_empty = time
            == if version == 1 {
                u64::MAX
            } else {
                u32::MAX.into()
            };
        if is_empty {
            continue;
        }
        let start = time as f64 / scale;
        let seconds = duration as f64 / f64::from(movie_scale);
        shown = Some(match shown {
            // With several edits, from the first to the last.
            Some((first, _)) => (first, (start + seconds - first).max(0.0)),
            None => (start, seconds),
        });
    }
    shown
}

/// Returns what iTunes states about its encoder's padding: the number of samples before the audio,
/// and of the audio.
fn itunes_gap(movie: &[u8]) -> Option<(u64, u64)> {
    let name = b"iTunSMPB";
    let at = movie.windows(name.len()).position(|part| part == name)?;
    let rest = movie.get(at..(at + 200).min(movie.len()))?;
    let data = rest.windows(4).position(|part| part == b"data")?;
    let text = rest.get(data + 12..)?;
    let mut numbers = text
        .split(|byte| *byte == b' ')
        .filter(|word| !word.is_empty())
        .map(|word| u64::from_str_radix(str::from_utf8(word).ok()?, 16).ok());
    numbers.next()??;
    let head = numbers.next()??;
    numbers.next()??;
    let shown = numbers.next()??;
    (head < 100_000 && shown > 0).then_some((head, shown))
}

/// Reads the first description of samples.
fn sample_entry(entries: &[u8]) -> Result<CodecConfig, ReadError> {
    let broken = || ReadError::Broken("the description of its codec is damaged");
    let (name, entry) = Boxes(entries).next().ok_or_else(broken)?;
    let number = |range: Range<usize>| entry.get(range).map(be).ok_or_else(broken);
    let version = number(8..10)?;
    let mut channels = number(16..18)? as u32;
    let mut bits = number(18..20)? as u32;
    let mut rate = (number(24..28)? >> 16) as u32;
    let mut lpcm_flags = 0;
    let mut at = 28;
    match version {
        1 if Boxes(entry.get(44..).unwrap_or_default()).next().is_some()
            || !matches!(&name, b"mp4a" | b"Opus" | b"fLaC" | b"ipcm" | b"fpcm") =>
        {
            at = 44;
        }
        2 => {
            rate = f64::from_bits(number(32..40)?).clamp(0.0, 1e6) as u32;
            channels = number(40..44)? as u32;
            bits = number(48..52)? as u32;
            lpcm_flags = number(52..56)?;
            at = 64;
        }
        _ => {}
    }
    let children = entry.get(at..).unwrap_or_default();
    let wave = child(children, b"wave");
    let find = |wanted: &[u8; 4]| {
        child(children, wanted).or_else(|| wave.and_then(|wave| child(wave, wanted)))
    };
    let pcm = |kind, bits, is_big_endian| {
        Pcm::new(kind, bits, is_big_endian, channels).map(|pcm| CodecConfig::pcm(pcm, rate))
    };
    let is_little = find(b"enda").is_some_and(|enda| enda.last() == Some(&1));
    let named = |codec: &str| Some(CodecConfig::named(codec, rate, channels));
    match &name {
        b"mp4a" => match find(b"esds") {
            Some(esds) => return elementary(esds, rate, channels),
            None => CodecConfig::plain_aac(rate, channels),
        },
        b"Opus" => find(b"dOps").and_then(CodecConfig::opus_from_mp4),
        b"fLaC" => find(b"dfLa").and_then(|blocks| CodecConfig::flac(blocks.get(8..)?)),
        b".mp3" | b"mp3 " | b"ms\0U" => named("mp3"),
        b"sowt" => pcm(SampleKind::Signed, bits, false),
        b"twos" => pcm(SampleKind::Signed, bits, true),
        b"raw " | b"NONE" if bits == 8 => pcm(SampleKind::Unsigned, 8, true),
        b"NONE" | b"raw " => pcm(SampleKind::Signed, bits, true),
        b"in24" => pcm(SampleKind::Signed, 24, !is_little),
        b"in32" => pcm(SampleKind::Signed, 32, !is_little),
        b"fl32" => pcm(SampleKind::Float, 32, !is_little),
        b"fl64" => pcm(SampleKind::Float, 64, !is_little),
        b"alaw" => pcm(SampleKind::Alaw, 8, true),
        b"ulaw" => pcm(SampleKind::Mulaw, 8, true),
        b"lpcm" => {
            let kind = match lpcm_flags & 5 {
                1 | 5 => SampleKind::Float,
                4 => SampleKind::Signed,
                _ => SampleKind::Unsigned,
            };
            pcm(kind, bits, lpcm_flags & 2 != 0)
        }
        b"ipcm" | b"fpcm" => find(b"pcmC").and_then(|config| {
            let kind = match name[0] {
                b'f' => SampleKind::Float,
                _ => SampleKind::Signed,
            };
            pcm(kind, (*config.get(5)?).into(), config.get(4)? & 1 == 0)
        }),
        b"alac" => named("alac"),
        b"ac-3" => named("ac-3"),
        b"ec-3" => named("ec-3"),
        b"enca" => return Err(ReadError::Unsupported("it is encrypted".to_owned())),
        other => {
            let name = String::from_utf8_lossy(other);
            return Err(ReadError::Unsupported(format!(
                "its codec is {}",
                name.trim()
            )));
        }
    }
    .ok_or_else(broken)
}

/// Reads the configuration of an elementary stream (ISO/IEC 14496-1).
fn elementary(esds: &[u8], rate: u32, channels: u32) -> Result<CodecConfig, ReadError> {
    const STREAM: u64 = 3;
    const DECODER: u64 = 4;
    const SPECIFIC: u64 = 5;
    let mut cursor = Cursor::new(esds.get(4..).unwrap_or_default());
    let mut object = None;
    let mut config = None;
    while let Some(tag) = cursor.be(1) {
        let mut size = 0;
        while let Some(byte) = cursor.be(1) {
            size = size << 7 | byte as usize & 0x7F;
            if byte & 0x80 == 0 {
                break;
            }
        }
        match tag {
            STREAM => {
                cursor.take(2);
                let flags = cursor.be(1).unwrap_or(0);
                if flags & 0x80 != 0 {
                    cursor.take(2);
                }
                if flags & 0x40 != 0 {
                    let length = cursor.be(1).unwrap_or(0);
                    cursor.take(length as usize);
                }
                if flags & 0x20 != 0 {
                    cursor.take(2);
                }
            }
            DECODER => {
                object = cursor.be(1);
                cursor.take(12);
            }
            SPECIFIC => {
                config = cursor.take(size);
                break;
            }
            _ if cursor.take(size).is_none() => break,
            _ => {}
        }
    }
    let broken = ReadError::Broken("the description of its codec is damaged");
    match object {
        Some(0x40 | 0x66..=0x68) => match config {
            Some(config) => CodecConfig::aac(config, rate, channels),
            None => CodecConfig::plain_aac(rate, channels),
        }
        .ok_or(broken),
        Some(0x69 | 0x6B) => Ok(CodecConfig::named("mp3", rate, channels)),
        Some(other) => Err(ReadError::Unsupported(format!(
            "its codec is mp4a.{other:x}"
        ))),
        None => Err(broken),
    }
}

/// The tables of samples, read one by one.
struct Table {
    scale: f64,
    pcm: Option<Pcm>,
    times: Vec<u8>,
    chunks: Vec<u8>,
    sizes: Vec<u8>,
    size_bits: u32,
    fixed_bytes: u32,
    count: u64,
    offsets: Vec<u8>,
    offset_bytes: usize,
    state: Place,
}

#[derive(Debug, Clone, Copy, Default)]
struct Place {
    sample: u64,
    chunk: usize,
    left_in_chunk: u64,
    at: u64,
    chunk_entry: usize,
    time_entry: usize,
    left_in_time: u64,
    ticks: u64,
}

impl Table {
    fn of(tables: &[u8], scale: f64, pcm: Option<Pcm>) -> Self {
        let entries = |name: &[u8; 4], skipped: usize| {
            child(tables, name)
                .and_then(|table| table.get(skipped..))
                .unwrap_or_default()
                .to_vec()
        };
        let (offsets, offset_bytes) = match child(tables, b"co64") {
            Some(_) => (entries(b"co64", 8), 8),
            None => (entries(b"stco", 8), 4),
        };
        let is_compact = child(tables, b"stz2").is_some();
        let sizes = entries(if is_compact { b"stz2" } else { b"stsz" }, 4);
        let mut cursor = Cursor::new(&sizes);
        let field = cursor.be(4).unwrap_or(0) as u32;
        let count = cursor.be(4).unwrap_or(0);
        let (fixed_bytes, size_bits) = if is_compact {
            (0, field & 0xFF)
        } else {
            (field, 32)
        };
        let sizes = cursor.rest().to_vec();
        let in_table = (sizes.len() as u64 * 8) / u64::from(size_bits.max(1));
        let count = match fixed_bytes {
            0 => count.min(in_table),
            _ => count,
        };
        Table {
            scale,
            pcm,
            times: entries(b"stts", 8),
            chunks: entries(b"stsc", 8),
            sizes,
            size_bits,
            fixed_bytes,
            count,
            offsets,
            offset_bytes,
            state: Place::default(),
        }
    }

    /// Returns the duration of all samples.
    fn seconds(&self) -> f64 {
        let ticks: u64 = self
            .times
            .chunks_exact(8)
            .map(|entry| be(&entry[..4]).saturating_mul(be(&entry[4..])))
            .fold(0, u64::saturating_add);
        ticks as f64 / self.scale
    }

    fn size(&self, sample: u64) -> Option<u64> {
        if self.fixed_bytes > 0 {
            return Some(self.fixed_bytes.into());
        }
        let sample = usize::try_from(sample).ok()?;
        match self.size_bits {
            4 => self.sizes.get(sample / 2).map(|pair| {
                u64::from(if sample % 2 == 0 {
                    pair >> 4
                } else {
                    pair & 0x0F
                })
            }),
            bits => {
                let width = (bits / 8).clamp(1, 4) as usize;
                let at = sample.checked_mul(width)?;
                self.sizes.get(at..at + width).map(be)
            }
        }
    }

    /// Returns the number of samples in the current chunk.
    fn samples_in_chunk(&mut self) -> u64 {
        let entry = |index: usize| self.chunks.get(index * 12..index * 12 + 12);
        let state = &mut self.state;
        while entry(state.chunk_entry + 1)
            .is_some_and(|next| be(&next[..4]) <= state.chunk as u64 + 1)
        {
            state.chunk_entry += 1;
        }
        entry(state.chunk_entry).map_or(0, |entry| be(&entry[4..8]))
    }

    fn next(&mut self) -> Option<Sample> {
        if self.state.sample >= self.count {
            return None;
        }
        while self.state.left_in_chunk == 0 {
            let at = self.state.chunk * self.offset_bytes;
            self.state.at = be(self.offsets.get(at..at + self.offset_bytes)?);
            self.state.left_in_chunk = self.samples_in_chunk();
            self.state.chunk += 1;
        }
        let frame_bytes = self.pcm.map(|pcm| pcm.frame_bytes() as u64);
        let (samples, bytes) = match frame_bytes {
            // Each sample is a frame of PCM. All that are adjacent are read together.
            Some(frame) => {
                let most = (PCM_BYTES / frame).max(1);
                let samples = self
                    .state
                    .left_in_chunk
                    .min(self.count - self.state.sample)
                    .min(most);
                (samples, samples * frame)
            }
            None => (1, self.size(self.state.sample)?),
        };
        let start = self.state.ticks;
        self.pass(samples);
        let sample = Sample {
            at: self.state.at,
            bytes,
            start: start as f64 / self.scale,
            seconds: (self.state.ticks - start) as f64 / self.scale,
        };
        self.state.at = self.state.at.saturating_add(bytes);
        self.state.left_in_chunk -= samples;
        self.state.sample += samples;
        Some(sample)
    }

    /// Advances the time by `samples`.
    fn pass(&mut self, mut samples: u64) {
        let state = &mut self.state;
        while samples > 0 {
            let at = state.time_entry * 8;
            let Some(entry) = self.times.get(at..at + 8) else {
                return;
            };
            if state.left_in_time == 0 {
                state.left_in_time = be(&entry[..4]);
            }
            let passed = samples.min(state.left_in_time);
            let ticks = passed.saturating_mul(be(&entry[4..]));
            state.ticks = state.ticks.saturating_add(ticks);
            state.left_in_time -= passed;
            samples -= passed;
            if state.left_in_time == 0 {
                state.time_entry += 1;
            }
        }
    }
}

fn child<'a>(parent: &'a [u8], wanted: &[u8; 4]) -> Option<&'a [u8]> {
    Boxes(parent)
        .find(|(name, _)| name == wanted)
        .map(|(_, content)| content)
}

/// The boxes within a box. One that states a larger size is cut.
struct Boxes<'a>(&'a [u8]);

impl<'a> Iterator for Boxes<'a> {
    type Item = ([u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let mut cursor = Cursor::new(self.0);
        let size = cursor.be(4)?;
        let name: [u8; 4] = cursor.take(4)?.try_into().ok()?;
        let rest = cursor.rest().len() as u64;
        let content = match size {
            0 => rest,
            1 => cursor.be(8)?.checked_sub(16)?,
            size => size.checked_sub(8)?,
        };
        let length = content.min(cursor.rest().len() as u64) as usize;
        let content = cursor.take(length)?;
        self.0 = cursor.rest();
        Some((name, content))
    }
}
