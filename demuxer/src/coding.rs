//! How a track is coded, in the words of WebCodecs.

use symphonia_core::codecs::audio::well_known::{
    CODEC_ID_AAC, CODEC_ID_AC3, CODEC_ID_ALAC, CODEC_ID_EAC3, CODEC_ID_FLAC, CODEC_ID_MP3,
    CODEC_ID_OPUS, CODEC_ID_PCM_ALAW, CODEC_ID_PCM_F32LE, CODEC_ID_PCM_MULAW, CODEC_ID_PCM_S16LE,
    CODEC_ID_PCM_S24LE, CODEC_ID_PCM_S32LE, CODEC_ID_PCM_U8, CODEC_ID_VORBIS,
};
use symphonia_core::codecs::audio::{AudioCodecId, AudioCodecParameters};

/// The rate in which every Opus decoder works. What the header names is the
/// rate of the microphone, which is only for the record.
const OPUS_RATE: u32 = 48_000;

/// What an `AudioDecoder` has to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coding {
    /// The codec string.
    pub codec: String,
    /// In Hz.
    pub sample_rate: u32,
    /// How many channels there are.
    pub channels: u32,
    /// What the decoder needs before the first packet.
    pub description: Option<Vec<u8>>,
}

impl Coding {
    /// The coding of a track; `None` if WebCodecs has no name for it.
    pub fn of(track: &AudioCodecParameters) -> Option<Self> {
        let extra = track.extra_data.as_deref();
        let channels = track.channels.as_ref().map_or(1, |c| c.count().max(1)) as u32;
        let sample_rate = track.sample_rate.unwrap_or(0);
        let coding = |codec: &str, description: Option<Vec<u8>>| Coding {
            codec: codec.to_owned(),
            sample_rate,
            channels,
            description,
        };
        Some(match track.codec {
            CODEC_ID_OPUS => Coding {
                sample_rate: OPUS_RATE,
                ..coding("opus", extra.and_then(opus_head))
            },
            CODEC_ID_AAC => {
                let config = match extra {
                    Some(config) => Some(config.to_vec()),
                    None => audio_specific_config(sample_rate, channels),
                };
                let object = config.as_deref().and_then(object_type)?;
                coding(&format!("mp4a.40.{object}"), config)
            }
            CODEC_ID_FLAC => coding("flac", extra.map(flac_head)),
            CODEC_ID_VORBIS => coding("vorbis", extra.and_then(vorbis_head)),
            other => coding(plain_name(other)?, None),
        })
    }
}

/// The codecs whose packets explain themselves, or which no browser decodes: a
/// name is what the message is about.
fn plain_name(codec: AudioCodecId) -> Option<&'static str> {
    Some(match codec {
        CODEC_ID_MP3 => "mp3",
        CODEC_ID_PCM_U8 => "pcm-u8",
        CODEC_ID_PCM_S16LE => "pcm-s16",
        CODEC_ID_PCM_S24LE => "pcm-s24",
        CODEC_ID_PCM_S32LE => "pcm-s32",
        CODEC_ID_PCM_F32LE => "pcm-f32",
        CODEC_ID_PCM_ALAW => "alaw",
        CODEC_ID_PCM_MULAW => "ulaw",
        CODEC_ID_ALAC => "alac",
        CODEC_ID_AC3 => "ac-3",
        CODEC_ID_EAC3 => "ec-3",
        _ => return None,
    })
}

/// The identification header of RFC 7845. MP4 has the same fields, in the other
/// byte order and under version 0; symphonia hands them on as they are.
fn opus_head(extra: &[u8]) -> Option<Vec<u8>> {
    const VERSION: usize = 8;
    const PRE_SKIP: usize = 10;
    const INPUT_RATE: usize = 12;
    const GAIN: usize = 16;
    const MAPPING: usize = 18;
    if extra.len() <= MAPPING || !extra.starts_with(b"OpusHead") {
        return None;
    }
    let mut head = extra.to_vec();
    if head[VERSION] == 0 {
        head[VERSION] = 1;
        head[PRE_SKIP..INPUT_RATE].reverse();
        head[INPUT_RATE..GAIN].reverse();
        head[GAIN..MAPPING].reverse();
    }
    Some(head)
}

/// The `AudioSpecificConfig` that ADTS frames would have: theirs is in the
/// headers that the demuxer takes off. They are AAC-LC.
fn audio_specific_config(sample_rate: u32, channels: u32) -> Option<Vec<u8>> {
    const RATES: [u32; 13] = [
        96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025,
        8_000, 7_350,
    ];
    const LC: u16 = 2;
    let rate = RATES.iter().position(|rate| *rate == sample_rate)? as u16;
    let channels = match channels {
        1..=6 => channels as u16,
        8 => 7,
        _ => return None,
    };
    Some((LC << 11 | rate << 7 | channels << 3).to_be_bytes().into())
}

/// The audio object type that an `AudioSpecificConfig` starts with.
fn object_type(config: &[u8]) -> Option<u8> {
    const ESCAPE: u8 = 31;
    let first = *config.first()?;
    match first >> 3 {
        ESCAPE => Some(32 + ((first & 7) << 3 | config.get(1)? >> 5)),
        object => Some(object),
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

/// The three headers of Vorbis with their lengths before them, as in Matroska.
/// The middle one, the comments, symphonia leaves out; decoders want one.
fn vorbis_head(extra: &[u8]) -> Option<Vec<u8>> {
    const IDENTIFICATION: usize = 30;
    const NO_COMMENTS: &[u8] = b"\x03vorbis\0\0\0\0\0\0\0\0\x01";
    if extra.len() <= IDENTIFICATION {
        return None;
    }
    let (identification, setup) = extra.split_at(IDENTIFICATION);
    let mut head = vec![2, IDENTIFICATION as u8, NO_COMMENTS.len() as u8];
    head.extend(identification);
    head.extend(NO_COMMENTS);
    head.extend(setup);
    Some(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_opus_header_of_mp4_becomes_that_of_ogg() {
        let mp4 = b"OpusHead\x00\x02\x0F\x00\x00\x00\xBB\x80\xFF\xFE\x00";
        let ogg = b"OpusHead\x01\x02\x00\x0F\x80\xBB\x00\x00\xFE\xFF\x00";
        assert_eq!(opus_head(mp4).unwrap(), ogg);
        assert_eq!(opus_head(ogg).unwrap(), ogg);
        assert_eq!(opus_head(&ogg[..18]), None);
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
        assert_eq!(audio_specific_config(48_000, 1).unwrap(), [0x11, 0x88]);
        assert_eq!(audio_specific_config(44_100, 2).unwrap(), [0x12, 0x10]);
        assert_eq!(audio_specific_config(44_000, 2), None);
        assert_eq!(audio_specific_config(48_000, 7), None);
    }
}
