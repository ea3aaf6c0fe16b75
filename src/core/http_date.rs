//! HTTP dates ([RFC 9110, 5.6.7](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7)),
//! in all three forms that a recipient must understand.
//!
//! The crate that the tests compare with is three times this, and brings the
//! standard library's clock types into the wasm module, where there is no clock.

/// Of three letters each.
const MONTHS: &[u8] = b"JanFebMarAprMayJunJulAugSepOctNovDec";

/// The date in seconds since the Unix epoch; `None` if it is none, or before it.
pub fn parse(text: &str) -> Option<u64> {
    let is_separator = |byte: &u8| matches!(byte, b' ' | b',' | b'-' | b':');
    let mut parts: [&[u8]; 8] = [b""; 8];
    let mut count = 0;
    for part in text.as_bytes().split(is_separator) {
        if !part.is_empty() {
            *parts.get_mut(count)? = part;
            count += 1;
        }
    }
    // `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` and
    // `Sun Nov  6 08:49:37 1994`.
    let [weekday, a, b, c, d, e, f, zone] = parts;
    let (month, digits) = match count {
        8 if zone == b"GMT" => (b, [c, a, d, e, f]),
        7 => (a, [f, b, c, d, e]),
        _ => return None,
    };
    if !weekday.iter().all(u8::is_ascii_alphabetic) {
        return None;
    }
    let month = MONTHS.chunks_exact(3).position(|name| name == month)? as u32 + 1;
    let mut numbers = [0; 5];
    for (place, digits) in numbers.iter_mut().zip(digits) {
        *place = number(digits)?;
    }
    let [year, day, hour, minute, second] = numbers;
    let century = match digits[0].len() {
        4 => 0,
        2 if year < 70 => 2000,
        2 => 1900,
        _ => return None,
    };
    at(century + year, month, day, hour, minute, second)
}

fn number(digits: &[u8]) -> Option<u32> {
    if digits.len() > 4 {
        return None;
    }
    let mut number = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        number = number * 10 + u32::from(digit - b'0');
    }
    Some(number)
}

fn at(year: u32, month: u32, day: u32, hour: u32, minute: u32, second: u32) -> Option<u64> {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let in_month = match month {
        2 => 28 + u32::from(is_leap),
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
    let in_day = (hour * 60 + minute) * 60 + second;
    Some(u64::from(days) * 86_400 + u64::from(in_day))
}
