//! Success bodies in the documented shapes. Their values are computed from the audio, and marked as
//! emulated.

use serde_json::{Value, json};
use thetaone_web::core::endpoint::Endpoint;

use crate::decode::Decoded;
use crate::error_response::ErrorResponse;
use crate::listen::Listener;
use crate::speech::{Segment, segments};
use components::components;
use syllables::SpokenSyllable;

mod comparison;
mod components;
mod listening;
mod loudness;
mod spelling;
mod syllables;
#[cfg(test)]
mod tests;

/// The least time in which a word can be said, in seconds.
const SHORTEST_WORD_SECONDS: f64 = 0.08;
/// A longer pause is reported as long, in seconds.
const LONG_PAUSE_SECONDS: f64 = 0.3;
/// Words with this score and more are clear; the others get feedback.
const CLEAR_SCORE: f64 = 80.0;
/// Words with this score and more are correct.
const CORRECT_SCORE: f64 = 60.0;

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
    feedback: Option<Message>,
    syllables: Vec<SpokenSyllable>,
}

/// A sentence for the learner.
struct Message {
    en: String,
    ko: String,
}

impl Message {
    fn new(en: impl Into<String>, ko: impl Into<String>) -> Self {
        Message {
            en: en.into(),
            ko: ko.into(),
        }
    }

    /// Returns the sentence in `language`, marked as emulated.
    fn text(&self, language: &str) -> String {
        let text = match language {
            "en" => &self.en,
            _ => &self.ko,
        };
        format!("(emulated) {text}")
    }
}

/// Returns the feedback on a word with this score; `None` if the word was clear.
fn word_feedback(score: f64) -> Option<Message> {
    if score >= CLEAR_SCORE {
        None
    } else if score >= CORRECT_SCORE {
        Some(Message::new(
            "Say this word more clearly.",
            "이 단어를 더 또렷하게 말해 보세요.",
        ))
    } else {
        Some(Message::new(
            "This word was hard to hear.",
            "이 단어는 잘 들리지 않았어요.",
        ))
    }
}

/// A score and a sentence about one side of the speech.
struct Dimension {
    score: f64,
    message: Message,
}

impl Dimension {
    fn new(score: f64, en: impl Into<String>, ko: impl Into<String>) -> Self {
        Dimension {
            score,
            message: Message::new(en, ko),
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
    let words = match heard {
        Some((words, listening)) => {
            metadata["listening"] = listening;
            words
        }
        None => {
            if listener.is_some() {
                metadata["listening"] = json!("not possible for this recording and sentence");
            }
            loudness::words(audio, &texts, &speech)
        }
    };
    if endpoint == Endpoint::AnalyzeNative {
        let components = components(&words, None);
        return Ok(json!({ "speech_components": components, "metadata": metadata }));
    }
    let Dimensions {
        mut pronunciation,
        stress,
        pause,
        speed,
    } = comparison::dimensions(&words, &options.native);
    let is_compared = endpoint == Endpoint::Pronunciation;
    if is_compared {
        pronunciation.score = 50.0 + pronunciation.score / 5.0;
    }
    let dimension = |dimension: &Dimension| {
        let feedback = dimension.message.text(&options.language);
        json!({ "score": rounded(dimension.score), "feedback": feedback })
    };
    let only_compared = |compared: &Dimension| match is_compared {
        true => dimension(compared),
        false => Value::Null,
    };
    Ok(json!({
        "user_speech_components": components(&words, Some(&options.language)),
        "pronunciation": dimension(&pronunciation),
        "stress": only_compared(&stress),
        "pause": only_compared(&pause),
        "speed": only_compared(&speed),
        "metadata": metadata,
    }))
}

fn rounded(value: f64) -> f64 {
    // Adds zero because an empty sum is -0.0, which JSON would show.
    (value * 10_000.0).round() / 10_000.0 + 0.0
}
