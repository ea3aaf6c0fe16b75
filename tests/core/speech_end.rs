//! A recording that ends by itself ends behind the speech, and not within it.

use crate::speech;
use thetaone_web::core::audio::end_of_speech::EndOfSpeechDetector;

const RATE: usize = 48_000;
/// As the recorder looks: 25 times a second.
const LOOK: usize = RATE / 25;

fn with_noise(mut samples: Vec<f32>, amplitude: f32) -> Vec<f32> {
    let mut state = 1u32;
    for sample in &mut samples {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *sample += amplitude * ((state >> 8) as f32 / (1 << 23) as f32 - 1.0);
    }
    samples
}

/// When the recording would end, in seconds.
fn end_of(samples: &[f32], wanted_seconds: f64) -> Option<f64> {
    let mut speech_end = EndOfSpeechDetector::new(wanted_seconds, RATE as u32);
    samples.chunks(LOOK).enumerate().find_map(|(index, look)| {
        let finished = speech_end.push(look, look.len() as f64 / RATE as f64);
        finished.then_some(((index + 1) * LOOK) as f64 / RATE as f64)
    })
}

fn seconds(count: f64) -> Vec<f32> {
    vec![0.0; (count * RATE as f64) as usize]
}

#[test]
fn a_recording_ends_after_speech_in_quiet_and_in_noise() {
    let speech = speech::at_48_khz();
    let spoken = speech.len() as f64 / RATE as f64;
    for noise in [0.0, 0.001, 0.01] {
        for wait in [0.0, 2.0, 6.0] {
            let take = [seconds(wait), speech.clone(), seconds(4.0)].concat();
            let end = end_of(&with_noise(take, noise), 1.0).expect("it ends");
            let after = end - wait - spoken;
            assert!(
                (0.0..1.5).contains(&after),
                "{after} s behind the sentence; noise {noise}, {wait} s of waiting"
            );
        }
    }
}

#[test]
fn a_recording_does_not_end_before_speech() {
    assert_eq!(end_of(&seconds(20.0), 1.0), None);
    assert_eq!(end_of(&with_noise(seconds(20.0), 0.05), 1.0), None);
}

#[test]
fn a_click_is_not_speech() {
    let mut take = with_noise(seconds(10.0), 0.001);
    for sample in &mut take[5 * RATE..5 * RATE + 400] {
        *sample = 0.9;
    }
    assert_eq!(end_of(&take, 1.0), None);
}

#[test]
fn a_recording_does_not_end_in_a_short_pause() {
    let take = [
        speech::at_48_khz(),
        seconds(1.5),
        speech::at_48_khz(),
        seconds(5.0),
    ]
    .concat();
    let both = 2.0 * speech::at_48_khz().len() as f64 / RATE as f64 + 1.5;
    assert!(end_of(&with_noise(take.clone(), 0.001), 1.0).unwrap() < both);
    assert!(end_of(&with_noise(take, 0.001), 3.0).unwrap() > both);
}
