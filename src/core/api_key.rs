//! The form of API keys.

/// The start of every API key.
pub const KEY_PREFIX: &str = "sk-theta-";

/// A text that cannot be an API key. Does not hold the text, which may be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidApiKey;

/// True for the characters of HTTP credentials, `token68`
/// ([RFC 9110, 11.2](https://www.rfc-editor.org/rfc/rfc9110#section-11.2)).
fn is_key_character(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || matches!(character, '-' | '.' | '_' | '~' | '+' | '/' | '=')
}

/// Rejects a text that cannot be an API key, before it is sent anywhere.
pub fn validate(key: &str) -> Result<(), InvalidApiKey> {
    let secret = key.strip_prefix(KEY_PREFIX);
    if secret.is_some_and(|secret| secret.chars().all(is_key_character)) {
        Ok(())
    } else {
        Err(InvalidApiKey)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::error::failure::Failure;

    #[test]
    fn an_invalid_key_is_rejected_without_being_quoted() {
        assert!(validate("sk-theta-emulated-ok").is_ok());
        for key in [
            "",
            "sk-other-1",
            "sk-theta-a b",
            "sk-theta-a\n",
            "sk-theta-a\"",
        ] {
            let failure = Failure::from(validate(key).unwrap_err());
            assert_eq!(failure.spec.reason, Some("invalid_key"), "{key:?}");
            assert!(key.is_empty() || !failure.message.contains(key));
        }
    }
}
