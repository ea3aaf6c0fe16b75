//! Recordings are known by their bytes, and come out right.

use crate::files::*;
use proptest::prelude::*;
use thetaone_web::core::audio::container::{Container, sniff};
use thetaone_web::core::audio::format::API_SAMPLE_RATE;
use thetaone_web::core::audio::mp3::{Mp3Info, Mp3Parser};
use thetaone_web::core::audio::plan::{Decoding, INSPECTED_BYTES, PreparationPlan, inspect};
use thetaone_web::core::audio::sample_format::SampleFormat;
use thetaone_web::core::audio::wav::{Wav, header};
use thetaone_web::core::error::failure::Failure;

fn wav(samples: usize) -> Vec<u8> {
    let data = 8_192i16.to_le_bytes().repeat(samples);
    let header = header(API_SAMPLE_RATE, 1, data.len() as u64);
    [&header[..], &data].concat()
}

/// The outcome of a file where there is no browser to be asked.
#[derive(Debug)]
enum PreparedPcm {
    Wav,
    Mp3(Mp3Info),
    ForTheBrowser,
}

fn prepared(bytes: &[u8]) -> Result<PreparedPcm, Failure> {
    match inspect(bytes, bytes.len() as u64)? {
        PreparationPlan::ScanMp3(range, decoding) => {
            let mut parser = Mp3Parser::new();
            parser.push(&bytes[range.start as usize..range.end as usize]);
            match parser.finish().and_then(Mp3Info::long_enough) {
                Ok(report) => Ok(PreparedPcm::Mp3(report)),
                Err(failure) if failure.spec.reason == Some("undecodable") => {
                    Err(refused(&decoding).unwrap_or(failure))
                }
                Err(failure) => Err(failure),
            }
        }
        PreparationPlan::DecodeInBrowser(decoding) => {
            refused(&decoding).map_or(Ok(PreparedPcm::ForTheBrowser), Err)
        }
        PreparationPlan::PassThrough(_) | PreparationPlan::ConvertWav(_) => Ok(PreparedPcm::Wav),
    }
}

fn refused(decoding: &Decoding) -> Option<Failure> {
    let name = decoding.container.name();
    Some(Failure::audio(decoding.error_reason()?, name))
}

fn reason(bytes: &[u8]) -> &'static str {
    let failure = prepared(bytes).unwrap_err();
    assert_eq!(failure.spec.code, "INVALID_AUDIO");
    failure.spec.reason.unwrap()
}

#[test]
fn a_written_header_describes_16_khz_mono_16_bit() {
    let file = wav(8_000);
    assert_eq!(&file[..4], b"RIFF");
    assert_eq!(file.len(), 44 + 16_000);
    let Ok(PreparationPlan::PassThrough(wav)) = inspect(&file, file.len() as u64) else {
        panic!("a WAV goes up as it is");
    };
    assert!(wav.is_plain);
    assert_eq!((wav.sample_rate, wav.channels), (16_000, 1));
    assert_eq!(wav.duration_seconds(), 0.5);
}

#[test]
fn broken_wav_files_fail_with_their_reason() {
    assert_eq!(reason(b""), "empty");
    assert_eq!(reason(&wav(0)), "empty");
    assert_eq!(
        reason(b"This is no audio at all, only named .wav"),
        "undecodable"
    );
    assert_eq!(reason(&wav(100)[..44]), "truncated");
    assert_eq!(reason(&wav(100)[..30]), "truncated");
    assert_eq!(reason(b"RIFF\x04\0\0\0WAVE"), "undecodable");
    assert_eq!(
        reason(b"ID3\x03\0\0\0\0\0\x0a0123456789no frames"),
        "undecodable"
    );
}

/// Returns what is read of a WAVE file that is sent with a new header or written anew.
fn rewritten(bytes: &[u8]) -> Wav {
    match inspect(bytes, bytes.len() as u64) {
        Ok(PreparationPlan::ConvertWav(wav)) => wav,
        Ok(PreparationPlan::PassThrough(wav)) if !wav.is_plain => wav,
        other => panic!("{other:?}"),
    }
}

#[test]
fn wav_that_not_every_reader_understands_is_converted() {
    let mut float = wav(8);
    (float[20], float[32], float[34]) = (3, 4, 32);
    let read = rewritten(&float);
    assert_eq!(
        (read.sample_format, read.data_start, read.data_bytes),
        (SampleFormat::F32, 44, 16)
    );
    for size in [[0xFF; 4], [0; 4]] {
        let mut streamed = wav(8);
        streamed[40..44].copy_from_slice(&size);
        assert_eq!(rewritten(&streamed).data_bytes, 16);
    }
    let mut rf64 = b"RF64\xff\xff\xff\xffWAVEds64\x1c\0\0\0".to_vec();
    rf64.extend([0; 8]);
    rf64.extend(16u64.to_le_bytes());
    rf64.extend([0; 12]);
    rf64.extend_from_slice(&wav(8)[12..]);
    let size = rf64.len() - 20;
    rf64[size..size + 4].copy_from_slice(&[0xFF; 4]);
    assert_eq!(rewritten(&rf64).data_bytes, 16);
}

#[test]
fn the_sub_format_of_an_extensible_wav_is_read() {
    let mut file = wav(0)[..36].to_vec();
    file[16] = 40;
    (file[20], file[21]) = (0xFE, 0xFF);
    file.extend_from_slice(&[
        22, 0, 24, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71,
    ]);
    (file[32], file[34]) = (3, 24);
    file.extend_from_slice(b"data\x06\0\0\0");
    file.extend_from_slice(b"123456");
    let read = rewritten(&file);
    assert_eq!(
        (read.sample_format, read.data_bytes),
        (SampleFormat::I24, 6)
    );
}

#[test]
fn unknown_wav_codecs_are_unsupported_codecs() {
    let mut adpcm = wav(8);
    (adpcm[20], adpcm[34]) = (2, 4);
    let failure = prepared(&adpcm).unwrap_err();
    assert_eq!(failure.spec.reason, Some("unsupported_codec"));
}

#[test]
fn containers_that_browsers_cannot_read_are_unsupported_codecs() {
    for (file, name) in [
        (&b"FORM\0\0\x10\0AIFF"[..], "aiff"),
        (b"#!AMR\n", "amr"),
        (b"caff\0\x01", "caf"),
        (b"\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9", "wma"),
        (b".snd\0\0\0\x18", "au"),
        (b"riff\x2E\x91\xCF\x11\xA5\xD6", "w64"),
    ] {
        let failure = prepared(file).unwrap_err();
        assert_eq!(failure.spec.reason, Some("unsupported_codec"), "{name}");
        assert!(failure.message.contains(name), "{}", failure.message);
    }
    for file in [&b"OggS\0\x02"[..], b"\x1A\x45\xDF\xA3....", b"fLaC\0"] {
        let found = prepared(file);
        assert!(matches!(found, Ok(PreparedPcm::ForTheBrowser)), "{found:?}");
    }
}

#[test]
fn a_size_beyond_the_end_of_the_file_reads_what_is_there() {
    let there = 32_000u32;
    // Some writers count the header; of a tenth of a second on, its loss is noticed;
    // what no request could hold is a placeholder.
    for (claimed, is_truncated) in [
        (there + 1, false),
        (there + 44, false),
        (there + 3_198, false),
        (there + 3_200, true),
        (there * 2, true),
        (999_999_999, true),
        (1_000_000_000, false),
        (2_000_000_000, false),
        (0x7FFE_FFFF, false),
        (0x7FFF_F000, false),
        (0xFFFF_FFFF - 36, false),
        (u32::MAX, false),
        (0, false),
    ] {
        let mut file = wav(16_000);
        file[40..44].copy_from_slice(&claimed.to_le_bytes());
        let read = rewritten(&file);
        assert_eq!(read.data_bytes, u64::from(there), "{claimed}");
        assert_eq!(read.is_truncated, is_truncated, "{claimed}");
    }
}

#[test]
fn chunks_before_the_audio_are_skipped() {
    let file = wav(8);
    let mut with_list = file[..36].to_vec();
    with_list.extend_from_slice(b"LIST\x03\0\0\0abc\0");
    with_list.extend_from_slice(&file[36..]);
    let read = rewritten(&with_list);
    assert_eq!((read.data_start, read.data_bytes), (56, 16));
}

#[test]
fn mp3_is_recognized_with_and_without_a_tag() {
    let mut tagged = b"ID3\x03\0\0\0\0\x01\x00".to_vec();
    tagged.resize(10 + 128, 0);
    tagged.extend(MONO_128.frames(4));
    for file in [MONO_128.frames(4), tagged] {
        let Ok(PreparedPcm::Mp3(upload)) = prepared(&file) else {
            panic!("an MP3 goes up as it is");
        };
        assert_eq!((upload.sample_rate, upload.channels), (44_100, 1));
        assert_eq!(upload.duration_seconds, 4.0 * 1152.0 / 44_100.0);
        assert!(upload.problems.is_empty());
    }
}

#[test]
fn an_mp3_with_too_many_samples_is_not_decoded() {
    for (kind, frames, may_be) in [
        (MONO_128, 4, true),
        (MONO_128, 13_888, true),
        (MONO_128, 13_889, false),
        (STEREO_48_320, 6_944, true),
        (STEREO_48_320, 6_945, false),
    ] {
        let file = kind.frames(frames);
        let Ok(PreparedPcm::Mp3(upload)) = prepared(&file) else {
            panic!("an MP3 goes up as it is");
        };
        assert_eq!(upload.may_be_decoded(), may_be, "{frames} frames");
    }
}

#[test]
fn an_mp3_with_a_cover_longer_than_the_inspected_head_is_recognized() {
    let file = [id3v2(2 * INSPECTED_BYTES, false), MONO_128.frames(4)].concat();
    let found = inspect(&file[..INSPECTED_BYTES], file.len() as u64);
    assert!(
        matches!(found, Ok(PreparationPlan::ScanMp3(..))),
        "{found:?}"
    );
    assert!(matches!(prepared(&file), Ok(PreparedPcm::Mp3(_))));
}

#[test]
fn a_single_mp3_header_is_not_an_mp3() {
    let mut noise = vec![0xFF, 0xFB, 0x90, 0xC0];
    noise.resize(2_000, 7);
    assert_eq!(sniff(&noise), Container::Unknown);
}

#[test]
fn containers_are_recognized_by_their_first_bytes() {
    for (bytes, container) in [
        (&b"\x1A\x45\xDF\xA3...."[..], Container::Webm),
        (b"OggS\0\x02", Container::Ogg),
        (b"\0\0\0\x20ftypM4A ", Container::Mp4),
        (b"fLaC\0", Container::Flac),
        (b"\xFF\xF1\x50\x80", Container::Aac),
        (b"RIFF....WAVE", Container::Wav),
        (b"RIFF....AVI ", Container::Unknown),
        (b"\0\0\x00\x08moov", Container::Mp4),
        (b"ADIF\0", Container::Aac),
        (b"FORM\0\0\x10\0AIFF", Container::Aiff),
        (b"FORM\0\0\x10\0AIFC", Container::Aiff),
        (b"FORM\0\0\x10\08SVX", Container::Unknown),
        (b"#!AMR\n", Container::Amr),
        (b"#!AMR-WB\n", Container::Amr),
        (b"caff\0\x01", Container::Caf),
        (b"\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9", Container::Wma),
        (b"MThd\0\0\0\x06", Container::Midi),
        (b"RIFX....WAVE", Container::Wav),
        (b".snd\0\0\0\x18", Container::Au),
        (b"riff\x2E\x91\xCF\x11\xA5\xD6", Container::Wave64),
        (b"riff....wave", Container::Unknown),
        (b"TAG, you're it", Container::Unknown),
        (b"", Container::Unknown),
    ] {
        assert_eq!(sniff(bytes), container);
        for end in 0..bytes.len() {
            let _ = sniff(&bytes[..end]);
        }
    }
}

#[test]
fn a_leading_id3_tag_does_not_make_a_file_an_mp3() {
    let tagged = |rest: &[u8]| sniff(&[&id3v2(300, false), rest].concat());
    assert_eq!(tagged(b"fLaC\0"), Container::Flac);
    assert_eq!(tagged(b"\xFF\xF1\x50\x80"), Container::Aac);
    assert_eq!(tagged(&wav(8)), Container::Wav);
    assert_eq!(tagged(&MONO_128.frames(2)), Container::Mp3);
    assert_eq!(tagged(b"something else"), Container::Mp3);
    // A cover that is longer than what was read.
    assert_eq!(sniff(&id3v2(300, false)[..100]), Container::Mp3);
}

#[test]
fn aac_is_recognized_by_two_adts_frames() {
    // 16 kHz, mono, 20 bytes.
    let mut frame = vec![0xFF, 0xF1, 0x60, 0x40, 0x02, 0x9F, 0xFC];
    frame.resize(20, 0);
    assert_eq!(sniff(&frame.repeat(3)), Container::Aac);
    assert_eq!(sniff(&[&frame[..], b"junk"].concat()), Container::Unknown);
}

#[test]
fn mpeg_audio_other_than_layer_iii_is_an_unsupported_codec() {
    assert_eq!(sniff(&FREE.frames(6)), Container::FreeFormat);
    for kind in [LAYER_ONE, LAYER_TWO, FREE] {
        assert_eq!(reason(&kind.frames(6)), "unsupported_codec", "{kind:?}");
    }
}

proptest! {
    #[test]
    fn inspect_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..400), claimed in any::<u64>()) {
        let _ = inspect(&bytes, claimed);
    }

    #[test]
    fn wav_inspection_never_panics(at in 0usize..44, byte in any::<u8>(), cut in 0usize..60) {
        let mut file = wav(8);
        file[at] = byte;
        file.truncate(60 - cut);
        let _ = inspect(&file, file.len() as u64);
    }
}
