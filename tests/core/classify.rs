//! Tests that every response of the vendor's Error Reference, and every response that gateways send
//! instead, is classified correctly.

use proptest::prelude::*;
use thetaone_web::core::catalogue::{DetailMatch, ERRORS};
use thetaone_web::core::error::classify::{HttpResponse, classify, retry_after_ms};
use thetaone_web::core::error::detail::{EXCERPT_CHARS, ErrorDetail};
use thetaone_web::core::error::failure::Failure;

fn with(status: u16, detail: Option<ErrorDetail>) -> Failure {
    classify(&HttpResponse {
        status,
        retry_after: None,
        detail,
        received_at_ms: 0.0,
    })
}

fn with_detail(status: u16, detail: &str) -> Failure {
    with(status, Some(ErrorDetail::Text(detail.to_owned())))
}

fn with_excerpt(status: u16, body: &str) -> Failure {
    with(status, Some(ErrorDetail::Excerpt(body.to_owned())))
}

/// Status, detail, class, code, reason, category, retryable.
type ReferenceRow = (
    u16,
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
    &'static str,
    bool,
);

/// Copied from the reference, not from the table under test.
#[rustfmt::skip]
const REFERENCE: &[ReferenceRow] = &[
    (400, "Invalid options format. Must be a valid JSON string.", "InvalidOptionsError", "INVALID_OPTIONS", Some("malformed_json"), "client", false),
    (400, "Invalid options: unknown key 'foo'", "InvalidOptionsError", "INVALID_OPTIONS", Some("schema"), "client", false),
    (400, "Invalid options: 1 validation error for Options\nlanguage\n  bad", "InvalidOptionsError", "INVALID_OPTIONS", Some("schema"), "client", false),
    (400, "gold_text is required", "MissingGoldTextError", "MISSING_GOLD_TEXT", None, "client", false),
    (400, "Invalid native_speech_components_json format. Must be a valid JSON string.", "InvalidNativeSpeechComponentsError", "INVALID_NATIVE_SPEECH_COMPONENTS", Some("malformed_json"), "client", false),
    (400, "Invalid native_speech_components format", "InvalidNativeSpeechComponentsError", "INVALID_NATIVE_SPEECH_COMPONENTS", Some("schema"), "client", false),
    (400, "Not all words are spoken.", "NotAllWordsSpokenError", "NOT_ALL_WORDS_SPOKEN", None, "client", false),
    (400, "Invalid audio format", "InvalidAudioError", "INVALID_AUDIO", None, "client", false),
    (400, "Something else", "BadRequestError", "BAD_REQUEST", None, "client", false),
    (401, "Invalid API key", "AuthenticationError", "UNAUTHORIZED", Some("invalid_key"), "client", false),
    (401, "API key is not active, please check your API key...", "AuthenticationError", "UNAUTHORIZED", Some("inactive_key"), "client", false),
    (401, "Session expired", "AuthenticationError", "UNAUTHORIZED", Some("unknown"), "client", false),
    (402, "Insufficient credits, please check your credit balance", "PaymentRequiredError", "PAYMENT_REQUIRED", Some("insufficient_credits"), "billing", false),
    (402, "This feature requires a Starter plan or higher...", "PaymentRequiredError", "PAYMENT_REQUIRED", Some("plan_required"), "billing", false),
    (402, "Pay up", "PaymentRequiredError", "PAYMENT_REQUIRED", Some("unknown"), "billing", false),
    (413, "too large", "PayloadTooLargeError", "PAYLOAD_TOO_LARGE", None, "client", false),
    (429, "Rate limit exceeded. Please try again later.", "RateLimitError", "RATE_LIMIT_EXCEEDED", None, "quota", true),
    (500, "Internal server error", "ServerError", "INTERNAL_SERVER_ERROR", None, "server", true),
    (502, "", "ServerError", "BAD_GATEWAY", None, "server", true),
    (503, "", "ServerError", "SERVICE_UNAVAILABLE", None, "server", true),
    (504, "", "ServerError", "GATEWAY_TIMEOUT", None, "server", true),
    (418, "teapot", "UnexpectedStatusError", "UNEXPECTED_STATUS", None, "server", false),
    (422, "x", "UnexpectedStatusError", "UNEXPECTED_STATUS", None, "server", false),
    (501, "x", "UnexpectedStatusError", "UNEXPECTED_STATUS", None, "server", false),
    (204, "", "UnexpectedStatusError", "UNEXPECTED_STATUS", None, "server", false),
    (0, "", "UnexpectedStatusError", "UNEXPECTED_STATUS", None, "server", false),
];

#[test]
fn every_error_of_the_reference_has_its_class() {
    for &(status, detail, class, code, reason, category, retryable) in REFERENCE {
        let failure = with_detail(status, detail);
        let spec = failure.spec;
        let got = (
            spec.class.name(),
            spec.code,
            spec.reason,
            spec.category.as_str(),
            failure.is_retryable(),
        );
        assert_eq!(
            got,
            (class, code, reason, category, retryable),
            "{status} {detail:?}"
        );
        assert_eq!(failure.status, Some(status));
    }
}

#[test]
fn every_example_is_classified_as_its_own_row() {
    let specs = ERRORS.iter().filter(|spec| spec.status.is_some());
    for spec in specs.filter(|spec| spec.example.is_some()) {
        let example = spec.example.unwrap();
        match spec.detail {
            DetailMatch::Exact(text) => assert_eq!(text, example),
            DetailMatch::Prefix(text) => assert!(example.starts_with(text)),
            DetailMatch::Any => {}
        }
        let failure = with_detail(spec.status.unwrap(), example);
        assert!(std::ptr::eq(failure.spec, spec), "{example}");
        assert_eq!(failure.detail.as_deref(), Some(example));
    }
}

#[test]
fn similar_details_are_not_classified_as_the_reference() {
    for detail in [
        "gold_text is required by law",
        "Not all words are spoken. Invalid audio format",
        "Sorry: Invalid options: x",
        "Invalid",
    ] {
        assert_eq!(
            with_detail(400, detail).spec.code,
            "BAD_REQUEST",
            "{detail}"
        );
    }
}

#[test]
fn punctuation_and_case_do_not_change_the_class() {
    for (status, detail, code) in [
        (400, "Not all words are spoken", "NOT_ALL_WORDS_SPOKEN"),
        (400, " not all words are spoken. ", "NOT_ALL_WORDS_SPOKEN"),
        (400, "Invalid audio format.", "INVALID_AUDIO"),
        (400, "Gold_text is required!", "MISSING_GOLD_TEXT"),
        (400, "Invalid options format…", "INVALID_OPTIONS"),
        (401, "Invalid API key.", "UNAUTHORIZED"),
    ] {
        let failure = with_detail(status, detail);
        assert_eq!(failure.spec.code, code, "{detail}");
        assert_ne!(failure.spec.reason, Some("unknown"), "{detail}");
    }
}

#[test]
fn the_detail_string_is_unchanged_and_the_message_is_one_line() {
    let said = format!("Invalid options: 2 errors\n\tlanguage  {}", "x".repeat(900));
    let failure = with_detail(400, &said);
    assert_eq!(failure.detail.as_deref(), Some(said.as_str()));
    assert!(
        failure.message.chars().count() < 450,
        "the message is one line, and short"
    );
    assert!(!failure.message.contains('\n'));
}

#[test]
fn other_bodies_are_excerpted_on_one_line() {
    let html = "<html>\n  <h1>502 Bad Gateway</h1>\n</html>";
    assert_eq!(
        with_excerpt(502, html).detail.as_deref(),
        Some("<html> <h1>502 Bad Gateway</h1> </html>")
    );
    assert_eq!(with_excerpt(503, "").detail, None);
    assert_eq!(with_excerpt(503, " \r\n ").detail, None);
    assert_eq!(
        with_excerpt(500, "\u{fffd}\u{fffd}\0bad").detail.as_deref(),
        Some("\u{fffd}\u{fffd} bad")
    );
}

#[test]
fn an_excerpt_of_ten_megabytes_is_short() {
    for body in ["x", "["] {
        let detail = with_excerpt(500, &body.repeat(10 << 20)).detail.unwrap();
        assert_eq!(detail.chars().count(), EXCERPT_CHARS + 1);
    }
}

#[test]
fn a_key_in_the_detail_is_redacted() {
    let failure = with_detail(401, "unknown key sk-theta-emulated-secret in x-api-key");
    assert!(!failure.message.contains("secret"));
    assert_eq!(
        failure.detail.as_deref(),
        Some("unknown key sk-theta-… in x-api-key")
    );
}

#[test]
fn retry_after_is_seconds_or_a_date() {
    let now_ms = 784_111_777_000.0; // Sun, 06 Nov 1994 08:49:37 GMT
    for (value, expected) in [
        ("61", Some(61_000.0)),
        (" 0 ", Some(0.0)),
        ("Sun, 06 Nov 1994 08:49:47 GMT", Some(10_000.0)),
        ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0.0)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0.0)),
        // Fractions are rounded up, and units are respected.
        ("1.5", Some(2_000.0)),
        (".1", Some(1_000.0)),
        ("2.0", Some(2_000.0)),
        ("1s", Some(1_000.0)),
        ("5 seconds", Some(5_000.0)),
        ("1500ms", Some(2_000.0)),
        ("2 min", Some(120_000.0)),
        ("1h", Some(3_600_000.0)),
        ("+5", Some(5_000.0)),
        ("\"5\"", Some(5_000.0)),
        ("'5'", Some(5_000.0)),
        ("5;foo", Some(5_000.0)),
        ("5 foo", Some(5_000.0)),
        ("1e2", Some(100_000.0)),
        ("0x10", Some(16_000.0)),
        // The longest time in a list counts.
        ("2, 2", Some(2_000.0)),
        ("2,7,3", Some(7_000.0)),
        ("soon, 4", Some(4_000.0)),
        // Text before the number.
        ("delay=4", Some(4_000.0)),
        ("retry in 4 seconds", Some(4_000.0)),
        ("about 4", Some(4_000.0)),
        ("(4)", Some(4_000.0)),
        ("PT4S", Some(4_000.0)),
        ("PT2M", Some(120_000.0)),
        ("3, Sun, 06 Nov 1994 08:49:47 GMT", Some(10_000.0)),
        ("Sun, 06 Nov 1994 08:49:47 GMT, 30", Some(30_000.0)),
        ("sunday, 06-nov-94 08:49:47", Some(10_000.0)),
        ("1994-11-06T08:49:47Z", Some(10_000.0)),
        ("1994-11-06T08:49:47.250Z", Some(10_000.0)),
        ("1994-11-06 08:49:47", Some(10_000.0)),
        ("-1", None),
        ("-1.5", None),
        ("soon", None),
        ("NaN", None),
        ("Infinity", None),
        ("", None),
        (",", None),
        ("٣", None),
    ] {
        assert_eq!(retry_after_ms(value, now_ms), expected, "{value:?}");
    }
    for digits in ["9", "9.9", "1e9"] {
        let absurd = retry_after_ms(&digits.repeat(400), now_ms).unwrap();
        assert!(absurd.is_finite(), "{digits}");
    }
}

#[test]
fn redirects_are_unexpected_statuses_that_name_the_base_url() {
    for status in [0, 301, 302, 303, 307, 308] {
        let failure = with(status, None);
        assert_eq!(failure.spec.class.name(), "UnexpectedStatusError");
        assert_eq!(failure.status, Some(status));
        assert!(failure.spec.fix.contains("baseUrl"), "{status}");
        assert!(!failure.is_retryable());
    }
}

/// Returns a number of seconds in one of many spellings. In each, the client must not return
/// earlier. The reported seconds are whole, and less than one second more.
fn spelled(seconds: f64, spelling: usize) -> String {
    match spelling {
        0 => format!("{seconds}"),
        1 => format!("  {seconds}\t"),
        2 => format!("+{seconds}"),
        3 => format!("\"{seconds}\""),
        4 => format!("{seconds}s"),
        5 => format!("{seconds} SECONDS"),
        6 => format!("{seconds};comment=7x"),
        7 => format!("{seconds}, 0"),
        8 => format!("0,{seconds}"),
        9 => format!("{seconds}e0"),
        10 => format!("{:.3}", seconds),
        11 => format!("{} ms", (seconds * 1000.0).ceil()),
        _ => format!("{seconds}, soon"),
    }
}

proptest! {
    #[test]
    fn no_spelling_of_retry_after_shortens_the_wait(
        thousandths in 0u32..400_000,
        spelling in 0usize..13,
    ) {
        let seconds = f64::from(thousandths) / 1000.0;
        let text = spelled(seconds, spelling);
        let ms = retry_after_ms(&text, 0.0).unwrap();
        prop_assert!(ms >= seconds * 1000.0, "{text}: {ms}");
        prop_assert!(ms <= seconds.ceil() * 1000.0, "{text}: {ms}");
    }

    #[test]
    fn the_longest_wait_of_a_retry_after_list_counts(waits in prop::collection::vec(0u32..1_000, 1..6), apart in "(,|, | , )") {
        let text = waits.iter().map(u32::to_string).collect::<Vec<_>>().join(&apart);
        let longest = f64::from(*waits.iter().max().unwrap()) * 1000.0;
        prop_assert_eq!(retry_after_ms(&text, 0.0), Some(longest));
    }

    #[test]
    fn any_retry_after_is_none_or_a_finite_wait(value in "\\PC{0,40}|[-+0-9.,;:exmsh \"]{0,20}") {
        if let Some(ms) = retry_after_ms(&value, 784_111_777_000.0) {
            prop_assert!(ms.is_finite() && ms >= 0.0, "{value:?}: {ms}");
        }
    }

    #[test]
    fn classify_never_panics(status in 0u16..=999, text in "\\PC{0,600}") {
        with_detail(status, &text);
        let failure = with_excerpt(status, &text);
        prop_assert!(failure.detail.is_none_or(|detail| detail.chars().count() <= EXCERPT_CHARS + 1));
    }

    #[test]
    fn any_detail_string_is_unchanged(detail in "[a-zA-Z0-9 \"\\\\/\u{7f}-\u{fff}é😀_.:-]{1,60}") {
        let expected = (!detail.trim().is_empty()).then(|| detail.clone());
        prop_assert_eq!(with_detail(400, &detail).detail, expected);
    }
}
