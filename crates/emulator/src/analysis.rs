//! Success bodies in the documented shapes. What they say is made up, and
//! marked as emulated; but it is made up from the audio.

use serde_json::{Value, json};
use thetaone_web::core::endpoint::Endpoint;

use crate::decode::Decoded;
use crate::error_response::Refusal;
use crate::speech::{Segment, level_dbfs, segments};

/// Nobody says a word in less, in seconds.
const SHORTEST_WORD_SECONDS: f64 = 0.08;
/// A longer pause is called long, in seconds.
const LONG_PAUSE_SECONDS: f64 = 0.3;

/// What the options and the reference of a request said.
#[derive(Debug, Default)]
pub struct Task {
    /// The sentence, for the pronunciation endpoints.
    pub gold_text: String,
    /// `ko` or `en`.
    pub language: String,
    /// The reference, for `/pronunciation`.
    pub native: Vec<Value>,
}

/// The body of a success.
pub fn analyse(endpoint: Endpoint, audio: &Decoded, task: &Task) -> Result<Value, Refusal> {
    let rate = audio.facts.sample_rate;
    let spoken = segments(&audio.mono, rate);
    let speech_seconds: f64 = spoken.iter().map(Segment::seconds).sum();
    let metadata = json!({
        "emulated": true,
        "duration_seconds": rounded(audio.facts.duration_seconds),
        "speech_seconds": rounded(speech_seconds),
        "speech_segments": spoken.iter().map(|s| json!([rounded(s.start), rounded(s.end)])).collect::<Vec<_>>(),
    });
    if endpoint == Endpoint::Transcribe {
        let text = match spoken.len() {
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
    // As the API gives them: without what stands around them.
    let words: Vec<&str> = (task.gold_text.split_whitespace())
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .collect();
    if speech_seconds < words.len() as f64 * SHORTEST_WORD_SECONDS {
        return Err(Refusal::row(400, "Not all words"));
    }
    let components = components(audio, &words, &spoken);
    if endpoint == Endpoint::AnalyzeNative {
        return Ok(json!({ "speech_components": components, "metadata": metadata }));
    }
    let score = mean_score(&components);
    let compared = endpoint == Endpoint::Pronunciation;
    let native_seconds = spoken_seconds(&task.native);
    let own_seconds = spoken_seconds(&components);
    let tempo = if native_seconds > 0.0 {
        own_seconds / native_seconds
    } else {
        1.0
    };
    let dimension = |score: f64, en: &str, ko: &str| {
        let text = if task.language == "en" { en } else { ko };
        json!({ "score": rounded(score), "feedback": format!("(emulated) {text}") })
    };
    let only_compared = |value: Value| if compared { value } else { Value::Null };
    let pronunciation = if compared { 50.0 + score / 5.0 } else { score };
    Ok(json!({
        "user_speech_components": components,
        "pronunciation": dimension(pronunciation, "Every word was heard.", "모든 단어가 들렸어요."),
        "stress": only_compared(dimension(score, "The stress was even.", "강세가 고르게 들렸어요.")),
        "pause": only_compared(dimension(100.0 - 5.0 * (spoken.len() as f64 - 1.0).min(10.0), "Mind the pauses.", "쉬는 곳에 주의하세요.")),
        "speed": only_compared(dimension(100.0 - 100.0 * (tempo - 1.0).abs().min(1.0), "Compared with the reference.", "원어민 녹음과 비교했어요.")),
        "metadata": metadata,
    }))
}

/// The words laid over the speech in proportion to their letters, with pauses
/// where the speech pauses.
fn components(audio: &Decoded, words: &[&str], spoken: &[Segment]) -> Vec<Value> {
    let rate = audio.facts.sample_rate;
    let total: f64 = spoken.iter().map(Segment::seconds).sum();
    let letters: usize = words.iter().map(|word| word.chars().count()).sum();
    let whole = Segment {
        start: 0.0,
        end: audio.facts.duration_seconds,
    };
    let loudness = level_dbfs(&audio.mono, rate, whole);
    let mut parts = Vec::new();
    let mut said = 0.0;
    let mut last_end: Option<f64> = None;
    for (index, word) in words.iter().enumerate() {
        let share = total * word.chars().count() as f64 / letters.max(1) as f64;
        let span = Segment {
            start: at(spoken, said),
            end: at(spoken, said + share),
        };
        said += share;
        if let Some(end) = last_end
            && span.start - end > 0.01
        {
            parts.push(json!({
                "type": "pause", "start": rounded(end), "end": rounded(span.start),
                "is_long": span.start - end > LONG_PAUSE_SECONDS,
            }));
        }
        last_end = Some(span.end);
        let difference = level_dbfs(&audio.mono, rate, span) - loudness;
        let score = (90.0 + difference).clamp(0.0, 100.0);
        let stressed = difference > 1.0;
        parts.push(json!({
            "type": "word", "word": word, "start": rounded(span.start), "end": rounded(span.end),
            "score": rounded(score), "is_correct": score >= 60.0, "is_stressed": stressed, "feedback": null,
            "syllables": [{
                "text": word, "start": rounded(span.start), "end": rounded(span.end), "score": rounded(score),
                "is_stressed": stressed, "phonemes": [], "emulated_index": index,
            }],
        }));
    }
    parts
}

/// The time at which this many seconds of speech are over.
fn at(spoken: &[Segment], mut seconds: f64) -> f64 {
    for segment in spoken {
        if seconds <= segment.seconds() {
            return segment.start + seconds;
        }
        seconds -= segment.seconds();
    }
    spoken.last().map_or(0.0, |segment| segment.end)
}

fn words_of(components: &[Value]) -> impl Iterator<Item = &Value> {
    components.iter().filter(|part| part["type"] == "word")
}

fn mean_score(components: &[Value]) -> f64 {
    let scores: Vec<f64> = words_of(components)
        .filter_map(|word| word["score"].as_f64())
        .collect();
    scores.iter().sum::<f64>() / scores.len().max(1) as f64
}

fn spoken_seconds(components: &[Value]) -> f64 {
    words_of(components)
        .filter_map(|word| Some(word["end"].as_f64()? - word["start"].as_f64()?))
        .sum()
}

fn rounded(value: f64) -> f64 {
    // Plus zero: an empty sum is -0.0, which JSON would show.
    (value * 10_000.0).round() / 10_000.0 + 0.0
}
