//! Words and pauses as the API writes them.
//!
//! The names within syllables and sounds are not documented. The emulator calls the letters or the
//! symbol `text`, and adds times and scores to both as for words.

use serde_json::{Value, json};

use super::syllables::{SpokenSound, SpokenSyllable};
use super::{CORRECT_SCORE, LONG_PAUSE_SECONDS, WordResult, rounded};

/// A shorter time between two words is no pause, in seconds.
const MIN_PAUSE_SECONDS: f64 = 0.01;

/// Returns the words, with a pause where there is time between two. Feedback on words is in
/// `language`, or missing.
pub fn components(words: &[WordResult], language: Option<&str>) -> Vec<Value> {
    let mut parts = Vec::new();
    let mut last_end: Option<f64> = None;
    for word in words {
        if let Some(last_end) = last_end
            && word.span.start - last_end > MIN_PAUSE_SECONDS
        {
            parts.push(json!({
                "type": "pause", "start": rounded(last_end), "end": rounded(word.span.start),
                "is_long": word.span.start - last_end > LONG_PAUSE_SECONDS,
            }));
        }
        last_end = Some(word.span.end);
        let feedback = language.and_then(|language| Some(word.feedback.as_ref()?.text(language)));
        let syllables: Vec<Value> = word.syllables.iter().map(syllable).collect();
        parts.push(json!({
            "type": "word", "word": word.text,
            "start": rounded(word.span.start), "end": rounded(word.span.end),
            "score": rounded(word.score), "is_correct": word.score >= CORRECT_SCORE,
            "is_stressed": word.is_stressed, "feedback": feedback, "syllables": syllables,
        }));
    }
    parts
}

fn syllable(syllable: &SpokenSyllable) -> Value {
    let phonemes: Vec<Value> = syllable.sounds.iter().map(phoneme).collect();
    json!({
        "text": syllable.text,
        "start": rounded(syllable.span.start), "end": rounded(syllable.span.end),
        "score": rounded(syllable.score), "is_stressed": syllable.is_stressed,
        "phonemes": phonemes,
    })
}

fn phoneme(sound: &SpokenSound) -> Value {
    json!({
        "text": sound.symbol,
        "start": rounded(sound.span.start), "end": rounded(sound.span.end),
        "score": rounded(sound.score), "is_stressed": sound.is_stressed,
    })
}
