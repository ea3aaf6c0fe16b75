//! What JavaScript has to know without the wasm, as generated modules: the
//! texts of the errors that only it can raise, the table of the constructor's
//! options, why a browser refuses the microphone, and, for tests, the API's
//! error answers.

use std::fmt::Write;

use crate::core::api_key::KEY_PREFIX;
use crate::core::catalogue::{API_URL, Class, ROWS, Row, row};
use crate::core::endpoint::{Endpoint, push_json_string};
use crate::core::error::failure::Failure;
use crate::core::microphone::{EXCEPTIONS, REFUSED, missing, refusal};
use crate::core::options::schema::{CLIENT, Field, Kind, LONG_REQUEST, PREPARE, RECORD, REQUEST};

/// The source of `catalogue.js`.
pub fn catalogue_js() -> String {
    let mut js = String::from(
        "// Generated from src/core/catalogue.rs and src/core/options/schema.rs by `cargo xtask build`.\n",
    );
    js.push_str("export const TEXTS = {\n");
    for (class, reason) in [
        (Class::Configuration, None),
        (Class::WasmLoad, None),
        (Class::Aborted, None),
        (Class::Aborted, Some("timeout")),
        (Class::Timeout, Some("deadline")),
    ] {
        let row = row(class, reason);
        let is_timeout = class == Class::Aborted && reason.is_some();
        let suffix = if is_timeout { "_TIMEOUT" } else { "" };
        entry(&mut js, &format!("{}{suffix}", row.code), row);
    }
    js.push_str("};\nexport const ENDPOINTS = {\n");
    for endpoint in Endpoint::ALL {
        let _ = writeln!(js, "  {}: \"{}\",", endpoint.method(), endpoint.path());
    }
    let long = Endpoint::Transcribe.path();
    let _ = writeln!(js, "  transcribeLong: \"{long}\",");
    js.push_str("};\nexport const CLIENT_OPTIONS = ");
    fields(&mut js, CLIENT);
    js.push_str(";\n");
    js
}

/// Returns the source of `call-options.js`: the options of methods, which are checked when they
/// are called.
pub fn call_options_js() -> String {
    let mut js =
        String::from("// Written by `cargo xtask docs` from src/core/options/schema.rs.\n");
    for (name, table) in [
        ("REQUEST", REQUEST),
        ("LONG_REQUEST", LONG_REQUEST),
        ("PREPARE", PREPARE),
        ("RECORD", RECORD),
    ] {
        let _ = write!(js, "export const {name} = ");
        fields(&mut js, table);
        js.push_str(";\n");
    }
    js
}

/// The source of `record/microphone-errors.js`: the texts of `MicrophoneError` by its `reason`, and the
/// reasons by the name of the exception.
pub fn refusals_js() -> String {
    let mut js = String::from(
        "// Generated from src/core/catalogue.rs and src/core/microphone.rs by `cargo xtask build`.\n",
    );
    js.push_str("export const TEXTS = {\n");
    for row in Failure::rows_of(Class::Microphone) {
        entry(&mut js, row.reason.unwrap_or_default(), row);
    }
    js.push_str("};\nexport const REASONS = new Map([\n");
    for exception in EXCEPTIONS {
        let reason = refusal(exception, "").row.reason.unwrap_or_default();
        let _ = writeln!(js, "  [\"{exception}\", \"{reason}\"],");
    }
    js.push_str("]);\nexport const REFUSED = ");
    push_json_string(&mut js, REFUSED);
    js.push_str(";\nexport const MISSING = {\n");
    for failure in [missing(true), missing(false)] {
        let _ = write!(js, "  {}: ", failure.row.reason.unwrap_or_default());
        push_json_string(&mut js, &failure.message);
        js.push_str(",\n");
    }
    js.push_str("};\n");
    js
}

/// The source of `testing/error-reference.js`: the answers of the error reference,
/// for the tests of pages.
pub fn reference_js() -> String {
    let mut js = String::from("// Generated from src/core/catalogue.rs by `cargo xtask build`.\n");
    js.push_str("export const REFERENCE = [\n");
    for row in ROWS {
        let Some(status) = row.status.filter(|status| ![0, 200].contains(status)) else {
            continue;
        };
        let _ = write!(js, "  {{ status: {status}");
        let texts = [
            ("code", Some(row.code)),
            ("reason", row.reason),
            ("detail", row.example),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                let _ = write!(js, ", {name}: ");
                push_json_string(&mut js, text);
            }
        }
        // What the API has no word for, something in front of it says.
        let _ = writeln!(js, ", byGateway: {} }},", row.api_code.is_none());
    }
    js.push_str("];\n");
    js
}

/// Returns the source of `server/api.js`: the constants of the API that the
/// proxy needs, apart from `catalogue.js` so that pages do not load them.
pub fn server_api_js() -> String {
    let mut js = String::from(
        "// Generated from src/core/catalogue.rs and src/core/endpoint.rs by `cargo xtask build`.\n",
    );
    let detail = |class, reason| row(class, reason).example.unwrap_or_default();
    for (name, text) in [
        ("API_URL", API_URL),
        ("KEY_PREFIX", KEY_PREFIX),
        (
            "INVALID_KEY",
            detail(Class::Authentication, Some("invalid_key")),
        ),
        ("RATE_LIMITED", detail(Class::RateLimit, None)),
    ] {
        let _ = write!(js, "export const {name} = ");
        push_json_string(&mut js, text);
        js.push_str(";\n");
    }
    js.push_str("export const ENDPOINTS = [");
    for endpoint in Endpoint::ALL {
        push_json_string(&mut js, endpoint.path());
        js.push(',');
    }
    js.push_str("];\nexport const TEXTS = {\n");
    let row = row(Class::Configuration, None);
    entry(&mut js, row.code, row);
    js.push_str("};\n");
    js
}

fn entry(js: &mut String, key: &str, row: &Row) {
    let (code, retryable) = (row.code, row.retryable);
    let _ = write!(js, "  {key}: {{ code: \"{code}\", retryable: {retryable}");
    for (name, text) in [
        ("category", Some(row.category.as_str())),
        ("reason", row.reason),
        ("fix", Some(row.fix)),
        ("en", Some(row.speaker.en)),
        ("ko", Some(row.speaker.ko)),
    ] {
        if let Some(text) = text {
            let _ = write!(js, ", {name}: ");
            push_json_string(js, text);
        }
    }
    js.push_str(" },\n");
}

/// Writes each option as the name of its kind, or as an object where there is more to know.
fn fields(js: &mut String, fields_of: &[Field]) {
    js.push('{');
    for field in fields_of {
        let _ = write!(js, "\n  {}: ", field.name);
        let _ = match field.kind {
            Kind::Bool => write!(js, "\"bool\""),
            Kind::Text => write!(js, "\"text\""),
            Kind::Function => write!(js, "\"function\""),
            Kind::Special(name) => write!(js, "\"{name}\""),
            Kind::OneOf(values) => write!(js, "{{ kind: \"oneOf\", values: {values:?} }}"),
            Kind::AnyOf(values) => write!(js, "{{ kind: \"oneOf\", values: {values:?} }}"),
            Kind::Integer(min, max) => {
                write!(js, "{{ kind: \"integer\", min: {min}, max: {max} }}")
            }
            Kind::Number(min, max) => {
                write!(js, "{{ kind: \"number\", min: {min}, max: {max} }}")
            }
            Kind::Record(inner) => nested(js, "record", inner),
            Kind::Switch(inner) => nested(js, "switch", inner),
        };
        js.push(',');
    }
    js.push_str("\n}");
}

fn nested(js: &mut String, kind: &str, inner: &[Field]) -> std::fmt::Result {
    write!(js, "{{ kind: \"{kind}\", fields: ")?;
    fields(js, inner);
    js.write_str(" }")
}
