//! Results by the speech engine.

use serde_json::{Value, json};

use super::{WordResult, syllables, word_feedback};
use crate::decode::Decoded;
use crate::error_response::ErrorResponse;
use crate::listen::engine::MAX_SECONDS;
use crate::listen::verdict::{Band, Evidence, is_complete};
use crate::listen::{ENGINE_NAME, Heard, HeardWord, Listener, timing};
use crate::speech::{Segment, level_dbfs};

/// A word this much louder than the words' mean is stressed, in decibels.
const STRESS_DB: f64 = 1.0;

/// Listens for the words. Returns them with what `metadata` says about the listening; `None` if
/// nothing can be said; the API's error if words are missing.
pub fn words(
    listener: &Listener,
    audio: &Decoded,
    speech: &[Segment],
    texts: &[&str],
) -> Result<Option<(Vec<WordResult>, Value)>, ErrorResponse> {
    if audio.facts.duration_seconds > MAX_SECONDS {
        return Ok(None);
    }
    let heard = match listener.listen(texts, &audio.mono, audio.facts.sample_rate) {
        Heard::Words(heard) => heard,
        Heard::TooShort => return Err(ErrorResponse::documented(400, "Not all words")),
        Heard::NotJudged => return Ok(None),
    };
    let evidence: Vec<Evidence> = heard.iter().filter_map(|word| word.evidence).collect();
    if !is_complete(&evidence) {
        return Err(ErrorResponse::documented(400, "Not all words"));
    }
    let spans = timing::place(&heard, speech);
    let metadata = metadata(texts, &heard);
    Ok(Some((results(audio, texts, &heard, &spans), metadata)))
}

fn results(
    audio: &Decoded,
    texts: &[&str],
    heard: &[HeardWord],
    spans: &[Segment],
) -> Vec<WordResult> {
    let level = |span: Segment| level_dbfs(&audio.mono, audio.facts.sample_rate, span);
    let levels: Vec<f64> = spans.iter().copied().map(level).collect();
    let mean_level = levels.iter().sum::<f64>() / levels.len().max(1) as f64;
    let bands: Vec<f64> = heard.iter().filter_map(band).map(Band::score).collect();
    // The API has a score for every word; one that was not judged gets what the others have.
    let mean_score = bands.iter().sum::<f64>() / bands.len().max(1) as f64;
    let words = texts.iter().zip(heard).zip(spans.iter().zip(&levels));
    let result = |((text, word), (&span, word_level)): ((&&str, &HeardWord), (&Segment, &f64))| {
        let score = band(word).map_or(mean_score, Band::score);
        let is_stressed = word_level - mean_level > STRESS_DB;
        let mut syllables = syllables::place(text, span, is_stressed, level, |_| score);
        // The engine does not support scores of single sounds.
        syllables
            .iter_mut()
            .for_each(|syllable| syllable.sounds.clear());
        WordResult {
            text: (*text).to_owned(),
            span,
            score,
            is_stressed,
            feedback: band(word).and_then(|band| word_feedback(band.score())),
            syllables,
        }
    };
    words.map(result).collect()
}

fn band(word: &HeardWord) -> Option<Band> {
    word.evidence.map(|evidence| Band::of_score(evidence.score))
}

fn metadata(texts: &[&str], heard: &[HeardWord]) -> Value {
    let bands = heard.iter().map(|word| band(word).map(Band::name));
    let not_judged = texts
        .iter()
        .zip(heard)
        .filter(|(_, word)| word.evidence.is_none());
    json!({
        "engine": ENGINE_NAME,
        "note": "These are not Theta One's scores: a word is poor (40), fair (70) or good (95).",
        "bands": bands.collect::<Vec<_>>(),
        "not_judged": not_judged.map(|(text, _)| text).collect::<Vec<_>>(),
    })
}
