//! Classifies the API's error responses.

use crate::core::catalogue::{Class, DetailMatch, ERRORS, ErrorSpec, lookup};
use crate::core::error::detail::{ErrorDetail, excerpt};
use crate::core::error::failure::{Failure, Origin};
use crate::core::error::http_date;
use crate::core::format::{concat, format_u64};
use crate::core::redact::redact;

/// A response, as far as classification needs it.
#[derive(Debug, Clone)]
pub struct HttpResponse<'a> {
    /// The status code.
    pub status: u16,
    /// The value of the header `Retry-After`.
    pub retry_after: Option<&'a str>,
    /// The readable content of the body, if there is any.
    pub detail: Option<ErrorDetail>,
    /// The time of the response, in milliseconds since the Unix epoch. HTTP dates in `Retry-After`
    /// are relative to it.
    pub received_at_ms: f64,
}

/// Classifies a response that is not a success. Total: any status, any bytes.
///
/// ```
/// use thetaone_web::core::error::classify::{HttpResponse, classify};
/// use thetaone_web::core::error::detail::ErrorDetail;
///
/// let failure = classify(&HttpResponse {
///     status: 400,
///     retry_after: None,
///     detail: Some(ErrorDetail::Text("Not all words are spoken.".to_owned())),
///     received_at_ms: 0.0,
/// });
/// assert_eq!(failure.spec.class.name(), "NotAllWordsSpokenError");
/// assert!(!failure.is_retryable());
/// ```
pub fn classify(response: &HttpResponse<'_>) -> Failure {
    let detail = readable_detail(response);
    let spec = find_spec(response.status, detail.as_deref().unwrap_or(""));
    Failure {
        spec,
        origin: Origin::Server,
        message: message(response.status, spec, detail.as_deref()),
        status: Some(response.status),
        detail,
        retry_after_ms: response
            .retry_after
            .and_then(|value| retry_after_ms(value, response.received_at_ms)),
    }
}

/// Returns the failure for a 200 whose body is not what the endpoint returns. `reason` is one of
/// the table's, if any; `problem` says what is wrong with the body.
pub fn invalid_response(
    response: &HttpResponse<'_>,
    reason: Option<&str>,
    problem: &str,
) -> Failure {
    Failure {
        spec: lookup(Class::InvalidResponse, reason),
        origin: Origin::Server,
        message: concat(&[
            "the server answered ",
            &format_u64(response.status.into()),
            ", but ",
            problem,
        ]),
        status: Some(response.status),
        detail: readable_detail(response),
        retry_after_ms: None,
    }
}

/// Returns the text of the body without API keys.
fn readable_detail(response: &HttpResponse<'_>) -> Option<String> {
    let text = response.detail.as_ref()?.text()?;
    Some(redact(&text))
}

fn find_spec(status: u16, detail: &str) -> &'static ErrorSpec {
    // Node shows the redirect that a browser hides.
    let status = match status {
        301 | 302 | 303 | 307 | 308 => 0,
        _ => status,
    };
    let fits = |spec: &&ErrorSpec| {
        spec.status == Some(status)
            // A 200 is never an error by its status alone.
            && spec.class != Class::InvalidResponse
            && match spec.detail {
                DetailMatch::Exact(text) => normalize(detail).eq_ignore_ascii_case(normalize(text)),
                DetailMatch::Prefix(text) => detail
                    .trim_start()
                    .get(..text.len())
                    .is_some_and(|start| start.eq_ignore_ascii_case(text)),
                DetailMatch::Any => true,
            }
    };
    ERRORS
        .iter()
        .find(fits)
        .unwrap_or_else(|| lookup(Class::UnexpectedStatus, None))
}

/// Removes surrounding white space and the punctuation at the end, which do not distinguish errors.
fn normalize(detail: &str) -> &str {
    detail
        .trim()
        .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '…' | '!'))
}

fn message(status: u16, spec: &ErrorSpec, detail: Option<&str>) -> String {
    let said = detail.and_then(excerpt);
    let said = said.as_deref().unwrap_or(spec.cause);
    let status = format_u64(status.into());
    match spec.api_code {
        Some(api_code) => concat(&[&status, " ", api_code, ": ", said]),
        None => concat(&[&status, ": ", said]),
    }
}

/// Returns the header `Retry-After` in milliseconds from `received_at_ms` on: delta-seconds or an
/// HTTP date ([RFC 9110, 10.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3)).
///
/// Servers write the header in many ways, and no way of writing may bring the client back earlier.
/// Fractions of a second are rounded up, units are respected, and the longest wait of a list
/// counts. A date in the past is 0. Any other value is ignored.
pub fn retry_after_ms(value: &str, received_at_ms: f64) -> Option<f64> {
    let mut longest = None;
    // A date is split too: the comma follows its weekday, which the date parser does not need.
    for part in value
        .to_ascii_lowercase()
        .as_bytes()
        .split(|byte| matches!(byte, b',' | b';'))
    {
        let ms = match http_date::parse_lower(part) {
            Some(seconds) => Some((seconds as f64 * 1000.0 - received_at_ms).max(0.0)),
            None => seconds_of(part).map(|seconds| (seconds.ceil() * 1000.0).min(f64::MAX)),
        };
        if ms > longest {
            longest = ms;
        }
    }
    longest
}

/// Parses a number of seconds, or of the unit after the number.
fn seconds_of(text: &[u8]) -> Option<f64> {
    // Words and punctuation may come first, as in `delay=5` and `PT5S`. A minus ends the search.
    let is_before = |byte: &&u8| !(b'-'..=b'9').contains(byte);
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
        // Numbers as programs print them.
        b'e' => seconds * 10f64.powi(after.min(400.0) as i32),
        b'x' => after,
        b'm' if next == Some(b's') => seconds / 1000.0,
        b'm' => seconds * 60.0,
        b'h' => seconds * 3_600.0,
        b'd' => seconds * 86_400.0,
        _ => seconds,
    })
}
