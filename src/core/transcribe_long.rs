//! What holds for a recording that is sent in parts: which part is which, whose
//! failure ends it all, and one transcript from all of theirs.

use crate::core::catalogue::{Class, ROWS};

/// What the API calls a text of both languages.
const MIXED: &str = "codeswitched";

/// Two decodings of the same file may differ by this much, in seconds: WebKit's
/// do.
const SAME_SECONDS: f64 = 0.1;

/// Where a part lies in the recording.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// In seconds.
    pub start_seconds: f64,
    /// In seconds.
    pub end_seconds: f64,
}

/// Whether these can be the parts of one recording: in order, apart, within it.
/// What is no number is no part.
pub fn are_parts(spans: &[Span], duration_seconds: f64) -> bool {
    let mut taken = 0.0;
    !spans.is_empty()
        && spans.iter().all(|span| {
            let fits = taken <= span.start_seconds
                && span.start_seconds < span.end_seconds
                && span.end_seconds <= duration_seconds;
            taken = span.end_seconds;
            fits
        })
}

/// Whether two durations can be those of one recording.
pub fn is_same_duration(one: f64, other: f64) -> bool {
    (one - other).abs() <= SAME_SECONDS
}

/// Whether the failure of one part, told by the `code` and `reason` of its error,
/// would be that of every part that is still to be sent. Whoever aborts, and the
/// deadline, mean all of them.
pub fn ends_all(code: &str, reason: Option<&str>) -> bool {
    let row = ROWS
        .iter()
        .find(|row| row.code == code && row.reason == reason)
        .or_else(|| ROWS.iter().find(|row| row.code == code));
    row.is_some_and(|row| match row.class {
        Class::Authentication | Class::PaymentRequired | Class::Aborted | Class::Configuration => {
            true
        }
        Class::Timeout => row.reason == Some("deadline"),
        _ => false,
    })
}

/// The texts in order, with a space between two where neither brings one: both
/// Korean and English part their words by spaces.
pub fn text<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut whole = String::new();
    for text in texts.into_iter().filter(|text| !text.is_empty()) {
        let parted = whole.is_empty()
            || whole.ends_with(char::is_whitespace)
            || text.starts_with(char::is_whitespace);
        if !parted {
            whole.push(' ');
        }
        whole.push_str(text);
    }
    whole
}

/// The `text_type` of all, from the text and `text_type` of each. A part without
/// any text has no say, unless all are so.
pub fn text_type<'a>(parts: &[(&'a str, Option<&'a str>)]) -> Option<&'a str> {
    let (mut any, mut spoken, mut differs) = (None, None, false);
    for &(text, text_type) in parts {
        any = any.or(text_type);
        if !text.trim().is_empty() {
            spoken = spoken.or(text_type);
            differs |= text_type.is_some() && text_type != spoken;
        }
    }
    if differs { Some(MIXED) } else { spoken.or(any) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start_seconds: f64, end_seconds: f64) -> Span {
        Span {
            start_seconds,
            end_seconds,
        }
    }

    #[test]
    fn parts_are_in_order_apart_and_within() {
        assert!(are_parts(
            &[span(0.0, 2.0), span(2.0, 3.0), span(3.5, 4.0)],
            4.0
        ));
        for wrong in [
            &[] as &[Span],
            &[span(1.0, 1.0)],
            &[span(-1.0, 1.0)],
            &[span(0.0, 5.0)],
            &[span(0.0, 2.0), span(1.9, 3.0)],
            &[span(f64::NAN, 1.0)],
            &[span(0.0, f64::NAN)],
        ] {
            assert!(!are_parts(wrong, 4.0), "{wrong:?}");
        }
    }

    #[test]
    fn what_would_fail_every_part_ends_all() {
        for (code, reason, ends) in [
            ("UNAUTHORIZED", Some("invalid_key"), true),
            ("PAYMENT_REQUIRED", Some("insufficient_credits"), true),
            ("ABORTED", None, true),
            ("CONFIGURATION", None, true),
            ("TIMEOUT", Some("deadline"), true),
            ("TIMEOUT", Some("attempt"), false),
            ("INTERNAL_SERVER_ERROR", None, false),
            ("INVALID_AUDIO", Some("silent"), false),
            ("no code of ours", None, false),
        ] {
            assert_eq!(ends_all(code, reason), ends, "{code}");
        }
    }

    #[test]
    fn words_are_parted_once() {
        assert_eq!(
            text(["Hello there.", "안녕하세요."]),
            "Hello there. 안녕하세요."
        );
        assert_eq!(text(["a ", "b", "\nc"]), "a b\nc");
        assert_eq!(text(["", "a", "", "b", ""]), "a b");
        assert_eq!(text([]), "");
    }

    #[test]
    fn languages_that_differ_are_mixed() {
        assert_eq!(text_type(&[]), None);
        assert_eq!(
            text_type(&[("a", Some("en")), ("b", Some("en"))]),
            Some("en")
        );
        assert_eq!(
            text_type(&[("a", Some("en")), ("나", Some("ko"))]),
            Some(MIXED)
        );
        assert_eq!(
            text_type(&[("나", Some("ko")), ("", Some("en"))]),
            Some("ko")
        );
        assert_eq!(text_type(&[("", Some("en"))]), Some("en"));
        assert_eq!(text_type(&[("a", None), ("b", Some("en"))]), Some("en"));
    }
}
