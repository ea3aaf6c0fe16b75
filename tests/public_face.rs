//! The JavaScript files say what the table says: they cannot drift apart.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;
use std::fs;

use thetaone_web::core::api_key::KEY_PREFIX;
use thetaone_web::core::audio::format::{API_SAMPLE_RATE, MediaType};
use thetaone_web::core::audio::plan::INSPECTED_BYTES;
use thetaone_web::core::catalogue::{Class, ROWS};
use thetaone_web::core::error::failure::Failure;
use thetaone_web::core::microphone::{EXCEPTIONS, refusal};
use thetaone_web::core::options::schema::LONGEST_TIMER_MS;
use thetaone_web::core::retry::rate_limiter::WINDOW_MS;

fn template(name: &str) -> String {
    fs::read_to_string(format!(
        "{}/pkg-template/{name}",
        env!("CARGO_MANIFEST_DIR")
    ))
    .unwrap()
}

/// The string literals between `start` and the first `end` behind it.
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
fn the_error_classes_exist_and_extend_what_they_should() {
    for file in ["result/errors.js", "index.d.ts"] {
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
fn names_are_those_of_members_which_no_minifier_renames() {
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
fn the_types_know_every_code_and_category_and_no_other() {
    let types = template("index.d.ts");
    assert_eq!(
        literals(&types, "export type ErrorCode =", ";"),
        owned(ROWS.iter().map(|row| row.code))
    );
    assert_eq!(
        literals(&types, "export type ErrorCategory =", ";"),
        owned(ROWS.iter().map(|row| row.category.as_str()))
    );
}

#[test]
fn the_types_of_each_class_know_its_codes_and_reasons() {
    let types = template("index.d.ts");
    for &class in Class::ALL {
        let rows = || ROWS.iter().filter(move |row| row.class == class);
        let start = format!("class {} extends", class.name());
        let body = &types[types.find(&start).unwrap()..];
        let body = &body[..body.find("\n}").unwrap()];
        if class != Class::BadRequest {
            // BadRequestError's type spans the codes of its subclasses.
            let codes = literals(&format!("{body};"), "readonly code:", ";");
            assert_eq!(codes, owned(rows().map(|row| row.code)), "{start}");
        }
        let reasons = owned(rows().filter_map(|row| row.reason));
        if reasons.is_empty() {
            assert!(!body.contains("readonly reason"), "{start}");
        } else {
            assert_eq!(literals(body, "readonly reason:", ";"), reasons, "{start}");
        }
    }
}

#[test]
fn every_row_tells_developer_and_speaker_what_to_do() {
    for row in ROWS {
        for text in [row.code, row.cause, row.fix, row.speaker.en, row.speaker.ko] {
            assert!(!text.is_empty(), "{row:?}");
        }
        let korean = row.speaker.ko.chars().any(|c| ('가'..='힣').contains(&c));
        assert!(korean, "{}", row.speaker.ko);
    }
}

#[test]
fn the_generated_module_holds_the_texts_and_the_options() {
    let js = thetaone_web::core::codegen::catalogue_js();
    for expected in [
        "CONFIGURATION:",
        "WASM_LOAD_FAILED:",
        "ABORTED:",
        "취소되었어요.",
        "baseUrl:",
        "maxAttempts:",
    ] {
        assert!(js.contains(expected), "{expected}");
    }
}

#[test]
fn the_generated_module_of_refusals_agrees_with_the_core() {
    let js = thetaone_web::core::codegen::refusals_js();
    for row in Failure::rows_of(Class::Microphone) {
        let reason = row.reason.expect("a MicrophoneError has a reason");
        assert!(js.contains(&format!("\n  {reason}: {{ ")), "{reason}");
        assert!(js.contains(row.speaker.ko), "{reason}");
    }
    for exception in EXCEPTIONS {
        let reason = refusal(exception, "").row.reason;
        assert_ne!(reason, Some("unsupported"), "{exception} needs no entry");
        let line = format!("\n  [\"{exception}\", \"{}\"],", reason.unwrap_or_default());
        assert!(js.contains(&line), "{line}");
    }
}

#[test]
fn numbers_that_javascript_repeats_are_those_of_the_core() {
    assert_eq!(INSPECTED_BYTES, 256 * 1024);
    assert!(template("prepare/prepare-audio.js").contains("INSPECTED_BYTES = 256 * 1024;"));
    assert_eq!(LONGEST_TIMER_MS, f64::from(i32::MAX));
    assert!(template("references/shared-request.js").contains("LONGEST_TIMER_MS = 2 ** 31 - 1;"));
    for file in ["upload/fetch.js", "result/errors.js"] {
        assert!(template(file).contains(KEY_PREFIX), "{file}");
    }
    assert_eq!(API_SAMPLE_RATE, 16_000);
    assert!(template("prepare/encode-mp3.js").contains("opened(16_000, kbps)"));
    assert_eq!(WINDOW_MS, 60_000.0);
    assert!(template("upload/cross-tab-limiter.js").contains("const MINUTE_MS = 60_000;"));
}

#[test]
fn the_outbox_knows_the_media_types_that_are_sent_and_no_other() {
    assert_eq!(
        literals(&template("outbox/record.js"), "const TYPES = [", "]"),
        owned(MediaType::ALL.iter().map(|kind| kind.content_type()))
    );
}

#[test]
fn errors_that_both_languages_make_say_the_same() {
    let rust = [
        include_str!("../src/browser/cancellation.rs"),
        include_str!("../src/browser/error.rs"),
    ]
    .concat();
    let js = [
        "client/local-errors.js",
        "client/abortable.js",
        "client/client.js",
    ]
    .map(template);
    for text in [
        "the call was not done within its deadline of ",
        "the call was aborted",
        "the ThetaOne was disposed of while this ran",
    ] {
        assert!(rust.contains(text), "{text}");
        assert!(js.iter().any(|source| source.contains(text)), "{text}");
    }
}

#[test]
fn late_timers_are_given_the_same_grace_in_both_languages() {
    let rust = include_str!("../src/browser/clock.rs");
    let js = template("client/timeout.js");
    for (name, ms) in [("LATE_MS", "1_000"), ("GRACE_MS", "2_000")] {
        assert!(rust.contains(&format!("const {name}: f64 = {ms}.0;")));
        assert!(js.contains(&format!("const {name} = {ms};")));
    }
}
