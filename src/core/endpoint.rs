//! The four endpoints: their options, and the form fields in which the options are sent.

use crate::core::catalogue::Class;
use crate::core::error::failure::Failure;
use crate::core::format::{concat, join, push_json_string};
use crate::core::options::value::OptionValue;

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
    /// All endpoints, in the order of the reference.
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

    /// The method of `ThetaOne` that calls the endpoint.
    pub const fn method(self) -> &'static str {
        match self {
            Endpoint::Transcribe => "transcribe",
            Endpoint::AnalyzeNative => "analyzeNative",
            Endpoint::Pronunciation => "pronunciation",
            Endpoint::PronunciationSimple => "pronunciationSimple",
        }
    }

    /// Returns the endpoint that the method `name` calls.
    pub fn from_method(name: &str) -> Option<Self> {
        Endpoint::ALL
            .iter()
            .copied()
            .find(|endpoint| endpoint.method() == name)
    }

    /// The form field that holds the options.
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

    /// The documented member of every success, and whether it is an array (otherwise a string). The
    /// other members of the pronunciation endpoints have no public names.
    pub const fn required_member(self) -> (&'static str, bool) {
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

/// The longest success body that is read, in bytes: far more than the API returns for the audio
/// that it processes within its 60 s.
pub const MAX_RESPONSE_BYTES: usize = 16 << 20;

/// The SDK's option that holds the reference, which has a form field of its own.
pub const COMPONENTS_OPTION: &str = "native_speech_components";
/// The form field that holds the reference.
pub const COMPONENTS_FIELD: &str = "native_speech_components_json";
/// The form field that holds the audio.
pub const FILE_FIELD: &str = "file";
/// The languages of the feedback.
pub const FEEDBACK_LANGUAGES: &[&str] = &["ko", "en"];

/// The value of the option `native_speech_components`, as the browser layer found it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NativeComponents {
    /// `undefined` or `null`.
    Missing,
    /// A string that is not JSON, or a value that cannot become JSON.
    Malformed,
    /// JSON, but not an array of objects.
    NotAnArray,
    /// An array of objects, as JSON text: the caller's own text if a string was passed.
    Json(String),
}

/// Validates the options of a call and returns the text fields of its form, in the order of the
/// reference.
///
/// Fails with the class that the server's response would have, before anything is sent.
pub fn text_fields(
    endpoint: Endpoint,
    options: &OptionValue,
    components: NativeComponents,
) -> Result<Vec<(&'static str, String)>, Failure> {
    let members: &[(String, OptionValue)] = match options {
        OptionValue::Object(members) => members,
        OptionValue::Absent => &[],
        _ => return Err(schema(endpoint, "the options must be an object")),
    };
    if let Some((unknown, _)) = members
        .iter()
        .find(|(name, _)| !endpoint.option_names().contains(&name.as_str()))
    {
        let names = join(endpoint.option_names().iter().copied(), ", ");
        return Err(schema(
            endpoint,
            &concat(&["`", unknown, "` is not an option; the options are ", &names]),
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

fn options_json(endpoint: Endpoint, options: &OptionValue) -> Result<Option<String>, Failure> {
    if endpoint == Endpoint::Transcribe {
        return match options.get("suppress_korean") {
            OptionValue::Absent => Ok(None),
            OptionValue::Bool(true) => Ok(Some("{\"suppress_korean\":true}".into())),
            OptionValue::Bool(false) => Ok(Some("{\"suppress_korean\":false}".into())),
            _ => Err(schema(endpoint, "`suppress_korean` must be true or false")),
        };
    }
    let gold_text = match options.get("gold_text") {
        OptionValue::Absent => return Err(missing_gold_text(endpoint, "is required")),
        OptionValue::Text(text) if text.trim().is_empty() => {
            return Err(missing_gold_text(endpoint, "must not be empty"));
        }
        OptionValue::Text(text) => text,
        _ => return Err(schema(endpoint, "`gold_text` must be a string")),
    };
    let mut json = String::from("{\"gold_text\":");
    push_json_string(&mut json, gold_text);
    match options.get("language") {
        OptionValue::Absent => {}
        OptionValue::Text(language) if FEEDBACK_LANGUAGES.contains(&language.as_str()) => {
            json.push_str(",\"language\":");
            push_json_string(&mut json, language);
        }
        _ => return Err(schema(endpoint, "`language` must be \"ko\" or \"en\"")),
    }
    json.push('}');
    Ok(Some(json))
}

fn components_json(components: NativeComponents) -> Result<String, Failure> {
    let (reason, problem) = match components {
        NativeComponents::Json(json) => return Ok(json),
        NativeComponents::Missing => ("schema", "is required"),
        NativeComponents::Malformed => (
            "malformed_json",
            "must be the array that analyzeNative returned, or its JSON string",
        ),
        NativeComponents::NotAnArray => (
            "schema",
            "must be an array of words and pauses, as analyzeNative returned it",
        ),
    };
    Err(Failure::client(
        Class::InvalidNativeSpeechComponents,
        Some(reason),
        concat(&["`", COMPONENTS_OPTION, "` ", problem]),
    ))
}

fn schema(endpoint: Endpoint, problem: &str) -> Failure {
    Failure::client(
        Class::InvalidOptions,
        Some("schema"),
        concat(&[endpoint.method(), ": ", problem]),
    )
}

fn missing_gold_text(endpoint: Endpoint, problem: &str) -> Failure {
    Failure::client(
        Class::MissingGoldText,
        None,
        concat(&[endpoint.method(), ": `gold_text` ", problem]),
    )
}
