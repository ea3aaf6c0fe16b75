//! The four endpoints: what they take, and the form in which it is sent.

use crate::core::catalogue::Class;
use crate::core::error::failure::Failure;
use crate::core::options::value::Value;
use crate::core::text::{joined, listed};

/// The endpoints of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// `POST /transcribe`: speech to text.
    Transcribe,
    /// `POST /analyze-native`: a reference recording to `speech_components`.
    AnalyzeNative,
    /// `POST /pronunciation`: a learner's recording against a reference.
    Pronunciation,
    /// `POST /pronunciation-simple`: a learner's recording on its own.
    PronunciationSimple,
}

impl Endpoint {
    /// All of them, in the order of the reference.
    pub const ALL: &[Endpoint] = &[
        Endpoint::Transcribe,
        Endpoint::AnalyzeNative,
        Endpoint::Pronunciation,
        Endpoint::PronunciationSimple,
    ];

    /// The path below the base URL.
    pub const fn path(self) -> &'static str {
        match self {
            Endpoint::Transcribe => "/transcribe",
            Endpoint::AnalyzeNative => "/analyze-native",
            Endpoint::Pronunciation => "/pronunciation",
            Endpoint::PronunciationSimple => "/pronunciation-simple",
        }
    }

    /// The method of `ThetaOne` that calls it.
    pub const fn method(self) -> &'static str {
        match self {
            Endpoint::Transcribe => "transcribe",
            Endpoint::AnalyzeNative => "analyzeNative",
            Endpoint::Pronunciation => "pronunciation",
            Endpoint::PronunciationSimple => "pronunciationSimple",
        }
    }

    /// The endpoint that the method `name` calls.
    pub fn from_method(name: &str) -> Option<Self> {
        Endpoint::ALL
            .iter()
            .copied()
            .find(|endpoint| endpoint.method() == name)
    }

    /// The form field in which the options travel.
    pub const fn options_field(self) -> &'static str {
        match self {
            Endpoint::Transcribe => "transcribe_options",
            _ => "options",
        }
    }

    /// The price, in credits (US dollars) per second of audio.
    pub const fn credits_per_second(self) -> f64 {
        match self {
            Endpoint::Transcribe => 0.0004,
            _ => 0.0006,
        }
    }

    /// What the vendor documents every success to hold: a member and whether
    /// it is an array (else a string). What else the pronunciation endpoints give
    /// has no public names.
    pub const fn promised(self) -> (&'static str, bool) {
        match self {
            Endpoint::Transcribe => ("text", false),
            Endpoint::AnalyzeNative => ("speech_components", true),
            _ => ("user_speech_components", true),
        }
    }

    const fn option_names(self) -> &'static [&'static str] {
        match self {
            Endpoint::Transcribe => &["suppress_korean"],
            Endpoint::AnalyzeNative => &["gold_text"],
            Endpoint::Pronunciation => &["gold_text", "language", COMPONENTS_OPTION],
            Endpoint::PronunciationSimple => &["gold_text", "language"],
        }
    }
}

/// The longest body of a success that is read, in bytes: far more than the server can
/// say about the audio that it takes within its 60 s.
pub const LARGEST_ANSWER_BYTES: usize = 16 << 20;

/// The SDK's option that holds the reference; it travels in a field of its own.
pub const COMPONENTS_OPTION: &str = "native_speech_components";
/// The form field in which the reference travels.
pub const COMPONENTS_FIELD: &str = "native_speech_components_json";
/// The form field in which the audio travels.
pub const FILE_FIELD: &str = "file";
/// The languages in which feedback is written.
pub const FEEDBACK_LANGUAGES: &[&str] = &["ko", "en"];

/// What the browser layer found in the option `native_speech_components`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Components {
    /// Nothing was passed.
    Missing,
    /// A string that is not JSON, or a value that cannot become JSON.
    Malformed,
    /// JSON, but not an array of objects.
    NotAnArray,
    /// An array of objects, as JSON text: the caller's own text where a string
    /// was passed.
    Json(String),
}

/// Validates the options of a call and gives the text fields of its form, in
/// the order of the reference.
///
/// Fails with the class that the server would answer with, before anything is
/// sent.
pub fn text_fields(
    endpoint: Endpoint,
    options: &Value,
    components: Components,
) -> Result<Vec<(&'static str, String)>, Failure> {
    let members: &[(String, Value)] = match options {
        Value::Object(members) => members,
        Value::Absent => &[],
        _ => return Err(schema(endpoint, "the options must be an object")),
    };
    if let Some((unknown, _)) = members
        .iter()
        .find(|(name, _)| !endpoint.option_names().contains(&name.as_str()))
    {
        let names = listed(endpoint.option_names().iter().copied(), ", ");
        return Err(schema(
            endpoint,
            &joined(&["`", unknown, "` is not an option; the options are ", &names]),
        ));
    }
    let mut fields = Vec::with_capacity(2);
    if let Some(json) = options_json(endpoint, options)? {
        fields.push((endpoint.options_field(), json));
    }
    if endpoint == Endpoint::Pronunciation {
        fields.push((COMPONENTS_FIELD, components_json(components)?));
    }
    Ok(fields)
}

fn options_json(endpoint: Endpoint, options: &Value) -> Result<Option<String>, Failure> {
    if endpoint == Endpoint::Transcribe {
        return match options.get("suppress_korean") {
            Value::Absent => Ok(None),
            Value::Bool(true) => Ok(Some("{\"suppress_korean\":true}".into())),
            Value::Bool(false) => Ok(Some("{\"suppress_korean\":false}".into())),
            _ => Err(schema(endpoint, "`suppress_korean` must be true or false")),
        };
    }
    let gold_text = match options.get("gold_text") {
        Value::Absent => return Err(missing_gold_text(endpoint, "is required")),
        Value::Text(text) if text.trim().is_empty() => {
            return Err(missing_gold_text(endpoint, "must not be empty"));
        }
        Value::Text(text) => text,
        _ => return Err(schema(endpoint, "`gold_text` must be a string")),
    };
    let mut json = String::from("{\"gold_text\":");
    push_json_string(&mut json, gold_text);
    match options.get("language") {
        Value::Absent => {}
        Value::Text(language) if FEEDBACK_LANGUAGES.contains(&language.as_str()) => {
            json.push_str(",\"language\":");
            push_json_string(&mut json, language);
        }
        _ => return Err(schema(endpoint, "`language` must be \"ko\" or \"en\"")),
    }
    json.push('}');
    Ok(Some(json))
}

fn components_json(components: Components) -> Result<String, Failure> {
    let (reason, problem) = match components {
        Components::Json(json) => return Ok(json),
        Components::Missing => ("schema", "is required"),
        Components::Malformed => (
            "malformed_json",
            "must be the array that analyzeNative returned, or its JSON string",
        ),
        Components::NotAnArray => (
            "schema",
            "must be an array of words and pauses, as analyzeNative returned it",
        ),
    };
    Err(Failure::client(
        Class::InvalidNativeSpeechComponents,
        Some(reason),
        joined(&["`", COMPONENTS_OPTION, "` ", problem]),
    ))
}

fn schema(endpoint: Endpoint, problem: &str) -> Failure {
    Failure::client(
        Class::InvalidOptions,
        Some("schema"),
        joined(&[endpoint.method(), ": ", problem]),
    )
}

fn missing_gold_text(endpoint: Endpoint, problem: &str) -> Failure {
    Failure::client(
        Class::MissingGoldText,
        None,
        joined(&[endpoint.method(), ": `gold_text` ", problem]),
    )
}

/// Appends `text` as a JSON string ([RFC 8259, 7](https://www.rfc-editor.org/rfc/rfc8259#section-7)).
pub(super) fn push_json_string(json: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    json.push('"');
    for c in text.chars() {
        match c {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            c if (c as u32) < 0x20 => {
                json.push_str("\\u00");
                json.push(char::from(HEX[c as usize >> 4]));
                json.push(char::from(HEX[c as usize & 15]));
            }
            c => json.push(c),
        }
    }
    json.push('"');
}
