//! HTTP dates ([RFC 9110, 5.6.7](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7)),
//! in all three forms that a recipient must understand.
//!
//! The crate that the tests compare with is three times this, and brings the
//! standard library's clock types into the wasm module, where there is no clock.

/// Of three letters each.
const MONTHS: &[u8] = b"JanFebMarAprMayJunJulAugSepOctNovDec";

/// The date in seconds since the Unix epoch; `None` if it is none, or before it.
pub fn parse(text: &str) -> Option<u64> {
    let parts: Vec<&[u8]> = text
        .as_bytes()
        .split(|byte| matches!(byte, b' ' | b',' | b'-' | b':'))
        .filter(|part| !part.is_empty())
        .collect();
    // `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` and
    // `Sun Nov  6 08:49:37 1994`.
    let (weekday, day, month, year, clock) = match *parts {
        [weekday, day, month, year, h, m, s, b"GMT"] => (weekday, day, month, year, [h, m, s]),
        [weekday, month, day, h, m, s, year] => (weekday, day, month, year, [h, m, s]),
        _ => return None,
    };
    if !weekday.iter().all(u8::is_ascii_alphabetic) {
        return None;
    }
    let month = MONTHS.chunks_exact(3).position(|name| name == month)? as u64 + 1;
    let [hour, minute, second] = clock.map(number);
    at(
        full_year(year)?,
        month,
        number(day)?,
        hour?,
        minute?,
        second?,
    )
}

fn number(digits: &[u8]) -> Option<u64> {
    if digits.len() > 4 {
        return None;
    }
    digits.iter().try_fold(0, |number, digit| {
        digit
            .is_ascii_digit()
            .then(|| number * 10 + u64::from(digit - b'0'))
    })
}

fn full_year(digits: &[u8]) -> Option<u64> {
    let year = number(digits)?;
    match digits.len() {
        4 => Some(year),
        2 if year < 70 => Some(year + 2000),
        2 => Some(year + 1900),
        _ => None,
    }
}

fn at(year: u64, month: u64, day: u64, hour: u64, minute: u64, second: u64) -> Option<u64> {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let in_month = match month {
        2 => 28 + u64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if year < 1970 || day == 0 || day > in_month || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    // Counted from March on, so that the leap day is a year's last.
    let (year, months) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap_days = year / 4 - year / 100 + year / 400;
    let days = 365 * year + leap_days + (153 * months + 2) / 5 + day - 719_469;
    Some(((days * 24 + hour) * 60 + minute) * 60 + second)
}
