//! The codec configuration of a track, in terms of WebCodecs.

use crate::pcm::Pcm;
use crate::vorbis::Blocksizes;

/// The sample rate of every Opus decoder, in Hz. The rate in the header is that of the microphone,
/// and only informative.
pub const OPUS_RATE: u32 = 48_000;

const XHE_AAC: u8 = 42;

/// The largest number of channels that is accepted.
const MOST_CHANNELS: u32 = 64;

/// The configuration for an `AudioDecoder`.
#[derive(Debug, Clone, PartialEq)]
pub struct CodecConfig {
    /// The codec string. For PCM, which is decoded here, a description of the layout.
    pub codec: String,
    /// The sample rate, in Hz.
    pub sample_rate: u32,
    /// The number of channels.
    pub channels: u32,
    /// The data that the decoder needs before the first packet.
    pub description: Option<Vec<u8>>,
    /// The duration of the padding at the start: the encoder's, or what an edit list cuts off.
    pub head_trim_seconds: f64,
    /// The layout of samples that need no decoder.
    pub pcm: Option<Pcm>,
    /// The source of the duration of a packet.
    pub(crate) length: PacketLength,
}

/// The source of the duration of a packet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum PacketLength {
    /// Only the container.
    Container,
    Opus,
    Vorbis(Blocksizes),
    /// A constant number of samples in each packet.
    Fixed(u32),
}

impl CodecConfig {
    /// Creates the configuration of a codec that WebCodecs knows by a fixed name.
    pub(crate) fn named(codec: &str, sample_rate: u32, channels: u32) -> Self {
        CodecConfig {
            codec: codec.to_owned(),
            sample_rate,
            channels: channels.clamp(1, MOST_CHANNELS),
            description: None,
            head_trim_seconds: 0.0,
            pcm: None,
            length: match codec {
                "mp3" if sample_rate >= 32_000 => PacketLength::Fixed(1_152),
                "mp3" => PacketLength::Fixed(576),
                _ => PacketLength::Container,
            },
        }
    }

    /// Creates the configuration of PCM, which is decoded here.
    pub(crate) fn pcm(pcm: Pcm, sample_rate: u32) -> Self {
        CodecConfig {
            pcm: Some(pcm),
            ..CodecConfig::named("pcm", sample_rate, pcm.channels)
        }
    }

    /// Reads the configuration of Opus from the identification header of RFC 7845.
    pub(crate) fn opus(head: &[u8]) -> Option<Self> {
        const CHANNELS: usize = 9;
        const PRE_SKIP: std::ops::Range<usize> = 10..12;
        const MAPPING: usize = 18;
        if head.len() <= MAPPING || !head.starts_with(b"OpusHead") || head[CHANNELS] == 0 {
            return None;
        }
        let pre_skip = u16::from_le_bytes([head[10], head[11]]);
        let mut description = head.to_vec();
        // Decoders know version 1, and do not report what they skip.
        description[8] = 1;
        description[PRE_SKIP].fill(0);
        Some(CodecConfig {
            description: Some(description),
            head_trim_seconds: f64::from(pre_skip) / f64::from(OPUS_RATE),
            length: PacketLength::Opus,
            ..CodecConfig::named("opus", OPUS_RATE, head[CHANNELS].into())
        })
    }

    /// Reads the configuration of Opus from the box of MP4: the fields of RFC 7845 in the other
    /// byte order.
    pub(crate) fn opus_from_mp4(dops: &[u8]) -> Option<Self> {
        let mut head = b"OpusHead".to_vec();
        head.extend(dops);
        if head.len() <= 18 {
            return None;
        }
        head[10..12].reverse();
        head[12..16].reverse();
        head[16..18].reverse();
        CodecConfig::opus(&head)
    }

    /// Reads the configuration of AAC from its `AudioSpecificConfig`. If that names no rate or
    /// channels, those of the container apply.
    pub(crate) fn aac(config: &[u8], sample_rate: u32, channels: u32) -> Option<Self> {
        let object = object_type(config)?;
        Some(CodecConfig {
            description: Some(config.to_vec()),
            // Frames of xHE-AAC differ in length.
            length: match object {
                XHE_AAC => PacketLength::Container,
                _ => PacketLength::Fixed(1_024),
            },
            ..CodecConfig::named(
                &format!("mp4a.40.{object}"),
                configured_rate(config).unwrap_or(sample_rate),
                configured_channels(config).unwrap_or(channels),
            )
        })
    }

    /// Creates the configuration of AAC-LC without an `AudioSpecificConfig`.
    pub(crate) fn plain_aac(sample_rate: u32, channels: u32) -> Option<Self> {
        let config = audio_specific_config(2, sample_rate, channels)?;
        CodecConfig::aac(&config, sample_rate, channels)
    }

    /// Reads the configuration of FLAC from its stream information.
    pub(crate) fn flac(stream_info: &[u8]) -> Option<Self> {
        let stream_info = stream_info.get(..34)?;
        let packed = crate::source::be(&stream_info[10..14]) as u32;
        let sample_rate = packed >> 12;
        let channels = (packed >> 9 & 7) + 1;
        (sample_rate > 0).then(|| CodecConfig {
            description: Some(flac_head(stream_info)),
            ..CodecConfig::named("flac", sample_rate, channels)
        })
    }

    /// Reads the configuration of Vorbis from its identification and setup headers.
    pub(crate) fn vorbis(identification: &[u8], setup: &[u8]) -> Option<Self> {
        let id = identification.get(..30)?;
        if !id.starts_with(b"\x01vorbis") || !setup.starts_with(b"\x05vorbis") {
            return None;
        }
        let sample_rate = crate::source::le(&id[12..16]) as u32;
        let lengths = match Blocksizes::of(id[28], setup) {
            Some(blocksizes) => PacketLength::Vorbis(blocksizes),
            None => PacketLength::Container,
        };
        (sample_rate > 0 && id[11] > 0).then(|| CodecConfig {
            description: Some(vorbis_head(id, setup)),
            length: lengths,
            ..CodecConfig::named("vorbis", sample_rate, id[11].into())
        })
    }

    /// Returns the duration of a packet in seconds; `None` if the packet does not contain it.
    /// `previous` holds the state of the packet before, which Vorbis needs.
    pub(crate) fn seconds(&self, packet: &[u8], previous: &mut u32) -> Option<f64> {
        let samples = match self.length {
            PacketLength::Container => match self.pcm {
                Some(pcm) => (packet.len() / pcm.frame_bytes().max(1)) as u32,
                None => return None,
            },
            PacketLength::Opus => opus_samples(packet),
            PacketLength::Vorbis(blocksizes) => blocksizes.samples(packet, previous),
            PacketLength::Fixed(samples) => samples,
        };
        Some(f64::from(samples) / f64::from(self.sample_rate.max(1)))
    }
}

/// Returns the number of samples at 48 kHz in an Opus packet (RFC 6716, 3.1).
fn opus_samples(packet: &[u8]) -> u32 {
    let Some(&toc) = packet.first() else {
        return 0;
    };
    let config = toc >> 3;
    let frame = match config {
        0..=11 => [480, 960, 1_920, 2_880][usize::from(config & 3)],
        12..=15 => [480, 960][usize::from(config & 1)],
        _ => 120 << (config & 3),
    };
    let frames = match toc & 3 {
        0 => 1,
        1 | 2 => 2,
        _ => u32::from(packet.get(1).copied().unwrap_or(0) & 0x3F),
    };
    (frame * frames).min(5_760)
}

const RATES: [u32; 13] = [
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
    7_350,
];

/// Returns the rate that an ADTS header or an `AudioSpecificConfig` names by `index`.
pub(crate) fn aac_rate(index: u8) -> Option<u32> {
    RATES.get(usize::from(index)).copied()
}

/// Returns the `AudioSpecificConfig` of ADTS frames.
pub(crate) fn audio_specific_config(
    object: u8,
    sample_rate: u32,
    channels: u32,
) -> Option<[u8; 2]> {
    let rate = RATES.iter().position(|rate| *rate == sample_rate)? as u16;
    let channels = match channels {
        1..=6 => channels as u16,
        8 => 7,
        _ => return None,
    };
    Some((u16::from(object) << 11 | rate << 7 | channels << 3).to_be_bytes())
}

/// Returns the audio object type at the start of an `AudioSpecificConfig`.
fn object_type(config: &[u8]) -> Option<u8> {
    const ESCAPE: u8 = 31;
    let first = *config.first()?;
    match first >> 3 {
        0 => None,
        ESCAPE => Some(32 + ((first & 7) << 3 | config.get(1)? >> 5)),
        object => Some(object),
    }
}

/// Returns the rate in an `AudioSpecificConfig`, if it is one of the table.
fn configured_rate(config: &[u8]) -> Option<u32> {
    let [first, second, ..] = *config else {
        return None;
    };
    aac_rate((first & 7) << 1 | second >> 7)
}

/// Returns the channels in an `AudioSpecificConfig` whose object type is not escaped.
fn configured_channels(config: &[u8]) -> Option<u32> {
    match config.get(1)? >> 3 & 0x0F {
        7 => Some(8),
        channels @ 1..=6 => Some(channels.into()),
        _ => None,
    }
}

/// Returns the start of a FLAC file: its mark and its stream information, as the only and last
/// block of metadata.
fn flac_head(stream_info: &[u8]) -> Vec<u8> {
    const LAST_BLOCK: u8 = 0x80;
    let length = (stream_info.len() as u32).to_be_bytes();
    let mut head = b"fLaC".to_vec();
    head.push(LAST_BLOCK);
    head.extend(&length[1..]);
    head.extend(stream_info);
    head
}

/// Returns the three headers of Vorbis with their lengths before them, as in Matroska. The comments
/// are left out, because they may be large and are not needed.
fn vorbis_head(identification: &[u8], setup: &[u8]) -> Vec<u8> {
    const NO_COMMENTS: &[u8] = b"\x03vorbis\0\0\0\0\0\0\0\0\x01";
    let mut head = vec![2, identification.len() as u8, NO_COMMENTS.len() as u8];
    head.extend(identification);
    head.extend(NO_COMMENTS);
    head.extend(setup);
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_opus_header_of_mp4_becomes_that_of_ogg() {
        let mp4 = b"\x00\x02\x0F\x00\x00\x00\xBB\x80\xFF\xFE\x00";
        let ogg = b"OpusHead\x01\x02\x00\x0F\x80\xBB\x00\x00\xFE\xFF\x00";
        let from_mp4 = CodecConfig::opus_from_mp4(mp4).unwrap();
        assert_eq!(from_mp4, CodecConfig::opus(ogg).unwrap());
        assert_eq!(from_mp4.head_trim_seconds, 0.08);
        assert_eq!(CodecConfig::opus(&ogg[..18]), None);
    }

    #[test]
    fn every_version_of_the_opus_header_has_the_byte_order_of_ogg() {
        for version in [0, 1, 2, 15] {
            let head = [
                &b"OpusHead"[..],
                &[version],
                &b"\x01\x38\x01\x80\xBB\0\0\0\0\0"[..],
            ]
            .concat();
            let coding = CodecConfig::opus(&head).unwrap();
            assert_eq!(coding.head_trim_seconds, 312.0 / 48_000.0, "{version}");
            assert_eq!(coding.description.unwrap()[8], 1);
        }
    }

    #[test]
    fn the_object_type_may_be_escaped() {
        assert_eq!(object_type(&[0x11, 0x88]), Some(2));
        assert_eq!(object_type(&[0xF9, 0x40]), Some(42));
        assert_eq!(object_type(&[0xF9]), None);
        assert_eq!(object_type(&[]), None);
    }

    #[test]
    fn adts_frames_get_the_configuration_that_mp4_would_hold() {
        assert_eq!(audio_specific_config(2, 48_000, 1).unwrap(), [0x11, 0x88]);
        assert_eq!(audio_specific_config(2, 44_100, 2).unwrap(), [0x12, 0x10]);
        assert_eq!(audio_specific_config(2, 44_000, 2), None);
        assert_eq!(audio_specific_config(2, 48_000, 7), None);
    }

    #[test]
    fn opus_packets_say_how_long_they_are() {
        assert_eq!(opus_samples(&[]), 0);
        // SILK 20 ms, CELT 20 ms, two of 2.5 ms, three of 60 ms.
        assert_eq!(opus_samples(&[1 << 3]), 960);
        assert_eq!(opus_samples(&[31 << 3]), 960);
        assert_eq!(opus_samples(&[16 << 3 | 1]), 240);
        assert_eq!(opus_samples(&[3 << 3 | 3, 2]), 5_760);
        assert_eq!(opus_samples(&[3 << 3 | 3, 63]), 5_760);
    }
}
