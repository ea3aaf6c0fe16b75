//! Rules for a recording that is sent in parts: valid parts, errors that end the whole call, and
//! the transcript of all parts.

use crate::core::catalogue::{Class, ERRORS};

/// The API's name for a text in both languages.
const MIXED: &str = "codeswitched";

/// The largest difference between two decodings of the same file, in seconds: WebKit's differ.
const SAME_SECONDS: f64 = 0.1;

/// The place of a part in the recording.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// The start, in seconds.
    pub start_seconds: f64,
    /// The end, in seconds.
    pub end_seconds: f64,
}

/// True if the spans can be the parts of one recording: in order, without overlap, within the
/// recording. NaN is never valid.
pub fn are_valid_spans(spans: &[Span], duration_seconds: f64) -> bool {
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

/// True if both durations can be those of the same recording.
pub fn is_same_duration(one: f64, other: f64) -> bool {
    (one - other).abs() <= SAME_SECONDS
}

/// True if the error of one part, given by its `code` and `reason`, would be the error of every
/// part that is not sent yet. An abort and the deadline always concern all parts.
pub fn is_fatal_for_all(code: &str, reason: Option<&str>) -> bool {
    let spec = ERRORS
        .iter()
        .find(|spec| spec.code == code && spec.reason == reason)
        .or_else(|| ERRORS.iter().find(|spec| spec.code == code));
    spec.is_some_and(|spec| match spec.class {
        Class::Authentication | Class::PaymentRequired | Class::Aborted | Class::Configuration => {
            true
        }
        Class::Timeout => spec.reason == Some("deadline"),
        _ => false,
    })
}

/// Joins the texts in order, with a space between two where neither has one: Korean and English
/// both separate words by spaces.
pub fn join_texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
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

/// Returns the `text_type` of the whole, given the text and the `text_type` of each part. Parts
/// without any text do not count, unless all are empty.
pub fn merge_text_type<'a>(parts: &[(&'a str, Option<&'a str>)]) -> Option<&'a str> {
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
    fn valid_spans_are_in_order_separate_and_within_the_recording() {
        assert!(are_valid_spans(
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
            assert!(!are_valid_spans(wrong, 4.0), "{wrong:?}");
        }
    }

    #[test]
    fn errors_of_every_part_are_fatal_for_all() {
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
            assert_eq!(is_fatal_for_all(code, reason), ends, "{code}");
        }
    }

    #[test]
    fn texts_are_separated_by_one_space() {
        assert_eq!(
            join_texts(["Hello there.", "안녕하세요."]),
            "Hello there. 안녕하세요."
        );
        assert_eq!(join_texts(["a ", "b", "\nc"]), "a b\nc");
        assert_eq!(join_texts(["", "a", "", "b", ""]), "a b");
        assert_eq!(join_texts([]), "");
    }

    #[test]
    fn different_languages_are_mixed() {
        assert_eq!(merge_text_type(&[]), None);
        assert_eq!(
            merge_text_type(&[("a", Some("en")), ("b", Some("en"))]),
            Some("en")
        );
        assert_eq!(
            merge_text_type(&[("a", Some("en")), ("나", Some("ko"))]),
            Some(MIXED)
        );
        assert_eq!(
            merge_text_type(&[("나", Some("ko")), ("", Some("en"))]),
            Some("ko")
        );
        assert_eq!(merge_text_type(&[("", Some("en"))]), Some("en"));
        assert_eq!(
            merge_text_type(&[("a", None), ("b", Some("en"))]),
            Some("en")
        );
    }
}
