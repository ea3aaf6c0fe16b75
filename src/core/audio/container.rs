//! Recognizes a file format by its first bytes.

use crate::core::audio::mp3;

/// The container of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// RIFF, RIFX, RF64 or BW64 WAVE.
    Wav,
    /// MPEG audio, with or without an ID3 tag.
    Mp3,
    /// WebM or Matroska.
    Webm,
    /// Ogg.
    Ogg,
    /// MP4, M4A, 3GP, QuickTime.
    Mp4,
    /// FLAC.
    Flac,
    /// AAC in ADTS frames, or in an ADIF file.
    Aac,
    /// AIFF or AIFF-C.
    Aiff,
    /// AMR, narrow or wide band, which old phones record.
    Amr,
    /// Apple's Core Audio Format.
    Caf,
    /// Windows Media Audio, or another ASF.
    Wma,
    /// MIDI, which holds notes and no sound.
    Midi,
    /// Sun's and NeXT's AU.
    Au,
    /// Sony's Wave64.
    Wave64,
    /// MPEG audio without a bit rate.
    FreeFormat,
    /// None of the above.
    Unknown,
}

impl Container {
    /// The name, in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Container::Wav => "wav",
            Container::Mp3 => "mp3",
            Container::Webm => "webm",
            Container::Ogg => "ogg",
            Container::Mp4 => "mp4",
            Container::Flac => "flac",
            Container::Aac => "aac",
            Container::Aiff => "aiff",
            Container::Amr => "amr",
            Container::Caf => "caf",
            Container::Wma => "wma",
            Container::Midi => "midi",
            Container::Au => "au",
            Container::Wave64 => "w64",
            Container::FreeFormat => "free-format mp3",
            Container::Unknown => "unknown",
        }
    }
}

impl Container {
    /// True if every browser reads the container, provided that it knows the codec inside.
    pub const fn is_known_to_browsers(self) -> bool {
        matches!(
            self,
            Container::Wav
                | Container::Mp3
                | Container::Webm
                | Container::Ogg
                | Container::Mp4
                | Container::Flac
                | Container::Aac
        )
    }
}

/// Returns the container that starts with `head`.
pub fn sniff(head: &[u8]) -> Container {
    if let Some(container) = by_mark(head) {
        return container;
    }
    if mp3::is_free_format(head) {
        return Container::FreeFormat;
    }
    // Taggers write ID3 before any format. Without other evidence, the format is MP3.
    if head.starts_with(b"ID3") {
        return head
            .get(mp3::leading_tag_bytes(head)..)
            .and_then(by_mark)
            .filter(|container| *container != Container::Unknown)
            .unwrap_or(Container::Mp3);
    }
    match mp3::first_frame(head) {
        Some(_) => Container::Mp3,
        None => Container::Unknown,
    }
}

/// Returns the container that has a mark in a fixed place.
fn by_mark(head: &[u8]) -> Option<Container> {
    const ASF: &[u8] = &[0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11];
    /// The marks at the start of a file.
    const MARKS: [(&[u8], Container); 11] = [
        (&[0x1A, 0x45, 0xDF, 0xA3], Container::Webm),
        (b"OggS", Container::Ogg),
        (b"fLaC", Container::Flac),
        (b"ADIF", Container::Aac),
        (b"#!AMR", Container::Amr),
        (b"caff", Container::Caf),
        (ASF, Container::Wma),
        (b"MThd", Container::Midi),
        (b".snd", Container::Au),
        (b"riff\x2E\x91\xCF\x11", Container::Wave64),
        // A WAVE would have been found above. This is mostly video.
        (b"RIFF", Container::Unknown),
    ];

    let at = |offset: usize, marks: &[&[u8]]| {
        let rest = head.get(offset..).unwrap_or_default();
        marks.iter().any(|mark| rest.starts_with(mark))
    };
    if at(0, &[b"RIFF", b"RIFX", b"RF64", b"BW64"]) && at(8, &[b"WAVE"]) {
        Some(Container::Wav)
    } else if at(0, &[b"FORM"]) && at(8, &[b"AIFF", b"AIFC"]) {
        Some(Container::Aiff)
    } else if at(4, &[b"ftyp", b"styp", b"moov", b"mdat", b"wide"]) {
        Some(Container::Mp4)
    } else if is_adts(head) {
        Some(Container::Aac)
    } else {
        let found = MARKS.iter().find(|(mark, _)| head.starts_with(mark));
        found.map(|(_, container)| *container)
    }
}

/// True if AAC frames start here: the first, and the second if `head` contains it.
fn is_adts(head: &[u8]) -> bool {
    // The layer bits, which are never zero in MPEG audio.
    let is_sync = |bytes: &[u8]| matches!(bytes, [0xFF, kind, ..] if kind & 0xF6 == 0xF0);
    if !is_sync(head) {
        return false;
    }
    let &[_, _, rates, a, b, c, ..] = head else {
        return true;
    };
    let header_bytes = 7;
    let frame_bytes = usize::from(a & 0b11) << 11 | usize::from(b) << 3 | usize::from(c >> 5);
    rates >> 2 & 0x0F < 13
        && frame_bytes >= header_bytes
        && head
            .get(frame_bytes..)
            .is_none_or(|next| next.len() < 2 || is_sync(next))
}
