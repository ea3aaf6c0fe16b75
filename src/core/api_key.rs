//! API keys: what one looks like, and how it is kept out of everything that
//! people read.

use crate::core::catalogue::Class;
use crate::core::error::failure::Failure;

/// How every key of the API starts.
pub const KEY_PREFIX: &str = "sk-theta-";

/// What stands in place of a key.
pub const REDACTED_KEY: &str = "sk-theta-…";

/// What a key may consist of: the alphabet of HTTP's credentials, `token68`
/// ([RFC 9110, 11.2](https://www.rfc-editor.org/rfc/rfc9110#section-11.2)).
fn is_part_of_key(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || matches!(character, '-' | '.' | '_' | '~' | '+' | '/' | '=')
}

/// Refuses what cannot be an API key before it is sent anywhere. The failure
/// never holds the key.
pub fn check(key: &str) -> Result<(), Failure> {
    let secret = key.strip_prefix(KEY_PREFIX);
    if secret.is_some_and(|secret| secret.chars().all(is_part_of_key)) {
        return Ok(());
    }
    Err(Failure::client(
        Class::Authentication,
        Some("invalid_key"),
        "options.apiKey must start with sk-theta- and go on with letters, digits and -._~+/= only",
    ))
}

/// `text` with everything that looks like an API key cut down to its prefix.
///
/// Servers and proxies echo headers in error pages, and those end up in
/// `detail`, in logs and in bug reports. Often escaped, so that a key goes on beyond its
/// own alphabet: everything up to the next quote, space or tag is cut. Where the prefix
/// itself is escaped, `pkg-template/result/redact.js` finds it.
pub fn redact(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text.chars();
    loop {
        // Looked for at every character: what finds it faster in long texts is a
        // hundredth of the wasm, and these are short.
        if let Some(secret) = rest.as_str().strip_prefix(KEY_PREFIX) {
            let behind = secret.trim_start_matches(|c: char| {
                !(c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<'))
            });
            let is_bare = behind.len() == secret.len();
            clean.push_str(if is_bare { KEY_PREFIX } else { REDACTED_KEY });
            rest = behind.chars();
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

    #[test]
    fn a_key_is_cut_down_to_its_prefix() {
        assert_eq!(
            redact("bad key sk-theta-emulated-ok_1, or sk-theta-x."),
            "bad key sk-theta-… or sk-theta-…"
        );
    }

    #[test]
    fn an_escaped_key_is_cut_too() {
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
                let said = redact(&["no key ", KEY_PREFIX, secret, end].concat());
                assert_eq!(said, ["no key sk-theta-…", end].concat());
            }
        }
    }

    #[test]
    fn what_cannot_be_a_key_is_refused_without_repeating_it() {
        assert!(check("sk-theta-emulated-ok").is_ok());
        for key in [
            "",
            "sk-other-1",
            "sk-theta-a b",
            "sk-theta-a\n",
            "sk-theta-a\"",
        ] {
            let failure = check(key).unwrap_err();
            assert_eq!(failure.row.reason, Some("invalid_key"), "{key:?}");
            assert!(key.is_empty() || !failure.message.contains(key));
        }
    }

    #[test]
    fn nothing_of_a_key_that_may_be_sent_is_left() {
        for secret in ["abc.DEF/GHI+jkl==", "a~b", "_-", "0.1"] {
            let key = [KEY_PREFIX, secret].concat();
            assert!(check(&key).is_ok(), "{key}");
            let said = ["{\"detail\": \"no such key: '", &key, "'\"}"].concat();
            assert_eq!(redact(&said), "{\"detail\": \"no such key: 'sk-theta-…'\"}");
        }
    }

    #[test]
    fn the_bare_prefix_and_other_text_stay() {
        let text = "keys start with `sk-theta-`; 열쇠";
        assert_eq!(redact(text), text);
    }
}
