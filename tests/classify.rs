//! Every answer of the vendor's Error Reference, and everything that gateways
//! send instead, is told apart.
#![cfg(not(target_arch = "wasm32"))]

use proptest::prelude::*;
use thetaone_web::core::catalogue::{Detail, ROWS};
use thetaone_web::core::error::classify::{Answer, classify, retry_after_ms};
use thetaone_web::core::error::detail::EXCERPT_CHARS;
use thetaone_web::core::error::failure::Failure;

fn answer(status: u16, body: &[u8]) -> Failure {
    classify(&Answer {
        status,
        retry_after: None,
        body,
        now_ms: 0.0,
    })
}

fn with_detail(status: u16, detail: &str) -> Failure {
    let body = serde_json::json!({ "detail": detail }).to_string();
    answer(status, body.as_bytes())
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

/// Typed from the reference, not from the table under test.
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
fn every_row_of_the_reference_gets_its_class() {
    for &(status, detail, class, code, reason, category, retryable) in REFERENCE {
        let failure = with_detail(status, detail);
        let row = failure.row;
        let got = (
            row.class.name(),
            row.code,
            row.reason,
            row.category.as_str(),
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
fn every_example_of_the_table_is_classified_as_its_own_row() {
    let rows = ROWS.iter().filter(|row| row.status.is_some());
    for row in rows.filter(|row| row.example.is_some()) {
        let example = row.example.unwrap();
        match row.detail {
            Detail::Exact(text) => assert_eq!(text, example),
            Detail::Prefix(text) => assert!(example.starts_with(text)),
            Detail::Any => {}
        }
        let failure = with_detail(row.status.unwrap(), example);
        assert!(std::ptr::eq(failure.row, row), "{example}");
        assert_eq!(failure.detail.as_deref(), Some(example));
    }
}

#[test]
fn details_that_only_resemble_the_reference_are_not_taken_for_it() {
    for detail in [
        "gold_text is required by law",
        "Not all words are spoken. Invalid audio format",
        "Sorry: Invalid options: x",
        "Invalid",
    ] {
        assert_eq!(with_detail(400, detail).row.code, "BAD_REQUEST", "{detail}");
    }
}

#[test]
fn a_full_stop_or_a_capital_makes_no_other_error() {
    for (status, detail, code) in [
        (400, "Not all words are spoken", "NOT_ALL_WORDS_SPOKEN"),
        (400, " not all words are spoken. ", "NOT_ALL_WORDS_SPOKEN"),
        (400, "Invalid audio format.", "INVALID_AUDIO"),
        (400, "Gold_text is required!", "MISSING_GOLD_TEXT"),
        (400, "Invalid options format…", "INVALID_OPTIONS"),
        (401, "Invalid API key.", "UNAUTHORIZED"),
    ] {
        let failure = with_detail(status, detail);
        assert_eq!(failure.row.code, code, "{detail}");
        assert_ne!(failure.row.reason, Some("unknown"), "{detail}");
    }
}

#[test]
fn the_servers_own_string_stays_as_it_is() {
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
fn fastapi_validation_arrays_become_one_line() {
    let body = br#"{"detail":[{"type":"missing","loc":["body","file"],"msg":"Field required","input":null},
        {"loc":["body","options",0],"msg":"bad \"thing\""}]}"#;
    let failure = answer(422, body);
    assert_eq!(failure.row.code, "UNEXPECTED_STATUS");
    assert_eq!(
        failure.detail.as_deref(),
        Some(r#"body.file: Field required; body.options.0: bad "thing""#)
    );
}

#[test]
fn what_is_no_json_is_excerpted() {
    let failure = answer(502, b"<html>\n  <h1>502 Bad Gateway</h1>\n</html>");
    assert_eq!(
        failure.detail.as_deref(),
        Some("<html> <h1>502 Bad Gateway</h1> </html>")
    );
    assert_eq!(answer(503, b"").detail, None);
    assert_eq!(answer(503, b" \r\n ").detail, None);
    assert_eq!(
        answer(500, b"\xff\xfe\x00bad").detail.as_deref(),
        Some("\u{fffd}\u{fffd} bad")
    );
}

#[test]
fn odd_json_is_survived() {
    for (body, detail) in [
        (r#"{"detail": null}"#, "null"),
        (r#"{"detail": {"code": 7}}"#, r#"{"code": 7}"#),
        (r#"{"detail": []}"#, "[]"),
        (r#"{"error": "x", "detail": "here"}"#, "here"),
        (r#"{"a": {"detail": "deep"}, "detail": "top"}"#, "top"),
        (
            r#"{"detail": "caf\u00e9 \ud83d\ude00 \ud83d"}"#,
            "café 😀 \u{fffd}",
        ),
        ("\u{feff}{\"detail\": \"bom\"}", "bom"),
        (r#"{"detail": "cut of"#, r#"{"detail": "cut of"#),
        (r#"["detail"]"#, r#"["detail"]"#),
    ] {
        let failure = answer(400, body.as_bytes());
        assert_eq!(failure.detail.as_deref(), Some(detail), "{body}");
    }
}

#[test]
fn ten_megabytes_are_bounded() {
    let body = vec![b'x'; 10 << 20];
    let detail = answer(500, &body).detail.unwrap();
    assert_eq!(detail.chars().count(), EXCERPT_CHARS + 1);
    let nested = vec![b'['; 10 << 20];
    assert!(answer(500, &nested).detail.is_some());
}

#[test]
fn a_key_that_the_server_echoes_does_not_come_through() {
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
        // Fractions are rounded up, and units kept to.
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
        // Of a list, the longest counts.
        ("2, 2", Some(2_000.0)),
        ("2,7,3", Some(7_000.0)),
        ("soon, 4", Some(4_000.0)),
        ("3, Sun, 06 Nov 1994 08:49:47 GMT", Some(10_000.0)),
        ("Sun, 06 Nov 1994 08:49:47 GMT, 30", Some(30_000.0)),
        ("sunday, 06-nov-94 08:49:47", Some(10_000.0)),
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
fn a_redirect_that_is_not_followed_says_so_by_whatever_status() {
    for status in [0, 301, 302, 303, 307, 308] {
        let failure = answer(status, b"");
        assert_eq!(failure.row.class.name(), "UnexpectedStatusError");
        assert_eq!(failure.status, Some(status));
        assert!(failure.row.fix.contains("baseUrl"), "{status}");
        assert!(!failure.is_retryable());
    }
}

/// However a number of seconds is written, the client is not back before they are
/// over; and it is told whole seconds, which are less than one more.
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
    fn no_spelling_of_retry_after_brings_the_client_back_earlier(
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
    fn of_a_list_the_longest_counts(waits in prop::collection::vec(0u32..1_000, 1..6), apart in "(,|, | , )") {
        let text = waits.iter().map(u32::to_string).collect::<Vec<_>>().join(&apart);
        let longest = f64::from(*waits.iter().max().unwrap()) * 1000.0;
        prop_assert_eq!(retry_after_ms(&text, 0.0), Some(longest));
    }

    #[test]
    fn whatever_retry_after_says_it_is_none_or_a_finite_wait(value in "\\PC{0,40}|[-+0-9.,;:exmsh \"]{0,20}") {
        if let Some(ms) = retry_after_ms(&value, 784_111_777_000.0) {
            prop_assert!(ms.is_finite() && ms >= 0.0, "{value:?}: {ms}");
        }
    }

    #[test]
    fn no_bytes_are_too_strange(status in 0u16..=999, body in prop::collection::vec(any::<u8>(), 0..600)) {
        let failure = answer(status, &body);
        prop_assert!(failure.detail.is_none_or(|detail| detail.chars().count() <= EXCERPT_CHARS + 1));
    }

    #[test]
    fn no_text_is_too_strange(body in r#"[\[\]{}",:\\u0-9a-f detail\n]{0,80}"#) {
        answer(400, body.as_bytes());
    }

    #[test]
    fn any_detail_comes_through_whatever_stands_around_it(
        detail in "[a-zA-Z0-9 \"\\\\/\u{7f}-\u{fff}é😀_.:-]{1,60}",
        before in "[a-z\"\\\\{}\\[\\], ]{0,20}",
        number in any::<f64>(),
    ) {
        let json = serde_json::json!({ "a": [before, { "detail": before }, number], "detail": detail });
        let expected = (!detail.trim().is_empty()).then_some(detail);
        prop_assert_eq!(answer(400, json.to_string().as_bytes()).detail, expected);
    }
}
