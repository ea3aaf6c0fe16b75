//! Numbers in messages.

use crate::core::text::{digit, digits, joined};

/// A number with up to three decimals, as a person writes it.
///
/// What the standard library needs to write any number exactly is a twentieth
/// of the wasm module.
pub fn in_words(number: f64) -> String {
    const LARGE: f64 = 1e15;
    if number.is_nan() {
        return "NaN".into();
    }
    let sign = if number < 0.0 { "-" } else { "" };
    if number.is_infinite() {
        return joined(&[sign, "Infinity"]);
    }
    if number.abs() >= LARGE {
        return joined(&[sign, "1000000000000000 or more"]);
    }
    let thousandths = (number.abs() * 1000.0).round() as u64;
    let mut words = joined(&[sign, &digits(thousandths / 1000)]);
    let mut rest = thousandths % 1000;
    if rest > 0 {
        words.push('.');
    }
    while rest > 0 {
        words.push(digit(rest / 100));
        rest = rest % 100 * 10;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn numbers_read_as_they_are_written() {
        for (number, words) in [
            (0.0, "0"),
            (-1.0, "-1"),
            (2_147_483_647.0, "2147483647"),
            (0.1, "0.1"),
            (-2.25, "-2.25"),
            (1.0004, "1"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Infinity"),
            (1e300, "1000000000000000 or more"),
        ] {
            assert_eq!(in_words(number), words);
        }
    }
}
