//! Success bodies in the documented shapes. Their values are computed from the audio, and marked as
//! emulated.

use serde_json::{Value, json};
use thetaone_web::core::endpoint::Endpoint;

use crate::decode::Decoded;
use crate::error_response::ErrorResponse;
use crate::listen::Listener;
use crate::speech::{Segment, segments};

mod comparison;
mod listening;
mod loudness;

/// The least time in which a word can be said, in seconds.
const SHORTEST_WORD_SECONDS: f64 = 0.08;
/// A longer pause is reported as long, in seconds.
const LONG_PAUSE_SECONDS: f64 = 0.3;

/// The options of a request, and its native reference.
#[derive(Debug, Default)]
pub struct CallOptions {
    /// The sentence to read, for the pronunciation endpoints.
    pub gold_text: String,
    /// `ko` or `en`.
    pub language: String,
    /// The reference, for `/pronunciation`.
    pub native: Vec<Value>,
}

/// A word of the sentence, judged.
struct WordResult {
    text: String,
    span: Segment,
    /// From 0 to 100.
    score: f64,
    is_stressed: bool,
}

/// A score and a sentence about one side of the speech.
struct Dimension {
    score: f64,
    en: String,
    ko: String,
}

impl Dimension {
    fn new(score: f64, en: impl Into<String>, ko: impl Into<String>) -> Self {
        Dimension {
            score,
            en: en.into(),
            ko: ko.into(),
        }
    }
}

/// The four sides that the API scores.
struct Dimensions {
    pronunciation: Dimension,
    stress: Dimension,
    pause: Dimension,
    speed: Dimension,
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

/// Returns the body of a success, or the error that the API would return for this audio. Without a
/// listener, the words are distributed over the speech.
pub fn analyze(
    endpoint: Endpoint,
    audio: &Decoded,
    options: &CallOptions,
    listener: Option<&Listener>,
) -> Result<Value, ErrorResponse> {
    let speech = segments(&audio.mono, audio.facts.sample_rate);
    let speech_seconds: f64 = speech.iter().map(Segment::seconds).sum();
    let speech_segments = speech
        .iter()
        .map(|segment| json!([rounded(segment.start), rounded(segment.end)]));
    let mut metadata = json!({
        "emulated": true,
        "duration_seconds": rounded(audio.facts.duration_seconds),
        "speech_seconds": rounded(speech_seconds),
        "speech_segments": speech_segments.collect::<Vec<_>>(),
    });
    if endpoint == Endpoint::Transcribe {
        let text = match speech.len() {
            0 => String::new(),
            n => format!("(emulated) {speech_seconds:.1} seconds of speech in {n} segments"),
        };
        return Ok(json!({
            "text": text,
            "text_type": "en",
            "metadata": metadata,
            "response_time_in_sec": rounded(audio.facts.duration_seconds / 10.0),
        }));
    }
    // The API returns words without punctuation around them.
    let texts: Vec<&str> = (options.gold_text.split_whitespace())
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .collect();
    if speech_seconds < texts.len() as f64 * SHORTEST_WORD_SECONDS {
        return Err(ErrorResponse::documented(400, "Not all words"));
    }
    let heard = match listener {
        Some(listener) => listening::words(listener, audio, &speech, &texts)?,
        None => None,
    };
    let (words, dimensions) = match heard {
        Some((words, listening)) => {
            metadata["listening"] = listening;
            let dimensions = comparison::dimensions(&words, &options.native);
            (words, dimensions)
        }
        None => {
            if listener.is_some() {
                metadata["listening"] = json!("not possible for this recording and sentence");
            }
            let words = loudness::words(audio, &texts, &speech);
            let dimensions = loudness::dimensions(&words, &speech, &options.native);
            (words, dimensions)
        }
    };
    let components = components(&words);
    if endpoint == Endpoint::AnalyzeNative {
        return Ok(json!({ "speech_components": components, "metadata": metadata }));
    }
    let compared = endpoint == Endpoint::Pronunciation;
    let dimension = |dimension: &Dimension| {
        let text = match options.language.as_str() {
            "en" => &dimension.en,
            _ => &dimension.ko,
        };
        json!({ "score": rounded(dimension.score), "feedback": format!("(emulated) {text}") })
    };
    let only_compared = |value: Value| if compared { value } else { Value::Null };
    let Dimensions {
        mut pronunciation,
        stress,
        pause,
        speed,
    } = dimensions;
    if compared {
        pronunciation.score = 50.0 + pronunciation.score / 5.0;
    }
    Ok(json!({
        "user_speech_components": components,
        "pronunciation": dimension(&pronunciation),
        "stress": only_compared(dimension(&stress)),
        "pause": only_compared(dimension(&pause)),
        "speed": only_compared(dimension(&speed)),
        "metadata": metadata,
    }))
}

/// The words as the API writes them, with pauses where there is time between them.
fn components(words: &[WordResult]) -> Vec<Value> {
    let mut parts = Vec::new();
    let mut last_end: Option<f64> = None;
    for (index, word) in words.iter().enumerate() {
        let (start, end) = (rounded(word.span.start), rounded(word.span.end));
        if let Some(last_end) = last_end
            && word.span.start - last_end > 0.01
        {
            parts.push(json!({
                "type": "pause", "start": rounded(last_end), "end": start,
                "is_long": word.span.start - last_end > LONG_PAUSE_SECONDS,
            }));
        }
        last_end = Some(word.span.end);
        let score = rounded(word.score);
        let stressed = word.is_stressed;
        parts.push(json!({
            "type": "word", "word": word.text, "start": start, "end": end,
            "score": score, "is_correct": word.score >= 60.0, "is_stressed": stressed,
            "feedback": null,
            "syllables": [{
                "text": word.text, "start": start, "end": end, "score": score,
                "is_stressed": stressed, "phonemes": [], "emulated_index": index,
            }],
        }));
    }
    parts
}

fn rounded(value: f64) -> f64 {
    // Adds zero because an empty sum is -0.0, which JSON would show.
    (value * 10_000.0).round() / 10_000.0 + 0.0
}
