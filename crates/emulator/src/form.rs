//! Parses the multipart form of a request, as strictly as the API.

use std::convert::Infallible;

use axum::body::Bytes;
use futures_util::stream;
use serde_json::Value;
use thetaone_web::core::endpoint::{COMPONENTS_FIELD, Endpoint, FILE_FIELD};

use crate::analysis::CallOptions;
use crate::error_response::ErrorResponse;

/// The parsed form.
#[derive(Debug, Default)]
pub struct Form {
    /// The names of the fields, in order.
    pub names: Vec<String>,
    /// The audio, if the form contains it.
    pub file: Option<Upload>,
    texts: Vec<(String, String)>,
}

/// The field `file`.
#[derive(Debug)]
pub struct Upload {
    /// The file name.
    pub name: String,
    /// The content type of the part.
    pub content_type: String,
    /// The content.
    pub bytes: Bytes,
}

impl Form {
    /// Parses a body with this `Content-Type`.
    pub async fn read(content_type: &str, body: Bytes) -> Result<Form, ErrorResponse> {
        let unreadable = || ErrorResponse::undocumented(400, "There was an error parsing the body");
        let boundary = multer::parse_boundary(content_type).map_err(|_| unreadable())?;
        let body = stream::iter([Ok::<_, Infallible>(body)]);
        let mut parts = multer::Multipart::new(body, boundary);
        let mut form = Form::default();
        while let Some(part) = parts.next_field().await.map_err(|_| unreadable())? {
            let name = part.name().unwrap_or_default().to_owned();
            form.names.push(name.clone());
            if let Some(file_name) = part.file_name().map(str::to_owned) {
                let content_type = part
                    .content_type()
                    .map(ToString::to_string)
                    .unwrap_or_default();
                let bytes = part.bytes().await.map_err(|_| unreadable())?;
                if name == FILE_FIELD {
                    form.file = Some(Upload {
                        name: file_name,
                        content_type,
                        bytes,
                    });
                }
            } else {
                let text = part.text().await.map_err(|_| unreadable())?;
                form.texts.push((name, text));
            }
        }
        Ok(form)
    }

    /// Returns the text field `name`.
    pub fn text(&self, name: &str) -> Option<&str> {
        let (_, text) = self.texts.iter().find(|(field, _)| field == name)?;
        Some(text)
    }

    /// Returns the options of the call, checked against the endpoint's schema.
    pub fn call_options(&self, endpoint: Endpoint) -> Result<CallOptions, ErrorResponse> {
        let options = self.options(endpoint)?;
        let mut call = CallOptions {
            language: "ko".into(),
            ..CallOptions::default()
        };
        let allowed: &[&str] = match endpoint {
            Endpoint::Transcribe => &["suppress_korean"],
            Endpoint::AnalyzeNative => &["gold_text"],
            Endpoint::Pronunciation | Endpoint::PronunciationSimple => &["gold_text", "language"],
        };
        for (name, value) in options.as_object().into_iter().flatten() {
            match (name.as_str(), value) {
                _ if !allowed.contains(&name.as_str()) => {
                    return Err(ErrorResponse::invalid_options(&format!(
                        "unexpected key '{name}'"
                    )));
                }
                ("suppress_korean", Value::Bool(_)) => {}
                ("gold_text", Value::String(text)) => call.gold_text.clone_from(text),
                ("language", Value::String(language))
                    if ["ko", "en"].contains(&language.as_str()) =>
                {
                    call.language.clone_from(language);
                }
                _ => {
                    return Err(ErrorResponse::invalid_options(&format!(
                        "'{name}' has a wrong value"
                    )));
                }
            }
        }
        if endpoint != Endpoint::Transcribe && call.gold_text.trim().is_empty() {
            return Err(ErrorResponse::documented(400, "gold_text"));
        }
        if endpoint == Endpoint::Pronunciation {
            call.native = self.native()?;
        }
        Ok(call)
    }

    fn options(&self, endpoint: Endpoint) -> Result<Value, ErrorResponse> {
        let Some(text) = self.text(endpoint.options_field()) else {
            return Ok(Value::Object(Default::default()));
        };
        let options: Value = serde_json::from_str(text)
            .map_err(|_| ErrorResponse::documented(400, "Invalid options format"))?;
        if !options.is_object() {
            return Err(ErrorResponse::invalid_options("must be an object"));
        }
        Ok(options)
    }

    fn native(&self) -> Result<Vec<Value>, ErrorResponse> {
        let malformed = || ErrorResponse::documented(400, "Invalid native_speech_components_json");
        let text = self.text(COMPONENTS_FIELD).ok_or_else(malformed)?;
        let parsed: Value = serde_json::from_str(text).map_err(|_| malformed())?;
        let is_component = |part: &Value| match part["type"].as_str() {
            Some("word") => part["word"].is_string() && part["start"].is_number(),
            Some("pause") => part["is_long"].is_boolean(),
            _ => false,
        };
        match parsed {
            Value::Array(parts) if parts.iter().all(is_component) => Ok(parts),
            _ => Err(ErrorResponse::documented(
                400,
                "Invalid native_speech_components format",
            )),
        }
    }
}
