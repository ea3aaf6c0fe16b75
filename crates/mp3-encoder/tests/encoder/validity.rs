use proptest::prelude::*;
use thetaone_web_mp3::stream::{BIT_RATES, SAMPLE_RATES};

use crate::decoders::{DECODER_DELAY, DELAY, FRAME_SAMPLES, encoded, frames, nanomp3, symphonia};
use crate::sounds::{noise, speech, square, tone};

/// Asserts that two decoders accept every frame and agree on the audio, and that the second plays
/// exactly as many samples as were encoded.
fn check(samples: &[i16], sample_rate: u32, kbps: u32, block: usize) {
    let file = encoded(samples, sample_rate, kbps, block);
    let about = format!(
        "{} samples at {sample_rate} Hz, {kbps} kbit/s",
        samples.len()
    );

    let frames = frames(&file);
    let audio = (samples.len() + DELAY).div_ceil(FRAME_SAMPLES).max(2);
    assert_eq!(frames.len(), 1 + audio, "{about}");
    assert!(
        frames.iter().all(|(rate, ..)| *rate == sample_rate),
        "{about}"
    );
    assert!(
        frames[1..].iter().all(|(_, rate, _)| *rate == kbps),
        "{about}"
    );

    let heard = symphonia(&file);
    assert_eq!(heard.len(), audio * FRAME_SAMPLES, "{about}");
    let played = nanomp3(&file);
    assert_eq!(played.len(), samples.len(), "{about}");
    let (delay, _) = cut_off(frames[0].2);
    for (heard, played) in heard[delay + DECODER_DELAY..].iter().zip(&played) {
        // One decoder clamps what exceeds full scale, the other does not.
        let difference = heard - played.clamp(-1.0, 1.0);
        assert!(
            difference.abs() < 1e-5,
            "the decoders hear different things: {about}"
        );
    }
}

/// Returns the samples before and after the recording, as the first frame says. The delay of
/// decoders is added at the start, and subtracted at the end.
fn cut_off(head: &[u8]) -> (usize, usize) {
    let lame = head.windows(4).position(|name| name == b"LAME").unwrap();
    let number = u32::from_be_bytes(head[lame + 21..lame + 25].try_into().unwrap()) as usize;
    (number >> 20, number >> 8 & 0xFFF)
}

#[test]
fn every_sample_rate_and_bit_rate_gives_a_valid_file() {
    let speech = speech();
    for sample_rate in SAMPLE_RATES {
        for kbps in BIT_RATES {
            check(&speech[..20_000], sample_rate, kbps, 4096);
        }
    }
}

#[test]
fn takes_of_every_short_length_are_valid() {
    let speech = &speech()[8_000..];
    for length in (0..=4).chain([94, 95, 96, 100, 575, 576, 577, 1056, 1057, 1151, 1152, 1153]) {
        for kbps in [16, 32, 64] {
            check(&speech[..length], 16_000, kbps, 4096);
        }
        check(&speech[..length], 8_000, 24, 4096);
    }
}

#[test]
fn sounds_that_no_microphone_gives_are_valid() {
    let silence = vec![0; 16_000];
    let lowest = vec![i16::MIN; 16_000];
    let sounds = [
        silence,
        lowest,
        square(36, 16_000),
        square(2, 16_000),
        noise(16_000),
    ];
    for sound in sounds {
        for kbps in [8, 24, 32, 160] {
            check(&sound, 16_000, kbps, 4096);
            check(&sound, 8_000, kbps, 4096);
        }
    }
}

#[test]
fn the_first_frame_counts_frames_bytes_and_what_to_cut_off() {
    let samples = tone(440.0, 9_000.0, 16_000, 30_000);
    let file = encoded(&samples, 16_000, 32, 1000);
    let frames = frames(&file);
    let head = frames[0].2;
    let at = head.windows(4).position(|name| name == b"Info").unwrap();
    let number = |from: usize| u32::from_be_bytes(head[from..from + 4].try_into().unwrap());
    assert_eq!(number(at + 8) as usize, frames.len() - 1);
    assert_eq!(number(at + 12) as usize, file.len());
    let (delay, padding) = cut_off(head);
    assert_eq!(delay + DECODER_DELAY, DELAY);
    assert_eq!(
        delay + samples.len() + padding,
        (frames.len() - 1) * FRAME_SAMPLES
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn anything_at_all_gives_a_valid_file(
        samples in prop_oneof![
            prop::collection::vec(any::<i16>(), 0..6000),
            prop::collection::vec(
                prop::sample::select(vec![i16::MIN, -1, 0, 1, i16::MAX]),
                0..6000,
            ),
            prop::collection::vec(-3..=3_i16, 0..6000),
        ],
        sample_rate in prop::sample::select(SAMPLE_RATES.to_vec()),
        kbps in prop::sample::select(BIT_RATES.to_vec()),
        block in 1..3000_usize,
    ) {
        check(&samples, sample_rate, kbps, block);
        prop_assert!(
            encoded(&samples, sample_rate, kbps, block)
                == encoded(&samples, sample_rate, kbps, 6000),
            "the blocks show in the file"
        );
    }
}
