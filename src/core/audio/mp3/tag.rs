//! The tags of MP3 files: title, artist, cover, lyrics.

/// The number of bytes that decide whether a tag starts, and how long it is.
pub(super) const MARK_BYTES: usize = 32;
/// The number of bytes at the end of a file that decide which tags it ends with.
pub(super) const TAIL_BYTES: usize = ID3V1_BYTES + ENHANCED_BYTES + MARK_BYTES;

/// The length of an ID3v2 tag's own header, in bytes.
pub(super) const HEADER_BYTES: u64 = 10;
const ID3V1_BYTES: usize = 128;
/// The length of an extension of ID3v1, which some programs write before the tag.
const ENHANCED_BYTES: usize = 227;
const LYRICS_END_BYTES: usize = 15;
const APE_MARK: &[u8] = b"APETAGEX";

/// Returns the length of the tag at the start of `bytes`. At most [`MARK_BYTES`] are read, so the
/// tag may be longer than `bytes`.
pub(super) fn leading(bytes: &[u8]) -> Option<u64> {
    id3v2(bytes)
        .or_else(|| ape(bytes))
        .or_else(|| bytes.starts_with(b"TAG+").then_some(ENHANCED_BYTES as u64))
        .or_else(|| bytes.starts_with(b"TAG").then_some(ID3V1_BYTES as u64))
}

/// True if these four bytes may start a tag.
pub(super) fn may_start_tag(bytes: &[u8]) -> bool {
    [&b"ID3"[..], b"TAG", b"APET", b"LYRI"]
        .iter()
        .any(|mark| bytes.starts_with(mark))
}

/// Returns the length of the tags at the end of a file. `tail` holds at least its last
/// [`TAIL_BYTES`], or all of a shorter file.
///
/// A file that is read from the front shows tags only where they start. Some kinds of tags are
/// recognizable only by their end.
pub(super) fn trailing(tail: &[u8]) -> u64 {
    let mut rest = tail;
    if let Some(start) = split_trailing(rest, ID3V1_BYTES, b"TAG") {
        rest = start;
        rest = split_trailing(rest, ENHANCED_BYTES, b"TAG+").unwrap_or(rest);
    }
    let known = (tail.len() - rest.len()) as u64;
    known
        + ends_with_lyrics(rest)
            .or_else(|| ends_with_ape(rest))
            .unwrap_or(0)
}

/// Returns `bytes` without the last `length`, if those start with `mark`.
fn split_trailing<'a>(bytes: &'a [u8], length: usize, mark: &[u8]) -> Option<&'a [u8]> {
    let (rest, last) = bytes.split_at_checked(bytes.len().checked_sub(length)?)?;
    last.starts_with(mark).then_some(rest)
}

fn id3v2(bytes: &[u8]) -> Option<u64> {
    const HAS_FOOTER: u8 = 0x10;

    let &[b'I', b'D', b'3', version, revision, flags, ref size @ ..] = bytes else {
        return None;
    };
    let size = size.first_chunk::<4>()?;
    // Sizes have seven bits per byte, so that they never look like a frame.
    if version == 0xFF || revision == 0xFF || size.iter().any(|&byte| byte > 0x7F) {
        return None;
    }
    let body = size
        .iter()
        .fold(0u64, |size, &byte| size << 7 | u64::from(byte));
    let footer = if version >= 4 && flags & HAS_FOOTER != 0 {
        HEADER_BYTES
    } else {
        0
    };
    Some(HEADER_BYTES + body + footer)
}

/// Returns the length of an APEv2 tag by its header, or of its rest by its footer.
fn ape(bytes: &[u8]) -> Option<u64> {
    const IS_HEADER: u32 = 1 << 29;

    let (size, flags) = ape_fields(bytes)?;
    let mark = MARK_BYTES as u64;
    Some(if flags & IS_HEADER != 0 {
        mark + size
    } else {
        mark
    })
}

fn ends_with_ape(bytes: &[u8]) -> Option<u64> {
    const HAS_HEADER: u32 = 1 << 31;

    let (size, flags) = ape_fields(bytes.last_chunk::<MARK_BYTES>()?)?;
    // The size includes the footer, but not the header.
    let header = if flags & HAS_HEADER != 0 {
        MARK_BYTES
    } else {
        0
    };
    Some(size.max(MARK_BYTES as u64) + header as u64)
}

/// Returns the size and the flags of an APEv2 header or footer.
fn ape_fields(bytes: &[u8]) -> Option<(u64, u32)> {
    let mark = bytes.first_chunk::<MARK_BYTES>()?;
    if !mark.starts_with(APE_MARK) {
        return None;
    }
    let field = |at: usize| Some(u32::from_le_bytes(*mark.get(at..)?.first_chunk()?));
    Some((u64::from(field(12)?), field(20)?))
}

/// Returns the length of Lyrics3 v2, whose size is at its end in six digits.
fn ends_with_lyrics(bytes: &[u8]) -> Option<u64> {
    let end = bytes.last_chunk::<LYRICS_END_BYTES>()?;
    let digits = end.strip_suffix(b"LYRICS200")?;
    let size = digits.iter().try_fold(0u64, |size, digit| {
        digit
            .is_ascii_digit()
            .then(|| size * 10 + u64::from(digit - b'0'))
    })?;
    Some(size + LYRICS_END_BYTES as u64)
}
