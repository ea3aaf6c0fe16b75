//! What is sent is what the API's table asks for, and what it would refuse is
//! refused before it is sent.
#![cfg(not(target_arch = "wasm32"))]

use proptest::prelude::*;
use thetaone_web::core::endpoint::{Components, Endpoint, text_fields};
use thetaone_web::core::options::value::Value;

fn object(members: &[(&str, Value)]) -> Value {
    let owned = |(name, value): &(&str, Value)| (name.to_string(), value.clone());
    Value::Object(members.iter().map(owned).collect())
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn fields(
    endpoint: Endpoint,
    options: &Value,
    components: Components,
) -> Vec<(&'static str, String)> {
    text_fields(endpoint, options, components).unwrap()
}

fn refused(
    endpoint: Endpoint,
    options: &Value,
    components: Components,
) -> (&'static str, Option<&'static str>, String) {
    let failure = text_fields(endpoint, options, components).unwrap_err();
    assert_eq!(failure.origin.as_str(), "client");
    (failure.row.code, failure.row.reason, failure.message)
}

#[test]
fn paths_are_the_references() {
    let paths: Vec<&str> = Endpoint::ALL
        .iter()
        .map(|endpoint| endpoint.path())
        .collect();
    assert_eq!(
        paths,
        [
            "/transcribe",
            "/analyze-native",
            "/pronunciation",
            "/pronunciation-simple"
        ]
    );
    for &endpoint in Endpoint::ALL {
        assert_eq!(Endpoint::from_method(endpoint.method()), Some(endpoint));
    }
}

#[test]
fn transcribe_sends_its_options_only_when_there_are_any() {
    let none = Components::Missing;
    for nothing in [
        Value::Absent,
        object(&[]),
        object(&[("suppress_korean", Value::Absent)]),
    ] {
        assert_eq!(fields(Endpoint::Transcribe, &nothing, none.clone()), []);
    }
    let options = object(&[("suppress_korean", Value::Bool(true))]);
    assert_eq!(
        fields(Endpoint::Transcribe, &options, none),
        [(
            "transcribe_options",
            r#"{"suppress_korean":true}"#.to_owned()
        )]
    );
}

#[test]
fn pronunciation_sends_options_and_reference_in_fields_of_their_own() {
    let options = object(&[
        ("gold_text", text("Say \"hi\"\n한국어")),
        ("language", text("en")),
        ("native_speech_components", Value::Other),
    ]);
    let reference = Components::Json(r#"[{"type":"word","score":95.0}]"#.into());
    assert_eq!(
        fields(Endpoint::Pronunciation, &options, reference),
        [
            (
                "options",
                r#"{"gold_text":"Say \"hi\"\n한국어","language":"en"}"#.to_owned()
            ),
            (
                "native_speech_components_json",
                r#"[{"type":"word","score":95.0}]"#.to_owned()
            ),
        ]
    );
}

#[test]
fn a_language_that_was_not_given_is_left_to_the_server() {
    let options = object(&[("gold_text", text("hi"))]);
    for endpoint in [Endpoint::AnalyzeNative, Endpoint::PronunciationSimple] {
        assert_eq!(
            fields(endpoint, &options, Components::Missing),
            [("options", r#"{"gold_text":"hi"}"#.to_owned())]
        );
    }
}

#[test]
fn gold_text_is_asked_for_before_the_server_asks() {
    for &endpoint in &Endpoint::ALL[1..] {
        for options in [
            Value::Absent,
            object(&[]),
            object(&[("gold_text", text(""))]),
            object(&[("gold_text", text(" \n"))]),
        ] {
            let (code, _, message) = refused(endpoint, &options, Components::Missing);
            assert_eq!(code, "MISSING_GOLD_TEXT");
            assert!(message.contains("gold_text"), "{message}");
        }
    }
}

#[test]
fn wrong_options_are_named() {
    for (endpoint, options, named) in [
        (
            Endpoint::Transcribe,
            object(&[("suppress_korean", text("yes"))]),
            "suppress_korean",
        ),
        (
            Endpoint::Transcribe,
            object(&[("gold_text", text("x"))]),
            "gold_text",
        ),
        (
            Endpoint::AnalyzeNative,
            object(&[("gold_text", Value::Number(3.0))]),
            "gold_text",
        ),
        (
            Endpoint::AnalyzeNative,
            object(&[("gold_text", text("x")), ("language", text("en"))]),
            "language",
        ),
        (
            Endpoint::PronunciationSimple,
            object(&[("gold_text", text("x")), ("language", text("fr"))]),
            "language",
        ),
        (
            Endpoint::PronunciationSimple,
            object(&[("goldText", text("x"))]),
            "goldText",
        ),
        (Endpoint::Transcribe, Value::List, "options"),
        (Endpoint::Transcribe, text("x"), "options"),
    ] {
        let (code, reason, message) = refused(endpoint, &options, Components::Missing);
        assert_eq!(
            (code, reason),
            ("INVALID_OPTIONS", Some("schema")),
            "{message}"
        );
        assert!(message.contains(named), "{message}");
    }
}

#[test]
fn a_reference_that_cannot_be_one_is_refused() {
    let options = object(&[("gold_text", text("hi"))]);
    for (components, reason) in [
        (Components::Missing, "schema"),
        (Components::NotAnArray, "schema"),
        (Components::Malformed, "malformed_json"),
    ] {
        let (code, got, message) = refused(Endpoint::Pronunciation, &options, components);
        assert_eq!(
            (code, got),
            ("INVALID_NATIVE_SPEECH_COMPONENTS", Some(reason))
        );
        assert!(message.contains("native_speech_components"));
    }
}

proptest! {
    #[test]
    fn any_sentence_survives_as_json(sentence in "\\PC{1,40}|[\\x00-\\x1f\"\\\\a]{1,20}") {
        prop_assume!(!sentence.trim().is_empty());
        let options = object(&[("gold_text", text(&sentence))]);
        let sent = fields(Endpoint::AnalyzeNative, &options, Components::Missing);
        let json: serde_json::Value = serde_json::from_str(&sent[0].1).unwrap();
        prop_assert_eq!(json["gold_text"].as_str(), Some(sentence.as_str()));
    }
}
