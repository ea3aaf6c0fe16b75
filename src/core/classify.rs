//! From an answer to a classified failure.

use super::catalogue::{Class, Detail, ROWS, Row, row};
use super::detail::{detail_of, excerpt};
use super::error::{Failure, Origin};
use super::http_date;
use super::key::redact;
use super::text::{digits, joined};

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
/// use thetaone_web::core::classify::{Answer, classify};
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
    // The comma of a date stands behind its weekday, which a date does without.
    let waits = value.split([',', ';']).filter_map(|part| {
        let ms = match http_date::parse(part) {
            Some(seconds) => (seconds as f64 * 1000.0 - now_ms).max(0.0),
            None => seconds_of(part)?.ceil() * 1000.0,
        };
        Some(ms.min(f64::MAX))
    });
    waits.reduce(f64::max)
}

/// A number of seconds, or of what its unit says.
fn seconds_of(text: &str) -> Option<f64> {
    let is_before = |c: char| c.is_whitespace() || matches!(c, '+' | '"' | '\'' | '=' | ':');
    let text = text.trim_start_matches(is_before);
    let (whole, rest) = number_at(text);
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(rest) => number_at(rest),
        None => (Number::default(), rest),
    };
    if whole.length + fraction.length == 0 {
        return None;
    }
    let seconds = whole.value + fraction.value / 10f64.powi(fraction.length);
    let mut rest = rest.trim_start().chars();
    let first = rest.next().map(|c| c.to_ascii_lowercase());
    let second = rest.clone().next().map(|c| c.to_ascii_lowercase());
    Some(match (first, second) {
        // The power of ten is rounded up, from any text of its own.
        (Some('e'), _) => {
            let text = rest.as_str();
            let power = number_at(text.strip_prefix('+').unwrap_or(text)).0.value;
            seconds * 10f64.powi(power.min(400.0) as i32)
        }
        (Some('x'), _) => {
            let digits = rest.map_while(|c| c.to_digit(16));
            digits.fold(0.0, |number, digit| number * 16.0 + f64::from(digit))
        }
        (Some('m'), Some('s' | 'i')) if !rest.as_str().to_ascii_lowercase().starts_with("in") => {
            seconds / 1000.0
        }
        (Some('m'), _) => seconds * 60.0,
        (Some('h'), _) => seconds * 3_600.0,
        (Some('d'), _) => seconds * 86_400.0,
        _ => seconds,
    })
}

#[derive(Default)]
struct Number {
    value: f64,
    /// How many digits it has.
    length: i32,
}

/// The digits at the start of `text`, and what follows them.
fn number_at(text: &str) -> (Number, &str) {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = text.len() - rest.len();
    let value = text
        .bytes()
        .take(digits)
        .fold(0.0, |number, digit| number * 10.0 + f64::from(digit - b'0'));
    let length = digits as i32;
    (Number { value, length }, rest)
}
