//! From an answer to a classified failure.

use crate::core::api_key::redact;
use crate::core::catalogue::{Class, Detail, ROWS, Row, row};
use crate::core::error::detail::{detail_of, excerpt};
use crate::core::error::failure::{Failure, Origin};
use crate::core::error::http_date;
use crate::core::text::{digits, joined};

/// What came back over HTTP.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The status code.
    pub status: u16,
    /// The header `Retry-After`, as it stands.
    pub retry_after: Option<&'a str>,
    /// The body, as it stands.
    pub body: &'a [u8],
    /// When it came, in milliseconds since the Unix epoch; an HTTP date in
    /// `Retry-After` is counted from here.
    pub now_ms: f64,
}

/// Classifies an answer that is not a success. Total: any status, any bytes.
///
/// ```
/// use thetaone_web::core::error::classify::{Answer, classify};
///
/// let failure = classify(&Answer {
///     status: 400,
///     retry_after: None,
///     body: br#"{"detail": "Not all words are spoken."}"#,
///     now_ms: 0.0,
/// });
/// assert_eq!(failure.row.class.name(), "NotAllWordsSpokenError");
/// assert!(!failure.is_retryable());
/// ```
pub fn classify(answer: &Answer<'_>) -> Failure {
    let detail = detail_of(answer.body).map(|said| redact(&said));
    let row = row_for(answer.status, detail.as_deref().unwrap_or(""));
    Failure {
        row,
        origin: Origin::Server,
        message: message(answer.status, row, detail.as_deref()),
        status: Some(answer.status),
        detail,
        retry_after_ms: answer
            .retry_after
            .and_then(|value| retry_after_ms(value, answer.now_ms)),
    }
}

/// A 200 whose body is not what the endpoint promises. `reason` is one of the
/// table's, if any; `problem` says what is wrong with it.
pub fn broken_success(answer: &Answer<'_>, reason: Option<&str>, problem: &str) -> Failure {
    Failure {
        row: row(Class::InvalidResponse, reason),
        origin: Origin::Server,
        message: joined(&[
            "the server answered ",
            &digits(answer.status.into()),
            ", but ",
            problem,
        ]),
        status: Some(answer.status),
        detail: detail_of(answer.body).map(|said| redact(&said)),
        retry_after_ms: None,
    }
}

fn row_for(status: u16, detail: &str) -> &'static Row {
    // A 200 is never an error by its status alone.
    // Node shows the redirect that a browser hides.
    let status = match status {
        301 | 302 | 303 | 307 | 308 => 0,
        _ => status,
    };
    let fits = |row: &&Row| {
        row.status == Some(status)
            && row.class != Class::InvalidResponse
            && match row.detail {
                Detail::Exact(text) => bare(detail).eq_ignore_ascii_case(bare(text)),
                Detail::Prefix(text) => detail
                    .trim_start()
                    .get(..text.len())
                    .is_some_and(|start| start.eq_ignore_ascii_case(text)),
                Detail::Any => true,
            }
    };
    ROWS.iter()
        .find(fits)
        .unwrap_or_else(|| row(Class::UnexpectedStatus, None))
}

/// Words alone: a full stop more or less, or a capital, makes no other error.
fn bare(detail: &str) -> &str {
    detail
        .trim()
        .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '…' | '!'))
}

fn message(status: u16, row: &Row, detail: Option<&str>) -> String {
    let said = detail.and_then(excerpt);
    let said = said.as_deref().unwrap_or(row.cause);
    let status = digits(status.into());
    match row.api_code {
        Some(api_code) => joined(&[&status, " ", api_code, ": ", said]),
        None => joined(&[&status, ": ", said]),
    }
}

/// Returns the header `Retry-After` in milliseconds from `now_ms` on: delta-seconds or
/// an HTTP date ([RFC 9110, 10.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3)).
///
/// Servers write it in many ways, and to misread one must not bring the client back
/// earlier: fractions of a second are rounded up, units are kept to, and of a list
/// the longest counts. A date in the past is 0. What is none of this is ignored.
pub fn retry_after_ms(value: &str, now_ms: f64) -> Option<f64> {
    let mut longest = None;
    // The comma of a date stands behind its weekday, which a date does without.
    for part in value
        .to_ascii_lowercase()
        .as_bytes()
        .split(|byte| matches!(byte, b',' | b';'))
    {
        let ms = match http_date::parse_lower(part) {
            Some(seconds) => Some((seconds as f64 * 1000.0 - now_ms).max(0.0)),
            None => seconds_of(part).map(|seconds| (seconds.ceil() * 1000.0).min(f64::MAX)),
        };
        if ms > longest {
            longest = ms;
        }
    }
    longest
}

/// A number of seconds, or of what its unit says.
fn seconds_of(text: &[u8]) -> Option<f64> {
    let is_before = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'+' | b'"' | b'\'' | b'=' | b':');
    let mut rest = text.iter().skip_while(is_before).copied();
    let mut seconds = 0.0;
    let mut place = 1.0;
    let mut has_digits = false;
    let mut is_fraction = false;
    let mut unit = b' ';
    for byte in rest.by_ref() {
        let digit = f64::from(byte.wrapping_sub(b'0'));
        match byte {
            b'0'..=b'9' if is_fraction => {
                place /= 10.0;
                seconds += digit * place;
            }
            b'0'..=b'9' => seconds = seconds * 10.0 + digit,
            b'.' if !is_fraction => is_fraction = true,
            b' ' if has_digits => continue,
            unit_or_more => {
                unit = unit_or_more;
                break;
            }
        }
        has_digits |= byte != b'.';
    }
    let next = rest.next();
    let radix = if unit == b'x' { 16 } else { 10 };
    let digits = next.into_iter().chain(rest);
    let digits = digits.filter_map(|byte| char::from(byte).to_digit(radix));
    let after = digits.fold(0.0, |number, digit| {
        number * f64::from(radix) + f64::from(digit)
    });
    has_digits.then_some(match unit {
        // Numbers as programs write them.
        b'e' => seconds * 10f64.powi(after.min(400.0) as i32),
        b'x' => after,
        b'm' if next == Some(b's') => seconds / 1000.0,
        b'm' => seconds * 60.0,
        b'h' => seconds * 3_600.0,
        b'd' => seconds * 86_400.0,
        _ => seconds,
    })
}
