//! What is sent is what the API's table asks for, and what it would refuse is
//! refused before it is sent.

use proptest::prelude::*;
use thetaone_web::core::endpoint::{Endpoint, NativeComponents, text_fields};
use thetaone_web::core::options::value::OptionValue;

fn object(members: &[(&str, OptionValue)]) -> OptionValue {
    let owned = |(name, value): &(&str, OptionValue)| (name.to_string(), value.clone());
    OptionValue::Object(members.iter().map(owned).collect())
}

fn text(text: &str) -> OptionValue {
    OptionValue::Text(text.into())
}

fn fields(
    endpoint: Endpoint,
    options: &OptionValue,
    components: NativeComponents,
) -> Vec<(&'static str, String)> {
    text_fields(endpoint, options, components).unwrap()
}

fn refused(
    endpoint: Endpoint,
    options: &OptionValue,
    components: NativeComponents,
) -> (&'static str, Option<&'static str>, String) {
    let failure = text_fields(endpoint, options, components).unwrap_err();
    assert_eq!(failure.origin.as_str(), "client");
    (failure.spec.code, failure.spec.reason, failure.message)
}

#[test]
fn paths_match_the_reference() {
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
fn transcribe_sends_options_only_if_there_are_any() {
    let none = NativeComponents::Missing;
    for nothing in [
        OptionValue::Absent,
        object(&[]),
        object(&[("suppress_korean", OptionValue::Absent)]),
    ] {
        assert_eq!(fields(Endpoint::Transcribe, &nothing, none.clone()), []);
    }
    let options = object(&[("suppress_korean", OptionValue::Bool(true))]);
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
        ("native_speech_components", OptionValue::Other),
    ]);
    let reference = NativeComponents::Json(r#"[{"type":"word","score":95.0}]"#.into());
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
fn a_missing_language_is_not_sent() {
    let options = object(&[("gold_text", text("hi"))]);
    for endpoint in [Endpoint::AnalyzeNative, Endpoint::PronunciationSimple] {
        assert_eq!(
            fields(endpoint, &options, NativeComponents::Missing),
            [("options", r#"{"gold_text":"hi"}"#.to_owned())]
        );
    }
}

#[test]
fn missing_gold_text_fails_before_sending() {
    for &endpoint in &Endpoint::ALL[1..] {
        for options in [
            OptionValue::Absent,
            object(&[]),
            object(&[("gold_text", text(""))]),
            object(&[("gold_text", text(" \n"))]),
        ] {
            let (code, _, message) = refused(endpoint, &options, NativeComponents::Missing);
            assert_eq!(code, "MISSING_GOLD_TEXT");
            assert!(message.contains("gold_text"), "{message}");
        }
    }
}

#[test]
fn invalid_options_are_named_in_the_message() {
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
            object(&[("gold_text", OptionValue::Number(3.0))]),
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
        (Endpoint::Transcribe, OptionValue::List, "options"),
        (Endpoint::Transcribe, text("x"), "options"),
    ] {
        let (code, reason, message) = refused(endpoint, &options, NativeComponents::Missing);
        assert_eq!(
            (code, reason),
            ("INVALID_OPTIONS", Some("schema")),
            "{message}"
        );
        assert!(message.contains(named), "{message}");
    }
}

#[test]
fn an_invalid_reference_fails_before_sending() {
    let options = object(&[("gold_text", text("hi"))]);
    for (components, reason) in [
        (NativeComponents::Missing, "schema"),
        (NativeComponents::NotAnArray, "schema"),
        (NativeComponents::Malformed, "malformed_json"),
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
    fn any_gold_text_is_valid_json(sentence in "\\PC{1,40}|[\\x00-\\x1f\"\\\\a]{1,20}") {
        prop_assume!(!sentence.trim().is_empty());
        let options = object(&[("gold_text", text(&sentence))]);
        let sent = fields(Endpoint::AnalyzeNative, &options, NativeComponents::Missing);
        let json: serde_json::Value = serde_json::from_str(&sent[0].1).unwrap();
        prop_assert_eq!(json["gold_text"].as_str(), Some(sentence.as_str()));
    }
}
