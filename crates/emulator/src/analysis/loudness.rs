//! Results that are made up from the loudness alone.

use serde_json::Value;

use super::{Dimension, Dimensions, WordResult, mean_score, native_seconds, spoken_seconds};
use crate::decode::Decoded;
use crate::speech::{Segment, level_dbfs};

/// The words laid over the speech in proportion to their letters.
pub fn words(audio: &Decoded, texts: &[&str], speech: &[Segment]) -> Vec<WordResult> {
    let rate = audio.facts.sample_rate;
    let total: f64 = speech.iter().map(Segment::seconds).sum();
    let letters: usize = texts.iter().map(|text| text.chars().count()).sum();
    let whole = Segment {
        start: 0.0,
        end: audio.facts.duration_seconds,
    };
    let loudness = level_dbfs(&audio.mono, rate, whole);
    let mut said = 0.0;
    let word = |text: &&str| {
        let share = total * text.chars().count() as f64 / letters.max(1) as f64;
        let span = Segment {
            start: at(speech, said),
            end: at(speech, said + share),
        };
        said += share;
        let difference = level_dbfs(&audio.mono, rate, span) - loudness;
        WordResult {
            text: (*text).to_owned(),
            span,
            score: (90.0 + difference).clamp(0.0, 100.0),
            is_stressed: difference > 1.0,
        }
    };
    texts.iter().map(word).collect()
}

/// Scores that follow from the loudness and the length.
pub fn dimensions(words: &[WordResult], speech: &[Segment], native: &[Value]) -> Dimensions {
    let score = mean_score(words);
    let native_seconds = native_seconds(native);
    let tempo = if native_seconds > 0.0 {
        spoken_seconds(words) / native_seconds
    } else {
        1.0
    };
    let pauses = (speech.len() as f64 - 1.0).min(10.0);
    Dimensions {
        pronunciation: Dimension::new(score, "Every word was heard.", "모든 단어가 들렸어요."),
        stress: Dimension::new(score, "The stress was even.", "강세가 고르게 들렸어요."),
        pause: Dimension::new(
            100.0 - 5.0 * pauses,
            "Mind the pauses.",
            "쉬는 곳에 주의하세요.",
        ),
        speed: Dimension::new(
            100.0 - 100.0 * (tempo - 1.0).abs().min(1.0),
            "Compared with the reference.",
            "원어민 녹음과 비교했어요.",
        ),
    }
}

/// The time at which this many seconds of speech are over.
fn at(speech: &[Segment], mut seconds: f64) -> f64 {
    for segment in speech {
        if seconds <= segment.seconds() {
            return segment.start + seconds;
        }
        seconds -= segment.seconds();
    }
    speech.last().map_or(0.0, |segment| segment.end)
}
