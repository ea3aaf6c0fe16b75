//! HTTP dates ([RFC 9110, 5.6.7](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7)),
//! in all three forms that a recipient must understand, and in those that servers
//! write instead.
//!
//! The crate that the tests compare with is three times this, and brings the
//! standard library's clock types into the wasm module, where there is no clock.

/// Of three letters each.
const MONTHS: &[u8] = b"janfebmaraprmayjunjulaugsepoctnovdec";
/// Of three letters each.
const WEEKDAYS: &[u8] = b"montuewedthufrisatsun";

/// What is added where the time zone is unknown: the time zone furthest behind is
/// 12 hours behind UTC, so no reading of the date is later.
const FURTHEST_ZONE_SECONDS: i64 = 12 * 3600;

/// Returns the date in seconds since the Unix epoch; `None` if it is none, or before
/// it. A date without a zone is in UTC; one in a zone without a number is read as
/// the latest moment that it can mean.
pub fn parse(text: &str) -> Option<u64> {
    let mut date = Date::default();
    let bytes = text.as_bytes();
    let mut start = 0;
    while let Some(&first) = bytes.get(start) {
        let is_like_first = |byte: &u8| match first.is_ascii_digit() {
            true => byte.is_ascii_digit(),
            false => first.is_ascii_alphabetic() && byte.is_ascii_alphabetic(),
        };
        let rest = bytes.get(start..)?;
        let length = rest.iter().take_while(|byte| is_like_first(byte)).count();
        let part = rest.get(..length)?;
        if first.is_ascii_digit() {
            let before = start.checked_sub(1).and_then(|at| bytes.get(at));
            date.number(part, before.copied().unwrap_or(b' '))?;
        } else if length > 0 {
            date.word(part)?;
        } else if !b" \t,-:/.+()".contains(&first) {
            return None;
        }
        start += length.max(1);
    }
    date.seconds()
}

/// What was read of a date so far.
#[derive(Default)]
struct Date {
    numbers: [u32; 6],
    count: usize,
    /// The month, from 1, and how many numbers stood before its name.
    month: Option<(u32, usize)>,
    /// Which of the numbers have four digits.
    is_long: [bool; 6],
    /// The digits behind a sign, behind the time.
    offset: Option<(bool, u32)>,
    zone_seconds: i64,
}

impl Date {
    fn word(&mut self, word: &[u8]) -> Option<()> {
        let start = word.get(..3).map(<[u8]>::to_ascii_lowercase);
        let in_list = |names: &[u8]| {
            let start = start.as_deref()?;
            names.chunks_exact(3).position(|name| name == start)
        };
        let time_may_be_over = self.count >= 4;
        match word.to_ascii_uppercase().as_slice() {
            b"GMT" | b"UTC" | b"UT" | b"Z" if time_may_be_over => {}
            // Between date and time, as ISO 8601 has it.
            b"T" if self.count == 3 => {}
            _ => match in_list(MONTHS) {
                Some(month) if self.month.is_none() => {
                    self.month = Some((month as u32 + 1, self.count));
                }
                _ if self.count == 0 => {
                    in_list(WEEKDAYS)?;
                }
                _ if time_may_be_over => self.zone_seconds = FURTHEST_ZONE_SECONDS,
                _ => return None,
            },
        }
        Some(())
    }

    fn number(&mut self, digits: &[u8], before: u8) -> Option<()> {
        let is_after_time = self.count >= 5 && before != b':' && !digits.is_empty();
        if is_after_time && matches!(before, b'+' | b'-') {
            // `+09:00` comes in two parts.
            let minutes = match digits.len() {
                4 => number(digits)? / 100 * 60 + number(digits)? % 100,
                _ => number(digits)? * 60,
            };
            self.offset = Some((before == b'+', minutes));
            return Some(());
        }
        if let Some((_, minutes)) = &mut self.offset {
            *minutes += number(digits)?;
            return Some(());
        }
        if is_after_time && before == b'.' {
            // A fraction of a second is rounded up.
            self.zone_seconds += 1;
            return Some(());
        }
        *self.is_long.get_mut(self.count)? = digits.len() == 4;
        *self.numbers.get_mut(self.count)? = number(digits)?;
        self.count += 1;
        Some(())
    }

    fn seconds(self) -> Option<u64> {
        let [a, b, c, d, e, f] = self.numbers;
        let (year_at, [year, month, day, hour, minute, second]) = match (self.month, self.count) {
            // `06 Nov 1994 08:49:37`, also without seconds.
            (Some((month, 1)), 4 | 5) => (1, [b, month, a, c, d, e]),
            // `Nov 06 1994 08:49:37`
            (Some((month, 0)), 5) if self.is_long[1] => (1, [b, month, a, c, d, e]),
            // `Nov  6 08:49:37 1994`
            (Some((month, 0)), 5) => (4, [e, month, a, b, c, d]),
            // `1994-11-06T08:49:37`
            (None, 5 | 6) if self.is_long[0] => (0, [a, b, c, d, e, f]),
            _ => return None,
        };
        let century = match (self.is_long[year_at], year) {
            (true, _) => 0,
            (false, 0..70) => 2000,
            (false, 70..100) => 1900,
            _ => return None,
        };
        let offset_seconds = self.offset.map_or(0, |(is_ahead, minutes)| {
            let seconds = i64::from(minutes) * 60;
            if is_ahead { -seconds } else { seconds }
        });
        let seconds = at(century + year, month, day, hour, minute, second)?;
        (seconds as i64 + self.zone_seconds + offset_seconds)
            .try_into()
            .ok()
    }
}

fn number(digits: &[u8]) -> Option<u32> {
    if digits.len() > 4 {
        return None;
    }
    let digits = digits.iter().map(|digit| u32::from(digit - b'0'));
    Some(digits.fold(0, |number, digit| number * 10 + digit))
}

fn at(year: u32, month: u32, day: u32, hour: u32, minute: u32, second: u32) -> Option<u64> {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let in_month = match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if year < 1970
        || !(1..=12).contains(&month)
        || day == 0
        || day > in_month
        || hour > 23
        || minute > 59
        || second > 60
    {
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
