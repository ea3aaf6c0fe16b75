//! API keys: what one looks like, and how it is kept out of everything that
//! people read.

use super::catalogue::Class;
use super::error::Failure;

/// How every key of the API starts.
pub const KEY_PREFIX: &str = "sk-theta-";

/// What stands in place of a key.
pub const REDACTED_KEY: &str = "sk-theta-…";

/// Refuses what cannot be an API key before it is sent anywhere. The failure
/// never holds the key.
pub fn check(key: &str) -> Result<(), Failure> {
    if key.starts_with(KEY_PREFIX) && key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    Err(Failure::client(
        Class::Authentication,
        Some("invalid_key"),
        "options.apiKey must be a key that starts with sk-theta- and holds no spaces",
    ))
}

/// `text` with everything that looks like an API key cut down to its prefix.
///
/// Servers and proxies echo headers in error pages, and those end up in
/// `detail`, in logs and in bug reports.
pub fn redact(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text.chars();
    loop {
        // Looked for at every character: what finds it faster in long texts is a
        // hundredth of the wasm, and these are short.
        if let Some(secret) = rest.as_str().strip_prefix(KEY_PREFIX) {
            let behind = secret
                .trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_');
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
            "bad key sk-theta-…, or sk-theta-…."
        );
    }

    #[test]
    fn what_cannot_be_a_key_is_refused_without_repeating_it() {
        assert!(check("sk-theta-emulated-ok").is_ok());
        for key in ["", "sk-other-1", "sk-theta-a b", "sk-theta-a\n"] {
            let failure = check(key).unwrap_err();
            assert_eq!(failure.row.reason, Some("invalid_key"), "{key:?}");
            assert!(key.is_empty() || !failure.message.contains(key));
        }
    }

    #[test]
    fn the_bare_prefix_and_other_text_stay() {
        let text = "keys start with `sk-theta-`; 열쇠";
        assert_eq!(redact(text), text);
    }
}
