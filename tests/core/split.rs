//! Long recordings are cut where the speaker pauses, and nothing said is lost.

use crate::speech;
use proptest::prelude::*;
use thetaone_web::core::audio::analysis::{Analyzer, AudioAnalysis, TRIM_MARGIN_SECONDS};
use thetaone_web::core::audio::format::API_SAMPLE_RATE;
use thetaone_web::core::audio::split::{MOST_PART_BYTES, Part, longest, parts};

const RATE: usize = API_SAMPLE_RATE as usize;

fn listen(samples: &[f32]) -> AudioAnalysis {
    let mut analyzer = Analyzer::new(API_SAMPLE_RATE);
    samples.chunks(4_096).for_each(|block| analyzer.push(block));
    analyzer.finish()
}

fn samples(seconds: f64) -> usize {
    (seconds * RATE as f64) as usize
}

/// Phrases and pauses by turns, in seconds, the first of them a phrase: syllables
/// five times a second over a faint hiss.
fn talk(turns: &[f64]) -> Vec<f32> {
    let mut take = Vec::new();
    let mut state = 1u32;
    for (turn, &seconds) in turns.iter().enumerate() {
        for n in 0..samples(seconds) {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let hiss = 1e-4 * (state as f32 / u32::MAX as f32 - 0.5);
            let at = n as f32 / RATE as f32;
            let syllable = 0.55 - 0.45 * (at * 5.0 * std::f32::consts::TAU).cos();
            let voice = 0.3 * syllable * (at * 500.0 * std::f32::consts::TAU).sin();
            take.push(if turn % 2 == 0 { voice + hiss } else { hiss });
        }
    }
    take
}

/// Everything that holds for the parts of any recording.
fn check(analysis: &AudioAnalysis, longest: usize, parts: &[Part]) {
    let margin = samples(TRIM_MARGIN_SECONDS);
    for part in parts {
        let length = part.range.end - part.range.start;
        assert!(length > 0 && length <= longest, "{part:?}");
        assert!(part.range.end <= analysis.whole().end, "{part:?}");
    }
    for pair in parts.windows(2) {
        assert!(pair[0].range.end <= pair[1].range.start, "{pair:?}");
    }
    // What is said is in the parts, all of it, and once, as parts are apart.
    for said in analysis.speech() {
        let held: usize = parts
            .iter()
            .map(|part| {
                let start = part.range.start.max(said.start);
                part.range.end.min(said.end).saturating_sub(start)
            })
            .sum();
        assert_eq!(held, said.end - said.start, "{said:?} in {parts:?}");
    }
    for part in parts {
        let inside = |at: usize| analysis.speech().iter().any(|s| s.start < at && at < s.end);
        assert_eq!(inside(part.range.end), part.cut_mid_speech, "{part:?}");
        let heard = |said: &&thetaone_web::core::audio::vad::SampleRange| {
            said.start < part.range.end && said.end > part.range.start
        };
        let first = analysis
            .speech()
            .iter()
            .find(heard)
            .expect("silence is not sent");
        let last = analysis.speech().iter().rfind(heard).unwrap();
        assert!(part.range.start + margin >= first.start, "{part:?}");
        assert!(part.range.end <= last.end + margin, "{part:?}");
    }
}

fn cut(take: &[f32], seconds: f64) -> (AudioAnalysis, Vec<Part>) {
    let analysis = listen(take);
    let longest = longest(API_SAMPLE_RATE, 2, seconds);
    let parts = parts(&analysis, longest);
    check(&analysis, longest, &parts);
    (analysis, parts)
}

fn seconds(parts: &[Part]) -> Vec<(f64, f64)> {
    let rounded = |at: usize| (at as f64 / RATE as f64 * 10.0).round() / 10.0;
    parts
        .iter()
        .map(|part| (rounded(part.range.start), rounded(part.range.end)))
        .collect()
}

#[test]
fn the_cut_is_in_the_longest_pause_of_the_last_third() {
    // Pauses at 2, 7.4 and 9.2 s: the first is the longest, but early.
    let take = talk(&[2.0, 1.0, 4.4, 0.8, 1.0, 0.4, 5.0]);
    let (_, parts) = cut(&take, 10.0);
    assert_eq!(seconds(&parts), [(0.0, 7.6), (8.1, 14.6)]);
    assert!(parts.iter().all(|part| !part.cut_mid_speech));
}

#[test]
fn the_cut_is_in_the_last_of_early_pauses() {
    let (_, parts) = cut(&talk(&[1.0, 1.0, 1.0, 0.5, 9.0]), 10.0);
    assert_eq!(seconds(&parts), [(0.0, 3.2), (3.4, 12.5)]);
}

#[test]
fn silence_between_parts_is_left_out() {
    let (_, parts) = cut(&talk(&[4.0, 30.0, 4.0, 30.0, 4.0, 8.0]), 10.0);
    assert_eq!(seconds(&parts), [(0.0, 4.2), (33.9, 38.2), (67.9, 72.2)]);
}

#[test]
fn speech_without_a_pause_is_cut_at_its_quietest_frame_and_flagged() {
    let (analysis, parts) = cut(&talk(&[23.0]), 10.0);
    let flags: Vec<bool> = parts.iter().map(|part| part.cut_mid_speech).collect();
    assert_eq!(flags, [true, true, false]);
    for part in &parts[..2] {
        // Between two syllables, which come every 200 ms.
        let at = part.range.end % samples(0.2);
        assert!(at < samples(0.03) || at > samples(0.17), "{at}");
        let quietest = analysis.loudness()[part.range.end / samples(0.02)];
        assert!(analysis.loudness().iter().all(|&other| other >= quietest));
    }
}

#[test]
fn silence_has_no_parts_and_a_sentence_has_one() {
    assert_eq!(cut(&[], 50.0).1, []);
    assert_eq!(cut(&[0.0; 50_000], 50.0).1, []);
    assert_eq!(cut(&speech::at_16_khz(), 50.0).1.len(), 1);
}

#[test]
fn minutes_of_real_speech_are_cut_between_words() {
    let mut take = Vec::new();
    while take.len() < 180 * RATE {
        take.extend(speech::at_16_khz());
    }
    for limit in [5.0, 12.0, 50.0] {
        let (analysis, parts) = cut(&take, limit);
        let apart = parts.iter().all(|part| !part.cut_mid_speech);
        assert!(apart, "{limit} s: {parts:?}");
        let least = (analysis.duration_seconds / limit) as usize;
        assert!(
            (least..=2 * least + 2).contains(&parts.len()),
            "{}",
            parts.len()
        );
    }
}

/// As loud as a tenth of the speech's power, and as loud as a third.
#[test]
fn noise_does_not_hide_the_pauses() {
    for snr_db in [10.0f32, 5.0] {
        let clean = speech::at_16_khz();
        let power = clean.iter().map(|s| s * s).sum::<f32>() / clean.len() as f32;
        let gain = (12.0 * power / 10f32.powf(snr_db / 10.0)).sqrt();
        let mut state = 1u32;
        let take: Vec<f32> = clean
            .iter()
            .cycle()
            .take(180 * RATE)
            .map(|sample| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                sample + gain * (state as f32 / u32::MAX as f32 - 0.5)
            })
            .collect();
        let (_, parts) = cut(&take, 50.0);
        let torn = parts.iter().filter(|part| part.cut_mid_speech).count();
        assert_eq!(torn, 0, "{snr_db} dB: {parts:?}");
    }
}

#[test]
fn parts_are_limited_in_bytes_too() {
    assert_eq!(longest(16_000, 2, 50.0), 800_000);
    let wide = longest(192_000, 16, 50.0);
    assert_eq!(wide as u64, MOST_PART_BYTES / 16);
    assert_eq!(longest(8_000, 130_000, 50.0), 8_000);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn parts_of_any_speech_contain_all_of_it(
        turns in prop::collection::vec(0.05f64..6.0, 1..12),
        limit in 5.0f64..20.0,
    ) {
        cut(&talk(&turns), limit);
    }

    #[test]
    fn parts_of_any_signal_contain_all_speech(
        blocks in prop::collection::vec((0usize..30_000, 0.0f32..1.0), 1..12),
        limit in 1.0f64..6.0,
    ) {
        let mut state = 7u32;
        let mut take = Vec::new();
        for (length, level) in blocks {
            take.extend((0..length).map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                level.powi(4) * (state as f32 / u32::MAX as f32 - 0.5)
            }));
        }
        cut(&take, limit);
    }
}
