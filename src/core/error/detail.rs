//! The readable content of an error body.

/// The longest excerpt of a body that an error carries, in characters.
pub const EXCERPT_CHARS: usize = 400;

/// The longest part of an error body that is read, in bytes.
pub const MAX_ERROR_BODY_BYTES: usize = 64 * 1024;

/// The readable content of an error body. The browser parses the body, because a JSON parser in
/// wasm would only repeat the browser's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorDetail {
    /// The string `detail` of a JSON object, as the server sent it.
    Text(String),
    /// Any other text, of which an excerpt is enough: validation messages, another `detail`, or a
    /// body that is not JSON.
    Excerpt(String),
}

impl ErrorDetail {
    /// Returns the text that an error carries; `None` if it is blank.
    pub fn text(&self) -> Option<String> {
        match self {
            ErrorDetail::Text(text) => (!text.trim().is_empty()).then(|| text.clone()),
            ErrorDetail::Excerpt(text) => excerpt(text),
        }
    }
}

/// Returns `text` on one line, at most [`EXCERPT_CHARS`] characters long; `None` if it is blank.
pub fn excerpt(text: &str) -> Option<String> {
    let mut line = String::new();
    let mut length = 0;
    let mut has_gap = false;
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() {
            has_gap = length > 0;
            continue;
        }
        if has_gap && length < EXCERPT_CHARS {
            line.push(' ');
            length += 1;
        }
        has_gap = false;
        if length >= EXCERPT_CHARS {
            line.push('…');
            return Some(line);
        }
        line.push(c);
        length += 1;
    }
    (!line.is_empty()).then_some(line)
}
