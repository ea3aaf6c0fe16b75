//! Finds the `detail` of an error body, whatever the body is.
//!
//! A full JSON parser would be most of the wasm module, and error bodies need
//! one member of one object. The scanner walks the top level, keeps no stack
//! (nesting is counted, not recursed into) and never looks further than
//! [`SCANNED_BYTES`], so that no body can exhaust time or memory.

use std::str::Chars;

use crate::core::text::{joined, listed};

/// The longest excerpt of a body that an error carries, in characters.
pub const EXCERPT_CHARS: usize = 400;

/// How much of a body is looked at, in bytes.
pub const SCANNED_BYTES: usize = 64 * 1024;

/// What an error body says: the `detail` string as it is, the messages of a FastAPI
/// `detail` array joined into one line, or an excerpt of whatever else came.
/// `None` where there is nothing to read.
pub fn detail_of(body: &[u8]) -> Option<String> {
    let head = body.get(..SCANNED_BYTES).unwrap_or(body);
    let text = lossy(head);
    let mut text = text.as_str();
    while let Some(rest) = text.strip_prefix('\u{feff}') {
        text = rest;
    }
    let said = match Scanner::new(text).member("detail") {
        Some(Value::Text(detail)) => return (!detail.trim().is_empty()).then_some(detail),
        Some(Value::List(raw)) => validation_messages(raw).unwrap_or_else(|| raw.to_owned()),
        Some(Value::Other(raw)) => raw.to_owned(),
        None => text.to_owned(),
    };
    excerpt(&said)
}

/// `String::from_utf8_lossy`, which the standard library brings compiled for
/// speed.
fn lossy(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    text
}

/// `text` on one line, at most [`EXCERPT_CHARS`] characters long.
pub fn excerpt(text: &str) -> Option<String> {
    let mut line = String::new();
    let mut length = 0;
    let mut is_apart = false;
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() {
            is_apart = length > 0;
            continue;
        }
        if is_apart && length < EXCERPT_CHARS {
            line.push(' ');
            length += 1;
        }
        is_apart = false;
        if length >= EXCERPT_CHARS {
            line.push('…');
            return Some(line);
        }
        line.push(c);
        length += 1;
    }
    (!line.is_empty()).then_some(line)
}

/// FastAPI's validation errors, `[{"loc": ["body", "file"], "msg": "…"}, …]`,
/// as `body.file: …; …`.
fn validation_messages(raw: &str) -> Option<String> {
    let mut messages = Vec::new();
    let mut items = Scanner::new(raw);
    items.eat('[')?;
    while items.peek() == Some('{') {
        let item = items.skip()?;
        let Some(Value::Text(message)) = Scanner::new(item).member("msg") else {
            return None;
        };
        let place = match Scanner::new(item).member("loc") {
            Some(Value::List(path)) => location(path),
            _ => String::new(),
        };
        messages.push(if place.is_empty() {
            message
        } else {
            joined(&[&place, ": ", &message])
        });
        if items.eat(',').is_none() {
            break;
        }
    }
    (!messages.is_empty()).then(|| listed(messages.iter().map(String::as_str), "; "))
}

fn location(raw: &str) -> String {
    let mut parts = Vec::new();
    let mut path = Scanner::new(raw);
    if path.eat('[').is_none() {
        return String::new();
    }
    loop {
        match path.value() {
            Some(Value::Text(name)) => parts.push(name),
            Some(Value::Other(index)) => parts.push(index.trim().to_owned()),
            _ => break,
        }
        if path.eat(',').is_none() {
            break;
        }
    }
    listed(parts.iter().map(String::as_str), ".")
}

enum Value<'a> {
    Text(String),
    List(&'a str),
    Other(&'a str),
}

/// Never slices `rest` by index: what a slice that fails would say brings the
/// names of all characters with it, 2 kB that no compression gets at.
struct Scanner<'a> {
    rest: &'a str,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str) -> Self {
        Scanner { rest: text }
    }

    fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start();
        self.rest.chars().next()
    }

    fn eat(&mut self, expected: char) -> Option<()> {
        let mut chars = self.rest.trim_start().chars();
        let is_there = chars.next()? == expected;
        if is_there {
            self.rest = chars.as_str();
        }
        is_there.then_some(())
    }

    /// The value of the member `name` of the object that starts here.
    fn member(&mut self, name: &str) -> Option<Value<'a>> {
        self.eat('{')?;
        loop {
            let key = self.string()?;
            self.eat(':')?;
            if key == name {
                return self.value();
            }
            self.skip()?;
            self.eat(',')?;
        }
    }

    fn value(&mut self) -> Option<Value<'a>> {
        match self.peek()? {
            '"' => self.string().map(Value::Text),
            '[' => self.skip().map(Value::List),
            ']' | '}' | ',' | ':' => None,
            _ => self.skip().map(Value::Other),
        }
    }

    /// Steps over one value and gives its source text.
    fn skip(&mut self) -> Option<&'a str> {
        let first = self.peek()?;
        let whole = self.rest;
        let end = match first {
            '"' => {
                self.string()?;
                whole.len() - self.rest.len()
            }
            '{' | '[' => nested_end(whole)?,
            _ => whole
                .find(|c: char| matches!(c, ',' | ']' | '}') || c.is_whitespace())
                .unwrap_or(whole.len()),
        };
        let (value, rest) = whole.split_at_checked(end)?;
        self.rest = rest;
        Some(value)
    }

    fn string(&mut self) -> Option<String> {
        self.eat('"')?;
        let mut text = String::new();
        let mut chars = self.rest.chars();
        while let Some(c) = chars.next() {
            match c {
                '"' => {
                    self.rest = chars.as_str();
                    return Some(text);
                }
                '\\' => match chars.next()? {
                    'n' => text.push('\n'),
                    't' => text.push('\t'),
                    'r' => text.push('\r'),
                    'b' => text.push('\u{8}'),
                    'f' => text.push('\u{c}'),
                    'u' => {
                        let high = hex4(&mut chars)?;
                        text.push(unescaped(high, &mut chars));
                    }
                    other => text.push(other),
                },
                other => text.push(other),
            }
        }
        None
    }
}

/// Where the object or array that `text` starts with ends.
fn nested_end(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    let mut quoted = false;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

fn hex4(chars: &mut Chars<'_>) -> Option<u32> {
    let mut code = 0;
    for _ in 0..4 {
        code = code * 16 + chars.next()?.to_digit(16)?;
    }
    Some(code)
}

/// The character of `\uXXXX`, of a surrogate pair, or U+FFFD for half a pair.
fn unescaped(high: u32, chars: &mut Chars<'_>) -> char {
    if !(0xD800..0xDC00).contains(&high) {
        return char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER);
    }
    let mut ahead = chars.clone();
    if ahead.next() == Some('\\')
        && ahead.next() == Some('u')
        && let Some(low) = hex4(&mut ahead)
        && (0xDC00..0xE000).contains(&low)
    {
        *chars = ahead;
        let code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        return char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    }
    char::REPLACEMENT_CHARACTER
}
