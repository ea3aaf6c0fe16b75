//! How a track is coded, in the words of WebCodecs.

use crate::pcm::Pcm;
use crate::vorbis::Blocksizes;

/// The rate in which every Opus decoder works. The rate in the header is the
/// microphone's, which is only for the record.
pub const OPUS_RATE: u32 = 48_000;

const XHE_AAC: u8 = 42;

/// The most channels that are taken.
const MOST_CHANNELS: u32 = 64;

/// What an `AudioDecoder` has to be told.
#[derive(Debug, Clone, PartialEq)]
pub struct Coding {
    /// The codec string; of PCM, which is decoded here, the layout in words.
    pub codec: String,
    /// In Hz.
    pub sample_rate: u32,
    /// How many channels there are.
    pub channels: u32,
    /// What the decoder needs before the first packet.
    pub description: Option<Vec<u8>>,
    /// How much of the start is filling: of the decoder, or cut off by an edit list.
    pub head_trim_seconds: f64,
    /// Set where no decoder is needed.
    pub pcm: Option<Pcm>,
    /// The source of the length of a packet.
    pub(crate) lengths: Lengths,
}

/// How the length of a packet is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Lengths {
    /// By the container alone.
    Container,
    Opus,
    Vorbis(Blocksizes),
    /// All packets are as long, in samples.
    Fixed(u32),
}

impl Coding {
    /// A coding that WebCodecs has a name for.
    pub(crate) fn named(codec: &str, sample_rate: u32, channels: u32) -> Self {
        Coding {
            codec: codec.to_owned(),
            sample_rate,
            channels: channels.clamp(1, MOST_CHANNELS),
            description: None,
            head_trim_seconds: 0.0,
            pcm: None,
            lengths: match codec {
                "mp3" if sample_rate >= 32_000 => Lengths::Fixed(1_152),
                "mp3" => Lengths::Fixed(576),
                _ => Lengths::Container,
            },
        }
    }

    /// PCM, which is decoded here.
    pub(crate) fn pcm(pcm: Pcm, sample_rate: u32) -> Self {
        Coding {
            pcm: Some(pcm),
            ..Coding::named("pcm", sample_rate, pcm.channels)
        }
    }

    /// Opus with the identification header of RFC 7845.
    pub(crate) fn opus(head: &[u8]) -> Option<Self> {
        const CHANNELS: usize = 9;
        const PRE_SKIP: std::ops::Range<usize> = 10..12;
        const MAPPING: usize = 18;
        if head.len() <= MAPPING || !head.starts_with(b"OpusHead") || head[CHANNELS] == 0 {
            return None;
        }
        let pre_skip = u16::from_le_bytes([head[10], head[11]]);
        let mut description = head.to_vec();
        // Decoders know version 1, and what they skip they do not say.
        description[8] = 1;
        description[PRE_SKIP].fill(0);
        Some(Coding {
            description: Some(description),
            head_trim_seconds: f64::from(pre_skip) / f64::from(OPUS_RATE),
            lengths: Lengths::Opus,
            ..Coding::named("opus", OPUS_RATE, head[CHANNELS].into())
        })
    }

    /// Opus with the box of MP4: the fields of RFC 7845 in the other byte order.
    pub(crate) fn opus_of_mp4(dops: &[u8]) -> Option<Self> {
        let mut head = b"OpusHead".to_vec();
        head.extend(dops);
        if head.len() <= 18 {
            return None;
        }
        head[10..12].reverse();
        head[12..16].reverse();
        head[16..18].reverse();
        Coding::opus(&head)
    }

    /// AAC with its `AudioSpecificConfig`; where that names no rate or channels, the
    /// container's count.
    pub(crate) fn aac(config: &[u8], sample_rate: u32, channels: u32) -> Option<Self> {
        let object = object_type(config)?;
        Some(Coding {
            description: Some(config.to_vec()),
            // xHE-AAC has frames of several lengths.
            lengths: match object {
                XHE_AAC => Lengths::Container,
                _ => Lengths::Fixed(1_024),
            },
            ..Coding::named(
                &format!("mp4a.40.{object}"),
                configured_rate(config).unwrap_or(sample_rate),
                configured_channels(config).unwrap_or(channels),
            )
        })
    }

    /// AAC-LC without an `AudioSpecificConfig`.
    pub(crate) fn plain_aac(sample_rate: u32, channels: u32) -> Option<Self> {
        let config = audio_specific_config(2, sample_rate, channels)?;
        Coding::aac(&config, sample_rate, channels)
    }

    /// FLAC with its stream information.
    pub(crate) fn flac(stream_info: &[u8]) -> Option<Self> {
        let stream_info = stream_info.get(..34)?;
        let packed = crate::source::be(&stream_info[10..14]) as u32;
        let sample_rate = packed >> 12;
        let channels = (packed >> 9 & 7) + 1;
        (sample_rate > 0).then(|| Coding {
            description: Some(flac_head(stream_info)),
            ..Coding::named("flac", sample_rate, channels)
        })
    }

    /// Vorbis with its identification and setup headers.
    pub(crate) fn vorbis(identification: &[u8], setup: &[u8]) -> Option<Self> {
        let id = identification.get(..30)?;
        if !id.starts_with(b"\x01vorbis") || !setup.starts_with(b"\x05vorbis") {
            return None;
        }
        let sample_rate = crate::source::le(&id[12..16]) as u32;
        let lengths = match Blocksizes::of(id[28], setup) {
            Some(blocksizes) => Lengths::Vorbis(blocksizes),
            None => Lengths::Container,
        };
        (sample_rate > 0 && id[11] > 0).then(|| Coding {
            description: Some(vorbis_head(id, setup)),
            lengths,
            ..Coding::named("vorbis", sample_rate, id[11].into())
        })
    }

    /// Returns how long a packet is, in seconds; `None` where it does not say so.
    /// `previous` remembers the packet before, which Vorbis needs.
    pub(crate) fn seconds(&self, packet: &[u8], previous: &mut u32) -> Option<f64> {
        let samples = match self.lengths {
            Lengths::Container => match self.pcm {
                Some(pcm) => (packet.len() / pcm.frame_bytes().max(1)) as u32,
                None => return None,
            },
            Lengths::Opus => opus_samples(packet),
            Lengths::Vorbis(blocksizes) => blocksizes.samples(packet, previous),
            Lengths::Fixed(samples) => samples,
        };
        Some(f64::from(samples) / f64::from(self.sample_rate.max(1)))
    }
}

/// How many samples at 48 kHz an Opus packet has; RFC 6716, 3.1.
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

/// The rate that an ADTS header or an `AudioSpecificConfig` names by `index`.
pub(crate) fn aac_rate(index: u8) -> Option<u32> {
    RATES.get(usize::from(index)).copied()
}

/// The `AudioSpecificConfig` that ADTS frames would have.
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

/// The audio object type that an `AudioSpecificConfig` starts with.
fn object_type(config: &[u8]) -> Option<u8> {
    const ESCAPE: u8 = 31;
    let first = *config.first()?;
    match first >> 3 {
        0 => None,
        ESCAPE => Some(32 + ((first & 7) << 3 | config.get(1)? >> 5)),
        object => Some(object),
    }
}

/// The rate in an `AudioSpecificConfig`, where it is one of the listed.
fn configured_rate(config: &[u8]) -> Option<u32> {
    let [first, second, ..] = *config else {
        return None;
    };
    aac_rate((first & 7) << 1 | second >> 7)
}

/// The channels in an `AudioSpecificConfig` whose object type is not escaped.
fn configured_channels(config: &[u8]) -> Option<u32> {
    match config.get(1)? >> 3 & 0x0F {
        7 => Some(8),
        channels @ 1..=6 => Some(channels.into()),
        _ => None,
    }
}

/// The start of a FLAC file: its mark and its stream information, as the only
/// and last block of metadata.
fn flac_head(stream_info: &[u8]) -> Vec<u8> {
    const LAST_BLOCK: u8 = 0x80;
    let length = (stream_info.len() as u32).to_be_bytes();
    let mut head = b"fLaC".to_vec();
    head.push(LAST_BLOCK);
    head.extend(&length[1..]);
    head.extend(stream_info);
    head
}

/// The three headers of Vorbis with their lengths before them, as in Matroska. The
/// comments are left out, as they may be large and are not needed.
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
        let of_mp4 = Coding::opus_of_mp4(mp4).unwrap();
        assert_eq!(of_mp4, Coding::opus(ogg).unwrap());
        assert_eq!(of_mp4.head_trim_seconds, 0.08);
        assert_eq!(Coding::opus(&ogg[..18]), None);
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
            let coding = Coding::opus(&head).unwrap();
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
