//! Results without a listener: their shape, and that they follow from the audio.

use std::f32::consts::TAU;

use serde_json::{Value, json};
use thetaone_web::core::endpoint::Endpoint;

use super::{CallOptions, analyze};
use crate::decode::{Decoded, Facts};

const SENTENCE: &str = "Wow, check out this beautiful castle.";
const SAMPLE_RATE: usize = 16_000;

/// Silence and tones: `(seconds, amplitude)`.
fn recording(parts: &[(f64, f32)]) -> Decoded {
    let mut mono = Vec::new();
    for (seconds, amplitude) in parts {
        let samples = (seconds * SAMPLE_RATE as f64) as usize;
        let tone = |n: usize| amplitude * (TAU * 300.0 * n as f32 / SAMPLE_RATE as f32).sin();
        mono.extend((0..samples).map(tone));
    }
    let facts = Facts {
        format: "wav",
        sample_rate: SAMPLE_RATE as u32,
        channels: 1,
        bits_per_sample: Some(16),
        duration_seconds: mono.len() as f64 / SAMPLE_RATE as f64,
    };
    Decoded { facts, mono }
}

/// Half of the speech, a long pause, and the other half, which becomes quieter.
fn speech() -> Decoded {
    recording(&[
        (0.3, 0.0),
        (1.0, 0.5),
        (0.6, 0.0),
        (0.7, 0.5),
        (0.5, 0.1),
        (0.2, 0.0),
    ])
}

fn result(endpoint: Endpoint, audio: &Decoded, language: &str, native: Vec<Value>) -> Value {
    let options = CallOptions {
        gold_text: SENTENCE.into(),
        language: language.into(),
        native,
    };
    match analyze(endpoint, audio, &options, None) {
        Ok(result) => result,
        Err(_) => panic!("the words are long enough"),
    }
}

fn simple() -> Value {
    result(Endpoint::PronunciationSimple, &speech(), "en", Vec::new())
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn words(result: &Value) -> Vec<Value> {
    let parts = list(&result["user_speech_components"]).iter();
    parts
        .filter(|part| part["type"] == "word")
        .cloned()
        .collect()
}

fn span(part: &Value) -> (f64, f64) {
    (
        part["start"].as_f64().unwrap(),
        part["end"].as_f64().unwrap(),
    )
}

/// Asserts that `parts` follow each other, each with a score, within the time of `whole`.
fn assert_parts(parts: &[Value], whole: &Value) {
    let (mut from, to) = span(whole);
    for part in parts {
        let (start, end) = span(part);
        assert!(
            from <= start && start < end && end <= to,
            "{part} in {whole}"
        );
        assert!(
            (0.0..=100.0).contains(&part["score"].as_f64().unwrap()),
            "{part}"
        );
        assert!(part["is_stressed"].is_boolean(), "{part}");
        from = end;
    }
}

#[test]
fn the_words_are_those_of_the_sentence_with_their_syllables_and_sounds() {
    let words = words(&simple());
    let texts: Vec<&str> = words
        .iter()
        .map(|word| word["word"].as_str().unwrap())
        .collect();
    assert_eq!(
        texts,
        ["Wow", "check", "out", "this", "beautiful", "castle"]
    );
    for word in &words {
        let syllables = list(&word["syllables"]);
        let letters: String = syllables
            .iter()
            .map(|s| s["text"].as_str().unwrap())
            .collect();
        assert_eq!(letters, word["word"].as_str().unwrap());
        assert_parts(syllables, word);
        for syllable in syllables {
            assert!(!list(&syllable["phonemes"]).is_empty(), "{syllable}");
            assert_parts(list(&syllable["phonemes"]), syllable);
        }
    }
}

#[test]
fn a_word_of_several_syllables_has_one_that_is_stressed() {
    let is_stressed = |part: &&Value| part["is_stressed"] == true;
    for word in words(&simple()) {
        let syllables = list(&word["syllables"]);
        let stressed: Vec<_> = syllables.iter().filter(is_stressed).collect();
        if syllables.len() > 1 {
            assert_eq!(stressed.len(), 1, "{word}");
        }
        for syllable in syllables {
            let stressed = list(&syllable["phonemes"])
                .iter()
                .filter(is_stressed)
                .count();
            let expected = usize::from(syllable["is_stressed"] == true);
            assert_eq!(stressed, expected, "{syllable}");
        }
    }
}

#[test]
fn words_are_where_the_recording_is_loud_and_pauses_where_it_is_silent() {
    let result = simple();
    let segments = list(&result["metadata"]["speech_segments"]);
    for word in words(&result) {
        let (start, end) = span(&word);
        let is_within = |segment: &Value| {
            segment[0].as_f64().unwrap() <= start && end <= segment[1].as_f64().unwrap()
        };
        assert!(segments.iter().any(is_within), "{word}");
    }
    let parts = list(&result["user_speech_components"]).iter();
    let pauses: Vec<_> = parts.filter(|part| part["type"] == "pause").collect();
    let expected = json!({ "type": "pause", "start": 1.3, "end": 1.9, "is_long": true });
    assert_eq!(pauses, [&expected]);
}

#[test]
fn quiet_words_have_low_scores_and_feedback_in_the_language_of_the_call() {
    let words = words(&simple());
    let (first, last) = (&words[0], &words[5]);
    assert_eq!(
        (&first["is_correct"], &first["feedback"]),
        (&json!(true), &Value::Null)
    );
    assert_eq!(last["is_correct"], false);
    assert_eq!(last["feedback"], "(emulated) This word was hard to hear.");

    let korean = result(Endpoint::PronunciationSimple, &speech(), "ko", Vec::new());
    let parts = list(&korean["user_speech_components"]);
    let feedback = parts.last().and_then(|word| word["feedback"].as_str());
    assert_eq!(feedback, Some("(emulated) 이 단어는 잘 들리지 않았어요."));
}

#[test]
fn a_comparison_has_a_score_and_a_sentence_for_each_side() {
    let native = result(Endpoint::AnalyzeNative, &speech(), "", Vec::new());
    let native = list(&native["speech_components"]).to_vec();
    assert!(native.iter().all(|part| part["feedback"].is_null()));

    let slow = recording(&[(2.0, 0.5), (0.5, 0.1), (0.6, 0.0), (0.9, 0.5)]);
    let compared = result(Endpoint::Pronunciation, &slow, "en", native.clone());
    for side in ["pronunciation", "stress", "pause", "speed"] {
        let score = compared[side]["score"].as_f64().unwrap();
        assert!((0.0..100.0).contains(&score), "{side}: {score}");
        assert!(
            compared[side]["feedback"]
                .as_str()
                .unwrap()
                .starts_with("(emulated) ")
        );
    }
    let same = result(Endpoint::Pronunciation, &speech(), "en", native);
    for side in ["stress", "pause", "speed"] {
        assert_eq!(same[side]["score"], 100.0, "{side}");
    }
}

#[test]
fn the_same_recording_and_sentence_have_the_same_result() {
    assert_eq!(simple(), simple());
    assert_eq!(simple()["metadata"]["emulated"], true);
}
