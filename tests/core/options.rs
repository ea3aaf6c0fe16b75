//! Options are what the contract says, and a wrong one is named.

use thetaone_web::core::audio::output_format::{BIT_RATES, MP3_RATES, OutputFormat};
use thetaone_web::core::options::schema::{LONG_REQUEST, REQUEST};
use thetaone_web::core::options::settings::ClientOptions;
use thetaone_web::core::options::value::OptionValue;
use thetaone_web::core::retry::policy::RetryPolicy;

fn object(members: &[(&str, OptionValue)]) -> OptionValue {
    let owned = |(name, value): &(&str, OptionValue)| (name.to_string(), value.clone());
    OptionValue::Object(members.iter().map(owned).collect())
}

#[test]
fn the_defaults_match_the_contract() {
    let options = ClientOptions::read(&OptionValue::Absent);
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
        ("deadlineMs", OptionValue::Number(9000.0)),
        (
            "retry",
            object(&[
                ("maxAttempts", OptionValue::Number(5.0)),
                ("timeouts", OptionValue::Bool(true)),
            ]),
        ),
    ]));
    let call = client.for_call(&object(&[
        ("attemptTimeoutMs", OptionValue::Number(10.0)),
        (
            "retry",
            object(&[("maxAttempts", OptionValue::Number(1.0))]),
        ),
    ]));
    assert_eq!(call.retry.max_attempts, 1);
    assert!(call.retry.timeouts);
    assert_eq!(call.attempt_timeout_ms, 10.0);
    assert_eq!(call.deadline_ms, Some(9000.0));
}

#[test]
fn transcribe_long_accepts_the_options_of_a_call_and_its_own() {
    let names = |fields: &[thetaone_web::core::options::schema::OptionSpec]| {
        fields.iter().map(|field| field.name).collect::<Vec<_>>()
    };
    let mut expected = names(REQUEST);
    expected.extend(["maxPartSeconds", "resume"]);
    assert_eq!(names(LONG_REQUEST), expected);
}

#[test]
fn every_valid_bit_rate_is_used_for_mp3() {
    for kbps in BIT_RATES {
        let options = object(&[
            ("format", OptionValue::Text("mp3".into())),
            ("bitrateKbps", OptionValue::Number(f64::from(*kbps))),
        ]);
        assert_eq!(OutputFormat::read(&options, false).mp3_kbps, Some(*kbps));
    }
}

#[test]
fn wav_is_the_default_format() {
    let mp3 = |more: &[(&str, OptionValue)]| {
        let mut members = vec![("format", OptionValue::Text("mp3".into()))];
        members.extend(more.iter().cloned());
        OutputFormat::read(&object(&members), false)
    };
    assert_eq!(
        OutputFormat::read(&OptionValue::Absent, false),
        OutputFormat::default()
    );
    assert!(OutputFormat::read(&OptionValue::Absent, true).trim_silence);
    assert_eq!(mp3(&[]).mp3_kbps, Some(48));
    let rate_alone = object(&[("bitrateKbps", OptionValue::Number(64.0))]);
    assert_eq!(OutputFormat::read(&rate_alone, false).mp3_kbps, None);

    assert_eq!(mp3(&[]).mp3_kbps_for(16_000), Some(48));
    assert_eq!(mp3(&[]).mp3_kbps_for(9_000), None, "it stays WAV");
    assert_eq!(OutputFormat::default().mp3_kbps_for(16_000), None);
    for (rate, becomes) in [
        (48_000, true),
        (16_000, true),
        (9_000, false),
        (7_000, false),
        (384_000, false),
    ] {
        assert_eq!(mp3(&[]).encodes_to_mp3(rate), becomes, "{rate} Hz");
        assert!(!OutputFormat::default().encodes_to_mp3(rate));
    }

    assert!(OutputFormat::default().matches("audio/mpeg"));
    assert!(mp3(&[]).matches("audio/mpeg") && !mp3(&[]).matches("audio/wav"));
    assert!(!mp3(&[("trimSilence", OptionValue::Bool(true))]).matches("audio/mpeg"));
}

#[test]
fn the_encoder_accepts_every_valid_rate() {
    assert_eq!(MP3_RATES, thetaone_web_mp3::stream::SAMPLE_RATES);
    for kbps in BIT_RATES {
        assert!(thetaone_web_mp3::stream::BIT_RATES.contains(kbps));
    }
}
