//! What a take is said to be like is what it is like.

use proptest::prelude::*;
use thetaone_web::core::audio::analysis::{
    Analyzer, AudioAnalysis, TRIM_MARGIN_SECONDS, is_end_missing, is_truncated,
};

const RATE: usize = 16_000;

fn listen(samples: &[f32]) -> AudioAnalysis {
    let mut analyzer = Analyzer::new(RATE as u32);
    samples.chunks(777).for_each(|block| analyzer.push(block));
    analyzer.finish()
}

/// Silence, a "word" of this level, silence; in seconds.
fn take(before: f64, word: f64, after: f64, level: f32) -> Vec<f32> {
    let samples = |seconds: f64| (seconds * RATE as f64) as usize;
    let mut take = vec![0.0; samples(before)];
    take.extend((0..samples(word)).map(|n| level * (n as f32 / 4.0).sin()));
    take.extend(vec![0.0; samples(after)]);
    take
}

#[test]
fn durations_and_levels_match_the_recording() {
    let analysis = listen(&take(1.0, 2.0, 0.5, 0.5));
    assert_eq!(analysis.duration_seconds, 3.5);
    assert!(
        (analysis.leading_silence_seconds - 1.0).abs() <= 0.04,
        "{analysis:?}"
    );
    assert!(
        (analysis.speech_seconds - 2.0).abs() <= 0.08,
        "{analysis:?}"
    );
    assert!(
        (analysis.trailing_silence_seconds - 0.5).abs() <= 0.08,
        "{analysis:?}"
    );
    assert!((analysis.peak_dbfs + 6.0).abs() < 0.1);
    assert_eq!(analysis.clipped_ratio, 0.0);
    assert_eq!(analysis.warnings(), [""; 0]);
}

#[test]
fn each_warning_has_an_example() {
    for (samples, warning) in [
        (take(0.2, 1.0, 0.2, 0.005), "too_quiet"),
        (
            take(0.2, 1.0, 0.2, 4.0)
                .iter()
                .map(|s| s.clamp(-1.0, 1.0))
                .collect(),
            "clipped",
        ),
        (take(5.0, 1.0, 5.0, 0.5), "mostly_silence"),
        (take(0.0, 61.0, 0.0, 0.5), "too_long"),
        (take(0.1, 0.15, 0.1, 0.5), "very_short"),
    ] {
        assert_eq!(listen(&samples).warnings(), [warning]);
    }
}

#[test]
fn silence_has_no_speech_and_speech_has() {
    // What the package refuses to send, for there is nothing to judge.
    let spoken = |samples: &[f32]| listen(samples).speech_seconds;
    assert_eq!(spoken(&[]), 0.0);
    assert_eq!(spoken(&take(2.0, 0.0, 0.0, 0.0)), 0.0);
    assert!(spoken(&take(1.0, 0.3, 1.0, 0.02)) > 0.0);
}

/// Recorders start late and stop late, and their clock is not the one of the
/// page: what that explains is no loss.
#[test]
fn a_recording_has_lost_its_end_if_latency_does_not_explain_the_gap() {
    for (heard, elapsed, is_short) in [
        (0.0, 0.0, false),
        // A tap on the button.
        (0.0, 0.5, false),
        (0.0, 0.6, true),
        (9.1, 10.0, false),
        (8.9, 10.0, true),
        (3_500.0, 3_600.0, false),
        (3_400.0, 3_600.0, true),
        // More than the clock says is no loss either.
        (12.0, 10.0, false),
    ] {
        assert_eq!(
            is_end_missing(heard, elapsed),
            is_short,
            "{heard} {elapsed}"
        );
    }
}

#[test]
fn trimming_leaves_a_margin_on_both_sides() {
    let analysis = listen(&take(1.0, 2.0, 1.0, 0.5));
    let kept = analysis.trimmed_range();
    let trimmed = analysis.trimmed(kept);
    assert!(
        (trimmed.leading_silence_seconds - TRIM_MARGIN_SECONDS).abs() < 1e-3,
        "{trimmed:?}"
    );
    assert!(
        (trimmed.trailing_silence_seconds - TRIM_MARGIN_SECONDS).abs() < 1e-3,
        "{trimmed:?}"
    );
    assert!((trimmed.duration_seconds - 2.0 - 2.0 * TRIM_MARGIN_SECONDS).abs() < 0.1);
    assert_eq!(listen(&[0.0; 100]).trimmed_range().end, 100);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn trimming_never_cuts_speech(before in 0.0f64..1.5, word in 0.1f64..1.0, after in 0.0f64..1.5, level in 0.01f32..1.0) {
        let samples = take(before, word, after, level);
        let kept = listen(&samples).trimmed_range();
        let lost = samples[..kept.start].iter().chain(&samples[kept.end..]);
        prop_assert!(lost.into_iter().all(|s| *s == 0.0));
    }

    #[test]
    fn analysis_never_panics(samples in prop::collection::vec(any::<f32>(), 0..2000)) {
        let analysis = listen(&samples);
        let kept = analysis.trimmed_range();
        prop_assert!(kept.start <= kept.end && kept.end <= samples.len());
        analysis.trimmed(kept).warnings();
    }
}

#[test]
fn a_glitch_does_not_change_the_other_levels() {
    let mut samples = take(1.0, 2.0, 0.5, 0.5);
    let whole = listen(&samples);
    (samples[8_000], samples[40_000]) = (f32::NAN, f32::INFINITY);
    let analysis = listen(&samples);
    assert!((analysis.rms_dbfs - whole.rms_dbfs).abs() < 0.1);
    assert_eq!(analysis.warnings(), whole.warnings());
    assert_eq!(analysis.trimmed_range(), whole.trimmed_range());
    samples[20_000] = f32::MAX;
    assert!(listen(&samples).peak_dbfs.is_finite());
}

#[test]
fn a_file_is_truncated_if_more_than_two_packets_are_missing() {
    for (missing_seconds, expected) in [
        (0.0, false),
        (0.06, false),
        (0.11, true),
        (3.0, true),
        (f64::INFINITY, true),
        (f64::NAN, false),
    ] {
        assert_eq!(is_truncated(missing_seconds), expected, "{missing_seconds}");
    }
}
