//! Files made by hand, byte by byte, for several tests and the fuzz targets.
#![allow(dead_code, missing_docs)]

/// MPEG 1 layer III, 44.1 kHz, mono, 128 kbps.
pub const MONO_128: Kind = Kind([0xFF, 0xFB, 0x90, 0xC0], 417);
/// The same with a byte of padding.
pub const MONO_128_PADDED: Kind = Kind([0xFF, 0xFB, 0x92, 0xC0], 418);
/// The same at 64 kbps.
pub const MONO_64: Kind = Kind([0xFF, 0xFB, 0x50, 0xC0], 208);
/// MPEG 1 layer III, 48 kHz, stereo, 320 kbps.
pub const STEREO_48_320: Kind = Kind([0xFF, 0xFB, 0xE4, 0x00], 960);
/// MPEG 1 layer III, 32 kHz, joint stereo, 320 kbps: the longest there is.
pub const STEREO_32_320: Kind = Kind([0xFF, 0xFB, 0xE8, 0x40], 1440);
/// MPEG 2 layer III, 22.05 kHz, mono, 64 kbps.
pub const MPEG2_64: Kind = Kind([0xFF, 0xF3, 0x80, 0xC0], 208);
/// MPEG 2 layer III, 24 kHz, mono, 8 kbps: the shortest there is.
pub const MPEG2_8: Kind = Kind([0xFF, 0xF3, 0x14, 0xC0], 24);
/// MPEG 2.5 layer III, 8 kHz, stereo, 16 kbps.
pub const MPEG25_16: Kind = Kind([0xFF, 0xE3, 0x28, 0x00], 144);
/// MPEG 1 layer II, 48 kHz, stereo, 192 kbps.
pub const LAYER_TWO: Kind = Kind([0xFF, 0xFD, 0xA4, 0x00], 576);
/// MPEG 1 layer I, 48 kHz, stereo, 384 kbps.
pub const LAYER_ONE: Kind = Kind([0xFF, 0xFF, 0xC4, 0x00], 384);
/// MPEG 1 layer III, 44.1 kHz, mono, free format: 1,000 bytes were chosen.
pub const FREE: Kind = Kind([0xFF, 0xFB, 0x00, 0xC0], 1000);

/// A header, and the length of its frame.
#[derive(Debug, Clone, Copy)]
pub struct Kind(pub [u8; 4], pub usize);

impl Kind {
    /// Silence: side information and audio of zeros.
    pub fn frame(self) -> Vec<u8> {
        let mut frame = self.0.to_vec();
        frame.resize(self.1, 0);
        frame
    }

    pub fn frames(self, count: usize) -> Vec<u8> {
        self.frame().repeat(count)
    }
}

/// A mono frame of MPEG 1 that holds an encoder's note instead of audio.
pub fn info_frame(name: &[u8; 4], frames: u32, delay: u16, padding: u16) -> Vec<u8> {
    let mut frame = MONO_128.frame();
    let mut put = |at: usize, bytes: &[u8]| frame[at..at + bytes.len()].copy_from_slice(bytes);
    put(21, name);
    put(25, &15u32.to_be_bytes());
    put(29, &frames.to_be_bytes());
    put(141, b"LAME3.100");
    let packed = u32::from(delay) << 12 | u32::from(padding);
    put(162, &packed.to_be_bytes()[1..]);
    frame
}

pub fn vbri_frame(frames: u32) -> Vec<u8> {
    let mut frame = MONO_128.frame();
    frame[36..40].copy_from_slice(b"VBRI");
    frame[50..54].copy_from_slice(&frames.to_be_bytes());
    frame
}

/// An ID3v2.4 tag with a body of this many bytes.
pub fn id3v2(body: usize, has_footer: bool) -> Vec<u8> {
    let mut tag = b"ID3\x04\0\0".to_vec();
    tag[5] = if has_footer { 0x10 } else { 0 };
    tag.extend([21, 14, 7, 0].map(|shift| (body >> shift & 0x7F) as u8));
    // What a cover or a title may hold by chance.
    let mut filling = MONO_128.0.iter().copied().cycle();
    tag.extend(filling.by_ref().take(body));
    if has_footer {
        let mut footer = tag[..10].to_vec();
        footer[..3].copy_from_slice(b"3DI");
        tag.extend(footer);
    }
    tag
}

pub fn id3v1() -> Vec<u8> {
    let mut tag = b"TAGTitle".to_vec();
    tag.resize(128, 0);
    tag
}

/// An APEv2 tag with a body of this many bytes.
pub fn ape(body: usize, has_header: bool) -> Vec<u8> {
    let mark = |flags: u32| {
        let mut mark = b"APETAGEX".to_vec();
        mark.extend(2000u32.to_le_bytes());
        mark.extend((body as u32 + 32).to_le_bytes());
        mark.extend(1u32.to_le_bytes());
        mark.extend((flags | u32::from(has_header) << 31).to_le_bytes());
        mark.extend([0; 8]);
        mark
    };
    let mut tag = Vec::new();
    if has_header {
        tag.extend(mark(1 << 29));
    }
    tag.extend(vec![b'x'; body]);
    tag.extend(mark(0));
    tag
}

pub fn lyrics(body: usize) -> Vec<u8> {
    let mut tag = b"LYRICSBEGIN".to_vec();
    tag.resize(body.max(11), b'x');
    tag.extend(format!("{:06}LYRICS200", body.max(11)).bytes());
    tag
}

/// A WAVE file from its parts: name of the outer chunk, format chunk, data.
pub fn riff(name: &[u8; 4], chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut file = name.to_vec();
    let size: usize = chunks.iter().map(|(_, body)| 8 + body.len()).sum();
    file.extend((size as u32 + 4).to_le_bytes());
    file.extend(b"WAVE");
    for (id, body) in chunks {
        file.extend_from_slice(*id);
        file.extend((body.len() as u32).to_le_bytes());
        file.extend_from_slice(body);
    }
    file
}

/// The body of a format chunk.
pub fn format(tag: u16, channels: u16, rate: u32, bits: u16) -> Vec<u8> {
    let align = channels * bits / 8;
    let mut format = Vec::new();
    format.extend(tag.to_le_bytes());
    format.extend(channels.to_le_bytes());
    format.extend(rate.to_le_bytes());
    format.extend((rate * u32::from(align)).to_le_bytes());
    format.extend(align.to_le_bytes());
    format.extend(bits.to_le_bytes());
    format
}

/// One file of each kind of WAVE that is read.
pub fn waves() -> Vec<Vec<u8>> {
    let samples: Vec<u8> = (0..960u32).map(|n| (n * 37 % 251) as u8).collect();
    let mut files: Vec<Vec<u8>> = [(1, 8), (1, 16), (1, 24), (1, 32), (3, 32), (6, 8), (7, 8)]
        .into_iter()
        .map(|(tag, bits)| {
            let format = format(tag, 2, 48_000, bits);
            riff(b"RIFF", &[(b"fmt ", &format), (b"data", &samples)])
        })
        .collect();

    let mut extensible = format(0xFFFE, 1, 44_100, 24);
    extensible.extend([22, 0, 24, 0, 4, 0, 0, 0]);
    extensible.extend(b"\x01\0\0\0\0\0\x10\0\x80\0\0\xAA\0\x38\x9B\x71");
    let chunks: [(&[u8; 4], &[u8]); 3] = [
        (b"LIST", b"INFOabc"),
        (b"fmt ", &extensible),
        (b"data", &samples),
    ];
    files.push(riff(b"RIFF", &chunks));

    let mut sizes = vec![0; 28];
    sizes[8..16].copy_from_slice(&960u64.to_le_bytes());
    let mono = format(1, 1, 16_000, 16);
    let mut rf64 = riff(
        b"RF64",
        &[(b"ds64", &sizes), (b"fmt ", &mono), (b"data", &samples)],
    );
    let size = rf64.len() - samples.len() - 4;
    rf64[size..size + 4].fill(0xFF);
    rf64[4..8].fill(0xFF);
    files.push(rf64);
    files
}

/// MP3 files with everything that can stand around their frames.
pub fn mp3s() -> Vec<Vec<u8>> {
    let kinds = [
        MONO_128,
        STEREO_48_320,
        STEREO_32_320,
        MPEG2_64,
        MPEG2_8,
        MPEG25_16,
        LAYER_TWO,
        LAYER_ONE,
        FREE,
    ];
    let mut files: Vec<Vec<u8>> = kinds.iter().map(|kind| kind.frames(5)).collect();
    files.push([id3v2(300, false), MONO_128.frames(4), id3v1()].concat());
    files.push(
        [
            id3v2(40, true),
            id3v2(5, false),
            MPEG2_64.frames(4),
            ape(50, true),
        ]
        .concat(),
    );
    files.push(
        [
            info_frame(b"Info", 6, 576, 700),
            MONO_128.frames(6),
            ape(9, false),
            id3v1(),
        ]
        .concat(),
    );
    files.push(
        [
            info_frame(b"Xing", 4, 0, 0),
            MONO_64.frames(2),
            MONO_128.frames(2),
        ]
        .concat(),
    );
    files.push([vbri_frame(4), MONO_128.frames(4), lyrics(70), id3v1()].concat());
    files.push([MONO_128.frames(3), vec![7; 99], MONO_128.frames(3)].concat());
    files.push([MPEG25_16.frames(4), STEREO_48_320.frames(4)].concat());
    files
}

/// Reads a WAVE file as strictly as the book allows: its rate, channels and 16-bit
/// samples, or what is wrong with it.
pub fn strictly(file: &[u8]) -> Result<(u32, u16, &[u8]), String> {
    let u16_at = |at: usize| u16::from_le_bytes([file[at], file[at + 1]]);
    let u32_at = |at: usize| u32::from(u16_at(at)) | u32::from(u16_at(at + 2)) << 16;
    let ensure = |holds: bool, what: &str| holds.then_some(()).ok_or(what.to_owned());
    ensure(file.len() >= 44, "no room for a header")?;
    ensure(
        &file[..4] == b"RIFF" && &file[8..12] == b"WAVE",
        "no RIFF WAVE",
    )?;
    ensure(u32_at(4) as usize + 8 == file.len(), "RIFF size")?;
    let (mut format, mut data) = (None, None);
    let mut at = 12;
    while at < file.len() {
        ensure(at + 8 <= file.len(), "bytes that are no chunk")?;
        let (body, size) = (at + 8, u32_at(at + 4) as usize);
        at = body + size + (size & 1);
        ensure(at <= file.len(), "a chunk that passes the end")?;
        match &file[body - 8..body - 4] {
            b"fmt " => {
                ensure(format.is_none(), "two formats")?;
                ensure(
                    size == 16 || size == 18 && u16_at(body + 16) == 0,
                    "size of the format",
                )?;
                format = Some(body);
            }
            b"data" => {
                ensure(data.is_none(), "two data chunks")?;
                ensure(format.is_some(), "data before the format")?;
                data = Some(&file[body..body + size]);
            }
            id => ensure(
                id.iter().all(|byte| (32..127).contains(byte)),
                "a chunk's name",
            )?,
        }
    }
    let at = format.ok_or("no format")?;
    let data = data.ok_or("no data")?;
    let (channels, rate, align) = (u16_at(at + 2), u32_at(at + 4), u16_at(at + 12));
    ensure(u16_at(at) == 1 && u16_at(at + 14) == 16, "16-bit PCM")?;
    ensure(
        channels > 0 && u32::from(align) == u32::from(channels) * 2,
        "block align",
    )?;
    ensure((8_000..=192_000).contains(&rate), "rate")?;
    ensure(
        u64::from(u32_at(at + 8)) == u64::from(rate) * u64::from(align),
        "byte rate",
    )?;
    ensure(
        !data.is_empty() && data.len() % usize::from(align) == 0,
        "whole frames",
    )?;
    Ok((rate, channels, data))
}
