//! Generates the JavaScript modules that repeat what the core knows: texts of errors, the tables
//! of options, and constants that both languages use. The modules are committed; `cargo xtask docs`
//! writes them and `cargo xtask check` compares them.

use std::fmt::{Display, Write};

use crate::core::api_key::KEY_PREFIX;
use crate::core::audio::format::{API_SAMPLE_RATE, MediaType};
use crate::core::audio::plan::INSPECTED_BYTES;
use crate::core::catalogue::{API_URL, Class, ERRORS, ErrorSpec, lookup};
use crate::core::endpoint::Endpoint;
use crate::core::error::failure::{CALL_ABORTED, CLIENT_DISPOSED, DEADLINE_EXCEEDED, Failure};
use crate::core::format::push_json_string;
use crate::core::microphone::{
    EXCEPTIONS, MESSAGE_PREFIX, RECORDER_BITS_PER_SECOND, RECORDER_TYPES, from_dom_exception,
    unsupported_environment,
};
use crate::core::options::schema::{
    CLIENT, LONG_REQUEST, OptionSpec, OptionType, PREPARE, RECORD, REQUEST,
};
use crate::core::retry::rate_limiter::WINDOW_MS;
use crate::core::timer::{GRACE_MS, LATE_AFTER_MS, MAX_DELAY_MS};

/// A function that returns the source of a module.
pub type Source = fn() -> String;

/// The generated modules: the path below `pkg-template/`, and the function that returns the source.
///
/// Constants are in a module beside those that use them, so that no bundler makes a chunk only for
/// constants.
pub const MODULES: &[(&str, Source)] = &[
    ("catalogue.js", catalogue),
    ("client/call-options.js", call_options),
    ("client/constants.js", client_constants),
    ("result/constants.js", result_constants),
    ("record/constants.js", record_constants),
    ("record/microphone-errors.js", microphone_errors),
    ("record/options.js", record_options),
    ("testing/error-reference.js", error_reference),
    ("server/api.js", server_api),
    ("client/constants.js", client_constants),
    ("result/constants.js", result_constants),
    ("prepare/constants.js", prepare_constants),
    ("upload/constants.js", upload_constants),
    ("outbox/constants.js", outbox_constants),
    ("references/constants.js", references_constants),
];

/// Returns the start of a module that is generated from `sources`.
fn header(sources: &str) -> String {
    format!("// Written by `cargo xtask docs` from {sources}.\n")
}

/// Returns what every page loads before the wasm: the errors that only JavaScript raises, the
/// endpoints and the options of the constructor.
fn catalogue() -> String {
    let mut js = header("src/core/catalogue.rs and src/core/options/schema.rs");
    js.push_str("export const TEXTS = {\n");
    for (class, reason) in [
        (Class::Configuration, None),
        (Class::WasmLoad, None),
        (Class::Aborted, None),
        (Class::Aborted, Some("timeout")),
        (Class::Timeout, Some("deadline")),
    ] {
        let spec = lookup(class, reason);
        let is_timeout = class == Class::Aborted && reason.is_some();
        let suffix = if is_timeout { "_TIMEOUT" } else { "" };
        let code = is_timeout.then_some(spec.code);
        error_entry(&mut js, &format!("{}{suffix}", spec.code), code, spec);
    }
    js.push_str("};\nexport const ENDPOINTS = {\n");
    for endpoint in Endpoint::ALL {
        let _ = writeln!(js, "  {}: \"{}\",", endpoint.method(), endpoint.path());
    }
    let long = Endpoint::Transcribe.path();
    let _ = writeln!(js, "  transcribeLong: \"{long}\",");
    js.push_str("};\nexport const CLIENT_OPTIONS = ");
    options_table(&mut js, CLIENT);
    js.push_str(";\n");
    text_constant(&mut js, "CALL_ABORTED", CALL_ABORTED);
    text_constant(&mut js, "CLIENT_DISPOSED", CLIENT_DISPOSED);
    text_constant(&mut js, "DEADLINE_EXCEEDED", DEADLINE_EXCEEDED);
    js
}

/// Returns constants that modules loaded later use as well. They are not in `catalogue.js`, because
/// bundlers would make a chunk of their own for it.
fn client_constants() -> String {
    let mut js = header("src/core/timer.rs");
    constant(&mut js, "LATE_AFTER_MS", LATE_AFTER_MS);
    constant(&mut js, "GRACE_MS", GRACE_MS);
    js
}

/// Returns the options of the methods that the core checks, when they are called.
fn call_options() -> String {
    let mut js = header("src/core/options/schema.rs");
    for (name, table) in [
        ("REQUEST", REQUEST),
        ("LONG_REQUEST", LONG_REQUEST),
        ("PREPARE", PREPARE),
    ] {
        let _ = write!(js, "export const {name} = ");
        options_table(&mut js, table);
        js.push_str(";\n");
    }
    js
}

/// Returns the options of `record()`, which are checked before any wasm is loaded.
fn record_options() -> String {
    let mut js = header("src/core/options/schema.rs");
    js.push_str("export const RECORD = ");
    options_table(&mut js, RECORD);
    js.push_str(";\n");
    js
}

fn record_constants() -> String {
    let mut js = header("src/core/microphone.rs");
    list_constant(&mut js, "RECORDER_TYPES", RECORDER_TYPES.iter().copied());
    constant(
        &mut js,
        "RECORDER_BITS_PER_SECOND",
        RECORDER_BITS_PER_SECOND,
    );
    js
}

/// Returns the texts of `MicrophoneError` by `reason`, and the reasons by the name of the
/// exception.
fn microphone_errors() -> String {
    let mut js = header("src/core/catalogue.rs and src/core/microphone.rs");
    js.push_str("export const TEXTS = {\n");
    for spec in Failure::specs_of(Class::Microphone) {
        error_entry(
            &mut js,
            spec.reason.unwrap_or_default(),
            Some(spec.code),
            spec,
        );
    }
    js.push_str("};\nexport const REASONS = new Map([\n");
    for exception in EXCEPTIONS {
        let failure = from_dom_exception(exception, "");
        let reason = failure.spec.reason.unwrap_or_default();
        let _ = writeln!(js, "  [\"{exception}\", \"{reason}\"],");
    }
    js.push_str("]);\n");
    text_constant(&mut js, "REFUSED", MESSAGE_PREFIX);
    js.push_str("export const MISSING = {\n");
    for failure in [
        unsupported_environment(true),
        unsupported_environment(false),
    ] {
        let _ = write!(js, "  {}: ", failure.spec.reason.unwrap_or_default());
        push_json_string(&mut js, &failure.message);
        js.push_str(",\n");
    }
    js.push_str("};\n");
    js
}

/// Returns the error responses of the API's reference, for the tests of pages.
fn error_reference() -> String {
    let mut js = header("src/core/catalogue.rs");
    js.push_str("export const REFERENCE = [\n");
    for spec in ERRORS {
        let Some(status) = spec.status.filter(|status| ![0, 200].contains(status)) else {
            continue;
        };
        let _ = write!(js, "  {{ status: {status}");
        let texts = [
            ("code", Some(spec.code)),
            ("reason", spec.reason),
            ("detail", spec.example),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                let _ = write!(js, ", {name}: ");
                push_json_string(&mut js, text);
            }
        }
        // The API has a code for each of its own errors. The others come from gateways.
        let _ = writeln!(js, ", byGateway: {} }},", spec.api_code.is_none());
    }
    js.push_str("];\n");
    js
}

/// Returns the constants that the proxy needs, apart from `catalogue.js` so that pages do not load
/// them.
fn server_api() -> String {
    let mut js = header("src/core/catalogue.rs and src/core/endpoint.rs");
    let detail = |class, reason| lookup(class, reason).example.unwrap_or_default();
    for (name, text) in [
        ("API_URL", API_URL),
        ("KEY_PREFIX", KEY_PREFIX),
        (
            "INVALID_KEY",
            detail(Class::Authentication, Some("invalid_key")),
        ),
        ("RATE_LIMITED", detail(Class::RateLimit, None)),
    ] {
        text_constant(&mut js, name, text);
    }
    let paths = Endpoint::ALL.iter().map(|endpoint| endpoint.path());
    list_constant(&mut js, "ENDPOINTS", paths);
    js.push_str("export const TEXTS = {\n");
    let spec = lookup(Class::Configuration, None);
    error_entry(&mut js, spec.code, Some(spec.code), spec);
    js.push_str("};\n");
    js
}

fn result_constants() -> String {
    let mut js = header("src/core/api_key.rs");
    text_constant(&mut js, "KEY_PREFIX", KEY_PREFIX);
    js
}

fn prepare_constants() -> String {
    let mut js = header("src/core/audio/plan.rs and src/core/audio/format.rs");
    constant(&mut js, "INSPECTED_BYTES", INSPECTED_BYTES);
    constant(&mut js, "API_SAMPLE_RATE", API_SAMPLE_RATE);
    js
}

fn upload_constants() -> String {
    let mut js = header("src/core/retry/rate_limiter.rs");
    constant(&mut js, "WINDOW_MS", WINDOW_MS);
    js
}

fn outbox_constants() -> String {
    let mut js = header("src/core/audio/format.rs");
    let types = MediaType::ALL
        .iter()
        .map(|media_type| media_type.content_type());
    list_constant(&mut js, "MEDIA_TYPES", types);
    js
}

fn references_constants() -> String {
    let mut js = header("src/core/timer.rs");
    constant(&mut js, "MAX_DELAY_MS", MAX_DELAY_MS);
    js
}

fn constant(js: &mut String, name: &str, value: impl Display) {
    let _ = writeln!(js, "export const {name} = {value};");
}

fn text_constant(js: &mut String, name: &str, text: &str) {
    let _ = write!(js, "export const {name} = ");
    push_json_string(js, text);
    js.push_str(";\n");
}

fn list_constant<'a>(js: &mut String, name: &str, texts: impl Iterator<Item = &'a str>) {
    let _ = write!(js, "export const {name} = [");
    for (index, text) in texts.enumerate() {
        if index > 0 {
            js.push_str(", ");
        }
        push_json_string(js, text);
    }
    js.push_str("];\n");
}

/// Writes the texts of an error as a member called `key`, with `code` unless the key says it.
fn error_entry(js: &mut String, key: &str, code: Option<&str>, spec: &ErrorSpec) {
    let _ = write!(js, "  {key}: {{ retryable: {}", spec.retryable);
    for (name, text) in [
        ("code", code),
        ("category", Some(spec.category.as_str())),
        ("reason", spec.reason),
        ("fix", Some(spec.fix)),
        ("en", Some(spec.user_message.en)),
        ("ko", Some(spec.user_message.ko)),
    ] {
        if let Some(text) = text {
            let _ = write!(js, ", {name}: ");
            push_json_string(js, text);
        }
    }
    js.push_str(" },\n");
}

/// Writes each option as the name of its type, or as an object if the type has parameters.
fn options_table(js: &mut String, options: &[OptionSpec]) {
    js.push('{');
    for option in options {
        let _ = write!(js, "\n  {}: ", option.name);
        let _ = match option.option_type {
            OptionType::Bool => write!(js, "\"bool\""),
            OptionType::Text => write!(js, "\"text\""),
            OptionType::Function => write!(js, "\"function\""),
            OptionType::BaseUrl => write!(js, "\"baseUrl\""),
            OptionType::TextOrFunction => write!(js, "\"textOrFunction\""),
            OptionType::Headers => write!(js, "\"headers\""),
            OptionType::Signal => write!(js, "\"signal\""),
            // Checked where they are used.
            OptionType::MediaStream | OptionType::Resume => write!(js, "\"unchecked\""),
            OptionType::OneOf(values) => write!(js, "{{ kind: \"oneOf\", values: {values:?} }}"),
            OptionType::AnyOf(values) => write!(js, "{{ kind: \"oneOf\", values: {values:?} }}"),
            OptionType::Integer(min, max) => {
                write!(js, "{{ kind: \"integer\", min: {min}, max: {max} }}")
            }
            OptionType::Number(min, max) => {
                write!(js, "{{ kind: \"number\", min: {min}, max: {max} }}")
            }
            OptionType::Record(inner) => nested_table(js, "record", inner),
            OptionType::BoolOrRecord(inner) => nested_table(js, "switch", inner),
        };
        js.push(',');
    }
    js.push_str("\n}");
}

fn nested_table(js: &mut String, kind: &str, inner: &[OptionSpec]) -> std::fmt::Result {
    write!(js, "{{ kind: \"{kind}\", fields: ")?;
    options_table(js, inner);
    js.write_str(" }")
}
