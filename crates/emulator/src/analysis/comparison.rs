//! How a learner's words compare with those of the reference.

use serde_json::Value;

use super::{CLEAR_SCORE, Dimension, Dimensions, LONG_PAUSE_SECONDS, WordResult};

/// The cost of a pause that the reference lacks, or that the learner left out, of 100.
const PAUSE_COST: f64 = 20.0;

/// Scores the words by themselves and, where there is a reference, against it.
pub fn dimensions(words: &[WordResult], native: &[Value]) -> Dimensions {
    let clear = words
        .iter()
        .filter(|word| word.score >= CLEAR_SCORE)
        .count();
    let count = words.len();
    Dimensions {
        pronunciation: Dimension::new(
            mean_score(words),
            format!("{clear} of {count} words were clear."),
            format!("{count}개 단어 중 {clear}개가 또렷하게 들렸어요."),
        ),
        stress: stress(words, native),
        pause: pause(words, native),
        speed: speed(words, native),
    }
}

fn stress(words: &[WordResult], native: &[Value]) -> Dimension {
    let stressed = native_words(native).map(|word| word["is_stressed"].as_bool());
    let compared: Vec<bool> = words
        .iter()
        .zip(stressed)
        .filter_map(|(word, native)| Some(word.is_stressed == native?))
        .collect();
    let equal = compared.iter().filter(|is_equal| **is_equal).count();
    let count = compared.len();
    Dimension::new(
        percentage(equal, count),
        format!("{equal} of {count} words were stressed as in the reference."),
        format!("{count}개 단어 중 {equal}개의 강세가 원어민과 같았어요."),
    )
}

/// Compares after which words there is a long pause.
fn pause(words: &[WordResult], native: &[Value]) -> Dimension {
    let gaps = |pair: &[WordResult]| pair[1].span.start - pair[0].span.end;
    let own = words.windows(2).map(|pair| gaps(pair) > LONG_PAUSE_SECONDS);
    let native = native_pauses(native);
    let different = own
        .enumerate()
        .filter(|(index, is_pause)| native.get(*index).unwrap_or(&false) != is_pause)
        .count();
    Dimension::new(
        (100.0 - PAUSE_COST * different as f64).max(0.0),
        format!("{different} long pauses differ from the reference."),
        format!("긴 쉼 {different}곳이 원어민과 달랐어요."),
    )
}

/// Whether there is a long pause after each word of a reference.
fn native_pauses(native: &[Value]) -> Vec<bool> {
    let mut pauses: Vec<bool> = Vec::new();
    for part in native {
        match (part["type"] == "word", pauses.last_mut()) {
            (true, _) => pauses.push(false),
            (false, Some(last)) => *last |= part["is_long"] == true,
            (false, None) => {}
        }
    }
    pauses
}

fn speed(words: &[WordResult], native: &[Value]) -> Dimension {
    let native_seconds = native_seconds(native);
    let own_seconds = spoken_seconds(words);
    if native_seconds <= 0.0 || own_seconds <= 0.0 {
        return Dimension::new(
            100.0,
            "There is no time to compare.",
            "비교할 시간이 없어요.",
        );
    }
    let ratio = own_seconds / native_seconds;
    let distance = ratio.max(1.0 / ratio) - 1.0;
    Dimension::new(
        100.0 - 100.0 * distance.min(1.0),
        format!("You took {ratio:.2} times as long as the reference."),
        format!("원어민의 {ratio:.2}배 시간이 걸렸어요."),
    )
}

/// The mean of the words' scores.
fn mean_score(words: &[WordResult]) -> f64 {
    words.iter().map(|word| word.score).sum::<f64>() / words.len().max(1) as f64
}

/// How long the words last, in seconds.
fn spoken_seconds(words: &[WordResult]) -> f64 {
    words.iter().map(|word| word.span.seconds()).sum()
}

/// How long the words of a reference last, in seconds.
fn native_seconds(native: &[Value]) -> f64 {
    native_words(native)
        .filter_map(|word| Some(word["end"].as_f64()? - word["start"].as_f64()?))
        .sum()
}

fn native_words(native: &[Value]) -> impl Iterator<Item = &Value> {
    native.iter().filter(|part| part["type"] == "word")
}

fn percentage(part: usize, whole: usize) -> f64 {
    match whole {
        0 => 100.0,
        _ => 100.0 * part as f64 / whole as f64,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::speech::Segment;

    fn word(start: f64, end: f64, is_stressed: bool) -> WordResult {
        WordResult {
            text: "word".into(),
            span: Segment { start, end },
            score: 95.0,
            is_stressed,
            feedback: None,
            syllables: Vec::new(),
        }
    }

    fn native() -> Vec<Value> {
        vec![
            json!({ "type": "word", "word": "a", "start": 0.0, "end": 0.5, "is_stressed": true }),
            json!({ "type": "pause", "start": 0.5, "end": 1.0, "is_long": true }),
            json!({ "type": "word", "word": "b", "start": 1.0, "end": 1.5, "is_stressed": false }),
            json!({ "type": "word", "word": "c", "start": 1.5, "end": 2.0, "is_stressed": false }),
        ]
    }

    #[test]
    fn the_same_speech_has_full_scores() {
        let words = [
            word(0.0, 0.5, true),
            word(1.0, 1.5, false),
            word(1.5, 2.0, false),
        ];
        let compared = dimensions(&words, &native());
        for dimension in [compared.stress, compared.pause, compared.speed] {
            assert_eq!(dimension.score, 100.0, "{}", dimension.message.en);
        }
    }

    #[test]
    fn another_stress_other_pauses_and_another_speed_cost_points() {
        let words = [
            word(0.0, 1.0, false),
            word(1.0, 2.0, false),
            word(2.5, 3.5, false),
        ];
        let compared = dimensions(&words, &native());
        assert!((compared.stress.score - 200.0 / 3.0).abs() < 1e-9);
        assert_eq!(compared.pause.score, 60.0);
        assert_eq!(compared.speed.score, 0.0);
        assert!(compared.speed.message.en.contains("2.00 times"));
    }

    #[test]
    fn a_reference_of_any_shape_is_compared() {
        let words = [word(0.0, 0.5, true)];
        let strange = [
            json!({ "type": "pause", "is_long": true }),
            json!({ "type": "word", "word": "a", "start": 1e300, "end": -1e300 }),
        ];
        for native in [&strange[..], &[]] {
            let compared = dimensions(&words, native);
            assert!((0.0..=100.0).contains(&compared.speed.score));
        }
    }
}
