//! One transcript from the transcripts of a recording's parts.

/// What the API calls a text of both languages.
const MIXED: &str = "codeswitched";

/// The texts in order, with a space between two where neither brings one: both
/// Korean and English part their words by spaces.
pub fn text<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut whole = String::new();
    for text in texts.into_iter().filter(|text| !text.is_empty()) {
        let parted = whole.is_empty()
            || whole.ends_with(char::is_whitespace)
            || text.starts_with(char::is_whitespace);
        if !parted {
            whole.push(' ');
        }
        whole.push_str(text);
    }
    whole
}

/// The `text_type` of all, from the text and `text_type` of each. A part without
/// any text has no say, unless all are so.
pub fn text_type<'a>(parts: &[(&'a str, Option<&'a str>)]) -> Option<&'a str> {
    let types = |blank: bool| {
        parts
            .iter()
            .filter(move |(text, _)| blank || !text.trim().is_empty())
            .filter_map(|(_, text_type)| *text_type)
    };
    let first = types(false).next().or(types(true).next())?;
    let differs = types(false).any(|text_type| text_type != first);
    Some(if differs { MIXED } else { first })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_parted_once() {
        assert_eq!(
            text(["Hello there.", "안녕하세요."]),
            "Hello there. 안녕하세요."
        );
        assert_eq!(text(["a ", "b", "\nc"]), "a b\nc");
        assert_eq!(text(["", "a", "", "b", ""]), "a b");
        assert_eq!(text([]), "");
    }

    #[test]
    fn languages_that_differ_are_mixed() {
        assert_eq!(text_type(&[]), None);
        assert_eq!(
            text_type(&[("a", Some("en")), ("b", Some("en"))]),
            Some("en")
        );
        assert_eq!(
            text_type(&[("a", Some("en")), ("나", Some("ko"))]),
            Some(MIXED)
        );
        assert_eq!(
            text_type(&[("나", Some("ko")), ("", Some("en"))]),
            Some("ko")
        );
        assert_eq!(text_type(&[("", Some("en"))]), Some("en"));
        assert_eq!(text_type(&[("a", None), ("b", Some("en"))]), Some("en"));
    }
}
