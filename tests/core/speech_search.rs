//! Whether a take holds speech is known before its end, and never wrongly.

use proptest::prelude::*;
use thetaone_web::core::audio::speech_search::SpeechSearch;
use thetaone_web::core::audio::vad::SpeechDetector;

const RATE: u32 = 16_000;
const BLOCK: usize = 1_024;

/// A stretch of noise: this long in frames of 20 ms, this loud in dBFS.
type Part = (usize, i32);

fn take(parts: &[Part]) -> Vec<f32> {
    let mut state = 7u64;
    let mut samples = Vec::new();
    for &(frames, dbfs) in parts {
        let amplitude = 10f32.powf(dbfs as f32 / 20.0);
        samples.extend((0..frames * 320).map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            ((state >> 40) as f32 / (1u32 << 23) as f32 - 1.0) * amplitude
        }));
    }
    samples
}

/// Whether there is speech, and after how many samples that was known.
fn search(samples: &[f32]) -> (bool, usize) {
    let mut search = SpeechSearch::new(RATE, samples.len() as u64);
    for (index, block) in samples.chunks(BLOCK).enumerate() {
        if search.push(block) {
            return (true, index * BLOCK + block.len());
        }
    }
    (search.finish(), samples.len())
}

fn speaks(samples: &[f32]) -> bool {
    let mut detector = SpeechDetector::new(RATE);
    detector.push(samples);
    !detector.finish().is_empty()
}

#[test]
fn speech_is_found_without_reading_most_of_a_long_recording() {
    let pauses_and_words = [(20, -70), (30, -25)].repeat(30);
    let samples = take(&pauses_and_words);
    let (found, heard) = search(&samples);
    assert!(found);
    assert!(
        heard < samples.len() * 2 / 5,
        "{heard} of {}",
        samples.len()
    );
}

#[test]
fn silence_is_read_to_its_end() {
    let samples = take(&[(500, -90)]);
    assert_eq!(search(&samples), (false, samples.len()));
    assert_eq!(search(&[]), (false, 0));
}

#[test]
fn a_word_before_a_long_noise_is_not_decided_too_early() {
    // The noise is the floor in the end, and the word lies below it.
    let samples = take(&[(50, -80), (20, -50), (2_000, -45)]);
    let (found, heard) = search(&samples);
    assert_eq!(found, speaks(&samples));
    assert!(heard > 70 * 320, "{heard}");
}

proptest! {
    #[test]
    fn early_answer_matches_full_analysis(
        parts in prop::collection::vec((1usize..120, -95i32..0), 1..12),
    ) {
        let samples = take(&parts);
        prop_assert_eq!(search(&samples).0, speaks(&samples));
    }

    #[test]
    fn clicks_in_steady_noise_are_not_speech(
        noise in -60i32..-20,
        clicks in prop::collection::vec((1usize..60, 1usize..3), 1..30),
    ) {
        let parts: Vec<Part> = clicks
            .iter()
            .flat_map(|&(gap, click)| [(gap, noise), (click, -5)])
            .collect();
        let samples = take(&parts);
        prop_assert_eq!(search(&samples).0, speaks(&samples));
    }
}
