use std::io::{Cursor, ErrorKind};

use symphonia::core::audio::{AudioBufferRef, Signal};
use symphonia::core::codecs::DecoderOptions;
use symphonia::core::conv::IntoSample;
use symphonia::core::errors::Error;
use symphonia::core::formats::FormatOptions;
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;
use symphonia::core::probe::Hint;
use thetaone_web_mp3::stream::Stream;

/// The delay of a decoder that ignores the first frame: the filter banks of both sides.
pub const DELAY: usize = 528 + DECODER_DELAY;
/// The share of the delay that every decoder has.
pub const DECODER_DELAY: usize = 529;
pub const FRAME_SAMPLES: usize = 576;

/// Encodes a recording, in blocks of any size.
pub fn encoded(samples: &[i16], sample_rate: u32, kbps: u32, block: usize) -> Vec<u8> {
    let mut stream = Stream::new(sample_rate, kbps).unwrap();
    let mut frames = Vec::new();
    for block in samples.chunks(block) {
        frames.extend(stream.push(block).unwrap());
    }
    frames.extend(stream.finish().unwrap());
    [stream.head().unwrap(), &frames].concat()
}

/// Returns everything that symphonia decodes, delay and padding included. Panics at the first frame
/// that it rejects.
pub fn symphonia(file: &[u8]) -> Vec<f32> {
    let source = MediaSourceStream::new(Box::new(Cursor::new(file.to_vec())), Default::default());
    let mut format = symphonia::default::get_probe()
        .format(
            &Hint::new(),
            source,
            &FormatOptions::default(),
            &MetadataOptions::default(),
        )
        .unwrap()
        .format;
    let track = format.default_track().unwrap().clone();
    let mut decoder = symphonia::default::get_codecs()
        .make(&track.codec_params, &DecoderOptions::default())
        .unwrap();
    let mut samples = Vec::new();
    loop {
        let packet = match format.next_packet() {
            Ok(packet) => packet,
            Err(Error::IoError(error)) if error.kind() == ErrorKind::UnexpectedEof => break,
            Err(error) => panic!("symphonia lost the frames: {error}"),
        };
        let AudioBufferRef::F32(decoded) = decoder.decode(&packet).unwrap() else {
            panic!("symphonia decodes MP3 to floats");
        };
        assert_eq!(decoded.spec().channels.count(), 1);
        samples.extend(
            decoded
                .chan(0)
                .iter()
                .map(|&sample| -> f32 { sample.into_sample() }),
        );
    }
    samples
}

/// Returns what nanomp3 plays: delay and padding are cut off as the first frame says.
pub fn nanomp3(file: &[u8]) -> Vec<f32> {
    nanomp3::decode_all::<f32>(file).samples.to_vec()
}

/// Returns the frames of a file by the lengths in their headers: sample rate, bit rate and bytes of
/// each. Panics unless they fill the file to the last byte.
pub fn frames(file: &[u8]) -> Vec<(u32, u32, &[u8])> {
    const KBPS: [u32; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    let mut frames = Vec::new();
    let mut rest = file;
    while !rest.is_empty() {
        assert_eq!(rest[0], 0xFF, "no frame after {} frames", frames.len());
        let halvings = match rest[1] {
            0xF3 => 0,
            0xE3 => 1,
            other => panic!("0x{other:x} is neither MPEG-2 nor 2.5, layer III, without CRC"),
        };
        let sample_rate = [22_050, 24_000, 16_000][usize::from(rest[2] >> 2 & 3)] >> halvings;
        let kbps = KBPS[usize::from(rest[2] >> 4)];
        let padding = u32::from(rest[2] >> 1 & 1);
        assert_eq!(rest[3] >> 6, 3, "one channel");
        let (frame, after) = rest.split_at((72_000 * kbps / sample_rate + padding) as usize);
        frames.push((sample_rate, kbps, frame));
        rest = after;
    }
    frames
}
