//! Options are what the contract says, and a wrong one is named.
#![cfg(not(target_arch = "wasm32"))]

use thetaone_web::core::audio::output_format::{BIT_RATES, MP3_RATES, Wanted};
use thetaone_web::core::options::schema::{LONG_REQUEST, REQUEST};
use thetaone_web::core::options::settings::ClientOptions;
use thetaone_web::core::options::value::Value;
use thetaone_web::core::retry::policy::RetryPolicy;

fn object(members: &[(&str, Value)]) -> Value {
    let owned = |(name, value): &(&str, Value)| (name.to_string(), value.clone());
    Value::Object(members.iter().map(owned).collect())
}

#[test]
fn the_defaults_are_the_contracts() {
    let options = ClientOptions::read(&Value::Absent);
    assert_eq!(
        options.retry,
        RetryPolicy {
            max_attempts: 3,
            base_delay_ms: 1000.0,
            max_delay_ms: 30_000.0,
            jitter: Default::default(),
            timeouts: false,
            connection: true,
        }
    );
    assert_eq!(options.attempt_timeout_ms, 30_000.0);
    assert_eq!(options.deadline_ms, None);
    assert_eq!(options.max_concurrent, 4);
    assert_eq!(options.requests_per_minute, None);
    assert_eq!(options.locale.as_str(), "en");
}

#[test]
fn a_call_overrides_the_client_option_by_option() {
    let client = ClientOptions::read(&object(&[
        ("deadlineMs", Value::Number(9000.0)),
        (
            "retry",
            object(&[
                ("maxAttempts", Value::Number(5.0)),
                ("timeouts", Value::Bool(true)),
            ]),
        ),
    ]));
    let call = client.for_call(&object(&[
        ("attemptTimeoutMs", Value::Number(10.0)),
        ("retry", object(&[("maxAttempts", Value::Number(1.0))])),
    ]));
    assert_eq!(call.retry.max_attempts, 1);
    assert!(call.retry.timeouts);
    assert_eq!(call.attempt_timeout_ms, 10.0);
    assert_eq!(call.deadline_ms, Some(9000.0));
}

#[test]
fn a_long_recording_takes_every_option_of_a_call_and_its_own() {
    let names = |fields: &[thetaone_web::core::options::schema::Field]| {
        fields.iter().map(|field| field.name).collect::<Vec<_>>()
    };
    let mut expected = names(REQUEST);
    expected.extend(["maxPartSeconds", "resume"]);
    assert_eq!(names(LONG_REQUEST), expected);
}

#[test]
fn every_bit_rate_is_what_mp3_is_encoded_with() {
    for kbps in BIT_RATES {
        let options = object(&[
            ("format", Value::Text("mp3".into())),
            ("bitrateKbps", Value::Number(f64::from(*kbps))),
        ]);
        assert_eq!(Wanted::read(&options, false).mp3, Some(*kbps));
    }
}

#[test]
fn audio_becomes_wav_unless_it_is_asked_for_otherwise() {
    let mp3 = |more: &[(&str, Value)]| {
        let mut members = vec![("format", Value::Text("mp3".into()))];
        members.extend(more.iter().cloned());
        Wanted::read(&object(&members), false)
    };
    assert_eq!(Wanted::read(&Value::Absent, false), Wanted::default());
    assert!(Wanted::read(&Value::Absent, true).trim);
    assert_eq!(mp3(&[]).mp3, Some(48));
    let rate_alone = object(&[("bitrateKbps", Value::Number(64.0))]);
    assert_eq!(Wanted::read(&rate_alone, false).mp3, None);

    assert_eq!(mp3(&[]).kbps_at(16_000), Some(48));
    assert_eq!(mp3(&[]).kbps_at(9_000), None, "it stays WAV");
    assert_eq!(Wanted::default().kbps_at(16_000), None);
    for (rate, becomes) in [
        (48_000, true),
        (16_000, true),
        (9_000, false),
        (7_000, false),
        (384_000, false),
    ] {
        assert_eq!(mp3(&[]).makes_mp3_of(rate), becomes, "{rate} Hz");
        assert!(!Wanted::default().makes_mp3_of(rate));
    }

    assert!(Wanted::default().is_met_by("audio/mpeg"));
    assert!(mp3(&[]).is_met_by("audio/mpeg") && !mp3(&[]).is_met_by("audio/wav"));
    assert!(!mp3(&[("trimSilence", Value::Bool(true))]).is_met_by("audio/mpeg"));
}

#[test]
fn the_encoder_takes_what_it_is_given() {
    assert_eq!(MP3_RATES, thetaone_web_mp3::stream::SAMPLE_RATES);
    for kbps in BIT_RATES {
        assert!(thetaone_web_mp3::stream::BIT_RATES.contains(kbps));
    }
}
