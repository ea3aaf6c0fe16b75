//! Speech is found in noise, and nothing of it is called silence.

use crate::speech;
use thetaone_web::core::audio::format::API_SAMPLE_RATE;
use thetaone_web::core::audio::vad::{FRAME_SECONDS, SampleRange, SpeechDetector};

const FRAME: usize = (API_SAMPLE_RATE as f64 * FRAME_SECONDS) as usize;

/// The sentence, with a second of silence on both sides.
fn speech() -> Vec<f32> {
    let silence = vec![0.0; API_SAMPLE_RATE as usize];
    [&silence[..], &speech::at_16_khz(), &silence].concat()
}

fn power(samples: &[f32]) -> f32 {
    samples.iter().map(|s| s * s).sum::<f32>() / samples.len() as f32
}

/// What a person would mark: frames within 30 dB of the clean take's loudest.
fn marked(clean: &[f32]) -> Vec<bool> {
    let powers: Vec<f32> = clean.chunks(FRAME).map(power).collect();
    let loudest = powers.iter().copied().fold(0.0, f32::max);
    powers.iter().map(|&p| p > loudest * 1e-3).collect()
}

/// White, and brown (as of a road or a fan), seeded.
fn noise(seed: u64, length: usize, brown: bool) -> Vec<f32> {
    let mut state = seed;
    let mut white = || {
        // The sum of four uniform draws is near enough to a Gaussian.
        (0..4)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                (state >> 40) as f32 / (1u32 << 23) as f32 - 1.0
            })
            .sum::<f32>()
    };
    let mut last = 0.0;
    (0..length)
        .map(|_| {
            last = if brown {
                0.98 * last + 0.1 * white()
            } else {
                white()
            };
            last
        })
        .collect()
}

/// `clean` with noise so many dB below the power of its speech.
fn noisy(clean: &[f32], snr_db: f32, brown: bool) -> Vec<f32> {
    let marks = marked(clean);
    let spoken: Vec<f32> = clean
        .chunks(FRAME)
        .zip(&marks)
        .filter(|(_, m)| **m)
        .flat_map(|(f, _)| f.to_vec())
        .collect();
    let noise = noise(42, clean.len(), brown);
    let gain = (power(&spoken) / power(&noise) / 10f32.powf(snr_db / 10.0)).sqrt();
    clean.iter().zip(noise).map(|(c, n)| c + gain * n).collect()
}

fn detect(samples: &[f32]) -> Vec<SampleRange> {
    let mut detector = SpeechDetector::new(API_SAMPLE_RATE);
    for block in samples.chunks(1000) {
        detector.push(block);
    }
    detector.finish()
}

/// Precision and recall over frames.
fn score(stretches: &[SampleRange], marks: &[bool]) -> (f64, f64) {
    let found = |frame: usize| {
        stretches
            .iter()
            .any(|s| (s.start..s.end).contains(&(frame * FRAME)))
    };
    let hits = marks
        .iter()
        .enumerate()
        .filter(|(i, m)| **m && found(*i))
        .count() as f64;
    let claimed = (0..marks.len()).filter(|&i| found(i)).count() as f64;
    let there = marks.iter().filter(|m| **m).count() as f64;
    (hits / claimed.max(1.0), hits / there)
}

#[test]
fn speech_is_found_in_noise() {
    let clean = speech();
    let marks = marked(&clean);
    let (precision, recall) = score(&detect(&clean), &marks);
    println!("clean: precision {precision:.3} recall {recall:.3}");
    assert!(recall == 1.0 && precision > 0.7, "{precision} {recall}");
    for brown in [false, true] {
        for (snr, least) in [(20.0, 0.98), (10.0, 0.95), (5.0, 0.90)] {
            let (precision, recall) = score(&detect(&noisy(&clean, snr, brown)), &marks);
            println!(
                "{} {snr} dB: precision {precision:.3} recall {recall:.3}",
                if brown { "brown" } else { "white" }
            );
            assert!(
                recall >= least && precision > 0.6,
                "{snr} dB, brown {brown}: {precision} {recall}"
            );
        }
    }
}

#[test]
fn silence_and_faint_noise_hold_no_speech() {
    assert_eq!(detect(&[]), []);
    assert_eq!(detect(&[0.0; 16_000]), []);
    let hiss: Vec<f32> = noise(7, 32_000, false).iter().map(|n| n * 1e-4).collect();
    assert_eq!(detect(&hiss), []);
}

#[test]
fn speech_without_pauses_is_one_range() {
    let tone: Vec<f32> = (0..16_000).map(|n| 0.2 * (n as f32 / 5.0).sin()).collect();
    assert_eq!(
        detect(&tone),
        [SampleRange {
            start: 0,
            end: 16_000
        }]
    );
}

#[test]
fn nan_samples_do_not_disturb_detection() {
    let mut clean = speech();
    clean[100] = f32::NAN;
    clean[200] = f32::INFINITY;
    assert!(!detect(&clean).is_empty());
}
