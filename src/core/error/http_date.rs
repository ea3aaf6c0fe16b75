//! HTTP dates ([RFC 9110, 5.6.7](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7)), in the
//! three forms that a recipient must accept, and in the forms that servers write instead: sloppy
//! ones, and ISO 8601.
//!
//! The crate that the tests compare with is three times the size. It also brings the standard
//! library's clock types into the wasm module, where there is no clock.

/// The months, three letters each.
const MONTHS: &[u8] = b"janfebmaraprmayjunjulaugsepoctnovdec";

/// The offset that is assumed for zones other than UTC: the one furthest behind UTC, so that no
/// reading of the date is later.
const FURTHEST_ZONE_SECONDS: u64 = 12 * 3600;

/// Returns the date in seconds since the Unix epoch; `None` if the text is not a date, or one
/// before the epoch. The weekday and the zone may be missing; the date is UTC then.
pub fn parse(text: &str) -> Option<u64> {
    parse_lower(text.to_ascii_lowercase().as_bytes())
}

/// Parses text without capital letters like [`parse`].
pub(crate) fn parse_lower(text: &[u8]) -> Option<u64> {
    let mut all: [&[u8]; 10] = [b""; 10];
    let mut count = 0;
    if !text.is_ascii() {
        return None;
    }
    let text = text.trim_ascii();
    // `1994-11-06T08:49:37Z`
    let is_iso = text.get(4) == Some(&b'-');
    let is_separator =
        |byte: &u8| !byte.is_ascii_alphanumeric() || is_iso && matches!(byte, b't' | b'z');
    for part in text.split(is_separator) {
        if !part.is_empty() {
            *all.get_mut(count)? = part;
            count += 1;
        }
    }
    if is_iso {
        // The day and the year change places.
        all.swap(0, 2);
    }
    let mut parts = all.get(..count)?;
    if let [weekday, rest @ ..] = parts
        && weekday.iter().all(u8::is_ascii_alphabetic)
        && month_of(weekday).is_none()
    {
        parts = rest;
    }
    // `06 Nov 1994 08:49:37 GMT`, `06-Nov-94 08:49:37 GMT` and `Nov  6 08:49:37 1994`, in which a
    // zone may stand before the year.
    let (month, digits, zone): (_, [&[u8]; 5], _) = match parts {
        [month, day, hour, minute, second, zone @ .., year] if month_of(month).is_some() => {
            (month, [year, day, hour, minute, second], zone)
        }
        [day, month, year, hour, minute, second, zone @ ..] => {
            (month, [year, day, hour, minute, second], zone)
        }
        _ => return None,
    };
    let mut numbers = [0; 5];
    for (place, digits) in numbers.iter_mut().zip(digits) {
        *place = number(digits)?;
    }
    let [year, day, hour, minute, second] = numbers;
    let [year_digits, ..] = digits;
    let century = match year_digits.len() {
        4 => 0,
        2 if year < 70 => 2000,
        2 => 1900,
        _ => return None,
    };
    let is_utc = |part: &&[u8]| matches!(*part, b"gmt" | b"utc" | b"ut" | b"z" | b"0000" | b"00");
    let month = if is_iso {
        number(month)
    } else {
        month_of(month)
    };
    let seconds = at(century + year, month?, day, hour, minute, second)?;
    // A fraction of a second may come before the `Z`; the end of `UTC` is a part, too.
    let ends_in_utc = is_iso && matches!(text.last(), Some(b'z' | b'c'));
    Some(if ends_in_utc || zone.iter().all(is_utc) {
        seconds
    } else {
        seconds + FURTHEST_ZONE_SECONDS
    })
}

/// Returns the month, from 1, by the first letters of its name.
fn month_of(name: &[u8]) -> Option<u32> {
    let mut months = MONTHS.chunks_exact(3);
    let at = months.position(|month| name.starts_with(month))?;
    Some(at as u32 + 1)
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
        1..=12 => 31,
        _ => return None,
    };
    if year < 1970 || day == 0 || day > in_month || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    // Counts years from March on, so that the leap day is the last day of a year.
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
