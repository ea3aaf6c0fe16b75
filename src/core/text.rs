//! Messages, put together from their parts.
//!
//! `format!` and `join` of the standard library do far more than that, and would
//! be a twentieth of the wasm module.

/// The `parts`, one behind the other.
pub fn joined(parts: &[&str]) -> String {
    let mut whole = String::new();
    for part in parts {
        whole.push_str(part);
    }
    whole
}

/// The `items`, with `separator` between any two of them.
pub fn listed<'a>(items: impl IntoIterator<Item = &'a str>, separator: &str) -> String {
    let mut whole = String::new();
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            whole.push_str(separator);
        }
        whole.push_str(item);
    }
    whole
}

/// A whole number.
pub fn digits(number: u64) -> String {
    let mut digits = match number / 10 {
        0 => String::new(),
        tens => self::digits(tens),
    };
    digits.push(digit(number % 10));
    digits
}

/// One digit of a number, which is below 10.
pub fn digit(number: u64) -> char {
    char::from(b'0' + number as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_side_by_side_and_items_apart() {
        assert_eq!(joined(&["a", "", "b "]), "ab ");
        assert_eq!(listed(["a", "", "b"], ", "), "a, , b");
        assert_eq!(listed([], ", "), "");
    }

    #[test]
    fn digits_are_those_of_the_standard_library() {
        for number in [0, 7, 10, 999, 1_000, u64::MAX] {
            assert_eq!(digits(number), number.to_string());
        }
    }
}
