//! Removes API keys from text that people read.

use crate::core::api_key::KEY_PREFIX;

/// The replacement of a key.
pub const REDACTED_KEY: &str = "sk-theta-…";

/// Returns `text` with everything that looks like an API key shortened to its prefix.
///
/// Servers and proxies echo headers in error pages, and those end up in `detail`, in logs and in
/// bug reports. The key is often escaped there, with characters that a key does not have, so
/// everything up to the next quote, white space or tag is removed. Keys whose prefix is escaped
/// too are found by `pkg-template/result/redact.js`.
pub fn redact(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text.chars();
    loop {
        // Compares at every character: a faster search in long texts takes a hundredth of the
        // wasm, and these texts are short.
        if let Some(secret) = rest.as_str().strip_prefix(KEY_PREFIX) {
            let after = secret.trim_start_matches(|c: char| {
                !(c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<'))
            });
            let is_prefix_alone = after.len() == secret.len();
            clean.push_str(if is_prefix_alone {
                KEY_PREFIX
            } else {
                REDACTED_KEY
            });
            rest = after.chars();
        } else if let Some(c) = rest.next() {
            clean.push(c);
        } else {
            return clean;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::api_key::validate;

    #[test]
    fn a_key_is_shortened_to_its_prefix() {
        assert_eq!(
            redact("bad key sk-theta-emulated-ok_1, or sk-theta-x."),
            "bad key sk-theta-… or sk-theta-…"
        );
    }

    #[test]
    fn an_escaped_key_is_shortened_too() {
        for secret in [
            r"abc\/def",
            r"abc\u002Bdef",
            "abc%2Bdef",
            "abc%252Bdef",
            "abc&#43;def",
            "abc&plus;def",
            "abc=2Bdef",
            r"abc\x2bdef",
        ] {
            for end in ["\"}", "'", "`", " was refused", "\n", "</p>", "\u{2028}"] {
                let redacted = redact(&["no key ", KEY_PREFIX, secret, end].concat());
                assert_eq!(redacted, ["no key sk-theta-…", end].concat());
            }
        }
    }

    #[test]
    fn a_valid_key_is_redacted_whole() {
        for secret in ["abc.DEF/GHI+jkl==", "a~b", "_-", "0.1"] {
            let key = [KEY_PREFIX, secret].concat();
            assert!(validate(&key).is_ok(), "{key}");
            let quoted = ["{\"detail\": \"no such key: '", &key, "'\"}"].concat();
            assert_eq!(
                redact(&quoted),
                "{\"detail\": \"no such key: 'sk-theta-…'\"}"
            );
        }
    }

    #[test]
    fn the_prefix_alone_and_other_text_are_unchanged() {
        let text = "keys start with `sk-theta-`; 열쇠";
        assert_eq!(redact(text), text);
    }
}
