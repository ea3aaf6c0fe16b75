//! Tests that the JavaScript files agree with the tables in Rust.

use std::collections::BTreeSet;
use std::fs;

use thetaone_web::core::catalogue::{Class, ERRORS};
use thetaone_web::core::error::failure::Failure;
use thetaone_web::core::microphone::{EXCEPTIONS, from_dom_exception};
use thetaone_web::core::options::schema::{
    CLIENT, LONG_REQUEST, OptionSpec, OptionType, PREPARE, RECORD, REQUEST,
};

fn template(name: &str) -> String {
    fs::read_to_string(format!(
        "{}/pkg-template/{name}",
        env!("CARGO_MANIFEST_DIR")
    ))
    .unwrap()
}

/// Returns the string literals between `start` and the first `end` after it.
fn literals(source: &str, start: &str, end: &str) -> BTreeSet<String> {
    let from = source.find(start).unwrap_or_else(|| panic!("no {start:?}")) + start.len();
    let to = from
        + source[from..]
            .find(end)
            .unwrap_or_else(|| panic!("no {end:?}"));
    source[from..to]
        .split('"')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

fn owned<'a>(texts: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    texts.map(str::to_owned).collect()
}

#[test]
fn error_classes_exist_and_extend_their_parents() {
    for file in ["result/errors.js", "types/errors.d.ts"] {
        let source = template(file);
        for class in Class::ALL {
            let declaration = format!("class {} extends {} {{", class.name(), class.parent());
            assert!(source.contains(&declaration), "{file}: {declaration}");
        }
        assert_eq!(
            source.matches("Error extends ").count(),
            Class::ALL.len() + 1,
            "{file}"
        );
    }
}

#[test]
fn error_names_survive_minifiers() {
    let source = template("result/errors.js");
    let (_, rest) = source.split_once("const CLASSES = {").unwrap();
    let (members, _) = rest.split_once('}').unwrap();
    let named: Vec<&str> = members
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty() && *name != "ThetaOneError")
        .collect();
    let classes: Vec<&str> = Class::ALL.iter().map(|class| class.name()).collect();
    assert_eq!(named, classes);
    assert!(source.contains(r#"name === "AbortedError" ? "AbortError" : name"#));
}

#[test]
fn the_types_list_every_code_and_category_and_no_other() {
    let types = template("types/errors.d.ts");
    assert_eq!(
        literals(&types, "export type ErrorCode =", ";"),
        owned(ERRORS.iter().map(|spec| spec.code))
    );
    assert_eq!(
        literals(&types, "export type ErrorCategory =", ";"),
        owned(ERRORS.iter().map(|spec| spec.category.as_str()))
    );
}

#[test]
fn the_type_of_each_class_lists_its_codes_and_reasons() {
    let types = template("types/errors.d.ts");
    for &class in Class::ALL {
        let specs = || ERRORS.iter().filter(move |spec| spec.class == class);
        let start = format!("class {} extends", class.name());
        let body = &types[types.find(&start).unwrap()..];
        let body = &body[..body.find("\n}").unwrap()];
        if class != Class::BadRequest {
            // The type of BadRequestError includes the codes of its subclasses.
            let codes = literals(&format!("{body};"), "readonly code:", ";");
            assert_eq!(codes, owned(specs().map(|spec| spec.code)), "{start}");
        }
        let reasons = owned(specs().filter_map(|spec| spec.reason));
        if reasons.is_empty() {
            assert!(!body.contains("readonly reason"), "{start}");
        } else {
            assert_eq!(literals(body, "readonly reason:", ";"), reasons, "{start}");
        }
    }
}

#[test]
fn every_row_has_a_fix_and_a_user_message() {
    for spec in ERRORS {
        for text in [
            spec.code,
            spec.cause,
            spec.fix,
            spec.user_message.en,
            spec.user_message.ko,
        ] {
            assert!(!text.is_empty(), "{spec:?}");
        }
        let korean = spec
            .user_message
            .ko
            .chars()
            .any(|c| ('가'..='힣').contains(&c));
        assert!(korean, "{}", spec.user_message.ko);
    }
}

#[test]
fn the_catalogue_holds_the_texts_of_errors_that_javascript_creates() {
    let js = template("catalogue.js");
    for (key, class, reason) in [
        ("CONFIGURATION", Class::Configuration, None),
        ("WASM_LOAD_FAILED", Class::WasmLoad, None),
        ("ABORTED", Class::Aborted, None),
        ("ABORTED_TIMEOUT", Class::Aborted, Some("timeout")),
        ("TIMEOUT", Class::Timeout, Some("deadline")),
    ] {
        let (_, entry) = js
            .split_once(&format!("\n  {key}: {{"))
            .unwrap_or_else(|| panic!("no {key}"));
        let entry = &entry[..entry.find('}').unwrap()];
        let spec = Failure::specs_of(class).find(|spec| spec.reason == reason);
        let spec = spec.unwrap_or_else(|| panic!("no error for {key}"));
        for text in [spec.fix, spec.user_message.en, spec.user_message.ko] {
            let written = serde_json::to_string(text).unwrap();
            assert!(entry.contains(&written), "{key}: {written}");
        }
    }
}

/// Asserts that the source has every option as a member, those of records included.
fn assert_options_are_in(js: &str, options: &[OptionSpec]) {
    for option in options {
        let member = format!(" {}: ", option.name);
        assert!(js.contains(&member), "{member:?}");
        if let OptionType::Record(inner) | OptionType::BoolOrRecord(inner) = option.option_type {
            assert_options_are_in(js, inner);
        }
    }
}

#[test]
fn the_generated_modules_hold_every_option() {
    assert_options_are_in(&template("catalogue.js"), CLIENT);
    let of_calls = template("client/call-options.js");
    for table in [REQUEST, LONG_REQUEST, PREPARE] {
        assert_options_are_in(&of_calls, table);
    }
    assert_options_are_in(&template("record/options.js"), RECORD);
}

#[test]
fn the_generated_microphone_errors_match_the_core() {
    let js = template("record/microphone-errors.js");
    for spec in Failure::specs_of(Class::Microphone) {
        let reason = spec.reason.expect("a MicrophoneError has a reason");
        assert!(js.contains(&format!("\n  {reason}: {{ ")), "{reason}");
        assert!(js.contains(spec.user_message.ko), "{reason}");
    }
    for exception in EXCEPTIONS {
        let reason = from_dom_exception(exception, "").spec.reason;
        assert_ne!(reason, Some("unsupported"), "{exception} needs no entry");
        let line = format!("\n  [\"{exception}\", \"{}\"],", reason.unwrap_or_default());
        assert!(js.contains(&line), "{line}");
    }
}
